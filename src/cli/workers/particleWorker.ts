import { parentPort, workerData } from 'node:worker_threads';
import { ParameterError } from '../../numerics/checks.ts';
import { joinCrew } from '../../particles/engine/crew.ts';
import type { ParticleTask } from '../../particles/tasks.ts';
import { createTaskRunner, stateEvery } from './spec.ts';
import type { WorkerMessage, WorkerSetup, WorkerTask } from './team.ts';

// A worker thread of team.ts: gets tasks one at a time, answers each with its range of particles.
const setup = workerData as WorkerSetup;
const port = parentPort!;
const crew = setup.crew === null ? null : joinCrew(setup.crew.buffer, setup.crew.rank, setup.crew.size);
const run = await createTaskRunner(setup, crew);

const post = (message: WorkerMessage) => {
  port.postMessage(message);
};
/** Milliseconds between reports of progress. */
const progressEvery = 100;
let lastReport = 0;
let lastState = 0;

port.on('message', ({ task, state, deaths }: WorkerTask) => {
  lastState = Date.now();
  try {
    const range = run(task, {
      onProgress(fraction) {
        const now = Date.now();
        crashIfAsked(task, deaths);
        if (now - lastReport < progressEvery) return;
        lastReport = now;
        post({ kind: 'progress', fraction });
      },
      onState(current) {
        const now = Date.now();
        // The first of a crew speaks for all.
        if (now - lastState < stateEvery || (crew !== null && crew.rank > 0)) return;
        lastState = now;
        post({ kind: 'state', state: current() });
      },
      state,
    });
    post({ kind: 'range', range });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const parameter = error instanceof ParameterError ? error.parameter : null;
    post({ kind: 'failed', failure: { name, message, stack, parameter } });
  }
});
post({ kind: 'ready' });

/**
 * For tests of what happens when a worker dies: CFG_DMFT_TEST_CRASH=R:B:N ends the worker in the middle of the task
 * of realisation R that begins at particle B (of a crew its last member), the first N times that it is tried.
 */
function crashIfAsked({ realization, begin }: ParticleTask, deaths: number): void {
  const asked = process.env['CFG_DMFT_TEST_CRASH'];
  if (asked === undefined || (crew !== null && crew.rank < crew.size - 1)) return;
  const [r, b, times] = asked.split(':').map(Number);
  if (realization === r && begin === b && deaths < times!) process.exit(3);
}
