import { describe, expect, it } from 'vitest';
import { samplers } from '../../../src/guidance/sampler.ts';
import { designInThread, measureClaims, runSimulation } from '../../../src/threads/index.ts';
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

describe('a design in a thread', () => {
  const job = {
    problem: { alpha: 0.45, sigma2: 0.3, ensemble: 'gaussian', sampler: samplers.ode, process: 'ou' },
    target: { overlap: 1, decision: { time: 0.3, logOdds: 0 } },
    options: {},
    pareto: 0,
  } as const;

  it('names its stages, and keeps v = sigma2 (1e-3)', async () => {
    const stages: string[] = [];
    const { result, front, standards } = await designInThread(job, { onStage: (name) => stages.push(name) });
    expect(stages).toEqual(['designing a schedule']);
    expect(Math.abs(result.best.varianceRatio! - 1)).toBeLessThan(1e-3);
    expect([front, standards]).toEqual([[], []]);
  });

  it.each([
    [{ ...job, pareto: 1 }, /^pareto must be 0, or at least 2, got 1/],
    [{ ...job, pareto: 2.5 }, /^pareto must be an integer/],
    [{ ...job, front: 2 }, /^job.*front/],
    [{ ...job, problem: { ...job.problem, process: 'edm' } }, /^process must be one of ou, ve, flow/],
    [{ ...job, problem: { ...job.problem, alpha: 0 } }, /^alpha must be/],
    [{ ...job, target: { overlap: 'all', decision: null } }, /^overlap must be/],
    [{ ...job, options: { nodes: 1 } }, /^nodes must be/],
  ])('is refused by name: %#', async (wrong, message) => {
    await expect(designInThread(wrong as typeof job)).rejects.toThrow(message);
  });

  it('settings too', async () => {
    await expect(designInThread(job, { onStage: 1 as never })).rejects.toThrow(/^onStage must be a function/);
    await expect(designInThread(job, { workers: 2 } as never)).rejects.toThrow(/^settings.*workers/);
  });
});
