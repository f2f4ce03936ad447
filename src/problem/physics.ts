import { checkForm, type GuidanceForm } from '../guidance/forms/form.ts';
import { requireSampler, type Sampler } from '../guidance/sampler.ts';
import { checkGuidance, type Guidance } from '../guidance/schedule.ts';
import { ensembles, type ClassEnsemble } from '../mixture/ensemble.ts';
import {
  ParameterError,
  requireChoice,
  requireKnownKeys,
  requireNonNegative,
  requirePositive,
} from '../numerics/checks.ts';
import { requireProcess, requireStartTime, type ForwardProcess } from '../process/process.ts';

/** Physics that mean field, particles and design have in common, resolved: {@link PhysicsData} with its objects. */
export interface Physics {
  /** Variance inside a class, > 0. */
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
  readonly sampler: Sampler;
  readonly process: ForwardProcess;
  /** Start of sampling in process time, or null for the exact asymptotic start at infinite noise. */
  readonly startTime: number | null;
  /** Guidance form, which combines the two scores and w (absent: linear guidance). */
  readonly form?: GuidanceForm;
}

/** A guided sampling problem in the limit of high dimension, complete: {@link ProblemInput} with its defaults and its names as objects. */
export interface GuidedProblem extends Physics {
  /** Class rate log(K)/d, >= 0; Infinity for infinitely many classes. */
  readonly alpha: number;
  readonly guidance: Guidance;
}

/** Throws ParameterError unless physics without its start is admissible. */
export function requireModel({
  sigma2,
  ensemble,
  sampler,
  process,
}: Pick<Physics, 'sigma2' | 'ensemble' | 'sampler' | 'process'>): void {
  requirePositive('sigma2', sigma2);
  requireChoice('ensemble', ensemble, ensembles);
  requireSampler(sampler);
  requireProcess(process);
}

/** Throws ParameterError unless physics is admissible. */
export function requirePhysics(physics: Physics): void {
  requireModel(physics);
  const { form, startTime, process } = physics;
  if (form !== undefined) checkForm(form);
  if (startTime !== null) requireStartTime('startTime', process, startTime);
}

/** Throws ParameterError unless `alpha` is a class rate >= 0, or Infinity. */
export function requireRate(alpha: number): void {
  if (alpha !== Infinity) requireNonNegative('alpha', alpha);
}

/** Keys of {@link GuidedProblem}. */
export const problemKeys: readonly (keyof GuidedProblem)[] = [
  'alpha',
  'sigma2',
  'ensemble',
  'sampler',
  'process',
  'guidance',
  'startTime',
  'form',
];

/**
 * Throws ParameterError unless the problem is admissible.
 * @param forms whether the caller can do with other forms than linear guidance
 */
export function checkProblem(problem: GuidedProblem, forms: 'linear' | 'all' = 'linear'): void {
  requireKnownKeys('problem', problem, problemKeys);
  requirePhysics(problem);
  const { form, alpha, guidance } = problem;
  if (forms === 'linear' && form !== undefined && form.kind !== 'linear') {
    throw new ParameterError(
      'form',
      'linear here',
      form.kind,
      'the order parameters and the particles take any form',
    );
  }
  requireRate(alpha);
  checkGuidance(guidance);
}
