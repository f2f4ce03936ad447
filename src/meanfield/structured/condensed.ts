import { goldenPosition } from '../../numerics/extremum.ts';

/** Smallest replica weight: below it the classes would have to be exp(1e3) times too few. */
const least = 1e-3;
/** Change of the energy below which a sweep has found the minimum. */
const settled = 1e-14;
const mostSweeps = 60;

/**
 * Quenched free energy of a phase whose classes are too few for their annealed average (eq. level-condensed): the minimum of the energy over
 * weights 0 < x_1 <= ... <= x_n <= 1, one a level. Each run of neighbouring levels is moved together in turn.
 * @param levels n
 * @param energy at the weights; at 1 it is the annealed one
 */
export function condensedEnergy(levels: number, energy: (x: Float64Array) => number): number {
  const x = new Float64Array(levels).fill(1);
  let best = energy(x);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    const before = best;
    for (let from = 0; from < levels; from++) {
      for (let to = from; to < levels; to++) {
        const low = from === 0 ? least : x[from - 1]!;
        const high = to === levels - 1 ? 1 : x[to + 1]!;
        if (!(high > low)) continue;
        const kept = x.slice();
        const along = (weight: number) => {
          x.fill(weight, from, to + 1);
          return energy(x);
        };
        // The golden section stays inside its range; the ends are tried as they are.
        const weights = [goldenPosition(along, low, high, 1e-9), low, high];
        const values = weights.map(along);
        const value = Math.min(...values);
        if (value < best) {
          best = value;
          x.fill(weights[values.indexOf(value)]!, from, to + 1);
        } else x.set(kept);
      }
    }
    if (levels === 1 || before - best <= settled * Math.max(1, Math.abs(best))) break;
  }
  return best;
}
