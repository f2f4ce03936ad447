import { ParameterError } from '../../numerics/checks.ts';
import { discreteTimes } from '../discrete.ts';
import { stepCoefficients } from '../../sampler/linear.ts';
import { requireFlow } from '../density/standardForm.ts';
import type { Discretization, FewClassProblem } from '../problem.ts';

/**
 * Strength w up to which the discretised sampler with eta = 0 is proved to leave no more entropy than at w = 0 (our derivation; a
 * sufficient condition). With a shared covariance a step has the Jacobian M - w B Cov_p(s), M = A - B P, and
 *   |det(M - w B Cov)| <= det M  if  w B lambda_max(M^(-1/2) Cov M^(-1/2)) <= 2   (eq. entropy-step-condition);
 * the covariance of the K vectors P a mu_j under any weights is at most max_jk |a M^(-1/2) P (mu_j - mu_k)|^2/4 in any direction. Where
 * the map folds, the entropy is lower still than the change of variables says. For unit variances, Euler steps h on the
 * Ornstein-Uhlenbeck clock: about 8/(h D^2), D the largest distance of two centres.
 *
 * @returns Infinity for one class (or equal centres); 0 if M is not positive for some step
 * @throws ParameterError if the covariance is not shared, the sampler has noise, or the discretisation is inadmissible
 */
export function entropyLoweringStrength(problem: FewClassProblem, discretization: Discretization): number {
  const times = discreteTimes(problem, discretization);
  requireFlow(problem);
  const { mixture, process } = problem;
  if (!mixture.shared) {
    throw new ParameterError('mixture.shared', 'true: the bound needs one covariance for all classes', false);
  }
  const spectrum = mixture.spectra[0]!;
  const differences = squaredDifferences(problem);
  let strength = Infinity;
  for (let n = 0; n + 1 < times.length; n++) {
    const from = times[n]!;
    const step = stepCoefficients(process, 0, discretization.rule, from, times[n + 1]!);
    const signal = process.signalScale(from);
    let largest = 0;
    for (const difference of differences) {
      let size = 0;
      for (let m = 0; m < difference.length; m++) {
        const variance = signal ** 2 * spectrum.values[m]! + process.noiseVariance(from);
        const own = step.state - step.score / variance;
        if (!(own > 0)) return 0;
        size += (signal ** 2 * difference[m]!) / (variance ** 2 * own);
      }
      largest = Math.max(largest, size);
    }
    if (largest > 0) strength = Math.min(strength, 8 / (step.score * largest));
  }
  return strength;
}

/** Squares of the components of mu_j - mu_k along the axes of the covariance, for every pair. */
function squaredDifferences({ mixture }: FewClassProblem): Float64Array[] {
  const { dimension: d, classes, centres } = mixture;
  const { vectors } = mixture.spectra[0]!;
  const list: Float64Array[] = [];
  for (let j = 0; j < classes; j++) {
    for (let k = 0; k < j; k++) {
      const squares = new Float64Array(d);
      for (let m = 0; m < d; m++) {
        let component = 0;
        for (let i = 0; i < d; i++) {
          component += vectors[i * d + m]! * (centres[j * d + i]! - centres[k * d + i]!);
        }
        squares[m] = component * component;
      }
      list.push(squares);
    }
  }
  return list;
}
