/**
 * cfg-dmft: dynamical mean-field theory of guided diffusion on Gaussian mixtures with K = exp(alpha d) classes.
 * The theory behind each function is in docs/theory; equation labels in the docstrings lead there.
 */

// Errors
export { NumericalFailure, ParameterError } from './numerics/checks.ts';

// Forward processes and samplers
export {
  linearInterpolant,
  ornsteinUhlenbeck,
  processes,
  varianceExploding,
  type ForwardProcess,
  type ProcessName,
} from './process/process.ts';
export {
  clockAtInvariantRatio,
  clockAtNoiseToSignal,
  dataClock,
  invariantRatio,
  noiseToSignalAtClock,
} from './process/variances.ts';
export {
  probabilityFlow,
  reverseSde,
  samplers,
  samplerLabel,
  samplerWithEta,
  type Sampler,
  type SamplerName,
} from './guidance/sampler.ts';

// Guidance
export { coefficientFromScale, scaleFromCoefficient } from './guidance/coefficient.ts';
export { parseFormula, type Formula } from './guidance/formula.ts';
export { guidanceOf, type GuidanceText, type WrittenSchedule } from './guidance/written.ts';
export {
  compileSchedule,
  constantSchedule,
  scheduleClocks,
  type Guidance,
  type ScheduleClock,
  type ScheduleContext,
} from './guidance/schedule.ts';
export type { CompiledSchedule } from './guidance/compiled.ts';

// Named schedules, clocks, budgets, scales for image pipelines
export {
  domainText,
  freeSchedules,
  parametersOf,
  scheduleCatalogue,
  scheduleEntry,
  writeSchedule,
} from './guidance/schedules/catalogue.ts';
export type { Citation, ScheduleEntry, ScheduleParameter } from './guidance/schedules/entry.ts';
export { clockAsFormula, scheduleInClock } from './guidance/schedules/clocks.ts';
export { defaultHorizon } from './guidance/schedules/horizon.ts';
export {
  writeEvenSteps,
  writeSigmaSteps,
  writeSigmaTable,
  writeTable,
  type TablePoint,
} from './guidance/schedules/table.ts';
export {
  budgetKinds,
  guidanceBudget,
  scheduleAtBudget,
  strengthAtBudget,
  type BudgetContext,
  type BudgetKind,
  type ScheduleAtBudget,
} from './guidance/schedules/budget.ts';
export {
  listedNoiseLevels,
  noiseGridDefaults,
  noiseGridKeys,
  noiseGrids,
  noiseLevels,
  timestepSpacings,
  type NoiseGrid,
  type NoiseGridOptions,
  type NoiseLevel,
  type TimestepSpacing,
} from './guidance/schedules/noiseLevels.ts';
export {
  stepReadings,
  stepScaleDefaults,
  stepScales,
  unitVarianceCentreScale,
  type StepScale,
  type StepScaleOptions,
} from './guidance/schedules/stepScales.ts';

// Guidance forms other than the linear one
export {
  checkForm,
  formText,
  linearForm,
  parseForm,
  resolveForm,
  type GuidanceForm,
} from './guidance/forms/form.ts';
export {
  formCatalogue,
  formEntry,
  type FormChoice,
  type FormEntry,
  type FormFormula,
} from './guidance/forms/catalogue.ts';
export { compileForm } from './guidance/forms/compile.ts';
export { predictions, type Prediction } from './guidance/forms/predictions.ts';
export type { FormContext, FormInvariants, FormRule, GuidanceTarget } from './guidance/forms/rule.ts';

export { distortion, type Distortion } from './guidance/distortion.ts';

// The mixture
export { ensembles, type ClassEnsemble } from './mixture/ensemble.ts';
export { drawCentres, type CentreDraw, type GuidedClass } from './mixture/centres.ts';
export {
  conditionalScore,
  logDensity,
  posterior,
  posteriorMean,
  unconditionalScore,
} from './mixture/score.ts';

// Mean field
export {
  solveOrderParameters,
  type Crossing,
  type OrderParameters,
  type OrderParameterSolution,
  type PhaseLabel,
} from './meanfield/solve.ts';
export { solveDefaults, type GuidedProblem, type SolveOptions } from './meanfield/problem.ts';
export { trajectory, trajectoryRow, type TrajectoryRow } from './meanfield/trajectory.ts';
export { defaultPotentialTimes, potentialTable, type PotentialTable } from './meanfield/potentialTable.ts';
export { guidedPotential, phaseGap, type PotentialMoment } from './meanfield/potential.ts';
export {
  freeEnergyExpressions,
  gradientFlow,
  symbolicFreeEnergy,
  symbolicGuidedPotential,
} from './meanfield/symbolicPotential.ts';
export {
  composeDynamics,
  type DynamicsParts,
  type GuidanceCoefficients,
  type Phase,
  type PhaseDynamics,
} from './meanfield/phases.ts';
export { formDynamics, formPhases, type FormParameters } from './meanfield/forms.ts';
export {
  integratePiecewise,
  solverDefaults,
  type PiecewiseProblem,
  type PiecewiseSolution,
  type SolverOptions,
} from './meanfield/piecewise.ts';
export { covarianceEntry, withFluctuations } from './meanfield/fluctuations.ts';
export {
  competingClasses,
  type CompetingClasses,
  type DisorderAverage,
} from './meanfield/competing/branches.ts';
export { isotropicDynamics, isotropicDynamicsFromPhases, isotropicPhases } from './meanfield/isotropic.ts';

// Mean field at finite dimension
export {
  smoothedDefaults,
  smoothedMeanField,
  smoothedMethods,
  type SmoothedMethod,
  type SmoothedOptions,
  type SmoothedSolution,
} from './meanfield/smoothed/smoothedMeanField.ts';
export {
  finiteSizeCoefficients,
  type FiniteSizeCoefficient,
  type FiniteSizeCoefficients,
} from './meanfield/smoothed/finiteSize.ts';
export {
  disorderCorrection,
  disorderDefaults,
  type DisorderCorrection,
  type DisorderOptions,
} from './meanfield/disorder/correction.ts';
export { disorderRate, type DisorderRate } from './meanfield/disorder/rate.ts';

// Transition
export { criticalClassRate, type CriticalRate } from './transition/criticalRate.ts';
export type { RateFreeProblem } from './transition/rateProfile.ts';
export { phaseDiagram, type DiagramProblem, type PhaseDiagram } from './transition/phaseDiagram.ts';
export { universalBoundary, type UniversalBoundary } from './transition/universalBoundary.ts';

// Closed forms, an independent witness
export { overlapRatio, varianceRatio } from './closedForms/beforeTransition.ts';
export { classRateAtTransition, speciationTime, transitionRatio } from './closedForms/transition.ts';
export { criticalClassRate as closedFormCriticalClassRate } from './closedForms/transition.ts';
export { complexity, minimumComplexity } from './closedForms/complexity.ts';
export { finalState, infiniteClasses, type FinalState } from './closedForms/afterTransition.ts';
export {
  smallAlphaDivergence,
  smallAlphaMeanShift,
  smallAlphaParallelVariance,
  smallAlphaShare,
  smallAlphaVarianceShift,
} from './closedForms/smallAlpha.ts';
export { guidedDirection, guidedGaussian } from './closedForms/commuting.ts';

export {
  scheduledOverlap,
  scheduledOverlapExcess,
  scheduledShortfall,
  scheduledVarianceRatio,
} from './closedForms/scheduled.ts';
export {
  earliestNeutralRatio,
  largestNeutralOverlap,
  leastCoefficientAtTransition,
  neutralDecision,
  neutralStep,
  neutralTransition,
  twoLevelMoments,
  type GuidanceLevels,
  type NeutralDecision,
  type NeutralStep,
  type NeutralTransition,
} from './closedForms/neutralWindow.ts';

// Particles
export { simulateFull, simulateReduced, simulateTwoClasses } from './particles/simulate.ts';
export {
  particleDefaults,
  timeGrids,
  type ParticleOptions,
  type ParticleProblem,
} from './particles/problem.ts';
export { stepMethods } from './sampler/sequence.ts';
export { timeGrid, type TimeGrid } from './particles/grids/timeGrid.ts';
export {
  mergeTasks,
  planTasks,
  type ParticleResult,
  type ParticleSeriesRow,
  type ParticleTask,
} from './particles/tasks.ts';
export { planSimulation, simulationModes, type SimulationPlan } from './particles/plan.ts';
export { runRange } from './particles/runRange.ts';
export type { RangeState } from './particles/full.ts';
export { openEngine, planEngine } from './particles/engine/engine.ts';
export { chooseKernel, kernelNames, type KernelName } from './particles/kernels/choose.ts';
export type { ClassKernel } from './particles/kernels/kernel.ts';
export { plainKernel } from './particles/kernels/plainKernel.ts';
export { nativeKernel, type NativeAddon } from './particles/kernels/nativeKernel.ts';
export { wasmKernel, wasmSupport } from './particles/kernels/wasmKernel.ts';
export type {
  ParticleEstimate,
  ParticleHistogram,
  ParticleObservables,
} from './particles/observables/estimates.ts';
export type { HistogramRequest } from './particles/observables/histograms.ts';
export type { ParticleRange } from './particles/observables/observables.ts';
export { particleProblem, simulateSpec, type SimulationSpec } from './particles/simulationSpec.ts';
export { simulateGaussianPair } from './particles/gaussianPair/simulate.ts';
export {
  gaussianPairDefaults,
  infiniteClassesPair,
  pairReferenceVariance,
  type GaussianPairOptions,
  type GaussianPairProblem,
  type PairDistributions,
  type PairMethod,
} from './particles/gaussianPair/problem.ts';
export {
  projectGaussianPair,
  type GaussianPairResult,
  type PairBatch,
  type PairProjection,
} from './particles/gaussianPair/estimates.ts';
export { gaussianPairSchemeMoments, type PairMoments } from './particles/gaussianPair/schemeMoments.ts';

// Imperfect classifiers
export {
  checkClassifier,
  classGradients,
  type Classifier,
  type ClassifierMoment,
} from './classifier/classifier.ts';
export { classifierGuidedScore, exactClassifier, type GuidedScore } from './classifier/exact.ts';
export {
  biasedClassifier,
  displacedClassifier,
  otherMixtureClassifier,
  perturbedClassifier,
  rescaledClassifier,
  temperatureClassifier,
  type LogitTerm,
} from './classifier/perturbations.ts';
export { fourierClassifier, waveTerm, type FourierOptions, type Wave } from './classifier/fourier.ts';
export {
  predictRipple,
  rippledClassifier,
  rippleFor,
  type Ripple,
  type RipplePrediction,
  type RippleTarget,
} from './classifier/counterexample.ts';
export { inequalitySides, klBound, type InequalitySides, type KlBound } from './classifier/bound.ts';
export { quadraturePoints, samplePoints, type Points } from './classifier/points.ts';
export {
  measureClassifier,
  measureDefaults,
  type ClassifierError,
  type MeasureOptions,
} from './classifier/measure.ts';
export {
  trainClassifier,
  trainingDefaults,
  type LossRow,
  type Training,
  type TrainingOptions,
} from './classifier/training/train.ts';
export { trainedClassifier, type TrainedModel } from './classifier/training/trainedClassifier.ts';
export {
  classifierFamily,
  familyNames,
  familyTimeRange,
  type ClassifierFamily,
  type FamilyName,
  type FamilyOptions,
} from './classifier/families.ts';
export { randomClasses, type RandomClasses } from './classifier/study/randomClasses.ts';
export { studyDefaults, type StudyOptions, type StudyProblem } from './classifier/study/noiseLevel.ts';
export {
  studyFamilies,
  studyRow,
  type Study,
  type StudyRow,
  type StudySlope,
  type Sweep,
} from './classifier/study/study.ts';
export { familySlope, type FamilySlope, type Slope } from './classifier/study/slope.ts';
export {
  rippleLine,
  studyRipples,
  type RippleLine,
  type RippleRequest,
  type RippleRow,
} from './classifier/study/rippleStudy.ts';
export type { SamplingProblem } from './classifier/sampling/problem.ts';
export {
  outputDefaults,
  outputErrors,
  samplingMethods,
  type OutputError,
  type OutputOptions,
  type OutputStudy,
} from './classifier/sampling/outputError.ts';
export { pathKl, pathKlDefaults, type PathKl, type PathKlOptions } from './classifier/sampling/pathKl.ts';
export {
  evenWindows,
  patchedClassifier,
  windowedClassifier,
  type NoiseWindow,
} from './classifier/sampling/windows.ts';
export { crossEntropyDefaults, spentCrossEntropy } from './classifier/sampling/crossEntropy.ts';
export {
  costMeasures,
  windowSensitivities,
  type CostMeasure,
  type SensitivityStudy,
  type WindowSensitivity,
} from './classifier/sampling/sensitivity.ts';
export {
  spendCrossEntropy,
  spendEffort,
  type CrossEntropyAllocation,
  type CrossEntropyBudget,
  type EffortAllocation,
  type TrainingEffort,
} from './classifier/sampling/allocation.ts';
export {
  budgetStudy,
  type AllocationTrial,
  type BudgetProblem,
  type BudgetStudy,
} from './classifier/sampling/budgetStudy.ts';
export {
  meanLevelError,
  propagationRows,
  propagationSlope,
  type PropagationOptions,
  type PropagationRow,
} from './classifier/sampling/study.ts';

// Mis-calibrated classifiers in the limit of many classes
export {
  isCalibrated,
  requireMiscalibrated,
  type MiscalibratedClassifier,
} from './classifier/calibration.ts';
export {
  solveMiscalibrated,
  type DecisionCrossing,
  type DecisionKind,
  type MiscalibratedSolution,
} from './meanfield/calibration/solve.ts';
export {
  effectiveGuidanceSlopes,
  miscalibratedOverlapRatio,
  miscalibratedVarianceRatio,
  neutralTemperature,
} from './closedForms/miscalibrated.ts';

// Few classes in low dimension
export { labelledMixture, type LabelledMixture, type MixtureInput } from './mixture/labelled/mixture.ts';
export { diffuseMixture, type DiffusedMixture, type MixtureMoment } from './mixture/labelled/diffused.ts';
export {
  checkFewClassProblem,
  divergenceBound,
  type Discretization,
  type FewClassProblem,
  type FewClassStart,
} from './fewClass/problem.ts';
export { stepRules, type StepRule } from './sampler/linear.ts';
export {
  flowDefaults,
  flowEnd,
  flowEndWithDivergence,
  flowMap,
  flowMapWithDivergence,
  flowPath,
  type FlowTolerance,
} from './fewClass/flow.ts';
export {
  discreteRun,
  discreteStep,
  discreteTimes,
  type DiscreteRun,
  type DiscreteStep,
} from './fewClass/discrete.ts';
export { linearStep, type LinearStep } from './sampler/linear.ts';
export { simulateEndpoints, type EndpointOptions, type Endpoints } from './fewClass/simulate.ts';
export {
  compareConfidence,
  confidenceAlongPath,
  confidenceCurve,
  confidences,
  pathPosteriors,
  type ConfidenceComparison,
  type ConfidenceRow,
  type PathPosterior,
} from './fewClass/confidence.ts';
export type { EntropyEstimate, EntropyMethod } from './fewClass/entropy/estimate.ts';
export {
  flowEntropy,
  flowEntropyDefaults,
  gaussianEntropy,
  type FlowEntropyOptions,
} from './fewClass/entropy/flowEntropy.ts';
export {
  discreteEntropy,
  discreteEntropyDefaults,
  type DiscreteEntropyOptions,
} from './fewClass/entropy/discreteEntropy.ts';
export { entropyLoweringStrength } from './fewClass/entropy/stepCondition.ts';
export {
  cellEntropy,
  fokkerPlanckEntropy,
  resolvedDensity1d,
  type ResolvedDensity,
} from './fewClass/entropy/cellEntropy.ts';
export { sampleEntropy, type SampleEntropyOptions } from './fewClass/entropy/sampleEntropy.ts';
export {
  entropyCurve,
  entropyDefaults,
  outputEntropy,
  type EntropyOptions,
} from './fewClass/entropy/entropyCurve.ts';
export { nearestNeighbourEntropy, vasicekEntropy, type SampleEntropy } from './numerics/entropyEstimators.ts';
export { flowDensity, flowDensity1d } from './fewClass/density/flowDensity.ts';
export { discreteDensity1d, mapFolds } from './fewClass/density/discreteDensity.ts';
export {
  fokkerPlanckDefaults,
  fokkerPlanckDensity1d,
  type FokkerPlanckOptions,
} from './fewClass/density/fokkerPlanck.ts';
export {
  density2dDefaults,
  outputDensity2d,
  type Density2d,
  type Density2dOptions,
} from './fewClass/density/outputDensity2d.ts';
export { checkSplittingProblem, type SplittingProblem, type SplitStep } from './fewClass/splitting/record.ts';
export { frozenTwoCycle, oneStepMap, slopesAtCentre, type TwoCycle } from './fewClass/splitting/map.ts';
export {
  contractionThreshold,
  instabilityThreshold,
  type StepThreshold,
} from './fewClass/splitting/instability.ts';
export { expulsionConstant, instabilityConstant } from './fewClass/splitting/smallSteps.ts';
export {
  splitDefaults,
  splitOutcome,
  type SplitOptions,
  type SplitOutcome,
} from './fewClass/splitting/outcome.ts';
export {
  splitKinds,
  splittingThreshold,
  splittingThresholds,
  type SplitKind,
  type SplittingThreshold,
  type SplittingThresholds,
} from './fewClass/splitting/threshold.ts';
export {
  splitLabels,
  splittingDiagram,
  type SplitLabel,
  type SplittingDiagram,
} from './fewClass/splitting/diagram.ts';
export { splittingProblemOf } from './fewClass/splitting/along.ts';

// Schedule design
export { discretisedOutcome, type DiscretisedOutcome } from './design/discretised.ts';
export {
  designDefaults,
  designFamilies,
  type DesignFamily,
  type DesignLimits,
  type DesignOptions,
  type DesignProblem,
  type DesignTarget,
} from './design/problem.ts';
export { scheduleOutcome, type ScheduleOutcome } from './design/outcome.ts';
export {
  designSchedule,
  type DesignedSchedule,
  type DesignResult,
  type RobustnessRow,
} from './design/design.ts';
export { defaultTarget } from './design/target.ts';
export { robustnessOf } from './design/robustness.ts';
export {
  dominance,
  frontAtLoss,
  paretoFront,
  separationMeasures,
  type Dominance,
  type SeparationMeasure,
} from './design/pareto.ts';
export { standardOutcomes, type StandardOutcome } from './design/standards.ts';

// Comparison
export { deviation, particleRows, theoryRows } from './comparison/compare.ts';
export type { ComparedObservable, ComparisonRow } from './comparison/table.ts';
export type { RunRecord } from './comparison/record.ts';

export {
  predictedError,
  requiredDimension,
  validityLabels,
  validityMap,
  type PredictedError,
  type RequiredDimension,
  type ValidityCell,
  type ValidityLabel,
  type ValidityRequest,
} from './comparison/validity.ts';

export {
  measureDisorderShift,
  type DisorderShift,
  type MeasuredOrderParameters,
} from './comparison/disorderShift.ts';

// Finite-size scaling
export { fitInverseDimension } from './numerics/fits/inverseDimensionFit.ts';
export { linearFit } from './numerics/fits/linearFit.ts';
export { fitCorrectedPowerLaw, fitPowerLaw, localExponents } from './numerics/fits/exponentFit.ts';
export { crossingPoints } from './numerics/fits/crossingPoint.ts';
export { fitCollapse } from './numerics/fits/collapse.ts';
export { collapseQuality } from './numerics/fits/collapseQuality.ts';
export {
  chiSquareSurvival,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
  twoSidedPower,
} from './numerics/distributions.ts';
export { parametricBootstrap, resamplingBootstrap } from './numerics/bootstrap.ts';

// Claims
export { claims } from './claims/registry.ts';
export {
  efforts,
  type Check,
  type CheckTest,
  type Claim,
  type ClaimMeasurement,
  type Effort,
  type Evidence,
  type EvidenceAxis,
  type EvidencePanel,
  type EvidenceSeries,
  type EvidenceSource,
  type SimulationRequest,
} from './claims/protocol/claim.ts';
export { requestOf, type RequestedPhysics } from './claims/protocol/requests.ts';
export {
  measureClaim,
  planSimulations,
  type ClaimResult,
  type PlannedSimulation,
} from './claims/protocol/validate.ts';
export {
  claimFalseAlarm,
  judge,
  requiredPower,
  type JudgedCheck,
  type JudgedMeasurement,
  type Verdict,
} from './claims/protocol/verdict.ts';

// Figures: Plotly specifications with the numbers that they show; building one loads neither Plotly nor a browser
export { figureCsv, figureRecords, type Figure, type FigureCell, type FigureTable } from './plots/figure.ts';
export {
  phaseDiagramFigure,
  singlePhaseDiagramFigure,
  type PhaseDiagramPair,
  type SinglePhaseDiagram,
} from './plots/phaseDiagramFigure.ts';
export {
  trajectoryFigure,
  type TrajectoryCurve,
  type TrajectoryInput,
  type TrajectoryPoint,
} from './plots/trajectoryFigure.ts';
export { potentialFigure, type PotentialInput } from './plots/potentialFigure.ts';
export { distortionFigure, type DistortionInput } from './plots/distortionFigure.ts';
export type { DistortionCurve, DistortionPoint } from './plots/distortionSeries.ts';
export { comparisonFigure, type ComparisonInput } from './plots/comparisonFigure.ts';
export { scheduleBudgetFigure, type BudgetInput, type BudgetRow } from './plots/scheduleBudgetFigure.ts';
export { scheduleGridFigure, type ScheduleGridInput } from './plots/scheduleGridFigure.ts';
export type { ScheduleKind } from './plots/scheduleLook.ts';
export { scheduleParetoFigure, type ParetoInput, type ParetoPoint } from './plots/scheduleParetoFigure.ts';
export {
  schedulePathFigure,
  type SchedulePath,
  type SchedulePathInput,
  type SchedulePathPoint,
  type SchedulePathRow,
} from './plots/schedulePathFigure.ts';
export {
  scheduleShapeFigure,
  type ScheduleCurve,
  type ScheduleShapeInput,
  type ScheduleValue,
} from './plots/scheduleShapeFigure.ts';
export {
  fewClassCurveFigure,
  type CurvePoint,
  type FewClassCurve,
  type FewClassCurveInput,
} from './plots/fewClassCurveFigure.ts';
export {
  fewClassDensityFigure,
  type PlaneDensity,
  type PlaneDensityInput,
} from './plots/fewClassDensityFigure.ts';
export { fewClassLineFigure, type LineDensity, type LineDensityInput } from './plots/fewClassLineFigure.ts';
export { fewClassMapFigure, type OneStepInput, type OneStepPanel } from './plots/fewClassMapFigure.ts';
export { fewClassSplitFigure, type SplitDiagramInput } from './plots/fewClassSplitFigure.ts';
export { classifierErrorFigure, type ClassifierErrorInput } from './plots/classifierErrorFigure.ts';
export {
  classifierCounterexampleFigure,
  type ClassifierCounterexampleInput,
} from './plots/classifierCounterexampleFigure.ts';
export { classifierSamplingFigure, type ClassifierSamplingInput } from './plots/classifierSamplingFigure.ts';
export {
  classifierCalibrationFigure,
  type CalibrationFigureInput,
} from './plots/classifierCalibrationFigure.ts';
export { validityFigure, type ValidityChart } from './plots/validityFigure.ts';
export { claimFigure } from './plots/claimFigure.ts';
export { claimsPage, type ClaimsPage } from './plots/claimsPage.ts';
export { figurePage, reportPage, type ReportPage, type ReportSection } from './plots/page.ts';
export { plotConfig } from './plots/theme.ts';
