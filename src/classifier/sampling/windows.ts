import {
  ParameterError,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireList,
  requireMembers,
  requireNonNegative,
} from '../../numerics/checks.ts';
import { requireProcess, type ForwardProcess } from '../../process/process.ts';
import { requireClassifier, type Classifier } from '../classifier.ts';
import { checkSamplingProblem, type SamplingProblem } from './problem.ts';
import { evenTimes } from './nodes.ts';

/** Forward times [from, to] of a range of noise levels. */
export interface NoiseWindow {
  readonly from: number;
  readonly to: number;
}

/** Windows beyond which a request is refused. */
const mostWindows = 10_000;

/** Throws unless `window` is one: 0 <= from < to. */
export function requireWindow(parameter: string, window: NoiseWindow): void {
  requireKnownKeys(parameter, window, ['from', 'to']);
  requireMembers(parameter, window, { from: 'number', to: 'number' });
  requireNonNegative('from', window.from);
  requireFinite('to', window.to);
  if (!(window.to > window.from)) throw new ParameterError('to', `above ${window.from}`, window.to);
}

/** Windows between T and t_end, even in the clock theta = log(1 + tau)/2, from the data to the noise. */
export function evenWindows(problem: SamplingProblem, count: number): NoiseWindow[] {
  checkSamplingProblem(problem);
  requireInteger('count', count, 1, mostWindows);
  const times = evenTimes(problem, problem.endTime, problem.startTime, count);
  return times.slice(1).map((to, i) => ({ from: times[i]!, to }));
}

/** Middle of a window in the clock theta = log(1 + tau)/2. */
export function windowClock(process: ForwardProcess, window: NoiseWindow): number {
  requireProcess(process);
  requireWindow('window', window);
  const clock = (time: number) => 0.5 * Math.log1p(process.noiseToSignal(time));
  return 0.5 * (clock(window.from) + clock(window.to));
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
  requireClassifier('exact', exact);
  requireClassifier('imperfect', imperfect);
  requireWindow('window', window);
  return patchedClassifier(exact, [{ window, classifier: imperfect }]);
}

/** A separate classifier in each window, the exact one elsewhere. */
export function patchedClassifier(
  exact: Classifier,
  patches: readonly { readonly window: NoiseWindow; readonly classifier: Classifier }[],
): Classifier {
  requireClassifier('exact', exact);
  requireList('patches', patches, (name, patch) => {
    requireKnownKeys(name, patch, ['window', 'classifier', 'weight']);
    requireWindow(`${name}.window`, patch.window);
    requireClassifier(`${name}.classifier`, patch.classifier);
  });
  const { classes, dimension } = exact;
  for (const { classifier } of patches) {
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
