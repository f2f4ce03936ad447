/**
 * Guidance by classifiers, exact ({@link exactClassifier}), perturbed ({@link temperatureClassifier}, {@link rippledClassifier}) and
 * trained ({@link trainClassifier}): errors of classifier and guidance ({@link measureClassifier}, {@link studyFamilies}), of the output
 * ({@link outputErrors}), and mis-calibrated classifiers in the limit of many classes ({@link solveMiscalibrated}).
 */

export type { Classifier, ClassifierMoment } from '../classifier/classifier.ts';
export { classifierGuidedScore, exactClassifier, type GuidedScore } from '../classifier/exact.ts';
export { biasedClassifier, temperatureClassifier, type LogitTerm } from '../classifier/perturbations.ts';
export type { FourierOptions, Wave } from '../classifier/fourier.ts';
export {
  predictRipple,
  rippleFor,
  rippledClassifier,
  type Ripple,
  type RipplePrediction,
  type RippleTarget,
} from '../classifier/counterexample.ts';
export type { InequalitySides, KlBound } from '../classifier/bound.ts';
export { samplePoints, type Points } from '../classifier/points.ts';
export { measureClassifier, type ClassifierError, type MeasureOptions } from '../classifier/measure.ts';
export {
  trainClassifier,
  type LossRow,
  type Training,
  type TrainingOptions,
} from '../classifier/training/train.ts';
export type { TrainedModel } from '../classifier/training/trainedClassifier.ts';
export type { ClassifierFamily, FamilyName, FamilyOptions } from '../classifier/study/families.ts';
export { randomClasses, type RandomClasses } from '../classifier/study/randomClasses.ts';
export { studyDefaults, type StudyOptions, type StudyProblem } from '../classifier/study/noiseLevel.ts';
export {
  studyFamilies,
  type Study,
  type StudyRow,
  type StudySlope,
  type Sweep,
} from '../classifier/study/study.ts';
export type { FamilySlope, Slope } from '../classifier/study/slope.ts';
export {
  rippleLine,
  studyRipples,
  type RippleLine,
  type RippleRequest,
  type RippleRow,
} from '../classifier/study/rippleStudy.ts';
export type { SamplingProblem } from '../classifier/sampling/problem.ts';
export {
  outputErrors,
  type OutputError,
  type OutputOptions,
  type OutputStudy,
} from '../classifier/sampling/outputError.ts';
export type { PathKl, PathKlOptions } from '../classifier/sampling/pathKl.ts';
export type { NoiseWindow } from '../classifier/sampling/windows.ts';
export type { CostMeasure, SensitivityStudy, WindowSensitivity } from '../classifier/sampling/sensitivity.ts';
export type {
  CrossEntropyAllocation,
  CrossEntropyBudget,
  EffortAllocation,
  TrainingEffort,
} from '../classifier/sampling/allocation.ts';
export type { AllocationTrial, BudgetProblem, BudgetStudy } from '../classifier/sampling/budgetStudy.ts';
export type { PropagationOptions, PropagationRow } from '../classifier/sampling/study.ts';
export type { MiscalibratedClassifier } from '../classifier/calibration.ts';
export {
  solveMiscalibrated,
  type DecisionCrossing,
  type DecisionKind,
  type MiscalibratedSolution,
} from '../meanfield/calibration/solve.ts';
