import { contractionThreshold, instabilityThreshold } from '../../../fewClass/splitting/instability.ts';
import type { SplittingProblem } from '../../../fewClass/splitting/record.ts';
import {
  splittingThresholds,
  type SplittingThreshold,
  type SplittingThresholds,
} from '../../../fewClass/splitting/threshold.ts';
import { show, table } from '../../output.ts';

/** Strengths at which the class becomes unstable and splits at one step size; null for those not requested or nonexistent. */
export interface SplitThresholds extends SplittingThresholds {
  readonly stepSize: number;
}

/** All thresholds of a step size. @param isLocated true to find also those that need runs of the sampler */
export function splitThresholds(
  problem: SplittingProblem,
  stepSize: number,
  isLocated: boolean,
): SplitThresholds {
  if (isLocated) return { stepSize, ...splittingThresholds(problem, stepSize) };
  return {
    stepSize,
    contraction: contractionThreshold(problem, stepSize),
    instability: instabilityThreshold(problem, stepSize),
    first: null,
    visible: null,
    certain: null,
  };
}

/** Table of the thresholds and a separate one of the located brackets: each fits in 80 columns. */
export function thresholdsText(thresholds: readonly SplitThresholds[]): string {
  const bracket = (one: SplittingThreshold | null) =>
    one === null ? '-' : `[${one.bracket.map((w) => show(w, 5)).join(', ')}]`;
  const isLocated = thresholds.some(({ first, visible, certain }) => first ?? visible ?? certain);
  const everywhere = table([
    ['step', 'no split below w', 'linear instability'],
    ...thresholds.map(({ stepSize, contraction, instability }) => [
      show(stepSize, 4),
      show(contraction.w, 5),
      `${show(instability.w, 5)} at t = ${show(instability.time, 3)}`,
    ]),
  ]);
  if (!isLocated) return everywhere;
  const located = table([
    ['step', 'first split, w in', 'visible split, w in', 'centre thrown out, w in'],
    ...thresholds.map(({ stepSize, first, visible, certain }) => [
      show(stepSize, 4),
      bracket(first),
      bracket(visible),
      bracket(certain),
    ]),
  ]);
  return `${everywhere}\n\n${located}`;
}
