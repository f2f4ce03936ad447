import { ParameterError, requireNonNegative } from '../../numerics/checks.ts';
import type { Classifier } from '../classifier.ts';
import type { SamplingProblem } from './problem.ts';
import { evenTimes } from './nodes.ts';

/** Forward times [from, to] of a range of noise levels. */
export interface NoiseWindow {
  readonly from: number;
  readonly to: number;
}

/** Windows between T and t_end, even in the clock theta = log(1 + tau)/2, from the data to the noise. */
export function evenWindows(problem: SamplingProblem, count: number): NoiseWindow[] {
  const times = evenTimes(problem, problem.endTime, problem.startTime, count);
  return times.slice(1).map((to, i) => ({ from: times[i]!, to }));
}

/** Ends of windows, for the grid of a sampler. */
export function windowBreaks(windows: readonly NoiseWindow[]): number[] {
  return [...new Set(windows.flatMap(({ from, to }) => [from, to]))];
}

/**
 * A classifier that is imperfect inside a window of noise levels and exact outside.
 * @throws ParameterError unless 0 <= from < to, or if the two are not for the same classes and dimension
 */
export function windowedClassifier(
  exact: Classifier,
  imperfect: Classifier,
  window: NoiseWindow,
): Classifier {
  return patchedClassifier(exact, [{ window, classifier: imperfect }]);
}

/** A classifier of its own in each window, the exact one elsewhere. */
export function patchedClassifier(
  exact: Classifier,
  patches: readonly { readonly window: NoiseWindow; readonly classifier: Classifier }[],
): Classifier {
  const { classes, dimension } = exact;
  for (const { window, classifier } of patches) {
    requireNonNegative('from', window.from);
    if (!(window.to > window.from)) throw new ParameterError('to', `above ${window.from}`, window.to);
    if (classifier.classes !== classes || classifier.dimension !== dimension) {
      const condition = `for ${classes} classes in ${dimension} dimensions`;
      throw new ParameterError('classifier', condition, [classifier.classes, classifier.dimension]);
    }
  }
  return {
    name: patches.length === 1 ? `${patches[0]!.classifier.name}, in a window` : 'by windows',
    classes,
    dimension,
    at(time) {
      const patch = patches.find(({ window }) => time >= window.from && time <= window.to);
      return (patch?.classifier ?? exact).at(time);
    },
  };
}
