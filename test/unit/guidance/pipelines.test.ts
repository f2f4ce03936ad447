import { describe, expect, it } from 'vitest';
import { listedFlowTimes, noiseLevels } from '../../../src/guidance/schedules/noiseLevels.ts';
import {
  modelGrid,
  pipelineModelNames,
  type PipelineModelName,
} from '../../../src/guidance/schedules/pipelineModels.ts';
import { pipelineScript, type PipelineTool } from '../../../src/guidance/schedules/pipelineScript.ts';
import type { StepScale } from '../../../src/guidance/schedules/stepScales.ts';

const levelsOf = (model: PipelineModelName, steps: number, grid: 'karras' | null = null) => {
  const chosen = modelGrid(model, grid);
  return noiseLevels(chosen.grid, steps, chosen.options);
};

describe('noise levels of models', () => {
  it('Stable Diffusion: timesteps of the leading spacing, and the range that its samplers quote (14.6146 to 0.0292)', () => {
    for (const model of ['sd15', 'sdxl'] as const) {
      expect(levelsOf(model, 30).map(({ timestep }) => timestep)).toEqual(
        Array.from({ length: 30 }, (_, i) => 958 - 33 * i),
      );
      const karras = levelsOf(model, 10, 'karras').map(({ sigma }) => sigma);
      expect(karras[0]).toBeCloseTo(14.6146, 4);
      expect(karras.at(-1)).toBeCloseTo(0.0292, 4);
      // Even in sigma^(1/7) between them.
      expect(karras[3]! ** (1 / 7) - karras[4]! ** (1 / 7)).toBeCloseTo(
        (14.6146 ** (1 / 7) - 0.02917 ** (1 / 7)) / 9,
        5,
      );
    }
  });

  it('SD3: times even from 1 to the first training step, shifted twice (1e-12)', () => {
    const shifted = (t: number) => (3 * t) / (1 + 2 * t);
    const last = shifted(1 / 1000);
    const levels = levelsOf('sd3', 28);
    levels.forEach(({ timestep, sigma }, i) => {
      const t = shifted(1 + (i / 27) * (last - 1));
      expect(Math.abs(timestep! / 1000 - t)).toBeLessThan(1e-12);
      if (i > 0) expect(Math.abs(sigma * (1 - t) - t)).toBeLessThan(1e-12);
    });
    expect(levels[0]!.sigma).toBe(Infinity);
    expect(levelsOf('sd3', 1)).toEqual([{ timestep: 1000, sigma: Infinity }]);
  });

  it('FLUX: e^mu/(e^mu + 1/t - 1) with mu = 1.15 at t = 1 - i/N (1e-12)', () => {
    levelsOf('flux', 20).forEach(({ timestep }, i) => {
      const t = Math.exp(1.15) / (Math.exp(1.15) + 1 / (1 - i / 20) - 1);
      expect(Math.abs(timestep! / 1000 - t)).toBeLessThan(1e-12);
    });
  });

  it('EDM is the default of karras; every model has levels that fall', () => {
    expect(levelsOf('edm', 18)).toEqual(noiseLevels('karras', 18));
    for (const model of pipelineModelNames) {
      const levels = levelsOf(model, 40);
      for (let i = 1; i < 40; i++) expect(levels[i]!.sigma).toBeLessThan(levels[i - 1]!.sigma);
    }
  });

  it('refuses grids that a model does not have, and a last time outside', () => {
    expect(() => modelGrid('sd2' as 'sd3')).toThrow(/^model must be one of sd15/);
    expect(() => modelGrid('sdxl', 'cosine')).toThrow(
      /^noise must be scaled-linear, karras or exponential with the model sdxl, got "cosine"/,
    );
    expect(() => modelGrid('sd3', 'karras')).toThrow(
      /^noise must be flow with the model sd3, .*got "karras"/,
    );
    for (const lastTime of [0, 1, NaN])
      expect(() => noiseLevels('flow', 3, { lastTime })).toThrow(/^lastTime must be in \(0, 1\)/);
  });
});

describe('listedFlowTimes', () => {
  it('gives the levels of the grid that has these times, with or without the end (1e-12)', () => {
    const grid = noiseLevels('flow', 12, { shift: 3 });
    const times = grid.map(({ timestep }) => timestep! / 1000);
    for (const list of [times, [...times, 0]]) {
      listedFlowTimes(list).forEach(({ timestep, sigma }, i) => {
        expect(timestep).toBeCloseTo(grid[i]!.timestep!, 10);
        if (i > 0) expect(Math.abs(sigma / grid[i]!.sigma - 1)).toBeLessThan(1e-12);
        else expect(sigma).toBe(Infinity);
      });
    }
  });

  it('refuses times outside or out of order', () => {
    expect(() => listedFlowTimes([1.2, 0.5])).toThrow(/^flowTimes must be times in \(0, 1\], got 1.2/);
    expect(() => listedFlowTimes([0.5, 0.5])).toThrow(/^flowTimes must be in falling order/);
    expect(() => listedFlowTimes([0])).toThrow(/^flowTimes must be a list of times/);
  });
});

describe('pipelineScript', () => {
  const steps = [3, 0.5, 1].map((scale, step): StepScale => ({
    step,
    timestep: null,
    sigma: 4 - step,
    scale,
    w: scale - 1,
  }));
  const scriptOf = (tool: PipelineTool, of = steps, model: PipelineModelName | null = null) =>
    pipelineScript({ steps: of, tool, model, command: 'cfg-dmft schedule evaluate --schedule "a\\b"""' });

  it('lists the scale of every step, and the noise levels where a step is known by them', () => {
    const list = (text: string, name: string) =>
      [...new RegExp(`^${name} = \\[\\n([^\\]]*)\\]`, 'm').exec(text)![1]!.matchAll(/^ +([^,]+),/gm)].map(
        ([, value]) => Number(value),
      );
    expect(list(scriptOf('diffusers'), 'SCALES')).toEqual([3, 0.5, 1]);
    expect(list(scriptOf('comfyui'), 'SCALES')).toEqual([3, 0.5, 1]);
    expect(list(scriptOf('comfyui'), 'SIGMAS')).toEqual([4, 3, 2]);
    expect(list(scriptOf('invokeai', steps.slice(0, 1)), 'SCALES')).toEqual([3]);
  });

  it('keeps a command with quotes and backslashes inside its docstring', () => {
    const [, docstring] = scriptOf('diffusers').split('"""');
    expect(docstring).toContain('--schedule \\"a\\\\b\\"\\"\\"');
  });

  it('loads the weights of the model, or asks for them', () => {
    expect(scriptOf('diffusers', steps, 'sdxl')).toContain(
      'default="stabilityai/stable-diffusion-xl-base-1.0"',
    );
    expect(scriptOf('diffusers')).toContain('"--model", required=True');
  });

  it('refuses what the program cannot follow', () => {
    expect(() => scriptOf('invokeai')).toThrow(
      /^tool must be diffusers or comfyui for a scale below 1 \(step 1: 0.5\).*got "invokeai"/,
    );
    expect(() => scriptOf('diffusers', steps, 'flux')).toThrow(
      /^tool must be comfyui for flux.*got "diffusers"/,
    );
    expect(() => scriptOf('diffusers', [])).toThrow(/^steps must be a list of steps/);
    expect(() => scriptOf('forge' as PipelineTool)).toThrow(
      /^tool must be one of diffusers, comfyui, invokeai/,
    );
  });
});
