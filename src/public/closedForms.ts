/**
 * Closed forms of the theory, which share no code with the solver: before the transition ({@link overlapRatio},
 * {@link varianceRatio}), at it ({@link classRateAtTransition}, {@link speciationTime}, {@link closedFormCriticalClassRate}), at the
 * data ({@link finalState}, {@link infiniteClasses}), at small rates ({@link smallAlphaMeanShift}), for schedules
 * ({@link scheduledOverlap}), classes in bands and in levels ({@link bandsFinalState}, {@link levelsFinalState}), two Gaussians ({@link guidedGaussian}) and classifiers of a temperature ({@link neutralTemperature}).
 */

export { overlapRatio, varianceRatio } from '../closedForms/beforeTransition.ts';
export {
  classRateAtTransition,
  criticalClassRate as closedFormCriticalClassRate,
  speciationTime,
  transitionRatio,
} from '../closedForms/transition.ts';
export { complexity } from '../closedForms/complexity.ts';
export { finalState, infiniteClasses, type FinalState } from '../closedForms/afterTransition.ts';
export {
  smallAlphaMeanShift,
  smallAlphaParallelVariance,
  smallAlphaShare,
  smallAlphaVarianceShift,
} from '../closedForms/smallAlpha.ts';
export { bandsFinalState, type BandsFinalState, type ClosedBand } from '../closedForms/bands.ts';
export { levelsFinalState, type ClosedLevel, type LevelsFinalState } from '../closedForms/levels.ts';
export { guidedGaussian } from '../closedForms/commuting.ts';
export { scheduledOverlap, scheduledVarianceRatio } from '../closedForms/scheduled.ts';
export {
  neutralTransition,
  type GuidanceLevels,
  type NeutralDecision,
  type NeutralStep,
  type NeutralTransition,
} from '../closedForms/neutralWindow.ts';
export {
  effectiveGuidanceSlopes,
  miscalibratedOverlapRatio,
  miscalibratedVarianceRatio,
  neutralTemperature,
} from '../closedForms/miscalibrated.ts';
