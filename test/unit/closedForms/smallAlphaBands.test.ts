import { describe, expect, it } from 'vitest';
import { bandRateAtTransition, bandsFinalState } from '../../../src/closedForms/bands.ts';
import { smallAlphaMeanShift, smallAlphaVarianceShift } from '../../../src/closedForms/smallAlpha.ts';
import { cumulantRateShift, smallAlphaBands } from '../../../src/closedForms/smallAlphaBands.ts';
import { solveStructured } from '../../../src/meanfield/structured/solve.ts';
import type { BandLaw, CentreLaw } from '../../../src/mixture/classLaw.ts';
import { uniform } from '../meanfield/sampling.ts';
import { relativeError } from './momentFlow.ts';

const tauOf = (ouTime: number) => Math.expm1(2 * ouTime);

describe('small class rates of bands', () => {
  it('are approached with a relative error of order alpha: tau, m - 1, v/c - 1 per band', () => {
    const draw = uniform(51);
    for (let i = 0; i < 24; i++) {
      const first = draw(0.1, 0.9);
      const bands = [first, 1 - first].map((weight) => ({
        weight,
        rho: 10 ** draw(-0.5, 0.5),
        c: 10 ** draw(-1, 0.3),
      }));
      const [w, eta] = [draw(-0.2, 5), [0, 1, 0.5][i % 3]!];
      const errors = [1e-4, 1e-5].map((alpha) => {
        const law = smallAlphaBands({ kind: 'bands', bands }, alpha, w, { eta });
        const exact = bandsFinalState(bands, alpha, w, { eta });
        return [
          relativeError(law.tau, exact.tau!),
          ...bands.map(({ c }, b) =>
            Math.max(
              relativeError(law.bands[b]!.meanShift!, exact.bands[b]!.m! - 1),
              // The variance shift of noisy samplers is lost in rounding.
              eta === 0 ? relativeError(law.bands[b]!.varianceShift, exact.bands[b]!.v / c - 1) : 0,
            ),
          ),
        ];
      });
      errors[0]!.forEach((error, k) => {
        expect(error, JSON.stringify({ bands, w, eta })).toBeLessThan(1e-2);
        expect(errors[1]![k]! / error).toBeLessThan(0.15);
      });
    }
  });

  it('variance shifts of noisy samplers, at rates where they can be seen: 2 %', () => {
    const bands = [
      { weight: 0.5, rho: 1.5, c: 0.4 },
      { weight: 0.5, rho: 0.5, c: 0.1 },
    ];
    for (const eta of [0.5, 1]) {
      const law = smallAlphaBands({ kind: 'bands', bands }, 1e-3, 1, { eta });
      const exact = bandsFinalState(bands, 1e-3, 1, { eta });
      bands.forEach(({ c }, b) => {
        expect(relativeError(law.bands[b]!.varianceShift, exact.bands[b]!.v / c - 1)).toBeLessThan(0.02);
      });
    }
  });

  it('refuses what it is no law for', () => {
    const at = (band: Partial<BandLaw['bands'][number]>, alpha = 0.01, w = 1) =>
      smallAlphaBands({ kind: 'bands', bands: [{ weight: 1, rho: 1, c: 0.25, ...band }] }, alpha, w, {
        eta: 0,
      });
    expect(() => at({ c: 0 })).toThrow(/bands\.c/);
    expect(() => at({}, 0)).toThrow(/^alpha/);
    expect(() => at({}, 0.1, -0.5)).toThrow(/^w/);
    expect(() => at({ centres: { kind: 'values', values: [{ value: 1, weight: 1 }] } })).toThrow(/differ/);
    expect(() => cumulantRateShift(0, 1, 1, 1)).toThrow(/^rho/);
  });

  it('one band of rho = 1 reads as the isotropic law: 1e-14', () => {
    for (const eta of [0, 1]) {
      const [one] = smallAlphaBands({ kind: 'bands', bands: [{ weight: 1, rho: 1, c: 0.25 }] }, 0.01, 2, {
        eta,
      }).bands;
      expect(relativeError(one!.meanShift!, smallAlphaMeanShift(0.01, 2, 0.25, { eta }))).toBeLessThan(1e-14);
      const variance = smallAlphaVarianceShift(0.01, 2, 0.25, { eta });
      expect(relativeError(one!.varianceShift, variance)).toBeLessThan(1e-14);
    }
  });

  const skewed = {
    kind: 'values',
    values: [
      { value: 2, weight: 0.3 },
      { value: -0.5, weight: 0.7 },
    ],
  } as const;
  const own = [
    { value: 0.1, weight: 0.5 },
    { value: 1.9, weight: 0.5 },
  ];
  const laws: [string, BandLaw['bands'][number]][] = [
    ['signs', { weight: 1, rho: 1, c: 0.25, centres: { kind: 'signs' } }],
    ['laplace', { weight: 1, rho: 2, c: 0.5, centres: { kind: 'laplace' } }],
    ['bernoulli-gauss', { weight: 1, rho: 1, c: 0.3, centres: { kind: 'bernoulli-gauss', share: 0.3 } }],
    ['skewed values of another mean', { weight: 1, rho: 1.3, c: 0.2, centres: skewed }],
    ['variances of their own, one wider than the population', { weight: 1, rho: 0.5, c: own }],
  ];
  it.each(laws)('%s: errors fall in proportion to alpha, and are below 2 %% at 0.0025', (_name, band) => {
    for (const w of [0.5, 2]) {
      const errors = [0.01, 0.0025].map((alpha) => {
        const law: BandLaw = { kind: 'bands', bands: [band] };
        const predicted = smallAlphaBands(law, alpha, w, { eta: 0 });
        const { final, speciationTime } = solveStructured({ law, alpha, guidance: { w } });
        return [
          relativeError(predicted.tau, tauOf(speciationTime!)),
          ...final!.bands.flatMap(({ m, v, c }, b) => [
            relativeError(predicted.bands[b]!.meanShift!, m! - 1),
            relativeError(predicted.bands[b]!.varianceShift, v / c - 1),
          ]),
        ];
      });
      errors[1]!.forEach((error, k) => {
        expect(error).toBeLessThan(0.02);
        expect(error).toBeLessThan(0.4 * errors[0]![k]! + 2e-3);
      });
    }
  });

  it.each([
    ['signs', { kind: 'signs' }, -2],
    ['laplace', { kind: 'laplace' }, 3],
    ['bernoulli-gauss', { kind: 'bernoulli-gauss', share: 0.5 }, 3],
  ] as [string, CentreLaw, number][])(
    '%s: the fourth cumulant shifts the rate as derived',
    (_name, centres, kappa) => {
      for (const w of [0, 0.6, 1.5]) {
        const shifts = [48, 24].map((tau) => {
          const gaussian = [{ weight: 1, rho: 1, c: 0.2 }];
          const rate = bandRateAtTransition(gaussian, tau, w, { eta: 0 });
          const { speciationTime } = solveStructured(
            { law: { kind: 'bands', bands: [{ ...gaussian[0]!, centres }] }, alpha: rate, guidance: { w } },
            { nodes: { start: 32, centre: 10 } },
          );
          const found = tauOf(speciationTime!);
          // alpha = gaussian rate + shift at the tau that was found.
          const shift = rate - bandRateAtTransition(gaussian, found, w, { eta: 0 });
          return shift / cumulantRateShift(1, kappa, w, found);
        });
        // Extrapolated to tau = Infinity; the next order is 1/tau.
        expect(Math.abs(2 * shifts[0]! - shifts[1]! - 1)).toBeLessThan(0.05);
      }
    },
  );
});
