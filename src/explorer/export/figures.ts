import { samplers } from '../../guidance/sampler.ts';
import { fewClassDensityFigure } from '../../figures/fewClasses/fewClassDensityFigure.ts';
import { finite, type Figure, type FigureCell } from '../../figures/drawing/figure.ts';
import { panelLayout } from '../../figures/drawing/panels.ts';
import { singlePhaseDiagramFigure } from '../../figures/manyClasses/phaseDiagramFigure.ts';
import { potentialFigure } from '../../figures/manyClasses/potentialFigure.ts';
import { axisTitle, palette, shortNumber } from '../../figures/drawing/theme.ts';
import { lineTrace, markerTrace } from '../../figures/drawing/traces.ts';
import { trajectoryFigure, type TrajectoryPoint } from '../../figures/manyClasses/trajectoryFigure.ts';
import type { TrajectoryRow } from '../../meanfield/trajectory.ts';
import { processes } from '../../process/process.ts';
import type {
  DiagramPass,
  FewClassResult,
  ParticleUpdate,
  PotentialResult,
  SampleResult,
  StructuredResult,
  TrajectoryResult,
} from '../compute/protocol.ts';
import { processTimeOf } from '../state/command.ts';
import { fewClassMixture } from '../state/fewClassMixtures.ts';
import { structuredLaw } from '../state/structuredLaws.ts';
import { labelOf } from '../state/label.ts';
import { latestTime, usesW, type ExplorerState, type GuidedState } from '../state/state.ts';

/** Width in pixels at which a picture of a plane is about square. */
const squareWidth = 640;

/** A problem whose curves stay beside those of the state. */
export interface PinnedCurves {
  readonly state: GuidedState;
  readonly result: TrajectoryResult;
}

const pinnedTitle = ({ state }: PinnedCurves): string => `pinned: ${labelOf(state)}`;
const pinnedColour = palette.black;
const pinnedLine = { width: 1.5, dash: 'dash' } as const;

/** The phase diagram, with a ring at the pinned problem. */
export function diagramFigureOf(
  state: ExplorerState,
  pass: DiagramPass,
  pinned: PinnedCurves | null,
): Figure {
  const isShown = pinned !== null && usesW(pinned.state);
  return singlePhaseDiagramFigure({
    diagram: { ...pass, minComplexity: pass.m.map((row) => row.map(() => null)) },
    sampler: samplers[state.sampler],
    sigma2: state.sigma2,
    ensemble: state.ensemble,
    ...(isShown ? { marked: { name: 'pinned', alpha: pinned.state.alpha, w: pinned.state.w } } : {}),
  });
}

/** Rows of a trajectory, with times in the process of a state. */
function rowsOf(state: ExplorerState, { columns }: TrajectoryResult): TrajectoryRow[] {
  return columns.t.map((t, i) => ({
    time: processTimeOf(state, t),
    clock: Math.log((1 - columns.r[i]!) / columns.r[i]!),
    m: columns.m[i]!,
    q: columns.v[i]! + columns.m[i]! ** 2,
    v: columns.v[i]!,
    psi: columns.psi[i]!,
    phi: columns.phi[i]!,
    complexity: columns.complexity[i]!,
  }));
}

/** Order parameters over time, with the particles, and those of the pinned problem. */
export function trajectoryFigureOf(
  state: ExplorerState,
  result: TrajectoryResult,
  updates: readonly ParticleUpdate[],
  pinned: PinnedCurves | null,
): Figure {
  const { criticalAlpha, speciationTime } = result;
  const regime = criticalAlpha === null || state.alpha < criticalAlpha ? 'below' : 'above';
  const points = updates.flatMap((update): TrajectoryPoint[] =>
    update.m.map((m, i) => ({
      time: processTimeOf(state, update.t[i]!),
      m: m.mean,
      mError: m.error,
      v: update.v[i]!.mean,
      vError: update.v[i]!.error,
      source: update.source,
      d: state.dimension,
    })),
  );
  return trajectoryFigure({
    curves: [
      {
        label: pinned === null ? `α = ${shortNumber(state.alpha)}` : labelOf(state),
        regime,
        alpha: state.alpha,
        rows: rowsOf(state, result),
        speciationTime,
        points,
      },
      ...(pinned === null
        ? []
        : [
            {
              label: pinnedTitle(pinned),
              regime: null,
              look: { colour: pinnedColour, line: pinnedLine, markSize: 9 },
              alpha: pinned.state.alpha,
              rows: rowsOf(state, pinned.result),
              speciationTime: pinned.result.speciationTime,
              points: [],
            },
          ]),
    ],
    sigma2: state.sigma2,
    label: labelOf(state),
    process: processes[state.process],
  });
}

/** The potential at eight of its times. */
export function potentialFigureOf(
  state: ExplorerState,
  result: PotentialResult,
  transition: number | null,
): Figure {
  const count = 8;
  const within = result.t.flatMap((t, i) => (t <= latestTime ? [i] : []));
  const chosen = Array.from(
    { length: count },
    (_, k) => within[Math.round((k * (within.length - 1)) / (count - 1))]!,
  );
  const pick = <T>(values: readonly T[]): T[] => chosen.map((i) => values[i]!);
  return potentialFigure({
    table: {
      time: pick(result.t).map((t) => processTimeOf(state, t)),
      m: result.m,
      potential: pick(result.potential),
      minima: pick(result.minima),
      kink: pick(result.kink),
      state: pick(result.state),
    },
    label: labelOf(state),
    transitionTime: transition === null ? null : processTimeOf(state, transition),
  });
}

/** Free energies and complexity over time, and those of the pinned problem. */
export function energiesFigureOf(
  state: ExplorerState,
  { columns }: TrajectoryResult,
  pinned: PinnedCurves | null,
): Figure {
  const within = ({ t: times }: TrajectoryResult['columns']) =>
    times.flatMap((t, i) => (t <= latestTime ? [i] : []));
  const indices = within(columns);
  const time = { title: { text: axisTitle.time }, range: [latestTime, 0] as [number, number] };
  const panels = [
    { title: 'free energies per dimension', x: time, y: { title: { text: 'ψ, φ' } } },
    { title: 'complexity of the other classes', x: time, y: { title: { text: 'Σ' } } },
  ];
  type Energy = 'psi' | 'phi' | 'complexity';
  const seriesOf = (from: TrajectoryResult['columns'], name: Energy) => ({
    x: within(from).map((i) => from.t[i]!),
    y: within(from).map((i) => finite(from[name][i])),
  });
  const line = (name: string, panel: number, colour: string, energy: Energy) =>
    lineTrace({ name, panel, colour, inLegend: true }, seriesOf(columns, energy), { width: 2.5 });
  const beside = (found: PinnedCurves) =>
    (['psi', 'phi', 'complexity'] as const).map((energy) =>
      lineTrace(
        {
          name: pinnedTitle(found),
          panel: energy === 'complexity' ? 1 : 0,
          colour: pinnedColour,
          inLegend: energy === 'psi',
        },
        seriesOf(found.result.columns, energy),
        pinnedLine,
      ),
    );
  const layout = (columnCount: number) =>
    panelLayout(panels, {
      columns: columnCount,
      panelHeight: columnCount === 2 ? 340 : 260,
      legendRows: pinned === null ? 1 : 2,
    });
  return {
    id: 'free-energies',
    title: `Free energies and complexity (${labelOf(state)})`,
    caption:
      'Free energies per dimension of the guided class (ψ) and of all others (φ), and the complexity of those that dominate φ. The larger free energy rules.',
    data: [
      line('ψ, guided class', 0, palette.green, 'psi'),
      line('φ, all others', 0, palette.purple, 'phi'),
      line('Σ, complexity', 1, palette.orange, 'complexity'),
      ...(pinned === null ? [] : beside(pinned)),
    ],
    layout: layout(2),
    narrowLayout: layout(1),
    table: {
      columns: ['t', 'psi', 'phi', 'complexity', 'w', ...(pinned === null ? [] : ['curve'])],
      rows: [
        ...energyRows(columns, indices, pinned === null ? [] : [labelOf(state)]),
        ...(pinned === null
          ? []
          : energyRows(pinned.result.columns, within(pinned.result.columns), [pinnedTitle(pinned)])),
      ],
    },
  };
}

function energyRows(
  { t, psi, phi, complexity, w }: TrajectoryResult['columns'],
  indices: readonly number[],
  names: readonly string[],
): FigureCell[][] {
  return indices.map((i) => [
    t[i]!,
    ...[psi, phi, complexity, w].map((values) => finite(values[i])),
    ...names,
  ]);
}

/** Samples in the plane. */
export function samplesFigureOf(state: ExplorerState, result: SampleResult): Figure {
  const sources = [
    { name: 'the class itself', colour: palette.black, points: result.truth, symbol: 'circle-open' },
    { name: 'guided samples', colour: palette.blue, points: result.guided, symbol: 'circle' },
  ] as const;
  const panels = [
    {
      title: '',
      x: { title: { text: 'along the class direction, from the centre of the class' } },
      y: { title: { text: 'a random direction' }, scaleanchor: 'x' as const },
    },
  ];
  const layout = panelLayout(panels, { columns: 1, panelHeight: 520, legendRows: 1 });
  return {
    id: 'samples',
    title: `Samples of the class and guided samples (${labelOf(state)}, d = ${result.dimension})`,
    caption: 'Samples in the plane of the class direction and a random one, from the centre of the class.',
    data: sources.map(({ name, colour, points, symbol }) =>
      markerTrace(
        { name, colour, panel: 0, inLegend: true },
        { x: points.map(([along]) => along), y: points.map(([, across]) => across) },
        { symbol, size: 5, opacity: 0.7 },
      ),
    ),
    layout: { ...layout, width: squareWidth },
    narrowLayout: layout,
    table: {
      columns: ['source', 'along', 'across'],
      rows: sources.flatMap(({ name, points }) => points.map((point): FigureCell[] => [name, ...point])),
    },
  };
}

/** Density of a coordinate of structured classes. */
export function structuredFigureOf(state: ExplorerState, result: StructuredResult): Figure {
  const { x, density, classDensity } = result;
  const curves = [
    { name: 'the class itself (w = 0)', colour: palette.black, y: classDensity, dash: { dash: 'dash' } },
    { name: 'guided', colour: palette.blue, y: density, dash: {} },
  ] as const;
  const panels = [
    {
      title: '',
      x: { title: { text: 'coordinate × sign of the class centre' } },
      y: { title: { text: 'density' } },
    },
  ];
  const layout = panelLayout(panels, { columns: 1, panelHeight: 380, legendRows: 1 });
  return {
    id: 'coordinate-density',
    title: `Density of a coordinate: ${structuredLaw(state.law)?.title ?? state.law} (${labelOf(state)})`,
    caption:
      'Density of x sign(μ) over the coordinates of guided samples in the limit of many dimensions, with the class centre μ, and of the class itself.',
    data: curves.map(({ name, colour, y, dash }) =>
      lineTrace({ name, colour, panel: 0, inLegend: true }, { x, y }, { width: 2.5, ...dash }),
    ),
    layout,
    narrowLayout: layout,
    table: {
      columns: ['x', 'density', 'classDensity'],
      rows: x.map((one, i) => [one, density[i]!, classDensity[i]!]),
    },
  };
}

/** A few classes in the plane. */
export function fewClassFigureOf({ few }: ExplorerState, result: FewClassResult): Figure {
  const { x, y, density, centres, guidedClass, stepSize, method } = result;
  const figure = fewClassDensityFigure({
    densities: [
      { w: few.w, stepSize, x, y, density: y.map((_, j) => density.slice(j * x.length, (j + 1) * x.length)) },
    ],
    centres,
    guidedClass,
    axes: ['x', 'y'],
    label: fewClassMixture(few.preset)?.title ?? few.preset,
    method: method === 'exact' ? 'By change of variables along the flow.' : 'From samples, smoothed.',
  });
  return { ...figure, layout: { ...figure.layout, width: squareWidth } };
}
