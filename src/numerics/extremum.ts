const ratio = (Math.sqrt(5) - 1) / 2;

/**
 * Position of the minimum of a function that has one in [from, to], by golden section: no derivative, so a kink
 * does no harm.
 * @param resolution distance at which the search stops
 */
export function goldenPosition(
  f: (x: number) => number,
  from: number,
  to: number,
  resolution: number,
): number {
  let lo = from;
  let hi = to;
  let left = hi - ratio * (hi - lo);
  let right = lo + ratio * (hi - lo);
  let fLeft = f(left);
  let fRight = f(right);
  while (hi - lo > resolution) {
    if (fLeft < fRight) {
      hi = right;
      right = left;
      fRight = fLeft;
      left = hi - ratio * (hi - lo);
      fLeft = f(left);
    } else {
      lo = left;
      left = right;
      fLeft = fRight;
      right = lo + ratio * (hi - lo);
      fRight = f(right);
    }
  }
  return 0.5 * (lo + hi);
}

/** Smallest value of a smooth function with one minimum in [from, to]; 1e-6 in position is 1e-12 in value. */
export function goldenMinimum(f: (x: number) => number, from: number, to: number): number {
  return f(goldenPosition(f, from, to, 1e-6));
}
