/**
 * Dynamical mean-field theory of guided diffusion on Gaussian mixtures with K = exp(alpha d) classes.
 *
 * A problem, of objects or from plain data ({@link guidedProblem}), goes to {@link solveOrderParameters}, its path to {@link trajectory}, its potential to {@link potentialTable};
 * {@link criticalClassRate} and {@link phaseDiagram} locate the transition; {@link simulateSpec} cross-checks with particles at a
 * finite dimension, and {@link predictedError} and {@link requiredDimension} tell how near they come. Bad arguments throw
 * {@link ParameterError}, numbers that cannot be computed {@link NumericalFailure}. The theory is in docs/theory: the equation
 * labels of the docstrings lead there.
 */

export { NumericalFailure, ParameterError } from './numerics/checks.ts';
export {
  linearInterpolant,
  ornsteinUhlenbeck,
  processes,
  varianceExploding,
  type ForwardProcess,
  type ProcessName,
} from './process/process.ts';
export {
  probabilityFlow,
  reverseSde,
  samplerWithEta,
  samplers,
  type Sampler,
  type SamplerName,
} from './guidance/sampler.ts';
export type { ScheduleFunction } from './guidance/function.ts';
export { coefficientFromScale, scaleFromCoefficient } from './guidance/coefficient.ts';
export { parseFormula, type Formula } from './guidance/formula.ts';
export { guidanceOf, type GuidanceText, type WrittenSchedule } from './guidance/written.ts';
export {
  constantSchedule,
  type Guidance,
  type ScheduleClock,
  type ScheduleContext,
} from './guidance/schedule.ts';
export type { ClassEnsemble } from './mixture/ensemble.ts';
export {
  solveOrderParameters,
  type Crossing,
  type OrderParameterSolution,
  type OrderParameters,
  type PhaseLabel,
} from './meanfield/solve.ts';
export type { SolveOptions } from './meanfield/problem.ts';
export type { GuidedProblem, Physics } from './problem/physics.ts';
export { guidedProblem, type PhysicsData, type ProblemData } from './problem/data.ts';
export type { PhysicsInput, ProblemInput } from './problem/input.ts';
export { trajectory, type TrajectoryRow } from './meanfield/trajectory.ts';
export { defaultPotentialTimes, potentialTable, type PotentialTable } from './meanfield/potentialTable.ts';
export { guidedPotential, type PotentialMoment } from './meanfield/potential.ts';
export { gradientFlow, symbolicGuidedPotential } from './meanfield/symbolicPotential.ts';
export type { DynamicsParts, GuidanceCoefficients, Phase, PhaseDynamics } from './meanfield/phases.ts';
export type { FormParameters } from './meanfield/forms.ts';
export type { PiecewiseProblem, PiecewiseSolution, SolverOptions } from './meanfield/piecewise.ts';
export {
  competingClasses,
  type CompetingClasses,
  type DisorderAverage,
} from './meanfield/competing/branches.ts';
export { criticalLine, type CriticalPoint } from './meanfield/transition/criticalLine.ts';
export { criticalClassRate, type CriticalRate } from './meanfield/transition/criticalRate.ts';
export type { RateFreeProblem } from './meanfield/transition/rateProfile.ts';
export { phaseDiagram, type DiagramProblem, type PhaseDiagram } from './meanfield/transition/phaseDiagram.ts';
export { universalBoundary, type UniversalBoundary } from './meanfield/transition/universalBoundary.ts';
export { simulateSpec, type SimulationInput, type SimulationSpec } from './particles/simulationSpec.ts';
export type { RunRecord } from './problem/record.ts';
export {
  predictedError,
  requiredDimension,
  type PredictedError,
  type RequiredDimension,
  type ValidityCell,
  type ValidityLabel,
  type ValidityRequest,
} from './finiteSize/validity.ts';
