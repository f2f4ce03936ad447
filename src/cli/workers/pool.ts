import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { NumericalFailure, requireInteger } from '../../numerics/checks.ts';
import type { ParticleRange } from '../../particles/observables.ts';
import {
  explicitClassCount,
  requireParticleProblem,
  resolveParticleOptions,
  type ParticleOptions,
  type ParticleProblem,
} from '../../particles/problem.ts';
import { mergeTasks, planTasks, type ParticleResult, type ParticleTask } from '../../particles/tasks.ts';
import { createTaskRunner, particleProblem, type SimulationSpec } from './spec.ts';

/** What a simulation cost. */
export interface SimulationRun {
  readonly result: ParticleResult;
  readonly options: ParticleOptions;
  /** Wall seconds of sampling. */
  readonly seconds: number;
}

/** Workers that this machine has room for. */
export function defaultWorkers(): number {
  return Math.max(1, availableParallelism());
}

type Message =
  { kind: 'ready' } | { kind: 'progress'; fraction: number } | { kind: 'range'; range: ParticleRange };

/**
 * Runs a particle simulation on `workers` threads, so that this one stays free for progress and interrupts. The
 * result is the same, bit for bit, for any number of them.
 * @throws ParameterError for inadmissible parameters, before any work is done
 * @throws NumericalFailure if a worker dies
 */
export async function runSimulation(
  spec: SimulationSpec,
  given: Partial<ParticleOptions>,
  workers: number,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<SimulationRun> {
  requireInteger('workers', workers, 1, 1024);
  const options = resolveParticleOptions(given);
  const problem = await particleProblem(spec);
  requireParticleProblem(problem);
  if (spec.mode === 'full') explicitClassCount(problem, options);
  // Enough tasks that the threads end together, but not so small that drawing the centres again costs more than it
  // saves.
  const perTask = Math.max(16, Math.ceil((options.particles * options.realizations) / (workers * 8)));
  const tasks = planTasks(options, Math.min(options.particles, perTask));
  // Run from source (tests) there is no compiled worker to start.
  const { ranges, seconds } = import.meta.url.endsWith('.ts')
    ? await runHere(spec, problem, options, tasks, onProgress)
    : await runOnThreads(spec, options, tasks, Math.min(workers, tasks.length), onProgress);
  return { result: mergeTasks(problem, options, ranges), options, seconds };
}

interface Sampled {
  readonly ranges: ParticleRange[];
  readonly seconds: number;
}

async function runHere(
  spec: SimulationSpec,
  problem: ParticleProblem,
  options: ParticleOptions,
  tasks: readonly ParticleTask[],
  onProgress: (fraction: number) => void,
): Promise<Sampled> {
  const began = performance.now();
  const run = createTaskRunner(spec.mode, problem, options);
  const ranges: ParticleRange[] = [];
  for (const [i, task] of tasks.entries()) {
    ranges.push(
      run(task, (fraction) => {
        onProgress((i + fraction) / tasks.length);
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { ranges, seconds: (performance.now() - began) / 1000 };
}

function runOnThreads(
  spec: SimulationSpec,
  options: ParticleOptions,
  tasks: readonly ParticleTask[],
  count: number,
  onProgress: (fraction: number) => void,
): Promise<Sampled> {
  const file = new URL('./particleWorker.js', import.meta.url);
  return new Promise((resolve, reject) => {
    const ranges: ParticleRange[] = [];
    const fractions = new Array<number>(count).fill(0);
    let next = 0;
    let ready = 0;
    // Starting the threads is not sampling.
    let began = performance.now();
    let finished = false;
    const threads: Worker[] = [];
    const finish = (failure?: Error) => {
      if (finished) return;
      finished = true;
      for (const thread of threads) void thread.terminate();
      if (failure === undefined) resolve({ ranges, seconds: (performance.now() - began) / 1000 });
      else reject(failure);
    };
    const report = () => {
      onProgress((ranges.length + fractions.reduce((sum, fraction) => sum + fraction, 0)) / tasks.length);
    };
    for (let i = 0; i < count; i++) {
      const thread = new Worker(file, { workerData: { spec, options } });
      threads.push(thread);
      const give = () => {
        fractions[i] = 0;
        const task = tasks[next];
        if (task === undefined) return;
        next += 1;
        thread.postMessage(task);
      };
      thread.on('message', (message: Message) => {
        if (message.kind === 'ready') {
          ready += 1;
          if (ready === 1) began = performance.now();
          give();
          return;
        }
        if (message.kind === 'progress') {
          fractions[i] = message.fraction;
          report();
          return;
        }
        ranges.push(message.range);
        give();
        report();
        if (ranges.length === tasks.length) finish();
      });
      thread.on('error', (error) => {
        finish(new NumericalFailure(`a worker thread failed (${error.message})`, 'try --workers 1'));
      });
      thread.on('exit', (code) => {
        finish(new NumericalFailure(`a worker thread ended with code ${code}`, 'try --workers 1'));
      });
    }
  });
}
