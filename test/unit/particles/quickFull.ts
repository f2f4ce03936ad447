import { wasmKernel } from '../../../src/particles/kernels/wasmKernel.ts';
import type { ParticleOptions, ParticleProblem } from '../../../src/particles/problem/problem.ts';
import { simulateFull } from '../../../src/particles/simulate.ts';
import type { ParticleResult } from '../../../src/particles/tasks.ts';

const kernel = await wasmKernel(false);

/**
 * The full simulation on the WebAssembly engine, for tests of what it samples: its averages are those of the plain one
 * within 3e-7 for the same random numbers (engine.test.ts).
 */
export function quickFull(problem: ParticleProblem, options: Partial<ParticleOptions>): ParticleResult {
  return simulateFull(problem, options, undefined, kernel);
}
