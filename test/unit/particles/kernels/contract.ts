import { drawCentres, type CentreDraw } from '../../../../src/mixture/centres.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';
import { drawnClasses, givenClasses } from '../../../../src/particles/kernels/classSource.ts';
import type { ClassKernel, KernelPass } from '../../../../src/particles/kernels/kernel.ts';
import { rowLength, sumColumns } from '../../../../src/particles/kernels/kernel.ts';
import {
  emptyWeights,
  posteriorEvaluator,
  type PosteriorPlan,
} from '../../../../src/particles/engine/posterior.ts';

/**
 * What every engine has to keep, as plain functions, so that the same suite runs under Node and in a browser. Each
 * returns the largest error that it found, to be below its limit.
 */
export interface ContractCase {
  readonly title: string;
  readonly limit: number;
  run(kernel: ClassKernel): number;
}

const ensembles = ['gaussian', 'spherical'] as const;

function draw(changes: Partial<CentreDraw>): CentreDraw {
  const base = { ensemble: 'gaussian', classes: 300, dimension: 6, seed: 4, realization: 1 } as const;
  return { ...base, guidedClass: 'typical', ...changes };
}

/** Largest of some numbers; NaN counts as infinitely large. */
function worst(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Number.isNaN(value) ? Infinity : value);
  return largest;
}

/**
 * Posterior of the mixture at y, in double precision, written down as it stands in the textbook: weights relative to
 * their largest, and nothing else that an engine does.
 */
function reference(y: Float64Array, centres: Float64Array, variance: number) {
  const dimension = y.length;
  const logs: number[] = [];
  for (let row = 0; row < centres.length; row += dimension) {
    let square = 0;
    for (let i = 0; i < dimension; i++) square += (y[i]! - centres[row + i]!) ** 2;
    logs.push(-square / (2 * variance));
  }
  const top = logs.reduce((a, b) => Math.max(a, b));
  const weights = logs.map((log) => Math.exp(log - top));
  const total = weights.reduce((a, b) => a + b);
  const mean = new Float64Array(dimension);
  weights.forEach((weight, k) => {
    for (let i = 0; i < dimension; i++) mean[i]! += (weight / total) * centres[k * dimension + i]!;
  });
  const others = weights.slice(1).reduce((a, b) => a + b, 0);
  let squares = 0;
  let entropy = 0;
  for (const weight of weights.slice(1)) {
    const share = weight / others;
    squares += share * share;
    if (share > 0) entropy -= share * Math.log(share);
  }
  const guided = weights[0]! / total;
  return { mean, guided, inverseParticipation: squares, complexity: entropy / dimension };
}

/** Places of all kinds: around the guided class, off it, around another class, between two. */
function positions(centres: Float64Array, dimension: number, variance: number, count: number): Float64Array {
  const classes = centres.length / dimension;
  const y = new Float64Array(count * dimension);
  new RandomStream(17, 9).normals(y, 0, y.length);
  const overlaps = [1, 1.3, 0.5, 0, 0.5, 0];
  const otherOverlaps = [0, 0, 0, 0, 0.5, 1];
  for (let p = 0; p < count; p++) {
    const other = 1 + (p % (classes - 1));
    for (let i = 0; i < dimension; i++) {
      y[p * dimension + i] =
        Math.sqrt(variance) * y[p * dimension + i]! +
        overlaps[p % 6]! * centres[i]! +
        otherOverlaps[p % 6]! * centres[other * dimension + i]!;
    }
  }
  return y;
}

const sizes = [
  [4, 120],
  [8, 1300],
  [13, 2500],
  [16, 3000],
  [24, 1400],
] as const;

/** Largest relative error of scores, and absolute error of posterior weights, over ensembles, sizes and places. */
function posteriorErrors(kernel: ClassKernel, variances: readonly number[]): number {
  const errors: number[] = [];
  for (const ensemble of ensembles) {
    for (const [dimension, classes] of sizes) {
      const request = draw({ ensemble, dimension, classes });
      const centres = drawCentres(request);
      const count = 30;
      const evaluator = posteriorEvaluator({ ...plan(kernel, request), blockSize: count });
      for (const variance of variances) {
        const y = positions(centres, dimension, variance, count);
        const means = new Float64Array(y.length);
        const weights = emptyWeights(count);
        evaluator.startBlock();
        evaluator.posteriorMeans(y, count, variance, means, weights, true);
        for (let p = 0; p < count; p++) {
          const at = y.subarray(p * dimension, (p + 1) * dimension);
          const exact = reference(at, centres, variance);
          let error = 0;
          let score = 0;
          for (let i = 0; i < dimension; i++) {
            error += (means[p * dimension + i]! - exact.mean[i]!) ** 2;
            score += (exact.mean[i]! - at[i]!) ** 2;
          }
          errors.push(Math.sqrt(error / score), Math.abs(weights.guided[p]! - exact.guided) / 4);
        }
      }
    }
  }
  return worst(errors);
}

function plan(kernel: ClassKernel, request: CentreDraw): PosteriorPlan {
  return { kernel, source: drawnClasses(request), blockSize: 64, streamed: false, skipTolerance: 1e-7 };
}

function bits(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) return Infinity;
  return worst(a.map((value, i) => (Object.is(value, b[i]) ? 0 : 1)));
}

/** Rows of sums of a kernel over all classes of a source. */
function sums(kernel: ClassKernel, request: CentreDraw, pass: Omit<KernelPass, 'skip'>): Float64Array {
  const source = drawnClasses(request);
  const store = kernel.open(source, source.others, pass.count, false);
  store.load(0, source.others);
  const rows = new Float64Array(pass.count * rowLength(request.dimension));
  store.accumulate({ ...pass, skip: null }, 0, source.others, rows);
  return rows;
}

/**
 * Posterior means along a contraction towards mu_c with a jerk in the middle, as a trajectory makes them: three particles
 * that are not neighbours, in a block of `count`; Gamma falls from `largest` by a factor of 24.
 */
function trajectory(
  changes: Partial<PosteriorPlan>,
  request: CentreDraw,
  kernel: ClassKernel,
  count: number,
  largest = 2,
) {
  const evaluator = posteriorEvaluator({ ...plan(kernel, request), blockSize: count, ...changes });
  const { dimension } = request;
  const guided = drawnClasses(request).guided;
  const y = new Float64Array(count * dimension);
  const stream = new RandomStream(3, 9);
  for (let p = 0; p < count; p++) {
    stream.moveTo(p);
    stream.normals(y, p * dimension, dimension);
  }
  const out: number[] = [];
  evaluator.startBlock();
  for (let n = 0; n < 12; n++) {
    const variance = largest * 0.75 ** n;
    const means = new Float64Array(count * dimension);
    const weights = emptyWeights(count);
    evaluator.posteriorMeans(y, count, variance, means, weights, true);
    for (const p of [0, 5, 6]) {
      out.push(weights.guided[p]!, ...means.subarray(p * dimension, (p + 1) * dimension));
    }
    for (let i = 0; i < y.length; i++) {
      const centre = guided[i % dimension]!;
      y[i] = centre + (n === 6 ? 0.95 : 0.85) * (y[i]! - centre) + (n === 6 ? 0.1 * Math.sin(i % 31) : 0);
    }
  }
  const { evaluated, total } = evaluator.pairs;
  return { values: Float64Array.from(out), evaluated: evaluated / total };
}

/** The suite. */
export const kernelContract: readonly ContractCase[] = [
  {
    title: 'scores within 2e-6 of double precision for Gamma >= 0.25, weights within 8e-6',
    limit: 2e-6,
    run: (kernel) => posteriorErrors(kernel, [1e4, 30, 3, 1, 0.5, 0.25]),
  },
  {
    title: 'the same bound far below it, down to Gamma = 1e-6 (log-weights of 1e7)',
    limit: 2e-6,
    run: (kernel) => posteriorErrors(kernel, [0.1, 0.03, 1e-2, 1e-3, 1e-4, 1e-6]),
  },
  {
    title: 'participation and complexity of the others within 1e-5',
    limit: 1e-5,
    run(kernel) {
      const errors: number[] = [];
      for (const ensemble of ensembles) {
        const request = draw({ ensemble, dimension: 9, classes: 700 });
        const centres = drawCentres(request);
        const evaluator = posteriorEvaluator({ ...plan(kernel, request), blockSize: 12 });
        for (const variance of [5, 1, 0.4]) {
          const y = positions(centres, 9, variance, 12);
          const weights = emptyWeights(12);
          evaluator.startBlock();
          evaluator.posteriorMeans(y, 12, variance, new Float64Array(y.length), weights, true);
          for (let p = 0; p < 12; p++) {
            const exact = reference(y.subarray(9 * p, 9 * p + 9), centres, variance);
            if (exact.guided > 0.99) continue;
            errors.push(Math.abs(weights.inverseParticipation[p]! - exact.inverseParticipation));
            errors.push(Math.abs(weights.complexity[p]! - exact.complexity));
          }
        }
      }
      return errors.length < 30 ? Infinity : worst(errors);
    },
  },
  {
    title: 'log-weights of hundreds: the reference is raised without loss (relative 1e-5 in the total)',
    limit: 1e-5,
    run(kernel) {
      const request = draw({ dimension: 7, classes: 5000 });
      const centres = drawCentres(request);
      // At another class in the middle of a slab, so that the sums before it are rescaled.
      const errors: number[] = [];
      for (const k of [3, 1000, 4999]) {
        const y = centres.slice(7 * k, 7 * k + 7);
        const variance = 0.02;
        const offsets = y.map((value, i) => value - centres[i]!);
        const cuts = new Float64Array([-40]);
        const row = sums(kernel, request, { count: 1, offsets, variance, cuts, squares: true });
        const log = Math.log2(row[sumColumns.total]!) + row[sumColumns.reference]!;
        let square = 0;
        for (let i = 0; i < 7; i++) square += offsets[i]! ** 2;
        // All weight is on that class: L = log2(e) |delta|^2/(2 Gamma).
        const exact = (Math.LOG2E * square) / (2 * variance);
        errors.push(exact > 100 ? Math.abs(log / exact - 1) : Infinity);
        errors.push(Math.abs(row[sumColumns.squares]! / row[sumColumns.total]! ** 2 - 1));
      }
      return worst(errors);
    },
  },
  {
    title: 'classes below the cut contribute exactly nothing, whatever their number',
    limit: 0,
    run(kernel) {
      const errors: number[] = [];
      for (const classes of [2, 8, 9, 17, 4097, 9000]) {
        const request = draw({ dimension: 5, classes });
        const offsets = new Float64Array(10);
        const cuts = new Float64Array([1000, 1000]);
        const rows = sums(kernel, request, { count: 2, offsets, variance: 0.3, cuts, squares: true });
        for (const [i, value] of rows.entries()) {
          errors.push(
            i % rowLength(5) === sumColumns.pairs ? Math.abs(value - (classes - 1)) : Math.abs(value),
          );
        }
      }
      return worst(errors);
    },
  },
  {
    title: 'pure noise: all classes weigh the same, for any number of classes and dimensions (relative 1e-6)',
    limit: 1e-6,
    run(kernel) {
      const errors: number[] = [];
      for (const [dimension, classes] of [
        [2, 2],
        [2, 9],
        [3, 10],
        [33, 4100],
        [50, 8200],
      ] as const) {
        const request = draw({ dimension, classes });
        const offsets = new Float64Array(3 * dimension);
        const cuts = new Float64Array(3).fill(-60);
        const rows = sums(kernel, request, { count: 3, offsets, variance: 1e12, cuts, squares: true });
        for (let p = 0; p < 3; p++) {
          const at = p * rowLength(dimension);
          errors.push(Math.abs(rows[at + sumColumns.total]! / (classes - 1) - 1));
          errors.push(Math.abs(rows[at + sumColumns.squares]! / (classes - 1) - 1));
        }
      }
      return worst(errors);
    },
  },
  {
    title: 'no other class at all: the posterior mean is mu_c',
    limit: 1e-15,
    run(kernel) {
      const request = draw({ classes: 1 });
      const evaluator = posteriorEvaluator({ ...plan(kernel, request), blockSize: 2 });
      const means = new Float64Array(12);
      evaluator.startBlock();
      evaluator.posteriorMeans(new Float64Array(12).fill(3), 2, 0.5, means, emptyWeights(2), true);
      return worst(means.map((value, i) => Math.abs(value - drawnClasses(request).guided[i % 6]!)));
    },
  },
  {
    title: 'centres that are given are the same as the drawn ones, bit for bit',
    limit: 0,
    run(kernel) {
      const request = draw({ dimension: 7, classes: 4200, ensemble: 'spherical' });
      const source = givenClasses(drawCentres(request), 7);
      return bits(
        trajectory({}, request, kernel, 7).values,
        trajectory({ source }, request, kernel, 7).values,
      );
    },
  },
  {
    title: 'bits do not depend on the other particles of the block',
    limit: 0,
    run(kernel) {
      const request = draw({ dimension: 10, classes: 9000 });
      const few = trajectory({}, request, kernel, 7).values;
      return bits(few, trajectory({}, request, kernel, 61).values);
    },
  },
  {
    title: 'bits do not depend on whether classes are held or streamed',
    limit: 0,
    run(kernel) {
      const request = draw({ dimension: 5, classes: 40_000 });
      const held = trajectory({}, request, kernel, 7).values;
      return bits(held, trajectory({ streamed: true }, request, kernel, 7).values);
    },
  },
  {
    title: 'skipping changes no bit, and (but for the plain engine) skips a tenth of a contraction or more',
    limit: 0,
    run(kernel) {
      const request = draw({ dimension: 16, classes: 3000 });
      const skipping = trajectory({}, request, kernel, 7);
      // Streamed classes are never skipped.
      const all = trajectory({ streamed: true }, request, kernel, 7);
      const skipped = kernel.name === 'plain' || skipping.evaluated < 0.9 ? 0 : 1;
      return Math.max(skipped, all.evaluated === 1 ? 0 : 1, bits(all.values, skipping.values));
    },
  },
  {
    title: 'skipping changes no bit where the rounding of log-weights is largest (Gamma down to 1e-5)',
    limit: 0,
    run(kernel) {
      const request = draw({ dimension: 6, classes: 3000 });
      return worst(
        [2e-2, 2e-3, 2e-4].map((largest) => {
          const skipping = trajectory({}, request, kernel, 61, largest);
          const all = trajectory({ streamed: true }, request, kernel, 61, largest);
          return bits(all.values, skipping.values);
        }),
      );
    },
  },
];
