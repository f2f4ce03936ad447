import { requireFunction, requireInteger } from '../../numerics/checks.ts';
import type { RangeProgress } from '../fullRange.ts';
import { requireKernel, type ClassKernel } from '../kernels/kernel.ts';
import { plainKernel } from '../kernels/plainKernel.ts';
import type { StructuredSummary } from './observables.ts';
import { resolveStructuredOptions, type StructuredOptions } from './options.ts';
import { planStructured, type StructuredPlan } from './plan.ts';
import { requireMemory } from './posterior.ts';
import { runRealization } from './realization.ts';
import { mergeStructured, type StructuredResult } from './result.ts';
import { completeStructured, resolveStructured, type StructuredInput } from './spec.ts';

/**
 * Full (quenched) or reduced (annealed) simulation of structured classes in this thread: classes drawn from a law, the exact score of their mixture
 *   p(y) = (1/K) sum_k prod_i N(y_i; mu_k,i, c_k,i + tau)   in the frame y = x/a,
 * linear guidance towards the first class, or superclass. O(K d) per particle and score. In the mode `reduced` the competing classes are replaced by
 * their average (eqs. averaged-bands, averaged-levels): O(d), at any number of classes, and realisations are independent batches.
 * @param kernel engine for the sums over classes of a full simulation (default: plain double precision; see chooseKernel)
 * @param onProgress fraction done, in [0, 1]
 * @returns averages at the data with standard errors over realisations of the classes
 * @throws ParameterError for an unknown key, a parameter outside its domain, a variance of 0, a dimension that leaves a band without
 * coordinates, or classes above options.memoryLimit
 * @example
 * const bands = [{ weight: 0.5, rho: 1.5, c: 0.4 }, { weight: 0.5, rho: 0.5, c: 0.1 }];
 * const problem = { law: { kind: 'bands', bands }, alpha: 0.5, dimension: 10, guidance: { w: 1 } } as const;
 * const { bands: [wide, narrow] } = await simulateStructured(problem, { particles: 100, realizations: 4 });
 */
export async function simulateStructured(
  problem: StructuredInput,
  options: Partial<StructuredOptions> = {},
  kernel: ClassKernel = plainKernel,
  onProgress?: RangeProgress,
): Promise<StructuredResult> {
  requireFunction('onProgress', onProgress, 'optional');
  const plan = await structuredPlan(problem, options);
  return mergeStructured(plan, runStructuredRange(plan, 0, plan.options.realizations, kernel, onProgress));
}

/**
 * Plan of a simulation of structured classes, which can be run in parts: {@link runStructuredRange} runs some realisations,
 * {@link mergeStructured} puts them together.
 * @throws ParameterError as {@link simulateStructured}
 */
export async function structuredPlan(
  problem: StructuredInput,
  options: Partial<StructuredOptions> = {},
): Promise<StructuredPlan> {
  const resolvedOptions = resolveStructuredOptions(options);
  return planStructured(await resolveStructured(completeStructured(problem)), resolvedOptions);
}

/**
 * Runs the realisations [begin, end) of a plan. Each depends on the plan, its number and the kernel alone, bit for bit.
 * @throws ParameterError for realisations that the plan does not have, or classes above options.memoryLimit
 */
export function runStructuredRange(
  plan: StructuredPlan,
  begin: number,
  end: number,
  kernel: ClassKernel = plainKernel,
  onProgress?: RangeProgress,
): StructuredSummary[] {
  const { problem, options } = plan;
  requireInteger('begin', begin, 0, options.realizations);
  requireInteger('end', end, begin, options.realizations);
  requireKernel(kernel);
  requireMemory(problem, options, kernel);
  return Array.from({ length: end - begin }, (_, n) =>
    runRealization(plan, begin + n, kernel, (fraction) => onProgress?.((n + fraction) / (end - begin))),
  );
}
