import { parentPort, workerData } from 'node:worker_threads';
import type { StructuredMessage, StructuredTask, StructuredSetup } from './structured.ts';
import { realizationRunner } from './structuredRunner.ts';
import { failedMessage } from './thread.ts';

// A worker thread of structured.ts: gets realisations one at a time, answers each with its summary.
const port = parentPort!;
const post = (message: StructuredMessage) => {
  port.postMessage(message);
};
const run = await realizationRunner(workerData as StructuredSetup);
port.on('message', ({ realization }: StructuredTask) => {
  try {
    post({ kind: 'summary', summary: run(realization) });
  } catch (error) {
    port.postMessage(failedMessage(error));
  }
});
post({ kind: 'ready' });
