import type { ScaledMoments } from './moments.ts';
import { follow, particleField, type FollowControl, type SmoothedSetup } from './setup.ts';

/**
 * The smoothed mean field of the ODE, exactly: without noise a particle is a function of where it started, so that
 * averages over particles are integrals over the start,
 *   N = <N> + sqrt(spread/d) xi,  xi standard normal;   V = <V> e^u,  (d - 1) e^u a chi-square of d - 1
 * (eq. smoothed-starts). Both densities are analytic and fall off at both ends, so the trapezoidal rule on an even lattice
 * converges faster than any power of its spacing.
 */

/** Averages of {@link averageOverStarts}. */
export interface StartAverages {
  /** At each of the clocks, then at the data. */
  readonly moments: readonly ScaledMoments[];
  /**
   * Estimated error of the averages (relative for <N>, its spread and <V>, absolute for the weight) due to the spacings of
   * the lattice; see {@link latticeErrorOf}.
   */
  readonly latticeError: number;
  /** Number of trajectories on the last lattice. */
  readonly trajectories: number;
}

/** Spacings of a lattice: of xi, and of u in units of sqrt(2/(d - 1)). */
interface Spacing {
  readonly xi: number;
  readonly u: number;
}

const coarsest: Spacing = { xi: 0.8, u: 0.6 };
// Starts whose density is below e^-20 of the largest are neglected.
const cut = 20;
const mostTrajectories = 10_000;

/**
 * @param clocks ascending
 * @param latticeTolerance latticeError at which a lattice is accepted; until then the spacing of the direction that matters
 *   more is halved, up to 10000 trajectories
 * @throws NumericalFailure if a trajectory cannot be followed
 */
export function averageOverStarts(
  setup: SmoothedSetup,
  clocks: readonly number[],
  latticeTolerance: number,
  control: FollowControl,
): StartAverages {
  let spacing = coarsest;
  for (;;) {
    const lattice = runLattice(setup, clocks, spacing, control);
    const all = lattice.average(() => true);
    const alongXi = latticeErrorOf((stride) => lattice.average((i) => i % stride === 0), all);
    const alongU = latticeErrorOf((stride) => lattice.average((_, j) => j % stride === 0), all);
    const latticeError = Math.max(alongXi, alongU);
    const { size } = lattice;
    if (latticeError <= latticeTolerance || 2 * size > mostTrajectories) {
      return { moments: all, latticeError, trajectories: size };
    }
    spacing = alongXi > alongU ? { ...spacing, xi: spacing.xi / 2 } : { ...spacing, u: spacing.u / 2 };
  }
}

// Ratio of successive changes, below which the convergence counts as geometric (kinks have 1/4).
const geometric = 0.15;

/**
 * Largest error of trapezoidal sums from their changes delta_1, delta_2 when the spacing is doubled, and doubled again.
 * Where a sum converges like e^(-c/spacing) its error is delta_1 (delta_1/delta_2)^2; where a kink limits it, delta_1/4.
 * @param thinned averages over every stride-th point
 */
function latticeErrorOf(thinned: (stride: number) => ScaledMoments[], all: readonly ScaledMoments[]): number {
  const twice = thinned(2);
  const first = changes(twice, all);
  const second = changes(thinned(4), twice);
  let largest = 0;
  first.forEach((change, i) => {
    if (change === 0) return;
    const ratio = Math.min(1, change / second[i]!);
    largest = Math.max(largest, change * (ratio < geometric ? ratio * ratio : ratio));
  });
  return largest;
}

interface Lattice {
  readonly size: number;
  /** Averages over the points that are kept. */
  average(keep: (i: number, j: number) => boolean): ScaledMoments[];
}

function runLattice(
  setup: SmoothedSetup,
  clocks: readonly number[],
  spacing: Spacing,
  control: FollowControl,
): Lattice {
  const shape = (setup.dimension - 1) / 2;
  const posterior = setup.posterior();
  const field = particleField(setup, posterior);
  const points: { i: number; j: number; weight: number }[] = [];
  // Per point and clock: N, V, p.
  const values: number[] = [];
  const record = (_index: number, clock: number, state: Float64Array) => {
    const V = Math.exp(state[1]!);
    posterior.moveTo(clock);
    posterior.evaluate(state[0]!, V);
    values.push(state[0]!, V, posterior.guidedWeight);
  };
  const width = Math.sqrt(setup.spreadN / setup.dimension);
  for (const j of bothWays((k) => logChiSquare(shape, (k * spacing.u) / Math.sqrt(shape)) > -cut)) {
    const u = (j * spacing.u) / Math.sqrt(shape);
    const logWeight = logChiSquare(shape, u);
    for (const i of bothWays((k) => logWeight - 0.5 * (k * spacing.xi) ** 2 > -cut)) {
      const xi = i * spacing.xi;
      points.push({ i, j, weight: Math.exp(logWeight - 0.5 * xi * xi) });
      const state = Float64Array.of(setup.startN + width * xi, Math.log(setup.startV) + u);
      follow(setup, field, state, clocks, control, record);
    }
  }
  const stride = 3 * (clocks.length + 1);
  return {
    size: points.length,
    average: (keep) => {
      const kept = points.map((point, n) => ({ ...point, n })).filter(({ i, j }) => keep(i, j));
      const total = kept.reduce((sum, { weight }) => sum + weight, 0);
      const mean = (value: (n: number) => number) =>
        kept.reduce((sum, { weight, n }) => sum + weight * value(n), 0) / total;
      return Array.from({ length: clocks.length + 1 }, (_, c) => {
        const at = (n: number, part: number) => values[n * stride + 3 * c + part]!;
        const N = mean((n) => at(n, 0));
        return {
          N,
          spread: setup.dimension * mean((n) => (at(n, 0) - N) ** 2),
          V: mean((n) => at(n, 1)),
          guidedWeight: mean((n) => at(n, 2)),
        };
      });
    },
  };
}

/** Log-density of u = log U with 2 shape U a chi-square of 2 shape, relative to its maximum at u = 0: U^shape e^(-shape U). */
function logChiSquare(shape: number, u: number): number {
  return shape * (u - Math.expm1(u));
}

/** 0, 1, 2, ... and -1, -2, ... as long as they are inside. */
function bothWays(inside: (k: number) => boolean): number[] {
  const found: number[] = [];
  for (let k = 0; inside(k); k++) found.push(k);
  for (let k = -1; inside(k); k--) found.unshift(k);
  return found;
}

/** Changes of the averages, one after the other: relative, of <N> also to its spread, absolute for the weight. */
function changes(some: readonly ScaledMoments[], all: readonly ScaledMoments[]): number[] {
  return all.flatMap((here, c) => {
    const there = some[c]!;
    return [
      Math.abs(there.N - here.N) / Math.max(Math.abs(here.N), Math.sqrt(here.spread)),
      Math.abs(there.spread - here.spread) / here.spread,
      Math.abs(there.V - here.V) / here.V,
      Math.abs(there.guidedWeight - here.guidedWeight),
    ];
  });
}
