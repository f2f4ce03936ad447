import { Worker } from 'node:worker_threads';
import { NumericalFailure, ParameterError } from '../../numerics/checks.ts';
import { abortCrew } from '../../particles/engine/crew.ts';
import type { ClassKernel } from '../../particles/kernels/kernel.ts';
import type { ParticleRange } from '../../particles/observables/observables.ts';
import type { ParticleOptions } from '../../particles/problem.ts';
import type { ParticleTask } from '../../particles/tasks.ts';
import type { TimeGrid } from '../../particles/grids/timeGrid.ts';
import type { SimulationSpec } from './spec.ts';

/** What a worker thread is started with. */
export interface WorkerSetup {
  readonly spec: SimulationSpec;
  readonly options: ParticleOptions;
  /** Time steps: they depend on problem and options, but may have cost a pilot. */
  readonly grid: TimeGrid;
  readonly kernel: ClassKernel['name'];
  /** Its place among those that share the classes of each task, or null if it has tasks of its own. */
  readonly crew: { readonly buffer: SharedArrayBuffer; readonly rank: number; readonly size: number } | null;
}

/** A task for a worker. */
export interface WorkerTask {
  readonly task: ParticleTask;
  /** Where to continue (what the task handed out earlier), or null to begin. */
  readonly state: unknown;
  /** How many workers have died over it. */
  readonly deaths: number;
}

/** What a worker answers. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'state'; readonly state: unknown }
  | { readonly kind: 'range'; readonly range: ParticleRange }
  | { readonly kind: 'failed'; readonly failure: WorkerFailure };

/** An exception as plain data. */
export interface WorkerFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a ParameterError. */
  readonly parameter: string | null;
}

/** What happens to a team. Nothing is called after `died` or `failed`. */
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

/** Threads that work on one task at a time: a single one, or a crew that shares the classes. */
export interface Team {
  give(task: WorkerTask): void;
  stop(): void;
}

/** Starts a team. @param setups one per thread; the first one's results count */
export function startTeam(setups: readonly WorkerSetup[], events: TeamEvents): Team {
  const file = new URL('./particleWorker.js', import.meta.url);
  let over = false;
  let ready = 0;
  const stop = () => {
    over = true;
    for (const { crew } of setups) if (crew !== null) abortCrew(crew.buffer);
    for (const thread of threads) void thread.terminate();
  };
  const died = (reason: string) => {
    if (over) return;
    stop();
    events.died(reason);
  };
  const threads = setups.map((setup, rank) => {
    const thread = new Worker(file, { workerData: setup });
    thread.on('message', (message: WorkerMessage) => {
      if (over) return;
      if (message.kind === 'ready') {
        ready += 1;
        if (ready === setups.length) events.ready();
      } else if (message.kind === 'failed') {
        if (mayBeBetterElsewhere(message.failure)) {
          died(message.failure.message);
          return;
        }
        stop();
        events.failed(errorOf(message.failure));
      } else if (rank !== 0) {
        return;
      } else if (message.kind === 'progress') {
        events.progress(message.fraction);
      } else if (message.kind === 'state') {
        events.state(message.state);
      } else {
        events.range(message.range);
      }
    });
    thread.on('error', (error: NodeJS.ErrnoException) => {
      died(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : error.message);
    });
    thread.on('exit', (code) => {
      died(`it ended with code ${code}`);
    });
    return thread;
  });
  return {
    give(task) {
      for (const thread of threads) thread.postMessage(task);
    },
    stop,
  };
}

/** Memory that could not be had now may be there for a fresh worker. */
function mayBeBetterElsewhere({ name, message }: WorkerFailure): boolean {
  return name === 'RangeError' && /allocat|memory/i.test(message);
}

function errorOf({ name, message, stack, parameter }: WorkerFailure): Error {
  if (name === 'ParameterError' || name === 'NumericalFailure') {
    // The message is complete already; only the kind matters to who reports it.
    const error = parameter === null ? new NumericalFailure('', '') : new ParameterError(parameter, '', null);
    error.message = message;
    return error;
  }
  return Object.assign(new Error(message), { stack });
}
