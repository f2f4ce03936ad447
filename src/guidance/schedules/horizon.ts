import { requirePositive } from '../../numerics/checks.ts';
import { requireProcess, requireStartTime, type ForwardProcess } from '../../process/process.ts';

// OU time at which the signal scale is 5 %, about where training schedules of image models end.
const ouHorizon = 3;

/**
 * Start T of sampling that the clock progress = 1 - t/T refers to where sampling itself starts at infinite noise: 3 in OU
 * time, the same noise level tau = e^6 - 1 for the variance-exploding process, and 1 for the flow, whose time is finite.
 * Before T a schedule in progress keeps its first value, progress = max(0, 1 - t/T).
 */
export function defaultHorizon(process: ForwardProcess): number {
  requireProcess(process);
  switch (process.name) {
    case 'ou':
      return ouHorizon;
    case 've':
      return Math.expm1(2 * ouHorizon);
    case 'flow':
      return 1;
  }
}

/**
 * Start T of the clock progress: the one that is given, or that of the process.
 * @throws ParameterError unless sampling can start there
 */
export function resolveHorizon(process: ForwardProcess, given: number | null): number {
  const horizon = given ?? defaultHorizon(process);
  requireHorizon(process, horizon);
  return horizon;
}

/** Throws unless `horizon` is a time of the process at which sampling can start. */
export function requireHorizon(process: ForwardProcess, horizon: number): void {
  requirePositive('horizon', horizon);
  requireStartTime('horizon', process, horizon);
}
