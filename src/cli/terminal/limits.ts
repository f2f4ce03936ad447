import type { LimitRow } from '../../finiteSize/limits.ts';
import { show, showWithError, table } from './output.ts';

/** Table of the limits of a comparison; nothing if there are none. */
export function limitsText(limits: readonly LimitRow[]): string[] {
  if (limits.length === 0) return [];
  return [
    table([
      ['limit in 1/d', 'alpha', 'w', 'source', 'value', 'order', 'theory', 'in s.e.'],
      ...limits.map(
        ({ observable, alpha, w, source, value, standardError, order, theory, standardErrors }) => [
          observable,
          show(alpha),
          show(w),
          source,
          showWithError(value, standardError),
          String(order),
          theory === null ? '-' : show(theory),
          standardErrors?.toFixed(1) ?? '',
        ],
      ),
    ]),
  ];
}
