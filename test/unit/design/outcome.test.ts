import { describe, expect, it } from 'vitest';
import { neutralDecision } from '../../../src/closedForms/neutralWindow.ts';
import { crossingSteepness, effortOf } from '../../../src/design/candidate.ts';
import { scheduleOutcome, solveSchedule } from '../../../src/design/outcome.ts';
import { defaultTarget } from '../../../src/design/target.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { clockAtInvariantRatio, noiseToSignalAtClock } from '../../../src/process/variances.ts';
import { problemOf } from './problems.ts';

const known = { schedule: 't > 0.95 ? 1.45 : -0.53', clock: 't' } as const;

describe('outcome of a schedule', () => {
  it('the two-level schedule at alpha = 0.45, sigma2 = 0.3: v/sigma2, m, decision and complexity to 4 digits', () => {
    const outcome = scheduleOutcome(problemOf(0.45, 0.3, 0), known, 0.342);
    expect(outcome.varianceRatio).toBeCloseTo(0.99965, 4);
    expect(outcome.m).toBeCloseTo(1.2162, 4);
    expect(outcome.meanShift).toBe(outcome.m! - 1);
    expect(outcome.minComplexity).toBeCloseTo(0.05685, 5);
    expect(outcome.decidedAt).toBeCloseTo(0.342, 3);
    expect(outcome.speciationTime).toBe(outcome.decidedAt);
    expect(Math.abs(outcome.decisionLogOdds!)).toBeLessThan(2e-3);
    // (1.45 (3 - 0.95) - 0.53 0.95)/3 over the progress clock.
    expect(outcome.budget.progress).toBeCloseTo((1.45 * 2.05 - 0.53 * 0.95) / 3, 9);
  });

  for (const [eta, positive, negative] of [
    [0, 3, -1],
    [0.5, 2, -0.4],
    [1, 2, -0.4],
  ] as const) {
    it(`eta = ${eta}: a neutral decision in closed form is the solver's, 1e-6`, () => {
      const [alpha, sigma2] = [0.45, 0.3];
      const closed = neutralDecision(alpha, { positive, negative }, { eta })!;
      const tauAt = (r: number) => noiseToSignalAtClock(clockAtInvariantRatio(r), sigma2);
      const problem = problemOf(alpha, sigma2, eta, 've');
      const schedule = {
        schedule: `t > ${tauAt(closed.switchRatio)} ? ${positive} : ${negative}`,
        clock: 't',
      } as const;
      const outcome = scheduleOutcome(problem, schedule);
      expect(outcome.varianceRatio).toBeCloseTo(1, 6);
      expect(outcome.decidedAt).toBeCloseTo(tauAt(closed.r), 6);
      expect(outcome.minComplexity).toBeCloseTo(closed.complexity, 6);
      const relaxed = ((sigma2 * (1 - closed.r)) / closed.r) ** (0.5 * (1 + eta * eta));
      expect(outcome.m).toBeCloseTo(1 + closed.overlapExcess * relaxed, 6);
    });
  }

  it('the SDE decides inside a window w with steepness 1 + 2w, 1e-5', () => {
    const solution = solveSchedule(problemOf(0.45, 0.3, 1), {
      schedule: 't > 0.681036 ? 2 : -0.4',
      clock: 't',
    });
    // V = 1 at the transition: docs/theory/schedule-design.md
    expect(crossingSteepness(solution)).toBeCloseTo(0.2, 5);
  });

  it('condensed: what does not exist is null, the log-odds before it are there', () => {
    const outcome = scheduleOutcome(problemOf(0.45, 0.3, 0), { schedule: '-0.8', clock: 't' }, 1.5);
    expect(outcome.phase).toBe('condensed');
    expect([outcome.m, outcome.v, outcome.varianceRatio, outcome.decidedAt]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(outcome.decisionLogOdds).toBeLessThan(0);
    const late = scheduleOutcome(problemOf(0.45, 0.3, 0), { schedule: '-0.8', clock: 't' }, 0.01);
    expect(late.decisionLogOdds).toBeNull();
  });

  it('infinitely many classes: log-odds without the class rate, -1/2 log r unguided', () => {
    const outcome = scheduleOutcome(problemOf(Infinity, 0.5, 1), { schedule: '0', clock: 't' }, 0);
    expect(outcome.decisionLogOdds).toBeCloseTo(0.5 * Math.log(3), 7);
    expect(outcome.minComplexity).toBeNull();
  });

  it('the same schedule in two clocks and processes: 1e-8', () => {
    const ou = scheduleOutcome(problemOf(0.45, 0.3, 1), { schedule: 'tau > 3 ? 2 : -0.2', clock: 'tau' });
    const flow = scheduleOutcome(problemOf(0.45, 0.3, 1, 'flow'), {
      schedule: `t > ${Math.sqrt(3) / (1 + Math.sqrt(3))} ? 2 : -0.2`,
      clock: 't',
    });
    expect(flow.m).toBeCloseTo(ou.m!, 8);
    expect(flow.v).toBeCloseTo(ou.v!, 8);
    expect(flow.speciationTime).toBeCloseTo(ou.speciationTime!, 7);
    expect(flow.decidedAt).not.toBeCloseTo(ou.decidedAt!, 2);
  });

  it('effort is Int w^2 dl, exact for levels', () => {
    const candidate = { coefficient: (tau: number) => (tau > 1 ? 2 : -1), breakpoints: [1] };
    const lengthAt = (tau: number) => Math.log1p(1 / (0.3 + tau));
    const [first, end] = [lengthAt(1), lengthAt(0.2)];
    expect(effortOf(candidate, 0.3, -Math.log(0.5))).toBeCloseTo(4 * first + (end - first), 12);
  });

  it('refuses what is no problem', () => {
    expect(() => scheduleOutcome(problemOf(0, 0.3, 0), known)).toThrow(ParameterError);
    expect(() => scheduleOutcome(problemOf(0.4, -1, 0), known)).toThrow(ParameterError);
    expect(() => scheduleOutcome(problemOf(0.4, 0.3, 0), { schedule: '1/t', clock: 't' })).toThrow(
      ParameterError,
    );
  });
});

describe('the default target', () => {
  it('is a decision half-way between that without guidance and that of w = 1', () => {
    for (const eta of [0, 1]) {
      const problem = problemOf(0.45, 0.3, eta);
      const { overlap, decision } = defaultTarget(problem);
      const timeOf = (w: string) => scheduleOutcome(problem, { schedule: w, clock: 't' }).decidedAt!;
      const noise = (time: number) => 0.3 + Math.expm1(2 * time);
      expect(overlap).toBe(1);
      expect(decision!.logOdds).toBe(0);
      expect(noise(decision!.time) ** 2).toBeCloseTo(noise(timeOf('0')) * noise(timeOf('1')), 5);
    }
  });

  it('is half of the mean shift of w = 1 where nothing is decided', () => {
    const { overlap, decision } = defaultTarget(problemOf(Infinity, 1, 1));
    // SDE: m - 1 = sigma2 (1 - r0^w).
    expect(decision).toBeNull();
    expect(overlap).toBeCloseTo(1.25, 6);
  });

  it('stays where neutral schedules are uncondensed above alpha = 1/2', () => {
    const time = defaultTarget(problemOf(0.6, 0.3, 0)).decision!.time;
    expect(time).toBeCloseTo(0.1219, 4);
  });
});
