import { abortCrew } from '../particles/engine/crew.ts';
import type { ClassKernel } from '../particles/kernels/kernel.ts';
import type { ParticleRange } from '../particles/observables/observables.ts';
import type { ParticleOptions } from '../particles/problem/problem.ts';
import type { ParticleTask } from '../particles/tasks.ts';
import type { TimeGrid } from '../particles/grids/timeGrid.ts';
import type { SimulationSpec } from '../particles/simulationSpec.ts';
import { startThread, type FailedMessage, type Thread } from './thread.ts';

/** Start data of a worker thread. */
export interface WorkerSetup {
  readonly spec: SimulationSpec;
  readonly options: ParticleOptions;
  /** Time grid of the plan: it depends on problem and options, but may have cost a pilot. */
  readonly grid: TimeGrid;
  readonly kernel: ClassKernel['name'];
  /** Its place among those that share the classes of each task, or null if it has its own tasks. */
  readonly crew: { readonly buffer: SharedArrayBuffer; readonly rank: number; readonly size: number } | null;
}

/** A task for a worker. */
export interface WorkerTask {
  readonly task: ParticleTask;
  /** State to continue from (which the task reported earlier), or null to begin. */
  readonly state: unknown;
  /** Number of workers that have died over it. */
  readonly deaths: number;
}

/** Message from a worker thread. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'state'; readonly state: unknown }
  | { readonly kind: 'range'; readonly range: ParticleRange }
  | FailedMessage;

/** Events of a team. None follows `died` or `failed`. */
export interface TeamEvents {
  ready(): void;
  progress(fraction: number): void;
  state(state: unknown): void;
  range(range: ParticleRange): void;
  /** The computation itself failed: it would fail again. */
  failed(error: Error): void;
  /** A thread ended on its own; the others have been stopped. */
  died(reason: string): void;
}

/**
 * Starts threads that work on one task at a time: a single one, or a crew that shares the classes.
 * @param setups one per thread; the first one's results count
 */
export function startTeam(setups: readonly WorkerSetup[], events: TeamEvents): Thread<WorkerTask> {
  const file = new URL('./particleWorker.js', import.meta.url);
  let ready = 0;
  const stop = () => {
    for (const { crew } of setups) if (crew !== null) abortCrew(crew.buffer);
    for (const thread of threads) thread.stop();
  };
  const threads = setups.map((setup, rank) =>
    startThread<WorkerTask, Exclude<WorkerMessage, FailedMessage>>(file, setup, {
      message(message) {
        if (message.kind === 'ready') {
          ready += 1;
          if (ready === setups.length) events.ready();
        } else if (rank !== 0) {
          return;
        } else if (message.kind === 'progress') {
          events.progress(message.fraction);
        } else if (message.kind === 'state') {
          events.state(message.state);
        } else {
          events.range(message.range);
        }
      },
      failed(error) {
        stop();
        events.failed(error);
      },
      died(reason) {
        stop();
        events.died(reason);
      },
    }),
  );
  return {
    give(task) {
      for (const thread of threads) thread.give(task);
    },
    stop,
  };
}
