import type { CompiledSchedule } from '../../guidance/compiled.ts';
import type { BandLaw } from '../../mixture/classLaw.ts';
import type { PhaseDynamics } from '../phases.ts';
import type { GuidedPart } from './coordinateLaw.ts';
import {
  coordinateLaws,
  coordinatePhases,
  type CoordinatePoints,
  type CoordinateSettings,
} from './coordinates.ts';
import { continuedNoise, type UnresolvedShares } from './model.ts';
import { startLaw, type CoordinateStart } from './nodes.ts';

/**
 * With noise the law of a coordinate is no image of its start: for each part (mu, c) the density of y itself is the state, on a periodic grid
 * that follows it (eq. coordinate-density),
 *   y = mu + sqrt(S) (D + R x),  x_j = (2 j + 1)/n - 1,  n = 2 modes + 1,
 * with masses q_j that sum to 1. A trigonometric interpolant of the density is differentiated, so that the error falls faster than any power
 * of 1/n. D is the mean; R follows the root of order `tail` of the central moment, so that the grid covers heavy tails and wastes nothing on a
 * law of two peaks. Layout of a part: D, log R, q.
 */
export interface CoordinateDensity {
  readonly law: BandLaw;
  readonly parts: readonly GuidedPart[];
  readonly modes: number;
  /** Half the grid at the start, where the law is gaussian, in its deviations. */
  readonly reach: number;
}

/** Order of the moment that the half-width follows. */
const tail = 8;

/** Points of a part, and components of its state. */
function sizesOf(modes: number): { readonly each: number; readonly stride: number } {
  const each = 2 * modes + 1;
  return { each, stride: each + 2 };
}

/** x of the grid. */
function gridOf(each: number): Float64Array {
  return Float64Array.from({ length: each }, (_, j) => (2 * j + 1) / each - 1);
}

/** State at a {@link CoordinateStart}: gaussian laws. @param reference variance of the clock */
export function densityStart(
  { law, parts, modes, reach }: CoordinateDensity,
  { reference, ...start }: CoordinateStart & { readonly reference: number },
): Float64Array {
  const { each, stride } = sizesOf(modes);
  const root = Math.sqrt(reference + start.tau);
  const masses = gridOf(each).map((x) => Math.exp(-0.5 * (reach * x) ** 2));
  const sum = masses.reduce((total, q) => total + q, 0);
  const state = new Float64Array(parts.length * stride);
  parts.forEach((part, p) => {
    const { mean, deviation } = startLaw(law, part, start);
    state[p * stride] = mean / root;
    state[p * stride + 1] = Math.log((reach * deviation) / root);
    for (let j = 0; j < each; j++) state[p * stride + 2 + j] = masses[j]! / sum;
  });
  return state;
}

/**
 * Parts of the law of a coordinate that the grid misses: amplitude of the shortest waves that it carries, and share of its ends in the variance.
 * Once both are below 5e-7 the order parameters are good to 1e-6.
 */
export function unresolvedShares(
  { parts, modes }: CoordinateDensity,
  { cosine, sine }: GridWaves,
  state: Float64Array,
): UnresolvedShares {
  const { each, stride } = sizesOf(modes);
  const margin = Math.max(1, Math.round(0.04 * each));
  const least = Math.ceil(0.85 * modes);
  const grid = gridOf(each);
  const shares = { waves: 0, ends: 0 };
  parts.forEach(({ weight }, p) => {
    const at = p * stride + 2;
    let square = 0;
    for (let j = 0; j < each; j++) square += state[at + j]! * grid[j]! * grid[j]!;
    // With their signs: what rounding leaves there alternates.
    let outer = 0;
    for (let j = 0; j < margin; j++)
      outer += (state[at + j]! + state[at + each - 1 - j]!) * grid[j]! * grid[j]!;
    shares.ends += (weight * Math.abs(outer)) / square;
    let waves = 0;
    for (let k = least; k <= modes; k++) {
      let [real, imaginary] = [0, 0];
      for (let j = 0; j < each; j++) {
        const angle = (j * k) % each;
        real += state[at + j]! * cosine[angle]!;
        imaginary += state[at + j]! * sine[angle]!;
      }
      waves = Math.max(waves, Math.hypot(real, imaginary));
    }
    shares.waves += weight * waves;
  });
  return shares;
}

/** One period of the waves of a grid. */
export interface GridWaves {
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

/** {@link GridWaves} of 2 modes + 1 points. */
export function gridWaves(modes: number): GridWaves {
  const { each } = sizesOf(modes);
  const angles = Float64Array.from({ length: each }, (_, j) => (2 * Math.PI * j) / each);
  return { cosine: angles.map(Math.cos), sine: angles.map(Math.sin) };
}

/** The grid as points of a coordinate's law. */
export function densityPoints({ law, parts, modes }: CoordinateDensity): CoordinatePoints {
  const { each, stride } = sizesOf(modes);
  const grid = gridOf(each);
  const offset = new Float64Array(parts.length * each);
  const weight = new Float64Array(parts.length * each);
  return {
    law,
    parts,
    each,
    offset,
    weight,
    place(clock, state) {
      const scale = Math.exp(-0.5 * clock);
      parts.forEach((part, p) => {
        const at = p * stride;
        const centre = scale * state[at]!;
        const width = scale * Math.exp(state[at + 1]!);
        for (let j = 0; j < each; j++) {
          offset[p * each + j] = centre + width * grid[j]!;
          weight[p * each + j] = part.weight * state[at + 2 + j]!;
        }
      });
    },
  };
}

/**
 * Phases and flow of the densities (eq. coordinate-density-flow): with e = 1 + eta^2, the velocity of u = y/sqrt(S) under the score,
 *   b = (e sqrt(S)/2) [(1 + w)(mu - y)/Gamma - w d log Z/dy]   (w = 0 in the guided phase),
 * and g = [<x^(k-1) (b - <b>)>/R + (eta^2/2)(k - 1) <x^(k-2)>/R^2]/<x^k>, k = `tail`,
 *   dD/dlambda = D/2 + <b>,  dlog R/dlambda = 1/2 + g,
 *   dq/dlambda = -d/dx [((b - <b>)/R - g x) q] + (eta^2/(2 R^2)) d^2 q/dx^2.
 */
export function densityDynamics(
  { law, parts, modes }: CoordinateDensity,
  points: CoordinatePoints,
  {
    schedule,
    eta,
    ...settings
  }: CoordinateSettings & { readonly schedule: CompiledSchedule; readonly eta: number },
): PhaseDynamics {
  const laws = coordinateLaws(law, settings.reference);
  const { each, stride } = sizesOf(modes);
  const grid = gridOf(each);
  const high = grid.map((x) => x ** (tail - 2));
  const derivatives = derivativesOf(modes);
  const tauOf = continuedNoise(settings.reference);
  const velocity = new Float64Array(each);
  // Fluxes and masses with the `modes` neighbours beyond each end.
  const flux = new Float64Array(each + 2 * modes);
  const mass = new Float64Array(each + 2 * modes);

  /** Motion under (rate sqrt(S)) [A s_c + B s_u] and noise of a variance per unit clock. */
  const move = (
    clock: number,
    state: Float64Array,
    out: Float64Array,
    A: number,
    B: number,
    rate = 0.5,
    noise = 0,
  ) => {
    const tau = tauOf(clock);
    const scale = Math.exp(-0.5 * clock);
    parts.forEach(({ mu, c, band }, p) => {
      const one = laws[band]!;
      const at = p * stride;
      const centre = scale * state[at]!;
      const R = Math.exp(state[at + 1]!);
      const width = scale * R;
      const own = (-rate * scale * A) / (c + tau);
      const others = rate * scale * B;
      let [mean, shift] = [0, 0];
      for (let j = 0; j < each; j++) {
        const lack = centre + width * grid[j]!;
        const b = own * lack + (others === 0 ? 0 : others * one.score(lack, tau, mu));
        velocity[j] = b;
        mean += state[at + 2 + j]! * b;
        shift += state[at + 2 + j]! * grid[j]!;
      }
      let [drawn, spread, moment] = [0, 0, 0];
      for (let j = 0; j < each; j++) {
        const x = grid[j]!;
        const power = state[at + 2 + j]! * high[j]!;
        spread += power;
        drawn += power * x * (velocity[j]! - mean);
        moment += power * x * x;
      }
      const diffusion = (0.5 * noise) / (R * R);
      const growth = (drawn / R + diffusion * (tail - 1) * spread) / moment;
      // The mean of x is 0 but for rounding, which a shrinking grid would magnify.
      const follow = 2 * Math.sqrt(1 + growth * growth) * shift;
      out[at] = mean + R * follow;
      out[at + 1] = growth;
      for (let j = 0; j < each; j++) {
        const q = state[at + 2 + j]!;
        mass[modes + j] = diffusion * q;
        flux[modes + j] = q * ((velocity[j]! - mean) / R - follow - growth * grid[j]!);
      }
      for (let j = 0; j < modes; j++) {
        mass[j] = mass[j + each]!;
        flux[j] = flux[j + each]!;
        mass[modes + each + j] = mass[modes + j]!;
        flux[modes + each + j] = flux[modes + j]!;
      }
      differentiate(derivatives, mass, flux, out, at + 2);
    });
  };
  const noise = eta * eta;
  return {
    dimension: parts.length * stride,
    phases: coordinatePhases(points, laws, settings, move),
    guided: 1,
    field(phase, clock, state, out) {
      const w = phase === 1 ? 0 : (schedule.constant ?? schedule.coefficient(clock));
      move(clock, state, out, 1 + w, -w, 0.5 * (1 + noise), noise);
      for (let at = 0; at < out.length; at += stride) {
        out[at] = out[at]! + 0.5 * state[at]!;
        out[at + 1] = out[at + 1]! + 0.5;
      }
    },
    diffusion: () => undefined,
  };
}

/** State at y + delta mu. */
export function shiftedDensity(
  { parts, modes }: CoordinateDensity,
  clock: number,
  state: Float64Array,
  delta: number,
): Float64Array {
  const { stride } = sizesOf(modes);
  const shifted = state.slice();
  parts.forEach(({ mu }, p) => {
    shifted[p * stride] = state[p * stride]! + delta * mu * Math.exp(0.5 * clock);
  });
  return shifted;
}

/** Weights of the first and second derivative of a trigonometric interpolant, by the distance of points. */
interface Derivatives {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/**
 * First and second derivative of the trigonometric interpolant on n = 2 modes + 1 points of the period 2, by the distance k of points:
 * f'_i = sum_k first_k (f_(i-k) - f_(i+k)), f''_i = second_0 f_i + sum_k second_k (f_(i-k) + f_(i+k)).
 */
function derivativesOf(modes: number): Derivatives {
  const n = 2 * modes + 1;
  const first = new Float64Array(modes + 1);
  const second = new Float64Array(modes + 1);
  second[0] = (-Math.PI * Math.PI * (n * n - 1)) / 12;
  for (let k = 1; k <= modes; k++) {
    const sign = k % 2 === 0 ? 1 : -1;
    const sine = Math.sin((Math.PI * k) / n);
    first[k] = (0.5 * Math.PI * sign) / sine;
    second[k] = (-0.5 * Math.PI * Math.PI * sign * Math.cos((Math.PI * k) / n)) / (sine * sine);
  }
  return { first, second };
}

/** mass'' - flux' at each point, written to `out` from `at`; both come with their neighbours beyond the ends. */
function differentiate(
  { first, second }: Derivatives,
  mass: Float64Array,
  flux: Float64Array,
  out: Float64Array,
  at: number,
): void {
  const modes = first.length - 1;
  const end = 3 * modes + 1;
  for (let i = modes; i < end; i++) {
    let sum = second[0]! * mass[i]!;
    let left = i - 1;
    let right = i + 1;
    for (let k = 1; k <= modes; k++) {
      sum += second[k]! * (mass[left]! + mass[right]!) - first[k]! * (flux[left]! - flux[right]!);
      left -= 1;
      right += 1;
    }
    out[at + i - modes] = sum;
  }
}
