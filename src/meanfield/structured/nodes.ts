import type { CompiledSchedule } from '../../guidance/compiled.ts';
import { secondMoment, type BandLaw, type ClassBand } from '../../mixture/classLaw.ts';
import { gaussHermite } from '../../numerics/gaussHermite.ts';
import type { Phase, PhaseDynamics } from '../phases.ts';
import { coordinateLaw, guidedParts, type CoordinateEvidence, type GuidedPart } from './coordinateLaw.ts';
import { continuedNoise, widthless, type BandState, type StructuredState } from './model.ts';

/** Orders of the quadrature over a coordinate's law. */
export interface NodeOrders {
  /** Nodes of the start coordinate (a standard normal). */
  readonly start: number;
  /** Nodes of a continuous law of centres, on the half line. */
  readonly centre: number;
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

/**
 * Phases and probability flow of the nodes (eq. coordinate-flow), in u = y/sqrt(S), S = c0 + tau = e^-lambda:
 *   du/dlambda = u/2 + (sqrt(S)/2) [(1 + w)(mu - y)/Gamma - w d log Z/dy]
 * while the others dominate, with w = 0 in the guided phase.
 */
export function nodeDynamics(
  nodes: CoordinateNodes,
  {
    alpha,
    schedule,
    reference,
    least,
  }: {
    readonly alpha: number;
    readonly schedule: CompiledSchedule;
    readonly reference: number;
    readonly least: number;
  },
): PhaseDynamics {
  const { law, parts, weight, orders } = nodes;
  const laws = law.bands.map((band) => coordinateLaw(band, least));
  const n = weight.length;
  const each = orders.start;
  const tauOf = continuedNoise(reference);
  const evidence: CoordinateEvidence = { logEvidence: 0, relativeEntropy: 0 };
  // Energies and complexity are asked for at one point, one after the other.
  let lastClock = NaN;
  const lastState = new Float64Array(n);
  let [psi, phi, entropy] = [0, 0, 0];
  const visit = (clock: number, state: Float64Array) => {
    if (clock === lastClock && lastState.every((value, i) => value === state[i]!)) return;
    lastClock = clock;
    lastState.set(state.subarray(0, n));
    const tau = tauOf(clock);
    const scale = Math.exp(-0.5 * clock);
    [psi, phi, entropy] = [0, 0, 0];
    parts.forEach(({ mu, c, band }, p) => {
      const gamma = c + tau;
      const own = 0.5 * Math.log(gamma);
      for (let j = p * each; j < (p + 1) * each; j++) {
        const y = scale * state[j]!;
        laws[band]!.evaluate(y, tau, evidence);
        psi += weight[j]! * (0.5 - (0.5 * (y - mu) * (y - mu)) / gamma);
        phi += weight[j]! * (evidence.logEvidence + own + 0.5);
        entropy += weight[j]! * evidence.relativeEntropy;
      }
    });
  };
  const guided: Phase = {
    name: 'guided class',
    freeEnergy(clock, state) {
      visit(clock, state);
      return psi;
    },
    score(clock, state, out) {
      move(clock, state, out, 0, 1);
    },
  };
  const others: Phase = {
    name: 'all classes',
    freeEnergy(clock, state) {
      visit(clock, state);
      return alpha + phi;
    },
    score(clock, state, out) {
      move(clock, state, out, 1, 0);
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
  /** (sqrt(S)/2) [A s_c + B s_u] of each node. */
  const move = (clock: number, state: Float64Array, out: Float64Array, B: number, A: number) => {
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
    phases: [others, guided],
    guided: 1,
    field(phase, clock, state, out) {
      const w = phase === 1 ? 0 : (schedule.constant ?? schedule.coefficient(clock));
      move(clock, state, out, -w, 1 + w);
      for (let j = 0; j < n; j++) out[j] = out[j]! + 0.5 * state[j]!;
    },
    diffusion: () => undefined,
  };
}

/**
 * Nodes at a noise-to-signal variance tau: at infinite noise y = (1 + w) mu - w <mu> + z sqrt(Gamma (Gamma/D)^w), to second order in 1/tau; at
 * a finite start y = z times the prior's deviation.
 * @param at w and reference variance of the clock; prior's variance or null
 */
export function nodeStart(
  { law, parts, z, orders }: CoordinateNodes,
  {
    tau,
    variance,
    w,
    reference,
  }: {
    readonly tau: number;
    readonly variance: number | null;
    readonly w: number;
    readonly reference: number;
  },
): Float64Array {
  const scale = 1 / Math.sqrt(reference + tau);
  const spreads = law.bands.map(spreadOf);
  const state = new Float64Array(z.length);
  parts.forEach(({ mu, c, band }, p) => {
    const { mean, total } = spreads[band]!;
    const gamma = c + tau;
    const shrunk = gamma * Math.exp(-w * Math.log1p((total - c) / gamma));
    const centre = variance === null ? (1 + w) * mu - w * mean : 0;
    const deviation = Math.sqrt(variance ?? shrunk);
    for (let j = p * orders.start; j < (p + 1) * orders.start; j++)
      state[j] = scale * (centre + deviation * z[j]!);
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

/** Order parameters of a state, in the frame x/a. @param at noise, and w there */
export function nodeState(
  { law, parts, weight, orders }: CoordinateNodes,
  clock: number,
  state: Float64Array,
  { tau, w }: { readonly tau: number; readonly w: number },
): StructuredState {
  const scale = Math.exp(-0.5 * clock);
  const groups = new Map<string, Sums & { band: number; value: number }>();
  const all = emptySums();
  const gauge = [0, 0, 0, 0];
  parts.forEach(({ mu, band, value }, p) => {
    const key = `${band}.${value}`;
    const group = groups.get(key) ?? { ...emptySums(), band, value };
    groups.set(key, group);
    const sign = mu < 0 ? -1 : 1;
    for (let j = p * orders.start; j < (p + 1) * orders.start; j++) {
      const y = scale * state[j]!;
      for (const sums of [group, all]) {
        sums.weight += weight[j]!;
        sums.overlap += weight[j]! * mu * y;
        sums.norm += weight[j]! * mu * mu;
        sums.square += weight[j]! * y * y;
      }
      for (let k = 0; k < 4; k++) gauge[k]! += weight[j]! * (sign * y) ** k;
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
    m: all.overlap / all.norm,
    q: all.square,
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

interface Sums {
  weight: number;
  overlap: number;
  norm: number;
  square: number;
}

function emptySums(): Sums {
  return { weight: 0, overlap: 0, norm: 0, square: 0 };
}

function momentsOf({ weight, overlap, norm, square }: Sums): { m: number | null; v: number } {
  if (norm === 0) return { m: null, v: square / weight };
  const m = overlap / norm;
  return { m, v: square / weight - (m * m * norm) / weight };
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
