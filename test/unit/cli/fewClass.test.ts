import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fewClassCommands } from '../../../src/cli/commands/fewClass/group.ts';
import { runHere } from './inProcess.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-few-class-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Document = Record<string, unknown> & { w: number[]; curves: Record<string, unknown>[] };

async function few(...args: string[]): Promise<Document> {
  return JSON.parse(await runHere(fewClassCommands, ...args, '--json')) as Document;
}

const two = ['--centres', '1;-1', '--class', '0', '--sigma2', '1'];

describe('few-class', () => {
  it('entropy of the flow: that of the class to 1e-9 nats at w = 0, less with guidance', async () => {
    const found = await few('entropy', ...two, '--w', '0,1', '--sampler', 'ode', '--start', 'normal');
    const [free, guided] = found['entropy'] as [number, number];
    expect(free).toBeCloseTo(0.5 * Math.log(2 * Math.PI * Math.E), 9);
    expect(guided).toBeLessThan(free - 0.2);
    expect(found).toMatchObject({
      w: [0, 1],
      confidence: null,
      thresholds: null,
      method: ['exact', 'exact'],
    });
  });

  it('entropy of the sde: the Fokker-Planck density and the spacings of 3000 samples agree within 5 standard errors', async () => {
    const found = await few(
      'entropy',
      ...two,
      ...['--w', '1', '--sampler', 'sde', '--method', 'density,vasicek', '--samples', '3000'],
    );
    const [density, sample] = found.curves as { entropy: number[]; standardError: (number | null)[] }[];
    expect(density!.standardError).toEqual([null]);
    const error = sample!.standardError[0]!;
    expect(error).toBeLessThan(0.02);
    // The spacings smooth the density: up to 0.003 on top.
    expect(Math.abs(sample!.entropy[0]! - density!.entropy[0]!)).toBeLessThan(5 * error + 0.003);
  });

  it('covariances of their own: a wide class around a narrow one gains entropy (1e-4)', async () => {
    const found = await few('entropy', '--centres', '0;0.5', '--covariance', '4|1', '--w', '0,1,4');
    const values = found['entropy'] as number[];
    [2.1121, 2.2637, 2.3463].forEach((value, i) => {
      expect(Math.abs(values[i]! - value)).toBeLessThan(1e-4);
    });
  });

  it('confidence along the path: never lowered for two classes, lowered for a class between two others (1e-5), null if not asked', async () => {
    const acute = await few('confidence', ...two, '--w', '0.5,4', '--start', '0.3', '--path', '12');
    const paths = acute['paths'] as {
      w: number;
      time: number[];
      guided: number[];
      smallestLogGain: number;
    }[];
    expect(paths.map(({ w }) => w)).toEqual([0.5, 4]);
    for (const { time, guided, smallestLogGain } of paths) {
      expect(time).toHaveLength(12);
      expect([time[0], time.at(-1)]).toEqual([10, 0]);
      expect(guided.at(-1)).toBeGreaterThan(guided[0]!);
      expect(smallestLogGain).toBeGreaterThan(-1e-9);
    }
    const start = String(0.5 - Math.LN2 / 3);
    const between = ['--centres', '-1;0;2', '--class', '1', '--w', '1', '--start', start];
    const obtuse = await few('confidence', ...between, '--path', '5');
    const [path] = obtuse['paths'] as { guided: number[]; unguided: number[] }[];
    expect(Math.abs(path!.unguided.at(-1)! - 0.58988)).toBeLessThan(1e-5);
    expect(Math.abs(path!.guided.at(-1)! - 0.58325)).toBeLessThan(1e-5);
    expect((await few('confidence', ...between))['paths']).toBeNull();
  });

  it('confidence: the ode has a value, the sde a mean with its error between the quantiles', async () => {
    const ode = await few('confidence', ...two, '--w', '0,2', '--start', '0');
    const [free, guided] = ode['confidence'] as [number, number];
    // From the origin the flow of the class ends at its centre: odds e^2, but for e^-10 of the start.
    expect(free).toBeCloseTo(1 / (1 + Math.exp(-2)), 4);
    expect(guided).toBeGreaterThan(free);
    expect(ode['lower']).toEqual([null, null]);
    const sde = await few('confidence', ...two, ...['--w', '0,2', '--sampler', 'sde', '--samples', '500']);
    for (const i of [0, 1]) {
      const at = (key: string) => (sde[key] as number[])[i]!;
      expect(at('lower')).toBeLessThan(at('confidence'));
      expect(at('upper')).toBeGreaterThan(at('confidence'));
      expect(at('standardError')).toBeLessThan(0.02);
    }
    expect(sde['entropy']).toBeNull();
  });

  it('--scale is 1 + w, and --covariance in one dimension is --sigma2', async () => {
    const base = await few('confidence', ...two, '--w', '1');
    const scaled = await few('confidence', '--centres', '1;-1', '--covariance', '1', '--scale', '2');
    expect(scaled['confidence']).toEqual(base['confidence']);
    expect(scaled.w).toEqual([1]);
  });

  it('density at w = 0 is that of the class but for e^-10 of the start: to 5e-5, 1e-6 of it off the grid', async () => {
    const found = await few('density', ...two, ...['--w', '0', '--x', '-5:7:121']);
    const [one] = found['densities'] as { density: number[]; mass: number; method: string }[];
    const x = found['x'] as number[];
    const exact = x.map((at) => Math.exp(-0.5 * (at - 1) ** 2) / Math.sqrt(2 * Math.PI));
    expect(Math.max(...x.map((_, i) => Math.abs(one!.density[i]! - exact[i]!)))).toBeLessThan(5e-5);
    expect(one!.mass).toBeCloseTo(1, 6);
    expect(one!.method).toBe('flow');
  });

  it('density in space is that of the coordinates in which the classes differ', async () => {
    const grid = ['--w', '2', '--x', '-3:5:33'];
    const line = await few('density', ...two, ...grid);
    const space = await few('density', '--centres', '0.5,1,2;0.5,-1,2', ...grid);
    expect(space['coordinates']).toEqual([1]);
    const [one] = line['densities'] as { density: number[] }[];
    const [other] = space['densities'] as { density: number[] }[];
    expect(other!.density).toEqual(one!.density);
  });

  it('split: instability at 2.16/step within 1 %, the visible split where it was seen before, in a bracket', async () => {
    const found = await few('split', '--distance', '3', '--step', '0.02,0.05', '--w', '10,60,140');
    const seen = { 0.02: [162, 216], 0.05: [86, 130] } as Record<number, [number, number]>;
    const thresholds = found['thresholds'] as {
      stepSize: number;
      instability: { w: number };
      visible: { w: number; bracket: [number, number] };
    }[];
    for (const { stepSize, instability, visible } of thresholds) {
      expect(Math.abs((instability.w * stepSize) / 2.16 - 1)).toBeLessThan(0.01);
      const [low, high] = seen[stepSize]!;
      expect(visible.bracket[0]).toBeGreaterThan(low);
      expect(visible.bracket[1]).toBeLessThan(high);
      expect(visible.bracket[1] / visible.bracket[0]).toBeLessThan(1.001);
    }
    expect(found['labels']).toEqual([
      ['one', 'one', 'unstable'],
      ['one', 'unstable', 'split'],
    ]);
    const plane = await few('split', ...['--centres', '-3,0;0,0;3,0', '--class', '1', '--step', '0.02,0.05']);
    expect(plane['thresholds']).toEqual(found['thresholds']);
    expect(plane['labels']).toBeNull();
  });

  it('split: distant classes start later, given by their distance or by their centres', async () => {
    const steps = ['--step', '0.5', '--locate', '1', '--w', '1'];
    const apart = await few('split', '--distance', '30', ...steps);
    const centres = await few('split', '--centres', '-30;0;30', '--class', '1', ...steps);
    expect(apart['thresholds']).toEqual(centres['thresholds']);
    const { problem } = apart['record'] as { problem: Record<string, unknown> };
    expect(problem['startTime']).toBeCloseTo(10 + Math.log(3), 12);
  });

  it('split: the tables fit in 80 columns', async () => {
    const strengths = ['50,55,60,65,70,75,80', '50,55,60,65,70,75,80,85'];
    for (const w of strengths) {
      const text = await runHere(
        fewClassCommands,
        ...['split', '--distance', '3', '--step', '0.0523,0.1234', '--locate', '1', '--w', w],
      );
      expect(text).toContain('centre thrown out, w in');
      for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it('splits the samples where it splits the map: none at half of the threshold, all at 1.4 times it', async () => {
    const found = await few(
      'density',
      ...['--centres', '-2,-2;0,0;2,2', '--class', '1', '--step', '0.1', '--w', '30,85'],
      ...['--x', '-20:20:81', '--y', '-20:20:81', '--samples', '400'],
    );
    const densities = found['densities'] as { density: number[]; mass: number }[];
    // The cell of the centre is the middle one.
    const centre = densities.map(({ density }) => density[(81 * 81 - 1) / 2]!);
    expect(centre[0]).toBeGreaterThan(0.1);
    expect(centre[1]).toBeLessThan(1e-6);
    expect(densities[1]!.mass).toBeCloseTo(1, 6);
  });

  it('a named figure is its settings, written-out options replace them, and the page and data go to --out', async () => {
    const out = path.join(folder, 'figure');
    const found = await few(
      'confidence',
      ...['--figure', 'wu-2', '--w', '0,1', '--samples', '200', '--out', out],
    );
    expect(found.w).toEqual([0, 1]);
    expect(found.curves.map(({ sampler }) => sampler)).toEqual(['ode', 'sde']);
    for (const name of ['json', 'csv', 'html']) {
      expect(existsSync(path.join(out, `few-class-confidence.${name}`))).toBe(true);
    }
    expect(readFileSync(path.join(out, 'few-class-confidence.csv'), 'utf8')).toMatch(/^curve,w,confidence,/);
    const one = await few('confidence', ...['--figure', 'wu-2', '--w', '0', '--sampler', 'ode']);
    expect(one.curves).toHaveLength(1);
  });

  it('the one-step map overshoots above the instability alone', async () => {
    const found = await few('split', ...['--figure', 'wu-4']);
    const panels = found['map'] as { w: number; lines: { x: number[]; next: number[] }[] }[];
    const overshoots = panels.map(({ lines }) =>
      lines.some(({ x, next }) => next.some((value, i) => value < -x[i]!)),
    );
    expect(panels.map(({ w }) => w)).toEqual([20, 130]);
    expect(overshoots).toEqual([false, true]);
  });
});
