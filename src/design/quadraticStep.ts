import { inverse, type Matrix } from 'ml-matrix';

/**
 * A constraint c(w) = 0 or c(w) >= 0, or a cost c(w)^2/(2 give) ('near'), at the present w: its value and gradient.
 */
export interface Linearised {
  readonly value: number;
  readonly slope: readonly number[];
  readonly kind: 'equal' | 'atLeast' | 'near';
  /** Give: missing the constraint by c costs c^2/(2 give). */
  readonly give: number;
}

/**
 * Give of a constraint that is to hold: those that contradict each other are missed a little, instead of having no
 * solution.
 */
export const firm = 1e-7;
const mostSweeps = 4000;
const settled = 1e-12;

/**
 * Minimum of w'Hw/2 on the tangents c + grad c (w - here) = 0 or >= 0 of the constraints, with every w within the
 * limits: Hildreth's method, coordinate ascent in the multipliers.
 * @param form H, positive definite
 */
export function leastOnTangent(
  form: Matrix,
  constraints: readonly Linearised[],
  here: readonly number[],
  { least, largest }: { readonly least: number; readonly largest: number },
): number[] {
  const dot = (p: readonly number[], q: readonly number[]) => p.reduce((sum, x, j) => sum + x * q[j]!, 0);
  const along = (j: number, sign: number) => here.map((_, i) => (i === j ? sign : 0));
  const finite = constraints.filter(({ value }) => Number.isFinite(value));
  // Costs belong to the quadratic form.
  const curved = form.clone();
  const pull = here.map(() => 0);
  for (const { kind, value, slope, give } of finite) {
    if (kind !== 'near') continue;
    const aim = dot(slope, here) - value;
    slope.forEach((p, j) => {
      pull[j] = pull[j]! + (aim * p) / give;
      slope.forEach((q, k) => curved.set(j, k, curved.get(j, k) + (p * q) / give));
    });
  }
  const inverseForm = inverse(curved).to2DArray();
  // a . w >= b, or = b.
  const rows = [
    ...finite
      .filter(({ kind }) => kind !== 'near')
      .map(({ value, slope, kind, give }) => ({
        a: slope,
        b: dot(slope, here) - value,
        equal: kind === 'equal',
        give,
      })),
    ...here.map((_, j) => ({ a: along(j, 1), b: least, equal: false, give: firm })),
    ...here.map((_, j) => ({ a: along(j, -1), b: -largest, equal: false, give: firm })),
  ].map((row) => {
    const reach = inverseForm.map((entries) => dot(entries, row.a));
    return { ...row, reach, curvature: dot(row.a, reach), multiplier: 0 };
  });
  const wanted = inverseForm.map((entries) => dot(entries, pull));
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let largestChange = 0;
    rows.forEach((row) => {
      if (row.curvature === 0) return;
      const missing = row.b - dot(row.a, wanted) - row.give * row.multiplier;
      const next = row.multiplier + missing / (row.curvature + row.give);
      const change = (row.equal ? next : Math.max(0, next)) - row.multiplier;
      if (change === 0) return;
      row.multiplier += change;
      row.reach.forEach((x, j) => {
        wanted[j] = wanted[j]! + change * x;
        largestChange = Math.max(largestChange, Math.abs(change * x));
      });
    });
    if (largestChange < settled) break;
  }
  return wanted.map((w) => Math.min(largest, Math.max(least, w)));
}
