import {
  ParameterError,
  requireInteger,
  requireKnownKeys,
  requireMembers,
  requireNumbers,
  requireObject,
} from '../../numerics/checks.ts';
import { clockAtNoiseToSignal, dataClock } from '../../process/variances.ts';
import { flowState } from '../flowState.ts';
import { structuredModel } from './build.ts';
import type { CoordinatePart } from './model.ts';
import { UnresolvedMap } from './profiles.ts';
import { solveModel, type StructuredSolution } from './solve.ts';

/** What {@link coordinateDensity} is asked for; every one has a default. */
export interface CoordinateDensityOptions {
  /** Process time (default: the data, 0). */
  readonly time?: number;
  /** Band of the class law, from 0 (default: all, by their shares). */
  readonly band?: number;
  /** Places (default: {@link CoordinateDensityOptions.count} even ones over both laws). */
  readonly x?: readonly number[];
  /** Number of places (default 201). */
  readonly count?: number;
}

/** Density of a coordinate x sign(mu) over the coordinates of the guided output, in the process's scale. */
export interface CoordinateDensityTable {
  readonly time: number;
  readonly x: readonly number[];
  /** Of the guided output. */
  readonly density: readonly number[];
  /** Of the guided class itself at that time, which sampling without guidance has. */
  readonly classDensity: readonly number[];
}

const usualCount = 201;
/** Where both densities are below this share of their peaks there is no place. */
const shownShare = 1e-4;
const searched = 400;
/** Growth of the number of nodes where they do not resolve a density, and the most. */
const finer = 2;
const mostStart = 200;

/**
 * Density of a coordinate in the gauge mu > 0 (eq. coordinate-output). Nodes that do not resolve it are refined, and the problem is solved again.
 * @param solution of solveStructured
 * @throws ParameterError for a time outside the solution, a band that there is not, or a class without width at the data
 * @throws NumericalFailure where the output has more peaks than nodes resolve
 */
export function coordinateDensity(
  solution: StructuredSolution,
  options: CoordinateDensityOptions = {},
): CoordinateDensityTable {
  requireMembers('solution', solution, {
    problem: 'object',
    flow: 'object',
    model: 'object',
    options: 'object',
  });
  requireObject('options', options);
  requireKnownKeys('options', options, ['time', 'band', 'x', 'count']);
  const { time = 0, band = null, x: places = null, count = usualCount } = options;
  const { law, process } = solution.problem;
  const most = law.kind === 'bands' ? law.bands.length - 1 : 0;
  if (band !== null) requireInteger('band', band, 0, most);
  requireInteger('count', count, 2, 100_000);
  if (places !== null) requireNumbers('x', places);
  const clock = clockOf(solution, time);
  const a = process.signalScale(time);
  const [guided, own] = lawsAt(solution, clock).map((parts) => mixture(parts, band, a));
  const x = places ?? usualPlaces([guided!, own!], count);
  return { time, x, density: x.map(guided!.density), classDensity: x.map(own!.density) };
}

function clockOf({ problem, model, flow }: StructuredSolution, time: number): number {
  const { process, startTime } = problem;
  const latest = startTime ?? process.endTime;
  if (!(time >= 0 && time <= latest && time < process.endTime))
    throw new ParameterError('time', `in [0, ${latest}${latest === process.endTime ? ')' : ']'}`, time);
  const clock = Math.min(
    dataClock(model.reference),
    clockAtNoiseToSignal(process.noiseToSignal(time), model.reference),
  );
  if (clock > flow.endClock) throw new ParameterError('time', 'before the competing classes condense', time);
  return Math.max(clock, model.startClock);
}

/** Laws of a coordinate of the output and of the class. */
function lawsAt(solution: StructuredSolution, clock: number): readonly (readonly CoordinatePart[])[] {
  let { model, flow, options } = solution;
  for (;;) {
    const state = flowState(model.dynamics, flow, clock, {
      ...options,
      relativeTolerance: Math.max(options.relativeTolerance, model.tolerance),
      absoluteTolerance: Math.max(options.absoluteTolerance, model.tolerance),
    });
    try {
      return [model.coordinateLaw(clock, state), model.coordinateLaw(clock, null)];
    } catch (failure) {
      const start = finer * options.nodes.start;
      if (!(failure instanceof UnresolvedMap) || start > mostStart) throw failure;
      options = { ...options, nodes: { ...options.nodes, start } };
      model = structuredModel(solution.problem, options.nodes);
      ({ flow } = solveModel(solution.problem, options, model));
    }
  }
}

/** Density of x = a y over parts, those of one band or all. */
interface Mixture {
  readonly low: number;
  readonly high: number;
  readonly density: (x: number) => number;
}

function mixture(all: readonly CoordinatePart[], band: number | null, a: number): Mixture {
  const parts = all.filter((part) => band === null || part.band === band);
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const seen = parts.filter(({ weight }) => weight > 1e-9 * total);
  return {
    low: a * Math.min(...seen.map(({ low }) => low)),
    high: a * Math.max(...seen.map(({ high }) => high)),
    density: (x) => {
      const y = x / a;
      let sum = 0;
      for (const { low, high, weight, density } of parts) if (y > low && y < high) sum += weight * density(y);
      return sum / (a * total);
    },
  };
}

/** Even places over what is seen of the laws. */
function usualPlaces(laws: readonly Mixture[], count: number): number[] {
  let [low, high] = [Infinity, -Infinity];
  for (const law of laws) {
    const x = evenly(law.low, law.high, searched);
    const values = x.map(law.density);
    const least = shownShare * Math.max(...values);
    const seen = x.filter((_, i) => values[i]! > least);
    low = Math.min(low, seen[0] ?? law.low);
    high = Math.max(high, seen.at(-1) ?? law.high);
  }
  return evenly(low, high, count);
}

function evenly(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}
