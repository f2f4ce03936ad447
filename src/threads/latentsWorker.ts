import { parentPort, workerData } from 'node:worker_threads';
import {
  predictionRunner,
  type DiagnosisMessage,
  type DiagnosisSetup,
  type DiagnosisTask,
} from './latents.ts';
import { failedMessage } from './thread.ts';

// A worker thread of latents.ts: gets predictions one at a time, answers each.
const port = parentPort!;
const post = (message: DiagnosisMessage) => {
  port.postMessage(message);
};
const run = predictionRunner(workerData as DiagnosisSetup);
port.on('message', (task: DiagnosisTask) => {
  try {
    post({ kind: 'prediction', index: task.index, prediction: run(task) });
  } catch (error) {
    port.postMessage(failedMessage(error));
  }
});
post({ kind: 'ready' });
