import { emptyInvariants, type FormRule, type GuidanceTarget } from '../../guidance/forms/rule.ts';
import type { MiscalibratedClassifier } from '../../classifier/calibration.ts';
import { logistic } from '../../numerics/logSumExp.ts';
import { logClassCount, type ParticleProblem } from '../problem/problem.ts';
import type { ResolvedProblem } from '../problem/resolved.ts';
import { annealedPosterior, type AnnealedPosterior } from './annealedClasses.ts';

/** Target of a reduced particle: G = overlap mu_c + pull y_orthogonal. */
export interface ReducedTarget {
  overlap: number;
  pull: number;
}

/**
 * Evaluates the target of a guidance form at a point.
 * @param posterior updated at that point
 */
export type ReducedGuidance = (
  posterior: AnnealedPosterior,
  M: number,
  S: number,
  variance: number,
  w: number,
  out: ReducedTarget,
) => void;

/** The guidance of a problem for reduced particles; null for linear guidance by the true classifier, which {@link reducedStep} knows itself. */
export function reducedGuidance(
  { problem, rule }: ResolvedProblem,
  guidedNorm: number,
): ReducedGuidance | null {
  if (problem.classifier !== undefined) return guidanceOfClassifier(problem.classifier, problem, guidedNorm);
  if (rule === null) return null;
  return guidanceOfRule(rule, problem, guidedNorm);
}

/** The classifier's own posterior of the averaged classes: that of the variance T Gamma, with the bias (eq. classifier-target). */
export function classifierPosterior(
  { temperature, bias }: MiscalibratedClassifier,
  problem: ParticleProblem,
  guidedNorm: number,
): AnnealedPosterior {
  const { ensemble, dimension } = problem;
  const inner = annealedPosterior(ensemble, dimension, logClassCount(problem), guidedNorm, bias * dimension);
  return {
    ...inner,
    update(M, orthogonal, variance) {
      inner.update.call(this, M, orthogonal, temperature * variance);
    },
  };
}

/** eq. classifier-target with mubar = p mu_c + attraction y, once for the mixture and once for the classifier. */
function guidanceOfClassifier(
  classifier: MiscalibratedClassifier,
  problem: ParticleProblem,
  guidedNorm: number,
): ReducedGuidance {
  const own = classifierPosterior(classifier, problem, guidedNorm);
  return (posterior, M, S, variance, w, out) => {
    own.update(M, S, variance);
    const strength = (1 + w) / classifier.temperature;
    const doubt = logistic(own.logOddsAgainst);
    out.overlap = posterior.guidedWeight + posterior.attraction * M + strength * (doubt - own.attraction * M);
    out.pull = posterior.attraction - strength * own.attraction;
  };
}

/** eqs. form-target and form-invariants with mubar = p mu_c + attraction y (annealedClasses.ts). */
function guidanceOfRule(rule: FormRule, problem: ParticleProblem, guidedNorm: number): ReducedGuidance {
  const { dimension, ensemble } = problem;
  const logClasses = logClassCount(problem);
  const norm = guidedNorm / dimension;
  const wider = rule.shift === 0 ? null : annealedPosterior(ensemble, dimension, logClasses, guidedNorm);
  const at = emptyInvariants();
  const target: GuidanceTarget = { centre: 1, guidance: 0, state: 0 };
  return (posterior, M, S, variance, w, out) => {
    wider?.update(M, S, variance + rule.shift);
    const { attraction, logOddsAgainst } = wider ?? posterior;
    const share = logistic(logOddsAgainst);
    const p = logistic(-logOddsAgainst);
    at.centre = norm;
    at.overlap = norm * M;
    at.square = norm * M * M + S / dimension;
    at.differenceCentre = norm * (share - attraction * M);
    at.differenceState = share * at.overlap - attraction * at.square;
    at.difference = share * at.differenceCentre - attraction * at.differenceState;
    at.mean = p * p * norm + 2 * p * attraction * at.overlap + attraction * attraction * at.square;
    at.differenceMean = p * at.differenceCentre + attraction * at.differenceState;
    if (rule.usesInformation) {
      // log p_c without underflow: p_c = 1/(1 + e^odds).
      const top = Math.max(0, logOddsAgainst);
      const logWeight = -top - Math.log1p(Math.exp(-Math.abs(logOddsAgainst)));
      at.information = (logWeight + logClasses) / dimension;
    }
    rule.target(at, variance, w, target);
    out.overlap = target.centre + target.guidance * (share - attraction * M) + target.state * M;
    out.pull = target.state - target.guidance * attraction;
  };
}
