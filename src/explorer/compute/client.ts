/// <reference lib="dom" />
import type { ExplorerState, FewClassChoice } from '../state/state.ts';
import { Lane, type WorkerLike } from './lane.ts';
import type {
  DiagramPass,
  ExplorerClient,
  FewClassResult,
  Outcome,
  ParticleUpdate,
  PotentialResult,
  SampleResult,
  StructuredResult,
  TrajectoryResult,
  ValidityResult,
} from './protocol.ts';

/** Replacement for browser workers. */
export interface ClientOptions {
  readonly createWorker?: () => WorkerLike;
}

/**
 * Opens the page's client: every kind of work that may take long has a separate worker, so that nothing waits for it. The
 * worker of the curves starts at once, the others with their first work.
 */
export function openClient({ createWorker = browserWorker }: ClientOptions = {}): ExplorerClient {
  const light = new Lane(createWorker);
  const diagrams = new Lane(createWorker);
  const pictures = new Lane(createWorker);
  const particles = new Lane(createWorker);
  const slow = new Lane(createWorker);
  light.warm();
  return {
    trajectory: (state, signal) => light.ask<TrajectoryResult>({ name: 'trajectory', state }, signal),
    potential: (state, times, overlaps, signal) =>
      light.ask<PotentialResult>({ name: 'potential', state, times, overlaps }, signal),
    diagram: (state, onPass, signal) =>
      diagrams.ask<null>({ name: 'diagram', state }, signal, (part) => {
        onPass(part as DiagramPass);
      }),
    fewClass: (few: FewClassChoice, signal) =>
      pictures.ask<FewClassResult>({ name: 'fewClass', few }, signal),
    structured: (state, signal) => pictures.ask<StructuredResult>({ name: 'structured', state }, signal),
    samples: (state: ExplorerState, signal): Promise<Outcome<SampleResult>> =>
      pictures.ask<SampleResult>({ name: 'samples', state }, signal),
    particles: (state, onUpdate, signal) =>
      particles.ask<null>({ name: 'particles', state }, signal, (part) => {
        onUpdate(part as ParticleUpdate);
      }),
    validity: (state, signal) => slow.ask<ValidityResult>({ name: 'validity', state }, signal),
    close() {
      for (const lane of [light, diagrams, pictures, particles, slow]) lane.close();
    },
  };
}

function browserWorker(): WorkerLike {
  // Its handlers are typed for every event.
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }) as unknown as WorkerLike;
}
