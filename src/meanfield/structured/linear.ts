import type { CompiledSchedule } from '../../guidance/compiled.ts';
import { secondMoment, type ClassLaw } from '../../mixture/classLaw.ts';
import type { Phase, PhaseDynamics } from '../phases.ts';
import { condensedEnergy } from './condensed.ts';
import {
  continuedNoise,
  widthless,
  widthOf,
  type BandState,
  type StructuredDistortion,
  type StructuredState,
} from './model.ts';

/**
 * Gaussian classes in bands and levels: in band b a class has the variance c and a centre sum_l nu_l, nu_l ~ N(0, r_l); exp(alpha_l d)
 * branches at level l. Phase k (k levels known) has the variance D_k = c + tau + sum_(l > k) r_l around the sum of the first k parts.
 */
export interface LinearClasses {
  readonly bands: readonly LinearBand[];
  /** Rates of the levels. */
  readonly rates: readonly number[];
  /** Number of levels that guidance knows. */
  readonly towards: number;
}

/** A band: share of the coordinates, variance inside a class, variances of the levels. */
export interface LinearBand {
  readonly weight: number;
  readonly c: number;
  readonly r: readonly number[];
}

/** Bands and levels of a law whose scores are linear. */
export function linearClasses(law: ClassLaw, alpha: number): LinearClasses {
  if (law.kind === 'levels') {
    const { levels, sigma2, towards = levels.length } = law;
    const r = levels.map((level) => level.r);
    return {
      bands: [{ weight: 1, c: widthOf(sigma2, Math.max(...r)), r }],
      rates: levels.map((level) => level.alpha),
      towards,
    };
  }
  const scale = Math.max(...law.bands.map(({ rho }) => rho));
  return {
    bands: law.bands.map(({ weight, rho, c, centres }) => ({
      weight,
      c: widthOf(c as number, scale),
      r: [rho * secondMoment(centres)],
    })),
    rates: [alpha],
    towards: 1,
  };
}

/** Index of L of a band in the state: the bands one after the other, M of each level and then L = log(v/Gamma). */
function offsetOf(band: number, levels: number): number {
  return band * (levels + 1);
}

/**
 * Phases and flow (eqs. band-state, level-free-energy, level-flow): with S = c0 + tau = e^-lambda and the target T_k,l = 1 for l <= k, else 0,
 *   dM_l/dlambda = S (e/2) [A (T_g,l - M_l)/D_g + B (T_k,l - M_l)/D_k],
 *   dL/dlambda = S (1/Gamma + eta^2/v - e [A/D_g + B/D_k]).
 * Phases without competitors at infinite noise (leading rates of 0) are left out.
 */
export function linearDynamics(
  { bands, rates, towards }: LinearClasses,
  {
    eta,
    schedule,
    reference,
  }: { readonly eta: number; readonly schedule: CompiledSchedule; readonly reference: number },
): { readonly dynamics: PhaseDynamics; readonly known: readonly number[] } {
  const levels = rates.length;
  const first = Math.min(leadingZeros(rates), towards);
  const known = Array.from({ length: towards - first + 1 }, (_, i) => first + i);
  const stride = levels + 1;
  const dimension = bands.length * stride;
  const noise = eta * eta;
  const e = 1 + noise;
  // Variance of what a phase does not know, per band.
  const hidden = bands.map(({ r }) => known.map((k) => r.slice(k).reduce((sum, one) => sum + one, 0)));
  const tauOf = continuedNoise(reference);

  /** Mean square of x less the known parts, in a band. */
  const square = (b: number, k: number, state: Float64Array, gamma: number) => {
    const at = b * stride;
    let sum = gamma * Math.exp(state[at + levels]!);
    for (let l = 0; l < levels; l++) {
      const lack = state[at + l]! - (l < k ? 1 : 0);
      sum += bands[b]!.r[l]! * lack * lack;
    }
    return sum;
  };
  const phase = (k: number, index: number): Phase => {
    const rate = rates.slice(k).reduce((sum, one) => sum + one, 0);
    const isGuided = k === towards;
    return {
      name:
        k === levels
          ? 'guided class'
          : k === 0
            ? 'all classes'
            : `classes that share ${k === 1 ? 'the first level' : `${k} levels`}`,
      freeEnergy(clock, state) {
        if (rate === Infinity && !isGuided) return Infinity;
        const tau = tauOf(clock);
        if (k < levels && complexity(k, index, tau, state) < 0)
          return condensedEnergy(levels - k, (x) => weighted(k, tau, state, x));
        let sum = 0;
        for (let b = 0; b < bands.length; b++) {
          const gamma = bands[b]!.c + tau;
          const more = hidden[b]![index]!;
          // log D_k less the log Gamma that all phases share, and likewise 1.
          sum +=
            bands[b]!.weight * (square(b, k, state, gamma) / (gamma + more) - 1 + Math.log1p(more / gamma));
        }
        return rate - 0.5 * sum;
      },
      score(clock, state, out) {
        const tau = tauOf(clock);
        const S = Math.exp(-clock);
        for (let b = 0; b < bands.length; b++) {
          const pull = S / (bands[b]!.c + tau + hidden[b]![index]!);
          for (let l = 0; l < levels; l++)
            out[b * stride + l] = 0.5 * pull * ((l < k ? 1 : 0) - state[b * stride + l]!);
          out[b * stride + levels] = -pull;
        }
      },
      ...(rate === Infinity || k === levels
        ? {}
        : { complexity: (clock, state) => complexity(k, index, tauOf(clock), state) }),
    };
  };

  /** Energy of phase k at the weights x of its levels, from the finest to the coarsest (eq. level-condensed). */
  const weighted = (k: number, tau: number, state: Float64Array, x: Float64Array) => {
    let sum = 0;
    for (let l = levels - 1; l >= k; l--) sum += rates[l]! / x[l - k]!;
    bands.forEach(({ weight, c, r }, b) => {
      const gamma = c + tau;
      let width = gamma;
      let logs = 0;
      for (let l = levels - 1; l >= k; l--) {
        const more = x[l - k]! * r[l]!;
        logs += Math.log1p(more / width) / x[l - k]!;
        width += more;
      }
      sum -= 0.5 * weight * (square(b, k, state, gamma) / width - 1 + logs);
    });
    return sum;
  };

  /**
   * Least complexity over the levels j > k: rates of the levels up to j, less the relative entropy of their parts given x
   * (eq. level-complexity).
   */
  const complexity = (k: number, index: number, tau: number, state: Float64Array) => {
    let least = Infinity;
    let rate = 0;
    for (let j = k; j < levels; j++) {
      rate += rates[j]!;
      let entropy = 0;
      bands.forEach(({ weight, c, r }, b) => {
        const gamma = c + tau;
        const D = gamma + hidden[b]![index]!;
        let R = 0;
        for (let l = k; l <= j; l++) R += r[l]!;
        const u = square(b, k, state, gamma);
        // Gamma' = D - R is the rest: gamma + what lies beyond level j.
        const rest = D - R;
        entropy += weight * 0.5 * ((R / D) * (u / D - 1) - Math.log(rest / D));
      });
      least = Math.min(least, rate - entropy);
    }
    return least;
  };

  const phases = known.map(phase);
  const guided = phases.length - 1;
  const dynamics: PhaseDynamics = {
    dimension,
    phases,
    guided,
    field(which, clock, state, out) {
      const tau = tauOf(clock);
      const S = Math.exp(-clock);
      const w = which === guided ? 0 : (schedule.constant ?? schedule.coefficient(clock));
      const k = known[which]!;
      for (let b = 0; b < bands.length; b++) {
        const gamma = bands[b]!.c + tau;
        const own = (0.5 * e * (1 + w) * S) / (gamma + hidden[b]![guided]!);
        const other = (0.5 * e * -w * S) / (gamma + hidden[b]![which]!);
        const at = b * stride;
        for (let l = 0; l < levels; l++) {
          const M = state[at + l]!;
          // A part without variance is no direction.
          out[at + l] =
            bands[b]!.r[l]! === 0 ? 0 : own * ((l < towards ? 1 : 0) - M) + other * ((l < k ? 1 : 0) - M);
        }
        const supply = noise === 0 ? 1 : 1 + noise * Math.exp(-state[at + levels]!);
        out[at + levels] = (S / gamma) * supply - 2 * (own + other);
      }
    },
    diffusion(clock, state, out) {
      if (noise === 0) return;
      const tau = tauOf(clock);
      const S = Math.exp(-clock);
      bands.forEach(({ weight, c, r }, b) => {
        for (let l = 0; l < levels; l++) {
          const i = b * stride + l;
          if (r[l]! > 0) out[i * dimension + i] = (noise * S) / (weight * r[l]!);
        }
        const i = b * stride + levels;
        out[i * dimension + i] = (4 * noise * S) / (weight * (c + tau) * Math.exp(state[i]!));
      });
    },
  };
  return { dynamics, known };
}

function leadingZeros(rates: readonly number[]): number {
  const first = rates.findIndex((rate) => rate > 0);
  return first < 0 ? rates.length : first;
}

/**
 * State at a noise-to-signal variance tau: at infinite noise M = 1 + w (1 where the level is known from the start) and v = Gamma; at a finite
 * start M = 0 and the prior's variance.
 */
export function linearStart(
  { bands, rates, towards }: LinearClasses,
  { tau, variance, w }: { readonly tau: number; readonly variance: number | null; readonly w: number },
): { readonly state: Float64Array; readonly covariance: readonly number[] } {
  const levels = rates.length;
  const n = bands.length * (levels + 1);
  const first = leadingZeros(rates);
  const state = new Float64Array(n);
  const diagonal = new Float64Array(n);
  bands.forEach(({ weight, c, r }, b) => {
    const at = offsetOf(b, levels);
    const v = variance ?? c + tau;
    for (let l = 0; l < levels; l++) {
      state[at + l] = variance !== null || l >= towards ? 0 : l < first ? 1 : 1 + w;
      diagonal[at + l] = r[l]! > 0 ? v / (weight * r[l]!) : 1;
    }
    state[at + levels] = Math.log(v / (c + tau));
    diagonal[at + levels] = 2 / weight;
  });
  const covariance: number[] = [];
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) covariance.push(i === j ? diagonal[i]! : 0);
  return { state, covariance };
}

/** Order parameters of a state, in the frame x/a. @param law for what the caller wrote: c = 0 stays 0; @param at noise, and w there */
export function linearState(
  classes: LinearClasses,
  law: ClassLaw,
  state: Float64Array,
  { tau, w }: { readonly tau: number; readonly w: number },
): StructuredState {
  const { bands, rates, towards } = classes;
  const levels = rates.length;
  const total = bands.reduce(
    (sum, { weight, r }) => sum + weight * r.slice(0, towards).reduce((a, b) => a + b, 0),
    0,
  );
  let [m, v, q] = [0, 0, 0];
  const shown: BandState[] = bands.map(({ weight, c, r }, b) => {
    const at = offsetOf(b, levels);
    const own = law.kind === 'levels' ? law.sigma2 : (law.bands[b]!.c as number);
    const variance = (c + tau) * Math.exp(state[at + levels]!);
    let [overlap, norm, square] = [0, 0, 0];
    for (let l = 0; l < towards; l++) {
      const M = state[at + l]!;
      overlap += r[l]! * M;
      norm += r[l]!;
      square += r[l]! * M * M;
    }
    const shownVariance = own === 0 && tau === 0 ? widthless(variance, norm, w) : variance;
    m += (weight * overlap) / total;
    v += weight * shownVariance;
    q += weight * (shownVariance + square);
    return { rho: norm, c: own, weight, m: norm === 0 ? null : overlap / norm, v: shownVariance };
  });
  return {
    m,
    q,
    v,
    bands: shown,
    levels: law.kind === 'levels' ? Array.from(state.subarray(0, towards)) : null,
    coordinate: null,
  };
}

/** Joint normal law of a coordinate y and of the guided centre's mu there, in a band. */
export interface LinearBandState {
  readonly band: number;
  readonly weight: number;
  /** Var y, Cov(y, mu) and Var mu. */
  readonly variance: number;
  readonly covariance: number;
  readonly rho: number;
}

/** {@link LinearBandState} of every band in the frame x/a. @param state null for the class itself */
export function linearBands(
  classes: LinearClasses,
  law: ClassLaw,
  state: Float64Array | null,
  { tau, w }: { readonly tau: number; readonly w: number },
): LinearBandState[] {
  const { bands, rates, towards } = classes;
  const levels = rates.length;
  const shown = state === null ? null : linearState(classes, law, state, { tau, w }).bands;
  return bands.map(({ weight, c, r }, b) => {
    const at = offsetOf(b, levels);
    const own = law.kind === 'levels' ? law.sigma2 : (law.bands[b]!.c as number);
    const hidden = r.slice(towards).reduce((sum, one) => sum + one, 0);
    let [variance, covariance, rho] = [shown?.[b]!.v ?? (own === 0 ? 0 : c) + tau + hidden, 0, 0];
    for (let l = 0; l < towards; l++) {
      const M = state === null ? 1 : state[at + l]!;
      variance += r[l]! * M * M;
      covariance += r[l]! * M;
      rho += r[l]!;
    }
    return { band: b, weight, variance, covariance, rho };
  });
}

/** Weights of M in m = x.mu/|mu|^2. */
export function overlapWeights({ bands, rates, towards }: LinearClasses): Float64Array {
  const levels = rates.length;
  const weights = new Float64Array(bands.length * (levels + 1));
  let total = 0;
  bands.forEach(({ weight, r }, b) => {
    for (let l = 0; l < towards; l++) {
      weights[offsetOf(b, levels) + l] = weight * r[l]!;
      total += weight * r[l]!;
    }
  });
  return weights.map((one) => one / total);
}

/** The state with delta more of every overlap that guidance knows. */
export function shiftedOverlaps(
  { bands, rates, towards }: LinearClasses,
  state: Float64Array,
  delta: number,
): Float64Array {
  const shifted = state.slice();
  bands.forEach((_, b) => {
    const at = offsetOf(b, rates.length);
    for (let l = 0; l < towards; l++) shifted[at + l] = state[at + l]! + delta;
  });
  return shifted;
}

/**
 * Distances at the data (eqs. band-state, level-flow): per band the class, or superclass, has the variance s = c + what guidance does not know,
 * KL = (1/2) [sum_l r_l (M_l - 1)^2/s + v/s - 1 - log(v/s)], W2^2 = sum_l r_l (M_l - 1)^2 + (sqrt(v) - sqrt(s))^2.
 */
export function linearDistortion(
  classes: LinearClasses,
  law: ClassLaw,
  state: Float64Array,
  w: number,
): StructuredDistortion {
  const { bands, rates, towards } = classes;
  const levels = rates.length;
  const { m, bands: shown } = linearState(classes, law, state, { tau: 0, w });
  let [kl, w2, variance, total] = [0, 0, 0, 0];
  bands.forEach(({ weight, r, c }, b) => {
    const at = offsetOf(b, levels);
    const hidden = r.slice(towards).reduce((sum, one) => sum + one, 0);
    const s = shown[b]!.c + hidden;
    const { v } = shown[b]!;
    let shift = 0;
    for (let l = 0; l < towards; l++) shift += r[l]! * (state[at + l]! - 1) ** 2;
    const logRatio = state[at + levels]! + Math.log(c / (c + hidden));
    kl += s === 0 ? Infinity : 0.5 * weight * (shift / s + Math.expm1(logRatio) - logRatio);
    w2 += weight * (shift + (Math.sqrt(v) - Math.sqrt(s)) ** 2);
    variance += weight * v;
    total += weight * s;
  });
  return {
    meanShift: m - 1,
    varianceRatio: total === 0 ? null : variance / total,
    klPerDimension: Number.isFinite(kl) ? kl : null,
    w2PerDimension: w2,
  };
}
