import { ParameterError, requirePositive } from '../numerics/checks.ts';
import { Trials } from './candidate.ts';
import type { DesignResult } from './design.ts';
import { judgedErrors } from './displaced.ts';
import { scheduleOutcome } from './outcome.ts';
import { mostSeparated } from './pareto.ts';
import { readDesignProblem, resolveDesignOptions, type DesignOptions, type DesignInput } from './problem.ts';
import { robustnessOf } from './robustness.ts';

/**
 * The schedule to put in the place of constant guidance: the one of largest v/sigma2 that separates the class as well, with at least
 * the overlap m of the constant. It is looked for among the two-level schedules with levels in the limits, on the front of separation
 * against diversity, to the tolerance of the options in v/sigma2. Where the front reaches that m without any loss, v = sigma2; else what it
 * keeps of the variance shows what the constant wastes.
 * @param w the constant, > 0 and at most `limits.largest`: the farther below it, the more is regained
 * @returns a result as of `designSchedule`, reached if v/sigma2 comes out above that of the constant
 * @throws ParameterError for an inadmissible problem or option, or a w that condenses the competing classes
 * @example
 * const problem = { alpha: 0.45, sigma2: 0.3 };
 * replaceConstant(problem, 2, { limits: { least: -1, largest: 4, complexity: 0.002 } }).best.varianceRatio; // 0.93; the constant: 0.59
 */
export function replaceConstant(
  problem: DesignInput,
  w: number,
  options: Partial<DesignOptions> = {},
): DesignResult {
  const physics = readDesignProblem(problem);
  requirePositive('w', w);
  const resolved = resolveDesignOptions(options);
  const { limits, tolerance } = resolved;
  if (w > limits.largest)
    throw new ParameterError('limits.largest', `at least the constant w = ${w}`, limits.largest);
  const constant = scheduleOutcome(physics, { schedule: String(w), clock: 't' });
  if (constant.m === null || constant.varianceRatio === null) {
    const condition = 'a constant guidance that leaves the competing classes uncondensed';
    throw new ParameterError('w', condition, w, 'use a smaller one');
  }
  const target = { overlap: constant.m, decision: null };
  const trials = new Trials(physics);
  const atLoss = (loss: number) => {
    const design = mostSeparated(trials, target, limits, Math.log1p(-loss), 'overlap');
    return (design?.m ?? -Infinity) >= target.overlap ? design : null;
  };
  let best = atLoss(0);
  // The front rises with the loss: between none, and that of the constant itself.
  let [low, high] = best === null ? [0, 1 - constant.varianceRatio] : [0, 0];
  while (high - low > tolerance) {
    const middle = 0.5 * (low + high);
    const found = atLoss(middle);
    if (found === null) low = middle;
    else [best, high] = [found, middle];
  }
  const asConstant = {
    schedule: { schedule: String(w), clock: 't' },
    parameters: { w },
    ...constant,
    margin: constant.minComplexity === null ? null : constant.minComplexity - limits.complexity,
  } as const;
  const chosen = best ?? asConstant;
  return {
    best: chosen,
    reached: best !== null,
    unmet: best === null ? ['no schedule within the limits keeps more of the variance'] : [],
    target,
    evaluations: trials.count,
    robustness: robustnessOf(physics, chosen.schedule, judgedErrors(physics, resolved)),
    replaced: constant,
    closedForm: null,
  };
}
