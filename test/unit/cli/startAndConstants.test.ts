import { describe, expect, it } from 'vitest';
import { compileSchedule } from '../../../src/guidance/schedule.ts';
import { guidanceOf } from '../../../src/guidance/written.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { particleStart } from '../../../src/particles/problem/start.ts';
import { particleProblem } from '../../../src/particles/simulationSpec.ts';
import { processes } from '../../../src/process/process.ts';

const model = { alpha: 0.5, sigma2: 0.25, ensemble: 'gaussian', sampler: { eta: 0 } } as const;
const solveFrom = (process: 'ou' | 've', startTime: number | null) =>
  solveOrderParameters({ ...model, process: processes[process], guidance: { w: 1 }, startTime }).final!;

describe('a start beyond the range of e^{2T}', () => {
  it.each([
    ['ou', 340],
    ['ou', 355],
    ['ou', 1e9],
    ['ve', 1e299],
    ['ve', 1e308],
  ] as const)('%s at T = %s has the asymptotic answer to 1e-8', (process, time) => {
    const [{ m, v }, asymptotic] = [solveFrom(process, time), solveFrom(process, null)];
    expect(Math.abs(m / asymptotic.m - 1)).toBeLessThan(1e-8);
    expect(Math.abs(v / asymptotic.v - 1)).toBeLessThan(1e-8);
  });

  it('is that of the particles, too', async () => {
    const spec = {
      mode: 'full',
      dimension: 8,
      classes: 10,
      logClasses: null,
      sigma2: 0.25,
      ensemble: 'gaussian',
      eta: 0,
      process: 'ou',
      guidance: { w: 1 },
      guidedClass: 'typical',
    } as const;
    const startAt = async (startTime: number | null) =>
      particleStart(await particleProblem({ ...spec, startTime }));
    expect(await startAt(400)).toEqual(await startAt(null));
    expect((await startAt(300)).guidedMean).toBe(false);
  });
});

describe('a formula without its variable', () => {
  it('is a constant, which any strength may be', async () => {
    const context = { process: processes.ou, sigma2: 0.25, startTime: null };
    for (const schedule of ['1e5', '2 * (5e4)']) {
      expect(compileSchedule(await guidanceOf({ schedule, clock: 't' }), context).constant).toBe(1e5);
    }
  });
});
