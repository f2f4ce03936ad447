import { particleDefaults } from '../../particles/problem/problem.ts';
import { defaultWorkers } from '../../threads/workers.ts';
import type { Progress } from '../terminal/progress.ts';
import { group, onlyWith } from './input.ts';
import { choice, integer, number, range } from './options.ts';

/** --seed. */
export const seedOption = number('seed of the random numbers', {
  as: 'I',
  default: particleDefaults.seed,
  domain: integer(0),
});

/** --workers. */
export const workersOption = number('threads', {
  as: 'P',
  default: defaultWorkers(),
  usual: 'all processors',
});

const beside = { with: 'simulate' } as const;

/** Simulations beside the theory, without their number of steps. */
export const besideOptions = {
  simulate: range('simulations beside the theory at these dimensions, by comma', {
    as: 'list',
    domain: integer(2),
    sets: ['dimension', 'classes'],
  }),
  particles: number('particles per realisation', { as: 'N', default: 200, ...beside }),
  realizations: number('realisations of the classes', { as: 'R', default: 8, ...beside }),
  seed: onlyWith('simulate', seedOption),
  workers: onlyWith('simulate', workersOption),
} as const;

/** Progress of simulations at several dimensions. @param mode their name */
export const dimensionProgress = (progress: Progress, mode: string) => ({
  onDimension: (d: number) => {
    progress.stage(`${mode} simulation, d = ${d}`);
  },
  onProgress: progress.update.bind(progress),
});

const pathModes = ['full', 'reduced'] as const;

/** Simulations beside the path of a solution. */
export interface PathSimulations {
  readonly dimensions: readonly number[];
  readonly mode: (typeof pathModes)[number];
  readonly workers: number;
  readonly options: Readonly<Record<'particles' | 'realizations' | 'steps' | 'seed', number>>;
}

/** {@link PathSimulations}; null if none are requested. */
export const pathSimulationOptions = group(
  {
    ...besideOptions,
    mode: choice('explicit classes, or the others averaged', pathModes, {
      as: 'mode',
      default: 'full',
      ...beside,
    }),
    steps: number('time steps of a simulation', { as: 'S', default: 60, ...beside }),
  },
  ({ simulate: dimensions, workers, mode, ...options }): PathSimulations | null =>
    dimensions === null ? null : { dimensions, workers, mode, options },
);
