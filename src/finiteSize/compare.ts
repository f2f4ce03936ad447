import {
  requireChoice,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireMembers,
  requireNonNegative,
} from '../numerics/checks.ts';
import { requireSolution, type OrderParameterSolution } from '../meanfield/solve.ts';
import type { ParticleResult } from '../particles/tasks.ts';
import { comparedObservables, type ComparisonRow } from './table.ts';

/** Rows of the mean field, d -> infinity. The table's values are null where the trajectory condenses. */
export function theoryRows(solution: OrderParameterSolution, w: number | null): ComparisonRow[] {
  requireSolution(solution);
  if (w !== null) requireFinite('w', w);
  const { final, vParallel, problem } = solution;
  const values = { m: final?.m ?? null, q: final?.q ?? null, v: final?.v ?? null, vParallel };
  return comparedObservables.map((observable) => ({
    alpha: problem.alpha,
    w,
    d: null,
    observable,
    source: 'theory',
    value: values[observable],
    standardError: null,
  }));
}

/** Rows of a particle simulation at dimension d. */
export function particleRows(
  result: ParticleResult,
  at: {
    readonly alpha: number;
    readonly w: number | null;
    readonly d: number;
    readonly source: 'reduced' | 'full';
  },
): ComparisonRow[] {
  requireMembers('result', result, { m: 'object', q: 'object', v: 'object', vParallel: 'object' });
  requireKnownKeys('at', at, ['alpha', 'w', 'd', 'source']);
  if (at.alpha !== Infinity) requireNonNegative('at.alpha', at.alpha);
  if (at.w !== null) requireFinite('at.w', at.w);
  requireInteger('at.d', at.d, 1);
  requireChoice('at.source', at.source, ['reduced', 'full']);
  return comparedObservables.map((observable) => ({
    alpha: at.alpha,
    w: at.w,
    d: at.d,
    observable,
    source: at.source,
    value: result[observable].mean,
    standardError: result[observable].standardError,
  }));
}

/**
 * Difference between a particle simulation and the mean field in standard errors, and relative to the theory; null
 * where either is missing. Finite-size corrections are of order 1/d and are not part of the standard error.
 */
export function deviation(
  row: ComparisonRow,
  theory: ComparisonRow,
): { readonly standardErrors: number | null; readonly relative: number | null } {
  requireRow('row', row);
  requireRow('theory', theory);
  if (row.value === null || theory.value === null) return { standardErrors: null, relative: null };
  const difference = row.value - theory.value;
  return {
    standardErrors:
      row.standardError === null || row.standardError === 0 ? null : difference / row.standardError,
    relative: theory.value === 0 ? null : difference / theory.value,
  };
}

function requireRow(parameter: string, row: ComparisonRow): void {
  requireMembers(parameter, row, { observable: 'text' });
  if (row.value !== null) requireFinite(`${parameter}.value`, row.value);
  if (row.standardError !== null) requireNonNegative(`${parameter}.standardError`, row.standardError);
}
