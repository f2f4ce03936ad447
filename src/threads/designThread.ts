import { NumericalFailure, requireFunction, requireKnownKeys } from '../numerics/checks.ts';
import type { DesignAnswer, DesignJob } from '../design/designJob.ts';
import { startThread } from './thread.ts';

/** Settings of {@link designInThread}. */
export interface DesignSettings {
  /** Called with the name of each stage as it begins. */
  readonly onStage?: (name: string) => void;
}

/** Message from the design thread. */
export type DesignMessage =
  | { readonly kind: 'stage'; readonly name: string }
  | { readonly kind: 'designed'; readonly answer: DesignAnswer };

/**
 * Designs a schedule in a thread, so that this one stays free for interrupts; with `pareto` also the front of separation against
 * diversity, and the standard schedules beside it.
 * @throws ParameterError, NumericalFailure as `designSchedule` does; NumericalFailure if the thread dies
 * @example
 * const problem = { alpha: 0.45, sigma2: 0.3, ensemble: 'gaussian', sampler: samplers.ode, process: 'ou' } as const;
 * const target = { overlap: 1, decision: null };
 * const { result } = await designInThread({ problem, target, options: {}, pareto: 0 }, { onStage: console.log });
 */
export async function designInThread(job: DesignJob, settings: DesignSettings = {}): Promise<DesignAnswer> {
  requireKnownKeys('settings', settings, ['onStage']);
  requireFunction('onStage', settings.onStage, 'optional');
  const { onStage = () => undefined } = settings;
  // Run from source (tests) there is no compiled worker to start.
  if (import.meta.url.endsWith('.ts')) {
    const { designWithFront } = await import('../design/designJob.ts');
    return designWithFront(job, onStage);
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
