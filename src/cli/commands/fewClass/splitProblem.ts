import { splittingProblemOf } from '../../../fewClass/splitting/along.ts';
import type { SplittingProblem } from '../../../fewClass/splitting/record.ts';
import { samplers } from '../../../guidance/sampler.ts';
import { ParameterError, requireInteger, requirePositive } from '../../../numerics/checks.ts';
import { optionalNumber, type RawOptions } from '../../options.ts';
import { fewClassDefaults, parseVector, readProblem, readRule, readSamplers } from './problemOptions.ts';

/** Number of step sizes at which the split is located by default. */
const usuallyLocated = 6;

/** Three classes on a line, from --distance, or from --centres in any dimension. */
export function readSplitting(raw: RawOptions): SplittingProblem {
  const rule = readRule(raw);
  const isWritten = raw['sampler'] !== undefined || raw['eta'] !== undefined;
  const [sampler] = readSamplers(raw, null);
  const eta = isWritten || rule !== 'ddpm' ? sampler!.eta : samplers.sde.eta;
  const distance = optionalNumber(raw, 'distance', 'distance');
  if (raw['centres'] !== undefined) {
    if (distance !== null) throw new ParameterError('distance', 'given without --centres', distance);
    return splittingProblemOf(readProblem(raw, { eta }), rule);
  }
  if (distance === null) throw new ParameterError('distance', 'given (or centres, or figure)', undefined);
  requirePositive('distance', distance);
  for (const option of ['covariance', 'class'] as const) {
    if (raw[option] !== undefined) throw new ParameterError(option, 'given with --centres', raw[option]);
  }
  const variance = optionalNumber(raw, 'sigma2', 'sigma2') ?? 1;
  requirePositive('sigma2', variance);
  const startTime = optionalNumber(raw, 'tMax', 't-max') ?? fewClassDefaults.startTime;
  requirePositive('t-max', startTime);
  const weights = raw['weights'];
  return {
    distance,
    variance,
    startTime,
    rule,
    eta,
    ...(typeof weights === 'string' ? { weights: parseVector('weights', weights) } : {}),
  };
}

/** Step sizes at which the split is located. */
export function readLocated(raw: RawOptions, stepSizes: readonly number[]): number[] {
  const count = optionalNumber(raw, 'locate', 'locate');
  if (count === null) return stepSizes.length <= usuallyLocated ? [...stepSizes] : [];
  requireInteger('locate', count, 0, stepSizes.length);
  const last = stepSizes.length - 1;
  return Array.from(
    { length: count },
    (_, i) => stepSizes[count === 1 ? 0 : Math.round((i * last) / (count - 1))]!,
  );
}
