import type { Dominance } from '../../../design/pareto.ts';

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
