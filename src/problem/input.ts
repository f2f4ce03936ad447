import type { GuidanceForm } from '../guidance/forms/form.ts';
import {
  probabilityFlow,
  samplerWithEta,
  samplers,
  type Sampler,
  type SamplerName,
} from '../guidance/sampler.ts';
import type { Guidance } from '../guidance/schedule.ts';
import type { ClassEnsemble } from '../mixture/ensemble.ts';
import { ParameterError, requireChoice, requireKnownKeys, requireObject } from '../numerics/checks.ts';
import { ornsteinUhlenbeck, processOf, type ForwardProcess, type ProcessName } from '../process/process.ts';
import { checkProblem, problemKeys, type GuidedProblem, type Physics } from './physics.ts';

/** Physics as one writes it: the variance of the classes, and what differs from the defaults, which are those of the command line. */
export interface PhysicsInput {
  /** Variance inside a class, > 0. */
  readonly sigma2: number;
  /** Law of the class centres (default: gaussian). */
  readonly ensemble?: ClassEnsemble;
  /** Sampler by name, `'ode'` or `'sde'`, or with its noise level (default: ode). */
  readonly sampler?: Sampler | SamplerName;
  /** Noise level in place of `sampler`: 0 probability flow (ODE), 1 reverse diffusion (SDE). */
  readonly eta?: number;
  /** Forward process, or its name `'ou'`, `'ve'` or `'flow'` (default: ou). */
  readonly process?: ForwardProcess | ProcessName;
  /** Start of sampling in process time; null, the default, is the exact asymptotic start at infinite noise. */
  readonly startTime?: number | null;
  /** Guidance form (default: linear). */
  readonly form?: GuidanceForm;
}

/** A guided problem as one writes it. Problems that are complete, such as those of {@link guidedProblem}, are taken as they are. */
export interface ProblemInput extends PhysicsInput {
  /** Class rate log(K)/d, >= 0; Infinity, or the word for it, for infinitely many classes. */
  readonly alpha: number | 'infinity';
  /** Guidance: a coefficient w, a function of the process time, or a parsed formula. */
  readonly guidance: Guidance;
}

/** Keys of {@link ProblemInput}. */
export const inputKeys: readonly (keyof ProblemInput)[] = [...problemKeys, 'eta'];

/** The sampler of an input. @throws ParameterError for an unknown name, or a sampler beside eta */
export function samplerOf({ sampler, eta }: Pick<PhysicsInput, 'sampler' | 'eta'>): Sampler {
  if (eta === undefined) return namedSampler(sampler);
  if (sampler !== undefined) throw new ParameterError('eta', 'given without sampler', eta);
  return samplerWithEta(eta);
}

function namedSampler(sampler: Sampler | SamplerName = probabilityFlow): Sampler {
  if (typeof sampler !== 'string') return sampler;
  requireChoice('sampler', sampler, Object.keys(samplers) as SamplerName[]);
  return samplers[sampler];
}

/** The input with its defaults, and its names as objects; nothing is checked beyond those. */
export function completePhysics({ sigma2, form, ...rest }: PhysicsInput): Physics {
  const { ensemble = 'gaussian', process = ornsteinUhlenbeck, startTime = null } = rest;
  return {
    sigma2,
    ensemble,
    sampler: samplerOf(rest),
    process: typeof process === 'string' ? processOf(process) : process,
    startTime,
    ...(form === undefined ? {} : { form }),
  };
}

/** True if nothing of a problem is left to its defaults. */
function isComplete(problem: ProblemInput): problem is GuidedProblem {
  const { alpha, ensemble, sampler, eta, process, startTime } = problem;
  const isNamed = [alpha, sampler, process].some((value) => typeof value === 'string');
  const isPartial = [ensemble, sampler, process, startTime].some((value) => value === undefined);
  return !isNamed && !isPartial && eta === undefined;
}

/**
 * The guided problem of an input, checked.
 * @param forms whether the caller can do with other forms than linear guidance
 * @throws ParameterError for an unknown key, or a value outside its domain
 */
export function readProblem(problem: ProblemInput, forms: 'linear' | 'all' = 'linear'): GuidedProblem {
  requireKnownKeys('problem', problem, inputKeys);
  const complete = isComplete(problem) ? problem : completed(problem);
  checkProblem(complete, forms);
  return complete;
}

function completed({ alpha, guidance, ...physics }: ProblemInput): GuidedProblem {
  return { alpha: alpha === 'infinity' ? Infinity : alpha, guidance, ...completePhysics(physics) };
}

/**
 * The guided problem of an input without its class rate, for infinitely many classes.
 * @throws ParameterError for an unknown key, or a value outside its domain
 */
export function readRateFree(problem: Omit<ProblemInput, 'alpha'>): GuidedProblem {
  requireObject('problem', problem);
  return readProblem({ ...problem, alpha: Infinity });
}
