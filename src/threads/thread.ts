import { Worker } from 'node:worker_threads';
import { NumericalFailure, ParameterError } from '../numerics/checks.ts';

/** An exception as plain data. */
export interface WorkerFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a ParameterError, the rest of it. */
  readonly misuse: Pick<ParameterError, 'parameter' | 'condition' | 'value' | 'remedy'> | null;
  /** Of a NumericalFailure, its remedy. */
  readonly advice: string | null;
}

/** Message from a worker whose computation threw. */
export interface FailedMessage {
  readonly kind: 'failed';
  readonly failure: WorkerFailure;
}

/** Events of a thread. None follows `died`, `failed` or a stop. */
export interface ThreadEvents<Message> {
  message(message: Message): void;
  /** The computation itself failed: it would fail again. */
  failed(error: Error): void;
  /** It ended on its own. */
  died(reason: string): void;
}

/** A thread that gets tasks. */
export interface Thread<Task> {
  give(task: Task): void;
  stop(): void;
}

/** An exception, to be posted. */
export function failedMessage(error: unknown): FailedMessage {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const misuse =
    error instanceof ParameterError
      ? {
          parameter: error.parameter,
          condition: error.condition,
          value: postable(error.value),
          remedy: error.remedy,
        }
      : null;
  const advice = error instanceof NumericalFailure ? error.remedy : null;
  return { kind: 'failed', failure: { name, message, stack, misuse, advice } };
}

/** A value that a message can carry: what has functions in it is told in words. */
function postable(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return String(value);
  }
}

/** Starts a thread. @param file compiled module; @param setup its workerData */
export function startThread<Task, Message extends { readonly kind: string }>(
  file: URL,
  setup: object,
  events: ThreadEvents<Message>,
): Thread<Task> {
  let over = false;
  const thread = new Worker(file, { workerData: setup });
  const end = () => {
    over = true;
    void thread.terminate();
  };
  const died = (reason: string) => {
    if (over) return;
    end();
    events.died(reason);
  };
  thread.on('message', (message: Message | FailedMessage) => {
    if (over) return;
    if (!isFailed(message)) {
      events.message(message);
    } else if (mayBeBetterElsewhere(message.failure)) {
      died(message.failure.message);
    } else {
      end();
      events.failed(errorOf(message.failure));
    }
  });
  thread.on('error', (error: NodeJS.ErrnoException) => {
    died(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : error.message);
  });
  thread.on('exit', (code) => {
    died(`it ended with code ${code}`);
  });
  return {
    give(task) {
      thread.postMessage(task);
    },
    stop: end,
  };
}

/**
 * For tests of the death of a worker: CFG_DMFT_TEST_CRASH=A:B:N ends the worker in the middle of task (A, B), the
 * first N times that it is tried. A and B are the realisation and the first particle of a task of a simulation; of
 * the simulations of `validate`, A is the place in the plan and B is 0.
 */
export function crashIfAsked(first: number, second: number, deaths: number): void {
  const asked = process.env['CFG_DMFT_TEST_CRASH'];
  if (asked === undefined) return;
  const [a, b, times] = asked.split(':').map(Number);
  if (first === a && second === b && deaths < times!) process.exit(3);
}

function isFailed(message: { readonly kind: string }): message is FailedMessage {
  return message.kind === 'failed';
}

/** Memory that could not be had now may be there for a fresh worker. */
function mayBeBetterElsewhere({ name, message }: WorkerFailure): boolean {
  return name === 'RangeError' && /allocat|memory/i.test(message);
}

function errorOf({ message, stack, misuse, advice }: WorkerFailure): Error {
  if (misuse !== null || advice !== null) {
    const error =
      misuse === null
        ? new NumericalFailure('', advice!)
        : new ParameterError(misuse.parameter, misuse.condition, misuse.value, misuse.remedy ?? undefined);
    // An error whose words were changed keeps them.
    error.message = message;
    return error;
  }
  return Object.assign(new Error(message), { stack });
}
