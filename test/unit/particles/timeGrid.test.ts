import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { exponentialStep } from '../../../src/particles/exponentialStep.ts';
import { resolveParticleOptions } from '../../../src/particles/problem.ts';
import { particleStart, timeGrid } from '../../../src/particles/timeGrid.ts';
import { linearInterpolant, varianceExploding } from '../../../src/process/process.ts';
import { constantSchedule, particleProblem } from './problems.ts';

const problem = particleProblem(1, { dimension: 20, logClasses: 8 });

describe('timeGrid', () => {
  it('ascends from the start to the data clock exactly, through breakpoints and requested clocks', () => {
    const stepped = { ...problem, schedule: { ...problem.schedule, breakpoints: [-40, -1.25, 5] } };
    const options = resolveParticleOptions({ steps: 30, clocks: [-3, 0.5, Math.log(4)] });
    const { nodes, recorded, start } = timeGrid(stepped, options);
    expect(nodes[0]).toBe(start.clock);
    expect(nodes[nodes.length - 1]).toBe(Math.log(4));
    expect(nodes.includes(-1.25)).toBe(true);
    expect(recorded.map((node) => nodes[node])).toEqual(options.clocks);
    for (let i = 1; i < nodes.length; i++) expect(nodes[i]!).toBeGreaterThan(nodes[i - 1]!);
    expect(nodes.length).toBeLessThanOrEqual(30 + 4 + 1);
    expect(timeGrid(problem, resolveParticleOptions({ steps: 30 })).nodes.length).toBe(31);
  });

  it('refuses clocks outside the simulated range', () => {
    const late = resolveParticleOptions({ clocks: [2] });
    expect(() => timeGrid(problem, late)).toThrow(ParameterError);
    const early = resolveParticleOptions({ clocks: [-100] });
    expect(() => timeGrid(problem, early)).toThrow(ParameterError);
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

describe('exponentialStep', () => {
  const schedule = constantSchedule(0);

  it.each([0, 0.5, 1])('keeps v = Gamma at w = 0 and eta = %f, in one step or many (1e-13)', (eta) => {
    for (const h of [1e-3, 0.3, 4]) {
      const step = exponentialStep(-1, -1 + h, eta, schedule);
      const v = step.decay ** 2 * step.variance + step.noise ** 2;
      expect(Math.abs(v / step.endVariance - 1)).toBeLessThan(1e-13);
    }
  });

  it.each([0, 0.7, 1])('endGain is the integral e z^(e-1) (z - z0)/(1 - z0) dz at eta = %f (1e-8)', (eta) => {
    const e = 1 + eta * eta;
    for (const h of [1e-4, 0.1, 0.2, 0.25, 3]) {
      const z0 = Math.exp(-h / 2);
      let integral = 0;
      const points = 20_000;
      for (let i = 0; i < points; i++) {
        const s = (i + 0.5) / points;
        integral += (e * (z0 + (1 - z0) * s) ** (e - 1) * s * (1 - z0)) / points;
      }
      const { endGain } = exponentialStep(0, h, eta, schedule);
      expect(Math.abs(endGain / integral - 1)).toBeLessThan(1e-8);
    }
  });

  it('looks at w from inside the step', () => {
    const jump = { ...schedule, coefficient: (clock: number) => (clock < 0 ? 1 : clock < 1 ? 2 : 3) };
    expect(exponentialStep(0, 1, 0, jump)).toMatchObject({ w: 2, endW: 2 });
  });
});
