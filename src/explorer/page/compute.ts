import type { ParticleControls } from '../controls/particles.ts';
import type { PinControl } from '../controls/pin.ts';
import type { ScheduleControls } from '../controls/schedule.ts';
import type { ExplorerClient, TrajectoryResult } from '../compute/protocol.ts';
import { defaultState, latestTime, type ExplorerState, type GuidedState } from '../state/state.ts';
import type { Readouts } from '../views/readouts.ts';
import { readingAt } from '../views/readings.ts';
import type { Timeline } from '../views/timeline.ts';
import type { Views } from '../views/views.ts';
import { newestAfterCurrent, newestStopsOthers } from './newest.ts';
import type { Store } from '../state/store.ts';

/** Parts of the page that show results. */
export interface Targets {
  readonly clock: Timeline;
  readonly schedule: ScheduleControls;
  readonly views: Views;
  readonly numbers: Readouts;
  readonly particles: ParticleControls;
  readonly pin: PinControl;
  readonly notice: Notice;
}

/** Says something at the head of the page, or withdraws what its source has said. */
export type Notice = (source: 'address' | 'engine' | 'curves' | 'pin' | 'fault', text: string | null) => void;

/** Work that the page can request. */
export interface Computing {
  readonly start: () => void;
  readonly runParticles: () => void;
  readonly stopParticles: () => void;
}

type Changed = (...keys: (keyof ExplorerState)[]) => boolean;

/** Moments of the potential's play, and overlaps that it is computed at. */
const potentialMoments = 72;
const potentialOverlaps = 161;
/** Milliseconds of rest before slower work begins. */
const rest = { diagram: 0, structured: 120, validity: 350, samples: 450, particles: 900 };

/** Requests the results that a change of the state makes outdated. */
export function compute(client: ExplorerClient, store: Store, targets: Targets): Computing {
  const { clock, schedule, views, numbers, particles, pin, notice } = targets;
  const { results, cards } = views;
  const failed = (error: unknown): void => {
    notice('fault', `A computation failed: ${error instanceof Error ? error.message : String(error)}`);
  };

  const potential = newestAfterCurrent<{ state: ExplorerState; result: TrajectoryResult }>(
    async ({ state, result }) => {
      const outcome = await client.potential(state, playTimes(result), overlapsOf(result));
      if (!outcome.ok) return;
      results.potential = { state, result: outcome.value };
      views.potential.show(outcome.value);
    },
    failed,
  );

  const curves = async (state: ExplorerState): Promise<void> => {
    const outcome = await client.trajectory(state);
    if (!outcome.ok) {
      // The last good curves stay; where there are none yet, those of constant guidance.
      const { field, message } = outcome.refusal;
      schedule.refuse(field === 'schedule' ? message : null);
      notice('curves', field === 'schedule' ? null : message);
      if (results.trajectory === null && state.schedule.kind !== 'constant') {
        const constant: ExplorerState = { ...state, schedule: { kind: 'constant' } };
        const other = await client.trajectory(constant);
        if (other.ok) showTrajectory(constant, other.value);
      }
      return;
    }
    schedule.refuse(null);
    notice('curves', null);
    showTrajectory(state, outcome.value);
  };
  const pinned = newestAfterCurrent<GuidedState | null>(async (state) => {
    const outcome = state === null ? null : await client.trajectory({ ...defaultState, ...state });
    const result = outcome?.ok === true ? outcome.value : null;
    notice('pin', outcome?.ok === false ? `The pinned problem is refused: ${outcome.refusal.message}` : null);
    pin.show(result);
    results.pinned = state === null || result === null ? null : { state, result };
    views.charts.showPinned(results.pinned);
  }, failed);
  // The first curves have the machine to themselves: each other kind of work loads a separate worker.
  let othersBegun = false;
  const trajectory = newestAfterCurrent<ExplorerState>(async (state) => {
    try {
      await curves(state);
    } finally {
      if (!othersBegun) {
        othersBegun = true;
        updateOthers(store.state(), () => true);
      }
    }
  }, failed);

  const showTrajectory = (state: ExplorerState, result: TrajectoryResult): void => {
    results.trajectory = { state, result };
    views.charts.show(state, result);
    numbers.show(state, result);
    clock.show(result, state.sigma2);
    showTime(store.state());
    schedule.show(result);
    document.documentElement.dataset['shown'] = String(
      Number(document.documentElement.dataset['shown'] ?? 0) + 1,
    );
    potential({ state, result });
  };

  const validity = newestStopsOthers<ExplorerState>(
    async (state, signal) => {
      const outcome = await client.validity(state, signal);
      if (outcome.ok) numbers.showValidity(outcome.value, null);
      else
        numbers.showValidity(
          null,
          outcome.refusal.field === 'schedule' ? 'the schedule is refused' : outcome.refusal.message,
        );
    },
    failed,
    { pause: rest.validity },
  );

  const diagram = newestStopsOthers<ExplorerState>(
    async (state, signal) => {
      await client.diagram(
        state,
        (pass) => {
          results.diagram = { state, result: pass };
          views.diagram.show(pass);
        },
        signal,
      );
    },
    failed,
    { pause: rest.diagram, busy: cards.diagram.busy },
  );

  const samples = newestStopsOthers<ExplorerState>(
    async (state, signal) => {
      const outcome = await client.samples(state, signal);
      if (!outcome.ok) {
        views.samples.show(null, outcome.refusal.message);
        return;
      }
      results.samples = { state, result: outcome.value };
      views.samples.show(outcome.value, null);
    },
    failed,
    { pause: rest.samples, busy: cards.samples.busy },
  );

  const few = newestAfterCurrent<ExplorerState>(
    async (state) => {
      const outcome = await client.fewClass(state.few);
      if (!outcome.ok) return;
      results.few = { state, result: outcome.value };
      views.few.show(outcome.value);
    },
    failed,
    cards.few.busy,
  );

  // Once it has been seen, it follows the page.
  let structuredSeen = false;
  const structured = newestStopsOthers<ExplorerState>(
    async (state, signal) => {
      const outcome = await client.structured(state, signal);
      // Without a density there is no picture to save.
      results.structured = outcome.ok && outcome.value.x.length > 0 ? { state, result: outcome.value } : null;
      if (outcome.ok) views.structured.show(outcome.value, null);
      else views.structured.show(null, outcome.refusal.message);
    },
    failed,
    { pause: rest.structured, busy: cards.structured.busy },
  );
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    watcher.disconnect();
    structuredSeen = true;
    if (othersBegun) structured.run(store.state());
  });
  watcher.observe(cards.structured.root);

  let running = false;
  const showParticles = (): void => {
    views.charts.showParticles(results.full, results.reduced);
    particles.show(results.full, results.reduced, running);
  };
  const clearParticles = (): void => {
    running = false;
    results.full = null;
    results.reduced = null;
    particles.refuse(null);
    showParticles();
  };
  const simulation = (pause: number) =>
    newestStopsOthers<ExplorerState>(
      async (state, signal) => {
        running = true;
        showParticles();
        const outcome = await client.particles(
          state,
          (update) => {
            if (signal.aborted) return;
            if (update.source === 'full') results.full = update;
            else results.reduced = update;
            particles.refuse(update.fullRefused);
            showParticles();
          },
          signal,
        );
        running = false;
        if (!outcome.ok) particles.refuse(outcome.refusal.message);
        showParticles();
      },
      failed,
      { pause },
    );
  const afterChange = simulation(rest.particles);
  const atOnce = simulation(0);
  const stopParticles = (): void => {
    afterChange.stop();
    atOnce.stop();
  };

  const isPhysics = (changed: Changed): boolean =>
    changed('alpha', 'w', 'sigma2', 'ensemble', 'sampler', 'process', 'schedule');
  const updateOthers = (state: ExplorerState, changed: Changed): void => {
    const physics = isPhysics(changed);
    if (physics) {
      numbers.showValidity(null, null);
      validity.run(state);
    }
    if (changed('sigma2', 'ensemble', 'sampler')) diagram.run(state);
    if (physics || changed('dimension', 'seed')) samples.run(state);
    if (structuredSeen && (physics || changed('law'))) structured.run(state);
    if (changed('few')) few(state);
    if (changed('pin')) pinned(state.pin);
    if (physics || changed('dimension', 'particles', 'realizations', 'seed')) {
      stopParticles();
      clearParticles();
      if (particles.automatic()) afterChange.run(state);
    }
  };
  const update = (state: ExplorerState, changed: Changed): void => {
    notice('fault', null);
    if (isPhysics(changed)) trajectory(state);
    if (changed('time')) showTime(state);
    if (othersBegun) updateOthers(state, changed);
  };
  const showTime = ({ time }: ExplorerState): void => {
    const latest = results.trajectory;
    const t = time ?? 0;
    views.potential.setTime(t, latest === null ? null : readingAt(latest.result, latest.state.sigma2, t));
    views.charts.setTime(time);
  };
  store.onChange(update);
  return {
    start: () => {
      showTime(store.state());
      update(store.state(), () => true);
    },
    runParticles: () => {
      stopParticles();
      clearParticles();
      atOnce.run(store.state());
    },
    stopParticles: () => {
      stopParticles();
      running = false;
      showParticles();
    },
  };
}

/** Times between which the potential is interpolated: those of the trajectory, thinned, and the crossings. */
function playTimes({ columns, crossings }: TrajectoryResult): number[] {
  const within = columns.t.filter((t) => t <= latestTime);
  const every = Math.max(1, (within.length - 1) / (potentialMoments - 1));
  const thinned = Array.from(
    { length: Math.min(within.length, potentialMoments) },
    (_, k) => within[Math.round(k * every)]!,
  );
  const all = [...thinned, ...crossings.map(({ t }) => t).filter((t) => t <= latestTime)];
  return [...new Set(all)].sort((a, b) => b - a);
}

/** From a little below zero to beyond the largest overlap of the path. */
function overlapsOf({ columns }: TrajectoryResult): number[] {
  const largest = columns.m.reduce((high, m) => (Number.isFinite(m) && m > high ? m : high), 1);
  const smallest = columns.m.reduce((low, m) => (Number.isFinite(m) && m < low ? m : low), 0);
  const [from, to] = [smallest - 0.25, 1.35 * largest];
  return Array.from(
    { length: potentialOverlaps },
    (_, i) => from + ((to - from) * i) / (potentialOverlaps - 1),
  );
}
