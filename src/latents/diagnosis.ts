import {
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireList,
  requireMembers,
  requireNumbers,
  requireObject,
  requirePositive,
} from '../numerics/checks.ts';
import type { NoiseLevel } from '../guidance/schedules/noiseLevels.ts';
import type { LabelledMixture } from '../mixture/labelled/mixture.ts';
import type { FittedClasses } from './covariances.ts';
import { matrixMeanField } from './matrixMeanField.ts';
import { bandsOf, classOutcome, descending, type ClassOutcome } from './outcome.ts';
import { guidedSamples, type PipelineSampler } from './sampling.ts';

/** A pipeline's sampler. */
export interface PipelineSteps {
  readonly levels: readonly NoiseLevel[];
  readonly sampler: PipelineSampler;
}

/** A diagnosis: scales at which classes are sampled, how, and how many samples of each. */
export interface DiagnosisRun extends PipelineSteps {
  readonly mixture: LabelledMixture;
  readonly latentScale: number;
  /** Guidance scales 1 + w. */
  readonly scales: readonly number[];
  /** Indices of the classes. */
  readonly classes: readonly number[];
  readonly particles: number;
  readonly seed: number;
}

/** Guided samples of a class at a scale: what they are by exact sampling, and in the matrix mean field. */
export interface ClassPrediction {
  /** Index of the class. */
  readonly class: number;
  readonly scale: number;
  readonly outcome: ClassOutcome;
  readonly theory: ClassOutcome;
  /** Noise level, in units of the latents, at which the mean field knows the class; null if it never does. */
  readonly decidedAt: number | null;
}

/** Standard deviation of the latents along an axis, on average: 1 in the noise levels of a pipeline. */
export function latentScaleOf(fitted: Pick<FittedClasses, 'variances'>): number {
  requireObject('fitted', fitted);
  const { variances } = fitted;
  requireNumbers('fitted.variances', variances);
  return Math.sqrt(variances.reduce((sum, one) => sum + one, 0) / variances.length);
}

/**
 * The prediction of one class at one scale. The same seed for all scales and classes: differences have less noise.
 * @throws ParameterError for inadmissible steps, or fewer than 40 particles
 */
export function predictClass(
  { mixture, latentScale, levels, sampler, particles, seed }: Omit<DiagnosisRun, 'scales' | 'classes'>,
  guidedClass: number,
  scale: number,
): ClassPrediction {
  requireFinite('scale', scale);
  const coefficients = levels.map(() => scale - 1);
  const run = { mixture, guidedClass, coefficients, levels, sampler, latentScale };
  const { outcome: theory, decidedAt } = matrixMeanField(run);
  const outcome = classOutcome(mixture, guidedClass, guidedSamples({ ...run, particles, seed }));
  return { class: guidedClass, scale, outcome, theory, decidedAt };
}

/** Classes and samples that a budget allows. */
export interface DiagnosisPlan {
  readonly classes: readonly number[];
  readonly particles: number;
  /** Samples for a standard error of 1 % of the variance in every band. */
  readonly wanted: number;
  /** Predicted seconds on all workers. */
  readonly seconds: number;
}

/** Standard error of a band's variance ratio that is aimed at. */
const aim = 0.01;
/** Fewest and most samples of a class, and their grain. */
const fewest = 200;
const most = 50_000;
const grain = 20;
/** Samples of the two pilots that measure the cost: of the steps themselves, and of each sample. */
const pilots = [4, 40] as const;

/**
 * Chooses samples and classes by a budget in seconds: as many samples as a standard error of 1 % in each band and class takes, or as the budget
 * allows; below 200 and 1.2 d + 2 of them, fewer classes instead, evenly through their list. The cost is measured by a pilot, so that the plan
 * depends on the machine; a result is reproduced by its number of samples.
 * @param now clock in milliseconds
 */
export function planDiagnosis(
  run: Omit<DiagnosisRun, 'particles' | 'classes'> & { readonly classes?: readonly number[] },
  budget: { readonly seconds: number; readonly workers: number },
  now: () => number = () => performance.now(),
): DiagnosisPlan {
  requireMembers('run', run, { mixture: 'object', scales: 'list', levels: 'list' });
  requireKnownKeys('budget', budget, ['seconds', 'workers']);
  requirePositive('seconds', budget.seconds);
  requireInteger('workers', budget.workers, 1);
  requireList('scales', run.scales);
  const { mixture, scales, levels, sampler, latentScale, seed } = run;
  const all = run.classes ?? Array.from({ length: mixture.classes }, (_, k) => k);
  const wanted = roundUp(Math.min(most, Math.max(...all.map((k) => samplesFor(mixture, k)))));
  const least = roundUp(Math.max(fewest, 1.2 * mixture.dimension + 2));
  const steps = {
    mixture,
    guidedClass: all[0]!,
    coefficients: levels.map(() => Math.max(...scales) - 1),
    levels,
    sampler,
    latentScale,
  };
  const timed = (work: () => unknown) => {
    const start = now();
    work();
    return (now() - start) / 1000;
  };
  // Code that has run before runs at its speed.
  guidedSamples({ ...steps, particles: pilots[0], seed });
  const perTheory = timed(() => matrixMeanField(steps));
  const [few, many] = pilots.map((particles) => timed(() => guidedSamples({ ...steps, particles, seed })));
  const perSample = Math.max(1e-9, (many! - few!) / (pilots[1] - pilots[0]));
  const fixed = perTheory + Math.max(0, few! - pilots[0] * perSample);
  const tasks = (classes: number) => Math.ceil((classes * scales.length) / budget.workers);
  const cost = (classes: number, particles: number) => tasks(classes) * (fixed + particles * perSample);
  const affordable = (classes: number) => (budget.seconds / tasks(classes) - fixed) / perSample;
  let count = all.length;
  while (count > 1 && affordable(count) < least) count--;
  const particles = Math.max(least, Math.min(wanted, grain * Math.floor(affordable(count) / grain)));
  const classes = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
  return { classes, particles, wanted, seconds: cost(count, particles) };
}

function roundUp(samples: number): number {
  return grain * Math.ceil(samples / grain);
}

/** Samples of a class whose variance in each band has the standard error {@link aim} (eq. sample-budget): 2 tr C^2/(n (tr C)^2) is its square. */
function samplesFor(mixture: LabelledMixture, k: number): number {
  const { values } = descending(mixture, k);
  let from = 0;
  return Math.max(
    ...bandsOf(mixture, k).map((directions) => {
      const band = values.slice(from, (from += directions));
      const sum = band.reduce((total, one) => total + one, 0);
      return (2 * band.reduce((total, one) => total + one * one, 0)) / (sum * sum * aim * aim);
    }),
  );
}
