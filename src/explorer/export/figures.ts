import { samplers } from '../../guidance/sampler.ts';
import { fewClassDensityFigure } from '../../figures/fewClasses/fewClassDensityFigure.ts';
import { finite, type Figure, type FigureCell } from '../../figures/drawing/figure.ts';
import { panelLayout } from '../../figures/drawing/panels.ts';
import { singlePhaseDiagramFigure } from '../../figures/manyClasses/phaseDiagramFigure.ts';
import { potentialFigure } from '../../figures/manyClasses/potentialFigure.ts';
import { axisTitle, palette, shortNumber } from '../../figures/drawing/theme.ts';
import { lineTrace, markerTrace } from '../../figures/drawing/traces.ts';
import { trajectoryFigure, type TrajectoryPoint } from '../../figures/manyClasses/trajectoryFigure.ts';
import { processes } from '../../process/process.ts';
import type {
  DiagramPass,
  FewClassResult,
  ParticleUpdate,
  PotentialResult,
  SampleResult,
  TrajectoryResult,
} from '../compute/protocol.ts';
import { processTimeOf } from '../state/command.ts';
import { fewClassMixture } from '../state/fewClassMixtures.ts';
import { labelOf } from '../state/label.ts';
import { latestTime, type ExplorerState } from '../state/state.ts';

/** Width in pixels at which a picture of a plane is about square. */
const squareWidth = 640;

/** The phase diagram. */
export function diagramFigureOf(state: ExplorerState, pass: DiagramPass): Figure {
  return singlePhaseDiagramFigure({
    diagram: { ...pass, minComplexity: pass.m.map((row) => row.map(() => null)) },
    sampler: samplers[state.sampler],
    sigma2: state.sigma2,
    ensemble: state.ensemble,
  });
}

/** Order parameters over time, with the particles. */
export function trajectoryFigureOf(
  state: ExplorerState,
  result: TrajectoryResult,
  updates: readonly ParticleUpdate[],
): Figure {
  const { columns, criticalAlpha, speciationTime } = result;
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
        label: `α = ${shortNumber(state.alpha)}`,
        regime,
        alpha: state.alpha,
        rows: columns.t.map((_, i) => ({
          time: columns.processTime[i]!,
          clock: Math.log((1 - columns.r[i]!) / columns.r[i]!),
          m: columns.m[i]!,
          q: columns.v[i]! + columns.m[i]! ** 2,
          v: columns.v[i]!,
          psi: columns.psi[i]!,
          phi: columns.phi[i]!,
          complexity: columns.complexity[i]!,
        })),
        speciationTime,
        points,
      },
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

/** Free energies and complexity over time. */
export function energiesFigureOf(state: ExplorerState, { columns }: TrajectoryResult): Figure {
  const indices = columns.t.flatMap((t, i) => (t <= latestTime ? [i] : []));
  const x = indices.map((i) => columns.t[i]!);
  const of = (values: readonly number[]) => indices.map((i) => finite(values[i]));
  const time = { title: { text: axisTitle.time }, range: [latestTime, 0] as [number, number] };
  const panels = [
    { title: 'free energies per dimension', x: time, y: { title: { text: 'ψ, φ' } } },
    { title: 'complexity of the other classes', x: time, y: { title: { text: 'Σ' } } },
  ];
  const line = (name: string, panel: number, colour: string, values: readonly number[]) =>
    lineTrace({ name, panel, colour, inLegend: true }, { x, y: of(values) }, { width: 2.5 });
  const layout = (columnCount: number) =>
    panelLayout(panels, { columns: columnCount, panelHeight: columnCount === 2 ? 340 : 260, legendRows: 1 });
  return {
    id: 'free-energies',
    title: `Free energies and complexity (${labelOf(state)})`,
    caption:
      'Free energies per dimension of the guided class (ψ) and of all others (φ), and the complexity of those that dominate φ. The larger free energy rules.',
    data: [
      line('ψ, guided class', 0, palette.green, columns.psi),
      line('φ, all others', 0, palette.purple, columns.phi),
      line('Σ, complexity', 1, palette.orange, columns.complexity),
    ],
    layout: layout(2),
    narrowLayout: layout(1),
    table: {
      columns: ['t', 'psi', 'phi', 'complexity', 'w'],
      rows: indices.map((i): FigureCell[] => [
        columns.t[i]!,
        ...[columns.psi, columns.phi, columns.complexity, columns.w].map((values) => finite(values[i])),
      ]),
    },
  };
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
