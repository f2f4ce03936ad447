import type { OrderParameterSolution } from '../../../meanfield/solve.ts';
import { show, table } from '../../output.ts';

/** Budgets of a schedule. */
export interface Budgets {
  /** Mean of w over sampling progress. */
  readonly progress: number;
  /** Int w s dlambda. */
  readonly effective: number;
}

type Line = readonly [quantity: string, value: string, note: string];

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

/** Outcome of a schedule as readable lines. */
export function outcomeLines(solution: OrderParameterSolution, budget: Budgets): Line[] {
  const { final, distortion, problem, staticClosure } = solution;
  return [
    ['phase', solution.phase, ''],
    ['m', show(final?.m), 'overlap with the class centre (1: undistorted)'],
    ['v', show(final?.v), `variance per coordinate (sigma2 = ${show(problem.sigma2)})`],
    ['v/sigma2', show(distortion?.varianceRatio), 'variance ratio (1: undistorted)'],
    ['vParallel', show(solution.vParallel), 'd times the variance of m'],
    ['KL/d', show(distortion?.klPerDimension), 'nats, output from class'],
    ['W2^2/d', show(distortion?.w2PerDimension), 'squared 2-Wasserstein distance from the class'],
    ['speciation time', show(solution.speciationTime), 'OU time; guidance does nothing afterwards'],
    ['min complexity', show(solution.minComplexity), 'of the competing classes, per dimension'],
    ['progress budget', show(budget.progress), 'mean of w over sampling progress'],
    ['effective budget', show(budget.effective), 'Int w s dlambda down to the data'],
    ...(staticClosure === null
      ? []
      : ([
          ['static closure m', show(staticClosure.m), 'not a solution'],
          ['static closure v', show(staticClosure.v), 'not a solution'],
        ] as const)),
  ];
}

/** Outcome of a schedule for the JSON document. */
export function outcomeDocument(solution: OrderParameterSolution): Record<string, unknown> {
  const { final, crossings } = solution;
  return {
    m: final?.m ?? null,
    q: final?.q ?? null,
    v: final?.v ?? null,
    vParallel: solution.vParallel,
    phase: solution.phase,
    speciationTime: solution.speciationTime,
    crossings: crossings.map(({ time, kind, m, q }) => ({ time, kind, m, q })),
    minComplexity: solution.minComplexity,
    staticClosure: solution.staticClosure,
    distortion: solution.distortion,
  };
}

/** Notes on a missing solution. */
export function outcomeNotes({ phase }: OrderParameterSolution): string[] {
  return phase === 'condensed'
    ? [
        'the competing classes condense while they dominate: the mean-field equations do not close (staticClosure is no solution)',
      ]
    : [];
}
