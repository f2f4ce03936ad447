import { ParameterError, requireKnownKeys, requireList, requireObject } from '../../numerics/checks.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import type { Classifier } from '../classifier.ts';
import { exactClassifier } from '../exact.ts';
import type { CrossEntropyOptions } from './crossEntropy.ts';
import { resolveCrossEntropy, spentCrossEntropy } from './crossEntropy.ts';
import type { OutputError, OutputOptions } from './outputError.ts';
import { outputErrors, requireClassifiers, resolveOutput } from './outputError.ts';
import { pathKl } from './pathKl.ts';
import type { SamplingProblem } from './problem.ts';
import { checkSamplingProblem } from './problem.ts';
import type { NoiseWindow } from './windows.ts';
import { patchedClassifier, requireWindow, windowBreaks, windowedClassifier } from './windows.ts';

/** Cost of classifier errors in one window of noise levels. */
export interface WindowSensitivity {
  readonly window: NoiseWindow;
  /** Share of the window in the clock theta = log(1 + tau)/2 of all windows. */
  readonly weight: number;
  /** Conditional KL, mean over the window. */
  readonly kl: Estimate;
  /** Share of the window in the path KL of the reverse diffusion (eta = 1). */
  readonly pathKl: Estimate;
  /** Output of the sampler with errors in this window alone. */
  readonly output: OutputError;
  /** Error of the output per unit of cross-entropy, weight times kl (eq. propagation-sensitivity). */
  readonly sensitivity: WindowCosts;
}

/** Errors of the output in three measures. */
export interface WindowCosts {
  /** KL of the paths. */
  readonly path: number;
  /** KL of the output; null but for the flow. */
  readonly outputKl: number | null;
  /** E|x^ - x|^2 of the coupled output. */
  readonly couplingSquare: number;
}

/** Measures by which windows can be compared. */
export const costMeasures = ['path', 'outputKl', 'couplingSquare'] as const;
/** One of {@link costMeasures}. */
export type CostMeasure = (typeof costMeasures)[number];

/** Options of a study of windows. */
export interface SensitivityOptions {
  readonly sampling: Partial<OutputOptions>;
  readonly crossEntropy: Partial<CrossEntropyOptions>;
}

/** All windows, and how their errors add up. */
export interface SensitivityStudy {
  readonly windows: readonly WindowSensitivity[];
  /**
   * E[l_i l_j] over the exact output, l_i = log p^ - log p of window i (n x n, rows first): errors of the windows taken together have
   * the KL 1/2 sum_ij E[l_i l_j] as long as they are small (eq. propagation-coherence). Null but for the flow.
   */
  readonly coherence: Float64Array | null;
}

/**
 * Errors in one window at a time. Those of the flow stay until the end (eq. propagation-response), the displacement of the diffusion
 * is forgotten (eq. propagation-forgetting).
 * @param classifiers one per window, or one for all
 * @throws ParameterError
 */
export function windowSensitivities(
  problem: SamplingProblem,
  classifiers: Classifier | readonly Classifier[],
  windows: readonly NoiseWindow[],
  options: Partial<SensitivityOptions> = {},
): SensitivityStudy {
  checkSamplingProblem(problem);
  const each = perWindow(problem, classifiers, windows);
  requireKnownKeys('options', options, ['sampling', 'crossEntropy']);
  requireParts(options);
  const exact = exactClassifier(problem.diffused);
  const sampling = { ...options.sampling, breaks: windowBreaks(windows) };
  const single = each.map((classifier, i) => windowedClassifier(exact, classifier, windows[i]!));
  const { errors } = outputErrors(problem, single, sampling);
  const whole = patchedClassifier(
    exact,
    windows.map((window, i) => ({ window, classifier: each[i]! })),
  );
  const { particles, seed } = sampling;
  const paths = pathKl(problem, whole, {
    windows,
    ...(particles === undefined ? {} : { particles }),
    ...(seed === undefined ? {} : { seed }),
  });
  const lengths = windows.map((window) => clockLength(problem, window));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const rows = windows.map((window, i): WindowSensitivity => {
    const weight = lengths[i]! / total;
    const kl = spentCrossEntropy(problem, each[i]!, window, options.crossEntropy);
    const output = errors[i]!;
    const spent = weight * kl.mean;
    const sensitivity = {
      path: paths.windows[i]!.mean / spent,
      outputKl: output.kl === null ? null : output.kl.mean / spent,
      couplingSquare: output.coupling.mean ** 2 / spent,
    };
    return { window, weight, kl, pathKl: paths.windows[i]!, output, sensitivity };
  });
  return { windows: rows, coherence: coherenceOf(errors) };
}

/** Length of a window in theta. */
function clockLength({ diffused: { process } }: SamplingProblem, { from, to }: NoiseWindow): number {
  return 0.5 * (Math.log1p(process.noiseToSignal(to)) - Math.log1p(process.noiseToSignal(from)));
}

/** Throws unless the parts of the options are options: before anything is sampled. */
function requireParts(options: Partial<SensitivityOptions>): void {
  if (options.sampling !== undefined) {
    requireObject('options.sampling', options.sampling);
    resolveOutput(options.sampling);
  }
  if (options.crossEntropy !== undefined) {
    requireObject('options.crossEntropy', options.crossEntropy);
    resolveCrossEntropy(options.crossEntropy);
  }
}

function perWindow(
  problem: SamplingProblem,
  classifiers: Classifier | readonly Classifier[],
  windows: readonly NoiseWindow[],
): readonly Classifier[] {
  requireList('windows', windows, requireWindow);
  if (windows.length === 0) throw new ParameterError('windows', 'not empty', windows);
  const each = isClassifier(classifiers) ? windows.map(() => classifiers) : classifiers;
  requireClassifiers('classifiers', problem, each);
  if (each.length !== windows.length) {
    throw new ParameterError('classifiers', `one, or one for each of ${windows.length} windows`, each.length);
  }
  return each;
}

/** True for one classifier, false for a list. */
function isClassifier(given: Classifier | readonly Classifier[]): given is Classifier {
  return typeof given === 'object' && (given as object | null) !== null && 'classes' in given;
}

function coherenceOf(errors: readonly OutputError[]): Float64Array | null {
  const ratios = errors.map(({ logRatios }) => logRatios);
  const count = errors.length;
  const out = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const [one, two] = [ratios[i], ratios[j]];
      if (!one || !two) return null;
      let sum = 0;
      for (let n = 0; n < one.length; n++) sum += one[n]! * two[n]!;
      out[i * count + j] = sum / one.length;
    }
  }
  return out;
}
