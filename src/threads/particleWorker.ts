import { parentPort, workerData } from 'node:worker_threads';
import { joinCrew } from '../particles/engine/crew.ts';
import { createTaskRunner, stateEvery } from './spec.ts';
import type { WorkerMessage, WorkerSetup, WorkerTask } from './team.ts';
import { crashIfAsked, failedMessage } from './thread.ts';

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
        // Of a crew its last member.
        if (crew === null || crew.rank === crew.size - 1) crashIfAsked(task.realization, task.begin, deaths);
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
    post(failedMessage(error));
  }
});
post({ kind: 'ready' });
