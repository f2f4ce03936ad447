import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newestAfterCurrent, newestStopsOthers } from '../../../src/explorer/page/newest.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pause = 100;

/** Work of one second that an aborted signal rejects, as that of the client, with what it was told and has done. */
function work() {
  const told: boolean[] = [];
  const done: string[] = [];
  const failures: unknown[] = [];
  const task = (name: string, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new DOMException('aborted', 'AbortError'));
      });
      setTimeout(() => {
        done.push(name);
        if (name === 'broken') reject(new Error(name));
        else resolve();
      }, 1000);
    });
  const failed = (error: unknown) => failures.push(error);
  const busy = (on: boolean) => told.push(on);
  return { told, done, failures, task, failed, busy };
}

describe('the newest input stops the others', () => {
  it('is busy from the request, through aborted work, to the end of the newest', async () => {
    const { told, done, failures, task, failed, busy } = work();
    const newest = newestStopsOthers(task, failed, { pause, busy });
    newest.run('first');
    expect(told).toEqual([true]);
    await vi.advanceTimersByTimeAsync(pause + 500);
    newest.run('second');
    await vi.advanceTimersByTimeAsync(pause + 500);
    expect(told.at(-1)).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect([told.at(-1), done.at(-1), failures]).toEqual([false, 'second', []]);
  });

  it('is not busy once it is stopped, while it waits or works, nor after a failure', async () => {
    const { told, failures, task, failed, busy } = work();
    const newest = newestStopsOthers(task, failed, { pause, busy });
    for (const wait of [0, pause + 500]) {
      newest.run('stopped');
      await vi.advanceTimersByTimeAsync(wait);
      newest.stop();
      await vi.advanceTimersByTimeAsync(5000);
      expect(told.at(-1)).toBe(false);
    }
    expect(failures).toEqual([]);
    newest.run('broken');
    await vi.advanceTimersByTimeAsync(5000);
    expect([told.at(-1), failures]).toEqual([false, [new Error('broken')]]);
  });
});

describe('the newest input waits for the current one', () => {
  it('leaves out those between, and is busy until the last is done, also after a failure', async () => {
    const { told, done, failures, task, failed, busy } = work();
    const run = newestAfterCurrent((name: string) => task(name), failed, busy);
    for (const name of ['broken', 'left out', 'last']) run(name);
    await vi.advanceTimersByTimeAsync(1500);
    expect([told.at(-1), failures]).toEqual([true, [new Error('broken')]]);
    await vi.advanceTimersByTimeAsync(1000);
    expect([told.at(-1), done]).toEqual([false, ['broken', 'last']]);
  });
});
