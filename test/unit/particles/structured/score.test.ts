import { describe, expect, it } from 'vitest';
import { posteriorMean } from '../../../../src/mixture/score.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';
import { emptyWeights } from '../../../../src/particles/engine/posterior.ts';
import { chooseKernel } from '../../../../src/particles/kernels/choose.ts';
import { plainKernel } from '../../../../src/particles/kernels/plainKernel.ts';
import { structuredPosterior } from '../../../../src/particles/structured/posterior.ts';
import { draw, exact, laws, scoreOf, structuredProblem, twoLevels, writtenClasses } from './laws.ts';

const d = 8;
const kernels = [plainKernel, (await chooseKernel('wasm', null)).kernel];
/** Noise levels from the data to far out; the posterior is on one class, on some, on all. */
const noise = [0, 0.01, 0.3, 2, 40, 1e4];

/** Particles around class `centre` of a list, at the scale of the noise. */
function points(centres: Float64Array, count: number, tau: number): Float64Array {
  const draws = new RandomStream(11, 900, count);
  const classes = centres.length / d;
  return Float64Array.from({ length: count * d }, (_, j) => {
    const k = Math.floor(j / d) % classes;
    return centres[k * d + (j % d)]! + Math.sqrt(0.1 + tau) * draws.nextNormal();
  });
}

describe.each(kernels)('score of structured classes, kernel $name', (kernel) => {
  it.each([...laws, ['two levels', twoLevels(2)] as const])(
    '%s: score and weight of the guided class as in the sum over classes, 2e-5 of the size of the score',
    async (_name, law) => {
      const problem = await structuredProblem(law);
      const classes = draw(problem);
      const written = writtenClasses(problem, classes);
      const { size } = problem;
      const posterior = structuredPosterior(size, classes, exact, kernel);
      const count = 40;
      const means = new Float64Array(count * d);
      const weights = emptyWeights(count);
      for (const tau of noise) {
        const y = points(written.centres, count, tau);
        posterior.startBlock();
        posterior.means(y, count, tau, means, weights);
        for (let p = 0; p < count; p++) {
          const at = y.subarray(p * d, (p + 1) * d);
          const { score, weight } = scoreOf(written, classes.classes, at, tau);
          const length = Math.hypot(...score);
          for (let i = 0; i < d; i++) {
            const g = written.variances[i]! + tau;
            expect(Math.abs((means[p * d + i]! - at[i]!) / g - score[i]!) / length).toBeLessThan(2e-5);
          }
          expect(Math.abs(weights.guided[p]! - weight)).toBeLessThan(1e-5 * (weight + 1e-3));
        }
      }
      expect(posterior.pairs.total).toBe(noise.length * count * (classes.classes - 1));
    },
  );

  it('of one variance, it is the score of mixture/score.ts, 1e-11 in double precision, 1e-6 in single', async () => {
    const problem = await structuredProblem(laws[0]![1]);
    const classes = draw(problem);
    const { centres } = writtenClasses(problem, classes);
    const posterior = structuredPosterior(problem.size, classes, exact, kernel);
    const means = new Float64Array(d);
    for (const tau of noise) {
      const y = points(centres.subarray(5 * d), 1, tau);
      posterior.startBlock();
      posterior.means(y, 1, tau, means, emptyWeights(1));
      const other = posteriorMean(y, { centres, dimension: d }, 1, 0.25 + tau);
      const distance = Math.hypot(...means.map((value, i) => value - other[i]!));
      expect(distance).toBeLessThan(kernel === plainKernel ? 1e-11 : 1e-6);
    }
  });

  it('one noise level after another, with classes left out: as at each by itself, 1e-4', async () => {
    for (const [, law] of laws) {
      const problem = await structuredProblem(law);
      const classes = draw(problem);
      const { centres, variances } = writtenClasses(problem, classes);
      const count = 40;
      const y = points(centres, count, 0.02);
      const options = { ...exact, skipTolerance: 1e-7 };
      const running = structuredPosterior(problem.size, classes, options, kernel);
      const [means, fresh] = [new Float64Array(count * d), new Float64Array(count * d)];
      running.startBlock();
      for (const tau of [1e4, 40, 2, 0.3, 1e-3, 0.5, 0]) {
        running.means(y, count, tau, means, emptyWeights(count));
        const alone = structuredPosterior(problem.size, classes, exact, kernel);
        alone.means(y, count, tau, fresh, emptyWeights(count));
        means.forEach((value, j) => {
          // In units of a standard deviation inside the guided class.
          const unit = Math.sqrt(variances[j % d]! + tau);
          expect(Math.abs(value - fresh[j]!) / unit).toBeLessThan(1e-4);
        });
      }
    }
  });

  it('of a superclass, it is that of its own classes, and its weight that of their sum', async () => {
    const problem = await structuredProblem(twoLevels(1));
    const { guidedClasses, classes: all } = problem.size;
    expect([guidedClasses, all]).toEqual([9, 108]);
    const classes = draw(problem);
    const written = writtenClasses(problem, classes);
    const own = structuredPosterior(problem.size, classes, exact, kernel, guidedClasses);
    const whole = structuredPosterior(problem.size, classes, exact, kernel);
    const means = new Float64Array(20 * d);
    const y = points(written.centres, 20, 0.5);
    whole.means(y, 20, 0.5, means, emptyWeights(20));
    const totals = whole.logTotals(20);
    own.means(y, 20, 0.5, means, emptyWeights(20));
    own.logTotals(20).forEach((log, p) => {
      const at = y.subarray(p * d, (p + 1) * d);
      const { score, weight } = scoreOf(written, guidedClasses, at, 0.5);
      const ofAll = scoreOf(written, all, at, 0.5).weight;
      for (let i = 0; i < d; i++) expect((means[p * d + i]! - at[i]!) / 0.6).toBeCloseTo(score[i]!, 4);
      expect(2 ** (log - totals[p]!)).toBeCloseTo(ofAll / weight, 5);
    });
  });
});
