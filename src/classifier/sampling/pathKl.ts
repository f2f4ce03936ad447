import {
  ParameterError,
  requireKnownKeys,
  requireList,
  requirePositive,
  requireResult,
} from '../../numerics/checks.ts';
import { RandomStream } from '../../numerics/random.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import { estimate } from '../../numerics/statistics.ts';
import { requireFit, type Classifier } from '../classifier.ts';
import { exactClassifier } from '../exact.ts';
import { noiseGrid } from './nodes.ts';
import type { SamplingNumerics, SamplingProblem } from './problem.ts';
import { checkSamplingNumerics, checkSamplingProblem, noiseStream, startStream } from './problem.ts';
import { diffusionSampler } from './stochastic.ts';
import type { NoiseWindow } from './windows.ts';
import { requireWindow, windowBreaks } from './windows.ts';

/** Options of {@link pathKl}. */
export interface PathKlOptions extends SamplingNumerics {
  /** Noise of the sampler, > 0. */
  readonly eta: number;
  /** Windows whose shares are computed, in any order and not overlapping. */
  readonly windows: readonly NoiseWindow[];
}

export const pathKlDefaults: PathKlOptions = {
  eta: 1,
  steps: 120,
  particles: 1000,
  seed: 1,
  windows: [],
};

/** KL of the paths of the reverse diffusion, exact against imperfect guidance. */
export interface PathKl {
  /** At least the KL of the outputs (data processing). */
  readonly total: Estimate;
  /** Shares of the windows; with all windows between T and t_end they add up to the total. */
  readonly windows: readonly Estimate[];
  /** By noise level, from noise to data, at the nodes of the grid; a break appears twice. */
  readonly profile: readonly PathKlLevel[];
}

/** One noise level. */
export interface PathKlLevel {
  readonly time: number;
  /** E|grad_x f|^2 under the law of the exact guided sampler. */
  readonly guidedMeanSquare: Estimate;
  /** Contribution to the path KL per unit of the clock theta = log(1 + tau)/2. */
  readonly density: Estimate;
}

/**
 * Girsanov (eq. propagation-path): for two reverse diffusions of one noise, whose scores differ by (1 + w) grad f,
 *   KL(paths) = (1 + eta^2)^2/(8 eta^2) (1 + w)^2 Int E|grad_u f|^2 dlambda,
 * under the exact one; eta = 1: (1 + w)^2/2 Int g^2 E|grad_x f|^2 dt.
 * @param options defaults in {@link pathKlDefaults}
 */
export function pathKl(
  problem: SamplingProblem,
  classifier: Classifier,
  options: Partial<PathKlOptions> = {},
): PathKl {
  checkSamplingProblem(problem);
  requireFit('classifier', classifier, problem.diffused);
  requireKnownKeys('options', options, Object.keys(pathKlDefaults));
  const { eta, windows, ...numerics } = { ...pathKlDefaults, ...options };
  checkSamplingNumerics(numerics);
  requirePositive('eta', eta);
  const ofNoise = (1 + eta * eta) ** 2 / (8 * eta * eta);
  if (!Number.isFinite(ofNoise)) {
    throw new ParameterError('eta', 'such that (1 + eta^2)^2/eta^2 is a finite number', eta);
  }
  requireList('windows', windows, requireWindow);
  const { diffused, label, w, startTime } = problem;
  const { process, mixture } = diffused;
  const d = mixture.dimension;
  const { particles, seed } = numerics;
  const grid = noiseGrid(problem, numerics.steps, windowBreaks(windows));
  const truth = exactClassifier(diffused);
  const points = grid.flatMap((segment) => {
    const { steps, stepSize, nodes } = segment;
    return Array.from({ length: steps + 1 }, (_, i) => ({
      node: nodes[2 * i]!,
      // Trapezoid of each segment by itself: the classifier may jump from one to the next.
      weight: i === 0 || i === steps ? 0.5 * stepSize : stepSize,
      exact: truth.at(nodes[2 * i]!.askedAt),
      other: classifier.at(nodes[2 * i]!.askedAt),
      squares: new Float64Array(particles),
    }));
  });
  const sampler = diffusionSampler(problem, null, grid, eta);
  const factor = ofNoise * (1 + w) ** 2;
  const starts = new RandomStream(seed, startStream);
  const noise = new RandomStream(seed, noiseStream);
  const spread = Math.sqrt(process.priorVariance(startTime));
  const x = new Float64Array(d);
  const at = new Float64Array(d);
  const one = new Float64Array(d);
  const two = new Float64Array(d);
  /** |grad_u f|^2 of particle n at a point. */
  const record = (index: number, n: number, u: Float64Array): void => {
    const { node, exact, other, squares } = points[index]!;
    for (let i = 0; i < d; i++) at[i] = node.scale * u[i]!;
    exact.gradient(label, at, one);
    other.gradient(label, at, two);
    let square = 0;
    for (let i = 0; i < d; i++) square += (node.scale * (two[i]! - one[i]!)) ** 2;
    squares[n] = square;
  };
  // A step's beginning is a point; where a segment begins, the end of the one before is another at the same place.
  const beginnings: number[] = [];
  let index = 0;
  for (const { steps } of grid) {
    for (let i = 0; i < steps; i++) beginnings.push(index++);
    index++;
  }
  const lastScale = points.at(-1)!.node.scale;
  for (let n = 0; n < particles; n++) {
    starts.moveTo(n);
    noise.moveTo(n);
    for (let i = 0; i < d; i++) x[i] = spread * starts.nextNormal();
    sampler.run(
      x,
      () => noise.nextNormal(),
      (step, u) => {
        const begin = beginnings[step]!;
        if (step > 0 && begin - beginnings[step - 1]! > 1) record(begin - 1, n, u);
        record(begin, n, u);
      },
    );
    for (let i = 0; i < d; i++) x[i]! /= lastScale;
    record(points.length - 1, n, x);
  }
  const share = (inside: (time: number) => boolean): Estimate => {
    const sums = new Float64Array(particles);
    for (const { node, weight, squares } of points) {
      if (!inside(node.askedAt)) continue;
      for (let n = 0; n < particles; n++) sums[n]! += factor * weight * squares[n]!;
    }
    return estimate(sums);
  };
  const total = share(() => true);
  requireResult('the KL of the paths', [total.mean, total.standardError ?? 0], 'take w and eta less extreme');
  return {
    total,
    windows: windows.map(({ from, to }) => share((time) => time >= from && time <= to)),
    profile: points.map(({ node, squares }) => {
      const mean = estimate(squares);
      // dlambda = 2 (1 + tau)/Gamma dtheta.
      const perClock = (2 * factor * (1 + node.noiseToSignal)) / node.gamma;
      return {
        time: node.time,
        guidedMeanSquare: scaled(mean, 1 / node.scale ** 2),
        density: scaled(mean, perClock),
      };
    }),
  };
}

function scaled({ mean, standardError }: Estimate, factor: number): Estimate {
  return { mean: factor * mean, standardError: standardError === null ? null : factor * standardError };
}
