import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { logistic } from '../../numerics/logSumExp.ts';
import { findRoot } from '../../numerics/roots.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { clockAtInvariantRatio } from '../../process/variances.ts';
import type { Effort, Evidence, SimulationRequest } from '../protocol/claim.ts';
import { requestOf } from '../protocol/requests.ts';

/** Variance inside a class. */
export const baseSigma2 = 0.25;

/** A class rate at which the collapse is simulated, and the ensemble in which. */
export type CollapseRate = readonly [alpha: number, ensemble: ClassEnsemble];

/** Small rates, at which the numbers of classes that can be simulated reach large dimensions. */
const rates: readonly CollapseRate[] = [
  [0.1, 'gaussian'],
  [0.15, 'spherical'],
  [0.15, 'gaussian'],
  [0.2, 'gaussian'],
];

/** The rates of an effort. */
export function collapseRates(effort: Effort): readonly CollapseRate[] {
  return effort === 'quick' ? rates.slice(0, 2) : rates;
}

/** Speciation: the level of the weight, half way from 1/2 (nothing decided) to 1, and the dimensions. */
export const speciationLevel = 0.75;
export const speciationDimensions = [100, 1000, 10_000, 100_000] as const;

const sizes = {
  quick: { logClasses: [5, 6, 7, 8], realizations: 24, particles: 150, pairs: 2e7, two: 1000 },
  default: { logClasses: [5, 6, 7, 8, 9, 10], realizations: 48, particles: 500, pairs: 1e8, two: 4000 },
  thorough: {
    logClasses: [5, 6, 7, 8, 9, 10, 11, 12],
    realizations: 96,
    particles: 4000,
    pairs: 3e9,
    two: 10_000,
  },
} as const satisfies Record<Effort, unknown>;

/** Dimensions at which the collapse is simulated with explicit classes. */
export function collapseDimensions(effort: Effort, alpha: number): number[] {
  return sizes[effort].logClasses.map((size) => Math.round(size / alpha));
}

/** Realisations of every simulation. */
export function baseRealizations(effort: Effort): number {
  return sizes[effort].realizations;
}

/** Name of a simulation. */
export function collapseName(alpha: number, ensemble: ClassEnsemble, d: number): string {
  return `collapse ${ensemble} alpha=${alpha} d=${d}`;
}

/** Name of a simulation. */
export function speciationName(d: number): string {
  return `speciation d=${d}`;
}

/** -1/2 log r, which is alpha at the collapse, as a function of the solver clock, and back: log r = -log(1 + e^lambda). */
export function rateAtClock(clock: number): number {
  return 0.5 * Math.log1p(Math.exp(clock));
}

/** OU time at a solver clock: e^(2t) = 1 + tau, tau = e^-lambda - sigma2. */
export function timeAtClock(clock: number): number {
  return ornsteinUhlenbeck.timeAtNoiseToSignal(Math.exp(-clock) - baseSigma2);
}

/** Rates at which the weight is recorded, over alpha: at finite d it passes 1/2 early. */
const recorded = Array.from({ length: 9 }, (_, i) => 0.65 + 0.05 * i);

/** All simulations. At w = 0 a step is exact whatever its length: one is enough, and the recorded clocks are nodes. */
export function baseRequests(effort: Effort): Record<string, SimulationRequest> {
  const { realizations, particles, pairs, two } = sizes[effort];
  const requests: Record<string, SimulationRequest> = {};
  const shared = { guidance: 0, sampler: 'sde', sigma2: baseSigma2 } as const;
  for (const [alpha, ensemble] of collapseRates(effort)) {
    const clocks = recorded.map((share) => clockAtInvariantRatio(Math.exp(-2 * alpha * share)));
    for (const d of collapseDimensions(effort, alpha)) {
      const affordable = Math.round(pairs / (realizations * Math.exp(alpha * d)));
      requests[collapseName(alpha, ensemble, d)] = requestOf(
        { mode: 'full', alpha, d, ensemble, ...shared },
        { realizations, particles: Math.max(16, Math.min(particles, affordable)), clocks, steps: 1 },
      );
    }
  }
  const predicted = speciationRatio(speciationLevel);
  const offsets = Array.from({ length: 9 }, (_, i) => 0.15 * (i - 4));
  for (const d of speciationDimensions) {
    const clocks = offsets.map((offset) => Math.log(predicted / d) + offset);
    requests[speciationName(d)] = requestOf(
      { mode: 'two-class', classes: 2, d, ...shared },
      { realizations, particles: two, clocks, steps: 1 },
    );
  }
  return requests;
}

/**
 * Two classes at mu and -mu, |mu|^2 = d: the x = a^2 d/Gamma at which the mean weight of the class of the particle is `level`
 * (eq. cloning-weight), x the root of E[1/(1 + e^(-2x - 2 sqrt(x) z))] = level, z standard normal.
 */
export function speciationRatio(level: number): number {
  const mean = (x: number) => {
    let weight = 0;
    let norm = 0;
    for (let z = -8; z <= 8; z += 0.125) {
      const density = Math.exp(-0.5 * z * z);
      norm += density;
      weight += density * logistic(2 * x + 2 * Math.sqrt(x) * z);
    }
    return weight / norm;
  };
  return findRoot((x) => mean(x) - level, 1e-6, 50).root;
}

/** Clock at which the mean weight of the particle's class passes a level. */
export interface LevelClock {
  readonly clock: number;
  readonly standardError: number;
}

/**
 * Interpolates the log-odds of the mean weight between the recorded clocks; NaN if the level is not among them. The rows share their
 * particles: the errors of the two are taken as fully correlated, an upper bound.
 */
export function levelClock(evidence: Evidence, name: string, level: number): LevelClock {
  const logOdds = (p: number) => Math.log(p / (1 - p));
  const { series } = evidence.result(name);
  for (let i = 1; i < series.length; i++) {
    const before = series[i - 1]!;
    const after = series[i]!;
    const [p, q] = [before.guidedWeight, after.guidedWeight];
    if (p.mean > level || q.mean < level || !(q.mean > p.mean)) continue;
    const share = (logOdds(level) - logOdds(p.mean)) / (logOdds(q.mean) - logOdds(p.mean));
    const width = after.clock - before.clock;
    const error = (1 - share) * p.standardError! + share * q.standardError!;
    return { clock: before.clock + share * width, standardError: (error * width) / (q.mean - p.mean) };
  }
  return { clock: NaN, standardError: 1 };
}
