import type { Claim, Effort } from '../claims/protocol/claim.ts';
import { planSimulations, type PlannedSimulation } from '../claims/protocol/validate.ts';
import { claims as registered } from '../claims/registry.ts';
import { requireKnownKeys } from '../numerics/checks.ts';
import type { KernelName } from '../particles/kernels/choose.ts';
import { particleDefaults } from '../particles/problem/problem.ts';
import { ClaimQueue, type MeasuredClaim, type SimulationStore } from './claimQueue.ts';
import { dispatch } from './dispatch.ts';
import { loadKernel } from './kernel.ts';
import {
  createJobRunner,
  nameOfJob,
  type QueueJob,
  type QueueMessage,
  type QueueSetup,
} from './simulationJobs.ts';
import { requireRunSettings } from './pool.ts';
import { defaultWorkers } from './workers.ts';
import { openSimulationFile, type SimulationFile } from './simulationFile.ts';
import { startThread, type FailedMessage } from './thread.ts';
import { engineVersion, packageVersion } from './version.ts';

/** Options of a measurement of claims; none of it but the backend's rounding changes the result. */
export interface QueueSettings {
  /** Threads, 1 to 1024 (default: one for each core). */
  readonly workers?: number;
  /** Engine of full simulations (default auto). */
  readonly backend?: KernelName;
  /** Bytes for the class centres of all threads together (default 2 GiB). */
  readonly memoryLimit?: number;
  /** File of finished simulations; a run takes those it needs from it. */
  readonly checkpoint?: string;
  /** Given the open file, as an interrupt needs it. */
  readonly onCheckpoint?: (opened: SimulationFile) => void;
  /** A store of one's own in place of the file. */
  readonly store?: SimulationStore;
  /** Module that a thread runs: it serves the queue with the claims (default: those that are registered). */
  readonly worker?: URL;
  readonly onProgress?: (fraction: number) => void;
  /** Told about workers that die. */
  readonly onNote?: (note: string) => void;
}

const settingKeys: readonly (keyof QueueSettings)[] = [
  'workers',
  'backend',
  'memoryLimit',
  'checkpoint',
  'onCheckpoint',
  'store',
  'worker',
  'onProgress',
  'onNote',
];

/** Measured claims and their simulations. */
export interface QueueRun {
  /** In the order of the claims. */
  readonly claims: readonly MeasuredClaim[];
  readonly simulations: readonly PlannedSimulation[];
  /** Simulations that an earlier run had finished. */
  readonly resumed: number;
  /** Engine with its instructions. */
  readonly engine: string;
  readonly notes: readonly string[];
}

/**
 * Runs the simulations of some claims on `workers` threads, each whole on one thread and the largest first, and measures each
 * claim as soon as its simulations are there (one of your own in this thread, at the end). The result does not depend on the number of workers, nor on which
 * simulations an earlier run has left in the store. A thread that dies is replaced, and its job tried once more.
 * @throws NumericalFailure, RangeError with the claims and the simulation, if one fails
 */
export async function measureClaims(
  claims: readonly Claim[],
  effort: Effort = 'default',
  seed = 1,
  settings: QueueSettings = {},
): Promise<QueueRun> {
  requireKnownKeys('settings', settings, settingKeys);
  requireRunSettings(settings);
  const { workers = defaultWorkers(), backend = 'auto' } = settings;
  const { memoryLimit = particleDefaults.memoryLimit } = settings;
  const { kernel, notes } = await loadKernel(backend);
  const engine = `${kernel.name} (${kernel.instructions})`;
  const plan = planSimulations(claims, effort, seed);
  const file = settings.checkpoint === undefined ? null : openFile(settings.checkpoint, settings);
  // Run from source (tests) there is no compiled worker to start.
  const onThreads = !import.meta.url.endsWith('.ts');
  // A thread cannot be sent a claim, which holds functions: it knows those of the program.
  const queue = new ClaimQueue(
    claims,
    plan,
    engine,
    settings.store ?? file ?? undefined,
    settings.onProgress,
    (claim) => onThreads && settings.worker === undefined && !registered.includes(claim),
  );
  const setup: QueueSetup = {
    effort,
    seed,
    kernel: kernel.name,
    memoryLimit: Math.max(1, Math.floor(memoryLimit / workers)),
  };
  try {
    if (onThreads) await runOnThreads(queue, setup, workers, settings);
    queue.release();
    await runHere(queue, setup, claims);
  } finally {
    file?.close();
  }
  return { claims: queue.measured(), simulations: plan, resumed: queue.resumed, engine, notes };
}

function openFile(path: string, { onCheckpoint, onNote = () => undefined }: QueueSettings): SimulationFile {
  const file = openSimulationFile(path, `${packageVersion()}, ${engineVersion()}`, onNote);
  if (file.damaged > 0) {
    onNote(`${file.damaged} damaged entries of ${path} are left out: their simulations are run again`);
  }
  onCheckpoint?.(file);
  return file;
}

async function runHere(queue: ClaimQueue, setup: QueueSetup, claims: readonly Claim[]): Promise<void> {
  const run = await createJobRunner(setup, claims);
  for (let job = queue.take(); job !== undefined; job = queue.take()) {
    const current = job;
    queue.finish(
      current,
      await run(current, (fraction) => {
        queue.progress(current, fraction);
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function runOnThreads(
  queue: ClaimQueue,
  setup: QueueSetup,
  workers: number,
  { worker, onNote }: QueueSettings,
): Promise<void> {
  const file = worker ?? new URL('./simulationWorker.js', import.meta.url);
  await dispatch<QueueJob>({
    places: Math.min(workers, Math.max(1, queue.unfinished)),
    // A claim cannot be measured before its last simulation is finished.
    take: () => queue.take() ?? (queue.unfinished > 0 ? 'later' : 'none'),
    putBack: queue.putBack.bind(queue),
    nameOf: nameOfJob,
    onNote: onNote ?? (() => undefined),
    start(_, { ready, finished, failed, died }) {
      let current: QueueJob | null = null;
      const thread = startThread<QueueJob, Exclude<QueueMessage, FailedMessage>>(file, setup, {
        message(message) {
          if (message.kind === 'ready') ready();
          else if (message.kind === 'progress') queue.progress(current!, message.fraction);
          else {
            queue.finish(current!, message);
            finished();
          }
        },
        failed,
        died,
      });
      return {
        give(job) {
          current = job;
          thread.give(job);
        },
        stop: thread.stop.bind(thread),
      };
    },
  });
}
