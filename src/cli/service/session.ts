import { Worker } from 'node:worker_threads';
import { ParameterError } from '../../numerics/checks.ts';
import { releaseFolder } from '../terminal/resultFolder.ts';
import { written } from './arrays.ts';
import { joinBatches, type BatchRun } from './batch.ts';
import type { ServerLine, WorkerMessage } from './messages.ts';
import { batchLists, errorOf, type Answer, type Stage } from './perform.ts';
import {
  idOf,
  plainError,
  readMessage,
  requestError,
  type RequestId,
  type ServiceError,
  type ServiceRequest,
} from './protocol.ts';

/** A server of requests: lines in, lines out, in any order. */
export interface Session {
  /** Takes a line. */
  readonly take: (line: string) => void;
  /** Refuses a line that has not been read, in one answer. */
  readonly refuse: (error: ServiceError) => void;
  /** Number of requests in work. */
  readonly waiting: () => number;
  /** Resolves when no request is in work. */
  readonly idle: () => Promise<void>;
  /** Ends all work. */
  readonly stop: () => void;
}

/** Runs of a batch that are worth a thread of their own. */
const leastShare = 50;

/** A request in work, in one part, or a batch in several. */
interface Job {
  readonly request: ServiceRequest;
  readonly answers: (Answer | null)[];
  readonly shares: number[];
  left: number;
}

interface Part {
  readonly job: Job;
  readonly index: number;
  readonly request: ServiceRequest;
}

interface Slot {
  readonly thread: Worker;
  part: Part | null;
  /** Folder that its run has to itself. */
  folder: string | null;
}

/**
 * A server of requests on threads of their own.
 * @param workerFile compiled module of the threads
 * @param workers threads at most
 * @param send takes a line for the program that asks
 */
export function openSession(workerFile: URL, workers: number, send: (line: ServerLine) => void): Session {
  const jobs = new Map<RequestId, Job>();
  const queue: Part[] = [];
  const slots: Slot[] = [];
  let idle: (() => void) | null = null;

  const settle = (job: Job, line: ServerLine) => {
    jobs.delete(job.request.id);
    send(line);
    if (jobs.size === 0) idle?.();
  };
  const fail = (job: Job, error: ServiceError) => {
    if (jobs.get(job.request.id) !== job) return;
    abandon(job);
    settle(job, { id: job.request.id, error });
  };
  /** Takes a job out of the queue, and ends the threads that work for it. */
  const abandon = (job: Job) => {
    for (let i = queue.length - 1; i >= 0; i--) if (queue[i]!.job === job) queue.splice(i, 1);
    for (const slot of [...slots]) if (slot.part?.job === job) drop(slot);
  };
  const drop = (slot: Slot) => {
    slot.part = null;
    slots.splice(slots.indexOf(slot), 1);
    void slot.thread.terminate();
    if (slot.folder !== null) releaseFolder(slot.folder);
  };
  const done = ({ job, index }: Part, answer: Answer) => {
    job.answers[index] = answer;
    job.left -= 1;
    if (job.left > 0) return;
    settle(job, { id: job.request.id, ...joined(job) });
  };
  const told = ({ job, index }: Part, stage: Stage) => {
    if (!job.request.progress) return;
    job.shares[index] = stage.fraction;
    const fraction = job.shares.reduce((sum, share) => sum + share, 0) / job.shares.length;
    send({ id: job.request.id, progress: { ...stage, fraction } });
  };
  const startThread = (): Slot => {
    const slot: Slot = { thread: new Worker(workerFile), part: null, folder: null };
    const died = (reason: string) => {
      const { part } = slot;
      if (!slots.includes(slot)) return;
      drop(slot);
      if (part !== null)
        fail(
          part.job,
          plainError('failure', `its thread ended: ${reason}`, 'take a smaller problem, or fewer at a time'),
        );
      next();
    };
    slot.thread.on('message', (message: WorkerMessage) => {
      const { part } = slot;
      if (part === null) return;
      if (message.kind === 'stage') {
        told(part, message.stage);
        return;
      }
      if (message.kind === 'folder') {
        slot.folder = message.directory;
        return;
      }
      slot.part = null;
      slot.folder = null;
      if (message.kind === 'answer') done(part, message.answer);
      else fail(part.job, message.error);
      next();
    });
    slot.thread.on('error', (error: NodeJS.ErrnoException) => {
      died(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : error.message);
    });
    slot.thread.on('exit', (code) => {
      died(`code ${code}`);
    });
    slots.push(slot);
    return slot;
  };
  const next = () => {
    while (queue.length > 0) {
      const free = slots.find(({ part }) => part === null) ?? (slots.length < workers ? startThread() : null);
      if (free === null) return;
      const part = queue.shift()!;
      free.part = part;
      free.thread.postMessage(part.request);
    }
  };
  const begin = (request: ServiceRequest) => {
    if (jobs.has(request.id)) {
      throw new ParameterError('id', 'of no request that is in work', request.id);
    }
    const parts = shared(request, workers);
    const job: Job = {
      request,
      answers: parts.map(() => null),
      shares: parts.map(() => 0),
      left: parts.length,
    };
    jobs.set(request.id, job);
    queue.push(...parts.map((part, index) => ({ job, index, request: part })));
    next();
  };
  const cancel = (id: RequestId) => {
    const job = jobs.get(id);
    if (job === undefined) return;
    fail(job, plainError('cancelled', 'cancelled'));
    next();
  };
  // The first request finds a thread that is there.
  startThread();
  return {
    take(line) {
      try {
        const message = readMessage(line);
        if (message.kind === 'cancel') cancel(message.id);
        else begin(message.request);
      } catch (error) {
        const id = idOf(line);
        // An answer under the id of a request in work would be taken for its own.
        const own = id !== null && jobs.has(id) ? null : id;
        send({ id: own, error: error instanceof ParameterError ? requestError(error) : errorOf(error) });
      }
    },
    refuse(error) {
      send({ id: null, error });
    },
    waiting: () => jobs.size,
    idle: () =>
      new Promise((resolve) => {
        if (jobs.size === 0) resolve();
        else idle = resolve;
      }),
    stop() {
      queue.length = 0;
      for (const slot of [...slots]) drop(slot);
    },
  };
}

/** A request in parts: of a large batch one for each thread. */
function shared(request: ServiceRequest, workers: number): ServiceRequest[] {
  const { batch } = request;
  if (batch === null) return [request];
  const lists = batchLists(batch);
  const count = lists[0]![1].length;
  const parts = Math.max(1, Math.min(workers, Math.floor(count / leastShare)));
  return Array.from({ length: parts }, (_, i) => {
    const [from, to] = [Math.floor((i * count) / parts), Math.floor(((i + 1) * count) / parts)];
    return {
      ...request,
      batch: Object.fromEntries(lists.map(([key, list]) => [key, Array.from(list).slice(from, to)])),
    };
  });
}

function joined({ request, answers }: Job): Answer {
  const [first] = answers as [Answer, ...Answer[]];
  if (request.batch === null) return first;
  const { columns, failures, record } = joinBatches(answers.map((one) => one!.result as BatchRun));
  return {
    ...first,
    notes: [...new Set(answers.flatMap((one) => one!.notes))],
    result: { columns: written(columns, { arrays: request.arrays, special: false }), failures, record },
  };
}
