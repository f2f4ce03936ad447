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
import { divergence, gridOf, missedBy, sizesOf, type GridWaves } from './densityGrid.ts';
import { startLaw, type CoordinateStart } from './nodes.ts';

/**
 * With noise the law of a coordinate is no image of its start: for each part (mu, c) the density of y itself is the state, on a periodic grid
 * that follows it (eq. coordinate-density),
 *   y = mu + sqrt(S) (D + R x),  x_j = (2 j + 1)/n - 1,  n = 2 modes,
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

/** {@link missedBy} a grid, averaged over the parts. */
export function unresolvedShares(
  { parts, modes }: CoordinateDensity,
  waves: GridWaves,
  state: Float64Array,
): UnresolvedShares {
  const { each, stride } = sizesOf(modes);
  const shares = { waves: 0, ends: 0 };
  parts.forEach(({ weight }, p) => {
    const at = p * stride + 2;
    const missed = missedBy(waves, state.subarray(at, at + each));
    shares.waves += weight * missed.waves;
    shares.ends += weight * missed.ends;
  });
  return shares;
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
  const diverge = divergence(each);
  const tauOf = continuedNoise(settings.reference);
  const velocity = new Float64Array(each);
  const flux = new Float64Array(each);
  const mass = new Float64Array(each);

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
        mass[j] = diffusion * q;
        flux[j] = q * ((velocity[j]! - mean) / R - follow - growth * grid[j]!);
      }
      diverge(mass, flux);
      out.set(mass, at + 2);
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
