/**
 * Few classes in low dimension, of any centres and covariances ({@link labelledMixture}): guided flow and finite steps
 * ({@link flowEnd}, {@link simulateEndpoints}), confidence ({@link confidenceCurve}), entropy ({@link entropyCurve}), densities
 * ({@link flowDensity1d}, {@link outputDensity2d}) and splitting by strong discretised guidance ({@link splittingThreshold},
 * {@link splittingDiagram}).
 */

export { labelledMixture, type LabelledMixture, type MixtureInput } from '../mixture/labelled/mixture.ts';
export { diffuseMixture, type DiffusedMixture, type MixtureMoment } from '../mixture/labelled/diffused.ts';
export type { Discretization, FewClassProblem, FewClassStart } from '../fewClass/problem.ts';
export type { LinearStep, StepRule } from '../sampler/linear.ts';
export { flowEnd, type FlowTolerance } from '../fewClass/flow.ts';
export type { DiscreteRun, DiscreteStep } from '../fewClass/discrete.ts';
export { simulateEndpoints, type EndpointOptions, type Endpoints } from '../fewClass/simulate.ts';
export {
  confidenceAlongPath,
  confidenceCurve,
  type ConfidenceComparison,
  type ConfidenceRow,
  type PathPosterior,
} from '../fewClass/confidence.ts';
export type { EntropyEstimate, EntropyMethod } from '../fewClass/entropy/estimate.ts';
export type { FlowEntropyOptions } from '../fewClass/entropy/flowEntropy.ts';
export type { DiscreteEntropyOptions } from '../fewClass/entropy/discreteEntropy.ts';
export type { ResolvedDensity } from '../fewClass/entropy/cellEntropy.ts';
export type { SampleEntropyOptions } from '../fewClass/entropy/sampleEntropy.ts';
export { entropyCurve, type EntropyOptions } from '../fewClass/entropy/entropyCurve.ts';
export { vasicekEntropy, type SampleEntropy } from '../numerics/entropyEstimators.ts';
export { flowDensity1d } from '../fewClass/density/flowDensity.ts';
export { discreteDensity1d } from '../fewClass/density/discreteDensity.ts';
export { fokkerPlanckDensity1d, type FokkerPlanckOptions } from '../fewClass/density/fokkerPlanck.ts';
export {
  outputDensity2d,
  type Density2d,
  type Density2dOptions,
} from '../fewClass/density/outputDensity2d.ts';
export type { SplitStep, SplittingProblem } from '../fewClass/splitting/record.ts';
export { oneStepMap, type TwoCycle } from '../fewClass/splitting/map.ts';
export {
  contractionThreshold,
  instabilityThreshold,
  type StepThreshold,
} from '../fewClass/splitting/instability.ts';
export type { SplitOptions, SplitOutcome } from '../fewClass/splitting/outcome.ts';
export {
  splittingThreshold,
  type SplitKind,
  type SplittingThreshold,
  type SplittingThresholds,
} from '../fewClass/splitting/threshold.ts';
export { splittingDiagram, type SplitLabel, type SplittingDiagram } from '../fewClass/splitting/diagram.ts';
