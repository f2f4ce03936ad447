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

const idle: {
  name: IntegratorName;
  dimension: number;
  control: StepControl;
  integrator: AdaptiveIntegrator;
}[] = [];
const mostIdle = 8;

/**
 * Lends an adaptive integrator to `use` and takes it back for the next caller with the same tolerances: problems of
 * this project are so small that making the work arrays would be a sizeable part of solving them. Its counters go
 * on from earlier uses.
 */
export function withAdaptiveIntegrator<T>(
  name: IntegratorName,
  dimension: number,
  control: StepControl,
  use: (integrator: AdaptiveIntegrator) => T,
): T {
  const { relativeTolerance, absoluteTolerance } = control;
  const found = idle.findIndex(
    (entry) =>
      entry.name === name &&
      entry.dimension === dimension &&
      entry.control.relativeTolerance === relativeTolerance &&
      entry.control.absoluteTolerance === absoluteTolerance,
  );
  const entry =
    found >= 0
      ? idle.splice(found, 1)[0]!
      : {
          name,
          dimension,
          control: { relativeTolerance, absoluteTolerance },
          integrator: createAdaptiveIntegrator(name, dimension, { relativeTolerance, absoluteTolerance }),
        };
  try {
    return use(entry.integrator);
  } finally {
    if (idle.length < mostIdle) idle.push(entry);
  }
}
