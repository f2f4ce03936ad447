import { ParameterError, requireChoice } from '../../numerics/checks.ts';
import { checkFewClassProblem, type FewClassProblem } from '../problem.ts';
import { stepRules, type StepRule } from '../../sampler/linear.ts';
import { checkSplittingProblem, type SplittingProblem } from './record.ts';

// Relative to the distance of the centres or to the variance: rounding of coordinates such as sqrt3.
const tolerance = 1e-9;

/**
 * The line through three centres of a mixture in any dimension (eq. split-reduction). The guided class c lies in the middle of
 * the other two; e is the unit vector along them and an eigenvector of the shared covariance. The posterior then depends on e.x
 * alone and guidance w (mu_c - mubar) is along e: the coordinate e.x is a problem by itself, with variance e.Sigma e, and all others
 * run as without guidance. Exact for continuous dynamics and for every step rule.
 * @param rule step rule; the sampler's noise level comes with the problem
 * @throws ParameterError if the mixture is of another kind
 */
export function splittingProblemOf(problem: FewClassProblem, rule: StepRule): SplittingProblem {
  checkFewClassProblem(problem);
  requireChoice('rule', rule, stepRules);
  const { mixture, guidedClass, process, startTime, sampler } = problem;
  const { dimension, centres, weights } = mixture;
  if (mixture.classes !== 3)
    throw new ParameterError('mixture', 'three classes for splitting', mixture.classes);
  if (!mixture.shared)
    throw new ParameterError('mixture', 'a mixture with a shared covariance for splitting', 'one per class');
  const [left, right] = [0, 1, 2].filter((k) => k !== guidedClass) as [number, number];
  const centre = (k: number) => centres.subarray(k * dimension, (k + 1) * dimension);
  const middle = centre(guidedClass);
  const along = centre(right).map((value, i) => 0.5 * (value - centre(left)[i]!));
  const distance = Math.hypot(...along);
  const offset = Math.hypot(
    ...middle.map((value, i) => value - 0.5 * (centre(left)[i]! + centre(right)[i]!)),
  );
  if (offset > tolerance * distance)
    throw new ParameterError('guidedClass', 'the class half-way between the two others', guidedClass);
  const unit = along.map((value) => value / distance);
  if (Math.abs(dot(unit, middle)) > tolerance * distance) {
    const remedy = 'move the mixture along the line of its centres';
    throw new ParameterError(
      'centres',
      'such that the guided one is 0 along their line',
      dot(unit, middle),
      remedy,
    );
  }
  const covariance = mixture.covariances[0]!;
  const image = unit.map((_, i) => dot(covariance.subarray(i * dimension, (i + 1) * dimension), unit));
  const variance = dot(unit, image);
  const across = Math.hypot(...image.map((value, i) => value - variance * unit[i]!));
  if (across > tolerance * variance) {
    throw new ParameterError(
      'covariance',
      'one with an axis along the line of the centres',
      across / variance,
    );
  }
  const outer = weights[left]!;
  const reduced: SplittingProblem = {
    distance,
    variance,
    startTime,
    rule,
    weights: [outer, weights[guidedClass]!, weights[right]!],
    process,
    eta: sampler.eta,
  };
  checkSplittingProblem(reduced);
  return reduced;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
