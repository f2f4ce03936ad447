/**
 * Particle simulations at a finite dimension: explicit classes ({@link simulateFull}), averaged ones ({@link simulateReduced}), two
 * ({@link simulateTwoClasses}), a Gaussian guided by a Gaussian ({@link simulateGaussianPair}). {@link planSimulation},
 * {@link planTasks}, {@link runRange} and {@link mergeTasks} divide one among workers of your own (`cfg-dmft/threads` has some for Node); {@link openEngine} and
 * {@link chooseKernel} choose the arithmetic. Scores and centres of the mixture: {@link unconditionalScore}, {@link drawCentres}.
 */

export { drawCentres, type CentreDraw, type GuidedClass } from '../mixture/centres.ts';
export { logDensity, posterior, unconditionalScore } from '../mixture/score.ts';
export { simulateFull, simulateReduced, simulateTwoClasses } from '../particles/simulate.ts';
export {
  particleDefaults,
  type ParticleOptions,
  type ParticleProblem,
} from '../particles/problem/problem.ts';
export type { TimeGrid } from '../particles/grids/timeGrid.ts';
export {
  mergeTasks,
  planTasks,
  type ParticleResult,
  type ParticleSeriesRow,
  type ParticleTask,
} from '../particles/tasks.ts';
export { planSimulation, type SimulationPlan } from '../particles/plan/plan.ts';
export { runRange } from '../particles/runRange.ts';
export type { RangeState } from '../particles/fullRange.ts';
export { openEngine } from '../particles/engine/engine.ts';
export { chooseKernel, type KernelName } from '../particles/kernels/choose.ts';
export type { ClassKernel } from '../particles/kernels/kernel.ts';
export type { NativeAddon } from '../particles/kernels/nativeKernel.ts';
export type {
  ParticleEstimate,
  ParticleHistogram,
  ParticleObservables,
} from '../particles/observables/estimates.ts';
export type { HistogramRequest } from '../particles/problem/histograms.ts';
export type { ParticleRange } from '../particles/observables/observables.ts';
export { particleProblem } from '../particles/simulationSpec.ts';
export { simulateGaussianPair } from '../particles/gaussianPair/simulate.ts';
export {
  infiniteClassesPair,
  type GaussianPairOptions,
  type GaussianPairProblem,
  type PairDistributions,
  type PairMethod,
} from '../particles/gaussianPair/problem.ts';
export {
  projectGaussianPair,
  type GaussianPairResult,
  type PairBatch,
  type PairProjection,
} from '../particles/gaussianPair/estimates.ts';
export type { PairMoments } from '../particles/gaussianPair/schemeMoments.ts';
