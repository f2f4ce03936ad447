import type { Bath } from './bath.ts';
import { logAdd, type Outcome } from './path.ts';

/** One step of a sampler with noise between two values of x = 1/sqrt(Gamma), exponential Heun (eq. particle-step in Y = x y). */
interface NoisyStep {
  readonly decay: number;
  /** Weights of the target G at the beginning and at the predicted end; their sum in the prediction. */
  readonly beginGain: number;
  readonly endGain: number;
  /** Standard deviation per coordinate of the noise. */
  readonly noise: number;
  readonly beginW: number;
  readonly endW: number;
}

/** Nodes and steps of a sampler with noise. */
export interface NoisyGrid {
  /** x, ascending from the start to 1/sigma. */
  readonly nodes: Float64Array;
  readonly steps: readonly NoisyStep[];
}

/**
 * Steps between nodes. With z = x_0/x_1 and e = 1 + eta^2, Y_1 = z^(eta^2) Y_0 + x_1 (gains . G) + noise of variance
 * 1 - z^(2 eta^2); from x_0 = 0, Y_1 = x_1 G + N(0, I), which is the start at infinite noise.
 * @param w guidance coefficient at the beginning and the end of each step
 */
export function noisyGrid(
  nodes: Float64Array,
  eta: number,
  w: readonly (readonly [number, number])[],
): NoisyGrid {
  const e = 1 + eta * eta;
  const steps = w.map(([beginW, endW], n) => {
    const to = nodes[n + 1]!;
    const z = nodes[n]! / to;
    const total = 1 - z ** e;
    const end = ((e / (e + 1)) * (1 - z ** (e + 1)) - z * total) / (1 - z);
    return {
      decay: z ** (eta * eta),
      beginGain: to * (total - end),
      endGain: to * end,
      noise: Math.sqrt(Math.max(0, 1 - z ** (2 * eta * eta))),
      beginW,
      endW,
    };
  });
  return { nodes, steps };
}

/** Posterior of a path at a stage, two stages per step (beginning, predicted end), with its derivatives. */
interface StagePosterior {
  logTotal: number;
  /** Weight of the guided class. */
  guided: number;
  /** Coefficient of Y in mubar. */
  pull: number;
}

/** A path without an explicit class, the reference for paths with one. */
export interface NoisyReference {
  /** Y at the stages, d numbers each. */
  readonly places: Float64Array;
  readonly lengths: Float64Array;
  readonly logTotals: Float64Array;
  readonly guided: Float64Array;
  readonly pull: Float64Array;
  /** Derivatives of guided weight and pull by the component along mu_c and by |Y|: four per stage. */
  readonly derivatives: Float64Array;
  readonly end: Float64Array;
}

const difference = 1e-4;

/**
 * Particles with noise in all d dimensions; mu_c is along the first axis. `noise` holds d standard normals per step, and
 * d more in front for the start.
 */
export class NoisyPaths {
  readonly dimension: number;
  private readonly bath: Bath;
  private readonly grid: NoisyGrid;
  private readonly root: number;
  private readonly y: Float64Array;
  private readonly ahead: Float64Array;
  private readonly target: Float64Array;
  private readonly tangent: Float64Array;
  private readonly posterior: StagePosterior = { logTotal: 0, guided: 0, pull: 0 };
  private readonly shifted: StagePosterior = { logTotal: 0, guided: 0, pull: 0 };

  constructor(bath: Bath, grid: NoisyGrid, dimension: number) {
    this.bath = bath;
    this.grid = grid;
    this.dimension = dimension;
    this.root = Math.sqrt(dimension);
    this.y = new Float64Array(dimension);
    this.ahead = new Float64Array(dimension);
    this.target = new Float64Array(dimension);
    this.tangent = new Float64Array(dimension);
  }

  get stages(): number {
    return 2 * this.grid.steps.length;
  }

  emptyReference(): NoisyReference {
    const { stages, dimension } = this;
    return {
      places: new Float64Array(stages * dimension),
      lengths: new Float64Array(stages),
      logTotals: new Float64Array(stages),
      guided: new Float64Array(stages),
      pull: new Float64Array(stages),
      derivatives: new Float64Array(4 * stages),
      end: new Float64Array(dimension),
    };
  }

  /** x at a stage. */
  xAt(stage: number): number {
    return this.grid.nodes[(stage + 1) >> 1]!;
  }

  private evaluate(node: number, c: number, length: number, logOther: number, out: StagePosterior): void {
    const x = this.grid.nodes[node]!;
    const logGuided = x * (c * this.root - 0.5 * x * this.dimension);
    const explicit = logOther > -Infinity;
    const logExplicit = explicit ? logAdd(logGuided, logOther) : logGuided;
    this.bath.evaluate(node, length, logExplicit, explicit);
    out.logTotal = logAdd(logExplicit, this.bath.logWeight);
    out.guided = Math.exp(logGuided - out.logTotal);
    out.pull = Math.exp(this.bath.logWeight - out.logTotal) * this.bath.attraction * x;
  }

  /**
   * Carries a particle to the data.
   * @param spread standard deviation of Y per coordinate at the start
   * @param noise standard normals: d for the start, then d per step
   * @param mu explicit competing class, or null
   * @param reference receives the stages (without an explicit class)
   * @param beforeNode called before the first evaluation at a node, with |Y| there
   */
  follow(
    spread: number,
    noise: Float64Array,
    mu: Float64Array | null,
    out: Outcome,
    reference: NoisyReference | null = null,
    beforeNode?: (length: number) => void,
  ): void {
    const { y, ahead, target, root, dimension: d, posterior } = this;
    const square = mu === null ? 0 : dot(mu, mu);
    for (let i = 0; i < d; i++) y[i] = spread * noise[i]!;
    /** Target G at a place into `into`, times a gain. */
    const addTarget = (stage: number, place: Float64Array, w: number, gain: number) => {
      const node = (stage + 1) >> 1;
      const x = this.grid.nodes[node]!;
      const length = Math.sqrt(dot(place, place));
      if (stage === 0 || (stage & 1) === 1) beforeNode?.(length);
      const logOther = mu === null ? -Infinity : x * (dot(place, mu) - 0.5 * x * square);
      this.evaluate(node, place[0]!, length, logOther, posterior);
      if (reference !== null) this.keep(reference, stage, place, length);
      const other = mu === null ? 0 : Math.exp(logOther - posterior.logTotal);
      const pull = w * posterior.pull;
      for (let i = 0; i < d; i++) {
        target[i] = target[i]! - gain * (pull * place[i]! + (mu === null ? 0 : w * other * mu[i]!));
      }
      target[0] = target[0]! + gain * (1 + w - w * posterior.guided) * root;
    };
    this.grid.steps.forEach((step, n) => {
      const offset = (n + 1) * d;
      target.fill(0);
      addTarget(2 * n, y, step.beginW, 1);
      const all = step.beginGain + step.endGain;
      for (let i = 0; i < d; i++) {
        const drawn = step.noise === 0 ? 0 : step.noise * noise[offset + i]!;
        ahead[i] = step.decay * y[i]! + all * target[i]! + drawn;
        y[i] = step.decay * y[i]! + step.beginGain * target[i]! + drawn;
      }
      target.fill(0);
      addTarget(2 * n + 1, ahead, step.endW, step.endGain);
      for (let i = 0; i < d; i++) y[i] = y[i]! + target[i]!;
    });
    if (reference !== null) reference.end.set(y);
    const end = this.grid.nodes[this.grid.nodes.length - 1]!;
    out.m = y[0]! / (end * root);
    out.v = (dot(y, y) - y[0]! * y[0]!) / (end * end * (d - 1));
  }

  private keep(reference: NoisyReference, stage: number, place: Float64Array, length: number): void {
    const { posterior, shifted } = this;
    const node = (stage + 1) >> 1;
    const c = place[0]!;
    reference.places.set(place, stage * this.dimension);
    reference.lengths[stage] = length;
    reference.logTotals[stage] = posterior.logTotal;
    reference.guided[stage] = posterior.guided;
    reference.pull[stage] = posterior.pull;
    const { guided, pull } = posterior;
    this.evaluate(node, c + difference, length, -Infinity, shifted);
    reference.derivatives[4 * stage] = (shifted.guided - guided) / difference;
    reference.derivatives[4 * stage + 1] = (shifted.pull - pull) / difference;
    this.evaluate(node, c, length + difference, -Infinity, shifted);
    reference.derivatives[4 * stage + 2] = (shifted.guided - guided) / difference;
    reference.derivatives[4 * stage + 3] = (shifted.pull - pull) / difference;
  }

  /** Leaves the bath at a stage of a reference path, for what else it can tell there. */
  visit(reference: NoisyReference, stage: number): void {
    const place = reference.places[stage * this.dimension]!;
    this.evaluate((stage + 1) >> 1, place, reference.lengths[stage]!, -Infinity, this.posterior);
  }

  /**
   * Linear effect of an explicit class along a reference path: with f = mubar given mu - mubar at the places of the reference,
   * delta mubar = f + (d mubar/dY) delta Y carried to the data.
   */
  linearEffect(reference: NoisyReference, mu: Float64Array, out: Outcome): void {
    const { tangent, ahead, target, root, dimension: d, posterior } = this;
    const square = dot(mu, mu);
    tangent.fill(0);
    const addTarget = (stage: number, delta: Float64Array, w: number, gain: number) => {
      const node = (stage + 1) >> 1;
      const x = this.grid.nodes[node]!;
      const offset = stage * d;
      const { places, lengths, derivatives } = reference;
      let along = 0;
      let overlap = 0;
      for (let i = 0; i < d; i++) {
        along += places[offset + i]! * delta[i]!;
        overlap += places[offset + i]! * mu[i]!;
      }
      const length = lengths[stage]!;
      along /= length;
      const logOther = x * (overlap - 0.5 * x * square);
      this.evaluate(node, places[offset]!, length, logOther, posterior);
      const other = Math.exp(logOther - posterior.logTotal);
      const guided =
        posterior.guided -
        reference.guided[stage]! +
        derivatives[4 * stage]! * delta[0]! +
        derivatives[4 * stage + 2]! * along;
      const pull =
        posterior.pull -
        reference.pull[stage]! +
        derivatives[4 * stage + 1]! * delta[0]! +
        derivatives[4 * stage + 3]! * along;
      const factor = -w * gain;
      const stay = reference.pull[stage]!;
      for (let i = 0; i < d; i++) {
        target[i] = target[i]! + factor * (other * mu[i]! + pull * places[offset + i]! + stay * delta[i]!);
      }
      target[0] = target[0]! + factor * guided * root;
    };
    this.grid.steps.forEach((step, n) => {
      target.fill(0);
      addTarget(2 * n, tangent, step.beginW, 1);
      const all = step.beginGain + step.endGain;
      for (let i = 0; i < d; i++) {
        ahead[i] = step.decay * tangent[i]! + all * target[i]!;
        tangent[i] = step.decay * tangent[i]! + step.beginGain * target[i]!;
      }
      target.fill(0);
      addTarget(2 * n + 1, ahead, step.endW, step.endGain);
      for (let i = 0; i < d; i++) tangent[i] = tangent[i]! + target[i]!;
    });
    const end = this.grid.nodes[this.grid.nodes.length - 1]!;
    const { end: y } = reference;
    out.m = tangent[0]! / (end * root);
    out.v = (2 * (dot(y, tangent) - y[0]! * tangent[0]!)) / (end * end * (d - 1));
  }
}

export function dot(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i]! * q[i]!;
  return sum;
}
