import type { SamplingProblem } from '../../../../src/classifier/sampling/problem.ts';
import type { DiffusedMixture } from '../../../../src/mixture/labelled/diffused.ts';
import { diffuseMixture } from '../../../../src/mixture/labelled/diffused.ts';
import { labelledMixture } from '../../../../src/mixture/labelled/mixture.ts';

/** Three overlapping classes in the plane: the default of `classifier propagate`. */
export const plane = diffuseMixture(
  labelledMixture({
    centres: [
      [1.5, 0],
      [-0.75, 1.3],
      [-0.75, -1.3],
    ],
  }),
);

/** Two classes on the line, well apart. */
export const onLine = diffuseMixture(labelledMixture({ centres: [[1], [-1]], covariance: 0.25 }));

/** Class 0 from T = 3.5 to the data. */
export function problemOf(diffused: DiffusedMixture, w = 1): SamplingProblem {
  return { diffused, label: 0, w, startTime: 3.5, endTime: 0 };
}
