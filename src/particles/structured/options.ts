import { requireChoice, requireKnownKeys } from '../../numerics/checks.ts';
import {
  particleDefaults,
  resolveParticleOptions,
  type ParticleOptions,
  type TimeGridName,
} from '../problem/problem.ts';

/** Numerics of {@link simulateStructured}: those of {@link ParticleOptions} that apply, with a number of steps and an even grid. */
export interface StructuredOptions extends Pick<
  ParticleOptions,
  'particles' | 'realizations' | 'seed' | 'method' | 'skipTolerance' | 'memoryLimit'
> {
  readonly steps: number;
  /** Variable in which the time steps are even (default: angle). */
  readonly grid: StructuredGrid;
}

/** Time grids without a pilot. */
export const structuredGrids = ['angle', 'logsnr', 'time'] as const satisfies readonly TimeGridName[];

/** One of {@link structuredGrids}. */
export type StructuredGrid = (typeof structuredGrids)[number];

const { particles, realizations, steps, seed, method, skipTolerance, memoryLimit } = particleDefaults;

/** Defaults of {@link StructuredOptions}. */
export const structuredDefaults: StructuredOptions = {
  particles,
  realizations,
  steps,
  seed,
  method,
  grid: 'angle',
  skipTolerance,
  memoryLimit,
};

/** Options with the defaults filled in. @throws ParameterError for an unknown key or a value outside its domain */
export function resolveStructuredOptions(options: Partial<StructuredOptions> = {}): StructuredOptions {
  requireKnownKeys('options', options, Object.keys(structuredDefaults));
  const resolved = { ...structuredDefaults, ...options };
  resolveParticleOptions(resolved);
  requireChoice('grid', resolved.grid, structuredGrids);
  return resolved;
}
