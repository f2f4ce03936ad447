import { describe, expect, it } from 'vitest';
import { processes } from '../../../src/process/process.ts';
import {
  clockAtInvariantRatio,
  clockAtNoiseToSignal,
  dataClock,
  invariantRatio,
  noiseToSignalAtClock,
  signalShare,
  withinClassVariance,
} from '../../../src/process/variances.ts';

const variances = [1e-6, 0.01, 0.25, 1, 3.7];
const noises = [0, 1e-8, 0.1, 0.25, 1, 50, 1e8];
const relative = (value: number, expected: number) => Math.abs(value / expected - 1);

describe('variances and clocks', () => {
  it.each(Object.values(processes))(
    'process $name: Gamma/a^2 = sigma2 + tau, lambda = log(a^2/Gamma), r = Gamma/D, 1 - r = a^2/D (1e-14)',
    (process) => {
      for (const sigma2 of variances) {
        for (const time of [0.05, 0.4, 0.9]) {
          const a = process.signalScale(time);
          const gamma = withinClassVariance(a, process.noiseVariance(time), sigma2);
          const total = gamma + a * a;
          const tau = process.noiseToSignal(time);
          expect(gamma).toBe(a * a * sigma2 + process.noiseVariance(time));
          expect(relative(gamma / (a * a), sigma2 + tau)).toBeLessThan(1e-14);
          const clock = clockAtNoiseToSignal(tau, sigma2);
          expect(Math.abs(clock - Math.log((a * a) / gamma))).toBeLessThan(1e-14);
          expect(relative(invariantRatio(clock), gamma / total)).toBeLessThan(1e-14);
          expect(relative(signalShare(clock), (a * a) / total)).toBeLessThan(1e-14);
        }
      }
    },
  );

  it('the clock grows from noise to data, where it is log(1/sigma2) and r = sigma2/(1 + sigma2) (1e-15)', () => {
    for (const sigma2 of variances) {
      const clocks = noises.map((tau) => clockAtNoiseToSignal(tau, sigma2));
      for (let i = 1; i < clocks.length; i++) expect(clocks[i]!).toBeLessThan(clocks[i - 1]!);
      expect(clocks[0]).toBe(dataClock(sigma2));
      expect(relative(invariantRatio(dataClock(sigma2)), sigma2 / (1 + sigma2))).toBeLessThan(1e-14);
      expect(Math.abs(noiseToSignalAtClock(dataClock(sigma2), sigma2))).toBe(0);
    }
  });

  it('tau and the clock are inverses: 1e-15 of sigma2 + tau, in both directions', () => {
    for (const sigma2 of variances) {
      for (const tau of noises) {
        const clock = clockAtNoiseToSignal(tau, sigma2);
        // The clock itself is rounded at its own size.
        const rounding = 4 * Number.EPSILON * (1 + Math.abs(clock) + Math.abs(Math.log(sigma2)));
        expect(Math.abs(noiseToSignalAtClock(clock, sigma2) - tau)).toBeLessThan(rounding * (sigma2 + tau));
        expect(
          Math.abs(clockAtNoiseToSignal(noiseToSignalAtClock(clock, sigma2), sigma2) - clock),
        ).toBeLessThan(rounding);
      }
    }
  });

  it('tau near the data: 1e-14 relative down to 1e-12 sigma2, where e^-lambda - sigma2 is off by 1e-6', () => {
    let worstNaive = 0;
    for (const sigma2 of [0.01, 0.25, 3.7]) {
      for (const offset of [1e-3, 1e-6, 1e-9, 1e-12]) {
        const clock = dataClock(sigma2) - offset;
        const x = dataClock(sigma2) - clock;
        const series = sigma2 * x * (1 + (x / 2) * (1 + (x / 3) * (1 + (x / 4) * (1 + x / 5))));
        expect(relative(noiseToSignalAtClock(clock, sigma2), series)).toBeLessThan(1e-14);
        worstNaive = Math.max(worstNaive, relative(Math.exp(-clock) - sigma2, series));
      }
    }
    expect(worstNaive).toBeGreaterThan(1e-6);
    // With sigma2 = 1 the clock resolves any tau.
    for (const tau of [1e-300, 1e-100, 1e-16]) expect(noiseToSignalAtClock(-tau, 1)).toBe(tau);
  });

  it('tau is never negative, also for a clock past the data by rounding', () => {
    for (const sigma2 of variances) {
      expect(noiseToSignalAtClock(dataClock(sigma2) + 1e-15, sigma2)).toBe(0);
      expect(noiseToSignalAtClock(dataClock(sigma2) + 1, sigma2)).toBe(0);
    }
  });

  it('1 - r near the noise: 1e-15 relative at lambda = -40 and -700, where 1 - invariantRatio is 0', () => {
    for (const clock of [-40, -300, -700]) {
      expect(relative(signalShare(clock), Math.exp(clock))).toBeLessThan(1e-15);
      expect(1 - invariantRatio(clock)).toBe(0);
    }
    for (const clock of [-30, -3, 0, 2, 30]) {
      expect(Math.abs(signalShare(clock) + invariantRatio(clock) - 1)).toBeLessThan(1e-15);
      expect(signalShare(clock)).toBe(invariantRatio(-clock));
    }
  });

  it('clockAtInvariantRatio inverts r: 1e-14 from r = 1e-300 to 1 - 1e-9', () => {
    for (const r of [1e-300, 1e-20, 0.01, 0.2, 0.5, 0.9]) {
      expect(relative(invariantRatio(clockAtInvariantRatio(r)), r)).toBeLessThan(
        1e-13 * (1 - Math.log10(r) / 10),
      );
    }
    for (const share of [2 ** -30, 2 ** -40]) {
      expect(Math.abs(clockAtInvariantRatio(1 - share) - Math.log(share / (1 - share)))).toBeLessThan(1e-14);
    }
    expect(clockAtInvariantRatio(0.5)).toBe(0);
  });
});
