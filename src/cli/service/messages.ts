import type { Answer, Stage } from './perform.ts';
import type { RequestId, ServiceError } from './protocol.ts';

/** A message of a worker about its task. */
export type WorkerMessage =
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'folder'; readonly directory: string }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'error'; readonly error: ServiceError };

/** A line for the program that asks. */
export type ServerLine =
  | { readonly id: RequestId; readonly progress: Stage }
  | ({ readonly id: RequestId } & Answer)
  | { readonly id: RequestId | null; readonly error: ServiceError }
  | { readonly waiting: number };
