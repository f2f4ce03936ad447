import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { particleStart } from '../../../src/particles/problem/start.ts';
import type { ParticleOptions } from '../../../src/particles/problem/problem.ts';
import {
  particleDefaults,
  resolveParticleOptions,
  timeGrids,
} from '../../../src/particles/problem/problem.ts';
import { timeGrid } from '../../../src/particles/grids/timeGrid.ts';
import { linearInterpolant, varianceExploding } from '../../../src/process/process.ts';
import { noiseToSignalAtClock } from '../../../src/process/variances.ts';
import { particleProblem } from './problems.ts';

const problem = particleProblem(1, { dimension: 20, logClasses: 8 });

describe('timeGrid', () => {
  it.each(timeGrids)(
    '%s ascends from the start to the data, through breakpoints and requested clocks',
    (grid) => {
      const schedule = { ...problem.schedule, breakpoints: [-40, -1.25, 5] };
      const stepped = { ...problem, schedule, startTime: grid === 'time' ? 6 : null };
      const options = resolveParticleOptions({ steps: 30, clocks: [-3, 0.5, Math.log(4)], grid });
      const { nodes, recorded, start, kind } = timeGrid(stepped, options);
      expect(kind).toBe(grid);
      expect(nodes[0]).toBe(start.clock);
      expect(nodes[nodes.length - 1]).toBe(Math.log(4));
      expect(nodes.includes(-1.25)).toBe(true);
      expect(recorded.map((node) => nodes[node])).toEqual(options.clocks);
      for (let i = 1; i < nodes.length; i++) expect(nodes[i]!).toBeGreaterThan(nodes[i - 1]!);
      expect(nodes.length).toBeLessThanOrEqual(30 + 4 + 1);
      const free = { ...stepped, schedule: problem.schedule };
      expect(timeGrid(free, resolveParticleOptions({ steps: 30, grid })).nodes.length).toBe(31);
    },
  );

  it('refuses clocks outside the simulated range', () => {
    const late = resolveParticleOptions({ clocks: [2] });
    expect(() => timeGrid(problem, late)).toThrow(ParameterError);
    const early = resolveParticleOptions({ clocks: [-100] });
    expect(() => timeGrid(problem, early)).toThrow(ParameterError);
  });

  it('is even in the variable of its name: lambda, or the time of the process (1e-12)', () => {
    const steps = 7;
    const differences = (values: readonly number[]) => values.slice(1).map((value, i) => value - values[i]!);
    const { nodes } = timeGrid(problem, resolveParticleOptions({ steps, grid: 'logsnr' }));
    for (const h of differences([...nodes]))
      expect(Math.abs(h / (nodes[1]! - nodes[0]!) - 1)).toBeLessThan(1e-12);
    const flow = { ...problem, process: linearInterpolant, startTime: 0.8 };
    const timed = timeGrid(flow, resolveParticleOptions({ steps, grid: 'time' })).nodes;
    const times = Array.from(timed, (clock) =>
      linearInterpolant.timeAtNoiseToSignal(noiseToSignalAtClock(clock, flow.sigma2)),
    );
    for (const h of differences(times)) expect(Math.abs(h / (-0.8 / steps) - 1)).toBeLessThan(1e-12);
  });

  it.each([
    [{ method: 'euler' }, {}, /startTime must be finite with the method euler.*--t-max/],
    [{ method: 'heun', grid: 'time' }, {}, /the method heun and the grid time/],
    [{ grid: 'time' }, {}, /startTime must be finite with the grid time/],
    [{ method: 'ddpm' }, {}, /eta must be 1 with the method ddpm, got 0; use ddim/],
    [{ method: 'ddim' }, { sampler: { eta: 1.2 } }, /eta must be at most 1/],
    [
      { tolerance: 1e-3 },
      { logClasses: 1 },
      /tolerance must be given with 8 classes or more.*number of steps/,
    ],
  ] as [Partial<ParticleOptions>, object, RegExp][])(
    'refuses %o where it cannot be used',
    (options, changes, message) => {
      const act = () => timeGrid({ ...problem, ...changes }, resolveParticleOptions(options));
      expect(act).toThrow(ParameterError);
      expect(act).toThrow(message);
    },
  );

  it('plain steps take any finite start, also that of the flow at T = 1, and ddpm a start from pure noise', () => {
    const options = resolveParticleOptions({ method: 'heun', grid: 'time', steps: 50 });
    const flow = { ...problem, process: linearInterpolant, startTime: 1 };
    expect(timeGrid(flow, options).nodes.length).toBe(51);
    const sde = { ...problem, sampler: { eta: 1 } };
    expect(timeGrid(sde, resolveParticleOptions({ method: 'ddpm' })).nodes.length).toBe(
      particleDefaults.steps + 1,
    );
  });

  it('starts from the prior at a finite time, and from the guided asymptote where no signal is left', () => {
    const ve = particleStart({ ...problem, process: varianceExploding, startTime: 9 });
    expect(ve).toEqual({ clock: -Math.log(9.25), variance: 9, guidedMean: false });
    const ou = particleStart({ ...problem, startTime: 2 });
    expect(ou.variance).toBeCloseTo(Math.exp(4), 10);
    expect(particleStart(problem).guidedMean).toBe(true);
    expect(particleStart({ ...problem, process: linearInterpolant, startTime: 1 })).toEqual(
      particleStart(problem),
    );
  });
});
