import { parentPort, workerData } from 'node:worker_threads';
import type { Claim } from '../claims/protocol/claim.ts';
import { createJobRunner, type QueueJob, type QueueMessage, type QueueSetup } from './simulationJobs.ts';
import { crashIfAsked, failedMessage } from './thread.ts';

/** Milliseconds between reports of progress. */
const progressEvery = 100;

/**
 * Main loop of a worker thread of simulationQueue.ts: it receives simulations and claims to measure, one at a time, and answers
 * each.
 * @param claims those that may be measured
 */
export async function serveQueue(claims: readonly Claim[]): Promise<void> {
  const port = parentPort!;
  const post = (message: QueueMessage) => {
    port.postMessage(message);
  };
  const run = await createJobRunner(workerData as QueueSetup, claims);
  let lastReport = 0;
  const answer = async (job: QueueJob): Promise<QueueMessage> => {
    try {
      return await run(job, (fraction) => {
        if (job.kind === 'simulation') crashIfAsked(job.index, 0, job.deaths);
        const now = Date.now();
        if (now - lastReport < progressEvery) return;
        lastReport = now;
        post({ kind: 'progress', fraction });
      });
    } catch (error) {
      return failedMessage(error);
    }
  };
  port.on('message', (job: QueueJob) => {
    void answer(job).then(post);
  });
  post({ kind: 'ready' });
}
