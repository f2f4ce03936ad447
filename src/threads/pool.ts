import { defaultWorkers } from './workers.ts';
import {
  requireChoice,
  requireFunction,
  requireInteger,
  requireKnownKeys,
  requireText,
} from '../numerics/checks.ts';
import { remainingTasks, type CheckpointIdentity } from '../particles/checkpoint/checkpoint.ts';
import { kernelNames, type KernelName } from '../particles/kernels/choose.ts';
import type { ClassKernel } from '../particles/kernels/kernel.ts';
import { planResolved, type SimulationPlan } from '../particles/plan/plan.ts';
import {
  explicitClassCount,
  resolveParticleOptions,
  type ParticleOptions,
} from '../particles/problem/problem.ts';
import { RangeCollector, type ParticleResult } from '../particles/tasks.ts';
import type { TimeGrid } from '../particles/grids/timeGrid.ts';
import { openCheckpoint, type CheckpointFile } from './checkpointFile.ts';
import { loadKernel } from './kernel.ts';
import { engineVersion, packageVersion } from './version.ts';
import type { QueueSettings } from './simulationQueue.ts';
import { sampleHere, sampleOnThreads, tasksToDo, WorkDone, type RunProgress, type Work } from './sampling.ts';
import { planFullWork, planReducedWork, shareChoices, type ShareChoice, type WorkPlan } from './share.ts';
import { resolveSpec, type SimulationSpec } from '../particles/simulationSpec.ts';

/** Options of a run; none of it but the backend changes a bit of the result. */
export interface RunSettings {
  /** Threads, 1 to 1024 (default: one for each core). */
  readonly workers?: number;
  /** Told the fraction done, in [0, 1], and in a full simulation the pairs of a particle and a class a second. */
  readonly onProgress?: RunProgress;
  /** Engine of a full simulation (default auto). */
  readonly backend?: KernelName;
  /** Default auto. */
  readonly share?: ShareChoice;
  /** File of the finished work, at most two seconds old; a run of the same simulation continues from it. */
  readonly checkpoint?: string;
  /** Receives the open checkpoint, whose `save` writes all pending work at once, as an interrupt requires. */
  readonly onCheckpoint?: (opened: CheckpointFile) => void;
  /** Told about workers that die. */
  readonly onNote?: (note: string) => void;
}

/** A completed simulation and its cost. */
export interface SimulationRun {
  readonly result: ParticleResult;
  readonly options: ParticleOptions;
  /** Time steps that were taken. */
  readonly grid: TimeGrid;
  /** Wall seconds of sampling, earlier runs included. */
  readonly seconds: number;
  /** Engine that was used; null in simulations without classes. */
  readonly backend: ClassKernel['name'] | null;
  readonly share: WorkPlan['share'];
  readonly centres: WorkPlan['centres'];
  /** Threads that worked. */
  readonly workers: number;
  /** Share of the particles that an earlier run had finished. */
  readonly resumed: number;
  readonly notes: readonly string[];
}

const settingKeys: readonly (keyof RunSettings)[] = [
  'workers',
  'onProgress',
  'backend',
  'share',
  'checkpoint',
  'onCheckpoint',
  'onNote',
];

/** Throws unless the run options of a simulation and of claims have the right types. */
export function requireRunSettings(settings: RunSettings | QueueSettings): void {
  if (settings.workers !== undefined) requireInteger('workers', settings.workers, 1, 1024);
  if (settings.backend !== undefined) requireChoice('backend', settings.backend, kernelNames);
  if (settings.checkpoint !== undefined) requireText('checkpoint', settings.checkpoint);
  for (const name of ['onProgress', 'onCheckpoint', 'onNote'] as const) {
    requireFunction(name, settings[name], 'optional');
  }
}

/**
 * Runs a particle simulation on `workers` threads, so that this one stays free for progress and interrupts. The
 * result is the same, bit for bit, for any number of them, and whether or not a part of it was done by an earlier run.
 * A thread that dies is replaced, and its task tried once more.
 * @throws ParameterError for inadmissible parameters, before any work is done
 * @throws NumericalFailure if a thread dies again over the same task
 */
export async function runSimulation(
  spec: SimulationSpec,
  given: Partial<ParticleOptions> = {},
  settings: RunSettings = {},
): Promise<SimulationRun> {
  requireKnownKeys('settings', settings, settingKeys);
  requireRunSettings(settings);
  const { workers = defaultWorkers(), onProgress = () => undefined, onNote = () => undefined } = settings;
  const options = resolveParticleOptions(given);
  const resolved = await resolveSpec(spec);
  const { kernel, notes } = await loadKernel(settings.backend ?? 'auto');
  const { share: choice = 'auto' } = settings;
  requireChoice('share', choice, shareChoices);
  const plan = planResolved(resolved, spec.mode, options, spec.centreOverlap);
  const { grid } = plan;
  const { tasks: planned, ...shared } =
    spec.mode === 'full' ? planFullWork(plan, kernel, workers, choice) : planReducedWork(options, choice);
  const kept =
    settings.checkpoint === undefined
      ? null
      : openCheckpoint(settings.checkpoint, simulationIdentity(spec, options, kernel), onNote);
  if (kept !== null) settings.onCheckpoint?.(kept);
  const earlier = kept?.earlier ?? { finished: [], partial: [], seconds: 0 };
  const collector = new RangeCollector(plan);
  for (const range of earlier.finished) collector.add(range);
  const tasks = remainingTasks(options, planned, earlier.finished);
  const threads = shared.teamSize > 1 ? shared.teamSize : Math.min(workers, tasks.length);
  const work: Work = {
    setup: {
      spec,
      // Decided for all threads together.
      options: { ...options, centres: shared.centres?.place ?? options.centres },
      grid,
      kernel: kernel.name,
    },
    threads,
    teamSize: shared.teamSize,
    crewLength: shared.crewLength,
    tasks: tasksToDo(tasks, earlier.partial),
    done: new WorkDone(options, earlier.finished, pairsPerParticle(plan), onProgress),
    onFinished(range, now) {
      collector.add(range);
      kept?.finished(range, now);
    },
    onState: (partial, now) => kept?.state(partial, now),
    onNote,
  };
  const resumed = work.done.fraction(0);
  // Run from source (tests) there is no compiled worker to start.
  const sample = import.meta.url.endsWith('.ts') ? sampleHere : sampleOnThreads;
  let seconds = 0;
  try {
    if (tasks.length > 0) seconds = await sample(work);
  } finally {
    kept?.save();
  }
  return {
    result: collector.result(),
    options,
    seconds: seconds + earlier.seconds,
    backend: spec.mode === 'full' ? kernel.name : null,
    grid,
    share: shared.share,
    centres: shared.centres,
    workers: threads,
    resumed,
    notes: spec.mode === 'full' ? notes : [],
  };
}

/** Pairs of a particle and a class that one particle of a full simulation costs, 0 in others. */
function pairsPerParticle({ mode, problem, steps }: SimulationPlan): number {
  if (mode !== 'full') return 0;
  // One score at the beginning of a step, one more for a corrector, one at the data; none where w = 0.
  const scores = steps.map(
    ({ w, endW, corrector }) => Number(w !== 0) + Number(corrector !== null && endW !== 0),
  );
  const { classifier } = problem;
  // A classifier of another temperature looks at the classes for itself.
  const passes = classifier === undefined || classifier.temperature === 1 ? 1 : 2;
  return explicitClassCount(problem) * scores.reduce((sum, count) => sum + passes * count, 1);
}

/** Options that do not change a bit of the result: where classes are kept, and how much memory there is. */
const indifferentOptions: readonly string[] = ['memoryLimit', 'centres'];

/** Inputs that determine the result bit for bit. */
function simulationIdentity(
  spec: SimulationSpec,
  options: ParticleOptions,
  kernel: ClassKernel,
): CheckpointIdentity {
  const numerics = Object.entries(options).filter(([key]) => !indifferentOptions.includes(key));
  return {
    version: packageVersion(),
    engine: engineVersion(),
    problem: spec,
    options: Object.fromEntries(numerics),
    backend: spec.mode === 'full' ? `${kernel.name} (${kernel.instructions})` : null,
  };
}
