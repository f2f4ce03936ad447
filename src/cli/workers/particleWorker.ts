import { parentPort, workerData } from 'node:worker_threads';
import type { ParticleOptions } from '../../particles/problem.ts';
import type { ParticleTask } from '../../particles/tasks.ts';
import { createTaskRunner, particleProblem, type SimulationSpec } from './spec.ts';

// A worker thread of pool.ts: gets tasks one at a time, answers each with its range of particles.
const { spec, options } = workerData as { spec: SimulationSpec; options: ParticleOptions };
const problem = await particleProblem(spec);
const run = createTaskRunner(spec.mode, problem, options);
const port = parentPort!;
let lastReport = 0;

port.on('message', (task: ParticleTask) => {
  const range = run(task, (fraction) => {
    const now = Date.now();
    if (now - lastReport < 100) return;
    lastReport = now;
    port.postMessage({ kind: 'progress', fraction });
  });
  port.postMessage({ kind: 'range', range });
});
port.postMessage({ kind: 'ready' });
