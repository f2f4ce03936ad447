import type { FromWorker, ToWorker } from './protocol.ts';
import { serve } from './service.ts';

/** The part of a worker's global object that is used here. */
interface WorkerScope {
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
  postMessage(message: FromWorker): void;
}

const scope = globalThis as unknown as WorkerScope;
const receive = serve((message) => {
  scope.postMessage(message);
});
scope.onmessage = ({ data }) => {
  receive(data);
};
