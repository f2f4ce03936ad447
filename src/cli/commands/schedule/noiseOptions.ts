import {
  noiseGridDefaults,
  noiseGridKeys,
  noiseGrids,
  noiseLevels,
  timestepSpacings,
  type NoiseGrid,
  type NoiseLevel,
} from '../../../guidance/schedules/noiseLevels.ts';
import {
  modelGrid,
  pipelineModelNames,
  type PipelineModelName,
} from '../../../guidance/schedules/pipelineModels.ts';
import { requireChoice } from '../../../numerics/checks.ts';
import type { OptionWords } from '../../frame/input.ts';
import { choice, settings, withSettings } from '../../frame/options.ts';
import { pick } from '../../terminal/output.ts';
import { requireSettings, settingNumbers } from './scheduleOptions.ts';

/** Options of the noise levels of a pipeline's steps. @param words options that they need */
export const noiseOptions = (words: Pick<OptionWords, 'with'> = {}) => ({
  model: choice('model whose noise levels they have', pipelineModelNames, words),
  noise: choice('noise levels of these steps', noiseGrids, {
    as: 'grid',
    usual: 'that of --model, else karras',
    ...words,
  }),
  noiseSet: settings(
    `numbers of the grid: key=value, e.g. sigmaMin=0.03,sigmaMax=14.6 or spacing=trailing (${keysText()})`,
    words,
  ),
});

/** Values of {@link noiseOptions}. */
export interface NoiseValues {
  readonly model: PipelineModelName | null;
  readonly noise: NoiseGrid | null;
  readonly noiseSet: Readonly<Record<string, string>>;
}

/** Noise levels of a grid, with the numbers that make it. */
export interface GridLevels {
  readonly grid: NoiseGrid;
  /** The numbers of the grid, defaults included. */
  readonly numbers: Readonly<Record<string, unknown>>;
  readonly levels: readonly NoiseLevel[];
}

/** The noise levels of so many steps. @throws ParameterError that names the option */
export function gridLevels(steps: number, { model, noise, noiseSet }: NoiseValues): GridLevels {
  const { grid, options } =
    model === null ? { grid: noise ?? ('karras' as const), options: {} } : modelGrid(model, noise);
  const known = noiseGridKeys[grid];
  requireSettings('noise-set', noiseSet, known, grid);
  const { spacing, ...typed } = noiseSet;
  if (spacing !== undefined) requireChoice('noise-set spacing', spacing, timestepSpacings);
  const set = {
    ...options,
    ...settingNumbers('noise-set', typed),
    ...(spacing === undefined ? {} : { spacing }),
  };
  return {
    grid,
    numbers: pick({ ...noiseGridDefaults(grid), ...set }, known),
    levels: withSettings('noise-set', known, () => noiseLevels(grid, steps, set)),
  };
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
