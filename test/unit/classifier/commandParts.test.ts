import { describe, expect, it } from 'vitest';
import { timeAtOuTime } from '../../../src/classifier/propagate/propagate.ts';
import { windowClock } from '../../../src/classifier/sampling/windows.ts';
import { randomClasses } from '../../../src/classifier/study/randomClasses.ts';
import { randomProblems } from '../../../src/classifier/study/randomProblems.ts';
import { isLongWave, rippleLadder, studyRipples } from '../../../src/classifier/study/rippleStudy.ts';
import { rippleView } from '../../../src/classifier/study/rippleView.ts';
import { stepsOfEpochs } from '../../../src/classifier/training/train.ts';
import { neutralTemperatureOf, temperatureLine } from '../../../src/finiteSize/calibration.ts';
import { samplers } from '../../../src/guidance/sampler.ts';
import { linearInterpolant, ornsteinUhlenbeck, varianceExploding } from '../../../src/process/process.ts';

describe('random problems', () => {
  it('mixture n of a dimension is that of seed + n; more mixtures change none of the first', () => {
    const sizes = { classes: 3, radius: 1.5, sigma2: 0.4, seed: 5 };
    const all = randomProblems({ ...sizes, dimensions: [1, 2], mixtures: 3 }, ornsteinUhlenbeck, 1);
    expect(all.map(({ mixture, problem }) => [problem.diffused.mixture.dimension, mixture])).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
      [2, 0],
      [2, 1],
      [2, 2],
    ]);
    for (const { mixture, problem } of all) {
      const { dimension } = problem.diffused.mixture;
      const alone = randomClasses({ ...sizes, dimension, seed: 5 + mixture });
      expect(problem.diffused.mixture.centres).toEqual(alone.centres);
      expect(problem.label).toBe(1);
    }
  });
});

describe('ripples', () => {
  const [{ problem }] = randomProblems(
    { dimensions: [1], classes: 3, radius: 2, sigma2: 0.5, seed: 1, mixtures: 1 },
    ornsteinUhlenbeck,
    0,
  ) as [ReturnType<typeof randomProblems>[number]];

  it('the ladder goes from 1000 times to a tenth, without those above 0.01 unless they are wanted', () => {
    const kls = (kl: number) => rippleLadder(kl, 1).map((one) => ('kl' in one ? one.kl : NaN));
    expect(kls(1e-6)).toEqual([1000, 100, 10, 1, 0.1].map((factor) => factor * 1e-6));
    expect(kls(1e-3)).toEqual([10, 1, 0.1].map((factor) => factor * 1e-3));
    expect(kls(0.5)).toEqual([0.5, 0.05]);
  });

  it('a wave as long as the classes is called long, a short one is not', () => {
    const options = { samples: 20, seed: 1, batches: 2 };
    const waves = [1, 200].map((frequency) => ({ amplitude: 0.05, frequency }));
    expect(studyRipples(problem, 0.3, waves, options).rows.map(isLongWave)).toEqual([true, false]);
  });

  it('the picture shows all classes, and six waves about the point of doubt', () => {
    const ripple = { label: 0, amplitude: 0.05, frequency: 50 };
    const { whole, zoom, waves } = rippleView(problem, 0.3, ripple);
    const a = ornsteinUhlenbeck.signalScale(0.3);
    const centres = [...problem.diffused.mixture.centres].map((one) => a * one);
    const [from, to] = [whole.x[0]!, whole.x.at(-1)!];
    expect(from).toBeLessThan(Math.min(...centres));
    expect(to).toBeGreaterThan(Math.max(...centres));
    expect(waves).toBeCloseTo(((to - from) * 50) / (2 * Math.PI), 10);
    expect(zoom.x.at(-1)! - zoom.x[0]!).toBeCloseTo((6 * 2 * Math.PI) / 50, 10);
    const middle = 0.5 * (zoom.x[0]! + zoom.x.at(-1)!);
    const at = whole.x.reduce(
      (best, x, n) => (Math.abs(x - middle) < Math.abs(whole.x[best]! - middle) ? n : best),
      0,
    );
    expect(Math.min(...whole.exact.map((c) => Math.abs(c - 0.5)))).toBe(Math.abs(whole.exact[at]! - 0.5));
  });
});

describe('clocks and steps', () => {
  it('a time of the Ornstein-Uhlenbeck process in others: the same noise-to-signal variance (1e-12)', () => {
    expect(timeAtOuTime(ornsteinUhlenbeck, 0.7)).toBeCloseTo(0.7, 12);
    for (const process of [varianceExploding, linearInterpolant]) {
      const tau = process.noiseToSignal(timeAtOuTime(process, 0.7));
      expect(Math.abs(tau / Math.expm1(1.4) - 1)).toBeLessThan(1e-12);
    }
  });

  it('the middle of a window is that of its ends in the clock', () => {
    expect(windowClock(ornsteinUhlenbeck, { from: 0.2, to: 1 })).toBeCloseTo(0.6, 12);
  });

  it('epochs are steps by the batch, rounded up', () => {
    expect(stepsOfEpochs(2, 300, 50)).toBe(12);
    expect(stepsOfEpochs(1, 301, 50)).toBe(7);
    expect(() => stepsOfEpochs(1e6, 100, 50)).toThrow(/epochs must be at most 1000000 steps/);
  });
});

describe('calibration', () => {
  it('a line of temperatures: even in the logarithm, through those asked for', () => {
    expect(temperatureLine([1, 4], 3)).toEqual([1, 2, 4]);
    expect(temperatureLine([1, 3, 4], 3)).toEqual([1, 2, 3, 4]);
  });

  it('a neutral temperature where its closed form holds', () => {
    const model = { sampler: samplers.ode, sigma2: 0.25, ensemble: 'gaussian', startTime: null } as const;
    expect(neutralTemperatureOf(model, 1, 0)).toBeCloseTo(1.572307, 6);
    expect(neutralTemperatureOf(model, 1, 0.1)).toBeNull();
    expect(neutralTemperatureOf(model, -1, 0)).toBeNull();
    expect(neutralTemperatureOf(model, null, 0)).toBeNull();
    expect(neutralTemperatureOf({ ...model, startTime: 3 }, 1, 0)).toBeNull();
    expect(neutralTemperatureOf({ ...model, ensemble: 'spherical' }, 1, 0)).toBeNull();
  });
});
