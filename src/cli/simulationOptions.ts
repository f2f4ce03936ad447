import { Option, type Command } from 'commander';
import { ParameterError, requireChoice, requireInteger } from '../numerics/checks.ts';
import { guidedClassChoices } from '../mixture/centres.ts';
import { mostBins } from '../numerics/histogram.ts';
import { histogramObservables, type HistogramRequest } from '../particles/observables/histograms.ts';
import { kernelNames, type KernelName } from '../particles/kernels/choose.ts';
import {
  centresPlaces,
  particleDefaults,
  timeGrids,
  type ParticleOptions,
  type ParticleProblem,
} from '../particles/problem.ts';
import { stepMethods } from '../sampler/sequence.ts';
import { particleStart } from '../particles/start.ts';
import { clockAtNoiseToSignal, noiseToSignalAtClock } from '../process/variances.ts';
import { integerOption, optionalNumber, readAlpha, requiredText, type RawOptions } from './options.ts';
import { parseNumber, parseRange } from './ranges.ts';
import { defaultWorkers } from '../threads/pool.ts';
import { shareChoices, type ShareChoice } from '../threads/share.ts';
import { simulationModes } from '../particles/plan.ts';
import type { SimulationSpec } from '../particles/simulationSpec.ts';

/** Adds the options of `simulate` other than model and guidance. */
export function addSimulationOptions(command: Command): Command {
  const choice = (flags: string, text: string, choices: readonly string[]) =>
    new Option(flags, text).choices(choices);
  return command
    .addOption(
      choice(
        '--mode <mode>',
        'explicit classes; the others averaged; or K = 2 exactly',
        simulationModes,
      ).default('full'),
    )
    .option('--particles <N>', `particles per realisation (default: ${particleDefaults.particles})`)
    .option('--realizations <R>', `realisations of the classes (default: ${particleDefaults.realizations})`)
    .option('--steps <S>', `time steps (default: ${particleDefaults.steps})`)
    .option('--tolerance <X>', 'chooses the number of steps by their relative error, in place of --steps')
    .addOption(choice('--method <name>', 'time stepping', stepMethods).default(particleDefaults.method))
    .addOption(
      choice('--grid <name>', 'clock in which the steps are even', timeGrids).default(particleDefaults.grid),
    )
    .option('--seed <I>', `seed of the random numbers (default: ${particleDefaults.seed})`)
    .addOption(
      choice('--guided-class <kind>', 'typical (|mu_c|^2 = d) or random', guidedClassChoices).default(
        'typical',
      ),
    )
    .option('--centre-overlap <C>', 'mu_c.mu_o/d of the two classes of --mode two-class (default: -1)')
    .option(
      '--times <list>',
      'process times at which the observables are recorded as a series; a step ends at each, so that noise and discretisation of the result differ from a run without',
    )
    .option(
      '--histogram <spec>',
      `observable:from:to:bins, e.g. m:0:2:40 (repeatable; ${histogramObservables.join(', ')})`,
      (value: string, before?: string) => (before === undefined ? value : `${before} ${value}`),
    )
    .addOption(choice('--backend <name>', 'engine for the sums over classes', kernelNames).default('auto'))
    .option(
      '--skip-tolerance <X>',
      `posterior weight that classes left out may have; 0 leaves out none (default: ${particleDefaults.skipTolerance})`,
    )
    .addOption(
      choice(
        '--classes-from <place>',
        'centres held in memory, or drawn anew at each pass',
        centresPlaces,
      ).default('auto'),
    )
    .option(
      '--memory-limit <size>',
      'for the centres of all threads: bytes, 500MB, 2GB, 1GiB (default: 2GiB)',
    )
    .option('--workers <P>', `threads (default: all ${defaultWorkers()})`)
    .addOption(
      choice(
        '--share <what>',
        'threads have particles of their own, or share the classes',
        shareChoices,
      ).default('auto'),
    )
    .option('--checkpoint <file>', 'keeps finished work in a file, and continues from it if it is there');
}

/** How `simulate` runs, read from the command line. */
export interface RunOptions {
  readonly backend: KernelName;
  readonly share: ShareChoice;
  readonly workers: number;
  readonly checkpoint: string | null;
}

/** Reads the options that do not change the result (except for the backend's rounding). */
export function readRunOptions(raw: RawOptions): RunOptions {
  const backend = requiredText(raw, 'backend', 'backend');
  requireChoice('backend', backend, kernelNames);
  const share = requiredText(raw, 'share', 'share');
  requireChoice('share', share, shareChoices);
  return {
    backend,
    share,
    workers: integerOption(raw, 'workers', 'workers', defaultWorkers()),
    checkpoint: readCheckpointPath(raw),
  };
}

/** Reads --checkpoint: a path, or null if it is not given. */
export function readCheckpointPath(raw: RawOptions): string | null {
  const checkpoint = raw['checkpoint'] ?? null;
  if (checkpoint !== null && (typeof checkpoint !== 'string' || checkpoint.trim() === '')) {
    throw new ParameterError('checkpoint', 'the path of a file', checkpoint);
  }
  return checkpoint;
}

/**
 * Reads the numerics of a simulation.
 * @param given whether an option was written on the command line
 * @param times process times of the series
 */
export function readParticleOptions(
  raw: RawOptions,
  given: (key: string) => boolean,
  clocks: readonly number[],
): Partial<ParticleOptions> {
  if (given('tolerance') && given('steps')) {
    throw new ParameterError('tolerance', 'given without --steps', raw['tolerance']);
  }
  const tolerance = optionalNumber(raw, 'tolerance', 'tolerance');
  const method = requiredText(raw, 'method', 'method');
  requireChoice('method', method, stepMethods);
  const grid = requiredText(raw, 'grid', 'grid');
  requireChoice('grid', grid, timeGrids);
  const centres = requiredText(raw, 'classesFrom', 'classes-from');
  requireChoice('classes-from', centres, centresPlaces);
  const skip = optionalNumber(raw, 'skipTolerance', 'skip-tolerance');
  if (skip !== null && !(skip >= 0 && skip <= 1e-3)) {
    throw new ParameterError('skip-tolerance', 'a number in [0, 1e-3]', skip);
  }
  const memoryLimit = raw['memoryLimit'];
  return {
    particles: integerOption(raw, 'particles', 'particles', particleDefaults.particles),
    realizations: integerOption(raw, 'realizations', 'realizations', particleDefaults.realizations),
    ...(tolerance === null
      ? { steps: integerOption(raw, 'steps', 'steps', particleDefaults.steps) }
      : { tolerance, steps: null }),
    seed: integerOption(raw, 'seed', 'seed', particleDefaults.seed),
    method,
    grid,
    clocks,
    histograms: readHistograms(raw),
    ...(typeof memoryLimit === 'string' ? { memoryLimit: parseBytes('memory-limit', memoryLimit) } : {}),
    ...(skip === null ? {} : { skipTolerance: skip }),
    centres,
  };
}

/**
 * Number of classes from --alpha or --classes: exactly one. The two-class mode has two.
 * @throws ParameterError otherwise
 */
export function readClasses(
  raw: RawOptions,
  mode: SimulationSpec['mode'],
  dimension: number,
): Pick<SimulationSpec, 'classes' | 'logClasses'> {
  if (mode === 'two-class') {
    const classes = optionalNumber(raw, 'classes', 'classes') ?? 2;
    if (classes !== 2) throw new ParameterError('classes', '2 in --mode two-class', classes);
    if (raw['alpha'] !== undefined) {
      throw new ParameterError('alpha', 'given without --mode two-class', raw['alpha']);
    }
    return { classes, logClasses: null };
  }
  if ((raw['alpha'] === undefined) === (raw['classes'] === undefined)) {
    throw raw['alpha'] === undefined
      ? new ParameterError('alpha', 'given (or classes)', undefined)
      : new ParameterError('classes', 'given without --alpha', raw['classes']);
  }
  if (raw['classes'] !== undefined) {
    const classes = parseNumber('classes', requiredText(raw, 'classes', 'classes'));
    requireInteger('classes', classes, 1);
    return { classes, logClasses: null };
  }
  const alpha = readAlpha(raw);
  if (alpha === Infinity) throw new ParameterError('alpha', 'finite in a simulation', 'infinity');
  return { classes: null, logClasses: alpha * dimension };
}

/** Overlap of the two centres of the two-class mode. @throws ParameterError in another one */
export function readCentreOverlap(
  raw: RawOptions,
  mode: SimulationSpec['mode'],
): Pick<SimulationSpec, 'centreOverlap'> {
  const centreOverlap = optionalNumber(raw, 'centreOverlap', 'centre-overlap');
  if (centreOverlap === null) return {};
  if (mode !== 'two-class') {
    throw new ParameterError('centre-overlap', 'given with --mode two-class', centreOverlap);
  }
  if (!(centreOverlap >= -1 && centreOverlap < 1)) {
    throw new ParameterError('centre-overlap', 'in [-1, 1)', centreOverlap);
  }
  return { centreOverlap };
}

/** Times of --times, in the order given, and their solver clocks. */
export interface SeriesTimes {
  readonly times: readonly number[];
  /** Ascending: the last of `times`, in time, comes first. */
  readonly clocks: readonly number[];
  /** Index in `clocks` of each time. */
  readonly places: readonly number[];
}

/**
 * Reads --times.
 * @throws ParameterError for a time before the start of sampling, below 0, or given twice
 */
export function readTimes(raw: RawOptions, problem: ParticleProblem): SeriesTimes {
  const text = raw['times'];
  if (typeof text !== 'string') return { times: [], clocks: [], places: [] };
  const times = text.includes(':')
    ? parseRange('times', text)
    : text.split(',').map((part) => parseNumber('times', part));
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
    if (clock === clocks[i - 1]) throw new ParameterError('times', 'different times', text);
  });
  return { times, clocks, places: wanted.map((clock) => clocks.indexOf(clock)) };
}

function readHistograms(raw: RawOptions): HistogramRequest[] {
  const text = raw['histogram'];
  if (typeof text !== 'string') return [];
  return text.split(' ').map((spec) => {
    const [observable, from, to, bins, ...rest] = spec.split(':');
    if (bins === undefined || rest.length > 0) {
      throw new ParameterError('histogram', 'observable:from:to:bins', spec);
    }
    requireChoice('histogram', observable!, histogramObservables);
    const request = {
      observable: observable,
      from: parseNumber('histogram', from!),
      to: parseNumber('histogram', to!),
      bins: parseNumber('histogram', bins),
      atClocks: true,
    };
    if (request.to <= request.from) throw new ParameterError('histogram', 'a range with to > from', spec);
    if (!Number.isInteger(request.bins) || request.bins < 1 || request.bins > mostBins) {
      throw new ParameterError('histogram', `of an integer number of bins in [1, ${mostBins}]`, spec);
    }
    return request;
  });
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
