import { ParameterError } from '../numerics/checks.ts';
import { placeCentres } from '../particles/engine/engine.ts';
import type { ClassKernel } from '../particles/kernels/kernel.ts';
import { rowLength, shardBounds } from '../particles/kernels/kernel.ts';
import type { SimulationPlan } from '../particles/plan/plan.ts';
import { explicitClassCount, type ParticleOptions } from '../particles/problem/problem.ts';
import { cutTasks, type ParticleTask } from '../particles/tasks.ts';

/** Division of a simulation between workers: each has its own particles, or all share the classes of one task at a time. */
export const shareChoices = ['auto', 'particles', 'classes'] as const;

/** One of {@link shareChoices}. */
export type ShareChoice = (typeof shareChoices)[number];

/** Tasks and the workers on each. */
export interface WorkPlan {
  readonly share: Exclude<ShareChoice, 'auto'>;
  readonly tasks: readonly ParticleTask[];
  /** Threads that work on a task together. */
  readonly teamSize: number;
  /** Numbers that the threads of a team have to see of each other: the sums of all shards for a task. */
  readonly crewLength: number;
  /** Storage of the class centres and their bytes in all threads together; null without explicit classes. */
  readonly centres: { readonly place: 'memory' | 'stream'; readonly bytes: number } | null;
}

/** Tasks are cut at multiples of this number of particles, so that engines get full groups. */
const grain = 32;
/** Tasks that a simulation is cut into if it is large enough: they keep many threads busy to the end. */
const tasksWanted = 128;
/** Number of tasks where the centres do not fit into a thread's cache: a task reads them at every step. */
const tasksWantedBeyondCache = 32;
const cacheBytes = 1e6;
/** Particles of a task at most, also where classes are shared: the particles of one pass over them. */
const largestTask = 4096;
const largestSharedTask = 256;
const largestStreamedTask = 1024;
/** Bytes of the class centres (4 K d) from which on workers share them. */
const largeCentres = 64e6;

/** Plan of a simulation without explicit classes. @throws ParameterError if classes are to be shared */
export function planReducedWork(options: ParticleOptions, choice: ShareChoice): WorkPlan {
  if (choice === 'classes') {
    throw new ParameterError('share', 'particles or auto where no classes are simulated', choice);
  }
  const tasks = tasksOf(options, tasksWanted, largestTask);
  return { share: 'particles', tasks, teamSize: 1, crewLength: 0, centres: null };
}

/**
 * Plan of a full simulation. Workers share the classes where centres are large, generated anew at every pass, or where there
 * are fewer tasks than workers.
 * @throws ParameterError if the centres are wanted in memory and do not fit
 */
export function planFullWork(
  { problem, options }: SimulationPlan,
  kernel: ClassKernel,
  workers: number,
  choice: ShareChoice,
): WorkPlan {
  const { dimension } = problem;
  const classes = explicitClassCount(problem);
  const shards = Math.max(1, shardBounds(classes - 1).length - 1);
  const bytes = 4 * classes * dimension;
  const own = tasksOf(options, bytes > cacheBytes ? tasksWantedBeyondCache : tasksWanted, largestTask);
  const place = (threads: number, members: number, centres = options.centres) => {
    const engine = placeCentres(problem, { ...options, centres }, kernel, threads, members);
    return { place: engine.streamed ? 'stream' : 'memory', bytes: engine.bytes * threads } as const;
  };
  const threads = Math.min(workers, own.length);
  if (choice === 'auto') {
    const alone = place(threads, 1, options.centres === 'memory' ? 'auto' : options.centres);
    const isWorthwhile = alone.place === 'stream' || bytes > largeCentres || own.length < workers;
    choice = isWorthwhile && workers > 1 && shards > 1 ? 'classes' : 'particles';
  }
  if (choice === 'particles') {
    return { share: choice, tasks: own, teamSize: 1, crewLength: 0, centres: place(threads, 1) };
  }
  const teamSize = Math.min(workers, shards);
  const centres = place(teamSize, teamSize);
  const tasks = tasksOf(options, 1, centres.place === 'stream' ? largestStreamedTask : largestSharedTask);
  const particles = Math.max(...tasks.map(({ begin, end }) => end - begin));
  return { share: choice, tasks, teamSize, crewLength: shards * particles * rowLength(dimension), centres };
}

/** Cuts a simulation into about so many tasks of at most so many particles, independent of the number of workers. */
function tasksOf(options: ParticleOptions, wanted: number, most: number): ParticleTask[] {
  const { particles, realizations } = options;
  const size = grain * Math.ceil((particles * realizations) / (wanted * grain));
  return cutTasks(options, Math.min(particles, most, size));
}
