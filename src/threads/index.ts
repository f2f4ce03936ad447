/**
 * Simulations, claims and designs on threads of their own, with progress and with checkpoints that survive a crash. Node only.
 *
 * @example
 * ```ts
 * import { runSimulation } from 'cfg-dmft/threads';
 * const spec = { mode: 'full', dimension: 12, classes: null, logClasses: 6, sigma2: 0.25, ensemble: 'gaussian', eta: 0, process: 'ou', guidance: { w: 1 }, startTime: null, guidedClass: 'typical' } as const;
 * const run = await runSimulation(spec, { particles: 200, seed: 1 }, { checkpoint: 'run.checkpoint', onProgress: console.log });
 * console.log(run.result.m);
 * ```
 * @module
 */
export { defaultWorkers } from './workers.ts';
export { runSimulation, type RunSettings, type SimulationRun } from './pool.ts';
export { fileBytes, type FileBytes } from './fileBytes.ts';
export { runDiagnosis, type DiagnosisSettings } from './latents.ts';
export { runStructured, type StructuredSettings } from './structured.ts';
export { measureClaims, type QueueRun, type QueueSettings } from './simulationQueue.ts';
export { designInThread, type DesignSettings } from './designThread.ts';
export type { DesignAnswer, DesignJob } from '../design/designJob.ts';
export type { MeasuredClaim } from './claimQueue.ts';
