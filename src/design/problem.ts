import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
  requirePositive,
} from '../numerics/checks.ts';
import { completePhysics, type PhysicsInput } from '../problem/input.ts';
import { requireModel, type Physics } from '../problem/physics.ts';

/** The physics for which a schedule is designed, as one writes it: a guided problem without its guidance, from infinite noise. */
export interface DesignInput extends Omit<PhysicsInput, 'startTime' | 'form'> {
  /** Class rate log(K)/d, > 0; Infinity for infinitely many classes. */
  readonly alpha: number;
}

/** The physics for which a schedule is designed, complete: {@link DesignInput} with its defaults and its names as objects. */
export interface DesignProblem extends Omit<Physics, 'startTime' | 'form'> {
  /** Class rate log(K)/d, > 0; Infinity for infinitely many classes. */
  readonly alpha: number;
}

/** Separation of the classes that a schedule must reach. */
export interface DesignTarget {
  /** Least overlap m at the data. */
  readonly overlap: number;
  /**
   * The class is decided early: psi - phi >= logOdds per dimension at this process time; null: not asked. A posterior
   * weight p of the guided class in dimension d is logOdds = log(p/(1 - p))/d. With infinitely many classes psi - phi
   * has no finite value, and logOdds stands for psi - phi + alpha: the class rate that would be decided at that time.
   */
  readonly decision: { readonly time: number; readonly logOdds: number } | null;
}

/** Log-odds per dimension of a posterior weight in dimension d: log(p/(1 - p))/d. */
export function logOddsPerDimension(posterior: number, dimension: number): number {
  return Math.log(posterior / (1 - posterior)) / dimension;
}

/** Families of schedules that can be designed (families.ts). */
export const designFamilies = ['two-level', 'linear-window', 'three-level', 'piecewise-linear'] as const;

/** One of {@link designFamilies}. */
export type DesignFamily = (typeof designFamilies)[number];

/** Bounds that a design keeps. */
export interface DesignLimits {
  /** Least coefficient w, in [-1, 0): below -1 the score would be pushed beyond the unconditional one. */
  readonly least: number;
  /** Largest coefficient w, > 0. */
  readonly largest: number;
  /** Least complexity of the competing classes along the path, >= 0: below 0 they condense and the theory ends. */
  readonly complexity: number;
}

/** Numerical and method options; every one has a default. */
export interface DesignOptions {
  readonly family: DesignFamily;
  readonly limits: DesignLimits;
  /** Nodes of the piecewise-linear family. */
  readonly nodes: number;
  /** |v/sigma2 - 1| to reach. */
  readonly tolerance: number;
  /**
   * Errors of alpha and sigma2 over which the largest |v/sigma2 - 1| is minimised; null: the nominal problem alone.
   */
  readonly robust: { readonly alpha: number; readonly sigma2: number } | null;
  /** Seed of the random starts of the search. */
  readonly seed: number;
}

/** Defaults of {@link DesignOptions}. */
export const designDefaults: DesignOptions = {
  family: 'two-level',
  limits: { least: -1, largest: 3, complexity: 0.002 },
  nodes: 8,
  tolerance: 1e-3,
  robust: null,
  seed: 1,
};

/** Keys of {@link DesignInput}. */
export const designKeys: readonly (keyof DesignInput)[] = [
  'alpha',
  'sigma2',
  'ensemble',
  'sampler',
  'eta',
  'process',
];

/** The design problem of an input, checked. @throws ParameterError for an unknown key, or a value outside its domain */
export function readDesignProblem(problem: DesignInput): DesignProblem {
  requireKnownKeys('problem', problem, designKeys);
  const { alpha, ...physics } = problem;
  if (alpha !== Infinity) requirePositive('alpha', alpha);
  const { sigma2, ensemble, sampler, process } = completePhysics(physics);
  const complete = { alpha, sigma2, ensemble, sampler, process };
  requireModel(complete);
  return complete;
}

/** Throws ParameterError unless the target is one. */
export function checkTarget(target: DesignTarget): void {
  requireKnownKeys('target', target, ['overlap', 'decision']);
  requireFinite('overlap', target.overlap);
  if (target.decision === null) return;
  requireKnownKeys('decision', target.decision, ['time', 'logOdds']);
  requireNonNegative('decision.time', target.decision.time);
  requireFinite('decision.logOdds', target.decision.logOdds);
}

/** Throws ParameterError unless the errors of the two parameters are numbers >= 0. */
export function requireErrors(
  parameter: string,
  errors: { readonly alpha: number; readonly sigma2: number },
): void {
  requireKnownKeys(parameter, errors, ['alpha', 'sigma2']);
  requireNonNegative(`${parameter}.alpha`, errors.alpha);
  requireNonNegative(`${parameter}.sigma2`, errors.sigma2);
}

/** Fills in defaults. @throws ParameterError for unknown keys or inadmissible values */
export function resolveDesignOptions(options: Partial<DesignOptions>): DesignOptions {
  requireKnownKeys('options', options, Object.keys(designDefaults));
  const resolved = { ...designDefaults, ...options };
  const { limits, robust } = resolved;
  requireChoice('family', resolved.family, designFamilies);
  requireKnownKeys('limits', limits, Object.keys(designDefaults.limits));
  requireFinite('limits.least', limits.least);
  if (!(limits.least >= -1 && limits.least < 0))
    throw new ParameterError('limits.least', 'in [-1, 0)', limits.least);
  requirePositive('limits.largest', limits.largest);
  requireNonNegative('limits.complexity', limits.complexity);
  requireInteger('nodes', resolved.nodes, 3, 24);
  requirePositive('tolerance', resolved.tolerance);
  requireInteger('seed', resolved.seed, 0);
  if (robust !== null) requireErrors('robust', robust);
  return resolved;
}
