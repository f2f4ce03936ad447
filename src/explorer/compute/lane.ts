import type { FromWorker, Outcome, Part, ToWorker, Work } from './protocol.ts';

/** Part of the Worker interface that a lane uses. */
export interface WorkerLike {
  onmessage: ((event: { readonly data: FromWorker }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(message: ToWorker): void;
  terminate(): void;
}

interface Pending {
  readonly work: Work;
  readonly resolve: (outcome: Outcome<unknown>) => void;
  readonly reject: (error: Error) => void;
  readonly onPart: (part: Part) => void;
}

// A worker that has not stopped by then is in the middle of something long.
const stopMilliseconds = 300;

/** A worker with its requests, done in their order. */
export class Lane {
  readonly #create: () => WorkerLike;
  readonly #pending = new Map<number, Pending>();
  /** Stopped, and not yet acknowledged; with a timer if it was being worked on. */
  readonly #stopping = new Map<number, ReturnType<typeof setTimeout> | undefined>();
  #worker: WorkerLike | null = null;
  #next = 0;
  #closed = false;

  constructor(create: () => WorkerLike) {
    this.#create = create;
  }

  /** Sends work. An abort rejects with an AbortError at once; the worker stops between two pieces, or is replaced. */
  ask<T>(
    work: Work,
    signal?: AbortSignal,
    onPart: (part: Part) => void = () => undefined,
  ): Promise<Outcome<T>> {
    return new Promise<Outcome<T>>((resolve, reject) => {
      if (this.#closed || signal?.aborted === true) {
        reject(abortError());
        return;
      }
      const id = this.#next++;
      const onAbort = () => {
        this.#stop(id);
      };
      const forget = () => {
        signal?.removeEventListener('abort', onAbort);
      };
      this.#pending.set(id, {
        work,
        resolve: (outcome) => {
          forget();
          resolve(outcome as Outcome<T>);
        },
        reject: (error) => {
          forget();
          reject(error);
        },
        onPart,
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#open().postMessage({ kind: 'work', id, work });
    });
  }

  /** Starts the worker before its first work. */
  warm(): void {
    this.#open();
  }

  /** Ends the worker and aborts unfinished work. */
  close(): void {
    this.#closed = true;
    this.#drop();
    this.#rejectAll(abortError());
  }

  #stop(id: number): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.reject(abortError());
    this.#worker?.postMessage({ kind: 'stop', id });
    // The oldest is the one that is worked on: the others are skipped when their turn comes.
    const isCurrent = ![...this.#pending.keys(), ...this.#stopping.keys()].some((other) => other < id);
    const replace = () => {
      this.#replace();
    };
    this.#stopping.set(id, isCurrent ? setTimeout(replace, stopMilliseconds) : undefined);
  }

  #open(): WorkerLike {
    if (this.#worker !== null) return this.#worker;
    const worker = this.#create();
    worker.onmessage = ({ data }) => {
      // A worker that was replaced may have sent something before its end.
      if (worker === this.#worker) this.#receive(data);
    };
    worker.onerror = ({ message }) => {
      if (worker !== this.#worker) return;
      this.#drop();
      this.#rejectAll(new Error(message ?? 'the worker could not be started'));
    };
    this.#worker = worker;
    return worker;
  }

  #receive(message: FromWorker): void {
    const { id } = message;
    if (this.#stopping.has(id)) {
      if (message.kind === 'part') return;
      // The last word of a request that is no longer wanted.
      clearTimeout(this.#stopping.get(id));
      this.#stopping.delete(id);
      return;
    }
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    if (message.kind === 'part') {
      pending.onPart(message.part);
      return;
    }
    this.#pending.delete(id);
    if (message.kind === 'end') pending.resolve(message.outcome);
    else pending.reject(message.kind === 'fault' ? new Error(message.message) : abortError());
  }

  /** A new worker in place of one that does not stop, with the work that was waiting behind. */
  #replace(): void {
    this.#drop();
    if (this.#pending.size === 0) return;
    const worker = this.#open();
    for (const [id, { work }] of this.#pending) worker.postMessage({ kind: 'work', id, work });
  }

  #drop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const timer of this.#stopping.values()) clearTimeout(timer);
    this.#stopping.clear();
  }

  #rejectAll(error: Error): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of all) reject(error);
  }
}

function abortError(): Error {
  return new DOMException('the work is no longer wanted', 'AbortError');
}
