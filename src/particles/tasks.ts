import { ParameterError, requireInteger, requireList, requireMembers } from '../numerics/checks.ts';
import { noiseToSignalAtClock } from '../process/variances.ts';
import type { ParticleObservables } from './observables/estimates.ts';
import { combineRealizations } from './observables/estimates.ts';
import type { PairCounts, ParticleRange } from './observables/observables.ts';
import { addPairs, bundleSize } from './observables/observables.ts';
import type { SimulationPlan } from './plan/plan.ts';
import {
  classCountOrNull,
  requireParticleOptions,
  requireParticleProblem,
  type ParticleOptions,
  type ParticleProblem,
} from './problem/problem.ts';
import type { RealizationSummary } from './observables/realizationSummary.ts';
import { summarizeRealization } from './observables/realizationSummary.ts';

/** A range of particles of one realisation, made of whole bundles: the unit of work. */
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
export interface ParticleResult extends ParticleObservables, PairCounts {
  /** K, or null where it is too large for an exact integer. */
  readonly classes: number | null;
  /** One row per requested clock, in the order of options.clocks. */
  readonly series: readonly ParticleSeriesRow[];
}

/**
 * Splits a simulation into tasks of at most `particlesPerTask` particles, rounded up to whole bundles (default: a whole
 * realisation each). The result does not depend on the split, bit for bit.
 * @param options resolved options, all of them there
 * @throws ParameterError for options outside their domain
 */
export function planTasks(options: ParticleOptions, particlesPerTask = options.particles): ParticleTask[] {
  requireParticleOptions(options);
  requireInteger('particlesPerTask', particlesPerTask, 1);
  return cutTasks(options, particlesPerTask);
}

/** {@link planTasks} with options that have been checked. */
export function cutTasks(options: ParticleOptions, particlesPerTask = options.particles): ParticleTask[] {
  const size = bundleSize(options);
  const step = Math.ceil(particlesPerTask / size) * size;
  const tasks: ParticleTask[] = [];
  for (let realization = 0; realization < options.realizations; realization++) {
    for (let begin = 0; begin < options.particles; begin += step) {
      tasks.push({ realization, begin, end: Math.min(begin + step, options.particles) });
    }
  }
  return tasks;
}

/** A simulation whose ranges are put together, checked and resolved. */
export type CollectedSimulation = Pick<SimulationPlan, 'problem' | 'options'>;

/**
 * Takes in the ranges of a simulation, in any order, and keeps only a summary of each realisation once it is complete:
 * its memory does not grow with the number of particles.
 */
export class RangeCollector {
  private readonly simulation: CollectedSimulation;
  private readonly pending = new Map<number, ParticleRange[]>();
  private readonly complete = new Map<number, RealizationSummary>();

  constructor(simulation: CollectedSimulation) {
    this.simulation = simulation;
  }

  /** Takes in one range. @throws ParameterError if it is not one of this simulation or some particle was there already */
  add(range: ParticleRange): void {
    requireMembers('ranges', range, { begin: 'number', end: 'number', final: 'object', series: 'list' });
    const { realization, begin, end } = range;
    const { problem, options } = this.simulation;
    requireInteger('range.realization', realization, 0, options.realizations - 1);
    const others = this.pending.get(realization) ?? [];
    const isRepeated = others.some((other) => begin < other.end && other.begin < end);
    if (this.complete.has(realization) || isRepeated || begin >= end || end > options.particles) {
      throw uncovered({ realization, begin, end });
    }
    const ranges = [...others, range].sort((p, q) => p.begin - q.begin);
    this.pending.set(realization, ranges);
    // No two overlap, so they cover the realisation if they are as many.
    if (ranges.reduce((sum, part) => sum + part.end - part.begin, 0) < options.particles) return;
    this.complete.set(realization, summarizeRealization(ranges, problem.dimension));
    this.pending.delete(realization);
  }

  /** @throws ParameterError while some particle is missing */
  result(): ParticleResult {
    const { problem, options } = this.simulation;
    const { dimension, process, sigma2 } = problem;
    const summaries = Array.from({ length: options.realizations }, (_, realization) => {
      const summary = this.complete.get(realization);
      if (summary === undefined) throw uncovered({ realization });
      return summary;
    });
    const norms = summaries.map(({ guidedNorm }) => guidedNorm);
    const atClocks = options.histograms.filter((request) => request.atClocks === true);
    return {
      classes: classCountOrNull(problem),
      ...combineRealizations(
        summaries.map(({ final }) => final),
        norms,
        dimension,
        options.histograms,
      ),
      series: options.clocks.map((clock, i) => {
        const time = process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, sigma2));
        const rows = summaries.map(({ series }) => series[i]!);
        return { clock, time, ...combineRealizations(rows, norms, dimension, atClocks) };
      }),
      ...addPairs(summaries),
    };
  }
}

/**
 * Puts the ranges of a simulation together, in any order.
 * @param options the resolved options with which all ranges were computed
 * @throws ParameterError unless the ranges cover every particle of every realisation exactly once
 */
export function mergeTasks(
  problem: ParticleProblem,
  options: ParticleOptions,
  ranges: readonly ParticleRange[],
): ParticleResult {
  requireParticleProblem(problem);
  requireParticleOptions(options);
  requireList('ranges', ranges);
  return mergeRanges({ problem, options }, ranges);
}

/** {@link mergeTasks} for a simulation that has been checked. */
export function mergeRanges(
  simulation: CollectedSimulation,
  ranges: readonly ParticleRange[],
): ParticleResult {
  const collector = new RangeCollector(simulation);
  for (const range of ranges) collector.add(range);
  return collector.result();
}

function uncovered(where: object): ParameterError {
  return new ParameterError('ranges', 'such that they cover every particle exactly once', where);
}
