/**
 * Data of one's own: latents with labels, as a mixture of Gaussians with exact scores. {@link openLatents} reads .npy, .npz and .csv in parts,
 * {@link classMoments} sums them up in one pass, {@link fitClasses} chooses a covariance model by held-out likelihood, {@link guidedSamples} runs
 * a pipeline's own steps on the exact scores, {@link classOutcome} says what they did to a class; {@link matrixMeanField} is the theory beside it.
 * A whole diagnosis is `runDiagnosis` of cfg-dmft/threads, planned by {@link planDiagnosis}, with {@link classGaussianity} and {@link diagnosisWarnings}.
 */

export { memoryBytes, type ByteSource } from '../latents/reading/bytes.ts';
export { openLatents, type Latents, type NamedBytes, type RowVisitor } from '../latents/reading/latents.ts';
export { classMoments, type ClassMoments, type SampleMoments } from '../latents/moments.ts';
export {
  fitClasses,
  type CovarianceModel,
  type FitOptions,
  type FittedClasses,
  type ModelScore,
  type Shrinkage,
} from '../latents/covariances.ts';
export { guidedSamples, type PipelineRun, type PipelineSampler } from '../latents/sampling.ts';
export {
  classOutcome,
  type ClassOutcome,
  type OutcomeBand,
  type OutcomeEstimate,
} from '../latents/outcome.ts';
export {
  latentScaleOf,
  planDiagnosis,
  type ClassPrediction,
  type DiagnosisPlan,
  type DiagnosisRun,
  type PipelineSteps,
} from '../latents/diagnosis.ts';
export { classGaussianity, type ClassGaussianity } from '../latents/gaussianity.ts';
export { diagnosisWarnings } from '../latents/warnings.ts';
export { matrixMeanField, type MatrixMeanField } from '../latents/matrixMeanField.ts';
