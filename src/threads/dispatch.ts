import { NumericalFailure } from '../numerics/checks.ts';
import type { Thread } from './thread.ts';

/** Something that a worker does, from beginning to end. */
export interface Job {
  /** Workers that have died over it. */
  deaths: number;
}

/** Events of a worker, for its dispatcher. */
export interface WorkerEvents {
  readonly ready: () => void;
  /** Its job is done and its result has been stored. */
  readonly finished: () => void;
  readonly failed: (error: Error) => void;
  readonly died: (reason: string) => void;
}

/** Jobs and the workers that run them. */
export interface Dispatch<J extends Job> {
  /** Workers at the same time (threads, or teams of them). */
  readonly places: number;
  start(place: number, events: WorkerEvents): Thread<J>;
  /**
   * The next job for a place, off the list. `later`: there may be one when another is finished, so one is under way;
   * `none`: never again.
   */
  take(place: number): J | 'later' | 'none';
  /** Takes back a job whose worker has died. */
  putBack(job: J): void;
  /** Description of a job, for the message when workers keep dying over it. */
  nameOf?(job: J): string;
  onNote(note: string): void;
}

/** Times that workers may die before they receive a job. */
const startsTried = 2;

/**
 * Runs all jobs; a worker that dies is replaced, and its job retried once.
 * @throws NumericalFailure if the retry dies too; the error that a worker reports as failed
 */
export function dispatch<J extends Job>(work: Dispatch<J>): Promise<void> {
  const workers: Thread<J>[] = [];
  const underWay = new Map<number, J>();
  const waiting = new Set<number>();
  let failedStarts = 0;
  return new Promise((resolve, reject) => {
    const stop = () => {
      for (const worker of workers) worker.stop();
    };
    const fail = (error: Error) => {
      stop();
      reject(error);
    };
    const next = (place: number) => {
      const job = work.take(place);
      if (job === 'later') {
        waiting.add(place);
        return;
      }
      if (job !== 'none') {
        underWay.set(place, job);
        workers[place]!.give(job);
        return;
      }
      workers[place]!.stop();
      if (underWay.size > 0) return;
      stop();
      resolve();
    };
    const replace = (place: number, reason: string) => {
      const lost = underWay.get(place);
      underWay.delete(place);
      if (lost === undefined) failedStarts += 1;
      else lost.deaths += 1;
      if (failedStarts >= startsTried || (lost?.deaths ?? 0) > 1) {
        const name = lost === undefined ? undefined : work.nameOf?.(lost);
        const where = name === undefined ? '' : ` (${name})`;
        fail(new NumericalFailure(`a worker died again${where}: ${reason}`, 'try fewer --workers'));
        return;
      }
      const task = lost === undefined ? '' : ' and does its task again';
      work.onNote(`a worker died: ${reason}; another takes its place${task}`);
      if (lost !== undefined) work.putBack(lost);
      start(place);
    };
    const start = (place: number) => {
      workers[place] = work.start(place, {
        ready() {
          next(place);
        },
        finished() {
          underWay.delete(place);
          next(place);
          const others = [...waiting];
          waiting.clear();
          others.forEach(next);
        },
        failed: fail,
        died(reason) {
          waiting.delete(place);
          replace(place, reason);
        },
      });
    };
    for (let place = 0; place < work.places; place++) start(place);
  });
}
