import { requireChoice, requireFunction, requireInteger, requireKnownKeys } from '../numerics/checks.ts';
import { kernelNames, type KernelName } from '../particles/kernels/choose.ts';
import type { ClassKernel } from '../particles/kernels/kernel.ts';
import type { StructuredSummary } from '../particles/structured/observables.ts';
import type { StructuredOptions } from '../particles/structured/options.ts';
import { requireMemory } from '../particles/structured/posterior.ts';
import { mergeStructured, type StructuredResult } from '../particles/structured/result.ts';
import { structuredPlan } from '../particles/structured/simulate.ts';
import {
  completeStructured,
  type StructuredInput,
  type StructuredSpec,
} from '../particles/structured/spec.ts';
import { dispatch, type Job } from './dispatch.ts';
import { loadKernel } from './kernel.ts';
import { realizationRunner } from './structuredRunner.ts';
import { startThread, type FailedMessage } from './thread.ts';
import { defaultWorkers } from './workers.ts';

/** Settings of {@link runStructured}; none of it but the backend changes a bit of the result. */
export interface StructuredSettings {
  /** Threads, 1 to 1024 (default: one for each core). */
  readonly workers?: number;
  /** Told the fraction of the realisations that are done, in [0, 1]. */
  readonly onProgress?: (fraction: number) => void;
  /** Engine for the sums over classes (default auto). */
  readonly backend?: KernelName;
  /** Told about workers that die. */
  readonly onNote?: (note: string) => void;
}

/** Start data of a worker thread. */
export interface StructuredSetup {
  readonly problem: StructuredSpec;
  readonly options: StructuredOptions;
  readonly kernel: ClassKernel['name'];
}

/** A realisation for a worker. */
export interface StructuredTask extends Job {
  readonly realization: number;
}

/** Message from a worker thread. */
export type StructuredMessage =
  { readonly kind: 'ready' } | { readonly kind: 'summary'; readonly summary: StructuredSummary };

/**
 * {@link simulateStructured} on `workers` threads, a realisation at a time each. The result is the same, bit for bit, for any number of
 * them. A thread that dies is replaced, and its realisation tried once more.
 * @throws ParameterError for inadmissible parameters, before any work is done
 * @throws NumericalFailure if a thread dies again over the same realisation
 * @example
 * const bands = [{ weight: 1, rho: 1, c: 0.25, centres: { kind: 'signs' } }] as const;
 * const problem = { law: { kind: 'bands', bands }, alpha: 0.3, dimension: 22, guidance: { w: 1 } } as const;
 * const { coordinate } = await runStructured(problem, { realizations: 32 }, { workers: 4 });
 */
export async function runStructured(
  problem: StructuredInput,
  options: Partial<StructuredOptions> = {},
  settings: StructuredSettings = {},
): Promise<StructuredResult> {
  requireKnownKeys('settings', settings, ['workers', 'onProgress', 'backend', 'onNote']);
  const { backend = 'auto', onProgress = () => undefined, onNote = () => undefined } = settings;
  if (settings.workers !== undefined) requireInteger('workers', settings.workers, 1, 1024);
  requireChoice('backend', backend, kernelNames);
  requireFunction('onProgress', onProgress);
  requireFunction('onNote', onNote);
  const spec = completeStructured(problem);
  const plan = await structuredPlan(spec, options);
  const { realizations } = plan.options;
  const { kernel } = await loadKernel(backend);
  const workers = Math.min(settings.workers ?? defaultWorkers(), realizations);
  requireMemory(plan.problem, plan.options, kernel, workers);
  const setup: StructuredSetup = { problem: spec, options: plan.options, kernel: kernel.name };
  const done: StructuredSummary[] = [];
  const finish = (summary: StructuredSummary) => {
    done.push(summary);
    onProgress(done.length / realizations);
  };
  // Run from source (tests) there is no compiled worker to start.
  if (import.meta.url.endsWith('.ts')) {
    const run = await realizationRunner(setup);
    for (let r = 0; r < realizations; r++) finish(run(r));
  } else {
    await onThreads(setup, workers, realizations, finish, onNote);
  }
  return mergeStructured(plan, done);
}

/** Runs all realisations on threads. */
async function onThreads(
  setup: StructuredSetup,
  workers: number,
  realizations: number,
  finish: (summary: StructuredSummary) => void,
  onNote: (note: string) => void,
): Promise<void> {
  const queue: StructuredTask[] = Array.from({ length: realizations }, (_, realization) => ({
    realization,
    deaths: 0,
  }));
  await dispatch<StructuredTask>({
    places: workers,
    take: () => queue.shift() ?? 'none',
    putBack(task) {
      queue.unshift(task);
    },
    nameOf: ({ realization }) => `realisation ${realization}`,
    onNote,
    start: (_, { ready, finished, failed, died }) =>
      startThread<StructuredTask, Exclude<StructuredMessage, FailedMessage>>(
        new URL('./structuredWorker.js', import.meta.url),
        setup,
        {
          message(message) {
            if (message.kind === 'ready') {
              ready();
              return;
            }
            finish(message.summary);
            finished();
          },
          failed,
          died,
        },
      ),
  });
}
