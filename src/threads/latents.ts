import { requireFunction, requireInteger, requireKnownKeys } from '../numerics/checks.ts';
import { predictClass, type ClassPrediction, type DiagnosisRun } from '../latents/diagnosis.ts';
import { labelledMixture, type LabelledMixture, type MixtureInput } from '../mixture/labelled/mixture.ts';
import { dispatch, type Job } from './dispatch.ts';
import { startThread, type FailedMessage } from './thread.ts';
import { defaultWorkers } from './workers.ts';

/** Settings of {@link runDiagnosis}; none of it changes a bit of the result. */
export interface DiagnosisSettings {
  /** Threads, 1 to 1024 (default: one for each core). */
  readonly workers?: number;
  /** Told the fraction of the predictions that are done, in [0, 1]. */
  readonly onProgress?: (fraction: number) => void;
  /** Told about workers that die. */
  readonly onNote?: (note: string) => void;
}

/** Start data of a worker thread. */
export type DiagnosisSetup = Omit<DiagnosisRun, 'mixture' | 'scales' | 'classes'> & {
  readonly mixture: MixtureInput;
};

/** A prediction for a worker. */
export interface DiagnosisTask extends Job {
  readonly index: number;
  readonly class: number;
  readonly scale: number;
}

/** Message from a worker thread. */
export type DiagnosisMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'prediction'; readonly index: number; readonly prediction: ClassPrediction };

/**
 * Predictions of all classes and scales of a run ({@link predictClass}), class by class, on threads. The result is the same, bit for bit, for any
 * number of them.
 * @throws ParameterError for inadmissible parameters
 * @throws NumericalFailure if a thread dies twice over the same prediction
 * @example await runDiagnosis({ mixture, latentScale: 1, levels, sampler: 'heun', scales: [1, 3], classes: [0], particles: 500, seed: 1 })
 */
export async function runDiagnosis(
  run: DiagnosisRun,
  settings: DiagnosisSettings = {},
): Promise<ClassPrediction[]> {
  requireKnownKeys('settings', settings, ['workers', 'onProgress', 'onNote']);
  const { onProgress = () => undefined, onNote = () => undefined } = settings;
  if (settings.workers !== undefined) requireInteger('workers', settings.workers, 1, 1024);
  requireFunction('onProgress', onProgress);
  requireFunction('onNote', onNote);
  const { mixture, scales, classes, ...rest } = run;
  const tasks: DiagnosisTask[] = classes
    .flatMap((k) => scales.map((scale) => ({ class: k, scale, deaths: 0 })))
    .map((task, index) => ({ ...task, index }));
  const results: ClassPrediction[] = [];
  let done = 0;
  const finish = (index: number, prediction: ClassPrediction) => {
    results[index] = prediction;
    done += 1;
    onProgress(done / tasks.length);
  };
  // Run from source (tests) there is no compiled worker to start.
  if (import.meta.url.endsWith('.ts')) {
    for (const task of tasks) finish(task.index, predictClass({ ...rest, mixture }, task.class, task.scale));
    return results;
  }
  const setup: DiagnosisSetup = { ...rest, mixture: asInput(mixture) };
  const queue = [...tasks];
  await dispatch<DiagnosisTask>({
    places: Math.min(settings.workers ?? defaultWorkers(), tasks.length),
    take: () => queue.shift() ?? 'none',
    putBack(task) {
      queue.unshift(task);
    },
    nameOf: (task) => `class ${task.class} at scale ${task.scale}`,
    onNote,
    start: (_, { ready, finished, failed, died }) =>
      startThread<DiagnosisTask, Exclude<DiagnosisMessage, FailedMessage>>(
        new URL('./latentsWorker.js', import.meta.url),
        setup,
        {
          message(message) {
            if (message.kind === 'ready') {
              ready();
              return;
            }
            finish(message.index, message.prediction);
            finished();
          },
          failed,
          died,
        },
      ),
  });
  return results;
}

/** A mixture as plain lists: threads make it anew. */
function asInput({
  dimension: d,
  classes,
  centres,
  weights,
  covariances,
  shared,
}: LabelledMixture): MixtureInput {
  const rows = (entries: Float64Array, count: number) =>
    Array.from({ length: count }, (_, i) => Array.from(entries.subarray(i * d, (i + 1) * d)));
  const matrices = covariances.map((entries) => rows(entries, d));
  return {
    centres: rows(centres, classes),
    weights: Array.from(weights),
    ...(shared ? { covariance: matrices[0]! } : { covariances: matrices }),
  };
}

/** The function that a thread runs for its tasks. */
export function predictionRunner({
  mixture,
  ...rest
}: DiagnosisSetup): (task: DiagnosisTask) => ClassPrediction {
  const made = labelledMixture(mixture);
  return (task) => predictClass({ ...rest, mixture: made }, task.class, task.scale);
}
