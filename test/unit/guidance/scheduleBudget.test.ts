import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { samplers } from '../../../src/guidance/sampler.ts';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import {
  budgetKinds,
  compileForBudget,
  guidanceBudget,
  scheduleAtBudget,
  strengthAtBudget,
  type BudgetContext,
  type BudgetKind,
} from '../../../src/guidance/schedules/budget.ts';
import { scheduleCatalogue, writeSchedule } from '../../../src/guidance/schedules/catalogue.ts';
import { scheduleInClock } from '../../../src/guidance/schedules/clocks.ts';
import { defaultHorizon } from '../../../src/guidance/schedules/horizon.ts';
import type { WrittenSchedule } from '../../../src/guidance/written.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { processes, type ProcessName } from '../../../src/process/process.ts';

const names = Object.keys(processes) as ProcessName[];
const contextOf = (name: ProcessName, sigma2 = 0.25): BudgetContext => ({
  process: processes[name],
  sigma2,
  horizon: defaultHorizon(processes[name]),
});
const budget = (written: WrittenSchedule, kind: BudgetKind, context: BudgetContext) =>
  guidanceBudget(compileForBudget(written, context), kind, context);

/** -log r at a noise-to-signal variance: the effective budget that w = 1 has spent by then. */
const spent = (tau: number, sigma2: number) => Math.log1p(1 / (sigma2 + tau));

describe('guidanceBudget', () => {
  it('constant w: w over progress, -w log r0 effective, compiled or written (1e-14)', () => {
    for (const name of names) {
      for (const sigma2 of [0.01, 0.25, 3]) {
        const context = contextOf(name, sigma2);
        for (const w of [2, -0.5]) {
          const effective = -w * Math.log(sigma2 / (1 + sigma2));
          const written = { schedule: `${w} + 0*t`, clock: 't' } as const;
          expect(guidanceBudget(constantSchedule(w), 'progress', context)).toBe(w);
          expect(
            Math.abs(guidanceBudget(constantSchedule(w), 'effective', context) - effective),
          ).toBeLessThan(1e-13);
          expect(Math.abs(budget(written, 'progress', context) - w)).toBeLessThan(1e-13);
          expect(Math.abs(budget(written, 'effective', context) - effective)).toBeLessThan(1e-13);
        }
      }
    }
  });

  it('exact integrals over progress: powers, steps, kinks, a density (1e-10)', () => {
    for (const name of names) {
      const context = contextOf(name);
      for (const [schedule, mean] of [
        ['progress^3', 1 / 4],
        ['progress < 0.3 ? 2 : -1', 0.6 - 0.7],
        ['interpolate(progress, 0.25, 4, 0.75, 0)', 2],
        ['max(progress, 1/3)', 1 / 9 + (1 - 1 / 9) / 2],
        ['sqrt(progress)', 2 / 3],
      ] as const) {
        const value = budget({ schedule, clock: 'progress' }, 'progress', context);
        expect(Math.abs(value - mean), `${name} ${schedule}`).toBeLessThan(1e-10);
      }
      for (const id of [
        'linear',
        'cosine',
        'inverse-linear',
        'sine',
        'v-shape',
        'lambda-shape',
        'triangular',
        'beta',
        'beta-scale',
      ]) {
        expect(Math.abs(budget(writeSchedule(id, 1.3), 'progress', context) - 1.3), id).toBeLessThan(1e-10);
      }
    }
  });

  it('exact effective budgets: a window in tau, 1/(1 + tau) and a ramp, the same for every process (1e-10)', () => {
    for (const name of names) {
      for (const sigma2 of [0.05, 0.4]) {
        const context = contextOf(name, sigma2);
        const window = budget(
          { schedule: 'tau > 0.2 and tau <= 3 ? 2 : 0', clock: 'tau' },
          'effective',
          context,
        );
        expect(Math.abs(window - 2 * (spent(0.2, sigma2) - spent(3, sigma2)))).toBeLessThan(1e-10);
        // s dlambda = -dtau/((sigma2 + tau)(1 + sigma2 + tau)), against w = (1 + sigma2 + tau)/(c + tau), c = 2.
        const rational = budget(
          { schedule: `(${1 + sigma2} + tau)/(2 + tau)`, clock: 'tau' },
          'effective',
          context,
        );
        expect(Math.abs(rational - Math.log(2 / sigma2) / (2 - sigma2))).toBeLessThan(1e-10);
        // w = tau below 1: Int tau dtau/((sigma2 + tau)(1 + sigma2 + tau)).
        const ramp = budget({ schedule: 'tau < 1 ? tau : 0', clock: 'tau' }, 'effective', context);
        const primitive = (tau: number) =>
          (1 + sigma2) * Math.log(1 + sigma2 + tau) - sigma2 * Math.log(sigma2 + tau);
        expect(Math.abs(ramp - (primitive(1) - primitive(0)))).toBeLessThan(1e-10);
      }
    }
  });

  it('progress at an asymptotic start: the schedule holds its first value before T, exactly (1e-10)', () => {
    const context = contextOf('ou');
    const early = budget({ schedule: 'progress < 0.5 ? 1 : 0', clock: 'progress' }, 'effective', context);
    expect(Math.abs(early - spent(Math.expm1(3), 0.25))).toBeLessThan(1e-10);
  });

  it('the neutral step spends nothing, whatever w and sigma2 (1e-12)', () => {
    for (const sigma2 of [0.1, 1]) {
      for (const w of [0.5, 3, 20]) {
        const written = writeSchedule('neutral-step', w, { sigma2 });
        expect(Math.abs(budget(written, 'effective', contextOf('ou', sigma2)))).toBeLessThan(1e-12 * (1 + w));
      }
    }
  });
});

describe('the effective budget', () => {
  it('is -log(v/sigma2) of the mean field for the ODE with infinitely many classes, for every entry (1e-6)', () => {
    const context = contextOf('ou', 0.4);
    for (const { id } of scheduleCatalogue) {
      const written = scheduleInClock(writeSchedule(id, 0.8), 't', context.process, context.horizon);
      const formula = parseFormula('schedule', written.schedule, 't');
      const { final } = solveOrderParameters(
        {
          alpha: Infinity,
          sigma2: 0.4,
          ensemble: 'gaussian',
          sampler: samplers.ode,
          process: context.process,
          guidance: { formula, clock: 't' },
          startTime: null,
        },
        { fluctuations: false },
      );
      const shrunk = -Math.log(final!.v / 0.4);
      expect(Math.abs(budget(written, 'effective', context) - shrunk), id).toBeLessThan(1e-6);
    }
  });
});

describe('strengthAtBudget', () => {
  it('gives every entry the budget asked for (1e-8), for three processes, both kinds and two budgets', () => {
    for (const name of names) {
      const context = contextOf(name);
      for (const kind of budgetKinds) {
        for (const wanted of [0.4, 1.5]) {
          for (const { id, strength } of scheduleCatalogue) {
            // By construction (above).
            if (id === 'neutral-step' && kind === 'effective') continue;
            const { schedule, w, values } = scheduleAtBudget(id, {}, kind, wanted, context);
            expect(Math.abs(budget(schedule, kind, context) - wanted), `${id} ${kind}`).toBeLessThan(1e-8);
            if (strength === 'none') expect(w).toBeNull();
            else expect(schedule).toEqual(writeSchedule(id, w!, values));
          }
        }
      }
    }
  });

  it('is the closed form where there is one: constant, early only, interval (1e-9)', () => {
    const context = contextOf('ou');
    const unit = -Math.log(0.2);
    expect(Math.abs(strengthAtBudget('constant', {}, 'effective', 2, context) - 2 / unit)).toBeLessThan(1e-9);
    const early = strengthAtBudget('early-only', { fraction: 0.25 }, 'progress', 2, context);
    expect(Math.abs(early - 8)).toBeLessThan(1e-9);
    const interval = strengthAtBudget(
      'limited-interval',
      { sigma_lo: 0.5, sigma_hi: 2 },
      'effective',
      1,
      context,
    );
    expect(Math.abs(interval - 1 / (spent(0.25, 0.25) - spent(4, 0.25)))).toBeLessThan(1e-9);
    expect(strengthAtBudget('linear', {}, 'progress', 0, context)).toBe(0);
  });

  it('says which budget cannot be reached, and what has no strength', () => {
    const context = contextOf('ou');
    expect(() => strengthAtBudget('neutral-step', {}, 'effective', 1, context)).toThrow(
      /^budget must be within reach of neutral-step, got 1; w = 1000000 spends/,
    );
    expect(() => strengthAtBudget('step-to-minus-one', {}, 'progress', -2, context)).toThrow(
      /^budget must be within reach of step-to-minus-one, got -2; w = -1 spends -1/,
    );
    expect(() => strengthAtBudget('cfg-plus-plus', {}, 'progress', 1, context)).toThrow(
      /^name must be a schedule with a strength w, got "cfg-plus-plus"; its budget is set by lambda/,
    );
    // More than lambda = 1 spends.
    expect(() => scheduleAtBudget('cfg-plus-plus', {}, 'progress', 50, context)).toThrow(
      /^lambda must be in \(0, 1\]/,
    );
    expect(() => strengthAtBudget('linear', {}, 'time' as BudgetKind, 1, context)).toThrow(
      /^budget must be one of progress, effective/,
    );
  });
});
