import type { Command } from 'commander';
import { classifierFamily, familyNames, type FamilyName } from '../../../classifier/families.ts';
import { randomClasses } from '../../../classifier/study/randomClasses.ts';
import { diffuseMixture, type DiffusedMixture } from '../../../mixture/labelled/diffused.ts';
import type { LabelledMixture } from '../../../mixture/labelled/mixture.ts';
import { ParameterError, requireChoice, requireInteger } from '../../../numerics/checks.ts';
import { processes, type ProcessName } from '../../../process/process.ts';
import { integerOption, optionalNumber, type RawOptions } from '../../options.ts';
import { parseRange } from '../../ranges.ts';
import { parseVector, readMixture } from '../fewClass/problemOptions.ts';

/** Defaults of the options: the study of docs/theory/classifiers.md. */
export const classifierDefaults = {
  dimensions: [2, 8, 32],
  classes: 4,
  radius: 2,
  sigma2: 0.5,
  label: 0,
  time: 0.3,
  seed: 1,
} as const;

/** A mixture under a forward process and the class under guidance. */
export interface ClassifierProblem {
  readonly diffused: DiffusedMixture;
  readonly label: number;
}

/** Defaults of a command for the mixture. */
export interface ProblemDefaults {
  readonly dimensions: readonly number[];
  readonly classes?: number;
}

/** The mixture: random, or explicit with --centres; the process and the guided class. */
export function addProblemOptions(command: Command, usual: ProblemDefaults = classifierDefaults): Command {
  const { classes, radius, sigma2, label, seed } = { ...classifierDefaults, ...usual };
  return command
    .option('--d <list>', `dimensions of random mixtures (default: ${usual.dimensions.join(',')})`)
    .option('--classes <K>', `number of random classes (default: ${classes})`)
    .option('--radius <R>', `root mean square length of a random centre, > 0 (default: ${radius})`)
    .option('--sigma2 <S>', `variance inside a class, > 0 (default: ${sigma2}; 1 with --centres)`)
    .option(
      '--centres <list>',
      'explicit centres in place of random ones: coordinates by comma, centres by semicolon',
    )
    .option('--weights <list>', 'weights of the explicit classes by comma, summing to 1 (default: equal)')
    .option(
      '--covariance <rows>',
      'covariance of explicit classes in place of --sigma2: rows by semicolon; one per class with | between them',
    )
    .option('--process <name>', 'forward process: ou, ve or flow (default: ou)')
    .option('--label <I>', `class under guidance, counted from 0 (default: ${label})`)
    .option('--seed <I>', `seed (default: ${seed})`);
}

/** Noise levels. */
export function addTimeOptions(command: Command, usual: number = classifierDefaults.time): Command {
  return command
    .option('--time <t>', `noise level, in process time (default: ${usual})`)
    .option('--times <range>', 'several noise levels, in place of --time');
}

/** --seed. */
export function readSeed(raw: RawOptions): number {
  const seed = integerOption(raw, 'seed', 'seed', classifierDefaults.seed);
  requireInteger('seed', seed, 0);
  return seed;
}

/** The problems: one for each dimension of --d, or the one of --centres. */
export function readProblems(
  raw: RawOptions,
  usual: ProblemDefaults = classifierDefaults,
): ClassifierProblem[] {
  const name = raw['process'] ?? 'ou';
  requireChoice('process', String(name), Object.keys(processes) as ProcessName[]);
  const process = processes[name as ProcessName];
  const label = integerOption(raw, 'label', 'label', classifierDefaults.label);
  return mixtures(raw, usual).map((mixture) => {
    requireInteger('label', label, 0, mixture.classes - 1);
    return { diffused: diffuseMixture(mixture, process), label };
  });
}

/** The problem of a command that takes one. */
export function readProblem(raw: RawOptions, usual: ProblemDefaults): ClassifierProblem {
  const [problem, ...others] = readProblems(raw, usual);
  if (others.length > 0) throw new ParameterError('d', 'one dimension', raw['d']);
  return problem!;
}

function mixtures(raw: RawOptions, usual: ProblemDefaults): LabelledMixture[] {
  const seed = readSeed(raw);
  if (typeof raw['centres'] === 'string') {
    for (const key of ['d', 'classes', 'radius']) {
      if (raw[key] !== undefined) throw new ParameterError(key, 'given without --centres', raw[key]);
    }
    return [readMixture(raw)];
  }
  for (const key of ['weights', 'covariance']) {
    if (raw[key] !== undefined) throw new ParameterError(key, 'given with --centres', raw[key]);
  }
  const text = raw['d'];
  const dimensions = typeof text === 'string' ? parseRange('d', text) : usual.dimensions;
  for (const d of dimensions) requireInteger('d', d, 1, 1024);
  const classes = integerOption(raw, 'classes', 'classes', usual.classes ?? classifierDefaults.classes);
  const radius = optionalNumber(raw, 'radius', 'radius') ?? classifierDefaults.radius;
  const sigma2 = optionalNumber(raw, 'sigma2', 'sigma2') ?? classifierDefaults.sigma2;
  return dimensions.map((dimension) => randomClasses({ dimension, classes, radius, sigma2, seed }));
}

/** Noise levels of --time or --times, at which the process has a signal. */
export function readTimes(
  raw: RawOptions,
  { diffused }: ClassifierProblem,
  usual: readonly number[] = [classifierDefaults.time],
): number[] {
  const given = raw['times'];
  if (given !== undefined && raw['time'] !== undefined) {
    throw new ParameterError('times', 'given without --time', given);
  }
  const single = optionalNumber(raw, 'time', 'time');
  const option = single === null ? 'times' : 'time';
  const times =
    single === null ? (typeof given === 'string' ? parseRange('times', given) : [...usual]) : [single];
  const { endTime } = diffused.process;
  for (const time of times) {
    if (!(time >= 0 && time < endTime)) {
      const condition = endTime === Infinity ? 'a finite number >= 0' : `in [0, ${endTime})`;
      throw new ParameterError(option, condition, time);
    }
  }
  return times;
}

/** Families of --family: names by comma. @param usual default */
export function readFamilies(raw: RawOptions, usual: readonly FamilyName[] = familyNames): FamilyName[] {
  const text = raw['family'];
  if (typeof text !== 'string') return [...usual];
  return text.split(',').map((part) => {
    const name = part.trim() as FamilyName;
    requireChoice('family', name, familyNames);
    return name;
  });
}

/** Parameters of --parameters, in the order given, or the family's own. */
export function readParameters(raw: RawOptions, family: FamilyName): readonly number[] {
  const text = raw['parameters'];
  if (typeof text !== 'string') return classifierFamily(family).parameters;
  return text.includes(':') ? parseRange('parameters', text) : parseVector('parameters', text);
}

/** The problem as plain JSON, for records. */
export function classifierProblemRecord({ diffused, label }: ClassifierProblem): Record<string, unknown> {
  const { mixture, process } = diffused;
  const { dimension, classes, centres, weights, covariances } = mixture;
  const rows = (flat: Float64Array) =>
    Array.from({ length: flat.length / dimension }, (_, i) => [
      ...flat.subarray(i * dimension, (i + 1) * dimension),
    ]);
  return {
    dimension,
    classes,
    label,
    process: process.name,
    weights: [...weights],
    centres: rows(centres),
    covariance: covariances.map((one) => isotropic(one, dimension) ?? rows(one)),
  };
}

/** The variance if a covariance is a multiple of the identity. */
function isotropic(entries: Float64Array, dimension: number): number | null {
  const first = entries[0]!;
  return entries.every((entry, i) => entry === (i % (dimension + 1) === 0 ? first : 0)) ? first : null;
}
