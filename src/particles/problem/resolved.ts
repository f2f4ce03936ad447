import type { FormRule } from '../../guidance/forms/rule.ts';
import { requireParticleProblem, type ParticleProblem } from './problem.ts';
import { particleStart, type ParticleStart } from './start.ts';

/** A checked problem with the quantities derived from it. */
export interface ResolvedProblem {
  readonly problem: ParticleProblem;
  /** Compiled rule of its guidance form; null for linear guidance. */
  readonly rule: FormRule | null;
  readonly start: ParticleStart;
}

/**
 * Checks a problem and derives its quantities.
 * @param guidance linear: refuses other forms, and classifiers
 * @throws ParameterError for an unknown key or a value outside its domain
 */
export function resolveProblem(
  problem: ParticleProblem,
  guidance: 'linear' | 'all' = 'all',
): ResolvedProblem {
  const rule = requireParticleProblem(problem, guidance);
  return { problem, rule, start: particleStart(problem) };
}
