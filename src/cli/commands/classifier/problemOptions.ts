import { classifierFamily, familyNames, type FamilyName } from '../../../classifier/study/families.ts';
import { studyDefaults, type StudyProblem } from '../../../classifier/study/noiseLevel.ts';
import {
  randomProblems,
  studyProblem,
  type NumberedProblem,
} from '../../../classifier/study/randomProblems.ts';
import type { Sweep } from '../../../classifier/study/study.ts';
import type { LabelledMixture } from '../../../mixture/labelled/mixture.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { processes, type ProcessName } from '../../../process/process.ts';
import { group, type RawOptions } from '../../frame/input.ts';
import { integer, listOf, number, numbers, positive, range } from '../../frame/options.ts';
import { processOption } from '../../frame/physics.ts';
import { seedOption } from '../../frame/beside.ts';
import { mixtureInputs, mixtureOf } from '../fewClass/problemOptions.ts';

/** Defaults of a command for random mixtures. */
interface MixtureDefaults {
  readonly dimensions: readonly number[];
  readonly classes: number;
}

/** Defaults of the options: the study of docs/theory/classifiers.md. */
const defaults = { dimensions: [2, 8, 32], classes: 4, radius: 2, sigma2: 0.5, label: 0, time: 0.3 } as const;

/** The mixture of a command line, its process and the guided class. */
export interface ProblemChoice {
  /** Dimensions and number of classes of random mixtures, where they are given. */
  readonly d: readonly number[] | null;
  readonly classes: number | null;
  readonly radius: number;
  readonly sigma2: number;
  /** The mixture of --centres; null for random ones. */
  readonly explicit: LabelledMixture | null;
  readonly process: ProcessName;
  readonly label: number;
  readonly seed: number;
  readonly usual: MixtureDefaults;
}

/** The mixture: random, or explicit with --centres; the process and the guided class. */
export function problemOptions(own: Partial<MixtureDefaults> = {}) {
  const usual = { ...defaults, ...own };
  const without = ['centres'];
  return group(
    {
      d: range('dimensions of random mixtures', {
        as: 'list',
        usual: usual.dimensions.join(','),
        domain: integer(1, 1024),
        without,
      }),
      classes: number('number of random classes', { as: 'K', usual: String(usual.classes), without }),
      radius: number('root mean square length of a random centre', {
        as: 'R',
        default: defaults.radius,
        domain: positive,
        without,
      }),
      sigma2: number('variance inside a class', {
        as: 'S',
        usual: `${defaults.sigma2}; 1 with --centres`,
        domain: positive,
      }),
      centres: mixtureInputs.centres,
      weights: mixtureInputs.weights,
      covariance: mixtureInputs.covariance,
      process: processOption,
      label: number('class under guidance, counted from 0', { as: 'I', default: defaults.label }),
      seed: seedOption,
    },
    ({ d, classes, radius, sigma2, centres, weights, covariance, process, label, seed }): ProblemChoice => ({
      ...{ d, classes, radius, process, label, seed, usual },
      sigma2: sigma2 ?? defaults.sigma2,
      explicit: centres === null ? null : mixtureOf({ centres, weights, sigma2: sigma2 ?? 1, covariance }),
    }),
  );
}

/** The problems: those of each dimension, or the one of --centres. @param mixtures random ones in each dimension */
export function problemsOf(choice: ProblemChoice, mixtures = 1): NumberedProblem[] {
  const { d, classes, radius, sigma2, explicit, label, seed, usual } = choice;
  const process = processes[choice.process];
  if (explicit !== null) return [{ problem: studyProblem(explicit, process, label), mixture: 0 }];
  const sizes = { dimensions: d ?? usual.dimensions, classes: classes ?? usual.classes };
  return randomProblems({ ...sizes, radius, sigma2, seed, mixtures }, process, label);
}

/** The problem of a command that takes one. */
export function onlyProblem(choice: ProblemChoice): StudyProblem {
  const [first, ...others] = problemsOf(choice);
  if (others.length > 0) throw new ParameterError('d', 'one dimension', choice.d?.join(','));
  return first!.problem;
}

/** Noise levels of --time or --times. */
export const timesOptions = group(
  {
    time: number('noise level, in process time', { as: 't', default: defaults.time }),
    times: range('several noise levels, in place of --time', { without: ['time'] }),
  },
  ({ time, times }, raw): readonly number[] => {
    const levels = times ?? [time];
    for (const level of levels) requireLevel(times === null ? 'time' : 'times', raw, level);
    return levels;
  },
);

/** Throws unless `time` is a time at which the process of the command line has a signal. */
export function requireLevel(name: string, raw: RawOptions, time: number): void {
  const { endTime } = processes[processOption.read(raw, 'process')];
  if (time >= 0 && time < endTime) return;
  throw new ParameterError(name, endTime === Infinity ? 'a finite number >= 0' : `in [0, ${endTime})`, time);
}

/** Families with their parameters. */
export function sweepOptions(usual: readonly FamilyName[], about: string) {
  // Of a command that has that one too.
  const without = ['classifier'];
  return group(
    {
      family: listOf(`families by comma: ${familyNames.join(', ')}`, familyNames, {
        as: 'list',
        usual: about,
        without,
      }),
      parameters: numbers('parameters of the one --family', { usual: 'its own sweep', without }),
    },
    ({ family, parameters }, raw): readonly Sweep[] => {
      if (parameters !== null && family?.length !== 1)
        throw new ParameterError('parameters', 'given with one --family', raw['parameters']);
      return (family ?? usual).map((one) => ({
        family: one,
        parameters: parameters ?? classifierFamily(one).parameters,
      }));
    },
  );
}

/** --samples. */
export function samplesOption(help: string) {
  return number(help, {
    as: 'N',
    default: studyDefaults.samples,
    domain: integer(studyDefaults.batches, 10_000_000),
  });
}

/** Problems in words, for figures. */
export function problemLabel(problems: readonly StudyProblem[]): string {
  const { label, diffused } = problems[0]!;
  const dimensions = problems.map((one) => one.diffused.mixture.dimension).join(', ');
  return `${diffused.mixture.classes} classes, d = ${dimensions}, class ${label}`;
}

/** The problem as plain JSON, for records. */
export function classifierProblemRecord({ diffused, label }: StudyProblem): Record<string, unknown> {
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
