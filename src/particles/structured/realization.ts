import type { RangeProgress } from '../fullRange.ts';
import type { ClassKernel } from '../kernels/kernel.ts';
import { drawClasses } from './classes.ts';
import { structuredRecorder, type StructuredSummary } from './observables.ts';
import type { StructuredPlan } from './plan.ts';
import { blockRunner } from './runner.ts';
import { classScores } from './scores.ts';

/**
 * Simulates all particles of one realisation: classes drawn from the law, the exact score of their mixture (or of the average of those that
 * compete), the steps of each coordinate's own variance. The result depends on the plan, the realisation and the kernel alone, bit for bit.
 * @param onProgress fraction done, in [0, 1]
 */
export function runRealization(
  plan: StructuredPlan,
  realization: number,
  kernel: ClassKernel,
  onProgress?: RangeProgress,
): StructuredSummary {
  const { problem, options, w } = plan;
  const { spec, size } = problem;
  const { seed, particles } = options;
  const classes = drawClasses(problem, seed, realization);
  const scores = classScores(problem, classes, options, kernel);
  const recorder = structuredRecorder(spec, size, classes);
  const runner = blockRunner(plan, realization, classes, scores);
  for (let begin = 0; begin < particles; begin += runner.room) {
    const count = Math.min(runner.room, particles - begin);
    runner.start(begin, count);
    for (let n = 0; n < w.length; n++) {
      runner.step(n);
      onProgress?.((begin + (count * (n + 1)) / w.length) / particles);
    }
    const guidedWeights = runner.guidedWeights(w.length);
    for (let p = 0; p < count; p++) recorder.record(runner.y, p * spec.dimension, guidedWeights[p]!);
  }
  const pairs = { total: 0, evaluated: 0, precise: 0 };
  for (const { pairs: done } of scores.own === null ? [scores.all] : [scores.all, scores.own]) {
    pairs.total += done.total;
    pairs.evaluated += done.evaluated;
    pairs.precise += done.precise;
  }
  return recorder.summary(realization, pairs);
}
