import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { compileSchedule, constantSchedule } from '../../../src/guidance/schedule.ts';
import { writeSchedule } from '../../../src/guidance/schedules/catalogue.ts';
import {
  listedNoiseLevels,
  noiseGridDefaults,
  noiseGridKeys,
  noiseGrids,
  noiseLevels,
  type NoiseGrid,
  type NoiseGridOptions,
} from '../../../src/guidance/schedules/noiseLevels.ts';
import { stepScales, unitVarianceCentreScale } from '../../../src/guidance/schedules/stepScales.ts';
import { writeSigmaTable } from '../../../src/guidance/schedules/table.ts';
import type { WrittenSchedule } from '../../../src/guidance/written.ts';
import { processes } from '../../../src/process/process.ts';

const compile = ({ schedule, clock }: WrittenSchedule, sigma2 = 0.25) =>
  compileSchedule(
    { formula: parseFormula('schedule', schedule, clock), clock },
    { process: processes.ou, sigma2, startTime: null },
  );
const sigmas = (grid: NoiseGrid, steps: number, options: Partial<NoiseGridOptions> = {}) =>
  noiseLevels(grid, steps, options).map(({ sigma }) => sigma);

describe('noise levels of pipelines', () => {
  it('Karras: 80 and 0.002 at the ends, even in sigma^(1/7) between (1e-13)', () => {
    const grid = sigmas('karras', 18);
    expect(Math.abs(grid[0]! - 80)).toBeLessThan(1e-12);
    expect(Math.abs(grid.at(-1)! / 0.002 - 1)).toBeLessThan(1e-13);
    const roots = grid.map((sigma) => sigma ** (1 / 7));
    for (let i = 1; i < 18; i++)
      expect(Math.abs(roots[i]! - roots[i - 1]! - (roots[17]! - roots[0]!) / 17)).toBeLessThan(1e-13);
    expect(noiseLevels('karras', 1)).toEqual([{ timestep: null, sigma: (80 ** (1 / 7)) ** 7 }]);
  });

  it('exponential: a geometric sequence (1e-13)', () => {
    const grid = sigmas('exponential', 10, { sigmaMin: 0.03, sigmaMax: 14.6 });
    expect(grid[0]).toBe(14.6);
    for (let i = 1; i < 10; i++)
      expect(Math.abs(grid[i]! / grid[i - 1]! - (0.03 / 14.6) ** (1 / 9))).toBeLessThan(1e-13);
  });

  it('Stable Diffusion: sigma from 14.6146 to 0.0291675, the published range of its 1000 training steps (2e-5, its single precision)', () => {
    const grid = sigmas('scaled-linear', 1000, { offset: 0 });
    expect(Math.abs(grid[0]! / 14.6146 - 1)).toBeLessThan(2e-5);
    expect(Math.abs(grid.at(-1)! / 0.0291675 - 1)).toBeLessThan(2e-5);
    // abar after the first step is 1 - beta_0.
    expect(Math.abs(1 / (1 + grid.at(-1)! ** 2) - (1 - 0.00085))).toBeLessThan(1e-15);
  });

  it('DDPM: abar = Prod (1 - beta) = 4.0358e-5 at the end of training (1e-4 relative), beta_0 = 1e-4 at the start', () => {
    const grid = sigmas('linear', 1000);
    expect(Math.abs(1 / (1 + grid[0]! ** 2) / 4.0358e-5 - 1)).toBeLessThan(1e-4);
    expect(Math.abs(grid.at(-1)! - Math.sqrt(1e-4 / (1 - 1e-4)))).toBeLessThan(1e-14);
  });

  it('cosine: abar is the squared cosine wherever beta is not capped (1e-10)', () => {
    const levels = noiseLevels('cosine', 1000);
    const abar = (t: number) => Math.cos(((t + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
    for (const { timestep, sigma } of levels) {
      if (timestep! > 998) continue;
      expect(Math.abs(1 / (1 + sigma ** 2) - abar((timestep! + 1) / 1000) / abar(0))).toBeLessThan(1e-10);
    }
  });

  it('flow: t = 1 - i/N, sigma = t/(1 - t); the shift multiplies sigma (1e-12)', () => {
    const plain = noiseLevels('flow', 28);
    const shifted = noiseLevels('flow', 28, { shift: 3 });
    expect(plain[0]).toEqual({ timestep: 1000, sigma: Infinity });
    for (let i = 1; i < 28; i++) {
      const t = 1 - i / 28;
      expect(Math.abs(plain[i]!.timestep! - 1000 * t)).toBeLessThan(1e-11);
      expect(Math.abs(plain[i]!.sigma * (1 - t) - t)).toBeLessThan(1e-12);
      expect(Math.abs(shifted[i]!.sigma / plain[i]!.sigma - 3)).toBeLessThan(1e-12);
    }
  });

  it('spacings: the timesteps that pipelines show for 50, 20 and 7 steps', () => {
    const timesteps = (steps: number, options: Partial<NoiseGridOptions>) =>
      noiseLevels('scaled-linear', steps, options).map(({ timestep }) => timestep);
    expect(timesteps(50, {}).slice(0, 3)).toEqual([981, 961, 941]);
    expect(timesteps(50, {}).at(-1)).toBe(1);
    expect(timesteps(20, { spacing: 'trailing' })).toEqual(
      Array.from({ length: 20 }, (_, i) => 999 - 50 * i),
    );
    expect(timesteps(7, { spacing: 'linspace' })).toEqual([999, 832, 666, 500, 333, 166, 0]);
    expect(timesteps(16, { spacing: 'trailing' }).slice(0, 4)).toEqual([999, 937, 874, 811]);
  });

  it('spacings: all numbers of steps from 1 to 1000 as numpy rounds them in a pipeline (sums made with numpy)', () => {
    const timesteps = (steps: number, spacing: 'linspace' | 'trailing') =>
      noiseLevels('linear', steps, { spacing }).map(({ timestep }) => timestep!);
    // 13 times 999/26 is 499.5, and comes out below it.
    expect(timesteps(27, 'linspace').slice(12, 15)).toEqual([538, 499, 461]);
    expect(timesteps(48, 'trailing').slice(0, 5)).toEqual([999, 978, 957, 936, 916]);
    const sums = { linspace: 0, trailing: 0 };
    for (const spacing of ['linspace', 'trailing'] as const) {
      for (let steps = 1; steps <= 1000; steps++)
        timesteps(steps, spacing).forEach((timestep, i) => {
          sums[spacing] += ((7 * i + 13 * steps) % 101) * timestep;
        });
    }
    expect(sums).toEqual({ linspace: 12_500_062_076, trailing: 12_512_515_025 });
  });

  it('every grid falls strictly, at any number of steps', () => {
    for (const grid of noiseGrids) {
      for (const steps of [2, 7, 50, 333]) {
        const levels = noiseLevels(grid, steps);
        expect(levels).toHaveLength(steps);
        for (let i = 1; i < steps; i++) expect(levels[i]!.sigma).toBeLessThan(levels[i - 1]!.sigma);
        expect(levels.at(-1)!.sigma).toBeGreaterThan(0);
      }
    }
  });

  it('refuses what no pipeline has', () => {
    expect(() => noiseLevels('cosmic' as NoiseGrid, 10)).toThrow(/^noise must be one of karras/);
    expect(() => noiseLevels('karras', 0)).toThrow(/^steps must be an integer/);
    expect(() => noiseLevels('karras', 10, { sigmaMin: 90 })).toThrow(
      /^sigmaMin must be below sigmaMax = 80/,
    );
    for (const grid of ['karras', 'exponential'] as const) {
      expect(() => noiseLevels(grid, 10, { sigmaMin: 2, sigmaMax: 2 })).toThrow(
        /^sigmaMin must be below sigmaMax = 2/,
      );
    }
    // 80^1000 is beyond double precision, and so is 0.002^1000.
    for (const options of [
      { rho: 1e-3 },
      { rho: 1e-3, sigmaMin: 2 },
      { rho: 1e-3, sigmaMin: 0.001, sigmaMax: 1 },
    ]) {
      expect(() => noiseLevels('karras', 10, options)).toThrow(
        /^rho must be large enough that sigma\^\(1\/rho\)/,
      );
    }
    expect(
      noiseLevels('karras', 3, { rho: 0.5, sigmaMin: 3, sigmaMax: 5 }).map(({ sigma }) => sigma),
    ).toEqual([5, Math.sqrt(17), 3]);
    expect(() => noiseLevels('linear', 1001)).toThrow(/^steps must be an integer in \[1, 1000\]/);
    expect(() => noiseLevels('scaled-linear', 1000)).toThrow(/^offset must be an integer in \[0, 0\], got 1/);
    expect(() => noiseLevels('linear', 10, { betaEnd: 1e-5 })).toThrow(
      /^betaEnd must be in \(betaStart, 1\)/,
    );
    expect(() => noiseLevels('flow', 10, { shift: 0 })).toThrow(/^shift must be a finite number > 0/);
    expect(() => noiseLevels('flow', 10, { sigma: 1 } as Partial<NoiseGridOptions>)).toThrow(
      /^noise options of flow must be an object with keys among shift, lastTime, got "sigma"/,
    );
    // Numbers of another grid, and those that the spacing does not use.
    for (const grid of noiseGrids) {
      for (const key of Object.keys(noiseGridDefaults(grid)) as (keyof NoiseGridOptions)[]) {
        const options = { [key]: noiseGridDefaults(grid)[key] };
        if (noiseGridKeys[grid].includes(key))
          expect(noiseLevels(grid, 5, options)).toEqual(noiseLevels(grid, 5));
        else expect(() => noiseLevels(grid, 5, options)).toThrow(`noise options of ${grid} must be`);
      }
    }
    expect(() => noiseLevels('linear', 5, { spacing: 'trailing', offset: 1 })).toThrow(
      /^offset must be left out with spacing trailing, got 1/,
    );
    expect(() => listedNoiseLevels([3, 4])).toThrow(/^sigmas must be in falling order, got "3, 4"/);
    expect(() => listedNoiseLevels([0])).toThrow(/^sigmas must be a list/);
  });
});

describe('stepScales', () => {
  it('constant guidance is a constant scale 1 + w on every grid, under both readings', () => {
    for (const grid of noiseGrids) {
      for (const reading of ['point', 'mean'] as const) {
        const rows = stepScales(constantSchedule(6.5), noiseLevels(grid, 12), 0.25, { reading });
        expect(rows.map(({ scale }) => scale)).toEqual(Array.from({ length: 12 }, () => 7.5));
        expect(rows.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i));
        expect(rows[0]!.sigma).toBe(grid === 'flow' ? null : noiseLevels(grid, 12)[0]!.sigma);
      }
    }
  });

  it('tau is (sigma/centreScale)^2: the formula sqrt(tau) gives sigma/centreScale back (1e-12 relative)', () => {
    const schedule = compile({ schedule: 'min(1e6, sqrt(tau))', clock: 'tau' }, 0.5);
    for (const grid of noiseGrids) {
      for (const centreScale of [null, 0.5, 2]) {
        for (const { sigma, w } of stepScales(schedule, noiseLevels(grid, 20), 0.5, { centreScale })) {
          if (sigma === null) continue;
          const expected = sigma / (centreScale ?? 1 / Math.sqrt(1.5));
          // Against sigma2 a very small tau is lost in rounding.
          expect(Math.abs(w ** 2 - expected ** 2)).toBeLessThan(1e-12 * (0.5 + expected ** 2));
        }
      }
    }
  });

  it('latents of unit variance: centres and classes share it as 1 : sigma2', () => {
    for (const sigma2 of [0.1, 1, 4]) {
      const scale = unitVarianceCentreScale(sigma2);
      expect(Math.abs(scale ** 2 + sigma2 * scale ** 2 - 1)).toBeLessThan(1e-15);
    }
  });

  it('the same moment in every form: pipelines that share a noise level get the same scale (1e-10)', () => {
    const schedule = compile({ schedule: '2*exp(-t)', clock: 't' });
    const reference = noiseLevels('scaled-linear', 25);
    const listed = listedNoiseLevels([...reference.map(({ sigma }) => sigma), 0]);
    const [a, b] = [reference, listed].map((levels) => stepScales(schedule, levels, 0.25));
    a!.forEach(({ scale, timestep }, i) => {
      expect(Math.abs(scale - b![i]!.scale)).toBeLessThan(1e-10);
      expect(timestep).toBe(reference[i]!.timestep);
    });
    // And OU time itself: e^(-2t) = abar where the latents' centres have unit scale.
    for (const { sigma, w } of stepScales(schedule, reference, 0.25, { centreScale: 1 })) {
      expect(Math.abs(w - 2 / Math.sqrt(1 + sigma! ** 2))).toBeLessThan(1e-12);
    }
  });

  it('monotone schedules give monotone scales, jumps fall between the steps around them', () => {
    const rising = stepScales(
      compile({ schedule: '3/(1 + tau)', clock: 'tau' }),
      noiseLevels('karras', 40),
      0.25,
    );
    for (let i = 1; i < 40; i++) expect(rising[i]!.scale).toBeGreaterThanOrEqual(rising[i - 1]!.scale);
    const step = stepScales(
      compile({ schedule: 'tau > 1 ? 4 : -1', clock: 'tau' }),
      noiseLevels('karras', 40),
      0.25,
      { centreScale: 1 },
    );
    for (const { sigma, scale } of step) expect(scale).toBe(sigma! > 1 ? 5 : 0);
  });

  it("the limited interval is that of its authors: steps 17 to 22 of EDM's 32 at the data scale 0.5", () => {
    const rows = stepScales(compile(writeSchedule('limited-interval', 1)), noiseLevels('karras', 32), 0.25, {
      centreScale: 0.5,
    });
    expect(rows.filter(({ w }) => w > 0).map(({ step }) => step)).toEqual([17, 18, 19, 20, 21, 22]);
    expect(new Set(rows.map(({ scale }) => scale))).toEqual(new Set([1, 2]));
  });

  it('the mean over a step keeps the effective budget, also of a jump inside a step (1e-9)', () => {
    const sigma2 = 0.3;
    const schedule = compile(writeSchedule('neutral-step', 2, { sigma2 }), sigma2);
    const spent = (sigma: number) => Math.log1p(1 / (sigma2 + sigma ** 2));
    const total = (reading: 'point' | 'mean', steps: number) => {
      const levels = noiseLevels('karras', steps);
      const rows = stepScales(schedule, levels, sigma2, { reading, centreScale: 1 });
      // Before the first step nothing is spent yet but spent(80).
      return rows.reduce(
        (sum, { w }, i) => sum + w * (spent(levels[i + 1]?.sigma ?? 0) - spent(levels[i]!.sigma)),
        2 * spent(80),
      );
    };
    expect(Math.abs(total('mean', 12))).toBeLessThan(1e-9);
    expect(Math.abs(total('point', 12))).toBeGreaterThan(0.05);
  });

  it('pure noise is read at the asymptotic start', () => {
    const rows = stepScales(
      compile(writeSchedule('linear-negative-window', 2)),
      noiseLevels('flow', 10),
      0.25,
    );
    expect(rows[0]!.w).toBe(2);
    expect(rows.at(-1)!.w).toBeLessThan(0);
    const mean = stepScales(
      compile(writeSchedule('linear-negative-window', 2)),
      noiseLevels('flow', 10),
      0.25,
      { reading: 'mean' },
    );
    expect(mean[0]!.w).toBeLessThanOrEqual(2);
    expect(mean[0]!.w).toBeGreaterThan(1.9);
  });

  it('refuses bad options', () => {
    const schedule = constantSchedule(1);
    const levels = noiseLevels('karras', 3);
    expect(() => stepScales(schedule, levels, 0)).toThrow(/^sigma2 must be/);
    expect(() => stepScales(schedule, levels, 1, { centreScale: -1 })).toThrow(/^centreScale must be/);
    expect(() => stepScales(schedule, [], 1)).toThrow(/^levels must be/);
    expect(() => stepScales(schedule, levels, 1, { reading: 'middle' as 'mean' })).toThrow(
      /^reading must be one of point, mean/,
    );
  });
});

describe('a table in the noise of a pipeline', () => {
  it('is linear in sigma, with tau = (sigma/centreScale)^2 (1e-14)', () => {
    const points = [
      [1, 2],
      [2, 4],
      [4, 0],
    ] as const;
    for (const centreScale of [0.5, 1, 2]) {
      const { schedule, clock } = writeSigmaTable(points, centreScale);
      const formula = parseFormula('schedule', schedule, clock);
      const at = (sigma: number) => formula.evaluate((sigma / centreScale) ** 2);
      expect(clock).toBe('tau');
      for (const [sigma, w] of [...points, [1.5, 3], [3, 2]] as const) expect(at(sigma)).toBeCloseTo(w, 13);
    }
    expect(() => writeSigmaTable(points, 0)).toThrow(/^centreScale must be/);
  });
});
