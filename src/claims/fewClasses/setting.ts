import type { FewClassProblem } from '../../fewClass/problem.ts';
import { samplers, type Sampler, type SamplerName } from '../../guidance/sampler.ts';
import { labelledMixture, type LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';

/** The mixture of [W24]: N(1, 1) and N(-1, 1). */
export const pair = labelledMixture({ centres: [[1], [-1]], covariance: 1 });

/** A step that meets (eq. discrete-conditions) for variances of 0.3 and more. */
export const eulerSteps = { stepSize: 0.05, rule: 'euler' } as const;

/** Guidance to the first class of a mixture, from T = 10. */
export function guidedToFirst(mixture: LabelledMixture, sampler: SamplerName | Sampler): FewClassProblem {
  return {
    mixture,
    guidedClass: 0,
    sampler: typeof sampler === 'string' ? samplers[sampler] : sampler,
    process: ornsteinUhlenbeck,
    startTime: 10,
  };
}
