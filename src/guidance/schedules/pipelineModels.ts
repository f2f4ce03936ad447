import { ParameterError, requireChoice } from '../../numerics/checks.ts';
import { noiseLevels, type NoiseGrid, type NoiseGridOptions } from './noiseLevels.ts';

/** Models whose noise grids are known, by name. */
export const pipelineModelNames = ['sd15', 'sdxl', 'sd3', 'flux', 'edm'] as const;

/** One of {@link pipelineModelNames}. */
export type PipelineModelName = (typeof pipelineModelNames)[number];

/** A published image model, as far as guidance needs it. */
export interface PipelineModel {
  readonly title: string;
  /** Grid of the model's own sampler, and the numbers in which it differs from the grid's defaults. */
  readonly grid: NoiseGrid;
  readonly options: Partial<NoiseGridOptions>;
  /** Place of the weights; null where no pipeline runs them. */
  readonly weights: string | null;
  /** False for models that take their guidance scale as an input: it is not 1 + w of two scores. */
  readonly isGuided: boolean;
  /** Source of the numbers. */
  readonly source: string;
}

const trained = { betaStart: 0.00085, betaEnd: 0.012, trainingSteps: 1000 } as const;
const stableDiffusion = { ...trained, spacing: 'leading', offset: 1 } as const;

/**
 * Noise grids of published models, as their own configuration files have them.
 * - sd15, sdxl: sqrt(beta) even from 0.00085 to 0.012 in 1000 steps, `leading` with offset 1;
 * - sd3: flow, shift 3, times even from 1 to that of the first of 1000 training steps, which the shift moves to 3/1002;
 * - flux: flow, shift e^1.15 at 1024 x 1024 pixels, times even from 1 to 1/N;
 * - edm: Karras et al., sigma from 80 to 0.002, rho 7.
 */
export const pipelineModels: Readonly<Record<PipelineModelName, PipelineModel>> = {
  sd15: {
    title: 'Stable Diffusion 1.5',
    grid: 'scaled-linear',
    options: stableDiffusion,
    weights: 'stable-diffusion-v1-5/stable-diffusion-v1-5',
    isGuided: true,
    source: 'scheduler/scheduler_config.json of the weights',
  },
  sdxl: {
    title: 'Stable Diffusion XL 1.0',
    grid: 'scaled-linear',
    options: stableDiffusion,
    weights: 'stabilityai/stable-diffusion-xl-base-1.0',
    isGuided: true,
    source: 'scheduler/scheduler_config.json of the weights',
  },
  sd3: {
    title: 'Stable Diffusion 3 Medium',
    grid: 'flow',
    options: { shift: 3, lastTime: 3 / 1002 },
    weights: 'stabilityai/stable-diffusion-3-medium-diffusers',
    isGuided: true,
    source: 'Esser et al. 2024, arXiv 2403.03206; scheduler/scheduler_config.json of the weights',
  },
  flux: {
    title: 'FLUX.1 [dev] at 1024 x 1024 pixels',
    grid: 'flow',
    options: { shift: Math.exp(1.15) },
    weights: 'black-forest-labs/FLUX.1-dev',
    isGuided: false,
    source: 'scheduler/scheduler_config.json of the weights (max_shift at 4096 tokens)',
  },
  edm: {
    title: 'EDM',
    grid: 'karras',
    options: { sigmaMin: 0.002, sigmaMax: 80, rho: 7 },
    weights: null,
    isGuided: true,
    source: 'Karras et al. 2022, arXiv 2206.00364, table 1',
  },
};

/** A noise grid and the numbers to give it. */
export interface ChosenGrid {
  readonly grid: NoiseGrid;
  readonly options: Partial<NoiseGridOptions>;
}

/**
 * Grid of a model: its own, or `karras` or `exponential` between the largest and the least noise that it was trained with.
 * @throws ParameterError for a grid that the model does not have
 * @example
 * const { grid, options } = modelGrid('sdxl', 'karras'); // sigma from 14.61 to 0.0292
 * noiseLevels(grid, 30, options);
 */
export function modelGrid(model: PipelineModelName, grid: NoiseGrid | null = null): ChosenGrid {
  requireChoice('model', model, pipelineModelNames);
  const known = pipelineModels[model];
  if (grid === null || grid === known.grid) return { grid: known.grid, options: known.options };
  if (grid !== 'karras' && grid !== 'exponential')
    throw new ParameterError('noise', `${known.grid}, karras or exponential with the model ${model}`, grid);
  if (known.grid === 'flow')
    throw new ParameterError('noise', `flow with the model ${model}, which starts from pure noise`, grid);
  return { grid, options: trainedRange(known) };
}

/** Least and largest noise over signal that a model was trained with. */
function trainedRange({ grid, options }: PipelineModel): { sigmaMin: number; sigmaMax: number } {
  if (grid === 'karras' || grid === 'exponential')
    return { sigmaMin: options.sigmaMin!, sigmaMax: options.sigmaMax! };
  const steps = options.trainingSteps!;
  const levels = noiseLevels(grid, steps, { ...options, offset: 0 });
  return { sigmaMin: levels.at(-1)!.sigma, sigmaMax: levels[0]!.sigma };
}
