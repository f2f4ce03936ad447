import { availableParallelism } from 'node:os';

/** Workers that this machine has room for. */
export function defaultWorkers(): number {
  return Math.max(1, availableParallelism());
}
