import { transitionPoint } from '../../closedForms/transition.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import type { GuidedProblem } from '../../meanfield/problem.ts';
import { processes, type ProcessName } from '../../process/process.ts';
import type { Effort, Evidence, SimulationRequest } from '../protocol/claim.ts';
import { claimSigma2, requestOf } from '../protocol/requests.ts';

/** A point of the phase diagram at which the transition is looked for. */
export interface BoundaryPoint {
  readonly alpha: number;
  readonly w: number;
  readonly sampler: SamplerName;
}

/** The guided problem at a point: gaussian ensemble, asymptotic start. */
export function problemAt(
  { alpha, w, sampler }: BoundaryPoint,
  sigma2: number = claimSigma2,
  process: ProcessName = 'ou',
): GuidedProblem {
  return {
    alpha,
    sigma2,
    ensemble: 'gaussian',
    sampler: samplers[sampler],
    process: processes[process],
    guidance: { w },
    startTime: null,
  };
}

/** A simulation along whose path the guided class's weight is recorded. */
export interface BoundaryRun {
  readonly point: BoundaryPoint;
  readonly mode: 'full' | 'reduced';
  readonly d: number;
  /** Another process and sigma2 than the rest, stepped in the process's own time; null for the rest. */
  readonly own: OwnProcess | null;
}

/** A process with a sigma2 and a start so early that it is as good as infinite noise (a^2/D = 1e-6). */
export interface OwnProcess {
  readonly process: ProcessName;
  readonly sigma2: number;
  readonly startTime: number;
}

/** The three processes, each with another variance inside the classes. */
export const ownProcesses: readonly OwnProcess[] = [
  { process: 'ou', sigma2: 0.25, startTime: 7 },
  { process: 've', sigma2: 0.05, startTime: 1e6 },
  { process: 'flow', sigma2: 1, startTime: 0.999 },
];

/** Data end of the runs in which sigma2 does not matter: r = 0.09, later than any transition here. */
const lateSigma2 = 0.1;
/** Dimension of the runs in a process's own time. */
export const ownDimension = 400;
/** Large dimensions, for the reduced simulation. */
const largeDimensions = [400, 4000];

/** Rate and coefficients of the points. */
const grids = {
  quick: { alpha: [0.3], full: [[0.3, 3]], logClasses: [6, 8] },
  default: {
    alpha: [0.1, 0.3, 0.5, 0.8],
    full: [
      [0.3, 1],
      [0.3, 3],
      [0.5, 1],
      [0.5, 3],
    ],
    logClasses: [6, 8, 10],
  },
  thorough: {
    alpha: [0.1, 0.2, 0.3, 0.5, 0.8, 1],
    full: [
      [0.3, 1],
      [0.3, 3],
      [0.4, 2],
      [0.5, 1],
      [0.5, 3],
    ],
    logClasses: [6, 8, 10, 12],
  },
} as const satisfies Record<Effort, unknown>;

const sizes = {
  quick: { full: [32, 32], reduced: [100, 16] },
  default: { full: [48, 48], reduced: [250, 16] },
  thorough: { full: [64, 128], reduced: [2000, 32] },
} as const satisfies Record<Effort, unknown>;

const names = Object.keys(samplers) as SamplerName[];

/** Runs of one point, for an extrapolation in the dimension. */
export interface BoundarySeries {
  readonly point: BoundaryPoint;
  readonly runs: readonly BoundaryRun[];
  /** Reduced runs at the same dimensions, for a full series. */
  readonly companions: readonly BoundaryRun[];
}

/** The series of an effort: reduced ones at large dimensions, full ones at those that explicit classes allow. */
export function boundarySeries(effort: Effort): { reduced: BoundarySeries[]; full: BoundarySeries[] } {
  const { alpha: rates, full, logClasses } = grids[effort];
  const run = (point: BoundaryPoint, mode: BoundaryRun['mode'], d: number): BoundaryRun => ({
    point,
    mode,
    d,
    own: null,
  });
  return {
    reduced: names.flatMap((sampler) =>
      [1, 3].flatMap((w) =>
        rates.map((alpha) => {
          const point = { alpha, w, sampler };
          return { point, runs: largeDimensions.map((d) => run(point, 'reduced', d)), companions: [] };
        }),
      ),
    ),
    full: names.flatMap((sampler) =>
      full.map(([alpha, w]) => {
        const point = { alpha, w, sampler };
        const dimensions = logClasses.map((size) => Math.round(size / alpha));
        return {
          point,
          runs: dimensions.map((d) => run(point, 'full', d)),
          companions: dimensions.map((d) => run(point, 'reduced', d)),
        };
      }),
    ),
  };
}

/** Runs in the own time of each process. */
export function ownRuns(): BoundaryRun[] {
  return names.flatMap((sampler) =>
    ownProcesses.map((own): BoundaryRun => ({
      point: { alpha: 0.3, w: 1, sampler },
      mode: 'reduced',
      d: ownDimension,
      own,
    })),
  );
}

/** Name of a run among the simulations of the claim. */
export function boundaryRunName({ point, mode, d, own }: BoundaryRun): string {
  const rest = own === null ? '' : ` ${own.process} s2=${own.sigma2}`;
  return `${mode} ${point.sampler} alpha=${point.alpha} w=${point.w} d=${d}${rest}`;
}

/** Realisations of a run. */
export function realizationsOf(run: BoundaryRun, effort: Effort): number {
  return sizes[effort][run.mode][1];
}

/** Clocks at which the weight is recorded. */
const recorded = 9;

/**
 * Request of a run: the weight at nine clocks around the transition that the closed form gives, to both sides twice the spread
 * 1/sqrt(log K) of the particles' own transitions.
 */
export function boundaryRequest(run: BoundaryRun, effort: Effort): SimulationRequest {
  const { point, mode, d, own } = run;
  const [particles, realizations] = sizes[effort][mode];
  const predicted = transitionPoint(point.alpha, point.w, samplers[point.sampler])!.clock;
  const reach = 2 / Math.sqrt(point.alpha * d);
  const sigma2 = own?.sigma2 ?? lateSigma2;
  const clocks = Array.from({ length: recorded }, (_, i) => predicted + reach * (i / 4 - 1)).filter(
    (clock) => clock < -Math.log(sigma2),
  );
  const { alpha, w: guidance, sampler } = point;
  const physics = { mode, d, alpha, guidance, sampler, sigma2 };
  if (own === null)
    return requestOf(physics, { particles, realizations, clocks, steps: mode === 'full' ? 16 : 32 });
  const { process, startTime } = own;
  const options = { particles, realizations, clocks, steps: 300, method: 'heun', grid: 'logsnr' } as const;
  return requestOf({ ...physics, process, startTime }, options);
}

/** Where the guided class's mean weight passes 1/2. */
export interface CrossingClock {
  readonly clock: number;
  readonly standardError: number;
}

/**
 * Clock at which the mean posterior weight of the guided class passes 1/2, by linear interpolation between recorded clocks;
 * null if it does not. The error is that of the weight over its slope. The rows share their particles, so it takes the two
 * errors as fully correlated: an upper bound.
 */
export function crossingClock(evidence: Evidence, run: BoundaryRun): CrossingClock | null {
  const { series } = evidence.result(boundaryRunName(run));
  for (let i = 1; i < series.length; i++) {
    const before = series[i - 1]!;
    const after = series[i]!;
    const rise = after.guidedWeight.mean - before.guidedWeight.mean;
    if (before.guidedWeight.mean >= 0.5 || after.guidedWeight.mean < 0.5) continue;
    const share = (0.5 - before.guidedWeight.mean) / rise;
    const error =
      (1 - share) * before.guidedWeight.standardError! + share * after.guidedWeight.standardError!;
    const width = after.clock - before.clock;
    return { clock: before.clock + share * width, standardError: (error * width) / rise };
  }
  return null;
}
