import type { Dominance } from '../../../design/pareto.ts';
import { samplerLabel } from '../../../guidance/sampler.ts';
import type { Budgets } from '../../../guidance/schedules/budget.ts';
import type { Citation } from '../../../guidance/schedules/entry.ts';
import type { OrderParameterSolution } from '../../../meanfield/solve.ts';
import { shortNumber } from '../../../figures/drawing/theme.ts';
import type { ModelOptions } from '../../frame/physics.ts';
import { pick, show, type Line } from '../../terminal/output.ts';

/** Sampler, class rate and variance: the parameters common to all figures of a problem. */
export function problemLabel({ sampler, sigma2 }: ModelOptions, alpha: number): string {
  const rate = alpha === Infinity ? '∞' : shortNumber(alpha);
  return `${samplerLabel(sampler).toUpperCase()}, α = ${rate}, σ² = ${shortNumber(sigma2)}`;
}

/** Overlap and variance at the data. */
export function momentLines(
  outcome: Readonly<Record<'m' | 'v' | 'varianceRatio', number | null | undefined>>,
  sigma2: number,
): Line[] {
  return [
    ['m', show(outcome.m), 'overlap with the class centre (1: undistorted)'],
    ['v', show(outcome.v), `variance per coordinate (sigma2 = ${show(sigma2)})`],
    ['v/sigma2', show(outcome.varianceRatio), 'variance ratio (1: undistorted)'],
  ];
}

/** Budgets of a schedule. */
export function budgetLines({ progress, effective }: Budgets, remark = ''): Line[] {
  return [
    ['progress budget', show(progress), 'mean of w over sampling progress'],
    ['effective budget', show(effective), `Int w s dlambda down to the data${remark}`],
  ];
}

/** Outcome of a schedule as readable lines. */
export function outcomeLines(solution: OrderParameterSolution, budget: Budgets): Line[] {
  const { final, distortion, problem, staticClosure: closure } = solution;
  const closureLine = (name: 'm' | 'v'): Line[] =>
    closure === null ? [] : [[`static closure ${name}`, show(closure[name]), 'not a solution']];
  return [
    ['phase', solution.phase, ''],
    ...momentLines({ m: final?.m, v: final?.v, varianceRatio: distortion?.varianceRatio }, problem.sigma2),
    ['vParallel', show(solution.vParallel), 'd times the variance of m'],
    ['KL/d', show(distortion?.klPerDimension), 'nats, output from class'],
    ['W2^2/d', show(distortion?.w2PerDimension), 'squared 2-Wasserstein distance from the class'],
    ['speciation time', show(solution.speciationTime), 'OU time; guidance does nothing afterwards'],
    ['min complexity', show(solution.minComplexity), 'of the competing classes, per dimension'],
    ...budgetLines(budget),
    ...closureLine('m'),
    ...closureLine('v'),
  ];
}

/** Outcome of a schedule for the JSON document. */
export function outcomeDocument(solution: OrderParameterSolution): Record<string, unknown> {
  const { final, crossings } = solution;
  return {
    m: final?.m ?? null,
    q: final?.q ?? null,
    v: final?.v ?? null,
    ...pick(solution, ['vParallel', 'phase', 'speciationTime']),
    crossings: crossings.map((crossing) => pick(crossing, ['time', 'kind', 'm', 'q'])),
    ...pick(solution, ['minComplexity', 'staticClosure', 'distortion']),
  };
}

/** A source in short: authors, year, number on arXiv. */
export function citationText(citation: Citation | null): string {
  if (citation === null) return '-';
  const { authors, year, arxiv } = citation;
  const names = authors.split(/,\s*/);
  const first = names.length > 2 ? `${names[0]!} et al.` : names.join(', ');
  return `${first} ${year}${arxiv === null ? '' : `, arXiv ${arxiv}`}`;
}

/** Full citation, one line for the paper and one for the place in it. */
export function fullCitation({ authors, year, title, arxiv, where }: Citation): string[] {
  return [
    `${authors} (${year}): ${title}${arxiv === null ? '' : `, arXiv ${arxiv}`}`,
    ...(where === undefined ? [] : [where]),
  ];
}

/** Number of the named schedules that the front dominates, and the names of the others. */
export function dominanceText(standards: readonly Dominance[]): string {
  const comparable = standards.filter((one) => one.comparable);
  const left = comparable.filter(({ dominatedBy }) => dominatedBy === null);
  const names = left.map(({ standard: { id, w } }) => `${id} at w = ${w}`);
  const aside = standards.length - comparable.length;
  return [
    `The front dominates ${comparable.length - left.length} of ${comparable.length} standard schedules (never negative, at several strengths)`,
    ...(left.length === 0 ? [] : [`; not ${names.join(', ')}`]),
    ...(aside === 0 ? [] : [`; ${aside} more condense, exceed its limits, or end in another phase`]),
    '.',
  ].join('');
}
