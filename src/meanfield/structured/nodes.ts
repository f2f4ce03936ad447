import type { CompiledSchedule } from '../../guidance/compiled.ts';
import { secondMoment, type BandLaw, type ClassBand } from '../../mixture/classLaw.ts';
import { gaussHermite } from '../../numerics/gaussHermite.ts';
import type { PhaseDynamics } from '../phases.ts';
import { guidedParts, type GuidedPart } from './coordinateLaw.ts';
import {
  coordinateLaws,
  coordinatePhases,
  type CoordinatePoints,
  type CoordinateSettings,
} from './coordinates.ts';
import { continuedNoise } from './model.ts';

/** Orders of the quadrature over a coordinate's law. */
export interface NodeOrders {
  /** Nodes of the start coordinate (a standard normal). */
  readonly start: number;
  /** Nodes of a continuous law of centres, on the half line. */
  readonly centre: number;
  /** Modes of the density of a coordinate, for eta > 0: on 2 modes points, a power of 2 or 3 times one (the next one is taken). */
  readonly modes: number;
  /** Half its grid in deviations of a gaussian law. */
  readonly reach: number;
}

/** Coordinates of the guided class as nodes over (mu, c) and the start: y_j moves along the guided flow. */
export interface CoordinateNodes {
  readonly law: BandLaw;
  readonly parts: readonly GuidedPart[];
  /** Start coordinate z of each node; nodes of a part are consecutive. */
  readonly z: Float64Array;
  /** Weight of each node; they sum to 1. */
  readonly weight: Float64Array;
  readonly orders: NodeOrders;
}

/** Nodes of a law. @param least variance that stands for none */
export function coordinateNodes(law: BandLaw, least: number, orders: NodeOrders): CoordinateNodes {
  const parts = law.bands.flatMap((band, index) => guidedParts(band, index, least, orders.centre));
  const rule = gaussHermite(orders.start);
  const n = parts.length * orders.start;
  const z = new Float64Array(n);
  const weight = new Float64Array(n);
  parts.forEach((part, p) => {
    z.set(rule.nodes, p * orders.start);
    for (let i = 0; i < orders.start; i++) weight[p * orders.start + i] = part.weight * rule.weights[i]!;
  });
  return { law, parts, z, weight, orders };
}

/** The nodes as points of a coordinate's law: their places are the state, in units of the noise. */
export function nodePoints({ law, parts, weight, orders }: CoordinateNodes): CoordinatePoints {
  const offset = new Float64Array(weight.length);
  const each = orders.start;
  return {
    law,
    parts,
    each,
    offset,
    weight,
    place(clock, state) {
      const scale = Math.exp(-0.5 * clock);
      parts.forEach(({ mu }, p) => {
        for (let j = p * each; j < (p + 1) * each; j++) offset[j] = scale * state[j]! - mu;
      });
    },
  };
}

/**
 * Phases and probability flow of the nodes (eq. coordinate-flow), in u = y/sqrt(S), S = c0 + tau = e^-lambda:
 *   du/dlambda = u/2 + (sqrt(S)/2) [(1 + w)(mu - y)/Gamma - w d log Z/dy]
 * while the others dominate, with w = 0 in the guided phase.
 */
export function nodeDynamics(
  nodes: CoordinateNodes,
  points: CoordinatePoints,
  { schedule, ...settings }: CoordinateSettings & { readonly schedule: CompiledSchedule },
): PhaseDynamics {
  const { law, parts, weight, orders } = nodes;
  const laws = coordinateLaws(law, settings.reference);
  const n = weight.length;
  const each = orders.start;
  const tauOf = continuedNoise(settings.reference);
  /** (sqrt(S)/2) [A s_c + B s_u] of each node. */
  const move = (clock: number, state: Float64Array, out: Float64Array, A: number, B: number) => {
    const tau = tauOf(clock);
    const scale = Math.exp(-0.5 * clock);
    for (let p = 0; p < parts.length; p++) {
      const { mu, c, band } = parts[p]!;
      const own = (0.5 * scale * A) / (c + tau);
      const others = 0.5 * scale * B;
      const one = laws[band]!;
      for (let j = p * each; j < (p + 1) * each; j++) {
        const y = scale * state[j]!;
        out[j] = own * (mu - y) + (others === 0 ? 0 : others * one.score(y, tau));
      }
    }
  };
  return {
    dimension: n,
    phases: coordinatePhases(points, laws, settings, move),
    guided: 1,
    field(phase, clock, state, out) {
      const w = phase === 1 ? 0 : (schedule.constant ?? schedule.coefficient(clock));
      move(clock, state, out, 1 + w, -w);
      for (let j = 0; j < n; j++) out[j] = out[j]! + 0.5 * state[j]!;
    },
    diffusion: () => undefined,
  };
}

/** A start: noise-to-signal variance, the prior's variance or null at infinite noise, w there. */
export interface CoordinateStart {
  readonly tau: number;
  readonly variance: number | null;
  readonly w: number;
}

/**
 * Gaussian law of y - mu in a part at a start: at infinite noise y = (1 + w) mu - w <mu> + z sqrt(Gamma (Gamma/D)^w), to second order in
 * 1/tau and for every eta; at a finite start y = z times the prior's deviation.
 */
export function startLaw(
  law: BandLaw,
  { mu, c, band }: GuidedPart,
  { tau, variance, w }: CoordinateStart,
): { readonly mean: number; readonly deviation: number } {
  const { mean, total } = spreadOf(law.bands[band]!);
  const gamma = c + tau;
  const shrunk = gamma * Math.exp(-w * Math.log1p((total - c) / gamma));
  return {
    mean: variance === null ? w * (mu - mean) : -mu,
    deviation: Math.sqrt(variance ?? shrunk),
  };
}

/** Nodes at a {@link CoordinateStart}. @param reference variance of the clock */
export function nodeStart(
  { law, parts, z, orders }: CoordinateNodes,
  { reference, ...start }: CoordinateStart & { readonly reference: number },
): Float64Array {
  const scale = 1 / Math.sqrt(reference + start.tau);
  const state = new Float64Array(z.length);
  parts.forEach((part, p) => {
    const { mean, deviation } = startLaw(law, part, start);
    for (let j = p * orders.start; j < (p + 1) * orders.start; j++)
      state[j] = scale * (part.mu + mean + deviation * z[j]!);
  });
  return state;
}

/** Mean of a coordinate over the classes of a band, and its variance at tau = 0. */
function spreadOf({ rho, c, centres }: ClassBand): { mean: number; total: number } {
  const u =
    centres?.kind === 'values'
      ? centres.values.reduce((sum, { value, weight }) => sum + weight * value, 0)
      : 0;
  const inside = typeof c === 'number' ? c : c.reduce((sum, { value, weight }) => sum + weight * value, 0);
  return { mean: Math.sqrt(rho) * u, total: inside + rho * (secondMoment(centres) - u * u) };
}

/** Nodes at y + delta mu. */
export function shiftedNodes(
  { parts, orders }: CoordinateNodes,
  clock: number,
  state: Float64Array,
  delta: number,
): Float64Array {
  const shifted = state.slice();
  parts.forEach(({ mu }, p) => {
    const shift = delta * mu * Math.exp(0.5 * clock);
    for (let j = p * orders.start; j < (p + 1) * orders.start; j++) shifted[j] = state[j]! + shift;
  });
  return shifted;
}
