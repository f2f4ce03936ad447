import { openEngine, type FullEngine } from '../../particles/engine/engine.ts';
import { runFullRange } from '../../particles/full.ts';
import { timeGrid, type TimeGrid } from '../../particles/grids/timeGrid.ts';
import { chooseKernel, type ChosenKernel, type KernelName } from '../../particles/kernels/choose.ts';
import type { ParticleRange } from '../../particles/observables/observables.ts';
import {
  resolveParticleOptions,
  type ParticleOptions,
  type ParticleProblem,
} from '../../particles/problem.ts';
import { runReducedRange } from '../../particles/reduced/reduced.ts';
import { particleProblem } from '../../particles/simulationSpec.ts';
import { planTasks } from '../../particles/tasks.ts';
import { guidanceTextOf } from '../state/guidance.ts';
import type { ExplorerState } from '../state/state.ts';
import { fullRefusal, particleLimits } from './particleLimits.ts';
import type { Pause } from './pause.ts';

/** Particles between two pauses: a few groups of the engines, and a fraction of a second for any admissible number of classes. */
const particlesPerTask = 64;

/** A simulation of a state, ready to run realisation by realisation. */
export interface Simulation {
  readonly problem: ParticleProblem;
  readonly options: ParticleOptions;
  readonly engine: ChosenKernel;
  /** Why there is no full simulation, or null. */
  readonly refusal: string | null;
}

/**
 * The simulation of a state.
 * @param kernel engine of the full simulation
 * @param seconds that the full simulation may be expected to take
 * @throws ParameterError for a schedule that is not allowed
 */
export async function simulationOf(
  state: ExplorerState,
  plan: Pick<ParticleOptions, 'particles' | 'realizations'> & { readonly clocks?: readonly number[] },
  kernel: KernelName = 'auto',
  seconds: number = particleLimits.seconds,
): Promise<Simulation> {
  const problem = await particleProblem({
    mode: 'full',
    dimension: state.dimension,
    classes: null,
    logClasses: state.alpha * state.dimension,
    sigma2: state.sigma2,
    ensemble: state.ensemble,
    eta: state.sampler === 'sde' ? 1 : 0,
    process: state.process,
    guidance: guidanceTextOf(state),
    startTime: null,
    guidedClass: 'typical',
  });
  const options = resolveParticleOptions({ ...plan, seed: state.seed, memoryLimit: particleLimits.bytes });
  const engine = await engineOf(kernel);
  return { problem, options, engine, refusal: fullRefusal(problem, options, engine.kernel, seconds) };
}

/** The engine of a name; where the page's own rules forbid WebAssembly, `auto` is the plain one. */
async function engineOf(name: KernelName): Promise<ChosenKernel> {
  try {
    return await chooseKernel(name, null);
  } catch (error) {
    if (name !== 'auto') throw error;
    const { kernel } = await chooseKernel('plain', null);
    return {
      kernel,
      notes: ['this browser does not run WebAssembly: the plain engine is used, some 10 times slower'],
    };
  }
}

/** One realisation with explicit classes, in ranges with a pause before each. */
export async function fullRealization(
  { problem, options, engine: { kernel } }: Simulation,
  realization: number,
  pause: Pause,
): Promise<ParticleRange[]> {
  const ranges: ParticleRange[] = [];
  let engine: FullEngine | null = null;
  let grid: TimeGrid | null = null;
  for (const task of planTasks(options, particlesPerTask)) {
    if (task.realization !== realization) continue;
    await pause();
    engine ??= openEngine(problem, options, realization, kernel);
    grid ??= timeGrid(problem, options);
    ranges.push(
      runFullRange(problem, options, realization, task.begin, task.end, undefined, { kernel, engine, grid }),
    );
  }
  return ranges;
}

/** One batch with the other classes averaged. */
export async function reducedRealization(
  { problem, options }: Simulation,
  realization: number,
  pause: Pause,
): Promise<ParticleRange[]> {
  await pause();
  return [runReducedRange(problem, options, realization, 0, options.particles)];
}
