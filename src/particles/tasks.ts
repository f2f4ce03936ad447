import { ParameterError, requireInteger } from '../numerics/checks.ts';
import { noiseToSignalAtClock } from '../process/variances.ts';
import type { ParticleObservables, ParticleRange, ParticleRows } from './observables.ts';
import { emptyRows, reduceRows } from './observables.ts';
import type { ParticleOptions, ParticleProblem } from './problem.ts';
import { classCountOrNull } from './problem.ts';

/** A range of particles of one realisation: the unit of work. */
export interface ParticleTask {
  readonly realization: number;
  readonly begin: number;
  readonly end: number;
}

/** Observables at one requested clock. */
export interface ParticleSeriesRow extends ParticleObservables {
  /** Solver clock. */
  readonly clock: number;
  /** Forward time of the process. */
  readonly time: number;
}

/** Result of a particle simulation. */
export interface ParticleResult extends ParticleObservables {
  /** K, or null where it is too large for an exact integer. */
  readonly classes: number | null;
  /** One row per requested clock, in the order of options.clocks. */
  readonly series: readonly ParticleSeriesRow[];
  /** Particle-class pairs evaluated (0 in the reduced simulation). */
  readonly pairs: number;
}

/**
 * Splits a simulation into tasks of at most `particlesPerTask` particles (default: a whole realisation each).
 * The result of {@link mergeTasks} does not depend on the split, bit for bit.
 */
export function planTasks(options: ParticleOptions, particlesPerTask = options.particles): ParticleTask[] {
  requireInteger('particlesPerTask', particlesPerTask, 1);
  const tasks: ParticleTask[] = [];
  for (let realization = 0; realization < options.realizations; realization++) {
    for (let begin = 0; begin < options.particles; begin += particlesPerTask) {
      tasks.push({ realization, begin, end: Math.min(begin + particlesPerTask, options.particles) });
    }
  }
  return tasks;
}

/**
 * Puts the ranges of a simulation together, in any order, and reduces them in the order of realisation and
 * particle.
 * @param options the resolved options with which all ranges were computed
 * @throws ParameterError unless the ranges cover every particle of every realisation exactly once
 */
export function mergeTasks(
  problem: ParticleProblem,
  options: ParticleOptions,
  ranges: readonly ParticleRange[],
): ParticleResult {
  const finals: ParticleRows[] = [];
  const series: ParticleRows[][] = options.clocks.map(() => []);
  const guidedNorms: number[] = [];
  const sorted = [...ranges].sort((p, q) => p.realization - q.realization || p.begin - q.begin);
  let next = 0;
  for (let realization = 0; realization < options.realizations; realization++) {
    const final = emptyRows(options.particles);
    const rows = options.clocks.map(() => emptyRows(options.particles));
    let covered = 0;
    while (covered < options.particles) {
      const range = sorted[next++];
      if (range?.realization !== realization || range.begin !== covered || range.end <= covered) {
        throw new ParameterError('ranges', 'such that they cover every particle exactly once', {
          realization,
          particle: covered,
        });
      }
      copyRows(range.final, final, covered);
      rows.forEach((into, i) => {
        copyRows(range.series[i]!, into, covered);
      });
      covered = range.end;
      if (range.begin === 0) guidedNorms.push(range.guidedNorm);
    }
    finals.push(final);
    rows.forEach((row, i) => series[i]!.push(row));
  }
  if (next !== sorted.length) {
    throw new ParameterError(
      'ranges',
      'such that they cover every particle exactly once',
      `${sorted.length} ranges`,
    );
  }
  return {
    classes: classCountOrNull(problem),
    ...reduceRows(finals, guidedNorms),
    series: options.clocks.map((clock, i) => {
      const time = problem.process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, problem.sigma2));
      return { clock, time, ...reduceRows(series[i]!, guidedNorms) };
    }),
    pairs: ranges.reduce((sum, range) => sum + range.pairs, 0),
  };
}

function copyRows(from: ParticleRows, into: ParticleRows, offset: number): void {
  into.m.set(from.m, offset);
  into.q.set(from.q, offset);
  into.v.set(from.v, offset);
  into.guidedWeight.set(from.guidedWeight, offset);
}
