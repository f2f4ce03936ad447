import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { finalState } from '../../../src/closedForms/afterTransition.ts';
import { jsonHere } from './inProcess.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-steps-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const model = ['--alpha', '0.5', '--sigma2', '0.25'];
const twoLevel = 't > 0.95 ? 1.45 : -0.53';

interface Listed {
  readonly steps: {
    readonly timestep: number | null;
    readonly sigma: number | null;
    readonly scale: number;
  }[];
  readonly sampled: Readonly<
    Record<'guided' | 'unguided' | 'designed', { m: number; varianceRatio: number } | null>
  >;
  readonly script: string | null;
}

const evaluated = async (...args: string[]) =>
  (await jsonHere('schedule', 'evaluate', ...model, '--w', '1', ...args)) as unknown as Listed;

describe('steps of pipelines', () => {
  it('scales for a pipeline: scale = 1 + w at every step, in the file too', async () => {
    const out = path.join(folder, 'steps');
    const args = ['--steps', '6', '--noise', 'flow', '--out', out];
    const { steps } = await jsonHere('schedule', 'evaluate', ...model, '--schedule', twoLevel, ...args);
    const rows = steps as { timestep: number; sigma: number | null; scale: number; w: number }[];
    expect(rows.map(({ timestep }) => Math.round(timestep))).toEqual([1000, 833, 667, 500, 333, 167]);
    for (const { scale, w } of rows) expect(scale).toBe(1 + w);
    expect(rows[0]).toMatchObject({ sigma: null, w: 1.45 });
    expect(rows.at(-1)).toMatchObject({ w: -0.53 });
    const file = readFileSync(path.join(out, 'schedule-steps.csv'), 'utf8');
    expect(file.trimEnd().split('\r\n')).toHaveLength(7);
    const listed = await jsonHere(
      ...['schedule', 'evaluate', ...model, '--schedule', twoLevel, '--sigmas', '10,1,0.1,0'],
    );
    expect((listed['steps'] as { sigma: number }[]).map(({ sigma }) => sigma)).toEqual([10, 1, 0.1]);
  });

  it('--model is the grid of the model, and --noise karras the range that it was trained with', async () => {
    const own = await evaluated('--steps', '20', '--model', 'sdxl');
    expect(own.steps.map(({ timestep }) => timestep)).toEqual(
      Array.from({ length: 20 }, (_, i) => 951 - 50 * i),
    );
    const karras = await evaluated('--steps', '20', '--model', 'sdxl', '--noise', 'karras');
    expect(karras.steps[0]!.sigma).toBeCloseTo(14.6146, 4);
    // Typed numbers come last.
    const set = await evaluated('--steps', '4', '--model', 'sd3', '--noise-set', 'shift=1');
    expect(set.steps[0]!.timestep).toBe(1000);
    expect(set.steps[3]!.timestep).toBeCloseTo(3000 / 1002, 10);
  });

  it('--flow-times are the levels t/(1 - t), those of the grid that has these times', async () => {
    const grid = await evaluated('--steps', '5', '--noise', 'flow');
    const listed = await evaluated('--flow-times', '1,0.8,0.6,0.4,0.2,0');
    listed.steps.forEach(({ sigma, scale }, i) => {
      expect(scale).toBe(grid.steps[i]!.scale);
      if (i > 0) expect(sigma).toBeCloseTo(grid.steps[i]!.sigma!, 12);
    });
  });

  it('--for has the script in the document, and nothing else changes', async () => {
    const plain = await evaluated('--steps', '3', '--model', 'edm');
    const scripted = await evaluated('--steps', '3', '--model', 'edm', '--for', 'comfyui');
    expect(plain.script).toBeNull();
    expect(scripted.script).toContain('NODE_CLASS_MAPPINGS');
    expect(scripted.steps).toEqual(plain.steps);
  });

  it.each([
    [['--flow-times', '0.5,0.9'], /--flow-times must be in falling order/],
    [['--flow-times', '1,0.5', '--sigmas', '3,1'], /--(?:sigmas|flow-times) must be given without/],
    [['--steps', '4', '--model', 'sd2'], /--model must be one of sd15, .*got "sd2"/],
    [['--steps', '4', '--model', 'sd3', '--noise', 'karras'], /--noise must be flow with the model sd3/],
    [['--model', 'sd15'], /--model must be given with --steps/],
    [['--for', 'diffusers'], /--for must be given with --steps/],
    [['--steps', '4', '--model', 'flux', '--for', 'invokeai'], /--for must be comfyui for flux/],
  ])('refuses %j', async (args, message) => {
    await expect(evaluated(...args)).rejects.toThrow(message);
  });
});

describe('designs for pipelines', () => {
  const designed = (...args: string[]) =>
    jsonHere('schedule', 'design', '--alpha', '0.45', '--sigma2', '0.3', ...args);

  it('a list of few steps gives v = sigma2 in these steps, beside what continuous time and no guidance leave', async () => {
    const { sampled, steps, schedule } = (await designed('--steps', '30')) as unknown as Listed & {
      schedule: { steps: unknown };
    };
    expect(sampled.guided!.varianceRatio).toBeCloseTo(1, 8);
    expect(sampled.designed!.varianceRatio).toBeCloseTo(0.8276, 3);
    expect(sampled.unguided!.varianceRatio).toBeCloseTo(0.8211, 3);
    expect(sampled.guided!.m).toBeCloseTo(1.1182, 3);
    expect(sampled.designed!.m).toBeCloseTo(1.1485, 3);
    expect(schedule.steps).toEqual(steps);
  });

  it('--replace-scale keeps the overlap of the constant and regains variance', async () => {
    const constant = finalState(0.45, 2, 0.3, { eta: 0 });
    const { m, varianceRatio, replaced, reached } = await designed('--replace-scale', '3');
    expect(reached).toBe(true);
    expect(replaced).toMatchObject({ scale: 3, w: 2 });
    const { m: before, varianceRatio: left } = replaced as { m: number; varianceRatio: number };
    expect(before).toBeCloseTo(constant.m, 8);
    expect(left).toBeCloseTo(constant.v / 0.3, 8);
    expect(m).toBeGreaterThan(before - 1e-8);
    expect(varianceRatio).toBeGreaterThan(left + 0.3);
    await expect(designed('--replace-scale', '1')).rejects.toThrow(
      /--replace-scale must be a finite number > 1/,
    );
    await expect(designed('--replace-scale', '3', '--w-max', '1')).rejects.toThrow(
      /--w-max must be at least the constant w = 2, got 1/,
    );
  });
});
