import { variableOver, type Enclosure } from '../numerics/enclosure.ts';
import { angleAtClock } from '../process/variances.ts';
import type { FormulaBounds } from './formulaBounds.ts';

/**
 * Resolution of a schedule w on the solver clock lambda (docs/theory/schedules.md). Bounds of w and of its slope over whole intervals, from
 * the formula itself, tell where w may still hide something: no feature is too narrow to be seen. Intervals are halved until each is free of
 * switches, and w is on it linear in the formula's clock up to `linearity`, or weighs nothing.
 */
export interface Resolution {
  /** Clocks where w may jump or has a kink, ascending. */
  readonly breakpoints: readonly number[];
  /** Ends of panels on each of which w is a polynomial of degree 15 to 1e-9 of its size, ascending, breakpoints among them. */
  readonly panels: readonly number[];
}

/** A formula as a function of the solver clock. */
export interface FormulaOnClock {
  readonly bounds: FormulaBounds;
  /** The formula's own clock at the solver clock: monotone. */
  readonly reading: (clock: number) => number;
  /** w at the solver clock. */
  readonly coefficient: (clock: number) => number;
}

/** Place at which a schedule could not be resolved. */
export interface Unresolved {
  readonly clock: number;
  /** Scale in the formula's clock on which it varies there; 0 where w is not bounded, or not a number. */
  readonly scale: number;
}

/** Intervals after which a schedule counts as too fine. */
export const mostCells = 50_000;
// Deviation of w from a straight line, times the interval's weight, per max(1, |w|).
const linearity = 1e-7;
// Range of w times weight below which an interval no longer matters: a thousandth of the 1e-10 promised.
const negligible = 1e-13;
// Relative width of an interval that cannot be halved further.
const finest = 1e-14;
// Weight per unit of lambda, beside that of the angle: the mean over sampling progress counts times at which guidance has little effect.
const clockWeight = 0.001;

/**
 * Weight of a part of the sampling interval: the angle theta, sinh(theta) = e^(lambda/2), in which m changes by w dtheta,
 * plus a little of lambda.
 */
function weightTo(clock: number): number {
  return angleAtClock(clock) + clockWeight * clock;
}

interface Cell {
  readonly from: number;
  readonly to: number;
}

/** Resolves w between two clocks. */
export function resolveSchedule(
  formula: FormulaOnClock,
  from: number,
  to: number,
): Resolution | { readonly unresolved: Unresolved } {
  const { bounds, reading, coefficient } = formula;
  const signs = new Int8Array(bounds.switches.length);
  const breakpoints: number[] = [];
  const ends: number[] = [from];
  const pending: Cell[] = [{ from, to }];
  let cells = 0;
  for (let cell = pending.pop(); cell !== undefined; cell = pending.pop()) {
    cells++;
    const { from: a, to: b } = cell;
    const middle = 0.5 * (a + b);
    const [p, q] = [reading(a), reading(b)];
    const x = variableOver(Math.min(p, q), Math.max(p, q));
    const weight = weightTo(b) - weightTo(a);
    const atom = b - a <= finest * Math.max(1, Math.abs(b));
    signs.fill(0);
    let w = bounds.over(x, signs);
    let open = false;
    let roots: readonly number[] = [];
    if (!((w.hi - w.lo) * weight <= negligible)) {
      ({ open, roots } = switchesOver(formula, cell, x, signs));
      w = bounds.over(x, signs);
    }
    if (!Number.isFinite(w.hi - w.lo) && !Number.isFinite(coefficient(middle)))
      return { unresolved: { clock: middle, scale: 0 } };
    const range = (w.hi - w.lo) * weight;
    const size = Math.max(1, Math.min(Math.abs(w.lo), Math.abs(w.hi)));
    const bend = 0.25 * (w.slopeHi - w.slopeLo) * (x.hi - x.lo) * weight;
    const straight = bend < Infinity && bend <= linearity * size;
    const settled = range <= negligible || (!open && roots.length === 0 && straight);
    if (settled || atom) {
      if (!settled && !(range <= 1e-9)) {
        // A jump has a finite range, and no weight is left for it here; a pole has none.
        if (!Number.isFinite(w.hi - w.lo) || !Number.isFinite(coefficient(b)))
          return { unresolved: { clock: b, scale: 0 } };
      }
      if (!settled && open) breakpoints.push(b);
      ends.push(b);
      continue;
    }
    if (cells + pending.length > mostCells)
      return { unresolved: { clock: middle, scale: scaleOf(bounds, x, signs, w) } };
    breakpoints.push(...roots);
    const edges = [a, ...(roots.length > 0 ? roots : [middle]), b];
    for (let i = edges.length - 1; i > 0; i--)
      if (edges[i]! > edges[i - 1]!) pending.push({ from: edges[i - 1]!, to: edges[i]! });
  }
  breakpoints.sort((c, d) => c - d);
  const distinct = breakpoints.filter((clock, i) => i === 0 || clock > breakpoints[i - 1]!);
  const pole = poleAmong(coefficient, distinct, from, to);
  if (pole !== null) return { unresolved: { clock: pole, scale: 0 } };
  return { breakpoints: distinct, panels: panelEnds(coefficient, ends, distinct) };
}

// Distances from a breakpoint at which w is read to tell a pole from a jump, in roundings of the clock.
const approaches = [4, 2 ** 10, 2 ** 18] as const;
// Growth of |w| from one of them to the next that a bounded w does not have: log(t - 1) grows by a fifth.
const poleGrowth = 0.01;

/**
 * The first breakpoint from which w is not bounded on one side: 1/(t - 1) or log(t - 1) behind a threshold at 1. The crossing is found a
 * rounding beside the pole, where w is a number.
 */
function poleAmong(
  coefficient: (clock: number) => number,
  breakpoints: readonly number[],
  from: number,
  to: number,
): number | null {
  const isPole = (clock: number, side: 1 | -1, gap: number): boolean => {
    const unit = finest * Math.max(1, Math.abs(clock));
    if (gap < 2 * approaches[2] * unit) return false;
    const [near, middle, far] = approaches.map((steps) => Math.abs(coefficient(clock + side * steps * unit)));
    return !(near! <= (1 + poleGrowth) * middle! || middle! <= (1 + poleGrowth) * far!);
  };
  const found = breakpoints.findIndex((clock, i) => {
    const before = clock - (breakpoints[i - 1] ?? from);
    const after = (breakpoints[i + 1] ?? to) - clock;
    return isPole(clock, -1, before) || isPole(clock, 1, after);
  });
  return found < 0 ? null : breakpoints[found]!;
}

/**
 * Finds the switches of a formula inside a cell and fixes the signs of the others. `open`: some argument may pass a level more than once, so the
 * cell must be divided.
 */
function switchesOver(
  { bounds, reading }: FormulaOnClock,
  { from, to }: Cell,
  x: Enclosure,
  signs: Int8Array,
): { open: boolean; roots: number[] } {
  // Nearer to an end the root is that end, up to the rounding of the argument.
  const margin = 10 * finest * Math.max(1, Math.abs(to));
  const roots: number[] = [];
  let open = false;
  bounds.switches.forEach(({ over, levels }, index) => {
    const u = over(x, signs);
    const inside = levels.slice(firstBeyond(levels, u.lo, false), firstBeyond(levels, u.hi, true));
    const monotone = u.slopeLo > 0 || u.slopeHi < 0 || (u.slopeLo === 0 && u.slopeHi === 0);
    if (inside.length > 0 && !monotone) {
      open = true;
      return;
    }
    const at = (clock: number) => valueAt(over, reading(clock), signs);
    const here = inside
      .map((level) => signChange((clock) => at(clock) - level, from, to))
      .filter((root) => root !== null && root > from + margin && root < to - margin);
    roots.push(...(here as number[]));
    if (levels.length === 1 && here.length === 0) signs[index] = at(0.5 * (from + to)) >= levels[0]! ? 1 : -1;
  });
  return { open, roots: roots.sort((p, q) => p - q) };
}

/** Index of the first of the ascending values that is >= x, or > x. */
function firstBeyond(values: readonly number[], x: number, strictly: boolean): number {
  let lo = 0;
  let hi = values.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (values[middle]! < x || (strictly && values[middle] === x)) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

/** A switch's argument at a point. */
function valueAt(
  over: (x: Enclosure, signs: Int8Array) => Enclosure,
  reading: number,
  signs: Int8Array,
): number {
  return over(variableOver(reading, reading), signs).lo;
}

/** Scale in the formula's clock on which w or the argument of a switch varies over an interval. */
function scaleOf(bounds: FormulaBounds, x: Enclosure, signs: Int8Array, w: Enclosure): number {
  const scales = [w, ...bounds.switches.map(({ over }) => over(x, signs))].map(
    ({ lo, hi, slopeLo, slopeHi }) => (hi - lo) / Math.max(Math.abs(slopeLo), Math.abs(slopeHi)),
  );
  return Math.min(x.hi - x.lo, ...scales.filter((scale) => scale > 0));
}

/** The sign change of f between lo and hi, by bisection to the resolution of the clock: the first point behind it. Null if there is none. */
export function signChange(f: (clock: number) => number, lo: number, hi: number): number | null {
  const sign = f(lo) >= 0;
  if (f(hi) >= 0 === sign) return null;
  while (hi - lo > finest * Math.max(1, Math.abs(hi))) {
    const middle = 0.5 * (lo + hi);
    if (f(middle) >= 0 === sign) lo = middle;
    else hi = middle;
  }
  return hi;
}

const degree = 15;
const panelAccuracy = 1e-9;
// Deviation times weight below which a panel is not worth dividing (square roots at the data).
const panelWeight = 1e-11;
const chebyshev = Array.from({ length: degree + 1 }, (_, i) =>
  Math.cos((Math.PI * (i + 0.5)) / (degree + 1)),
);
const barycentric = chebyshev.map(
  (_, i) => (i % 2 === 0 ? 1 : -1) * Math.sin((Math.PI * (i + 0.5)) / (degree + 1)),
);

/** Joins resolved cells to the largest panels on which a polynomial of degree 15 is w to 1e-9 of its size at all their ends and middles. */
function panelEnds(
  coefficient: (clock: number) => number,
  ends: readonly number[],
  breakpoints: readonly number[],
): number[] {
  const points: number[] = [];
  ends.forEach((end, i) => {
    if (i > 0) points.push(0.5 * (ends[i - 1]! + end));
    points.push(end);
  });
  const values = points.map(coefficient);
  const found: number[] = [...breakpoints];
  const divide = (first: number, last: number): void => {
    if (last - first <= 4 || isPolynomial(coefficient, points, values, first, last)) return;
    // At the end of a cell: even positions of `points`.
    const middle = first + 2 * Math.round((last - first) / 4);
    found.push(points[middle]!);
    divide(first, middle);
    divide(middle, last);
  };
  let first = 0;
  for (const stop of [...breakpoints, ends.at(-1)!]) {
    const last = points.indexOf(stop, first);
    divide(first, last);
    first = last;
  }
  return found.sort((a, b) => a - b);
}

/** True if w agrees with its interpolating polynomial at points[first..last]. The ends are left out: w may jump there. */
function isPolynomial(
  coefficient: (clock: number) => number,
  points: readonly number[],
  values: readonly number[],
  first: number,
  last: number,
): boolean {
  const [a, b] = [points[first]!, points[last]!];
  const nodes = chebyshev.map((node) => 0.5 * (a + b) + 0.5 * (b - a) * node);
  const samples = nodes.map(coefficient);
  const size = samples.reduce((most, w) => Math.max(most, Math.abs(w)), 1);
  const weight = weightTo(b) - weightTo(a);
  const allowed = Math.max(panelAccuracy * size, panelWeight / weight);
  for (let k = first + 1; k < last; k++) {
    let above = 0;
    let below = 0;
    let exact: number | null = null;
    for (let i = 0; i <= degree; i++) {
      const distance = points[k]! - nodes[i]!;
      if (distance === 0) exact = samples[i]!;
      const share = barycentric[i]! / distance;
      above += share * samples[i]!;
      below += share;
    }
    if (!(Math.abs(values[k]! - (exact ?? above / below)) <= allowed)) return false;
  }
  return true;
}
