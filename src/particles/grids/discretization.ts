import { NumericalFailure } from '../../numerics/checks.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import { estimate } from '../../numerics/statistics.ts';
import { combineNoise, spanWeights } from './coupledNoise.ts';
import { createPilot, halvedNodes } from './pilot.ts';
import type { ResolvedProblem } from '../problem/resolved.ts';
import type { StepMethod } from '../../sampler/sequence.ts';
import { reducedState, turnFrame } from '../reduced/reducedStep.ts';
import { methodOrder, stepSequence } from '../../sampler/sequence.ts';

/**
 * Relative discretisation errors of m and v at the data (run minus converged), estimated by a pilot with averaged
 * classes; the standard errors are those of the pilot.
 */
export interface DiscretizationEstimate {
  readonly m: Estimate;
  readonly v: Estimate;
}

/** Pairs of pilot particles with which errors are estimated. */
const pairs = 64;

/** Largest number of steps that a tolerance may require. */
const mostSteps = 20_000;

/**
 * Discretisation error by halving all steps (eq. halving-estimate): pilot particles advance with the steps between the
 * nodes and with steps half as long, driven by the same noise; for a method of order p the error is the difference
 * times 2^p/(2^p - 1).
 */
export function discretizationEstimate(
  resolved: ResolvedProblem,
  method: StepMethod,
  nodes: Float64Array,
): DiscretizationEstimate {
  const wholes = stepSequence(resolved.problem, method, nodes);
  const halves = stepSequence(resolved.problem, method, halvedNodes(nodes));
  const weights = spanWeights(halves);
  const pilot = createPilot(resolved);
  const { noise } = pilot;
  const one = reducedState();
  const two = reducedState();
  const ofM = new Float64Array(pairs);
  const ofV = new Float64Array(pairs);
  let finalM = 0;
  let finalV = 0;
  for (let particle = 0; particle < 2 * pairs; particle++) {
    pilot.start(one, particle, wholes[0]!.w);
    pilot.start(two, particle, wholes[0]!.w);
    for (const [n, whole] of wholes.entries()) {
      pilot.draw(particle, n);
      combineNoise(noise, weights[n]!);
      pilot.advance(one, whole, noise.whole);
      turnFrame(one);
      pilot.advance(two, halves[2 * n]!, noise.first);
      pilot.advance(two, halves[2 * n + 1]!, noise.second);
      turnFrame(two);
    }
    const pair = Math.floor(particle / 2);
    ofM[pair]! += (one.M - two.M) / 2;
    ofV[pair]! += (one.S - two.S) / 2;
    finalM += two.M / (2 * pairs);
    finalV += two.S / (2 * pairs);
  }
  const power = 2 ** methodOrder(method);
  const relative = (differences: Float64Array, final: number) =>
    estimate(Array.from(differences, (difference) => (difference * power) / ((power - 1) * final)));
  return { m: relative(ofM, finalM), v: relative(ofV, finalV) };
}

/**
 * Smallest number of steps found for which the estimated error of m and of v, each plus its standard error, is at most
 * `tolerance`.
 * @param nodesOf grid with a number of steps
 * @throws NumericalFailure if there is none up to 20 000
 */
export function stepsForTolerance(
  resolved: ResolvedProblem,
  method: StepMethod,
  tolerance: number,
  nodesOf: (steps: number) => Float64Array,
): number {
  let steps = 8;
  while (steps <= mostSteps) {
    const { m, v } = discretizationEstimate(resolved, method, nodesOf(steps));
    const error = Math.max(...[m, v].map(({ mean, standardError }) => Math.abs(mean) + standardError!));
    if (error <= tolerance) return steps;
    const wanted = 1.05 * (error / tolerance) ** (1 / methodOrder(method));
    // Far from convergence the estimate says little: at most four times as many at once.
    steps = Math.ceil(steps * (wanted < 4 ? Math.max(1.2, wanted) : 4));
  }
  throw new NumericalFailure(
    `the method ${method} does not reach the tolerance ${tolerance} with ${mostSteps} steps`,
    'give a larger tolerance, or a method of second order',
  );
}
