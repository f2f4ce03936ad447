import { fitInverseDimension } from '../numerics/fits/inverseDimensionFit.ts';
import type { ComparisonRow } from './table.ts';

/** A row of a comparison, of any observable. */
export type ObservedRow = Omit<ComparisonRow, 'observable'> & { readonly observable: string };

/** Limit d -> infinity of an observable of one kind of simulation, beside the theory. */
export interface LimitRow extends Omit<ObservedRow, 'd'> {
  readonly value: number;
  readonly standardError: number;
  /** Highest power of 1/d in the fit. */
  readonly order: 1 | 2;
  /** Goodness of the fit. */
  readonly pValue: number | null;
  /** Value of the mean field; null where it has none. */
  readonly theory: number | null;
  /** Difference from the theory in standard errors of the limit. */
  readonly standardErrors: number | null;
}

/** Dimensions that a limit takes: one more than its coefficients. */
const leastSizes = 3;

/**
 * Limits of simulated rows in 1/d (eq. inverse-dimension), one for each alpha, w, observable and source with three dimensions at least.
 * @param realizations of each simulation
 */
export function limitRows(rows: readonly ObservedRow[], realizations: number): LimitRow[] {
  const groups = new Map<string, ObservedRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.alpha, row.w, row.observable, row.source]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const [{ alpha, w, observable, source }] = group as [ObservedRow];
    const points = group.flatMap(({ d, value, standardError }) =>
      d === null || value === null || !standardError
        ? []
        : [{ size: d, value, standardError, degreesOfFreedom: realizations - 1 }],
    );
    if (new Set(points.map(({ size }) => size)).size < leastSizes) return [];
    const theory = groups.get(JSON.stringify([alpha, w, observable, 'theory']))?.[0]?.value ?? null;
    const { limit, order, pValue, againstExpected } = fitInverseDimension(points, { expected: theory });
    return [
      {
        alpha,
        w,
        observable,
        source,
        value: limit.value,
        standardError: limit.standardError,
        order,
        pValue,
        theory,
        standardErrors: againstExpected?.standardErrors ?? null,
      },
    ];
  });
}
