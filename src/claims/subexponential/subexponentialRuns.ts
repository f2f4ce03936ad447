import type { SamplerName } from '../../guidance/sampler.ts';
import type { ParticleResult } from '../../particles/tasks.ts';
import type { ProcessName } from '../../process/process.ts';
import type { Effort, Evidence, SimulationRequest } from '../protocol/claim.ts';
import { claimSigma2, requestOf } from '../protocol/requests.ts';

/** How the number of classes grows with the dimension: log K at d. */
export const growths = {
  'K = 2': () => Math.log(2),
  'K = 10': () => Math.log(10),
  'K = d': (d: number) => Math.log(d),
  'K = d²': (d: number) => 2 * Math.log(d),
  'K = d⁴': (d: number) => 4 * Math.log(d),
  'K = d⁸': (d: number) => 8 * Math.log(d),
} as const;

/** One of {@link growths}. */
export type Growth = keyof typeof growths;

/** A simulation with sub-exponentially many classes. */
export interface SubexponentialRun {
  readonly mode: 'full' | 'reduced' | 'two-class';
  readonly growth: Growth;
  readonly d: number;
  readonly sampler: SamplerName;
  /** Noise level in place of the sampler's. */
  readonly eta?: number;
  readonly w: number;
  /** claimSigma2 if left out. */
  readonly sigma2?: number;
  /** Ornstein-Uhlenbeck if left out. */
  readonly process?: ProcessName;
  /** In place of the usual one for the mode and the effort. */
  readonly size?: RunSize;
}

/** Particles, realisations and steps (the reduced simulation adds some around the switch). */
export type RunSize = readonly [particles: number, realizations: number, steps: number];

/**
 * Relative error of m - 1 and vParallel that the steps leave: against 160 steps and the limit law
 * (docs/theory/claims/class-direction-subexponential.md).
 */
export const subexponentialStepError = 2e-3;

const sizes: Readonly<Record<Effort, Readonly<Record<SubexponentialRun['mode'], RunSize>>>> = {
  quick: { full: [32, 24, 16], reduced: [600, 16, 30], 'two-class': [600, 16, 60] },
  default: { full: [100, 48, 16], reduced: [1000, 32, 30], 'two-class': [1000, 32, 60] },
  thorough: { full: [400, 200, 30], reduced: [4000, 64, 30], 'two-class': [4000, 64, 60] },
};

function sizeOf({ mode, size }: SubexponentialRun, effort: Effort): RunSize {
  return size ?? sizes[effort][mode];
}

/** Name of a run among the simulations of a claim. */
export function runName({ mode, growth, d, sampler, eta, w, sigma2, process }: SubexponentialRun): string {
  const rest = `${eta === undefined ? '' : ` eta=${eta}`}${sigma2 === undefined ? '' : ` s2=${sigma2}`}${process === undefined ? '' : ` ${process}`}`;
  return `${mode} ${sampler} ${growth} d=${d} w=${w}${rest}`;
}

/** Requests of runs by their names: claims that ask for the same run share it. */
export function requestsOf(
  runs: readonly SubexponentialRun[],
  effort: Effort,
): Record<string, SimulationRequest> {
  return Object.fromEntries(
    runs.map((run) => {
      const { mode, growth, d, sampler, eta, w: guidance, sigma2, process } = run;
      const [particles, realizations, steps] = sizeOf(run, effort);
      const logClasses = growths[growth](d);
      const count = mode === 'reduced' ? { logClasses } : { classes: Math.round(Math.exp(logClasses)) };
      const physics = {
        mode,
        d,
        guidance,
        sampler,
        ...count,
        ...(eta === undefined ? {} : { eta }),
        ...(sigma2 === undefined ? {} : { sigma2 }),
        ...(process === undefined ? {} : { process }),
      };
      return [runName(run), requestOf(physics, { particles, realizations, steps })];
    }),
  );
}

/** A number with its standard error and the degrees of freedom of that. */
export interface Measured {
  readonly value: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** What a run with sub-exponentially many classes is asked for. */
export interface SubexponentialDistortion {
  /** m - 1. */
  readonly meanShift: Measured;
  /** 1 - v/sigma2. */
  readonly varianceLoss: Measured;
  /** W2/(sigma sqrt(d)) from m and v. */
  readonly wasserstein: Measured;
  /** vParallel/sigma2. */
  readonly parallel: Measured;
  /** KL in nats, total over dimensions, of the Gaussian with the measured moments (eq. total-divergence). */
  readonly divergence: Measured;
}

/** Distortions of a run's output, their errors by propagation (added up where the parts may be correlated). */
export function distortionOf(evidence: Evidence, run: SubexponentialRun): SubexponentialDistortion {
  const result: ParticleResult = evidence.result(runName(run));
  const sigma2 = run.sigma2 ?? claimSigma2;
  const { d } = run;
  const [, realizations] = sizeOf(run, evidence.effort);
  const of = (value: number, standardError: number): Measured => ({
    value,
    standardError,
    degreesOfFreedom: realizations - 1,
  });
  const shift = result.m.mean - 1;
  const shiftError = result.m.standardError!;
  const across = result.v.mean / sigma2;
  const acrossError = result.v.standardError! / sigma2;
  const along = result.vParallel.mean / sigma2;
  const alongError = result.vParallel.standardError! / sigma2;
  const narrowing = 1 - Math.sqrt(across);
  const distance = Math.hypot(shift / Math.sqrt(sigma2), narrowing);
  const divergence = 0.5 * ((d * shift * shift) / sigma2 + excess(along) + (d - 1) * excess(across));
  return {
    meanShift: of(shift, shiftError),
    varianceLoss: of(1 - across, acrossError),
    wasserstein: of(
      distance,
      (Math.abs(shift / sigma2) * shiftError +
        (Math.abs(narrowing) * acrossError) / (2 * Math.sqrt(across))) /
        distance,
    ),
    parallel: of(along, alongError),
    divergence: of(
      divergence,
      Math.hypot((d * shift * shiftError) / sigma2, 0.5 * (1 - 1 / along) * alongError) +
        0.5 * (d - 1) * Math.abs(1 - 1 / across) * acrossError,
    ),
  };
}

function excess(ratio: number): number {
  return ratio - 1 - Math.log(ratio);
}
