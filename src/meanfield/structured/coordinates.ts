import type { BandLaw } from '../../mixture/classLaw.ts';
import type { Phase } from '../phases.ts';
import { condensedEnergy } from './condensed.ts';
import {
  coordinateLaw,
  type CoordinateEvidence,
  type CoordinateLaw,
  type GuidedPart,
} from './coordinateLaw.ts';
import { continuedNoise, widthless, type BandState, type StructuredState } from './model.ts';

/**
 * Law of the guided class's coordinates as weighted points: `each` consecutive ones for every part (mu, c). A state is a place of the
 * points, or their weights, or both.
 */
export interface CoordinatePoints {
  readonly law: BandLaw;
  readonly parts: readonly GuidedPart[];
  readonly each: number;
  /** y - mu of each point, and its weight, as the last call of `place` left them; the weights sum to 1. */
  readonly offset: Float64Array;
  readonly weight: Float64Array;
  place(clock: number, state: Float64Array): void;
}

/** Parameters that the phases of coordinates need beside the points. */
export interface CoordinateSettings {
  readonly alpha: number;
  /** Reference variance of the clock, and the variance that stands for none. */
  readonly reference: number;
}

/** The laws of a coordinate of each band. */
export function coordinateLaws(law: BandLaw, least: number): readonly CoordinateLaw[] {
  return law.bands.map((band) => coordinateLaw(band, least));
}

/**
 * Phases of independent coordinates (eq. coordinate-evidence): with averages <.> over the points and log Gamma taken off,
 *   psi = -(1/2) <(y - mu)^2/Gamma - 1>,  phi = alpha + <log Z + (1/2)(log Gamma + 1)>,  Sigma = alpha - <relative entropy>.
 * @param move motion of the state by A s_c + B s_u
 */
export function coordinatePhases(
  points: CoordinatePoints,
  laws: readonly CoordinateLaw[],
  { alpha, reference }: CoordinateSettings,
  move: (clock: number, state: Float64Array, out: Float64Array, A: number, B: number) => void,
): readonly [Phase, Phase] {
  const { parts, each, offset, weight } = points;
  const tauOf = continuedNoise(reference);
  const evidence: CoordinateEvidence = { logEvidence: 0, relativeEntropy: 0 };
  // Energies and complexity are asked for at one point, one after the other.
  let lastClock = NaN;
  let lastState = new Float64Array(0);
  let [psi, phi, entropy] = [0, 0, 0];
  const visit = (clock: number, state: Float64Array) => {
    if (clock === lastClock && lastState.every((value, i) => value === state[i]!)) return;
    lastClock = clock;
    lastState = state.slice();
    points.place(clock, state);
    const tau = tauOf(clock);
    [psi, phi, entropy] = [0, 0, 0];
    parts.forEach(({ mu, c, band }, p) => {
      const gamma = c + tau;
      const own = 0.5 * Math.log(gamma);
      for (let j = p * each; j < (p + 1) * each; j++) {
        const lack = offset[j]!;
        laws[band]!.evaluate(lack, tau, evidence, mu);
        psi += weight[j]! * (0.5 - (0.5 * lack * lack) / gamma);
        phi += weight[j]! * (evidence.logEvidence + own + 0.5);
        entropy += weight[j]! * evidence.relativeEntropy;
      }
    });
  };
  /** phi of too few classes at the points as they were placed last (eq. coordinate-condensed). */
  const quenched = (clock: number) => {
    const tau = tauOf(clock);
    return condensedEnergy(1, ([x]) => {
      let sum = alpha / x!;
      parts.forEach(({ mu, c, band }, p) => {
        const shared = 0.5 * (Math.log(c + tau) + 1);
        for (let j = p * each; j < (p + 1) * each; j++)
          sum += weight[j]! * (laws[band]!.power(offset[j]!, tau, x!, mu) / x! + shared);
      });
      return sum;
    });
  };
  const guided: Phase = {
    name: 'guided class',
    freeEnergy(clock, state) {
      visit(clock, state);
      return psi;
    },
    score(clock, state, out) {
      move(clock, state, out, 1, 0);
    },
  };
  const others: Phase = {
    name: 'all classes',
    freeEnergy(clock, state) {
      visit(clock, state);
      // The annealed energy is an upper bound: below psi it need not be known better.
      return alpha - entropy < 0 && alpha + phi > psi ? quenched(clock) : alpha + phi;
    },
    score(clock, state, out) {
      move(clock, state, out, 0, 1);
    },
    ...(alpha === Infinity
      ? {}
      : {
          complexity: (clock: number, state: Float64Array) => {
            visit(clock, state);
            return alpha - entropy;
          },
        }),
  };
  return [others, guided];
}

/** Order parameters of a state, in the frame x/a. @param at noise, and w there */
export function coordinateState(
  points: CoordinatePoints,
  clock: number,
  state: Float64Array,
  { tau, w }: { readonly tau: number; readonly w: number },
): StructuredState {
  points.place(clock, state);
  const { law, parts, each, offset, weight } = points;
  const groups = new Map<string, Sums & { band: number; value: number }>();
  const all = emptySums();
  const gauge = [0, 0, 0, 0];
  parts.forEach(({ mu, band, value }, p) => {
    const key = `${band}.${value}`;
    const group = groups.get(key) ?? { ...emptySums(), band, value };
    groups.set(key, group);
    const sign = mu < 0 ? -1 : 1;
    for (let j = p * each; j < (p + 1) * each; j++) {
      const lack = offset[j]!;
      for (const sums of [group, all]) {
        sums.weight += weight[j]!;
        sums.excess += weight[j]! * mu * lack;
        sums.norm += weight[j]! * mu * mu;
        sums.square += weight[j]! * lack * lack;
      }
      for (let k = 0; k < 4; k++) gauge[k]! += weight[j]! * (sign * (mu + lack)) ** k;
    }
  });
  const bands: BandState[] = [...groups.values()].map((sums) => {
    const { rho, c, weight: share } = law.bands[sums.band]!;
    const { m, v } = momentsOf(sums);
    const own = typeof c === 'number' ? { value: c, weight: 1 } : c[sums.value]!;
    const isWidthless = own.value === 0 && tau === 0;
    return {
      rho,
      c: own.value,
      weight: share * own.weight,
      m,
      v: isWidthless ? widthless(v, rho, w) : v,
    };
  });
  const [, first, second, third] = gauge as [number, number, number, number];
  const variance = Math.max(0, second - first * first);
  return {
    m: 1 + all.excess / all.norm,
    q: all.norm + 2 * all.excess + all.square,
    v: bands.reduce((sum, band) => sum + band.weight * band.v, 0),
    bands,
    levels: null,
    coordinate: {
      mean: first,
      variance,
      // Below this the moments cancel.
      skewness:
        variance > 1e-10 * second ? (third - 3 * first * second + 2 * first ** 3) / variance ** 1.5 : null,
    },
  };
}

/** Sums over points: of the weights, of mu (y - mu), mu^2 and (y - mu)^2. */
interface Sums {
  weight: number;
  excess: number;
  norm: number;
  square: number;
}

function emptySums(): Sums {
  return { weight: 0, excess: 0, norm: 0, square: 0 };
}

/** Overlap m and variance v about m mu: about mu they lose no digits where the class is narrow. */
function momentsOf({ weight, excess, norm, square }: Sums): { m: number | null; v: number } {
  if (norm === 0) return { m: null, v: square / weight };
  const lack = excess / norm;
  return { m: 1 + lack, v: (square - lack * excess) / weight };
}
