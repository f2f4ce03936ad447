/** Lets other messages in; rejects with {@link Stopped} if the work is no longer wanted. Called between pieces of work. */
export type Pause = () => Promise<void>;

/** The work is no longer wanted. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Never stops, never waits. */
export const noPause: Pause = () => Promise.resolve();

// Longer than that and a message waits noticeably; shorter, and waiting costs more than the work.
const sliceMilliseconds = 12;

/** A pause that lets messages in every few milliseconds, and stops when asked to. */
export function pauseUnless(isStopped: () => boolean): Pause {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= sliceMilliseconds) {
      await nextTask();
      last = performance.now();
    }
    if (isStopped()) throw new Stopped('the work is no longer wanted');
  };
}

/** Part of a message channel that works in browsers and Node alike. */
interface TaskChannel {
  readonly port1: { onmessage: (() => void) | null; close(): void };
  readonly port2: { postMessage(message: null): void };
}

/** The next turn of the event loop: a message channel is not held back as nested timers are. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel() as unknown as TaskChannel;
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
