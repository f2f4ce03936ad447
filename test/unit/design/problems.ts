import type { DesignProblem } from '../../../src/design/problem.ts';
import { processes, type ProcessName } from '../../../src/process/process.ts';

/** A problem of the tests: gaussian ensemble, OU unless said otherwise. */
export function problemOf(
  alpha: number,
  sigma2: number,
  eta: number,
  process: ProcessName = 'ou',
  ensemble: DesignProblem['ensemble'] = 'gaussian',
): DesignProblem {
  return { alpha, sigma2, ensemble, sampler: { eta }, process: processes[process] };
}
