import { studentTQuantile, twoSidedPower } from '../../numerics/distributions.ts';
import {
  ParameterError,
  requireInteger,
  requireList,
  requireMembers,
  requireNonNegative,
  requireObject,
  requirePositive,
} from '../../numerics/checks.ts';
import type { Check, ClaimMeasurement } from './claim.ts';

/** Outcomes of a test. Inconclusive: the measurement was too weak to detect a deviation that matters. */
export const verdicts = ['passed', 'failed', 'inconclusive'] as const;

/** One of {@link verdicts}. */
export type Verdict = (typeof verdicts)[number];

/** Probability with which a true claim fails by chance, shared by its random checks. */
export const claimFalseAlarm = 1e-3;

/** Probability with which a deviation of a check's margin has to be seen. */
export const requiredPower = 0.9;

/** A check with its verdict. */
export interface JudgedCheck extends Check {
  readonly degreesOfFreedom: number | null;
  readonly bias: number;
  readonly verdict: Verdict;
  /** (measured - expected)/standardError; null for an identity. */
  readonly deviation: number | null;
  /** Deviation that the test allows, in standard errors and beyond the bias; null for an identity. */
  readonly critical: number | null;
  /** Probability that the check fails although the claim is true; 0 for an identity. */
  readonly falseAlarm: number;
  /** Probability that a deviation of the margin is seen (below, above: that a value so far from the bound passes). */
  readonly power: number;
}

/** A claim's verdict from those of its checks. */
export interface JudgedMeasurement {
  readonly verdict: Verdict;
  readonly checks: readonly JudgedCheck[];
  /** At most this probability that a true claim fails. */
  readonly falseAlarm: number;
  /** Smallest power of a check. */
  readonly power: number;
}

/**
 * Judges a measurement. With n random checks each has the false-alarm rate f = claimFalseAlarm/n (Bonferroni: checks may
 * share simulations). With the Student quantile c of nu degrees of freedom and z = (measured - expected)/s
 * (eq. claim-test):
 * - agreement fails if |measured - expected| > c s + bias, c at 1 - f/2; else it is inconclusive unless a deviation
 *   of the margin would be seen with {@link requiredPower}, P(|T + (margin - bias)/s| > c);
 * - below (above) passes if the value is significantly below the bound, fails if significantly above, else is inconclusive;
 *   c at 1 - f;
 * - an identity passes if |measured - expected| <= margin.
 * A number that is not finite fails. A claim fails if one check does, and passes if all do.
 * @throws ParameterError without any check, or for a margin, error or bias outside its domain
 */
export function judge(measurement: ClaimMeasurement): JudgedMeasurement {
  requireObject('measurement', measurement);
  const { checks } = measurement;
  requireList('checks', checks, (parameter, check) => {
    requireMembers(parameter, check, { label: 'text', test: 'text' });
  });
  requireInteger('checks.length', checks.length, 1);
  const random = checks.filter(({ test }) => test !== 'identity').length;
  const judged = checks.map((check) => judgeCheck(check, claimFalseAlarm / Math.max(1, random)));
  const has = (verdict: Verdict) => judged.some((check) => check.verdict === verdict);
  return {
    verdict: has('failed') ? 'failed' : has('inconclusive') ? 'inconclusive' : 'passed',
    checks: judged,
    falseAlarm: judged.reduce((sum, { falseAlarm }) => sum + falseAlarm, 0),
    power: Math.min(...judged.map(({ power }) => power)),
  };
}

/** Judges one check at a false-alarm rate. */
export function judgeCheck(check: Check, falseAlarm: number): JudgedCheck {
  const { test, expected, measured, standardError, margin } = check;
  requirePositive(`margin of "${check.label}"`, margin);
  const bias = check.bias ?? 0;
  requireNonNegative(`bias of "${check.label}"`, bias);
  const degreesOfFreedom = check.degreesOfFreedom ?? null;
  const complete = { ...check, degreesOfFreedom, bias };
  const difference = measured - expected;
  if (test === 'identity') {
    const verdict = Math.abs(difference) <= margin ? 'passed' : 'failed';
    return { ...complete, verdict, deviation: null, critical: null, falseAlarm: 0, power: 1 };
  }
  if (standardError === null) {
    throw new ParameterError(
      `standardError of "${check.label}"`,
      'a number in a test that is not an identity',
      standardError,
    );
  }
  requirePositive(`standardError of "${check.label}"`, standardError);
  const freedom = degreesOfFreedom ?? Infinity;
  const deviation = difference / standardError;
  if (test === 'agreement') {
    const critical = studentTQuantile(1 - falseAlarm / 2, freedom);
    const seen = Math.max(0, margin - bias) / standardError;
    const power = twoSidedPower(seen, critical, freedom);
    const agrees = Math.abs(difference) <= critical * standardError + bias;
    const verdict = !agrees ? 'failed' : power < requiredPower ? 'inconclusive' : 'passed';
    return { ...complete, verdict, deviation, critical, falseAlarm, power };
  }
  const critical = studentTQuantile(1 - falseAlarm, freedom);
  // How far on the right side of the bound, in standard errors.
  const inside = (test === 'below' ? -difference : difference) / standardError;
  const allowance = bias / standardError;
  const verdict =
    inside - allowance > critical ? 'passed' : inside + allowance >= -critical ? 'inconclusive' : 'failed';
  // The other tail of a two-sided test is negligible against this one.
  const power = twoSidedPower(Math.max(0, margin - bias) / standardError, critical, freedom);
  return {
    ...complete,
    verdict: Number.isFinite(inside) ? verdict : 'failed',
    deviation,
    critical,
    falseAlarm,
    power,
  };
}
