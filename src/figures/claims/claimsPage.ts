import { claimFalseAlarm, requiredPower, verdicts, type JudgedCheck } from '../../claims/protocol/verdict.ts';
import type { ClaimResult } from '../../claims/protocol/validate.ts';
import { claimFigure } from './claimFigure.ts';
import { finite, type FigureCell, type FigureTable } from '../drawing/figure.ts';
import type { MarkKind } from '../drawing/html.ts';
import { reportPage, type ReportPage, type ReportSection } from '../drawing/page.ts';
import { shortNumber } from '../drawing/theme.ts';

/** Input of {@link claimsPage}. */
export interface ClaimsPage extends Pick<ReportPage, 'record' | 'command' | 'plotlySource' | 'styled'> {
  readonly results: readonly ClaimResult[];
  readonly effort: ClaimResult['effort'];
  readonly seed: number;
}

const marks: Readonly<Record<(typeof verdicts)[number], MarkKind>> = {
  passed: 'good',
  failed: 'bad',
  inconclusive: 'open',
};

/** The claims with their evidence on one self-contained page: a table of verdicts, then a section per claim. */
export function claimsPage(page: ClaimsPage): string {
  const { results, record, command, plotlySource, styled } = page;
  return reportPage({
    title: 'Claims about guided diffusion, measured',
    intro: introduction(page),
    summaryTable: {
      caption:
        'Test, expected and measured value are those of the first check of a claim; its deviation is in standard errors. The power is the smallest of all its checks.',
      table: claimTable(results),
      digits,
      linked: true,
    },
    marks,
    sections: results.map(sectionOf),
    record,
    ...(command === undefined ? {} : { command }),
    plotlySource,
    ...(styled === undefined ? {} : { styled }),
  });
}

function introduction({ results, effort, seed }: ClaimsPage): string[] {
  const counts = verdicts
    .map((verdict) => ({ verdict, count: results.filter((result) => result.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`);
  return [
    `${results.length} ${results.length === 1 ? 'claim' : 'claims'} about classifier-free guidance on mixtures of K Gaussian classes in dimension d (class rate α = log K / d), each measured with what does not know the others: mean-field theory, closed forms, and particle simulations with the exact score. Result: ${counts.join(', ')}. Effort ${effort}, seed ${seed}.`,
    `A claim is a set of checks: numbers held against expectations. A true claim fails with a probability of at most ${claimFalseAlarm} in all: its random checks share that, and each is judged by Student's t with the degrees of freedom of its error. Every check states a margin, the smallest deviation that would contradict the claim, and the power, the probability that such a deviation would be seen. A check that agrees but has a power below ${requiredPower} is inconclusive: the check was too weak to detect a deviation. A claim fails if one check does, and passes if all do.`,
  ];
}

const digits = { '± s.e.': 2, deviation: 2, allowed: 3, bias: 2, margin: 2, power: 3 } as const;

/** One row per claim: its verdict and the numbers of its headline, checks[0]. */
function claimTable(results: readonly ClaimResult[]): FigureTable {
  return {
    columns: [
      'claim',
      'verdict',
      'test',
      'expected',
      'measured',
      '± s.e.',
      'deviation',
      'power',
      'checks passed',
    ],
    rows: results.map(({ claim, verdict, checks, power }) => {
      const { test, expected, measured, standardError, deviation } = checks[0]!;
      return [
        claim.title,
        verdict,
        test,
        finite(expected),
        finite(measured),
        finite(standardError),
        finite(deviation),
        finite(power),
        passedOf(checks),
      ];
    }),
  };
}

function sectionOf(result: ClaimResult): ReportSection {
  const { claim, verdict, checks, falseAlarm, power, panels, findings } = result;
  const alarm =
    falseAlarm === 0
      ? 'nothing in it is random'
      : `false alarm at most ${shortNumber(falseAlarm, 2)}, smallest power ${shortNumber(power, 3)}`;
  return {
    heading: claim.title,
    id: claim.id,
    mark: verdict,
    text: claim.statement,
    terms: [
      ['Formula', claim.formula],
      ['Source', claim.source],
      ['Measured by', claim.method],
      ['Verdict', `${verdict}: ${passedOf(checks)} checks passed; ${alarm}.`],
    ],
    figure: panels.length === 0 ? null : claimFigure(claim, panels),
    findings,
    table: { name: `${claim.id}-checks`, caption: 'Checks', table: checkTable(checks), digits },
  };
}

function checkTable(checks: readonly JudgedCheck[]): FigureTable {
  return {
    columns: [
      'check',
      'verdict',
      'test',
      'expected',
      'measured',
      '± s.e.',
      'deviation',
      'allowed',
      'bias',
      'margin',
      'power',
    ],
    rows: checks.map((check): FigureCell[] => [
      check.label,
      check.verdict,
      check.test,
      finite(check.expected),
      finite(check.measured),
      finite(check.standardError),
      finite(check.deviation),
      finite(check.critical),
      finite(check.bias),
      finite(check.margin),
      finite(check.power),
    ]),
  };
}

function passedOf(checks: readonly JudgedCheck[]): string {
  return `${checks.filter(({ verdict }) => verdict === 'passed').length} of ${checks.length}`;
}
