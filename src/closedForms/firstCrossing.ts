import { goldenPosition } from '../numerics/extremum.ts';
import { findRoot } from '../numerics/roots.ts';

/** Distance between two looks at a function of the solver clock, in which it is smooth. */
const step = 1 / 16;
/** Resolution of an extremum in the clock: its square is the error of the value. */
const resolution = 1e-8;

interface Look {
  readonly clock: number;
  readonly value: number;
  /** An earlier clock, before which nothing is hidden. */
  readonly from: number;
}

/** A function from `first` to `last`, the tops of the humps between two looks among them. */
function* looks(f: (clock: number) => number, first: number, last: number): Generator<Look> {
  const count = Math.max(1, Math.ceil((last - first) / step));
  const clockAt = (i: number) => (i === count ? last : first + (i * (last - first)) / count);
  let [earlier, before] = [NaN, f(first)];
  yield { clock: first, value: before, from: first };
  for (let i = 1; i <= count; i++) {
    const here = f(clockAt(i));
    if (before >= earlier && before >= here) {
      const top = goldenPosition((clock) => -f(clock), clockAt(i - 2), clockAt(i), resolution);
      yield { clock: top, value: f(top), from: clockAt(i - 2) };
    }
    yield { clock: clockAt(i), value: here, from: clockAt(i - 1) };
    [earlier, before] = [before, here];
  }
}

/** First clock in [first, last] at which a smooth function is no longer negative; null if it stays so. */
export function firstCrossing(f: (clock: number) => number, first: number, last: number): number | null {
  for (const { clock, value, from } of looks(f, first, last)) {
    if (!(value >= 0)) continue;
    return clock === from ? clock : findRoot(f, from, clock).root;
  }
  return null;
}

/** Largest value of a smooth function on [first, last]. */
export function highestValue(f: (clock: number) => number, first: number, last: number): number {
  let highest = -Infinity;
  for (const { value } of looks(f, first, last)) highest = Math.max(highest, value);
  return highest;
}
