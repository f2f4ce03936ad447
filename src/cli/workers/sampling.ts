import { NumericalFailure } from '../../numerics/checks.ts';
import type { PartialTask } from '../../particles/checkpoint/checkpoint.ts';
import { crewBytes } from '../../particles/engine/crew.ts';
import type { ParticleRange } from '../../particles/observables/observables.ts';
import type { ParticleOptions } from '../../particles/problem.ts';
import type { ParticleTask } from '../../particles/tasks.ts';
import { createTaskRunner, stateEvery } from './spec.ts';
import { startTeam, type Team, type WorkerSetup } from './team.ts';

/** @param pairsPerSecond particle-class pairs, null while unknown */
export type RunProgress = (fraction: number, pairsPerSecond: number | null) => void;

/** A task on the list. */
export interface TaskToDo {
  readonly task: ParticleTask;
  /** Where it continues, or null. */
  state: unknown;
  /** Share of it that is done there. */
  fraction: number;
  /** Workers that have died over it. */
  deaths: number;
}

/** Tasks, with the states in which an earlier run has left them. */
export function tasksToDo(tasks: readonly ParticleTask[], partial: readonly PartialTask[]): TaskToDo[] {
  const same = (p: ParticleTask, q: ParticleTask) =>
    p.realization === q.realization && p.begin === q.begin && p.end === q.end;
  return tasks.map((task) => {
    const left = partial.find((other) => same(other.task, task));
    return { task, state: left?.state ?? null, fraction: left?.fraction ?? 0, deaths: 0 };
  });
}

/** What there is to sample, and who is told. Seconds are of sampling, in this run. */
export interface Work {
  readonly setup: Omit<WorkerSetup, 'crew'>;
  readonly threads: number;
  /** Threads that work on one task together. */
  readonly teamSize: number;
  /** Numbers that a team of several has to have room for in its shared buffer. */
  readonly crewLength: number;
  readonly tasks: readonly TaskToDo[];
  readonly done: WorkDone;
  onFinished(range: ParticleRange, seconds: number): void;
  onState(partial: PartialTask, seconds: number): void;
  onNote(note: string): void;
}

const sizeOf = ({ begin, end }: ParticleTask) => end - begin;

/** How much has been done, and how fast. */
export class WorkDone {
  private readonly total: number;
  private readonly pairsEach: number;
  private readonly onProgress: RunProgress;
  private particles: number;
  private before: number | null = null;
  private began = 0;

  /**
   * @param finished by earlier runs
   * @param pairsEach pairs that a particle takes
   */
  constructor(
    options: ParticleOptions,
    finished: readonly ParticleRange[],
    pairsEach: number,
    onProgress: RunProgress,
  ) {
    this.total = options.particles * options.realizations;
    this.pairsEach = pairsEach;
    this.onProgress = onProgress;
    this.particles = finished.reduce((sum, range) => sum + sizeOf(range), 0);
  }

  /** Starts the clock, if it is not running: the start of threads is not sampling. */
  begin(): void {
    this.began ||= performance.now();
  }

  /** Seconds since {@link begin}. */
  get seconds(): number {
    return this.began === 0 ? 0 : (performance.now() - this.began) / 1000;
  }

  /** @param underWay particles that the running tasks amount to */
  fraction(underWay: number): number {
    return (this.particles + underWay) / this.total;
  }

  add(range: ParticleRange): void {
    this.particles += sizeOf(range);
  }

  /** Reports progress. @param underWay particles that the running tasks amount to */
  report(underWay: number): void {
    const now = this.particles + underWay;
    this.before ??= now;
    const pairs = (now - this.before) * this.pairsEach;
    this.onProgress(this.fraction(underWay), pairs > 0 ? pairs / this.seconds : null);
  }
}

/** Does the work in this thread. @returns seconds of sampling */
export async function sampleHere(work: Work): Promise<number> {
  const { done } = work;
  const run = await createTaskRunner(work.setup, null);
  done.begin();
  done.report(0);
  let lastState = 0;
  for (const { task, state, fraction: begun } of work.tasks) {
    let fraction = begun;
    const range = run(task, {
      onProgress(now) {
        fraction = now;
        done.report(fraction * sizeOf(task));
      },
      onState(current) {
        if (done.seconds < lastState + stateEvery / 1000) return;
        lastState = done.seconds;
        work.onState({ task, fraction, state: current() }, done.seconds);
      },
      state,
    });
    done.add(range);
    work.onFinished(range, done.seconds);
    done.report(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return done.seconds;
}

/** Times that workers may die before they have got a task. */
const startsTried = 2;

/**
 * Does the work on threads; one that dies is replaced, and its task tried once more.
 * @returns seconds of sampling
 * @throws NumericalFailure if that does not help
 */
export function sampleOnThreads(work: Work): Promise<number> {
  const { done, teamSize } = work;
  const queue = [...work.tasks];
  const underWay = new Map<number, { readonly toDo: TaskToDo; fraction: number }>();
  const teams: Team[] = [];
  /** Realisation whose classes a team has. */
  const holds = new Map<number, number>();
  let failedStarts = 0;
  const report = () => {
    done.report(
      [...underWay.values()].reduce((sum, { toDo, fraction }) => sum + fraction * sizeOf(toDo.task), 0),
    );
  };
  return new Promise((resolve, reject) => {
    const stop = () => {
      for (const team of teams) team.stop();
    };
    const fail = (error: Error) => {
      stop();
      reject(error);
    };
    /** A task of the classes that the team has, or else of classes that no other one has: drawing them takes time. */
    const take = (place: number): TaskToDo | undefined => {
      const has =
        (team: number) =>
        ({ task }: TaskToDo) =>
          task.realization === holds.get(team);
      const others = [...holds.keys()].filter((team) => team !== place);
      const same = queue.findIndex(has(place));
      const free = queue.findIndex((toDo) => !others.some((team) => has(team)(toDo)));
      const [toDo] = queue.splice(same >= 0 ? same : Math.max(0, free), 1);
      if (toDo !== undefined) holds.set(place, toDo.task.realization);
      return toDo;
    };
    const next = (place: number) => {
      const toDo = take(place);
      if (toDo !== undefined) {
        underWay.set(place, { toDo, fraction: toDo.fraction });
        teams[place]!.give(toDo);
        return;
      }
      teams[place]!.stop();
      if (underWay.size > 0) return;
      stop();
      resolve(done.seconds);
    };
    const replace = (place: number, reason: string) => {
      const lost = underWay.get(place)?.toDo;
      underWay.delete(place);
      if (lost === undefined) failedStarts += 1;
      else lost.deaths += 1;
      if (failedStarts >= startsTried || (lost?.deaths ?? 0) > 1) {
        fail(new NumericalFailure(`a worker died again: ${reason}`, 'try fewer --workers'));
        return;
      }
      const task = lost === undefined ? '' : ' and does its task again';
      work.onNote(`a worker died: ${reason}; another takes its place${task}`);
      if (lost !== undefined) queue.unshift(lost);
      start(place);
    };
    const start = (place: number) => {
      teams[place] = startTeam(teamSetups(work), {
        ready() {
          done.begin();
          next(place);
          report();
        },
        progress(fraction) {
          underWay.get(place)!.fraction = fraction;
          report();
        },
        state(state) {
          const { toDo, fraction } = underWay.get(place)!;
          Object.assign(toDo, { state, fraction });
          work.onState({ task: toDo.task, fraction, state }, done.seconds);
        },
        range(range) {
          underWay.delete(place);
          done.add(range);
          work.onFinished(range, done.seconds);
          report();
          next(place);
        },
        failed: fail,
        died(reason) {
          replace(place, reason);
        },
      });
    };
    for (let place = 0; place < work.threads / teamSize; place++) start(place);
  });
}

/** Setups of the threads of a team; those of a crew see one buffer, a new one for every team. */
function teamSetups({ setup, teamSize, crewLength }: Work): WorkerSetup[] {
  if (teamSize === 1) return [{ ...setup, crew: null }];
  const buffer = new SharedArrayBuffer(crewBytes(crewLength));
  return Array.from({ length: teamSize }, (_, rank) => ({
    ...setup,
    crew: { buffer, rank, size: teamSize },
  }));
}
