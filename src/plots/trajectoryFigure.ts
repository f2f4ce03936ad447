import type { Data } from 'plotly.js-dist-min';
import type { TrajectoryRow } from '../meanfield/trajectory.ts';
import { ornsteinUhlenbeck, type ForwardProcess } from '../process/process.ts';
import { finite, type Figure, type FigureCell } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import {
  axisTitle,
  ink,
  regimeColour,
  regimeLine,
  regimeMarkSize,
  shortNumber,
  simulationMark,
  sourceTitle,
  type Regime,
} from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

/** Averages of a simulation at one time, with standard errors where there are several realisations. */
export interface TrajectoryPoint {
  readonly time: number;
  readonly m: number;
  readonly mError: number | null;
  readonly v: number;
  readonly vError: number | null;
  readonly source: 'full' | 'reduced';
  readonly d: number;
}

/** One trajectory of the mean field and the simulations that check it. */
export interface TrajectoryCurve {
  /** Legend entry, e.g. "α = 0.5, below critical". */
  readonly label: string;
  readonly regime: Regime;
  readonly alpha: number;
  readonly rows: readonly TrajectoryRow[];
  /** OU time of the transition, or null. */
  readonly speciationTime: number | null;
  readonly points: readonly TrajectoryPoint[];
}

/** Input of {@link trajectoryFigure}. */
export interface TrajectoryInput {
  readonly curves: readonly TrajectoryCurve[];
  readonly sigma2: number;
  /** Parameters common to all curves, for the title: e.g. "ODE, w = 1". */
  readonly label: string;
  /** Process in whose time the rows and points are; the Ornstein-Uhlenbeck process if absent. */
  readonly process?: ForwardProcess;
}

const className = 'the class itself (w = 0)';
const transitionName = 'transition';

/** m(t) and v(t) below, at and above the critical class rate, with the transition and simulation points; sampling runs to the right. */
export function trajectoryFigure(input: TrajectoryInput): Figure {
  const { curves, sigma2, label, process = ornsteinUhlenbeck } = input;
  const transitions = curves.map((curve) => transitionOf(curve, process));
  const start = startOfAxis(curves, transitions, process);
  const x = {
    title: { text: `${timeTitle(process)}: sampling runs → to the data` },
    range: [start, -0.025 * start] as [number, number],
  };
  const panels: Panel[] = [
    { title: 'overlap m(t)', x, y: { title: { text: axisTitle.m }, rangemode: 'tozero' } },
    {
      title: 'variance v(t) across the class direction',
      x,
      y: { title: { text: axisTitle.v }, rangemode: 'tozero' },
    },
  ];
  const reference = classRows(curves, process, sigma2);
  const keys = pointKeys(curves);
  const drawing = [...curves].sort((a, b) => drawingOrder[a.regime] - drawingOrder[b.regime]);
  const data: Data[] = [];
  for (const panel of [0, 1]) {
    const of = (row: { m: number; v: number }) => finite(panel === 0 ? row.m : row.v);
    data.push(
      lineTrace(
        { name: className, panel, colour: ink.muted, inLegend: panel === 0 },
        { x: reference.map((row) => row.time), y: reference.map(of) },
        { width: 1.5, dash: 'dot' },
      ),
    );
    for (const curve of drawing) {
      data.push(
        lineTrace(
          {
            name: curve.label,
            panel,
            colour: regimeColour[curve.regime],
            inLegend: panel === 0,
            rank: curves.indexOf(curve) + 1,
          },
          { x: curve.rows.map((row) => finite(row.time)), y: curve.rows.map(of) },
          regimeLine[curve.regime],
        ),
      );
    }
    for (const curve of drawing) {
      const transition = transitions[curves.indexOf(curve)];
      if (transition !== null && transition !== undefined) {
        data.push(
          markerTrace(
            { name: transitionName, panel, colour: regimeColour[curve.regime] },
            {
              x: [transition.time],
              y: [of(transition)],
              text: [`transition at t = ${shortNumber(transition.time, 4)}`],
            },
            { ...transitionMark, line: { width: 3, color: regimeColour[curve.regime] } },
          ),
        );
      }
      for (const key of keys) {
        const points = curve.points.filter((point) => point.source === key.source);
        if (points.length === 0) continue;
        data.push(
          markerTrace(
            { name: key.name, panel, colour: regimeColour[curve.regime] },
            {
              x: points.map((point) => finite(point.time)),
              y: points.map(of),
              error: points.map((point) => finite(panel === 0 ? point.mError : point.vError)),
            },
            simulationMark(key.source, regimeColour[curve.regime], regimeMarkSize[curve.regime]),
          ),
        );
      }
    }
  }
  if (transitions.some((transition) => transition !== null)) {
    data.push(
      legendKey(transitionName, {
        mode: 'markers',
        marker: { ...transitionMark, line: { width: 3, color: ink.text } },
      }),
    );
  }
  for (const key of keys) {
    data.push(legendKey(key.name, { mode: 'markers', marker: simulationMark(key.source, ink.text) }));
  }
  const entries = curves.length + 2 + keys.length;
  const arrangement = { panelHeight: 380 };
  return {
    id: 'trajectories',
    title: `Trajectories below, at and above the critical class rate (${label})`,
    caption: caption(curves, sigma2, label),
    data,
    layout: panelLayout(panels, { ...arrangement, columns: 2, legendRows: Math.ceil(entries / 4) }),
    narrowLayout: panelLayout(panels, { panelHeight: 300, columns: 1, legendRows: entries }),
    table: { columns: tableColumns, rows: tableRows(input, transitions, reference) },
  };
}

// Drawn from the bottom up: curves above the critical rate, at it, below it.
const drawingOrder: Readonly<Record<Regime, number>> = { above: 0, at: 1, below: 2 };

const transitionMark = { symbol: 'line-ns', size: 22 } as const;

/** One legend entry per kind of simulation, with all its dimensions in the order of the curves. */
function pointKeys(curves: readonly TrajectoryCurve[]): { name: string; source: 'full' | 'reduced' }[] {
  const dimensions = new Map<'full' | 'reduced', Set<number>>();
  for (const { source, d } of curves.flatMap((curve) => curve.points)) {
    dimensions.set(source, (dimensions.get(source) ?? new Set()).add(d));
  }
  return [...dimensions].map(([source, ds]) => ({
    name: `${sourceTitle[source]}, d = ${[...ds].join(', ')}`,
    source,
  }));
}

interface Moment {
  readonly time: number;
  readonly m: number;
  readonly v: number;
}

/** The transition in the process's time, with m and v read off the rows. */
function transitionOf({ rows, speciationTime }: TrajectoryCurve, process: ForwardProcess): Moment | null {
  if (speciationTime === null) return null;
  const time = process.timeAtNoiseToSignal(ornsteinUhlenbeck.noiseToSignal(speciationTime));
  const sorted = [...rows].sort((a, b) => b.time - a.time);
  for (let i = 1; i < sorted.length; i++) {
    const [earlier, later] = [sorted[i - 1]!, sorted[i]!];
    if (time > earlier.time || time < later.time) continue;
    const share = earlier.time === later.time ? 0 : (earlier.time - time) / (earlier.time - later.time);
    return {
      time,
      m: earlier.m + share * (later.m - earlier.m),
      v: earlier.v + share * (later.v - earlier.v),
    };
  }
  return null;
}

/** Where the time axis starts: late enough that noise alone does not fill the panel, early enough to show every transition. */
function startOfAxis(
  curves: readonly TrajectoryCurve[],
  transitions: readonly (Moment | null)[],
  process: ForwardProcess,
): number {
  const latest = Math.max(
    0,
    ...curves.flatMap((curve) => curve.rows.map((row) => row.time)).filter(Number.isFinite),
  );
  const enough =
    process.name === 've' ? 8 : process.timeAtNoiseToSignal(ornsteinUhlenbeck.noiseToSignal(1.5));
  const shown = Math.max(enough, ...transitions.map((transition) => 1.3 * (transition?.time ?? 0)));
  return latest > 0 ? Math.min(latest, shown) : shown;
}

/** Order parameters of the forward process of the guided class: m = a, v = Gamma. */
function classRows(curves: readonly TrajectoryCurve[], process: ForwardProcess, sigma2: number): Moment[] {
  const longest = curves.reduce<readonly TrajectoryRow[]>(
    (best, curve) => (curve.rows.length > best.length ? curve.rows : best),
    [],
  );
  return longest.map(({ time }) => {
    const a = process.signalScale(time);
    return { time, m: a, v: a * a * sigma2 + process.noiseVariance(time) };
  });
}

function timeTitle(process: ForwardProcess): string {
  return { ou: axisTitle.time, ve: 'time τ (VE)', flow: 'time t (interpolant)' }[process.name];
}

const tableColumns = ['curve', 'alpha', 'source', 'd', 'time', 'm', 'mError', 'v', 'vError'];

function tableRows(
  { curves }: TrajectoryInput,
  transitions: readonly (Moment | null)[],
  reference: readonly Moment[],
): FigureCell[][] {
  const row = (curve: string, alpha: number | null, source: string, moment: Moment): FigureCell[] => {
    return [curve, alpha, source, null, finite(moment.time), finite(moment.m), null, finite(moment.v), null];
  };
  return [
    ...curves.flatMap((curve, i) => {
      const transition = transitions[i];
      return [
        ...curve.rows.map((moment) => row(curve.label, finite(curve.alpha), 'theory', moment)),
        ...(transition ? [row(curve.label, finite(curve.alpha), 'transition', transition)] : []),
        ...curve.points.map((point): FigureCell[] => [
          curve.label,
          finite(curve.alpha),
          point.source,
          point.d,
          finite(point.time),
          finite(point.m),
          finite(point.mError),
          finite(point.v),
          finite(point.vError),
        ]),
      ];
    }),
    ...reference.map((moment) => row(className, null, 'class', moment)),
  ];
}

function caption(curves: readonly TrajectoryCurve[], sigma2: number, label: string): string {
  const points = curves.some((curve) => curve.points.length > 0);
  return (
    `Order parameters along sampling (${label}, σ² = ${shortNumber(sigma2)}). Time is the forward time t and its axis is reversed: ` +
    'sampling starts as noise on the left and reaches the data at t = 0 on the right. Lines: mean-field theory, d → ∞. ' +
    'Guided samples overshoot the class itself (dotted) in m and contract in v. Below the critical class rate the trajectory reaches the ' +
    'transition (bar), guidance switches itself off, and both distortions relax towards the class; at and above the critical rate it ' +
    'never does, and those two curves are the same.' +
    (points ? ' Marks: particle simulations with standard errors (often smaller than the marks).' : '')
  );
}
