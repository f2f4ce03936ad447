import { NumericalFailure } from '../../../numerics/checks.ts';
import { startThread } from '../../../threads/thread.ts';
import type { DesignAnswer, DesignJob } from './designJob.ts';

/** Message from the design thread. */
export type DesignMessage =
  | { readonly kind: 'stage'; readonly name: string }
  | { readonly kind: 'designed'; readonly answer: DesignAnswer };

/**
 * Designs in a thread, so that this one stays free for interrupts.
 * @throws ParameterError, NumericalFailure as the design does; NumericalFailure if the thread dies
 */
export async function runDesign(job: DesignJob, onStage: (name: string) => void): Promise<DesignAnswer> {
  // Run from source (tests) there is no compiled worker to start.
  if (import.meta.url.endsWith('.ts')) {
    const { design } = await import('./designJob.ts');
    return design(job, onStage);
  }
  return new Promise((resolve, reject) => {
    const thread = startThread<never, DesignMessage>(new URL('./designWorker.js', import.meta.url), job, {
      message(message) {
        if (message.kind === 'stage') onStage(message.name);
        else {
          thread.stop();
          resolve(message.answer);
        }
      },
      failed: reject,
      died(reason) {
        reject(new NumericalFailure(`the design was broken off: ${reason}`, 'try again'));
      },
    });
  });
}
