import { CashKarp } from './cashKarp.ts';
import { DormandPrince } from './dormandPrince.ts';
import type { AdaptiveIntegrator, IntegratorName, StepControl } from './integrator.ts';

/** An adaptive integrator by name for a state of `dimension` components. */
export function createAdaptiveIntegrator(
  name: IntegratorName,
  dimension: number,
  control: StepControl,
): AdaptiveIntegrator {
  return name === 'cash-karp' ? new CashKarp(dimension, control) : new DormandPrince(dimension, control);
}
