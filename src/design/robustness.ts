import type { WrittenSchedule } from '../guidance/written.ts';
import { separationGap, type Candidate, type Trials } from './candidate.ts';
import { displacedError, displacedProblems, errorOf, type ParameterErrors } from './displaced.ts';
import type { RobustnessRow } from './design.ts';
import type { SignFamily, WrittenCandidate } from './families.ts';
import { marginOf, weakestMember, type RatedMember } from './neutral.ts';
import { solveSchedule } from './outcome.ts';
import { nodesCandidate, writeNodes, type Nodes } from './piecewiseLinear.ts';
import {
  readDesignProblem,
  requireErrors,
  type DesignOptions,
  type DesignInput,
  type DesignTarget,
} from './problem.ts';
import { polish } from './search.ts';

/** A schedule, fixed in process time, where alpha and sigma2 are off: the nominal problem first. */
export function robustnessOf(
  problem: DesignInput,
  schedule: WrittenSchedule,
  errors: ParameterErrors,
): RobustnessRow[] {
  const physics = readDesignProblem(problem);
  requireErrors('errors', errors);
  return displacedProblems(physics, errors).map((moved) => {
    const { distortion, final, phase, minComplexity } = solveSchedule({ ...physics, ...moved }, schedule);
    return {
      ...moved,
      varianceRatio: distortion === null ? null : distortion.varianceRatio,
      m: final === null ? null : final.m,
      phase,
      minComplexity,
    };
  });
}

// Weight of a miss of the target or the limits, relative to an error of v.
const missWeight = 1e4;
const mostEvaluations = 300;

/** Largest |v/sigma2 - 1| with errors and without, with penalties for the nominal target, limits and tolerance. */
function worstCase(
  trials: Trials,
  target: DesignTarget,
  options: DesignOptions,
  errors: ParameterErrors,
): (candidate: Candidate) => number {
  return (candidate) => {
    const nominal = trials.run(candidate);
    const own = errorOf(nominal);
    if (nominal.logRatio === null) return Infinity;
    const miss =
      Math.max(0, 2e-5 - separationGap(nominal, target)) +
      Math.max(0, 2e-5 - marginOf(nominal, options.limits)) +
      Math.max(0, own - 0.9 * options.tolerance);
    return Math.max(own, displacedError(trials, candidate, errors)) + missWeight * miss;
  };
}

/**
 * Minimax design: the member of a family of smallest worst-case |v/sigma2 - 1| over the rectangle of errors, with the
 * nominal target, limits and tolerance kept. From neutral members over the starts of the free parameters, then by a
 * simplex in all parameters.
 */
export function robustMember(
  nominal: RatedMember,
  family: SignFamily,
  trials: Trials,
  target: DesignTarget,
  options: DesignOptions,
  errors: ParameterErrors,
): WrittenCandidate {
  const { limits, tolerance } = options;
  const worst = worstCase(trials, target, options, errors);
  let best: readonly number[] = [nominal.strength, nominal.turn, ...nominal.free];
  let bestValue = Infinity;
  const value = (position: readonly number[]): number => {
    const [strength, turn, ...free] = position;
    const admissible =
      strength! > 0 &&
      strength! <= limits.largest &&
      free.every((part) => part > 0 && part <= 1) &&
      turn! < family.latestTurn(free);
    if (!admissible) return Infinity;
    const found = worst(family.build(strength!, turn!, free));
    if (found < bestValue) {
      best = position;
      bestValue = found;
    }
    return found;
  };
  value(best);
  for (const free of family.starts) {
    const member = weakestMember(family, trials, target, limits, free, tolerance);
    if (member !== null) value([member.strength, member.turn, ...member.free]);
  }
  for (let round = 0; round < 2 && bestValue < Infinity; round++) {
    const [strength, , ...free] = best;
    const steps = [-0.1 * strength!, 0.05, ...free.map((part) => (part > 0.5 ? -0.1 : 0.1))];
    polish(value, best, steps, mostEvaluations);
  }
  const [strength, turn, ...free] = best;
  return family.write(strength!, turn!, free);
}

/** Robust piecewise-linear schedule, from a nominal design. */
export function robustNodes(
  start: Nodes,
  trials: Trials,
  target: DesignTarget,
  options: DesignOptions,
  errors: ParameterErrors,
): WrittenCandidate {
  const { least, largest } = options.limits;
  const worst = worstCase(trials, target, options, errors);
  let best = start.values;
  let bestValue = Infinity;
  const value = (values: readonly number[]): number => {
    if (values.some((w) => w < least || w > largest)) return Infinity;
    const found = worst(nodesCandidate({ times: start.times, values }, trials.problem));
    if (found < bestValue) {
      best = values;
      bestValue = found;
    }
    return found;
  };
  value(start.values);
  for (let round = 0; round < 2 && bestValue < Infinity; round++) {
    polish(
      value,
      best,
      best.map((w) => (w > 0 ? -0.1 : 0.1)),
      mostEvaluations,
    );
  }
  return writeNodes({ times: start.times, values: best });
}
