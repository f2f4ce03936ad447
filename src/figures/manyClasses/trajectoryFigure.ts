import type { ParticleEstimate } from '../../particles/observables/estimates.ts';
import type { TrajectoryRow } from '../../meanfield/trajectory.ts';
import { ornsteinUhlenbeck, type ForwardProcess } from '../../process/process.ts';
import { recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf } from '../drawing/frame.ts';
import {
  axisTitle,
  ink,
  regimeColour,
  regimeLine,
  regimeMarkSize,
  sequence,
  shortNumber,
  simulationMark,
  sourceTitle,
  timeTitle,
  type Regime,
  type SimulationSource,
} from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';
import { transitionLook, transitionPoint } from '../drawing/transition.ts';

/** Averages of a simulation at one time, with standard errors where there are several realisations. */
export interface TrajectoryPoint {
  readonly time: number;
  readonly m: number;
  readonly mError: number | null;
  readonly v: number;
  readonly vError: number | null;
  readonly source: SimulationSource;
  readonly d: number;
}

type Estimate = Pick<ParticleEstimate, 'mean' | 'standardError' | 'particleError'>;

/** A recorded moment of a simulation as a point; the errors of a single realisation are those over its particles. */
export function seriesPoint(
  { time, m, v }: { readonly time: number; readonly m: Estimate; readonly v: Estimate },
  simulation: Pick<TrajectoryPoint, 'source' | 'd'>,
): TrajectoryPoint {
  const errorOf = ({ standardError, particleError }: Estimate) => standardError ?? particleError;
  return { time, m: m.mean, mError: errorOf(m), v: v.mean, vError: errorOf(v), ...simulation };
}

/** Colour, line and marks of a curve. */
export interface CurveLook {
  readonly colour: string;
  readonly line: { readonly width: number; readonly dash: 'solid' | 'dash' };
  readonly markSize: number;
}

/** One trajectory of the mean field and the simulations that check it. */
export interface TrajectoryCurve {
  /** Legend entry, e.g. "α = 0.5, below critical". */
  readonly label: string;
  /** Its look, and the title of the figure; null for curves told apart by their order, or by `look`. */
  readonly regime: Regime | null;
  readonly look?: CurveLook;
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

/** Name of the forward process of the class in legends. */
export const className = 'the class itself (w = 0)';
const transitionName = 'transition';

/** m(t) and v(t) below, at and above the critical class rate, with the transition and simulation points; sampling runs to the right. */
export function trajectoryFigure(input: TrajectoryInput): Figure {
  const { curves, sigma2, label, process = ornsteinUhlenbeck } = input;
  const drawn = curves.map((curve, i) => ({
    ...curve,
    rank: i + 1,
    look: lookOf(curve, i),
    transition: transitionOf(curve, process),
  }));
  const transitions = drawn.flatMap(({ transition }) => transition ?? []);
  const times = curves.flatMap(({ rows }) => rows.map(({ time }) => time));
  const start = startOfAxis(times, transitions, process);
  const longest = curves.reduce<readonly TrajectoryRow[]>(
    (best, { rows }) => (rows.length > best.length ? rows : best),
    [],
  );
  const reference = classRows(
    longest.map(({ time }) => time),
    process,
    sigma2,
  );
  const keys = pointKeys(curves);
  const layers = drawn.toSorted((a, b) => orderOf(a) - orderOf(b));
  const areRegimes = curves.every(({ regime }) => regime !== null);
  const panels = [
    { title: 'overlap m(t)', y: axisTitle.m, value: 'm' },
    { title: 'variance v(t) across the class direction', y: axisTitle.v, value: 'v' },
  ] as const;
  return figureOf({
    id: 'trajectories',
    title: `${areRegimes ? 'Trajectories below, at and above the critical class rate' : 'Order parameters along sampling'} (${label})`,
    caption: caption(curves, sigma2, label, areRegimes),
    panels: panels.map(({ title, y, value }) => ({
      title,
      x: {
        title: { text: `${timeTitle[process.name]}: sampling runs → to the data` },
        range: [start, -0.025 * start],
      },
      y: { title: { text: y }, rangemode: 'tozero' },
      marks: [
        {
          name: className,
          colour: ink.muted,
          inLegend: true,
          ...along(reference, { x: 'time', y: value }),
          line: { width: 1.5, dash: 'dot' },
        },
        layers.map(({ label: name, look, rank, rows }) => ({
          name,
          colour: look.colour,
          rank,
          inLegend: true,
          ...along(rows, { x: 'time', y: value }),
          line: look.line,
        })),
        layers.map(({ look: { colour, markSize }, transition, points }) => [
          transitionPoint(transitionName, colour, transition, 'time', value),
          keys.map(({ name, source }) => {
            const own = points.filter((point) => point.source === source);
            return (
              own.length > 0 && {
                name,
                colour,
                ...along(own, { x: 'time', y: value, error: `${value}Error` }),
                mark: simulationMark(source, colour, markSize),
              }
            );
          }),
        ]),
      ],
    })),
    keys: [
      transitions.length > 0 && { key: transitionName, mark: transitionLook(ink.text) },
      keys.map(({ name, source }) => ({ key: name, mark: simulationMark(source, ink.text) })),
    ],
    entries: curves.length + 2 + keys.length,
    heights: [380, 300],
    table: recordTable(
      ['curve', 'alpha', 'source', 'd', 'time', 'm', 'mError', 'v', 'vError'],
      [
        ...drawn.flatMap(({ label: curve, alpha, rows, transition, points }) => [
          ...rows.map(({ time, m, v }) => ({ curve, alpha, source: 'theory', time, m, v })),
          ...(transition === null ? [] : [{ ...transition, curve, alpha, source: 'transition' }]),
          ...points.map((point) => ({ ...point, curve, alpha })),
        ]),
        ...reference.map((moment) => ({ ...moment, curve: className, source: 'class' })),
      ],
    ),
  });
}

// Drawn from the bottom up: curves above the critical rate, at it, below it; then the others.
const drawingOrder: Readonly<Record<Regime, number>> = { above: 0, at: 1, below: 2 };
const orderOf = ({ regime }: TrajectoryCurve) => (regime === null ? 3 : drawingOrder[regime]);

function lookOf({ look, regime }: TrajectoryCurve, i: number): CurveLook {
  if (look !== undefined) return look;
  if (regime === null)
    return {
      colour: sequence[i % sequence.length]!,
      line: regimeLine.below,
      markSize: regimeMarkSize.below,
    };
  return { colour: regimeColour[regime], line: regimeLine[regime], markSize: regimeMarkSize[regime] };
}

/** One legend entry per kind of simulation, with all its dimensions in the order of the curves. */
function pointKeys(curves: readonly TrajectoryCurve[]): { name: string; source: SimulationSource }[] {
  const dimensions = new Map<SimulationSource, Set<number>>();
  for (const { source, d } of curves.flatMap((curve) => curve.points)) {
    dimensions.set(source, (dimensions.get(source) ?? new Set()).add(d));
  }
  return [...dimensions].map(([source, ds]) => ({
    name: `${sourceTitle[source]}, d = ${[...ds].join(', ')}`,
    source,
  }));
}

/** Order parameters at a time. */
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

/** Start of the time axis: late enough that noise alone does not fill the panel, early enough to show every transition. */
export function startOfAxis(
  times: readonly number[],
  transitions: readonly Pick<Moment, 'time'>[],
  process: ForwardProcess,
): number {
  const latest = Math.max(0, ...times.filter(Number.isFinite));
  const enough =
    process.name === 've' ? 8 : process.timeAtNoiseToSignal(ornsteinUhlenbeck.noiseToSignal(1.5));
  const shown = Math.max(enough, ...transitions.map(({ time }) => 1.3 * time));
  return latest > 0 ? Math.min(latest, shown) : shown;
}

/** Order parameters of the forward process of the guided class: m = a, v = Gamma. */
export function classRows(times: readonly number[], process: ForwardProcess, sigma2: number): Moment[] {
  return times.map((time) => {
    const a = process.signalScale(time);
    return { time, m: a, v: a * a * sigma2 + process.noiseVariance(time) };
  });
}

function caption(
  curves: readonly TrajectoryCurve[],
  sigma2: number,
  label: string,
  areRegimes: boolean,
): string {
  const points = curves.some((curve) => curve.points.length > 0);
  return (
    `Order parameters along sampling (${label}, σ² = ${shortNumber(sigma2)}). Time is the forward time t and its axis is reversed: ` +
    'sampling starts as noise on the left and reaches the data at t = 0 on the right. Lines: mean-field theory, d → ∞. ' +
    'Guided samples overshoot the class itself (dotted) in m and contract in v. Below the critical class rate the trajectory reaches the ' +
    'transition (bar), guidance switches itself off, and both distortions relax towards the class; at and above the critical rate it ' +
    `never does${areRegimes ? ', and those two curves are the same' : ''}.` +
    (points ? ' Marks: particle simulations with standard errors (often smaller than the marks).' : '')
  );
}
