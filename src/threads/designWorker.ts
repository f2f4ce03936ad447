import { parentPort, workerData } from 'node:worker_threads';
import { designWithFront, type DesignJob } from '../design/designJob.ts';
import type { DesignMessage } from './designThread.ts';
import { failedMessage } from './thread.ts';

// The thread of designThread.ts: does one design and ends.
const port = parentPort!;
const post = (message: DesignMessage) => {
  port.postMessage(message);
};
try {
  const answer = designWithFront(workerData as DesignJob, (name) => {
    post({ kind: 'stage', name });
  });
  post({ kind: 'designed', answer });
} catch (error) {
  port.postMessage(failedMessage(error));
}
