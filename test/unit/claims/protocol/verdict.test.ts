import { describe, expect, it } from 'vitest';
import type { Check } from '../../../../src/claims/protocol/claim.ts';
import {
  claimFalseAlarm,
  judge,
  judgeCheck,
  requiredPower,
  type Verdict,
} from '../../../../src/claims/protocol/verdict.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';
import { mean, standardError } from '../../../../src/numerics/statistics.ts';

const check = (change: Partial<Check>): Check => ({
  label: 'x',
  test: 'agreement',
  expected: 1,
  measured: 1,
  standardError: 0.01,
  margin: 0.1,
  ...change,
});

const verdictOf = (change: Partial<Check>, falseAlarm = 1e-3): Verdict =>
  judgeCheck(check(change), falseAlarm).verdict;

/** How often each verdict comes out when a value of known truth and error is measured again and again. */
function frequencies(
  draws: number,
  truth: number,
  change: Partial<Check>,
  falseAlarm: number,
): Record<Verdict, number> {
  const stream = new RandomStream(7, 1);
  const error = 0.01;
  const values = (change.degreesOfFreedom ?? 0) + 1;
  const counts = { passed: 0, failed: 0, inconclusive: 0 };
  for (let i = 0; i < draws; i++) {
    // A sample of so many values, as of so many realisations; with one value the error is known.
    const sample = Array.from(
      { length: values },
      () => truth + error * Math.sqrt(values) * stream.nextNormal(),
    );
    const measured = mean(sample);
    counts[verdictOf({ ...change, measured, standardError: standardError(sample) ?? error }, falseAlarm)] +=
      1;
  }
  return counts;
}

/** Four standard errors of a count. */
const tolerance = (draws: number, rate: number) => 4 * Math.sqrt(draws * rate * (1 - rate));

describe('false alarms and power of the tests, on data of known truth (within 4 standard errors)', () => {
  const draws = 20_000;
  const few = 4000;

  it.each([0.05, claimFalseAlarm])('agreement that holds fails with the stated rate, %s', (rate) => {
    const { failed } = frequencies(draws, 1, {}, rate);
    expect(Math.abs(failed - draws * rate)).toBeLessThan(tolerance(draws, rate));
  });

  it('and with the error estimated from 6 values', () => {
    const { failed } = frequencies(few, 1, { degreesOfFreedom: 5 }, 0.05);
    expect(Math.abs(failed - few * 0.05)).toBeLessThan(tolerance(few, 0.05));
  });

  it.each(['below', 'above'] as const)('%s fails with the stated rate if the value is the bound', (test) => {
    const { failed, passed } = frequencies(draws, 1, { test }, 0.05);
    for (const count of [failed, passed]) {
      expect(Math.abs(count - draws * 0.05)).toBeLessThan(tolerance(draws, 0.05));
    }
  });

  it.each([null, 5])(
    'a deviation of the margin is seen with the stated power (degrees of freedom: %s)',
    (nu) => {
      const change = { degreesOfFreedom: nu, margin: nu === null ? 0.03 : 0.05 };
      const { power } = judgeCheck(check(change), 0.01);
      expect(power).toBeGreaterThan(0.5);
      expect(power).toBeLessThan(0.99);
      const n = nu === null ? draws : few;
      const { failed } = frequencies(n, 1 + change.margin, change, 0.01);
      expect(Math.abs(failed - n * power)).toBeLessThan(tolerance(n, power));
    },
  );

  it('a value that lies the margin below its bound passes with the stated power', () => {
    const change = { test: 'below', margin: 0.04 } as const;
    const { power } = judgeCheck(check(change), 1e-3);
    const { passed } = frequencies(draws, 0.96, change, 1e-3);
    expect(power).toBeGreaterThan(0.5);
    expect(Math.abs(passed - draws * power)).toBeLessThan(tolerance(draws, power));
  });

  it('a claim of ten checks that holds fails with at most its false-alarm rate', () => {
    const stream = new RandomStream(7, 2);
    const rate = 40 * claimFalseAlarm;
    let failed = 0;
    for (let i = 0; i < 5000; i++) {
      const checks = Array.from({ length: 10 }, () => check({ measured: 1 + 0.01 * stream.nextNormal() }));
      // The same test at a rate that 5000 draws can see.
      if (checks.some((one) => judgeCheck(one, rate / 10).verdict === 'failed')) failed += 1;
    }
    expect(failed).toBeLessThan(5000 * rate + tolerance(5000, rate));
    expect(failed).toBeGreaterThan(5000 * rate * 0.9 - tolerance(5000, rate));
  });
});

describe('a check', () => {
  it('agrees, disagrees, or could not have told', () => {
    expect(verdictOf({ measured: 1.02 })).toBe('passed');
    expect(verdictOf({ measured: 1.04 })).toBe('failed');
    expect(verdictOf({ measured: 0.96 })).toBe('failed');
    // A deviation of two standard errors would be missed.
    expect(verdictOf({ margin: 0.02 })).toBe('inconclusive');
    expect(verdictOf({ margin: 0.02, measured: 1.04 })).toBe('failed');
    expect(judgeCheck(check({ margin: 0.05 }), 1e-3).power).toBeGreaterThan(requiredPower);
  });

  it('is more lenient with few degrees of freedom, and by its bias, which costs power', () => {
    expect(verdictOf({ measured: 1.04, degreesOfFreedom: 5 })).toBe('passed');
    expect(verdictOf({ measured: 1.04, bias: 0.01 })).toBe('passed');
    expect(verdictOf({ measured: 1.05, bias: 0.01 })).toBe('failed');
    expect(verdictOf({ margin: 0.05, bias: 0.01 })).toBe('inconclusive');
    expect(verdictOf({ margin: 0.06, bias: 0.01 })).toBe('passed');
  });

  it('of a bound needs to be beyond it by more than chance', () => {
    expect(verdictOf({ test: 'below', measured: 0.9 })).toBe('passed');
    expect(verdictOf({ test: 'below', measured: 0.98 })).toBe('inconclusive');
    expect(verdictOf({ test: 'below', measured: 1.02 })).toBe('inconclusive');
    expect(verdictOf({ test: 'below', measured: 1.1 })).toBe('failed');
    expect(verdictOf({ test: 'above', measured: 1.1 })).toBe('passed');
    expect(verdictOf({ test: 'above', measured: 0.9 })).toBe('failed');
    expect(verdictOf({ test: 'above', measured: 1.05, bias: 0.03 })).toBe('inconclusive');
  });

  it('of an identity has nothing random', () => {
    const identity = { test: 'identity', standardError: null, margin: 1e-6 } as const;
    expect(judgeCheck(check({ ...identity, measured: 1 + 5e-7 }), 1e-3)).toMatchObject({
      verdict: 'passed',
      deviation: null,
      critical: null,
      falseAlarm: 0,
      power: 1,
    });
    expect(verdictOf({ ...identity, measured: 1 + 2e-6 })).toBe('failed');
  });

  it.each(['agreement', 'below', 'above', 'identity'] as const)('%s fails without a number', (test) => {
    expect(verdictOf({ test, measured: NaN })).toBe('failed');
    expect(verdictOf({ test: test === 'below' ? 'above' : test, measured: -Infinity })).toBe('failed');
  });

  it('refuses what is no error, margin or bias', () => {
    expect(() => verdictOf({ standardError: null })).toThrow(/standardError of "x" must be a number/);
    for (const change of [{ standardError: 0 }, { standardError: NaN }, { margin: 0 }, { bias: -1 }]) {
      expect(() => verdictOf(change)).toThrow(/of "x" must be/);
    }
  });
});

describe('a claim', () => {
  const judged = (...changes: Partial<Check>[]) =>
    judge({ checks: changes.map(check), panels: [], findings: [] });
  const identity = { test: 'identity', standardError: null } as const;

  it('fails with one check, is inconclusive with one, and passes with all', () => {
    expect(judged({}, {}, {}).verdict).toBe('passed');
    expect(judged({}, { margin: 0.01 }).verdict).toBe('inconclusive');
    expect(judged({}, { margin: 0.01 }, { measured: 2 }).verdict).toBe('failed');
  });

  it('shares its false-alarm rate among its random checks, and states its smallest power', () => {
    const two = judged({}, { margin: 0.05 }, identity);
    expect(two.falseAlarm).toBeCloseTo(claimFalseAlarm, 15);
    expect(two.checks.map(({ falseAlarm }) => falseAlarm)).toEqual([5e-4, 5e-4, 0]);
    expect(two.power).toBe(two.checks[1]!.power);
    expect(two.checks[0]!.critical!).toBeGreaterThan(judged({}).checks[0]!.critical!);
    expect(judged(identity)).toMatchObject({ verdict: 'passed', falseAlarm: 0, power: 1 });
    expect(() => judged()).toThrow(/checks.length must be/);
  });
});
