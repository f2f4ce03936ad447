import type { Dominance } from '../../../design/pareto.ts';
import { samplerLabel } from '../../../guidance/sampler.ts';
import type { Budgets } from '../../../guidance/schedules/budget.ts';
import type { Citation } from '../../../guidance/schedules/entry.ts';
import type { OrderParameterSolution } from '../../../meanfield/solve.ts';
import { shortNumber } from '../../../plots/theme.ts';
import type { ModelOptions } from '../../frame/physics.ts';
import { show, table } from '../../terminal/output.ts';

/** A quantity, its value, and what it means. */
export type Line = readonly [quantity: string, value: string, note: string];

/** Lines of a name, a value and what it means; values aligned on the right unless one of them is long. */
export function aligned(lines: readonly Line[]): string {
  const longest = 40;
  const width = (column: 0 | 1) =>
    Math.max(...lines.map((line) => line[column].length).filter((length) => length <= longest));
  const [names, values] = [width(0), width(1)];
  return lines
    .map(([name, value, note]) => `${name.padEnd(names)}  ${value.padStart(values)}  ${note}`.trimEnd())
    .join('\n');
}

/** A table of words: every column aligned on the left. */
export function leftAligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return table(rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!))));
}

/** Some members of an object, in this order. */
export function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, NoInfer<K>> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}

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

/** How many of the named schedules the front dominates, and which not. */
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
