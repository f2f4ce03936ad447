import { parentPort } from 'node:worker_threads';
import { allCommands, commandsFor } from './program.ts';
import type { WorkerMessage } from './service/messages.ts';
import { errorOf, performer } from './service/perform.ts';
import type { ServiceRequest } from './service/protocol.ts';

// A thread of service/session.ts: does one request after the other.
const perform = performer({ all: allCommands, named: commandsFor });
const post = (message: WorkerMessage) => {
  parentPort!.postMessage(message);
};
parentPort!.on('message', (request: ServiceRequest) => {
  perform(request, {
    tell: (stage) => {
      post({ kind: 'stage', stage });
    },
    opened: (directory) => {
      post({ kind: 'folder', directory });
    },
  }).then(
    (answer) => {
      post({ kind: 'answer', answer });
    },
    (error: unknown) => {
      post({ kind: 'error', error: errorOf(error) });
    },
  );
});
