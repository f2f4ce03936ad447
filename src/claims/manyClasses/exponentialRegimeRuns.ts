import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import type { GuidedProblem } from '../../meanfield/problem.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { Effort, SimulationRequest } from '../protocol/claim.ts';
import { claimSigma2, requestOf } from '../protocol/requests.ts';

/** A point at which the limit d -> infinity is taken. */
export interface LimitPoint {
  readonly sampler: SamplerName;
  readonly ensemble: ClassEnsemble;
  readonly alpha: number;
  readonly w: number;
}

const point = (sampler: SamplerName, ensemble: ClassEnsemble, alpha: number, w: number): LimitPoint => ({
  sampler,
  ensemble,
  alpha,
  w,
});

const points: readonly LimitPoint[] = [
  point('ode', 'gaussian', 0.3, 2),
  point('sde', 'spherical', 0.5, 2),
  point('ode', 'spherical', 0.4, 1),
  point('sde', 'gaussian', 0.3, 1),
  point('ode', 'gaussian', 0.2, 1),
  point('sde', 'gaussian', 0.3, 2),
  point('ode', 'spherical', 0.4, 0.5),
  point('sde', 'spherical', 0.4, 1),
];

interface LimitEffort {
  /** Of the list, the first so many. */
  readonly points: number;
  readonly logClasses: readonly number[];
  readonly realizations: number;
  /** Largest number of particles per realisation, and what it is divided by where K is large: sum of K over particles. */
  readonly particles: number;
  readonly pairs: number;
  readonly reduced: number;
}

const efforts: Readonly<Record<Effort, LimitEffort>> = {
  quick: {
    points: 2,
    logClasses: [5, 6, 7, 8, 9],
    realizations: 24,
    particles: 260,
    pairs: 1.2e7,
    reduced: 120,
  },
  default: {
    points: 8,
    logClasses: [5, 6, 7, 8, 9, 10],
    realizations: 32,
    particles: 600,
    pairs: 1.4e8,
    reduced: 400,
  },
  thorough: {
    points: 8,
    logClasses: [5, 6, 7, 8, 9, 10, 11, 12],
    realizations: 64,
    particles: 1000,
    pairs: 2e9,
    reduced: 2000,
  },
};

/** Dimensions of the reduced simulation beyond those of the full one. */
const largeDimensions = [100, 1000, 10_000];

/** Simulations of one point: full, reduced at every other of its dimensions and beyond. */
export interface LimitRuns {
  readonly point: LimitPoint;
  readonly full: readonly number[];
  readonly reduced: readonly number[];
}

/** Realisations of every simulation of an effort. */
export function limitRealizations(effort: Effort): number {
  return efforts[effort].realizations;
}

/** The points of an effort with their dimensions. */
export function limitRuns(effort: Effort): LimitRuns[] {
  const { points: count, logClasses } = efforts[effort];
  return points.slice(0, count).map((at) => {
    const full = logClasses.map((size) => Math.round(size / at.alpha));
    return { point: at, full, reduced: [...full.filter((_, i) => i % 2 === 0), ...largeDimensions] };
  });
}

/** Name of a simulation. */
export function limitRunName(mode: 'full' | 'reduced', at: LimitPoint, d: number): string {
  return `${mode} ${at.sampler} ${at.ensemble} alpha=${at.alpha} w=${at.w} d=${d}`;
}

/** Every simulation of an effort. Their time steps leave a relative error of 1e-3 at most (docs/theory/particles.md). */
export function limitRequests(effort: Effort): Record<string, SimulationRequest> {
  const { realizations, particles, pairs, reduced: reducedParticles } = efforts[effort];
  const requests: Record<string, SimulationRequest> = {};
  for (const { point: at, full, reduced } of limitRuns(effort)) {
    const { w: guidance, ...rest } = at;
    for (const d of full) {
      const affordable = Math.round(pairs / (realizations * Math.exp(at.alpha * d)));
      requests[limitRunName('full', at, d)] = requestOf(
        { mode: 'full', d, guidance, ...rest },
        { realizations, particles: Math.max(16, Math.min(particles, affordable)), steps: 16 },
      );
    }
    for (const d of reduced) {
      requests[limitRunName('reduced', at, d)] = requestOf(
        { mode: 'reduced', d, guidance, ...rest },
        { realizations, particles: reducedParticles, steps: 24 },
      );
    }
  }
  return requests;
}

/** Bound on the relative error of the time steps. */
export const limitStepError = 1e-3;

/** The mean-field problem of a point. */
export function limitProblem({ alpha, w, ensemble, sampler }: LimitPoint): GuidedProblem {
  return {
    alpha,
    sigma2: claimSigma2,
    ensemble,
    sampler: samplers[sampler],
    process: ornsteinUhlenbeck,
    guidance: { w },
    startTime: null,
  };
}
