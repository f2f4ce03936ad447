import type { Answer, Stage } from './perform.ts';
import type { RequestId, ServiceError, ServiceRequest } from './protocol.ts';

/** A task of a worker. */
export interface WorkerTask {
  readonly request: ServiceRequest;
}

/** A message of a worker about its task. */
export type WorkerMessage =
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'error'; readonly error: ServiceError };

/** A line for the program that asks. */
export type ServerLine =
  | { readonly id: RequestId; readonly progress: Stage }
  | ({ readonly id: RequestId } & Answer)
  | { readonly id: RequestId | null; readonly error: ServiceError }
  | { readonly waiting: number };
