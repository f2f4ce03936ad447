import { checkGuidance } from '../guidance/schedule.ts';
import { rateOfLevels, requireClassLaw, type ClassLaw } from '../mixture/classLaw.ts';
import { ParameterError, requireKnownKeys, requireObject } from '../numerics/checks.ts';
import { requireSampler } from '../guidance/sampler.ts';
import { requireProcess, requireStartTime } from '../process/process.ts';
import { completePhysics, type ProblemInput } from './input.ts';
import { requireRate, type GuidedProblem } from './physics.ts';

/** A guided problem on structured classes as one writes it: a class law in place of a variance and an ensemble. */
export interface StructuredInput extends Omit<ProblemInput, 'sigma2' | 'ensemble' | 'form' | 'alpha'> {
  readonly law: ClassLaw;
  /** Class rate log(K)/d of bands, >= 0, or Infinity; a hierarchy has its own. */
  readonly alpha?: number | 'infinity';
}

/** A guided problem on structured classes, complete. */
export interface StructuredProblem extends Omit<GuidedProblem, 'sigma2' | 'ensemble' | 'form'> {
  readonly law: ClassLaw;
}

const keys: readonly (keyof StructuredInput)[] = [
  'law',
  'alpha',
  'guidance',
  'sampler',
  'eta',
  'process',
  'startTime',
];

/**
 * The problem of an input, checked.
 * @throws ParameterError for an unknown key, a value outside its domain, a rate beside a hierarchy
 */
export function readStructured(input: StructuredInput): StructuredProblem {
  requireObject('problem', input);
  requireKnownKeys('problem', input, keys);
  const { law, alpha, guidance, ...rest } = input;
  requireClassLaw(law);
  checkGuidance(guidance);
  const { sampler, process, startTime } = completePhysics({ sigma2: 1, ...rest });
  requireSampler(sampler);
  requireProcess(process);
  if (startTime !== null) requireStartTime('startTime', process, startTime);
  return { law, alpha: rateOf(law, alpha), guidance, sampler, process, startTime };
}

function rateOf(law: ClassLaw, alpha: StructuredInput['alpha']): number {
  if (law.kind === 'levels') {
    const own = rateOfLevels(law);
    if (alpha !== undefined && alpha !== own)
      throw new ParameterError('alpha', 'absent: the levels have rates of their own', alpha);
    return own;
  }
  if (alpha === undefined) throw new ParameterError('alpha', 'given', undefined);
  const rate = alpha === 'infinity' ? Infinity : alpha;
  requireRate(rate);
  return rate;
}
