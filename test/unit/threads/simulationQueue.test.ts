import { describe, expect, it } from 'vitest';
import type { FinishedSimulation, SimulationStore } from '../../../src/threads/claimQueue.ts';
import { dispatch, type Job, type WorkerEvents } from '../../../src/threads/dispatch.ts';
import { estimatedSeconds } from '../../../src/threads/simulationJobs.ts';
import { measureClaims } from '../../../src/threads/simulationQueue.ts';
import { requestOf } from '../../../src/claims/protocol/requests.ts';
import { planSimulations } from '../../../src/claims/protocol/validate.ts';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { simulatePlanned } from '../../../src/claims/protocol/simulate.ts';
import { measuredClaim, tinyClaim, tinyRequest } from '../claims/tinyClaims.ts';

const full = requestOf(
  { mode: 'full', d: 8, classes: 30, guidance: 1, sampler: 'sde' },
  { particles: 10, realizations: 2, steps: 4, grid: 'angle' },
);
const twoClasses = requestOf(
  { mode: 'two-class', d: 8, classes: 2, guidance: 1, sampler: 'ode', centreOverlap: 0.2 },
  { particles: 10, realizations: 2, steps: 4, grid: 'angle' },
);
const claims = [measuredClaim('reduced'), measuredClaim('full', full), measuredClaim('two', twoClasses)];

/** A store that remembers the order of what was put in. */
function storeOf(entries = new Map<string, FinishedSimulation>()): SimulationStore & { order: string[] } {
  const order: string[] = [];
  return {
    order,
    get: (key) => entries.get(key),
    put(key, finished) {
      order.push(key);
      entries.set(key, finished);
    },
  };
}

describe('measuring claims', () => {
  it('gives each the simulations that it asks for, with the seed of the plan', async () => {
    const run = await measureClaims(claims, 'quick', 3, { workers: 1, backend: 'plain' });
    expect(run.claims.map(({ claim }) => claim.id)).toEqual(['reduced', 'full', 'two']);
    for (const [i, { request, seed }] of planSimulations(claims, 'quick', 3).entries()) {
      const { m } = await simulatePlanned({ request, seed });
      expect(run.claims[i]!.checks[0]!.measured).toBe(m.mean);
    }
    expect(run).toMatchObject({ resumed: 0, engine: 'plain (float64)', notes: [] });
  });

  it('takes the largest simulation first, and measures a claim when its last one is there', async () => {
    const store = storeOf();
    const large = tinyClaim('large', { run: tinyRequest(40) }, () => {
      expect(store.order).toHaveLength(1);
      return {};
    });
    const both = tinyClaim('both', { small: tinyRequest(20), middle: tinyRequest(30) }, () => {
      expect(store.order).toHaveLength(3);
      return {};
    });
    const none = tinyClaim('none', {}, () => {
      expect(store.order).toHaveLength(0);
      return {};
    });
    await measureClaims([both, large, none], 'quick', 1, { workers: 1, store });
    expect(store.order.map((key) => /particles:(\d+)/.exec(key)![1])).toEqual(['40', '30', '20']);
    expect.assertions(4);
  });

  it('runs what no earlier run has finished, whatever that run measured', async () => {
    const entries = new Map<string, FinishedSimulation>();
    const settings = { workers: 1, backend: 'plain' } as const;
    await measureClaims([claims[1]!], 'thorough', 3, { ...settings, store: storeOf(entries) });
    const store = storeOf(entries);
    const run = await measureClaims(claims, 'quick', 3, { ...settings, store });
    expect(run.resumed).toBe(1);
    expect(store.order).toHaveLength(2);
    const whole = await measureClaims(claims, 'quick', 3, settings);
    const checksOf = (one: typeof run) => one.claims.map(({ checks }) => checks);
    expect(checksOf(run)).toEqual(checksOf(whole));
    // Another seed is another simulation.
    const other = await measureClaims(claims, 'quick', 4, { ...settings, store });
    expect(other.resumed).toBe(0);
    expect(checksOf(other)).not.toEqual(checksOf(whole));
  });

  it('keys a full simulation by its engine, others not', async () => {
    const entries = new Map<string, FinishedSimulation>();
    await measureClaims(claims, 'quick', 1, { workers: 1, backend: 'plain', store: storeOf(entries) });
    const run = await measureClaims(claims, 'quick', 1, {
      workers: 1,
      backend: 'wasm',
      store: storeOf(entries),
    });
    expect(run.resumed).toBe(2);
    expect(run.engine).toMatch(/^wasm/);
  });

  it('reports progress that grows from 0 to 1', async () => {
    const fractions: number[] = [];
    await measureClaims(claims, 'quick', 1, {
      workers: 1,
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBeCloseTo(1, 12);
    expect(fractions.length).toBeGreaterThan(10);
    fractions.forEach((fraction, i) => {
      expect(fraction).toBeGreaterThanOrEqual((fractions[i - 1] ?? 0) - 1e-12);
    });
  });

  it('shares the memory for class centres among the workers, but for requests that say', async () => {
    const few = { ...full, options: { ...full.options, centres: 'memory' } } as const;
    const enough = { ...few, options: { ...few.options, memoryLimit: 2 ** 20 } };
    const measured = (request: typeof full, workers: number) =>
      measureClaims([measuredClaim('full', request)], 'quick', 1, { workers, memoryLimit: 4000 });
    await expect(measured(few, 1)).resolves.toBeDefined();
    await expect(measured(few, 8)).rejects.toThrow(/above 500 bytes|500 bytes/);
    await expect(measured(enough, 8)).resolves.toBeDefined();
  });

  it('says which claims and which simulation it is that fails, and that this is no misuse', async () => {
    const bad = { ...full, spec: { ...full.spec, dimension: 1 } };
    const error = await measureClaims([measuredClaim('one', bad), measuredClaim('other', bad)], 'quick', 1, {
      workers: 1,
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NumericalFailure);
    expect(String(error)).toMatch(
      /simulation for one, other: \{"spec":\{"mode":"full","dimension":1,.*dimension must be/,
    );
  });

  it('says which claim it is whose measurement fails', async () => {
    const broken = tinyClaim('broken', {}, () => {
      throw new RangeError('no such schedule');
    });
    await expect(measureClaims([broken], 'quick', 1, { workers: 1 })).rejects.toThrow(
      'measuring broken: no such schedule',
    );
    const refused = tinyClaim('refused', {}, () => ({ margin: 0 }));
    await expect(measureClaims([refused], 'quick', 1, { workers: 1 })).rejects.toThrow(
      /measuring refused: margin of "the overlap" must be/,
    );
    await expect(measureClaims([], 'quick', 1, { workers: 0 })).rejects.toThrow(ParameterError);
  });
});

describe('the estimate of a simulation', () => {
  it('grows with what it costs, in every mode', () => {
    const base = estimatedSeconds(full);
    const twice = { ...full, options: { ...full.options, particles: 20 } };
    expect(estimatedSeconds(twice)).toBeGreaterThan(1.5 * base);
    expect(estimatedSeconds({ ...full, spec: { ...full.spec, classes: 3000 } })).toBeGreaterThan(2 * base);
    for (const request of [tinyRequest(), twoClasses]) {
      const steps = { ...request, options: { ...request.options, steps: 8 } };
      expect(estimatedSeconds(steps)).toBeCloseTo(2 * estimatedSeconds(request), 12);
    }
    // 2e9 pairs on one thread.
    const large = requestOf(
      { mode: 'full', d: 24, classes: 100_000, guidance: 1, sampler: 'ode' },
      { particles: 500, realizations: 1, steps: 20 },
    );
    expect(estimatedSeconds(large)).toBeCloseTo(2, 1);
  });
});

describe('jobs on workers that die', () => {
  interface Numbered extends Job {
    readonly number: number;
  }

  /** Runs jobs on two pretended workers; `fate` says how an attempt ends. */
  async function run(
    count: number,
    fate: (job: Numbered | null, attempt: number) => 'done' | 'dies' | 'fails',
    late = 0,
  ) {
    const queue: Numbered[] = Array.from({ length: count }, (_, number) => ({ number, deaths: 0 }));
    const done: number[] = [];
    const notes: string[] = [];
    let attempts = 0;
    let stopped = 0;
    let started = 0;
    const end = (events: WorkerEvents, job: Numbered | null, whenDone: () => void) => {
      setTimeout(() => {
        const outcome = fate(job, ++attempts);
        if (outcome === 'dies') events.died('it ended with code 3');
        else if (outcome === 'fails') events.failed(new RangeError('no'));
        else whenDone();
      }, 1);
    };
    await dispatch<Numbered>({
      places: 2,
      take: () => {
        // The last jobs come up only when the others are done.
        const open = queue.length > late || done.length >= count - late;
        return (open ? queue.shift() : undefined) ?? (done.length < count ? 'later' : 'none');
      },
      putBack: (job) => queue.unshift(job),
      nameOf: ({ number }) => `job ${number}`,
      onNote: (note) => notes.push(note),
      start(_, events) {
        started += 1;
        end(events, null, events.ready);
        return {
          give(job) {
            end(events, job, () => {
              done.push(job.number);
              events.finished();
            });
          },
          stop: () => (stopped += 1),
        };
      },
    });
    return { done, notes, started, stopped };
  }

  it('all are done once, and the workers stopped', async () => {
    const { done, notes, started, stopped } = await run(7, () => 'done');
    expect([...done].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect({ notes, started }).toEqual({ notes: [], started: 2 });
    expect(stopped).toBeGreaterThanOrEqual(2);
  });

  it('jobs that come up late wake workers that wait', async () => {
    expect((await run(6, () => 'done', 4)).done).toHaveLength(6);
    expect((await run(1, () => 'done', 1)).done).toEqual([0]);
  });

  it('a job whose worker dies is done by another, which is said', async () => {
    const { done, notes, started } = await run(5, (job) =>
      job?.number === 4 && job.deaths === 0 ? 'dies' : 'done',
    );
    expect([...done].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(started).toBe(3);
    expect(notes).toEqual([
      'a worker died: it ended with code 3; another takes its place and does its task again',
    ]);
  });

  it('twice over the same job is the end, and the job is named', async () => {
    await expect(run(5, (job) => (job?.number === 2 ? 'dies' : 'done'))).rejects.toThrow(
      'a worker died again (job 2): it ended with code 3; try fewer --workers',
    );
  });

  it('so is twice before it has got one, and a job that fails', async () => {
    await expect(run(2, (job) => (job === null ? 'dies' : 'done'))).rejects.toThrow(
      'a worker died again: it ended with code 3; try fewer --workers',
    );
    const once = await run(2, (job, attempt) => (job === null && attempt === 1 ? 'dies' : 'done'));
    expect(once.done).toHaveLength(2);
    await expect(run(3, (job) => (job?.number === 1 ? 'fails' : 'done'))).rejects.toThrow(RangeError);
  });
});
