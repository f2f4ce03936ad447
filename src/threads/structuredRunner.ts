import type { StructuredSummary } from '../particles/structured/observables.ts';
import { runStructuredRange, structuredPlan } from '../particles/structured/simulate.ts';
import { loadKernel } from './kernel.ts';
import type { StructuredSetup } from './structured.ts';

/** Makes a runner of single realisations in this thread. */
export async function realizationRunner({
  problem,
  options,
  kernel: name,
}: StructuredSetup): Promise<(realization: number) => StructuredSummary> {
  const plan = await structuredPlan(problem, options);
  const { kernel } = await loadKernel(name);
  return (realization) => runStructuredRange(plan, realization, realization + 1, kernel)[0]!;
}
