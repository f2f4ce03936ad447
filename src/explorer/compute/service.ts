import { diagramOf } from './diagram.ts';
import { fewClassOf } from './fewClass.ts';
import { particleRuns } from './particles.ts';
import { nextTask, pauseUnless, Stopped, type Pause } from './pause.ts';
import { potentialOf } from './potential.ts';
import { outcomeOf } from './problem.ts';
import type { FromWorker, Part, ToWorker, Work } from './protocol.ts';
import { samplesOf } from './samples.ts';
import { trajectoryOf } from './trajectory.ts';
import { validityOf } from './validity.ts';

/** Does a piece of work. @param onPart takes intermediate results */
export async function perform(work: Work, onPart: (part: Part) => void, pause: Pause): Promise<unknown> {
  switch (work.name) {
    case 'trajectory':
      return trajectoryOf(work.state);
    case 'validity':
      return validityOf(work.state);
    case 'potential':
      return potentialOf(work.state, work.times, work.overlaps, pause);
    case 'diagram':
      await diagramOf(work.state, onPart, pause);
      return null;
    case 'particles':
      await particleRuns(work.state, onPart, pause);
      return null;
    case 'samples':
      return samplesOf(work.state, pause);
    case 'structured': {
      // Loaded with the first one that is looked at.
      const { structuredOf } = await import('./structured.ts');
      return structuredOf(work.state);
    }
    case 'fewClass':
      return fewClassOf(work.few, pause);
  }
}

/**
 * The message loop of a worker: requests in their order, one at a time; a request that was stopped ends at its next pause, or is not
 * begun.
 * @param send to the page
 * @returns takes a message of the page
 */
export function serve(send: (message: FromWorker) => void): (message: ToWorker) => void {
  const stopped = new Set<number>();
  const known = new Set<number>();
  let queue: Promise<void> = Promise.resolve();
  const answer = async (id: number, work: Work): Promise<void> => {
    try {
      const pause = pauseUnless(() => stopped.has(id));
      if (stopped.has(id)) throw new Stopped('not begun');
      const outcome = await outcomeOf(() =>
        perform(
          work,
          (part) => {
            send({ kind: 'part', id, part });
          },
          pause,
        ),
      );
      send({ kind: 'end', id, outcome });
    } catch (error) {
      if (error instanceof Stopped) send({ kind: 'stopped', id });
      else send({ kind: 'fault', id, message: error instanceof Error ? error.message : String(error) });
    } finally {
      stopped.delete(id);
      known.delete(id);
    }
  };
  return (message) => {
    if (message.kind === 'stop') {
      if (known.has(message.id)) stopped.add(message.id);
      return;
    }
    known.add(message.id);
    // Read messages that have already arrived before work begins: a stop among them saves the work.
    queue = queue.then(nextTask).then(() => answer(message.id, message.work));
  };
}
