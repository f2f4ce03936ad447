import { parentPort, workerData } from 'node:worker_threads';
import { failedMessage } from '../../../threads/thread.ts';
import { design, type DesignJob } from './designJob.ts';
import type { DesignMessage } from './runDesign.ts';

// The thread of runDesign.ts: does one design and ends.
const port = parentPort!;
const post = (message: DesignMessage) => {
  port.postMessage(message);
};
try {
  const answer = design(workerData as DesignJob, (name) => {
    post({ kind: 'stage', name });
  });
  post({ kind: 'designed', answer });
} catch (error) {
  port.postMessage(failedMessage(error));
}
