import { describe, expect, it } from 'vitest';
import { simulateStructured } from '../../../src/particles/structured/simulate.ts';
import { runStructured } from '../../../src/threads/structured.ts';

const problem = {
  law: { kind: 'bands', bands: [{ weight: 1, rho: 1, c: 0.25, centres: { kind: 'signs' } }] },
  dimension: 6,
  classes: 40,
  guidance: { w: 1 },
} as const;
const options = { particles: 6, realizations: 4, steps: 10 };

const wrong: readonly [object, RegExp][] = [
  [{ workers: 0 }, /^workers must be an integer in \[1, 1024\], got 0/],
  [{ backend: 'gpu' }, /^backend must be one of/],
  [{ onProgress: 1 }, /^onProgress must be a function/],
  [{ onNote: 'print' }, /^onNote must be a function/],
  [{ threads: 2 }, /^settings.*threads/],
];

describe('structured classes on threads', () => {
  it('give the result of one thread, and tell each realisation that is done', async () => {
    const seen: number[] = [];
    const run = await runStructured(problem, options, {
      workers: 3,
      backend: 'plain',
      onProgress: (fraction) => seen.push(fraction),
    });
    expect(run).toEqual(await simulateStructured(problem, options));
    expect(seen).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it.each(wrong)('%o is refused by name', async (settings, message) => {
    await expect(runStructured(problem, options, settings)).rejects.toThrow(message);
  });

  it('classes that do not fit in memory for all threads together are refused', async () => {
    const limited = { ...options, memoryLimit: 150_000 };
    const run = (workers: number) => runStructured(problem, limited, { workers, backend: 'plain' });
    expect((await run(1)).classes).toBe(40);
    await expect(run(4)).rejects.toThrow(/^classes must be at most what fits in the memory limit/);
  });
});
