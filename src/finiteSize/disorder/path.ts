import type { Bath } from './bath.ts';

/** Points at which a path is evaluated: ends and middles of steps in x = 1/sqrt(Gamma). */
export interface FlowGrid {
  /** x ascending, from the start to 1/sigma: beginning of step n at 2 n, its middle at 2 n + 1. */
  readonly nodes: Float64Array;
  /** Guidance coefficient w at the beginning, the middle and the end of each step, from inside it. */
  readonly w: Float64Array;
  readonly steps: number;
}

/** A vector by its components along mu_c, along the rest of the particle's start, and along what is left of the explicit class. */
export type Components = [guided: number, own: number, other: number];

/** Posterior mean at a point, with its normalisation. */
export interface PosteriorMean {
  /** mubar. */
  readonly mean: Components;
  /** Log of the sum of all weights e^(x Y.mu - x^2 |mu|^2/2). */
  logTotal: number;
}

/** log(e^p + e^q). */
export function logAdd(p: number, q: number): number {
  const largest = Math.max(p, q);
  return largest === -Infinity ? largest : largest + Math.log1p(Math.exp(-Math.abs(p - q)));
}

/** Posterior mean of the centre at Y (eq. bath-weight), with or without an explicit competing class. */
export function posteriorMean(
  bath: Bath,
  grid: FlowGrid,
  node: number,
  dimension: number,
  place: Readonly<Components>,
  explicit: Readonly<Components> | null,
  out: PosteriorMean,
): void {
  const x = grid.nodes[node]!;
  const root = Math.sqrt(dimension);
  const [c, y, z] = place;
  const logGuided = x * (c * root - 0.5 * x * dimension);
  let logOther = -Infinity;
  let logExplicit = logGuided;
  if (explicit !== null) {
    const [a, b, r] = explicit;
    logOther = x * (c * a + y * b + z * r - 0.5 * x * (a * a + b * b + r * r));
    logExplicit = logAdd(logGuided, logOther);
  }
  bath.evaluate(node, Math.sqrt(c * c + y * y + z * z), logExplicit, explicit !== null);
  out.logTotal = logAdd(logExplicit, bath.logWeight);
  const guided = Math.exp(logGuided - out.logTotal);
  const pull = Math.exp(bath.logWeight - out.logTotal) * bath.attraction * x;
  const { mean } = out;
  mean[0] = guided * root + pull * c;
  mean[1] = pull * y;
  mean[2] = pull * z;
  if (explicit !== null) {
    const other = Math.exp(logOther - out.logTotal);
    mean[0] += other * explicit[0];
    mean[1] += other * explicit[1];
    mean[2] += other * explicit[2];
  }
}

/** Order parameters of one particle at the data. */
export interface Outcome {
  /** Overlap y.mu_c/d. */
  m: number;
  /** |y_perp|^2/(d - 1). */
  v: number;
}

/** Stages of a path without an explicit class, four per step. */
export interface RecordedPath {
  /** Components of Y along mu_c and along the rest of the start, two per stage. */
  readonly places: Float64Array;
  /** mubar in the same components. */
  readonly means: Float64Array;
  readonly logTotals: Float64Array;
  /** Index of each stage in grid.nodes. */
  readonly nodes: Int32Array;
}

/** Room for the stages of a grid. */
export function emptyRecord(grid: FlowGrid): RecordedPath {
  const stages = 4 * grid.steps;
  return {
    places: new Float64Array(2 * stages),
    means: new Float64Array(2 * stages),
    logTotals: new Float64Array(stages),
    nodes: Int32Array.from({ length: stages }, (_, stage) => stageNode(stage)),
  };
}

/** Index of a stage in grid.nodes: beginning, middle, middle, end of its step. */
function stageNode(stage: number): number {
  return 2 * (stage >> 2) + (((stage & 3) + 1) >> 1);
}

/** Length of the part of the step over which the stage before is carried to a stage, and a stage's weight in the step. */
export const stageReach = [0, 0.5, 0.5, 1] as const;
export const stageWeight = [1 / 6, 1 / 3, 1 / 3, 1 / 6] as const;

/** Guidance coefficient at a stage. */
export function stageCoefficient(grid: FlowGrid, stage: number): number {
  return grid.w[3 * (stage >> 2) + (((stage & 3) + 1) >> 1)]!;
}

const posterior: PosteriorMean = { mean: [0, 0, 0], logTotal: 0 };
const begin: Components = [0, 0, 0];
const sum: Components = [0, 0, 0];
const at: Components = [0, 0, 0];

/**
 * Carries a particle of the probability-flow ODE from the start to the data (eq. disorder-flow),
 *   dY/dx = G = (1 + w) mu_c - w mubar(Y),   Y = x y,
 * by the classical Runge-Kutta rule of fourth order on a fixed grid.
 * @param start components of Y along mu_c and across it at the first node
 * @param explicit a competing class that is explicit, or null
 * @param record receives the stages
 * @param beforeNode called before the first evaluation at a node, with |Y| there
 */
export function followPath(
  bath: Bath,
  grid: FlowGrid,
  dimension: number,
  start: readonly [number, number],
  explicit: Readonly<Components> | null,
  out: Outcome,
  record: RecordedPath | null = null,
  beforeNode?: (length: number) => void,
): void {
  const { nodes } = grid;
  const root = Math.sqrt(dimension);
  const { mean } = posterior;
  begin[0] = start[0];
  begin[1] = start[1];
  begin[2] = 0;
  let known = -1;
  for (let stage = 0; stage < 4 * grid.steps; stage++) {
    const phase = stage & 3;
    const node = stageNode(stage);
    const first = node - ((phase + 1) >> 1);
    const h = nodes[first + 2]! - nodes[first]!;
    if (phase === 0) for (let i = 0; i < 3; i++) at[i] = sum[i] = begin[i]!;
    if (node > known) {
      beforeNode?.(Math.sqrt(at[0] * at[0] + at[1] * at[1] + at[2] * at[2]));
      known = node;
    }
    posteriorMean(bath, grid, node, dimension, at, explicit, posterior);
    if (record !== null) {
      record.places[2 * stage] = at[0];
      record.places[2 * stage + 1] = at[1];
      record.means[2 * stage] = mean[0];
      record.means[2 * stage + 1] = mean[1];
      record.logTotals[stage] = posterior.logTotal;
    }
    const w = stageCoefficient(grid, stage);
    const next = phase === 3 ? 0 : h * stageReach[phase + 1]!;
    const weight = h * stageWeight[phase]!;
    for (let i = 0; i < 3; i++) {
      const target = (i === 0 ? (1 + w) * root : 0) - w * mean[i]!;
      sum[i] = sum[i]! + weight * target;
      at[i] = begin[i]! + next * target;
    }
    if (phase === 3) for (let i = 0; i < 3; i++) begin[i] = sum[i]!;
  }
  const end = nodes[nodes.length - 1]!;
  out.m = begin[0] / (end * root);
  out.v = (begin[1] * begin[1] + begin[2] * begin[2]) / (end * end * (dimension - 1));
}
