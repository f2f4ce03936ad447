import { complement, minus, over, type Measured } from '../../numerics/measured.ts';
import type { Effort, EvidenceSource } from '../protocol/claim.ts';
import { claimSigma2, type RequestedPhysics } from '../protocol/requests.ts';
import { groupsBy, run, type MeasuredRun, type Run } from '../protocol/runs.ts';

/** Growth of the number of classes with the dimension: log K at d. */
export const growths = {
  'K = 2': () => Math.log(2),
  'K = 10': () => Math.log(10),
  'K = d': (d: number) => Math.log(d),
  'K = d²': (d: number) => 2 * Math.log(d),
  'K = d⁴': (d: number) => 4 * Math.log(d),
  'K = d⁸': (d: number) => 8 * Math.log(d),
} as const;

/** Name in {@link growths}. */
export type Growth = keyof typeof growths;

/** Physics of a simulation with sub-exponentially many classes. */
export interface SubexponentialPhysics extends Pick<
  RequestedPhysics,
  'd' | 'sampler' | 'eta' | 'sigma2' | 'process'
> {
  readonly mode: 'full' | 'reduced' | 'two-class';
  readonly growth: Growth;
  readonly guidance: number;
}

/** A simulation with sub-exponentially many classes, and log K before it is rounded to explicit ones. */
export interface SubexponentialRun extends SubexponentialPhysics, Run {
  readonly logK: number;
}

/** A {@link SubexponentialRun} with its result. */
export type MeasuredSubexponential = MeasuredRun<SubexponentialRun>;

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

/** Dimensions of the simulations with classes averaged. */
export const averagedDimensions: Readonly<Record<Effort, readonly number[]>> = {
  quick: [1e2, 1e6],
  default: [1e2, 1e3, 1e4, 1e6],
  thorough: [1e2, 1e3, 1e4, 1e5, 1e6],
};
/** Dimensions of the simulations with explicit classes, K = d. */
export const explicitDimensions: typeof averagedDimensions = {
  quick: [50, 100, 200],
  default: [50, 100, 200, 400],
  thorough: [50, 100, 200, 400, 800],
};

/** Simulations that differ in d alone, of the usual size for their mode and effort if none is given. */
export function runsAt(
  dimensions: readonly number[],
  { growth, ...physics }: Omit<SubexponentialPhysics, 'd'>,
  effort: Effort,
  [particles, realizations, steps]: RunSize = sizes[effort][physics.mode],
): SubexponentialRun[] {
  return dimensions.map((d) => {
    const logK = growths[growth](d);
    const count = physics.mode === 'reduced' ? { logClasses: logK } : { classes: Math.round(Math.exp(logK)) };
    return { ...run({ ...physics, ...count, d }, { particles, realizations, steps }), growth, logK };
  });
}

/** Rows of one mode, growth and sampler, which differ in d alone. */
export function familiesOf(rows: readonly MeasuredSubexponential[]): MeasuredSubexponential[][] {
  const keyOf = ({ mode, growth, sampler }: SubexponentialRun) => `${mode} ${growth} ${sampler}`;
  return groupsBy(rows, keyOf).map(([, family]) => family);
}

/** A quantity at the largest dimension of a family over that at the smallest. */
export function fallOf(
  family: readonly MeasuredSubexponential[],
  quantity: (row: MeasuredSubexponential) => Measured,
): Measured {
  const [first, last] = [quantity(family[0]!), quantity(family.at(-1)!)];
  const value = last.value / first.value;
  const error = Math.hypot(last.standardError, value * first.standardError) / Math.abs(first.value);
  return { ...last, value, standardError: error };
}

/** Source of a simulation's points. */
export function sourceOf({ mode }: SubexponentialRun): EvidenceSource {
  return mode === 'two-class' ? 'two classes' : mode;
}

/** m - 1. */
export const meanShift = ({ m }: MeasuredSubexponential) => minus(m, 1);

/** v/sigma2. */
const across = ({ v, sigma2 = claimSigma2 }: MeasuredSubexponential) => over(v, sigma2);

/** 1 - v/sigma2. */
export const varianceLoss = (row: MeasuredSubexponential) => complement(across(row));

/** vParallel/sigma2. */
export const parallel = ({ vParallel, sigma2 = claimSigma2 }: MeasuredSubexponential) =>
  over(vParallel, sigma2);

/** W2/(sigma sqrt(d)) from m and v, whose errors add up: they may be correlated. */
export function wasserstein(row: MeasuredSubexponential): Measured {
  const { sigma2 = claimSigma2 } = row;
  const { value: shift, ...shiftError } = meanShift(row);
  const { value: variance, standardError } = across(row);
  const narrowing = 1 - Math.sqrt(variance);
  const value = Math.hypot(shift / Math.sqrt(sigma2), narrowing);
  const errors =
    Math.abs(shift / sigma2) * shiftError.standardError +
    (Math.abs(narrowing) * standardError) / (2 * Math.sqrt(variance));
  return { ...shiftError, value, standardError: errors / value };
}

/**
 * KL in nats, total over dimensions, of the Gaussian with the measured moments (eq. total-divergence). Errors by propagation,
 * that of v added up: it may be correlated with the others.
 */
export function divergence(row: MeasuredSubexponential): Measured {
  const { d, sigma2 = claimSigma2 } = row;
  const shift = meanShift(row);
  const [along, rest] = [parallel(row), across(row)];
  const excess = (ratio: number) => ratio - 1 - Math.log(ratio);
  return {
    ...shift,
    value:
      0.5 * ((d * shift.value * shift.value) / sigma2 + excess(along.value) + (d - 1) * excess(rest.value)),
    standardError:
      Math.hypot(
        (d * shift.value * shift.standardError) / sigma2,
        0.5 * (1 - 1 / along.value) * along.standardError,
      ) +
      0.5 * (d - 1) * Math.abs(1 - 1 / rest.value) * rest.standardError,
  };
}
