import type { PartialTask } from '../particles/checkpoint/checkpoint.ts';
import { crewBytes } from '../particles/engine/crew.ts';
import type { ParticleRange } from '../particles/observables/observables.ts';
import type { ParticleOptions } from '../particles/problem/problem.ts';
import type { ParticleTask } from '../particles/tasks.ts';
import { createTaskRunner, stateEvery } from './spec.ts';
import { dispatch, type Job } from './dispatch.ts';
import { startTeam, type WorkerSetup } from './team.ts';

/** @param pairsPerSecond particle-class pairs, null while unknown */
export type RunProgress = (fraction: number, pairsPerSecond: number | null) => void;

/** A task on the list. */
export interface TaskToDo extends Job {
  readonly task: ParticleTask;
  /** State that it continues from, or null. */
  state: unknown;
  /** Share of it that is done there. */
  fraction: number;
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

/** Sampling tasks and their callbacks. Seconds count the sampling of this run. */
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

/** Progress and speed of a run. */
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

/**
 * Does the work on threads; one that dies is replaced, and its task tried once more.
 * @returns seconds of sampling
 * @throws NumericalFailure if that does not help
 */
export async function sampleOnThreads(work: Work): Promise<number> {
  const { done, teamSize } = work;
  const queue = [...work.tasks];
  /** Share of each running task that is done. */
  const running = new Map<TaskToDo, number>();
  /** Realisation whose classes a team has. */
  const holds = new Map<number, number>();
  const report = () => {
    done.report([...running].reduce((sum, [{ task }, fraction]) => sum + fraction * sizeOf(task), 0));
  };
  await dispatch<TaskToDo>({
    places: work.threads / teamSize,
    /** A task of the classes that the team has, or else of classes that no other one has: drawing them takes time. */
    take(place) {
      const has =
        (team: number) =>
        ({ task }: TaskToDo) =>
          task.realization === holds.get(team);
      const others = [...holds.keys()].filter((team) => team !== place);
      const same = queue.findIndex(has(place));
      const free = queue.findIndex((toDo) => !others.some((team) => has(team)(toDo)));
      const [toDo] = queue.splice(same >= 0 ? same : Math.max(0, free), 1);
      if (toDo === undefined) return 'none';
      holds.set(place, toDo.task.realization);
      return toDo;
    },
    putBack(lost) {
      queue.unshift(lost);
    },
    onNote: work.onNote.bind(work),
    start(_, { ready, finished, failed, died }) {
      let current: TaskToDo | null = null;
      const team = startTeam(teamSetups(work), {
        ready() {
          done.begin();
          ready();
          report();
        },
        progress(fraction) {
          running.set(current!, fraction);
          report();
        },
        state(state) {
          const fraction = running.get(current!)!;
          Object.assign(current!, { state, fraction });
          work.onState({ task: current!.task, fraction, state }, done.seconds);
        },
        range(range) {
          running.delete(current!);
          done.add(range);
          work.onFinished(range, done.seconds);
          report();
          finished();
        },
        failed,
        died(reason) {
          if (current !== null) running.delete(current);
          died(reason);
        },
      });
      return {
        give(toDo) {
          current = toDo;
          running.set(toDo, toDo.fraction);
          team.give(toDo);
        },
        stop: team.stop.bind(team),
      };
    },
  });
  return done.seconds;
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
