import { contractionThreshold, instabilityThreshold } from '../../../fewClass/splitting/instability.ts';
import type { SplittingProblem } from '../../../fewClass/splitting/record.ts';
import {
  splittingThresholds,
  type SplittingThreshold,
  type SplittingThresholds,
} from '../../../fewClass/splitting/threshold.ts';
import { show, table } from '../../output.ts';

/** Strengths at which the class becomes unstable and splits at one step size; null for those that were not asked for or do not exist. */
export interface SplitThresholds extends SplittingThresholds {
  readonly stepSize: number;
}

/** All thresholds of a step size. @param isLocated whether those that need runs of the sampler are found too */
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

/** The thresholds with the brackets of those that were located. */
export function thresholdsText(thresholds: readonly SplitThresholds[]): string {
  const located = (one: SplittingThreshold | null) =>
    one === null ? '-' : `${show(one.w, 4)} in [${show(one.bracket[0], 5)}, ${show(one.bracket[1], 5)}]`;
  return table([
    ['step', 'no split below w', 'linear instability', 'first split', 'visible split', 'centre thrown out'],
    ...thresholds.map(({ stepSize, contraction, instability, first, visible, certain }) => [
      show(stepSize, 4),
      show(contraction.w, 5),
      `${show(instability.w, 5)} at t = ${show(instability.time, 3)}`,
      located(first),
      located(visible),
      located(certain),
    ]),
  ]);
}
