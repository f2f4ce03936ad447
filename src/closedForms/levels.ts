import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import {
  ParameterError,
  requireFinite,
  requireKnownKeys,
  requireList,
  requireNonNegative,
  requirePositive,
} from '../numerics/checks.ts';
import { overlapRatio, varianceRatio } from './beforeTransition.ts';
import { firstCrossing } from './firstCrossing.ts';

/** A level of a hierarchy: e^(alpha d) branches, centres of variance r > 0. */
export interface ClosedLevel {
  readonly alpha: number;
  readonly r: number;
}

/** The end of a trajectory of a hierarchy, see {@link levelsFinalState}. */
export interface LevelsFinalState {
  /** Overlap with the part of the centre at each level, the coarsest first. */
  readonly levels: readonly number[];
  readonly v: number;
  /** Noise tau = b^2/a^2 at which each level is first known; Infinity: from the start; null: never. */
  readonly taus: readonly (number | null)[];
  /**
   * True if a phase that was left, its classes taken as uncondensed, rises above the one entered: the path then slides or returns, and levels and
   * v, which assume crossings, are not the solution.
   */
  readonly leaves: boolean;
}

/** Clock behind a transition, where two phases are equal, at which they are told apart. */
const settling = 1e-4;

/** The state at a clock: overlaps, V = v/Gamma. */
interface LevelPoint {
  readonly overlaps: readonly number[];
  readonly variance: number;
}

/**
 * Samples at t = 0 of a hierarchy with one variance inside a class, constant w, start at infinite noise (eq. level-composition): the linear flow of
 * each phase in closed form, one root in the noise for each transition. With k levels known and R the variance of the others, these move
 * as in the isotropic flow at r = Gamma/(Gamma + R), to which a multiple of the solution of its homogeneous equation is added.
 * Condensation is not seen.
 * @param levels rates >= 0, variances > 0, the coarsest first
 * @param w guidance coefficient, finite
 * @param sigma2 variance inside a class, > 0
 * @param sampler noise level eta >= 0
 * @example levelsFinalState([{ alpha: 0.15, r: 0.8 }, { alpha: 0.3, r: 0.2 }], 1, 0.1, { eta: 0 }).v; // 0.0703
 * @throws ParameterError for parameters out of range
 */
export function levelsFinalState(
  levels: readonly ClosedLevel[],
  w: number,
  sigma2: number,
  sampler: Sampler,
): LevelsFinalState {
  requireLevels(levels);
  requireFinite('w', w);
  requirePositive('sigma2', sigma2);
  requireSampler(sampler);
  const e = 1 + sampler.eta ** 2;
  const count = levels.length;
  const last = -Math.log(sigma2);
  const hidden = (k: number) => levels.slice(k).reduce((sum, { r }) => sum + r, 0);
  const rate = (k: number) => levels.slice(k).reduce((sum, { alpha }) => sum + alpha, 0);

  /** The regular solution of phase k: what a start at infinite noise follows. */
  const regular = (k: number, clock: number): LevelPoint => {
    const R = hidden(k);
    const gamma = Math.exp(-clock);
    const [r, share] = [gamma / (gamma + R), R / (gamma + R)];
    const free = R === 0 ? 1 : overlapRatio(r, w, sampler, share);
    return {
      overlaps: levels.map((_, l) => (l < k ? 1 : free)),
      variance: R === 0 ? 1 : varianceRatio(r, w, sampler, share),
    };
  };
  /** Phase k entered at `entry`: the regular solution, and the difference there times the homogeneous one. */
  const pathOf =
    (k: number, entry: { readonly clock: number; readonly point: LevelPoint } | null) =>
    (clock: number): LevelPoint => {
      const own = regular(k, clock);
      if (entry === null) return own;
      const there = regular(k, entry.clock);
      // (Gamma/Gamma*)^(e/2) (r/r*)^(e w/2), guidance being off in the last phase.
      const R = hidden(k);
      const ratio = Math.log1p(R * Math.exp(clock)) - Math.log1p(R * Math.exp(entry.clock));
      const since = entry.clock - clock;
      const decay = Math.exp(0.5 * e * (since - w * ratio));
      const decayOfVariance = Math.exp((e - 1) * since - e * w * ratio);
      return {
        overlaps: own.overlaps.map((M, l) => M + (entry.point.overlaps[l]! - there.overlaps[l]!) * decay),
        variance: own.variance + (entry.point.variance - there.variance) * decayOfVariance,
      };
    };
  /** Free energy of phase k, less a part that all phases share. */
  const energy = (k: number, clock: number, { overlaps, variance }: LevelPoint) => {
    const gamma = Math.exp(-clock);
    const R = hidden(k);
    let excess = gamma * (variance - 1) - R;
    levels.forEach(({ r }, l) => (excess += r * (overlaps[l]! - (l < k ? 1 : 0)) ** 2));
    return rate(k) - 0.5 * (excess / (gamma + R) + Math.log1p(R / gamma));
  };

  const zeros = levels.findIndex(({ alpha }) => alpha > 0);
  let known = zeros < 0 ? count : zeros;
  const taus: (number | null)[] = levels.map((_, l) => (l < known ? Infinity : null));
  let entry: { readonly clock: number; readonly point: LevelPoint } | null = null;
  let leaves = false;
  // So early that no gap has closed.
  const total = hidden(known);
  const least = Math.min(...levels.map(({ alpha }) => (alpha > 0 ? alpha : Infinity)), 1);
  let from = Math.min(
    last,
    Math.log(least) - 3 - Math.log(4 * (1 + Math.abs(w))) - Math.log(Math.max(total, sigma2)),
  );
  const start = known;
  for (;;) {
    const path = pathOf(known, entry);
    const now = known;
    const lead = (of: number) => (clock: number) => {
      const point = path(clock);
      return energy(of, clock, point) - energy(now, clock, point);
    };
    let next: { readonly clock: number; readonly to: number } | null = null;
    for (let to = now + 1; to <= count; to++) {
      const clock: number | null = firstCrossing(lead(to), from, next === null ? last : next.clock);
      if (clock !== null) next = { clock, to };
    }
    const until = next === null ? last : next.clock;
    for (let of = start; of < now && !leaves; of++)
      leaves = from + settling < until && firstCrossing(lead(of), from + settling, until) !== null;
    if (next === null) {
      const { overlaps, variance } = path(last);
      return { levels: overlaps, v: sigma2 * variance, taus, leaves };
    }
    entry = { clock: next.clock, point: path(next.clock) };
    for (let l = now; l < next.to; l++) taus[l] = Math.max(0, sigma2 * Math.expm1(last - next.clock));
    known = next.to;
    from = next.clock;
  }
}

function requireLevels(levels: readonly ClosedLevel[]): void {
  requireList('levels', levels, (own, level) => {
    requireKnownKeys(own, level, ['alpha', 'r']);
    requireNonNegative(`${own}.alpha`, level.alpha);
    requirePositive(`${own}.r`, level.r);
  });
  if (levels.length === 0) throw new ParameterError('levels', 'at least one in number', 0);
}
