import { describe, expect, it } from 'vitest';
import { measureClaims, runSimulation } from '../../../src/threads/index.ts';
import { spec } from '../cli/simulation.ts';

const wrong: readonly [object, RegExp][] = [
  [{ workers: 0 }, /^workers must be an integer in \[1, 1024\], got 0/],
  [{ workers: '2' }, /^workers must be/],
  [{ backend: 'gpu' }, /^backend must be one of auto, native/],
  [{ checkpoint: 3 }, /^checkpoint must be/],
  [{ onProgress: 1 }, /^onProgress must be a function/],
  [{ onNote: 'print' }, /^onNote must be a function/],
  [{ onCheckpoint: {} }, /^onCheckpoint must be a function/],
  [{ threads: 2 }, /^settings.*threads/],
];

describe('settings of runs on threads are refused by name', () => {
  it.each(wrong)('%o', async (settings, message) => {
    await expect(runSimulation(spec('reduced'), {}, settings)).rejects.toThrow(message);
    await expect(measureClaims([], 'quick', 1, settings)).rejects.toThrow(message);
  });

  it('share, of simulations alone', async () => {
    await expect(runSimulation(spec('full'), {}, { share: 'cores' as 'auto' })).rejects.toThrow(
      /^share must be one of auto, particles, classes/,
    );
  });
});
