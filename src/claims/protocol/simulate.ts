import type { RangeProgress } from '../../particles/fullRange.ts';
import type { ClassKernel } from '../../particles/kernels/kernel.ts';
import { simulateSpec } from '../../particles/simulationSpec.ts';
import { simulateStructured } from '../../particles/structured/simulate.ts';
import { isStructured, type ClaimRequestResult } from './claim.ts';
import type { PlannedSimulation } from './validate.ts';

/**
 * Runs a planned simulation, of structured classes or not, in this thread.
 * @param numerics options that the request leaves open
 */
export async function simulatePlanned(
  { request, seed }: Pick<PlannedSimulation, 'request' | 'seed'>,
  kernel?: ClassKernel,
  numerics: { readonly memoryLimit?: number } = {},
  onProgress?: RangeProgress,
): Promise<ClaimRequestResult> {
  return isStructured(request)
    ? simulateStructured(request.structured, { ...numerics, ...request.options, seed }, kernel, onProgress)
    : simulateSpec(request.spec, { ...numerics, ...request.options, seed }, kernel, onProgress);
}
