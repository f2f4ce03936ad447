import { mostBins } from '../../numerics/histogram.ts';
import { ParameterError, requireChoice } from '../../numerics/checks.ts';
import { kernelNames } from '../../particles/kernels/choose.ts';
import { histogramObservables, type HistogramRequest } from '../../particles/problem/histograms.ts';
import {
  centresPlaces,
  particleDefaults,
  timeGrids,
  type ParticleOptions,
  type ParticleProblem,
} from '../../particles/problem/problem.ts';
import type { SimulationSpec } from '../../particles/simulationSpec.ts';
import type { ParticleResult } from '../../particles/tasks.ts';
import { particleStart } from '../../particles/problem/start.ts';
import { clockAtNoiseToSignal, noiseToSignalAtClock } from '../../process/variances.ts';
import { stepMethods } from '../../sampler/sequence.ts';
import { shareChoices } from '../../threads/share.ts';
import { seedOption, workersOption } from './beside.ts';
import { parseNumber } from './ranges.ts';
import { group, missing, option, type Values } from './input.ts';
import { choice, file, integer, interval, number, numbers, rate, repeated } from './options.ts';

/** --backend. */
export const backendOption = choice('engine for the sums over classes', kernelNames, { default: 'auto' });

/** --checkpoint. */
export const checkpointOption = file('keeps finished work in a file, and continues from it if it is there');

/** Threads and engine: what does not change the result, except for the backend's rounding. */
export const runOptions = {
  backend: backendOption,
  workers: workersOption,
  share: choice('threads have particles of their own, or share the classes', shareChoices, {
    default: 'auto',
  }),
  checkpoint: checkpointOption,
} as const;

/** Numerics of a simulation, without its recorded times. */
export const particleOptions = group(
  {
    particles: number('particles per realisation', { as: 'N', default: particleDefaults.particles }),
    realizations: number('realisations of the classes', { as: 'R', default: particleDefaults.realizations }),
    steps: number('time steps', { as: 'S', default: particleDefaults.steps }),
    tolerance: number('chooses the number of steps by their relative error, in place of --steps', {
      without: ['steps'],
    }),
    method: choice('time stepping', stepMethods, { default: particleDefaults.method }),
    grid: choice('clock in which the steps are even', timeGrids, { default: particleDefaults.grid }),
    seed: seedOption,
    histogram: repeated(
      `observable:from:to:bins, e.g. m:0:2:40 (repeatable; ${histogramObservables.join(', ')})`,
      { as: 'spec' },
      parseHistogram,
    ),
    skipTolerance: number('posterior weight that classes left out may have; 0 leaves out none', {
      default: particleDefaults.skipTolerance,
      domain: { ...interval('[0, 1e-3]'), text: null },
      sets: ['skipTolerance'],
    }),
    classesFrom: choice('centres held in memory, or drawn anew at each pass', centresPlaces, {
      as: 'place',
      default: particleDefaults.centres,
      sets: ['centres'],
    }),
    memoryLimit: option(
      'for the centres of all threads: bytes, 500MB, 2GB, 1GiB',
      { as: 'size', kind: 'text', usual: '2GiB', sets: ['memoryLimit'] },
      parseBytes,
    ),
  },
  ({ histogram, classesFrom, memoryLimit, steps, tolerance, ...rest }): Partial<ParticleOptions> => ({
    ...rest,
    ...(tolerance === null ? { steps } : { tolerance, steps: null }),
    histograms: histogram,
    ...(memoryLimit === null ? {} : { memoryLimit }),
    centres: classesFrom,
  }),
);

/** Number of classes: from --alpha or --classes, exactly one; two in the two-class mode. */
export const classesOptions = {
  alpha: rate('class rate: K = exp(alpha d)', { sets: ['logClasses'], or: ['classes'] }),
  classes: number('number of classes, in place of --alpha', {
    as: 'K',
    domain: integer(1),
  }),
} as const;

/** Number of classes at a dimension. @throws ParameterError unless exactly one of --alpha and --classes is given */
export function classesAt(
  { alpha, classes }: Values<typeof classesOptions>,
  mode: SimulationSpec['mode'],
  dimension: number,
): Pick<SimulationSpec, 'classes' | 'logClasses'> {
  if (mode === 'two-class') {
    if (classes !== null && classes !== 2)
      throw new ParameterError('classes', '2 in --mode two-class', classes);
    if (alpha !== null) throw new ParameterError('alpha', 'given without --mode two-class', alpha);
    return { classes: 2, logClasses: null };
  }
  if (classes !== null) {
    if (alpha !== null) throw new ParameterError('classes', 'given without --alpha', classes);
    return { classes, logClasses: null };
  }
  if (alpha === null) throw missing('alpha', ['classes']);
  if (alpha === Infinity) throw new ParameterError('alpha', 'finite in a simulation', 'infinity');
  return { classes: null, logClasses: alpha * dimension };
}

/** --times. */
export const timesOption = numbers(
  'process times at which the observables are recorded as a series; a step ends at each, so that noise and discretisation of the result differ from a run without',
);

/** Times of --times, in the order given, and their solver clocks. */
export interface SeriesTimes {
  readonly times: readonly number[];
  /** Ascending: the last of `times`, in time, comes first. */
  readonly clocks: readonly number[];
  /** Index in `clocks` of each time. */
  readonly places: readonly number[];
}

/** Moments of a simulation at the times of a series. */
export const recordedAt = ({ times, places }: SeriesTimes, { series }: ParticleResult) =>
  places.map((place, i) => ({ ...series[place]!, time: times[i]! }));

/**
 * Times of a series on the clock.
 * @throws ParameterError for a time before the start of sampling, below 0, or given twice
 */
export function seriesTimes(times: readonly number[], problem: ParticleProblem): SeriesTimes {
  if (times.length === 0) return { times, clocks: [], places: [] };
  const { process, sigma2 } = problem;
  const { clock: start } = particleStart(problem);
  const first = problem.startTime ?? process.timeAtNoiseToSignal(noiseToSignalAtClock(start, sigma2));
  const wanted = times.map((time) => {
    if (time < 0 || time > first) {
      throw new ParameterError('times', `in [0, ${first}], between the data and the start of sampling`, time);
    }
    return Math.max(start, clockAtNoiseToSignal(process.noiseToSignal(time), sigma2));
  });
  const clocks = [...wanted].sort((p, q) => p - q);
  clocks.forEach((clock, i) => {
    if (clock === clocks[i - 1]) throw new ParameterError('times', 'different times', times.join(','));
  });
  return { times, clocks, places: wanted.map((clock) => clocks.indexOf(clock)) };
}

function parseHistogram(name: string, spec: string): HistogramRequest {
  const [observable, from, to, bins, ...rest] = spec.split(':');
  if (bins === undefined || rest.length > 0) throw new ParameterError(name, 'observable:from:to:bins', spec);
  requireChoice(name, observable!, histogramObservables);
  const request = {
    observable: observable,
    from: parseNumber(name, from!),
    to: parseNumber(name, to!),
    bins: parseNumber(name, bins),
    atClocks: true,
  };
  if (request.to <= request.from) throw new ParameterError(name, 'a range with to > from', spec);
  if (!Number.isInteger(request.bins) || request.bins < 1 || request.bins > mostBins) {
    throw new ParameterError(name, `of an integer number of bins in [1, ${mostBins}]`, spec);
  }
  return request;
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** A size in bytes: a number, with or without a unit (500MB, 1.5 GiB). @throws ParameterError for anything else */
export function parseBytes(parameter: string, text: string): number {
  const [, number, unit] = /^\s*([\d.]+)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = units[unit?.toLowerCase() ?? '-'];
  const bytes = factor === undefined ? NaN : Math.floor(Number(number) * factor);
  if (!(bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER)) {
    throw new ParameterError(parameter, 'a size such as 500000000, 500MB, 2GB or 1GiB', text);
  }
  return bytes;
}
