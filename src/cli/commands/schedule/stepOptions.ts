import type { CompiledSchedule } from '../../../guidance/compiled.ts';
import {
  listedNoiseLevels,
  noiseGridDefaults,
  noiseGridKeys,
  noiseGrids,
  noiseLevels,
  timestepSpacings,
  type NoiseGrid,
  type NoiseLevel,
} from '../../../guidance/schedules/noiseLevels.ts';
import {
  ownCentreScale,
  stepReadings,
  stepScales,
  type StepScale,
  type StepScaleOptions,
} from '../../../guidance/schedules/stepScales.ts';
import {
  discretisedSteps,
  type DiscretisedOutcome,
  type DiscretisedSteps,
} from '../../../design/discretised.ts';
import type { ScheduleClock } from '../../../guidance/schedule.ts';
import { requireChoice } from '../../../numerics/checks.ts';
import { figureCsv, type FigureTable } from '../../../figures/drawing/figure.ts';
import type { ReportSection } from '../../../figures/drawing/page.ts';
import { group, type Input } from '../../frame/input.ts';
import { choice, number, numbers, positive, settings, withSettings } from '../../frame/options.ts';
import type { ModelOptions } from '../../frame/physics.ts';
import { pick, show, table } from '../../terminal/output.ts';
import { requireSettings, settingNumbers } from './scheduleOptions.ts';

/** File of the steps. */
export const stepsName = 'schedule-steps.csv';

/** Requested steps of a sampler. */
export interface StepRequest extends StepScaleOptions {
  /** Null if none are requested. */
  readonly levels: readonly NoiseLevel[] | null;
  /** Null of a list of noise levels. */
  readonly grid: NoiseGrid | null;
  /** The numbers of the grid, defaults included. */
  readonly numbers: Readonly<Record<string, unknown>>;
}

/**
 * Steps of an image pipeline at which the guidance scale is listed.
 * @param reading default of --reading: `mean` for schedules with jumps that must keep their budget
 * @param others options besides --steps and --sigmas that --centre-scale is for
 */
export function stepOptions(
  reading: StepScaleOptions['reading'],
  others: readonly string[] = [],
): Input<StepRequest> {
  return group(
    {
      steps: number('also list the guidance scale 1 + w at each of N sampler steps of an image pipeline', {
        as: 'N',
        without: ['sigmas'],
      }),
      noise: choice('noise levels of these steps', noiseGrids, {
        as: 'grid',
        default: 'karras',
        with: 'steps',
      }),
      noiseSet: settings(
        `numbers of the grid: key=value, e.g. sigmaMin=0.03,sigmaMax=14.6 or spacing=trailing (${keysText()})`,
        { with: 'steps' },
      ),
      sigmas: numbers('noise levels (noise over signal) as a falling list, in place of --steps'),
      centreScale: number(
        'standard deviation of the class centres per coordinate in the latents of the pipeline',
        {
          domain: positive,
          usual:
            'latents of unit variance; 1 for a schedule in progress on the flow grid of the process flow',
          with: ['steps', 'sigmas', ...others],
          sets: ['centreScale'],
        },
      ),
      reading: choice('w of a step, at its noise level or as the mean down to the next one', stepReadings, {
        as: 'where',
        default: reading,
        with: ['steps', 'sigmas'],
      }),
    },
    ({ steps, noise: grid, noiseSet, sigmas, ...options }) => {
      if (sigmas !== null) return { levels: listedNoiseLevels(sigmas), grid: null, numbers: {}, ...options };
      if (steps === null) return { levels: null, grid: null, numbers: {}, ...options };
      const known = noiseGridKeys[grid];
      requireSettings('noise-set', noiseSet, known, grid);
      const { spacing, ...rest } = noiseSet;
      if (spacing !== undefined) requireChoice('noise-set spacing', spacing, timestepSpacings);
      const set = { ...settingNumbers('noise-set', rest), ...(spacing === undefined ? {} : { spacing }) };
      return {
        levels: withSettings('noise-set', known, () => noiseLevels(grid, steps, set)),
        grid,
        numbers: pick({ ...noiseGridDefaults(grid), ...set }, known),
        ...options,
      };
    },
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

/** Steps with their scales. */
export interface StepList {
  readonly rows: readonly StepScale[];
  /** Outcome of a sampler that takes these steps; null: not known. */
  readonly sampled: DiscretisedSteps | null;
  readonly record: Readonly<Record<string, unknown>>;
}

/** Requested steps of a schedule, null if none are. @param clock of the schedule as it is written */
export function stepList(
  { levels, grid, numbers: own, reading, ...request }: StepRequest,
  { schedule, clock, isLinear }: { schedule: CompiledSchedule; clock: ScheduleClock; isLinear: boolean },
  { sigma2, process, ensemble, sampler }: ModelOptions,
  alpha: number,
): StepList | null {
  if (levels === null) return null;
  const centreScale = request.centreScale ?? ownCentreScale(grid, clock, process);
  const rows = stepScales(schedule, levels, sigma2, { centreScale, reading });
  const coefficients = rows.map(({ w }) => w);
  const problem = { alpha, sigma2, ensemble, sampler };
  return {
    rows,
    sampled: isLinear ? discretisedSteps(problem, coefficients, levels, centreScale) : null,
    record: { noise: grid ?? 'listed', ...own, count: levels.length, centreScale, reading },
  };
}

const columns = ['step', 'timestep', 'sigma', 'scale', 'w'] as const;

/** The steps with all digits. */
function stepsTable(rows: readonly StepScale[]): FigureTable {
  return { columns, rows: rows.map((row) => columns.map((column) => row[column])) };
}

/** The file of the steps, none without them. */
export function stepFiles(steps: StepList | null): Record<string, string> {
  return steps === null ? {} : { [stepsName]: figureCsv(stepsTable(steps.rows)) };
}

/** Outcome of a sampler that takes the steps, in words. */
function sampledText({ guided, unguided }: DiscretisedSteps): string {
  if (unguided === null) return 'All numbers are of continuous time: DDIM has no steps at this eta.';
  const text = ({ m, varianceRatio }: DiscretisedOutcome) => `m ${show(m)}, v/sigma2 ${show(varianceRatio)}`;
  return [
    'All numbers but these are of continuous time from infinite noise.',
    `DDIM (Euler in sigma) with these steps, from noise alone: ${guided === null ? 'the competing classes condense' : text(guided)}; with w = 0 at every step: ${text(unguided)}.`,
  ].join('\n');
}

/** The steps as readable text, none without them. */
export function stepsText(steps: StepList | null): string[] {
  if (steps === null) return [];
  const list = table([
    [...columns],
    ...steps.rows.map((row) =>
      columns.map((column) => (row.sigma === null && column === 'sigma' ? 'infinity' : show(row[column]))),
    ),
  ]);
  return [steps.sampled === null ? list : `${list}\n${sampledText(steps.sampled)}`];
}

/** The steps as a section of a page, none without them. */
export function stepsSections(steps: StepList | null): ReportSection[] {
  if (steps === null) return [];
  return [
    {
      heading: 'Scale at every step of a sampler',
      text: `One row per evaluation of the model, from noise to data: the guidance scale 1 + w that the callback of an image pipeline sets there.${steps.sampled === null ? '' : ` ${sampledText(steps.sampled)}`}`,
      figure: null,
      table: {
        name: 'schedule-steps',
        caption: 'Sampler steps: timestep or noise over signal of the pipeline, scale 1 + w, coefficient w.',
        table: stepsTable(steps.rows),
      },
    },
  ];
}
