import { disorderCorrection, type DisorderCorrection } from '../../meanfield/disorder/correction.ts';
import type { Effort, SimulationRequest } from '../protocol/claim.ts';
import { problemOf, requestOf } from '../protocol/requests.ts';
import type { SamplerName } from '../../guidance/sampler.ts';

/** A point at strong guidance, and what the annealed average does there (checked against the solver by the claim). */
export interface ArtefactPoint {
  readonly alpha: number;
  readonly w: number;
  readonly sampler: SamplerName;
  /** 1 - v(annealed)/v(quenched). */
  readonly varianceLoss: number;
  /** m(quenched) - m(annealed). */
  readonly overlapLoss: number;
}

const strong: readonly ArtefactPoint[] = [
  { alpha: 0.3, w: 16, sampler: 'ode', varianceLoss: 0.345, overlapLoss: 0.138 },
  { alpha: 0.4, w: 12, sampler: 'ode', varianceLoss: 0.417, overlapLoss: 0.163 },
  { alpha: 0.5, w: 8, sampler: 'ode', varianceLoss: 0.288, overlapLoss: 0.094 },
];

const plans = {
  quick: { points: strong.slice(0, 1), logClasses: [6, 8], full: [48, 24], averaged: [50, 16] },
  default: { points: strong, logClasses: [6, 8, 10, 11], full: [48, 48], averaged: [100, 16] },
  thorough: { points: strong, logClasses: [6, 8, 10, 11, 12.5], full: [64, 128], averaged: [500, 32] },
} as const satisfies Record<Effort, unknown>;

/** Dimensions of the reduced simulation; its steps resolve the sliding, 1/(d s). */
export const averagedDimensions = [50, 100, 200];
const averagedSteps = 400;

/** The points of an effort. */
export function artefactPoints(effort: Effort): readonly ArtefactPoint[] {
  return plans[effort].points;
}

/** All simulations of an effort. */
export function artefactRequests(effort: Effort): Record<string, SimulationRequest> {
  return Object.fromEntries(
    plans[effort].points.flatMap((point) => [
      ...fullDimensions(point, effort).map((d) => requestAt(point, 'full', d, effort)),
      ...averagedDimensions.map((d) => requestAt(point, 'reduced', d, effort)),
    ]),
  );
}

/** Dimensions of the full simulation. */
export function fullDimensions({ alpha }: ArtefactPoint, effort: Effort): number[] {
  return plans[effort].logClasses.map((size) => Math.round(size / alpha));
}

/** Name of a simulation. */
export function runName({ alpha, w }: ArtefactPoint, mode: 'full' | 'reduced', d: number): string {
  return `${mode} alpha=${alpha} w=${w} d=${d}`;
}

/** Name of a point for labels. */
export function titleOf({ alpha, w }: ArtefactPoint): string {
  return `α = ${alpha}, w = ${w}`;
}

/** Realisations of a run. The largest dimension is judged and has twice as many as the others, which are drawn. */
export function realizationsOf(
  point: ArtefactPoint,
  mode: 'full' | 'reduced',
  d: number,
  effort: Effort,
): number {
  if (mode === 'reduced') return plans[effort].averaged[1];
  return plans[effort].full[1] * (d === fullDimensions(point, effort).at(-1) ? 2 : 1);
}

function requestAt(
  point: ArtefactPoint,
  mode: 'full' | 'reduced',
  d: number,
  effort: Effort,
): [string, SimulationRequest] {
  const { alpha, w: guidance, sampler } = point;
  const [particles] = plans[effort][mode === 'full' ? 'full' : 'averaged'];
  const realizations = realizationsOf(point, mode, d, effort);
  const steps = mode === 'full' ? 20 : averagedSteps;
  const request = requestOf({ mode, d, alpha, guidance, sampler }, { particles, realizations, steps });
  return [runName(point, mode, d), request];
}

const corrections = new Map<string, DisorderCorrection>();

/** Disorder correction at a point, half a second each: remembered. */
export function correctionAt(point: ArtefactPoint, d: number): DisorderCorrection {
  const key = `${point.alpha} ${point.w} ${d}`;
  const known = corrections.get(key) ?? disorderCorrection(problemOf({ ...point, guidance: point.w }), d);
  corrections.set(key, known);
  return known;
}
