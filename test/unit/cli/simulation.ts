import { runSimulation, type RunSettings, type SimulationRun } from '../../../src/threads/pool.ts';
import type { SimulationSpec } from '../../../src/particles/simulationSpec.ts';

/** A reduced and a full simulation that take a moment. */
export function spec(mode: 'full' | 'reduced'): SimulationSpec {
  return {
    mode,
    dimension: 8,
    classes: null,
    logClasses: 4,
    sigma2: 0.25,
    ensemble: 'gaussian',
    eta: 1,
    process: 'ou',
    guidance: { w: 1 },
    startTime: null,
    guidedClass: 'typical',
  };
}

/** Runs it in this thread: 6 tasks. */
export function simulate(mode: 'full' | 'reduced', settings: RunSettings = {}): Promise<SimulationRun> {
  const options = { particles: 70, realizations: 2, steps: 6, seed: 4 };
  return runSimulation(spec(mode), options, { workers: 1, backend: 'plain', ...settings });
}
