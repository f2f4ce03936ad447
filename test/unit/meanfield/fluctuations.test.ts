import { describe, expect, it } from 'vitest';
import { smallAlphaParallelVariance } from '../../../src/closedForms/smallAlpha.ts';
import { isotropicDynamics } from '../../../src/meanfield/isotropic.ts';
import { covarianceEntry, withFluctuations } from '../../../src/meanfield/fluctuations.ts';
import { integratePiecewise, solverDefaults } from '../../../src/meanfield/piecewise.ts';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import { flowStart } from '../../../src/meanfield/problem.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { clockAtInvariantRatio } from '../../../src/process/variances.ts';
import { odeAndSde, problem, uniform } from './sampling.ts';

describe('fluctuations of the overlap', () => {
  it('ODE: the covariance with saltation equals the finite differences of the whole flow across the transition, to 1e-5', () => {
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      const parameters = {
        alpha: 0.5,
        ensemble,
        eta: 0,
        schedule: constantSchedule(1.5),
        average: 'quenched',
        closure: 'stopAtCondensation',
      } as const;
      const dynamics = isotropicDynamics(parameters);
      const base = {
        dynamics,
        startClock: clockAtInvariantRatio(0.9),
        endClock: Math.log(4),
        startState: Float64Array.of(0.5, -0.1),
        breakpoints: [],
      };
      const end = (dN: number, dL: number) => {
        const startState = Float64Array.of(0.5 + dN, -0.1 + dL);
        const flow = integratePiecewise({ ...base, startState }, solverDefaults);
        expect(flow.switches).toHaveLength(1);
        return flow.endState;
      };
      const h = 1e-5;
      const J = [
        [(end(h, 0)[0]! - end(-h, 0)[0]!) / (2 * h), (end(0, h)[0]! - end(0, -h)[0]!) / (2 * h)],
        [(end(h, 0)[1]! - end(-h, 0)[1]!) / (2 * h), (end(0, h)[1]! - end(0, -h)[1]!) / (2 * h)],
      ];
      const [c00, c01, c11] = [1, 0.3, 2];
      const extended = integratePiecewise(withFluctuations(base, [c00, c01, c11]), solverDefaults);
      const expected = (i: number, j: number) =>
        J[i]![0]! * J[j]![0]! * c00 +
        (J[i]![0]! * J[j]![1]! + J[i]![1]! * J[j]![0]!) * c01 +
        J[i]![1]! * J[j]![1]! * c11;
      for (const [i, j] of [
        [0, 0],
        [0, 1],
        [1, 1],
      ] as const) {
        expect(Math.abs(covarianceEntry(extended.endState, 2, i, j) - expected(i, j))).toBeLessThan(1e-5);
      }
      // Without the saltation the answer is visibly different: the test would notice its absence.
      const withoutJump = { ...withFluctuations(base, [c00, c01, c11]), jump: () => undefined };
      const wrong = integratePiecewise(withoutJump, solverDefaults);
      expect(Math.abs(covarianceEntry(wrong.endState, 2, 0, 0) - expected(0, 0))).toBeGreaterThan(1e-3);
    }
  });

  it('refuses a flow that slides along the transition, where the covariance is singular', () => {
    const sliding = problem(0.05, 3, { sampler: { eta: 2 } });
    const { clock, state, covariance, schedule } = flowStart(sliding, true);
    const dynamics = isotropicDynamics({
      alpha: 0.05,
      ensemble: 'gaussian',
      eta: 2,
      schedule,
      average: 'quenched',
      closure: 'stopAtCondensation',
    });
    const base = {
      dynamics,
      startClock: clock,
      startState: state,
      endClock: Math.log(4),
      breakpoints: [],
    };
    expect(integratePiecewise(base, solverDefaults).switches[0]!.to).toMatchObject({ kind: 'sliding' });
    expect(() => integratePiecewise(withFluctuations(base, covariance), solverDefaults)).toThrow(
      /slides along the surface.*without fluctuations/,
    );
  });

  it('w = 0 and infinitely many classes (gaussian): vParallel = v to 1e-7, any eta', () => {
    const draw = uniform(51);
    for (let i = 0; i < 12; i++) {
      const sampler = { eta: i % 4 === 0 ? 0 : draw(0, 1.4) };
      const unguided = solveOrderParameters(problem(draw(0.1, 1), 0, { sampler }));
      expect(Math.abs(unguided.vParallel! / 0.25 - 1)).toBeLessThan(1e-7);
      const infinite = solveOrderParameters(problem(5, draw(0, 4), { sampler }));
      expect(infinite.phase).toBe('unspeciated');
      expect(Math.abs(infinite.vParallel! / infinite.final!.v - 1)).toBeLessThan(1e-7);
    }
  });

  it('w = 0 from a finite start: vParallel = v and C_LL = 2 at every eta, sigma2 and T, to 1e-7', () => {
    const draw = uniform(52);
    for (let i = 0; i < 12; i++) {
      const eta = i % 4 === 0 ? 0 : draw(0, 3);
      const sigma2 = Math.exp(draw(Math.log(1e-3), Math.log(100)));
      // Particles stay Gaussian and isotropic: m has the variance of every coordinate, and v that of a mean of d squares.
      const unguided = {
        ...problem(Infinity, 0, { sampler: { eta } }),
        sigma2,
        startTime: Math.exp(draw(Math.log(0.2), Math.log(6))),
      };
      const { vParallel, final, start, dynamics } = solveOrderParameters(unguided);
      expect(Math.abs(vParallel! / final!.v - 1)).toBeLessThan(1e-7);
      const { clock, state, covariance } = flowStart(unguided, true);
      expect([clock, ...state]).toEqual([start.clock, ...start.state]);
      const base = {
        dynamics,
        startClock: clock,
        startState: state,
        endClock: -Math.log(sigma2),
        breakpoints: [],
      };
      const { endState } = integratePiecewise(withFluctuations(base, covariance), solverDefaults);
      expect(Math.abs(covarianceEntry(endState, 2, 1, 1) / 2 - 1)).toBeLessThan(1e-6);
    }
  });

  it('alpha -> 0 at any eta: 1 - vParallel/sigma2 over the law of the closed form (eq. small-alpha-parallel), to 1e-3', () => {
    const draw = uniform(53);
    for (let i = 0; i < 8; i++) {
      const sampler = { eta: draw(0, 0.8) };
      const w = draw(0.3, 4);
      const { vParallel } = solveOrderParameters(problem(1e-6, w, { sampler }));
      const loss = 1 - smallAlphaParallelVariance(1e-6, w, 0.25, sampler);
      expect(Math.abs((1 - vParallel! / 0.25) / loss - 1)).toBeLessThan(1e-3);
    }
  });

  it('ODE, alpha -> 0: vParallel/sigma2 -> ((1 + w)/(1 + 2w))^2, linearly in alpha', () => {
    for (const w of [0.5, 1, 3]) {
      const law = ((1 + w) / (1 + 2 * w)) ** 2;
      const error = (alpha: number) => solveOrderParameters(problem(alpha, w)).vParallel! / 0.25 / law - 1;
      expect(Math.abs(error(1e-5))).toBeLessThan(2e-5);
      expect(error(1e-3) / error(1e-4)).toBeGreaterThan(9.5);
      expect(error(1e-3) / error(1e-4)).toBeLessThan(10.5);
    }
  });

  it('alpha -> 0: the SDE recovers vParallel = sigma2 while the ODE does not', () => {
    const [ode, sde] = odeAndSde.map(
      ([, sampler]) => solveOrderParameters(problem(1e-4, 1, { sampler })).vParallel!,
    );
    expect(Math.abs(sde! / 0.25 - 1)).toBeLessThan(1e-3);
    expect(ode! / 0.25).toBeLessThan(0.5);
  });
});
