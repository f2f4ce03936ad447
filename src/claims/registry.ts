import { ancestralTailClaim } from './schedules/ancestralTail.ts';
import { annealedArtefactClaim } from './manyClasses/annealedArtefact.ts';
import type { Claim } from './protocol/claim.ts';
import { classDirectionClaim } from './subexponential/classDirection.ts';
import { classifierCounterexampleClaim } from './classifiers/classifierCounterexample.ts';
import { classifierGuidanceErrorClaim } from './classifiers/classifierGuidanceError.ts';
import { classifierPropagationClaim } from './classifiers/classifierPropagation.ts';
import { miscalibratedClassifierClaim } from './classifiers/miscalibratedClassifier.ts';
import { classDirectionSubexponentialClaim } from './subexponential/classDirectionSubexponential.ts';
import { commutingCovariancesClaim } from './manyClasses/commutingCovariances.ts';
import { condensationClaim } from './manyClasses/condensation.ts';
import { criticalRateClaim } from './transition/criticalRate.ts';
import { designedWindowClaim } from './schedules/designedWindow.ts';
import { disorderNoiseClaim } from './manyClasses/disorderNoise.ts';
import { exponentialRegimeClaim } from './manyClasses/exponentialRegime.ts';
import { fewClassConfidenceClaim } from './fewClasses/fewClassConfidence.ts';
import { fewClassEntropyClaim } from './fewClasses/fewClassEntropy.ts';
import { fewClassSplittingClaim } from './fewClasses/fewClassSplitting.ts';
import { guidanceFormsClaim } from './schedules/guidanceForms.ts';
import { infiniteClassesClaim } from './manyClasses/infiniteClasses.ts';
import { negativeWindowClaim } from './schedules/negativeWindow.ts';
import { schedulesShrinkClaim } from './schedules/schedulesShrink.ts';
import { smallRateExponentsClaim } from './subexponential/smallRateExponents.ts';
import { subexponentialDivergenceClaim } from './subexponential/subexponentialDivergence.ts';
import { subexponentialRegimeClaim } from './subexponential/subexponentialRegime.ts';
import { transitionBoundaryClaim } from './transition/transitionBoundary.ts';
import { transitionSharpeningClaim } from './transition/transitionSharpening.ts';
import { twoClassesClaim } from './subexponential/twoClasses.ts';
import { discreteCentresClaim } from './structured/discreteCentres.ts';
import { finerLevelClaim } from './structured/finerLevel.ts';
import { ownCovariancesClaim } from './structured/ownCovariances.ts';
import { spectrumBandsClaim } from './structured/spectrumBands.ts';
import { unguidedBaseClaim } from './manyClasses/unguidedBase.ts';
import { unguidedControlClaim } from './manyClasses/unguidedControl.ts';

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
  ancestralTailClaim,
  designedWindowClaim,
  guidanceFormsClaim,
  commutingCovariancesClaim,
  condensationClaim,
  annealedArtefactClaim,
  disorderNoiseClaim,
  spectrumBandsClaim,
  discreteCentresClaim,
  ownCovariancesClaim,
  finerLevelClaim,
  fewClassConfidenceClaim,
  fewClassEntropyClaim,
  fewClassSplittingClaim,
  classifierGuidanceErrorClaim,
  classifierCounterexampleClaim,
  classifierPropagationClaim,
  miscalibratedClassifierClaim,
];
