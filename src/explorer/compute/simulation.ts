import { openEngine, type FullEngine } from '../../particles/engine/engine.ts';
import { explicitGrid } from '../../particles/grids/timeGrid.ts';
import { chooseKernel, type ChosenKernel, type KernelName } from '../../particles/kernels/choose.ts';
import type { ParticleRange } from '../../particles/observables/observables.ts';
import { planOnGrid, type SimulationPlan } from '../../particles/plan/plan.ts';
import { resolveParticleOptions, type ParticleOptions } from '../../particles/problem/problem.ts';
import { withSpeciationZone } from '../../particles/grids/speciationZone.ts';
import type { ResolvedProblem } from '../../particles/problem/resolved.ts';
import { runRange } from '../../particles/runRange.ts';
import { resolveSpec } from '../../particles/simulationSpec.ts';
import { cutTasks } from '../../particles/tasks.ts';
import { guidanceTextOf } from '../state/guidance.ts';
import type { ExplorerState } from '../state/state.ts';
import { fullRefusal, particleLimits } from './particleLimits.ts';
import type { Pause } from './pause.ts';

/** Particles between two pauses: a few groups of the engines, and a fraction of a second for any admissible number of classes. */
const particlesPerTask = 64;

/** A simulation of a state. */
export interface Simulation {
  readonly resolved: ResolvedProblem;
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
  const resolved = await resolveSpec({
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
  const refusal = fullRefusal(resolved.problem, options, engine.kernel, seconds);
  return { resolved, options, engine, refusal };
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

/** Plans of a simulation, of which the full one may be refused: one pilot for both. @throws NumericalFailure */
export function plansOf({ resolved, options }: Simulation): Record<'full' | 'reduced', SimulationPlan> {
  const grid = explicitGrid(resolved, options);
  return {
    full: planOnGrid(resolved, 'full', options, grid),
    reduced: planOnGrid(resolved, 'reduced', options, withSpeciationZone(resolved, options, grid)),
  };
}

/** One realisation, with explicit classes in ranges with a pause before each. */
export async function realizationOf(
  plan: SimulationPlan,
  { kernel }: ChosenKernel,
  realization: number,
  pause: Pause,
): Promise<ParticleRange[]> {
  const { mode, options } = plan;
  const ranges: ParticleRange[] = [];
  let engine: FullEngine | undefined;
  for (const task of cutTasks(options, mode === 'full' ? particlesPerTask : options.particles)) {
    if (task.realization !== realization) continue;
    await pause();
    if (mode === 'full') engine ??= openEngine(plan, realization, kernel);
    ranges.push(runRange(plan, task, undefined, { engine }));
  }
  return ranges;
}
