import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { trajectory } from '../../../src/meanfield/trajectory.ts';
import { processes, type ProcessName } from '../../../src/process/process.ts';
import { literalFlow } from './literalFlow.ts';
import { problem, uniform } from './sampling.ts';

const options = { fluctuations: false };

describe('all processes and both ensembles', () => {
  // Late enough that the start is at infinite noise to rounding, early enough that a process's own variables keep
  // their digits.
  const startTimes: Record<ProcessName, number> = { ou: 6.5, ve: 5e5, flow: 1 - 1.5e-3 };
  for (const name of ['ou', 've', 'flow'] as const) {
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      it(`${name}, ${ensemble}: the solver agrees with the equations integrated literally in the process's own time, to 1e-8`, () => {
        const draw = uniform(31);
        for (let i = 0; i < 8; i++) {
          const parameters = { alpha: draw(0.1, 1.5), w: draw(0.1, 2), sigma2: draw(0.1, 1), eta: i % 2 };
          const literal = literalFlow(processes[name], ensemble, {
            ...parameters,
            startTime: startTimes[name],
          });
          const solution = solveOrderParameters(
            problem(parameters.alpha, parameters.w, {
              sigma2: parameters.sigma2,
              ensemble,
              sampler: { eta: parameters.eta },
              process: processes[name],
            }),
            options,
          );
          expect(solution.phase).toBe(literal.transitionTime === null ? 'unspeciated' : 'speciated');
          expect(Math.abs(solution.final!.m - literal.m)).toBeLessThan(1e-8);
          expect(Math.abs(solution.final!.v - literal.v)).toBeLessThan(1e-8);
          if (literal.transitionTime !== null) {
            const { time } = solution.crossings[0]!;
            expect(Math.abs(time / literal.transitionTime - 1)).toBeLessThan(1e-8);
          }
        }
      });
    }
  }

  it('a schedule in a clock of its own gives the same answer in every process, to 1e-8', () => {
    // The same function of tau in the clocks of the three processes; w(tau) = 2/(1 + tau).
    const forms = {
      ou: ['2*exp(-2*t)', 't'],
      ve: ['2/(1+t)', 't'],
      flow: ['2/(1+(t/(1-t))^2)', 't'],
    } as const;
    const reference = solveOrderParameters(
      problem(0.5, 0, { guidance: { formula: parseFormula('schedule', '2/(1+tau)', 'tau'), clock: 'tau' } }),
      options,
    );
    for (const name of ['ou', 've', 'flow'] as const) {
      const [text, clock] = forms[name];
      const solution = solveOrderParameters(
        problem(0.5, 0, {
          process: processes[name],
          guidance: { formula: parseFormula('schedule', text, clock), clock },
        }),
        options,
      );
      expect(Math.abs(solution.final!.m - reference.final!.m)).toBeLessThan(1e-8);
      expect(Math.abs(solution.final!.v - reference.final!.v)).toBeLessThan(1e-8);
      expect(Math.abs(solution.speciationTime! / reference.speciationTime! - 1)).toBeLessThan(1e-8);
    }
  });

  it('a constant given as a formula is the constant, to 1e-8; a jump costs no accuracy', () => {
    const formula = (text: string) => ({ formula: parseFormula('schedule', text, 't'), clock: 't' as const });
    const constant = solveOrderParameters(problem(0.5, 1.5), options);
    const asFormula = solveOrderParameters(problem(0.5, 0, { guidance: formula('1.5 + 0*t') }), options);
    expect(Math.abs(asFormula.final!.m - constant.final!.m)).toBeLessThan(1e-8);
    expect(Math.abs(asFormula.final!.v - constant.final!.v)).toBeLessThan(1e-8);
    // The ODE variance before the transition: log v changes by the integral of w over log r, interval by interval.
    const interval = solveOrderParameters(
      problem(3, 0, { guidance: formula('t > 0.4 and t < 1 ? 4 : 0') }),
      options,
    );
    const r = (time: number) => {
      const Gamma = Math.exp(-2 * time) * 0.25 + 1 - Math.exp(-2 * time);
      return Gamma / (Gamma + Math.exp(-2 * time));
    };
    expect(Math.abs(interval.final!.v / (0.25 * (r(0.4) / r(1)) ** 4) - 1)).toBeLessThan(1e-8);
  });

  it('a finite start approaches the asymptotic one as T grows, with an error that falls like exp(-T) (ODE)', () => {
    const exact = solveOrderParameters(problem(0.5, 1), options).final!;
    const errors = [3, 4, 5, 6].map((startTime) => {
      const { m } = solveOrderParameters(problem(0.5, 1, { startTime }), options).final!;
      return Math.abs(m - exact.m);
    });
    for (let i = 1; i < errors.length; i++) {
      expect(errors[i - 1]! / errors[i]!).toBeGreaterThan(2.2);
      expect(errors[i - 1]! / errors[i]!).toBeLessThan(3.2);
    }
  });

  it('a trajectory ends in the final state, starts in noise, and satisfies the flow (m to 1e-9 across its knots)', () => {
    for (const name of ['ou', 've', 'flow'] as const) {
      const solution = solveOrderParameters(problem(0.5, 1, { process: processes[name] }), options);
      const rows = trajectory(solution, 60);
      expect(rows).toHaveLength(60);
      expect(rows.at(-1)!.time).toBe(0);
      expect(rows.at(-1)!.m).toBeCloseTo(solution.final!.m, 12);
      rows.forEach((row, i) => {
        expect(Math.abs(row.q - row.v - row.m ** 2)).toBeLessThan(1e-12 * row.q);
        if (i > 0) expect(row.time).toBeLessThan(rows[i - 1]!.time);
        const before = row.time > solution.crossings[0]!.time;
        if (Math.abs(row.time / solution.crossings[0]!.time - 1) > 1e-6)
          expect(row.psi > row.phi).toBe(!before);
      });
      // Complexity of the competing classes falls until the transition.
      const first = rows.findIndex((row) => row.psi > row.phi);
      for (let i = 1; i < first; i++) expect(rows[i]!.complexity).toBeLessThan(rows[i - 1]!.complexity);
    }
  });
});
