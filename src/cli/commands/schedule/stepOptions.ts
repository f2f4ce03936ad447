import type { CompiledSchedule } from '../../../guidance/compiled.ts';
import {
  listedFlowTimes,
  listedNoiseLevels,
  type NoiseGrid,
  type NoiseLevel,
} from '../../../guidance/schedules/noiseLevels.ts';
import type { PipelineModelName } from '../../../guidance/schedules/pipelineModels.ts';
import {
  pipelineScript,
  pipelineTools,
  type PipelineTool,
} from '../../../guidance/schedules/pipelineScript.ts';
import {
  ownCentreScale,
  stepReadings,
  stepScales,
  type StepScale,
  type StepScaleOptions,
} from '../../../guidance/schedules/stepScales.ts';
import {
  discretisedSteps,
  restoredCoefficients,
  type DiscretisedOutcome,
  type DiscretisedSteps,
} from '../../../design/discretised.ts';
import { scaleFromCoefficient } from '../../../guidance/coefficient.ts';
import type { ScheduleClock } from '../../../guidance/schedule.ts';
import type { FigureTable } from '../../../figures/drawing/figure.ts';
import type { ReportSection } from '../../../figures/drawing/page.ts';
import { group, type Input } from '../../frame/input.ts';
import { choice, number, numbers, positive } from '../../frame/options.ts';
import type { ModelOptions } from '../../frame/physics.ts';
import { show, table } from '../../terminal/output.ts';
import { gridLevels, noiseOptions } from './noiseOptions.ts';

/** Table of the steps. */
const stepsName = 'schedule-steps';
const scriptName = (tool: PipelineTool) => `schedule-${tool}.py`;
/** Files of the steps, with and without a script. */
export const stepFileNames: readonly string[] = [`${stepsName}.csv`, ...pipelineTools.map(scriptName)];

/** Requested steps of a sampler. */
export interface StepRequest extends StepScaleOptions {
  /** Null if none are requested. */
  readonly levels: readonly NoiseLevel[] | null;
  /** Null of a list of noise levels. */
  readonly grid: NoiseGrid | null;
  /** The numbers of the grid, defaults included. */
  readonly numbers: Readonly<Record<string, unknown>>;
  readonly model: PipelineModelName | null;
  /** Program for which a script is written, or null. */
  readonly tool: PipelineTool | null;
}

const lists = ['sigmas', 'flowTimes'] as const;
const anySteps = ['steps', ...lists] as const;

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
        without: lists,
      }),
      ...noiseOptions({ with: 'steps' }),
      sigmas: numbers('noise levels (noise over signal) as a falling list, in place of --steps', {
        without: ['flowTimes'],
      }),
      flowTimes: numbers('noise levels as falling times in (0, 1] of a flow, in place of --steps', {
        sets: ['flowTimes'],
      }),
      for: choice('write a Python script that gives each step its scale', pipelineTools, {
        as: 'program',
        with: anySteps,
        sets: ['tool'],
      }),
      centreScale: number(
        'standard deviation of the class centres per coordinate in the latents of the pipeline',
        {
          domain: positive,
          usual:
            'latents of unit variance; 1 for a schedule in progress on the flow grid of the process flow',
          with: [...anySteps, ...others],
          sets: ['centreScale'],
        },
      ),
      reading: choice('w of a step, at its noise level or as the mean down to the next one', stepReadings, {
        as: 'where',
        default: reading,
        with: anySteps,
      }),
    },
    ({ steps, noise, noiseSet, sigmas, flowTimes, for: tool, ...rest }) => {
      const options = { ...rest, tool };
      const listed =
        sigmas === null
          ? flowTimes === null
            ? null
            : listedFlowTimes(flowTimes)
          : listedNoiseLevels(sigmas);
      if (steps === null) return { levels: listed, grid: null, numbers: {}, ...options };
      return { ...gridLevels(steps, { model: rest.model, noise, noiseSet }), ...options };
    },
  );
}

/** Steps with their scales. */
export interface StepList {
  readonly rows: readonly StepScale[];
  /** Outcome of a sampler that takes these steps; null: not known. */
  readonly sampled: SampledSteps | null;
  readonly record: Readonly<Record<string, unknown>>;
  readonly tool: PipelineTool | null;
  readonly model: PipelineModelName | null;
  readonly notes: readonly string[];
}

/** Outcome of the steps, and of those of continuous time where the list gives back what its steps lose. */
interface SampledSteps extends DiscretisedSteps {
  readonly designed: DiscretisedOutcome | null;
}

/**
 * Requested steps of a schedule, null if none are.
 * @param clock of the schedule as it is written
 * @param least the list is to give v = sigma2 in its own steps, with w down to this; null: as the schedule says
 */
export function stepList(
  { levels, grid, numbers: own, reading, ...request }: StepRequest,
  { schedule, clock, isLinear }: { schedule: CompiledSchedule; clock: ScheduleClock; isLinear: boolean },
  { sigma2, process, ensemble, sampler }: ModelOptions,
  alpha: number,
  least: number | null = null,
): StepList | null {
  if (levels === null) return null;
  const centreScale = request.centreScale ?? ownCentreScale(grid, clock, process);
  const designed = stepScales(schedule, levels, sigma2, { centreScale, reading });
  const problem = { alpha, sigma2, ensemble, sampler };
  const ofRows = (rows: readonly StepScale[]) =>
    discretisedSteps(
      problem,
      rows.map(({ w }) => w),
      levels,
      centreScale,
    );
  const restored =
    least === null || !isLinear
      ? null
      : restoredCoefficients(
          problem,
          designed.map(({ w }) => w),
          levels,
          centreScale,
          least,
        );
  const rows =
    restored === null
      ? designed
      : designed.map((row, i) => ({ ...row, w: restored[i]!, scale: scaleFromCoefficient(restored[i]!) }));
  const sampled = isLinear ? { ...ofRows(rows), designed: restored && ofRows(designed).guided } : null;
  return {
    rows,
    sampled,
    record: { noise: grid ?? 'listed', ...own, count: levels.length, centreScale, reading },
    tool: request.tool,
    model: request.model,
    notes: [
      ...(grid === 'karras' && request.model === null && own['sigmaMax'] === 80 && own['sigmaMin'] === 0.002
        ? [
            'the steps run from sigma = 80 to 0.002, the noise levels of EDM; --model takes those of Stable Diffusion and others, --noise-set any',
          ]
        : []),
      ...(least !== null && sampled !== null && restored === null
        ? ['no negative window gives the class its variance back in these steps: take more of them']
        : []),
    ],
  };
}

const columns = ['step', 'timestep', 'sigma', 'scale', 'w'] as const;

/** The steps with all digits. */
function stepsTable(rows: readonly StepScale[]): FigureTable {
  return { columns, rows: rows.map((row) => columns.map((column) => row[column])) };
}

/** Requested script of the steps, or null. @param command that made them */
export function stepScript(steps: StepList | null, command: string): string | null {
  if (steps === null || steps.tool === null) return null;
  const { rows, tool, model } = steps;
  return pipelineScript({ steps: rows, tool, model, command });
}

/** The table of the steps, none without them. */
export const stepTables = (steps: StepList | null): Record<string, FigureTable> =>
  steps === null ? {} : { [stepsName]: stepsTable(steps.rows) };

/** The file of the script, none without one. */
export const scriptFiles = (steps: StepList | null, script: string | null): Record<string, string> =>
  steps === null || script === null ? {} : { [scriptName(steps.tool!)]: script };

/** Outcome of a sampler that takes the steps, in words. */
function sampledText({ guided, unguided, designed }: SampledSteps): string {
  if (unguided === null) return 'All numbers are of continuous time: DDIM has no steps at this eta.';
  const text = ({ m, varianceRatio }: DiscretisedOutcome) => `m ${show(m)}, v/sigma2 ${show(varianceRatio)}`;
  return [
    'All numbers but these are of continuous time from infinite noise.',
    `DDIM (Euler in sigma) with these steps, from noise alone: ${guided === null ? 'the competing classes condense' : text(guided)}; with w = 0 at every step: ${text(unguided)}.`,
    ...(designed === null
      ? []
      : [
          `The list gives back what these steps take from the variance; the scales of continuous time would leave ${text(designed)}.`,
        ]),
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
        name: stepsName,
        caption: 'Sampler steps: timestep or noise over signal of the pipeline, scale 1 + w, coefficient w.',
        table: stepsTable(steps.rows),
      },
    },
  ];
}
