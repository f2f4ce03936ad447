import { describe, expect, it } from 'vitest';
import { createTaskRunner } from '../../../src/threads/spec.ts';
import { particleProblem } from '../../../src/particles/simulationSpec.ts';
import { parsePlainData, plainDataText } from '../../../src/particles/checkpoint/plainData.ts';
import { resolveParticleOptions, type ParticleOptions } from '../../../src/particles/problem/problem.ts';
import { timeGrid } from '../../../src/particles/grids/timeGrid.ts';
import { spec } from '../cli/simulation.ts';

const task = { realization: 1, begin: 0, end: 40 };

async function runner(given: Partial<ParticleOptions>) {
  const options = resolveParticleOptions({ particles: 40, realizations: 2, steps: 5, ...given });
  const full = spec('full');
  const grid = timeGrid(await particleProblem(full), options);
  return () => createTaskRunner({ spec: full, options, grid, kernel: 'plain' }, null);
}

describe.each([
  ['exponential-heun', {}],
  [
    'exponential-multistep, a series, streamed classes',
    { method: 'exponential-multistep', clocks: [0, 1], centres: 'stream' },
  ],
] as const)('a task continued from its state (%s)', (_, given) => {
  it('after any step, in another thread or run, ends with the same bits', async () => {
    const fresh = await runner(given);
    const states: string[] = [];
    const hooks = { onProgress: () => undefined, onState: () => undefined, state: null };
    const whole = (await fresh())(task, {
      ...hooks,
      onState: (current) => states.push(plainDataText(current())),
    });
    // At least one per step; steps that end at requested clocks are added.
    expect(states.length).toBeGreaterThanOrEqual(5);
    for (const text of states) {
      const range = (await fresh())(task, { ...hooks, state: parsePlainData(text) });
      // How many classes were skipped may differ: bounds begin anew.
      expect(range).toEqual({ ...whole, pairsEvaluated: range.pairsEvaluated });
    }
  });
});
