import { annealedArtefactClaim } from './annealedArtefact.ts';
import type { Claim } from './claim.ts';
import { classDirectionClaim } from './classDirection.ts';
import { classifierCounterexampleClaim } from './classifierCounterexample.ts';
import { classifierGuidanceErrorClaim } from './classifierGuidanceError.ts';
import { classifierPropagationClaim } from './classifierPropagation.ts';
import { miscalibratedClassifierClaim } from './miscalibratedClassifier.ts';
import { classDirectionSubexponentialClaim } from './classDirectionSubexponential.ts';
import { commutingCovariancesClaim } from './commutingCovariances.ts';
import { condensationClaim } from './condensation.ts';
import { criticalRateClaim } from './criticalRate.ts';
import { designedWindowClaim } from './designedWindow.ts';
import { disorderNoiseClaim } from './disorderNoise.ts';
import { exponentialRegimeClaim } from './exponentialRegime.ts';
import { fewClassConfidenceClaim } from './fewClassConfidence.ts';
import { fewClassEntropyClaim } from './fewClassEntropy.ts';
import { fewClassSplittingClaim } from './fewClassSplitting.ts';
import { guidanceFormsClaim } from './guidanceForms.ts';
import { infiniteClassesClaim } from './infiniteClasses.ts';
import { negativeWindowClaim } from './negativeWindow.ts';
import { schedulesShrinkClaim } from './schedulesShrink.ts';
import { smallRateExponentsClaim } from './smallRateExponents.ts';
import { subexponentialDivergenceClaim } from './subexponentialDivergence.ts';
import { subexponentialRegimeClaim } from './subexponentialRegime.ts';
import { transitionBoundaryClaim } from './transitionBoundary.ts';
import { transitionSharpeningClaim } from './transitionSharpening.ts';
import { twoClassesClaim } from './twoClasses.ts';
import { unguidedBaseClaim } from './unguidedBase.ts';
import { unguidedControlClaim } from './unguidedControl.ts';

/** All claims, in the order in which they are told. */
export const claims: readonly Claim[] = [
  unguidedControlClaim,
  unguidedBaseClaim,
  exponentialRegimeClaim,
  infiniteClassesClaim,
  transitionBoundaryClaim,
  criticalRateClaim,
  transitionSharpeningClaim,
  subexponentialRegimeClaim,
  smallRateExponentsClaim,
  subexponentialDivergenceClaim,
  twoClassesClaim,
  classDirectionClaim,
  classDirectionSubexponentialClaim,
  schedulesShrinkClaim,
  negativeWindowClaim,
  designedWindowClaim,
  guidanceFormsClaim,
  commutingCovariancesClaim,
  condensationClaim,
  annealedArtefactClaim,
  disorderNoiseClaim,
  fewClassConfidenceClaim,
  fewClassEntropyClaim,
  fewClassSplittingClaim,
  classifierGuidanceErrorClaim,
  classifierCounterexampleClaim,
  classifierPropagationClaim,
  miscalibratedClassifierClaim,
];
