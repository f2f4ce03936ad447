import { requireInteger, requireNonNegative, ParameterError } from '../../numerics/checks.ts';
import type { Classifier } from '../classifier.ts';
import { evenTimes, noiseNode, nodeScore } from './nodes.ts';
import type { NodeScore, NoiseNode, NoiseSegment } from './nodes.ts';
import type { SamplingProblem } from './problem.ts';
import { ddimWeights } from '../../sampler/denoising.ts';
import { exponentialWeights } from '../../sampler/exponential.ts';

/** A sampler in steps. x moves from x_T to x_end in place. */
export interface SteppedSampler {
  /**
   * @param next gives standard normals in order, d per step; not called for eta = 0
   * @param visit is called before each step with its number and u
   */
  run(x: Float64Array, next: () => number, visit?: (step: number, u: Float64Array) => void): void;
}

/** Beginning, end and clock length of a step. */
interface StepNodes {
  readonly begin: NoiseNode;
  readonly end: NoiseNode;
  readonly stepSize: number;
}

/** Steps of a grid one after the other, without the midpoints. */
function stepsOf(grid: readonly NoiseSegment[]): StepNodes[] {
  return grid.flatMap(({ nodes, steps, stepSize }) =>
    Array.from({ length: steps }, (_, i) => ({ begin: nodes[2 * i]!, end: nodes[2 * i + 2]!, stepSize })),
  );
}

/**
 * The reverse diffusion in small steps: exponential Heun (eq. particle-step) in the frame. With y = x/a = sqrt(Gamma) u and
 * G = sqrt(Gamma) (u + s) the target, z = e^(-h/2), e = 1 + eta^2,
 *   y' = z^e y + (1 - z^e - W) G + W G' + sqrt(Gamma' (1 - e^(-eta^2 h))) xi,
 * G' at the prediction with W = 0 and the same xi. Weakly of second order.
 * @param classifier null for the exact one
 */
export function diffusionSampler(
  problem: SamplingProblem,
  classifier: Classifier | null,
  grid: readonly NoiseSegment[],
  eta: number,
): SteppedSampler {
  requireNonNegative('eta', eta);
  const { diffused } = problem;
  const d = diffused.mixture.dimension;
  const all = stepsOf(grid).map(({ begin, end, stepSize }) => ({
    begin,
    end,
    first: nodeScore(problem, classifier, begin),
    second: nodeScore(problem, classifier, end),
    ...exponentialWeights(stepSize, eta, end.gamma),
  }));
  const target = new Float64Array(d);
  const u = new Float64Array(d);
  const predicted = new Float64Array(d);
  const writeTarget = (score: NodeScore, gamma: number, y: Float64Array): void => {
    const root = Math.sqrt(gamma);
    for (let i = 0; i < d; i++) u[i] = y[i]! / root;
    score.score(u, target);
    for (let i = 0; i < d; i++) target[i] = root * (u[i]! + target[i]!);
  };
  const startSignal = diffused.process.signalScale(problem.startTime);
  const endSignal = diffused.process.signalScale(problem.endTime);
  return {
    run(x, next, visit) {
      for (let i = 0; i < d; i++) x[i]! /= startSignal;
      all.forEach(({ begin, end, first, second, decay, gain, endGain, noise }, n) => {
        writeTarget(first, begin.gamma, x);
        visit?.(n, u);
        for (let i = 0; i < d; i++) {
          const kept = decay * x[i]! + (eta === 0 ? 0 : noise * next());
          predicted[i] = kept + gain * target[i]!;
          x[i] = predicted[i]! - endGain * target[i]!;
        }
        writeTarget(second, end.gamma, predicted);
        for (let i = 0; i < d; i++) x[i]! += endGain * target[i]!;
      });
      for (let i = 0; i < d; i++) x[i]! *= endSignal;
    },
  };
}

/** Coarse steps beyond which a run is refused. */
export const mostCoarseSteps = 100_000;

/**
 * A real sampler in N coarse steps, even in the clock theta = log(1 + tau)/2 (in time for Ornstein-Uhlenbeck): the DDIM family
 * (eq. ddim-step) in y = x/a, 0 <= eta <= 1 (1: ancestral sampling).
 * Waves shorter than its steps kick it at random (eq. propagation-kicks).
 * @param classifier null for the exact one
 * @throws ParameterError for eta above 1 or a number of steps below 1
 */
export function coarseSampler(
  problem: SamplingProblem,
  classifier: Classifier | null,
  steps: number,
  eta: number,
): SteppedSampler {
  requireInteger('steps', steps, 1, mostCoarseSteps);
  requireNonNegative('eta', eta);
  if (eta > 1) throw new ParameterError('eta', 'at most 1 for coarse steps', eta);
  const { diffused, startTime, endTime } = problem;
  const d = diffused.mixture.dimension;
  const times = evenTimes(problem, endTime, startTime, steps).reverse();
  // A trained classifier knows nothing beyond T, rounding included.
  const first = startTime - 1e-12 * (startTime - endTime);
  const nodes = times.map((time, n) => noiseNode(problem, time, n === 0 ? first : time));
  const scores = nodes.slice(0, -1).map((node) => nodeScore(problem, classifier, node));
  const u = new Float64Array(d);
  const score = new Float64Array(d);
  const startSignal = diffused.process.signalScale(startTime);
  const endSignal = diffused.process.signalScale(endTime);
  return {
    run(x, next, visit) {
      for (let i = 0; i < d; i++) x[i]! /= startSignal;
      for (let n = 0; n < steps; n++) {
        const { gamma, noiseToSignal: tau } = nodes[n]!;
        const after = nodes[n + 1]!.noiseToSignal;
        const { gain, noise } = ddimWeights(tau, after, eta, 1);
        const root = Math.sqrt(gamma);
        for (let i = 0; i < d; i++) u[i] = x[i]! / root;
        scores[n]!.score(u, score);
        visit?.(n, u);
        for (let i = 0; i < d; i++) {
          x[i]! += (gain * score[i]!) / root + (eta === 0 ? 0 : noise * next());
        }
      }
      for (let i = 0; i < d; i++) x[i]! *= endSignal;
    },
  };
}
