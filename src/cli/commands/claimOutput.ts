import type { Claim } from '../../claims/protocol/claim.ts';
import { requiredPower, verdicts, type JudgedCheck, type Verdict } from '../../claims/protocol/verdict.ts';
import type { FigureTable } from '../../figures/drawing/figure.ts';
import { show, showWithError, table } from '../terminal/output.ts';
import type { MeasuredClaim } from '../../threads/claimQueue.ts';

/** The words of a claim. */
export function claimWords({ id, title, statement, formula, source, method }: Claim) {
  return { id, title, statement, formula, source, method };
}

/** A measured claim as it goes into the JSON document. */
export function claimDocument(measured: MeasuredClaim) {
  const { claim, verdict, checks, falseAlarm, power, panels, findings, seconds } = measured;
  const { expected, measured: value, standardError } = checks[0]!;
  return {
    ...claimWords(claim),
    expected,
    measured: value,
    standardError,
    passed: verdict === 'inconclusive' ? null : verdict === 'passed',
    verdict,
    falseAlarm,
    power,
    checks,
    findings,
    panels,
    seconds,
  };
}

/** Number of claims of each verdict. */
export function verdictCounts(claims: readonly MeasuredClaim[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict) => withVerdict(claims, verdict).length;
  return { passed: count('passed'), failed: count('failed'), inconclusive: count('inconclusive') };
}

/** Ids of the claims of a verdict. */
export function withVerdict(claims: readonly MeasuredClaim[], verdict: Verdict): string[] {
  return claims.filter((one) => one.verdict === verdict).map(({ claim }) => claim.id);
}

/** All checks, one per row, with the names of the JSON document. */
export function checkTable(claims: readonly MeasuredClaim[]): FigureTable {
  return {
    columns: [
      'claim',
      'claimVerdict',
      'check',
      'test',
      'expected',
      'measured',
      'standardError',
      'degreesOfFreedom',
      'bias',
      'margin',
      'deviation',
      'critical',
      'falseAlarm',
      'power',
      'verdict',
    ],
    rows: claims.flatMap(({ claim, verdict, checks }) =>
      checks.map((check) => [
        claim.id,
        verdict,
        check.label,
        check.test,
        check.expected,
        check.measured,
        check.standardError,
        check.degreesOfFreedom,
        check.bias,
        check.margin,
        check.deviation,
        check.critical,
        check.falseAlarm,
        check.power,
        check.verdict,
      ]),
    ),
  };
}

/** The table of claims, the checks that did not pass, and the number of claims that did. */
export function claimsText(claims: readonly MeasuredClaim[], effort: string, seed: number): string {
  const rows = claims.map(({ claim, verdict, checks, power }) => {
    const { test, expected, measured, standardError, deviation } = checks[0]!;
    return [
      claim.id,
      verdict,
      `${test === 'below' ? '< ' : test === 'above' ? '> ' : ''}${show(expected, 5)}`,
      standardError === null ? show(measured, 5) : showWithError(measured, standardError),
      deviation === null ? '-' : standardErrors(deviation),
      power.toFixed(2),
      `${checks.filter((check) => check.verdict === 'passed').length}/${checks.length}`,
    ];
  });
  const notPassed = claims.flatMap(({ claim, checks }) =>
    checks.filter(({ verdict }) => verdict !== 'passed').map((check) => describe(claim.id, check)),
  );
  const counts = verdictCounts(claims);
  const summary = verdicts.map((verdict) => `${counts[verdict]} ${verdict}`).join(', ');
  return [
    table([['claim', 'verdict', 'expected', 'measured', 'deviation', 'power', 'checks'], ...rows]),
    ...(notPassed.length === 0 ? [] : [notPassed.join('\n')]),
    `${claims.length} ${claims.length === 1 ? 'claim' : 'claims'}: ${summary} (${effort} effort, seed ${seed})`,
  ].join('\n\n');
}

/** The claims without measuring them. */
export function claimList(claims: readonly Claim[]): string {
  return claims
    .map(({ id, title, statement, formula, source, method }) =>
      [
        `${id}: ${title}`,
        ...[statement, formula, `source: ${source}`, `measured by: ${method}`].map((text) => `  ${text}`),
      ].join('\n'),
    )
    .join('\n\n');
}

/** Explanation of a check that did not pass. */
function describe(id: string, check: JudgedCheck): string {
  const { label, verdict, test, expected, measured, standardError, margin, power } = check;
  const value = standardError === null ? show(measured) : showWithError(measured, standardError);
  const relation = test === 'below' || test === 'above' ? ` ${test}` : '';
  return (
    `${verdict}: ${id}: ${label}: ${value}, expected${relation} ${show(expected)}: ` +
    (test === 'identity'
      ? `it may differ by ${show(margin, 2)}`
      : verdict === 'failed'
        ? `${off(check)}, ${show(check.critical, 2)} are allowed`
        : test === 'agreement'
          ? `power ${power.toFixed(2)} to see a deviation of ${show(margin, 2)}, ${requiredPower} is required`
          : `${off(check)}, ${show(check.critical, 2)} would tell`)
  );
}

function off({ deviation }: JudgedCheck): string {
  return deviation === null || !Number.isFinite(deviation) ? 'no number' : `${standardErrors(deviation)} off`;
}

function standardErrors(deviation: number): string {
  const size = Math.abs(deviation) < 1000 ? deviation.toFixed(1) : show(deviation, 3);
  return `${deviation > 0 ? '+' : ''}${size} s.e.`;
}
