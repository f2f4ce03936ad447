import { describe, expect, it } from 'vitest';
import { openClient } from '../../../src/explorer/compute/client.ts';
import type { WorkerLike } from '../../../src/explorer/compute/lane.ts';
import type {
  DiagramPass,
  FromWorker,
  ParticleUpdate,
  ToWorker,
} from '../../../src/explorer/compute/protocol.ts';
import { serve } from '../../../src/explorer/compute/service.ts';
import { trajectoryOf } from '../../../src/explorer/compute/trajectory.ts';
import { defaultState } from '../../../src/explorer/state/state.ts';

/** Workers in this thread, with what was said to and by them. The first is that of the curves, which starts with the client. */
function localWorkers() {
  const sent: ToWorker[] = [];
  const received: FromWorker[] = [];
  const counts = { created: 0, terminated: 0 };
  const createWorker = (): WorkerLike => {
    counts.created++;
    let isEnded = false;
    const arriving: ToWorker[] = [];
    const worker: WorkerLike = {
      onmessage: null,
      onerror: null,
      postMessage: (message) => {
        sent.push(message);
        // As between threads: what is sent is a copy and arrives later, all that was sent in one go together.
        arriving.push(structuredClone(message));
        if (arriving.length > 1) return;
        setTimeout(() => {
          for (const arrived of arriving.splice(0)) if (!isEnded) receive(arrived);
        }, 0);
      },
      terminate: () => {
        isEnded = true;
        counts.terminated++;
      },
    };
    const receive = serve((message) => {
      received.push(message);
      const copy = structuredClone(message);
      setTimeout(() => {
        if (!isEnded) worker.onmessage?.({ data: copy });
      }, 0);
    });
    return worker;
  };
  return { createWorker, sent, received, counts };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

const isAbort = (error: unknown) => error instanceof DOMException && error.name === 'AbortError';

describe('the client', () => {
  it('gives what the functions give, through messages', async () => {
    const client = openClient(localWorkers());
    expect(await client.trajectory(defaultState)).toEqual({
      ok: true,
      value: await trajectoryOf(defaultState),
    });
    const potential = await client.potential(defaultState, [1, 0.5], [0, 0.5, 1]);
    expect(potential.ok && potential.value.potential.map((row) => row.length)).toEqual([3, 3]);
    const passes: DiagramPass[] = [];
    expect(await client.diagram(defaultState, (pass) => passes.push(pass))).toEqual({
      ok: true,
      value: null,
    });
    expect(passes.at(-1)?.last).toBe(true);
    const few = await client.fewClass({ preset: 'pair', w: 1 });
    expect(few.ok).toBe(true);
    client.close();
  });

  it('a formula that fails is an outcome, and the next request works', async () => {
    const client = openClient(localWorkers());
    const schedule = { kind: 'formula', text: '1 +', clock: 't' } as const;
    expect(await client.trajectory({ ...defaultState, schedule })).toMatchObject({
      ok: false,
      refusal: { field: 'schedule' },
    });
    expect((await client.trajectory(defaultState)).ok).toBe(true);
    client.close();
  });

  it('an abort rejects at once; the worker stops at its next pause and is kept', async () => {
    const workers = localWorkers();
    const client = openClient(workers);
    const abort = new AbortController();
    let parts = 0;
    const done = client.diagram(
      defaultState,
      () => {
        parts++;
        abort.abort();
      },
      abort.signal,
    );
    await expect(done).rejects.toSatisfy(isAbort);
    await until(() => workers.received.some(({ kind }) => kind === 'stopped'));
    expect(parts).toBe(1);
    expect((await client.diagram(defaultState, () => undefined)).ok).toBe(true);
    expect(workers.counts).toEqual({ created: 2, terminated: 0 });
    client.close();
  });

  it('of requests that were aborted in the queue none is begun', async () => {
    const workers = localWorkers();
    const client = openClient(workers);
    const results = Array.from({ length: 20 }, (_, i) => {
      const abort = new AbortController();
      const result = client.trajectory({ ...defaultState, w: i / 10 }, abort.signal);
      if (i < 19) abort.abort();
      return result.then(
        ({ ok }) => ok,
        (error: unknown) => (isAbort(error) ? 'aborted' : error),
      );
    });
    expect(await Promise.all(results)).toEqual([...Array.from({ length: 19 }, () => 'aborted'), true]);
    const ends = workers.received.filter(({ kind }) => kind === 'end');
    expect(ends.map(({ id }) => id)).toEqual([19]);
    client.close();
  });

  it('an aborted signal is refused before anything is sent', async () => {
    const workers = localWorkers();
    const client = openClient(workers);
    await expect(client.trajectory(defaultState, AbortSignal.abort())).rejects.toSatisfy(isAbort);
    expect(workers.sent).toEqual([]);
    client.close();
  });

  it('particles stop between two pieces', async () => {
    const workers = localWorkers();
    const client = openClient(workers);
    const abort = new AbortController();
    const updates: ParticleUpdate[] = [];
    const state = { ...defaultState, realizations: 64 };
    const done = client.particles(
      state,
      (update) => {
        updates.push(update);
        if (updates.length === 3) abort.abort();
      },
      abort.signal,
    );
    await expect(done).rejects.toSatisfy(isAbort);
    await until(() => workers.received.some(({ kind }) => kind === 'stopped'));
    expect(updates).toHaveLength(3);
    expect(updates.at(-1)!.done).toBeLessThan(0.1);
    client.close();
  });

  it('a worker that does not stop is replaced, with the work that waits behind', async () => {
    const opened: ToWorker[][] = [];
    const spoken = () => opened.filter(({ length }) => length > 0);
    let terminated = 0;
    const client = openClient({
      createWorker: () => {
        const messages: ToWorker[] = [];
        opened.push(messages);
        return {
          onmessage: null,
          onerror: null,
          postMessage: (message) => messages.push(message),
          terminate: () => terminated++,
        };
      },
    });
    const abort = new AbortController();
    const first = client.validity(defaultState, abort.signal);
    const second = client.validity({ ...defaultState, w: 2 });
    abort.abort();
    await expect(first).rejects.toSatisfy(isAbort);
    await until(() => spoken().length === 2);
    expect(terminated).toBe(1);
    const sent = spoken();
    expect(sent[1]).toEqual(sent[0]!.filter(({ kind, id }) => kind === 'work' && id === 1));
    expect(sent[1]).toHaveLength(1);
    client.close();
    await expect(second).rejects.toSatisfy(isAbort);
  });

  it('an abort of what waits does not end what is worked on', async () => {
    const workers = localWorkers();
    const client = openClient(workers);
    const abort = new AbortController();
    const running = client.samples(defaultState);
    const waiting = client.fewClass({ preset: 'pair', w: 1 }, abort.signal);
    abort.abort();
    await expect(waiting).rejects.toSatisfy(isAbort);
    expect((await running).ok).toBe(true);
    expect(workers.counts).toEqual({ created: 2, terminated: 0 });
    client.close();
  });

  it('a fault of a worker rejects what it was asked', async () => {
    const client = openClient({
      createWorker: () => {
        const worker: WorkerLike = {
          onmessage: null,
          onerror: null,
          postMessage: (message) => {
            setTimeout(() => {
              if (message.id === 0)
                worker.onmessage?.({ data: { kind: 'fault', id: 0, message: 'a fault' } });
              else worker.onerror?.({ message: 'no module workers' });
            }, 0);
          },
          terminate: () => undefined,
        };
        return worker;
      },
    });
    await expect(client.trajectory(defaultState)).rejects.toThrow('a fault');
    await expect(client.trajectory(defaultState)).rejects.toThrow('no module workers');
    client.close();
  });
});
