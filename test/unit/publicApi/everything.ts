/** Every function of the library that reads its arguments at its entry, public or not. */

// Errors
export { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';

// Forward processes and samplers
export {
  linearInterpolant,
  ornsteinUhlenbeck,
  processes,
  varianceExploding,
  type ForwardProcess,
  type ProcessName,
} from '../../../src/process/process.ts';
export {
  clockAtInvariantRatio,
  clockAtNoiseToSignal,
  dataClock,
  invariantRatio,
  noiseToSignalAtClock,
} from '../../../src/process/variances.ts';
export {
  probabilityFlow,
  reverseSde,
  samplers,
  samplerLabel,
  samplerWithEta,
  type Sampler,
  type SamplerName,
} from '../../../src/guidance/sampler.ts';

// Guidance
export { coefficientFromScale, scaleFromCoefficient } from '../../../src/guidance/coefficient.ts';
export { parseFormula, type Formula } from '../../../src/guidance/formula.ts';
export { guidedProblem } from '../../../src/problem/data.ts';
export { guidanceOf, type GuidanceText, type WrittenSchedule } from '../../../src/guidance/written.ts';
export {
  compileSchedule,
  constantSchedule,
  scheduleClocks,
  type Guidance,
  type ScheduleClock,
  type ScheduleContext,
} from '../../../src/guidance/schedule.ts';
export type { CompiledSchedule } from '../../../src/guidance/compiled.ts';

// Named schedules, clocks, budgets, scales for image pipelines
export {
  domainText,
  freeSchedules,
  parametersOf,
  scheduleCatalogue,
  scheduleEntry,
  writeSchedule,
} from '../../../src/guidance/schedules/catalogue.ts';
export type { Citation, ScheduleEntry, ScheduleParameter } from '../../../src/guidance/schedules/entry.ts';
export { clockAsFormula, scheduleInClock } from '../../../src/guidance/schedules/clocks.ts';
export { defaultHorizon } from '../../../src/guidance/schedules/horizon.ts';
export {
  writeEvenSteps,
  writeSigmaSteps,
  writeSigmaTable,
  writeTable,
  type TablePoint,
} from '../../../src/guidance/schedules/table.ts';
export {
  budgetKinds,
  guidanceBudget,
  scheduleAtBudget,
  strengthAtBudget,
  type BudgetContext,
  type BudgetKind,
  type ScheduleAtBudget,
} from '../../../src/guidance/schedules/budget.ts';
export {
  listedFlowTimes,
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
} from '../../../src/guidance/schedules/noiseLevels.ts';
export {
  stepReadings,
  stepScaleDefaults,
  stepScales,
  unitVarianceCentreScale,
  type StepScale,
  type StepScaleOptions,
} from '../../../src/guidance/schedules/stepScales.ts';

// Guidance forms other than the linear one
export {
  checkForm,
  formText,
  linearForm,
  parseForm,
  resolveForm,
  type GuidanceForm,
} from '../../../src/guidance/forms/form.ts';
export { formCatalogue, formEntry } from '../../../src/guidance/forms/catalogue.ts';
export type { FormChoice, FormEntry, FormFormula } from '../../../src/guidance/forms/entry.ts';
export { refusedForms, type RefusedForm } from '../../../src/guidance/forms/refused.ts';
export { compileForm } from '../../../src/guidance/forms/compile.ts';
export { predictions, type Prediction } from '../../../src/guidance/forms/predictions.ts';
export type {
  FormContext,
  FormInvariants,
  FormRule,
  GuidanceTarget,
} from '../../../src/guidance/forms/rule.ts';

export { distortion, type Distortion } from '../../../src/guidance/distortion.ts';

// The mixture
export { ensembles, type ClassEnsemble } from '../../../src/mixture/ensemble.ts';
export { drawCentres, type CentreDraw, type GuidedClass } from '../../../src/mixture/centres.ts';
export {
  conditionalScore,
  logDensity,
  posterior,
  posteriorMean,
  unconditionalScore,
} from '../../../src/mixture/score.ts';

// Mean field
export {
  solveOrderParameters,
  type Crossing,
  type OrderParameters,
  type OrderParameterSolution,
  type PhaseLabel,
} from '../../../src/meanfield/solve.ts';
export { solveDefaults, type SolveOptions } from '../../../src/meanfield/problem.ts';
export type { GuidedProblem } from '../../../src/problem/physics.ts';
export { trajectory, trajectoryRow, type TrajectoryRow } from '../../../src/meanfield/trajectory.ts';
export {
  defaultPotentialTimes,
  potentialTable,
  type PotentialTable,
} from '../../../src/meanfield/potentialTable.ts';
export { guidedPotential, phaseGap, type PotentialMoment } from '../../../src/meanfield/potential.ts';
export {
  freeEnergyExpressions,
  gradientFlow,
  symbolicFreeEnergy,
  symbolicGuidedPotential,
} from '../../../src/meanfield/symbolicPotential.ts';
export {
  composeDynamics,
  type DynamicsParts,
  type GuidanceCoefficients,
  type Phase,
  type PhaseDynamics,
} from '../../../src/meanfield/phases.ts';
export { formDynamics, formPhases, type FormParameters } from '../../../src/meanfield/forms.ts';
export {
  integratePiecewise,
  solverDefaults,
  type PiecewiseProblem,
  type PiecewiseSolution,
  type SolverOptions,
} from '../../../src/meanfield/piecewise.ts';
export { covarianceEntry, withFluctuations } from '../../../src/meanfield/fluctuations.ts';
export {
  competingClasses,
  type CompetingClasses,
  type DisorderAverage,
} from '../../../src/meanfield/competing/branches.ts';
export {
  isotropicDynamics,
  isotropicDynamicsFromPhases,
  isotropicPhases,
} from '../../../src/meanfield/isotropic.ts';

// Mean field at finite dimension
export {
  smoothedDefaults,
  smoothedMeanField,
  smoothedMethods,
  type SmoothedMethod,
  type SmoothedOptions,
  type SmoothedSolution,
} from '../../../src/finiteSize/smoothed/smoothedMeanField.ts';
export {
  finiteSizeCoefficients,
  type FiniteSizeCoefficient,
  type FiniteSizeCoefficients,
} from '../../../src/finiteSize/smoothed/finiteSize.ts';
export {
  disorderCorrection,
  disorderDefaults,
  type DisorderCorrection,
  type DisorderOptions,
} from '../../../src/finiteSize/disorder/correction.ts';
export { disorderRate, type DisorderRate } from '../../../src/finiteSize/disorder/rate.ts';

// Transition
export { criticalLine, type CriticalPoint } from '../../../src/meanfield/transition/criticalLine.ts';
export { criticalClassRate, type CriticalRate } from '../../../src/meanfield/transition/criticalRate.ts';
export type { RateFreeProblem } from '../../../src/meanfield/transition/rateProfile.ts';
export {
  phaseDiagram,
  type DiagramProblem,
  type PhaseDiagram,
} from '../../../src/meanfield/transition/phaseDiagram.ts';
export {
  universalBoundary,
  type UniversalBoundary,
} from '../../../src/meanfield/transition/universalBoundary.ts';

// Closed forms, an independent witness
export { overlapRatio, varianceRatio } from '../../../src/closedForms/beforeTransition.ts';
export {
  classRateAtTransition,
  speciationTime,
  transitionRatio,
} from '../../../src/closedForms/transition.ts';
export { criticalClassRate as closedFormCriticalClassRate } from '../../../src/closedForms/transition.ts';
export { complexity, minimumComplexity } from '../../../src/closedForms/complexity.ts';
export { finalState, infiniteClasses, type FinalState } from '../../../src/closedForms/afterTransition.ts';
export {
  smallAlphaDivergence,
  smallAlphaMeanShift,
  smallAlphaParallelVariance,
  smallAlphaShare,
  smallAlphaVarianceShift,
} from '../../../src/closedForms/smallAlpha.ts';
export { bandsFinalState, bandRateAtTransition } from '../../../src/closedForms/bands.ts';
export { levelsFinalState } from '../../../src/closedForms/levels.ts';
export { cumulantRateShift, smallAlphaBands } from '../../../src/closedForms/smallAlphaBands.ts';
export { guidedDirection, guidedGaussian } from '../../../src/closedForms/commuting.ts';

export {
  scheduledOverlap,
  scheduledOverlapExcess,
  scheduledShortfall,
  scheduledVarianceRatio,
} from '../../../src/closedForms/scheduled.ts';
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
} from '../../../src/closedForms/neutralWindow.ts';

// Particles
export { simulateFull, simulateReduced, simulateTwoClasses } from '../../../src/particles/simulate.ts';
export {
  particleDefaults,
  timeGrids,
  type ParticleOptions,
  type ParticleProblem,
} from '../../../src/particles/problem/problem.ts';
export { stepMethods } from '../../../src/sampler/sequence.ts';
export { timeGrid, type TimeGrid } from '../../../src/particles/grids/timeGrid.ts';
export {
  mergeTasks,
  planTasks,
  type ParticleResult,
  type ParticleSeriesRow,
  type ParticleTask,
} from '../../../src/particles/tasks.ts';
export { planSimulation, simulationModes, type SimulationPlan } from '../../../src/particles/plan/plan.ts';
export { runRange } from '../../../src/particles/runRange.ts';
export type { RangeState } from '../../../src/particles/fullRange.ts';
export { openEngine } from '../../../src/particles/engine/engine.ts';
export { chooseKernel, kernelNames, type KernelName } from '../../../src/particles/kernels/choose.ts';
export type { ClassKernel } from '../../../src/particles/kernels/kernel.ts';
export { plainKernel } from '../../../src/particles/kernels/plainKernel.ts';
export { nativeKernel, type NativeAddon } from '../../../src/particles/kernels/nativeKernel.ts';
export { wasmKernel, wasmSupport } from '../../../src/particles/kernels/wasmKernel.ts';
export type {
  ParticleEstimate,
  ParticleHistogram,
  ParticleObservables,
} from '../../../src/particles/observables/estimates.ts';
export type { HistogramRequest } from '../../../src/particles/problem/histograms.ts';
export type { ParticleRange } from '../../../src/particles/observables/observables.ts';
export { particleProblem, simulateSpec, type SimulationSpec } from '../../../src/particles/simulationSpec.ts';
export { simulateGaussianPair } from '../../../src/particles/gaussianPair/simulate.ts';
export {
  gaussianPairDefaults,
  infiniteClassesPair,
  pairReferenceVariance,
  type GaussianPairOptions,
  type GaussianPairProblem,
  type PairDistributions,
  type PairMethod,
} from '../../../src/particles/gaussianPair/problem.ts';
export {
  projectGaussianPair,
  type GaussianPairResult,
  type PairBatch,
  type PairProjection,
} from '../../../src/particles/gaussianPair/estimates.ts';
export {
  gaussianPairSchemeMoments,
  type PairMoments,
} from '../../../src/particles/gaussianPair/schemeMoments.ts';

// Imperfect classifiers
export {
  checkClassifier,
  classGradients,
  type Classifier,
  type ClassifierMoment,
} from '../../../src/classifier/classifier.ts';
export { classifierGuidedScore, exactClassifier, type GuidedScore } from '../../../src/classifier/exact.ts';
export {
  biasedClassifier,
  displacedClassifier,
  perturbedClassifier,
  rescaledClassifier,
  temperatureClassifier,
  type LogitTerm,
} from '../../../src/classifier/perturbations.ts';
export {
  fourierClassifier,
  waveTerm,
  type FourierOptions,
  type Wave,
} from '../../../src/classifier/fourier.ts';
export {
  predictRipple,
  rippledClassifier,
  rippleFor,
  type Ripple,
  type RipplePrediction,
  type RippleTarget,
} from '../../../src/classifier/counterexample.ts';
export {
  inequalitySides,
  klBound,
  type InequalitySides,
  type KlBound,
} from '../../../src/classifier/bound.ts';
export { quadraturePoints, samplePoints, type Points } from '../../../src/classifier/points.ts';
export {
  measureClassifier,
  measureDefaults,
  type ClassifierError,
  type MeasureOptions,
} from '../../../src/classifier/measure.ts';
export {
  stepsOfEpochs,
  trainClassifier,
  trainingDefaults,
  type LossRow,
  type Training,
  type TrainingOptions,
} from '../../../src/classifier/training/train.ts';
export { trainedClassifier, type TrainedModel } from '../../../src/classifier/training/trainedClassifier.ts';
export {
  classifierFamily,
  familyNames,
  familyTimeRange,
  type ClassifierFamily,
  type FamilyName,
  type FamilyOptions,
} from '../../../src/classifier/study/families.ts';
export { randomClasses, type RandomClasses } from '../../../src/classifier/study/randomClasses.ts';
export { randomProblems, studyProblem } from '../../../src/classifier/study/randomProblems.ts';
export { trainingRows } from '../../../src/classifier/study/trainingRows.ts';
export { rippleView } from '../../../src/classifier/study/rippleView.ts';
export {
  studyDefaults,
  type StudyOptions,
  type StudyProblem,
} from '../../../src/classifier/study/noiseLevel.ts';
export {
  classifierRows,
  studyFamilies,
  studyRow,
  type Study,
  type StudyRow,
  type StudySlope,
  type Sweep,
} from '../../../src/classifier/study/study.ts';
export { familySlope, type FamilySlope, type Slope } from '../../../src/classifier/study/slope.ts';
export {
  rippleLadder,
  rippleLine,
  studyRipples,
  type RippleLine,
  type RippleRequest,
  type RippleRow,
} from '../../../src/classifier/study/rippleStudy.ts';
export type { SamplingProblem } from '../../../src/classifier/sampling/problem.ts';
export {
  outputDefaults,
  outputErrors,
  samplingMethods,
  type OutputError,
  type OutputOptions,
  type OutputStudy,
} from '../../../src/classifier/sampling/outputError.ts';
export {
  pathKl,
  pathKlDefaults,
  type PathKl,
  type PathKlOptions,
} from '../../../src/classifier/sampling/pathKl.ts';
export {
  evenWindows,
  patchedClassifier,
  windowClock,
  windowedClassifier,
  type NoiseWindow,
} from '../../../src/classifier/sampling/windows.ts';
export { crossEntropyDefaults, spentCrossEntropy } from '../../../src/classifier/sampling/crossEntropy.ts';
export {
  costMeasures,
  windowSensitivities,
  type CostMeasure,
  type SensitivityStudy,
  type WindowSensitivity,
} from '../../../src/classifier/sampling/sensitivity.ts';
export {
  spendCrossEntropy,
  spendEffort,
  type CrossEntropyAllocation,
  type CrossEntropyBudget,
  type EffortAllocation,
  type TrainingEffort,
} from '../../../src/classifier/sampling/allocation.ts';
export {
  budgetStudy,
  type AllocationTrial,
  type BudgetProblem,
  type BudgetStudy,
} from '../../../src/classifier/sampling/budgetStudy.ts';
export {
  meanLevelError,
  propagationRows,
  propagationSlope,
  type PropagationOptions,
  type PropagationRow,
} from '../../../src/classifier/sampling/study.ts';

export { propagateBudget, propagateFamily } from '../../../src/classifier/propagate/propagate.ts';

// Mis-calibrated classifiers in the limit of many classes
export {
  isCalibrated,
  requireMiscalibrated,
  type MiscalibratedClassifier,
} from '../../../src/classifier/calibration.ts';
export {
  solveMiscalibrated,
  type DecisionCrossing,
  type DecisionKind,
  type MiscalibratedSolution,
} from '../../../src/meanfield/calibration/solve.ts';
export {
  effectiveGuidanceSlopes,
  miscalibratedOverlapRatio,
  miscalibratedVarianceRatio,
  neutralTemperature,
} from '../../../src/closedForms/miscalibrated.ts';

// Few classes in low dimension
export {
  labelledMixture,
  type LabelledMixture,
  type MixtureInput,
} from '../../../src/mixture/labelled/mixture.ts';
export {
  diffuseMixture,
  type DiffusedMixture,
  type MixtureMoment,
} from '../../../src/mixture/labelled/diffused.ts';
export {
  checkFewClassProblem,
  divergenceBound,
  type Discretization,
  type FewClassProblem,
  type FewClassStart,
} from '../../../src/fewClass/problem.ts';
export { stepRules, type StepRule } from '../../../src/sampler/linear.ts';
export {
  flowDefaults,
  flowEnd,
  flowEndWithDivergence,
  flowMap,
  flowMapWithDivergence,
  flowPath,
  type FlowTolerance,
} from '../../../src/fewClass/flow.ts';
export {
  discreteRun,
  discreteStep,
  discreteTimes,
  type DiscreteRun,
  type DiscreteStep,
} from '../../../src/fewClass/discrete.ts';
export { linearStep, type LinearStep } from '../../../src/sampler/linear.ts';
export { simulateEndpoints, type EndpointOptions, type Endpoints } from '../../../src/fewClass/simulate.ts';
export {
  compareConfidence,
  confidenceAlongPath,
  confidenceCurve,
  confidences,
  pathPosteriors,
  type ConfidenceComparison,
  type ConfidenceRow,
  type PathPosterior,
} from '../../../src/fewClass/confidence.ts';
export type { EntropyEstimate, EntropyMethod } from '../../../src/fewClass/entropy/estimate.ts';
export {
  flowEntropy,
  flowEntropyDefaults,
  gaussianEntropy,
  type FlowEntropyOptions,
} from '../../../src/fewClass/entropy/flowEntropy.ts';
export {
  discreteEntropy,
  discreteEntropyDefaults,
  type DiscreteEntropyOptions,
} from '../../../src/fewClass/entropy/discreteEntropy.ts';
export { entropyLoweringStrength } from '../../../src/fewClass/entropy/stepCondition.ts';
export {
  cellEntropy,
  fokkerPlanckEntropy,
  resolvedDensity1d,
  type ResolvedDensity,
} from '../../../src/fewClass/entropy/cellEntropy.ts';
export { sampleEntropy, type SampleEntropyOptions } from '../../../src/fewClass/entropy/sampleEntropy.ts';
export {
  entropyCurve,
  entropyDefaults,
  outputEntropy,
  type EntropyOptions,
} from '../../../src/fewClass/entropy/entropyCurve.ts';
export {
  nearestNeighbourEntropy,
  vasicekEntropy,
  type SampleEntropy,
} from '../../../src/numerics/entropyEstimators.ts';
export { flowDensity, flowDensity1d } from '../../../src/fewClass/density/flowDensity.ts';
export { discreteDensity1d, mapFolds } from '../../../src/fewClass/density/discreteDensity.ts';
export {
  fokkerPlanckDefaults,
  fokkerPlanckDensity1d,
  type FokkerPlanckOptions,
} from '../../../src/fewClass/density/fokkerPlanck.ts';
export {
  density2dDefaults,
  outputDensity2d,
  type Density2d,
  type Density2dOptions,
} from '../../../src/fewClass/density/outputDensity2d.ts';
export {
  checkSplittingProblem,
  type SplittingProblem,
  type SplitStep,
} from '../../../src/fewClass/splitting/record.ts';
export {
  frozenTwoCycle,
  oneStepMap,
  slopesAtCentre,
  type TwoCycle,
} from '../../../src/fewClass/splitting/map.ts';
export {
  contractionThreshold,
  instabilityThreshold,
  type StepThreshold,
} from '../../../src/fewClass/splitting/instability.ts';
export { expulsionConstant, instabilityConstant } from '../../../src/fewClass/splitting/smallSteps.ts';
export {
  splitDefaults,
  splitOutcome,
  type SplitOptions,
  type SplitOutcome,
} from '../../../src/fewClass/splitting/outcome.ts';
export {
  splitKinds,
  splittingThreshold,
  splittingThresholds,
  type SplitKind,
  type SplittingThreshold,
  type SplittingThresholds,
} from '../../../src/fewClass/splitting/threshold.ts';
export {
  splitLabels,
  splittingDiagram,
  type SplitLabel,
  type SplittingDiagram,
} from '../../../src/fewClass/splitting/diagram.ts';
export { splittingProblemOf } from '../../../src/fewClass/splitting/along.ts';

// Schedule design
export {
  discretisedOutcome,
  restoredCoefficients,
  type DiscretisedOutcome,
} from '../../../src/design/discretised.ts';
export { replaceConstant } from '../../../src/design/replace.ts';
export { modelGrid, pipelineModels } from '../../../src/guidance/schedules/pipelineModels.ts';
export { pipelineScript } from '../../../src/guidance/schedules/pipelineScript.ts';
export {
  designDefaults,
  designFamilies,
  type DesignFamily,
  type DesignLimits,
  type DesignOptions,
  type DesignProblem,
  type DesignTarget,
} from '../../../src/design/problem.ts';
export { scheduleOutcome, type ScheduleOutcome } from '../../../src/design/outcome.ts';
export {
  designSchedule,
  type DesignedSchedule,
  type DesignResult,
  type RobustnessRow,
} from '../../../src/design/design.ts';
export { defaultTarget } from '../../../src/design/target.ts';
export { robustnessOf } from '../../../src/design/robustness.ts';
export {
  dominance,
  frontAtLoss,
  paretoFront,
  separationMeasures,
  type Dominance,
  type SeparationMeasure,
} from '../../../src/design/pareto.ts';
export { standardOutcomes, type StandardOutcome } from '../../../src/design/standards.ts';

// Comparison
export { deviation, particleRows, theoryRows } from '../../../src/finiteSize/compare.ts';
export type { ComparedObservable, ComparisonRow } from '../../../src/finiteSize/table.ts';
export type { RunRecord } from '../../../src/problem/record.ts';
export { solveTemperatures, temperatureLine } from '../../../src/finiteSize/calibration.ts';

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
} from '../../../src/finiteSize/validity.ts';

export {
  measureDisorderShift,
  type DisorderShift,
  type MeasuredOrderParameters,
} from '../../../src/finiteSize/disorderShift.ts';

// Finite-size scaling
export { fitInverseDimension } from '../../../src/numerics/fits/inverseDimensionFit.ts';
export { linearFit } from '../../../src/numerics/fits/linearFit.ts';
export { fitCorrectedPowerLaw, fitPowerLaw, localExponents } from '../../../src/numerics/fits/exponentFit.ts';
export { crossingPoints } from '../../../src/numerics/fits/crossingPoint.ts';
export { fitCollapse } from '../../../src/numerics/fits/collapse.ts';
export { collapseQuality } from '../../../src/numerics/fits/collapseQuality.ts';
export {
  chiSquareSurvival,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
  twoSidedPower,
} from '../../../src/numerics/distributions.ts';
export { parametricBootstrap, resamplingBootstrap } from '../../../src/numerics/bootstrap.ts';

// Claims
export { claims } from '../../../src/claims/registry.ts';
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
} from '../../../src/claims/protocol/claim.ts';
export { requestOf, type RequestedPhysics } from '../../../src/claims/protocol/requests.ts';
export {
  measureClaim,
  planSimulations,
  type ClaimResult,
  type PlannedSimulation,
} from '../../../src/claims/protocol/validate.ts';
export {
  claimFalseAlarm,
  judge,
  requiredPower,
  type JudgedCheck,
  type JudgedMeasurement,
  type Verdict,
} from '../../../src/claims/protocol/verdict.ts';

// Figures: Plotly specifications with the numbers that they show; building one loads neither Plotly nor a browser
export {
  figureCsv,
  figureRecords,
  type Figure,
  type FigureCell,
  type FigureTable,
} from '../../../src/figures/drawing/figure.ts';
export { tableFile } from '../../../src/figures/tables/files.ts';
export {
  phaseDiagramFigure,
  singlePhaseDiagramFigure,
  type PhaseDiagramPair,
  type SinglePhaseDiagram,
} from '../../../src/figures/manyClasses/phaseDiagramFigure.ts';
export {
  trajectoryFigure,
  type TrajectoryCurve,
  type TrajectoryInput,
  type TrajectoryPoint,
} from '../../../src/figures/manyClasses/trajectoryFigure.ts';
export { potentialFigure, type PotentialInput } from '../../../src/figures/manyClasses/potentialFigure.ts';
export { distortionFigure, type DistortionInput } from '../../../src/figures/manyClasses/distortionFigure.ts';
export type { DistortionCurve, DistortionPoint } from '../../../src/figures/manyClasses/distortionSeries.ts';
export { comparisonFigure, type ComparisonInput } from '../../../src/figures/manyClasses/comparisonFigure.ts';
export {
  scheduleBudgetFigure,
  type BudgetInput,
  type BudgetRow,
} from '../../../src/figures/schedules/scheduleBudgetFigure.ts';
export {
  scheduleGridFigure,
  type ScheduleGridInput,
} from '../../../src/figures/schedules/scheduleGridFigure.ts';
export type { ScheduleKind } from '../../../src/figures/schedules/scheduleLook.ts';
export {
  scheduleParetoFigure,
  type ParetoInput,
  type ParetoPoint,
} from '../../../src/figures/schedules/scheduleParetoFigure.ts';
export {
  schedulePathFigure,
  type SchedulePath,
  type SchedulePathInput,
  type SchedulePathPoint,
  type SchedulePathRow,
} from '../../../src/figures/schedules/schedulePathFigure.ts';
export {
  scheduleShapeFigure,
  type ScheduleCurve,
  type ScheduleShapeInput,
  type ScheduleValue,
} from '../../../src/figures/schedules/scheduleShapeFigure.ts';
export {
  fewClassCurveFigure,
  type CurvePoint,
  type FewClassCurve,
  type FewClassCurveInput,
} from '../../../src/figures/fewClasses/fewClassCurveFigure.ts';
export {
  fewClassDensityFigure,
  type PlaneDensity,
  type PlaneDensityInput,
} from '../../../src/figures/fewClasses/fewClassDensityFigure.ts';
export {
  fewClassLineFigure,
  type LineDensity,
  type LineDensityInput,
} from '../../../src/figures/fewClasses/fewClassLineFigure.ts';
export {
  fewClassMapFigure,
  type OneStepInput,
  type OneStepPanel,
} from '../../../src/figures/fewClasses/fewClassMapFigure.ts';
export {
  fewClassSplitFigure,
  type SplitDiagramInput,
} from '../../../src/figures/fewClasses/fewClassSplitFigure.ts';
export {
  classifierErrorFigure,
  type ClassifierErrorInput,
} from '../../../src/figures/classifiers/classifierErrorFigure.ts';
export {
  classifierCounterexampleFigure,
  type ClassifierCounterexampleInput,
} from '../../../src/figures/classifiers/classifierCounterexampleFigure.ts';
export {
  classifierSamplingFigure,
  type ClassifierSamplingInput,
} from '../../../src/figures/classifiers/classifierSamplingFigure.ts';
export {
  classifierCalibrationFigure,
  type CalibrationFigureInput,
} from '../../../src/figures/classifiers/classifierCalibrationFigure.ts';
export { validityFigure, type ValidityChart } from '../../../src/figures/manyClasses/validityFigure.ts';
export { claimFigure } from '../../../src/figures/claims/claimFigure.ts';
export { claimsPage, type ClaimsPage } from '../../../src/figures/claims/claimsPage.ts';
export {
  figurePage,
  reportPage,
  type ReportPage,
  type ReportSection,
} from '../../../src/figures/drawing/page.ts';
export { restyled, type FigureLook } from '../../../src/figures/drawing/restyle.ts';
export { plotConfig } from '../../../src/figures/drawing/theme.ts';

// Structured classes
export { parseCentreLaw, parseLevels, parseSpectrum, valuesLaw } from '../../../src/mixture/classLawText.ts';
export { marchenkoPasturBands, powerLawBands } from '../../../src/mixture/spectra.ts';
export { posteriorMeanLaw } from '../../../src/mixture/posteriorMean.ts';
export { nodeError, solveStructured } from '../../../src/meanfield/structured/solve.ts';
export {
  structuredPotential,
  structuredPotentialTimes,
  structuredTrajectory,
} from '../../../src/meanfield/structured/trajectory.ts';
export { coordinateDensity } from '../../../src/meanfield/structured/coordinateDensity.ts';
export { levelTransitions } from '../../../src/meanfield/transition/levels.ts';
export { transitionCurve } from '../../../src/meanfield/transition/transitionCurve.ts';
export { simulateStructured } from '../../../src/particles/structured/simulate.ts';
export { memoryBytes } from '../../../src/latents/reading/bytes.ts';
export { openLatents } from '../../../src/latents/reading/latents.ts';
export { classMoments } from '../../../src/latents/moments.ts';
export { fitClasses } from '../../../src/latents/covariances.ts';
export { guidedSamples } from '../../../src/latents/sampling.ts';
export { classOutcome } from '../../../src/latents/outcome.ts';
export { latentScaleOf, planDiagnosis } from '../../../src/latents/diagnosis.ts';
export { classGaussianity } from '../../../src/latents/gaussianity.ts';
export { diagnosisWarnings } from '../../../src/latents/warnings.ts';
export { diagnosisFigure } from '../../../src/figures/latents/diagnosisFigure.ts';
export { diagnosisRows } from '../../../src/figures/latents/diagnosisRows.ts';
export { matrixMeanField } from '../../../src/latents/matrixMeanField.ts';
