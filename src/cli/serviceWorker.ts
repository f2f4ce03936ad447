import { parentPort } from 'node:worker_threads';
import { allCommands, commandsFor } from './program.ts';
import type { WorkerMessage, WorkerTask } from './service/messages.ts';
import { errorOf, performer } from './service/perform.ts';

// A thread of service/session.ts: does one request after the other.
const perform = performer({ all: allCommands, named: commandsFor });
const post = (message: WorkerMessage) => {
  parentPort!.postMessage(message);
};
parentPort!.on('message', ({ request }: WorkerTask) => {
  perform(request, (stage) => {
    post({ kind: 'stage', stage });
  }).then(
    (answer) => {
      post({ kind: 'answer', answer });
    },
    (error: unknown) => {
      post({ kind: 'error', error: errorOf(error) });
    },
  );
});
