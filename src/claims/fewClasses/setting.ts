import type { FewClassProblem } from '../../fewClass/problem.ts';
import type { Sampler, SamplerName } from '../../guidance/sampler.ts';
import { labelledMixture, type LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { samplerOf } from '../protocol/requests.ts';

/** The mixture of [W24]: N(1, 1) and N(-1, 1). */
export const pair = labelledMixture({ centres: [[1], [-1]], covariance: 1 });

/** A step that meets (eq. discrete-conditions) for variances of 0.3 and more. */
export const eulerSteps = { stepSize: 0.05, rule: 'euler' } as const;

/** Guidance to the first class of a mixture, from T = 10. */
export const guidedToFirst = (mixture: LabelledMixture, sampler: SamplerName | Sampler): FewClassProblem => ({
  ...{ mixture, guidedClass: 0, sampler: samplerOf({ sampler }) },
  ...{ process: ornsteinUhlenbeck, startTime: 10 },
});
