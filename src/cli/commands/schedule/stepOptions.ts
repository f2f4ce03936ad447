import { Option, type Command } from 'commander';
import type { CompiledSchedule } from '../../../guidance/compiled.ts';
import {
  listedNoiseLevels,
  noiseGridDefaults,
  noiseGridKeys,
  noiseGrids,
  noiseLevels,
  timestepSpacings,
  type NoiseGrid,
  type NoiseGridOptions,
  type NoiseLevel,
} from '../../../guidance/schedules/noiseLevels.ts';
import { discretisedOutcome, type DiscretisedOutcome } from '../../../design/discretised.ts';
import {
  stepReadings,
  stepScaleDefaults,
  stepScales,
  unitVarianceCentreScale,
  type StepScale,
  type StepScaleOptions,
} from '../../../guidance/schedules/stepScales.ts';
import { ParameterError, requireChoice, requirePositive } from '../../../numerics/checks.ts';
import type { FigureTable } from '../../../plots/drawing/figure.ts';
import type { ReportSection } from '../../../plots/drawing/page.ts';
import type { ProcessName } from '../../../process/process.ts';
import { optionalNumber, requiredText, type RawOptions } from '../../options.ts';
import { show, table } from '../../output.ts';
import { parseNumber } from '../../ranges.ts';
import { readSettingTexts } from './settings.ts';

/**
 * Options of the scales for the steps of an image pipeline.
 * @param reading default of --reading: `mean` for schedules with jumps that must keep their budget
 */
export function addStepOptions(
  command: Command,
  reading: StepScaleOptions['reading'] = stepScaleDefaults.reading,
): Command {
  const choice = (flags: string, text: string, choices: readonly string[]) =>
    new Option(flags, text).choices(choices);
  return command
    .option(
      '--steps <N>',
      'also list the guidance scale 1 + w at each of N sampler steps of an image pipeline',
    )
    .addOption(choice('--noise <grid>', 'noise levels of these steps', noiseGrids).default('karras'))
    .option(
      '--noise-set <list>',
      `numbers of the grid: key=value, e.g. sigmaMin=0.03,sigmaMax=14.6 or spacing=trailing (${keysText()})`,
    )
    .option('--sigmas <list>', 'noise levels (noise over signal) as a falling list, in place of --steps')
    .option(
      '--centre-scale <X>',
      'standard deviation of the class centres per coordinate in the latents of the pipeline (default: latents of unit variance; 1 for a schedule in progress on the flow grid of the process flow)',
    )
    .addOption(
      choice(
        '--reading <where>',
        'w of a step: at its noise level, or the mean down to the next one',
        stepReadings,
      ).default(reading),
    );
}

/** The keys of every noise grid, grids with the same ones together. */
function keysText(): string {
  const grids = new Map<string, string[]>();
  for (const grid of noiseGrids) {
    const keys = noiseGridKeys[grid].join(', ');
    grids.set(keys, [...(grids.get(keys) ?? []), grid]);
  }
  return [...grids].map(([keys, names]) => `${names.join(', ')}: ${keys}`).join('; ');
}

type SampledProblem = Parameters<typeof discretisedOutcome>[0];

/** The steps of a list as a pipeline's sampler takes them, and with w = 0 at all of them. Null without an outcome. */
export interface SampledSteps {
  readonly guided: DiscretisedOutcome | null;
  readonly unguided: DiscretisedOutcome | null;
}

/** Requested steps. */
export interface StepRequest {
  scales(schedule: CompiledSchedule, sigma2: number): StepScale[];
  /** Outcome of a sampler that takes these steps. */
  sampled(problem: SampledProblem, rows: readonly StepScale[]): SampledSteps;
  readonly record: Readonly<Record<string, unknown>>;
}

const dependents = [
  ['noise', 'noise'],
  ['noiseSet', 'noise-set'],
  ['centreScale', 'centre-scale'],
  ['reading', 'reading'],
] as const;

/**
 * Reads the steps; null if none are requested.
 * @param given whether an option was written on the command line
 * @param progressOf process whose progress is the schedule's clock, or null: the steps of a flow are read at their own progress i/N
 * if nothing is said of the centres
 */
export function readSteps(
  raw: RawOptions,
  given: (key: string) => boolean,
  progressOf: ProcessName | null = null,
): StepRequest | null {
  const [steps, sigmas] = [raw['steps'], raw['sigmas']];
  if (steps === undefined && sigmas === undefined) {
    for (const [key, option] of dependents) {
      if (given(key)) throw new ParameterError(option, 'given with --steps or --sigmas', raw[key]);
    }
    return null;
  }
  const reading = requiredText(raw, 'reading', 'reading');
  requireChoice('reading', reading, stepReadings);
  const options = { centreScale: readCentreScale(raw), reading };
  if (sigmas !== undefined) {
    for (const [key, option] of [['steps', 'steps'], ...dependents.slice(0, 2)] as const) {
      if (given(key)) throw new ParameterError(option, 'given without --sigmas', raw[key]);
    }
    const list = requiredText(raw, 'sigmas', 'sigmas')
      .split(',')
      .map((part) => parseNumber('sigmas', part));
    return request(listedNoiseLevels(list), options, { noise: 'listed' });
  }
  const grid = requiredText(raw, 'noise', 'noise');
  requireChoice('noise', grid, noiseGrids);
  const numbers = readGridOptions(raw, grid);
  const count = parseNumber('steps', requiredText(raw, 'steps', 'steps'));
  const levels = named(() => noiseLevels(grid, count, numbers));
  const defaults = noiseGridDefaults(grid);
  const own = Object.fromEntries(noiseGridKeys[grid].map((key) => [key, numbers[key] ?? defaults[key]]));
  // There the process's own progress is i/N for centres of unit scale only.
  const isOwnProgress = progressOf === 'flow' && grid === 'flow';
  const centreScale = options.centreScale ?? (isOwnProgress ? 1 : null);
  return request(levels, { ...options, centreScale }, { noise: grid, ...own });
}

/** Scale of the class centres in the latents of the pipeline, or null. */
export function readCentreScale(raw: RawOptions): number | null {
  const centreScale = optionalNumber(raw, 'centreScale', 'centre-scale');
  if (centreScale !== null) requirePositive('centre-scale', centreScale);
  return centreScale;
}

function request(
  levels: readonly NoiseLevel[],
  options: StepScaleOptions,
  record: Readonly<Record<string, unknown>>,
): StepRequest {
  return {
    scales: (schedule, sigma2) => stepScales(schedule, levels, sigma2, options),
    sampled: ({ alpha, sigma2, ensemble, sampler }, rows) => {
      const outcome = (coefficients: number[]) =>
        discretisedOutcome(
          { alpha, sigma2, ensemble, sampler },
          coefficients,
          levels,
          options.centreScale ?? unitVarianceCentreScale(sigma2),
        );
      return { guided: outcome(rows.map(({ w }) => w)), unguided: outcome(rows.map(() => 0)) };
    },
    record: { ...record, count: levels.length, ...options },
  };
}

function readGridOptions(raw: RawOptions, grid: NoiseGrid): Partial<NoiseGridOptions> {
  const options: Record<string, number | string> = {};
  const known: readonly string[] = noiseGridKeys[grid];
  for (const [key, text] of Object.entries(readSettingTexts(raw, 'noiseSet', 'noise-set'))) {
    if (!known.includes(key)) {
      throw new ParameterError('noise-set', `a list with keys among ${known.join(', ')} for ${grid}`, key);
    }
    if (key === 'spacing') requireChoice('noise-set spacing', text, timestepSpacings);
    options[key] = key === 'spacing' ? text : parseNumber(`noise-set ${key}`, text);
  }
  return options;
}

/** The numbers of a grid are part of an option on the command line. */
function named<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ParameterError) || error.parameter === 'steps') throw error;
    const again = new ParameterError(`noise-set ${error.parameter}`, '', null);
    again.message = `noise-set ${error.message}`;
    throw again;
  }
}

const columns = ['step', 'timestep', 'sigma', 'scale', 'w'] as const;

/** The steps with all digits, for files. */
export function stepsTable(rows: readonly StepScale[]): FigureTable {
  return { columns, rows: rows.map((row) => columns.map((column) => row[column])) };
}

/** Outcome of a sampler that takes the steps, in words. */
function sampledText({ guided, unguided }: SampledSteps): string {
  if (unguided === null) return 'All numbers are of continuous time: DDIM has no steps at this eta.';
  const text = ({ m, varianceRatio }: DiscretisedOutcome) => `m ${show(m)}, v/sigma2 ${show(varianceRatio)}`;
  return [
    'All numbers but these are of continuous time from infinite noise.',
    `DDIM (Euler in sigma) with these steps, from noise alone: ${guided === null ? 'the competing classes condense' : text(guided)}; with w = 0 at every step: ${text(unguided)}.`,
  ].join('\n');
}

/** The steps as readable text. @param sampled null: not known */
export function stepsText(rows: readonly StepScale[], sampled: SampledSteps | null): string {
  const list = table([
    [...columns],
    ...rows.map((row) =>
      columns.map((column) => (row.sigma === null && column === 'sigma' ? 'infinity' : show(row[column]))),
    ),
  ]);
  return sampled === null ? list : `${list}\n${sampledText(sampled)}`;
}

/** The steps as a section of a page. */
export function stepsSection(rows: readonly StepScale[], sampled: SampledSteps | null): ReportSection {
  return {
    heading: 'Scale at every step of a sampler',
    text: `One row per evaluation of the model, from noise to data: the guidance scale 1 + w that the callback of an image pipeline sets there.${sampled === null ? '' : ` ${sampledText(sampled)}`}`,
    figure: null,
    table: {
      name: 'schedule-steps',
      caption: 'Sampler steps: timestep or noise over signal of the pipeline, scale 1 + w, coefficient w.',
      table: stepsTable(rows),
    },
  };
}
