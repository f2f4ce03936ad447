import { RandomStream } from '../../../src/numerics/random.ts';
import { probabilityFlow, reverseSde, type Sampler } from '../../../src/guidance/sampler.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import type { ClassEnsemble } from '../../../src/mixture/ensemble.ts';
import type { GuidedProblem } from '../../../src/problem/physics.ts';

/** A problem with everything that the tests below do not care about filled in. */
export function problem(
  alpha: number,
  w: number,
  parts: Partial<GuidedProblem> & { ensemble?: ClassEnsemble; sampler?: Sampler } = {},
): GuidedProblem {
  return {
    alpha,
    sigma2: 0.25,
    ensemble: 'gaussian',
    sampler: probabilityFlow,
    process: ornsteinUhlenbeck,
    guidance: { w },
    startTime: null,
    ...parts,
  };
}

/** Uniform random numbers of a fixed seed: (lo, hi) => value. */
export function uniform(seed: number): (lo: number, hi: number) => number {
  const stream = new RandomStream(seed, 900);
  return (lo, hi) => lo + (hi - lo) * stream.nextUniform();
}

export const odeAndSde: readonly [string, Sampler][] = [
  ['ODE', probabilityFlow],
  ['SDE', reverseSde],
];

/** Relative difference, absolute below size 1e-3. */
export function relative(value: number, reference: number): number {
  return Math.abs(value - reference) / Math.max(Math.abs(reference), 1e-3);
}
