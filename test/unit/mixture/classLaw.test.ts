import { describe, expect, it } from 'vitest';
import {
  innerVariance,
  isLinear,
  meanSquare,
  requireClassLaw,
  withTotalRate,
  type ClassLaw,
} from '../../../src/mixture/classLaw.ts';
import { parseCentreLaw, parseLevels, parseSpectrum, valuesLaw } from '../../../src/mixture/classLawText.ts';
import { marchenkoPasturBands, powerLawBands } from '../../../src/mixture/spectra.ts';

const band = (parts: object) =>
  ({ kind: 'bands', bands: [{ weight: 1, rho: 1, c: 0.2, ...parts }] }) as ClassLaw;

describe('class laws', () => {
  const refused: readonly (readonly [ClassLaw, RegExp])[] = [
    [band({ weight: 0.5 }), /law.bands must be of weights that sum to 1, got 0.5/],
    [band({ rho: -1 }), /law.bands\[0\].rho must be a finite number >= 0, got -1/],
    [band({ c: -0.1 }), /law.bands\[0\].c must be a finite number >= 0/],
    [band({ c: [{ value: 1, weight: 0.4 }] }), /law.bands\[0\].c must be of weights that sum to 1/],
    [band({ rho: 0 }), /with rho > 0 in one band at least/],
    [band({ centres: { kind: 'sign' } }), /centres.kind must be one of .*signs/],
    [band({ centres: { kind: 'bernoulli-gauss', share: 1.1 } }), /share must be in \(0, 1\], got 1.1/],
    [band({ sigma: 1 }), /keys among/],
    [{ kind: 'levels', sigma2: 1, levels: [] }, /law.levels must be 1 to/],
    [{ kind: 'levels', sigma2: 1, levels: [{ alpha: 1, r: 0 }] }, /with r > 0/],
    [
      { kind: 'levels', sigma2: 1, levels: [{ alpha: 1, r: 1 }], towards: 2 },
      /law.towards must be an integer in \[1, 1\], got 2/,
    ],
  ];

  it.each(refused)('%j is refused by name', (law, message) => {
    expect(() => {
      requireClassLaw(law);
    }).toThrow(message);
  });

  it('know their variances, and which scores are linear', () => {
    const law = band({
      c: [
        { value: 0.1, weight: 0.25 },
        { value: 0.5, weight: 0.75 },
      ],
      rho: 2,
    });
    expect([innerVariance(law), meanSquare(law), isLinear(law)]).toEqual([0.4, 2, false]);
    expect(isLinear(band({ centres: { kind: 'gaussian' } }))).toBe(true);
    expect(isLinear(band({ centres: { kind: 'laplace' } }))).toBe(false);
    const levels = { kind: 'levels', sigma2: 0.3, levels: parseLevels('0.1:0.5,0.3:0.25') } as const;
    expect([innerVariance(levels), meanSquare(levels)]).toEqual([0.3, 0.75]);
    const [coarse, fine] = withTotalRate(levels, 2).levels;
    expect(coarse!.alpha).toBeCloseTo(0.5, 12);
    expect(fine!.alpha).toBeCloseTo(1.5, 12);
  });
});

describe('texts of class laws', () => {
  it('bands, with variances of their own', () => {
    expect(parseSpectrum('1.5:0.4:0.5, 0.5:0.1|0.3:0.5')).toEqual([
      { rho: 1.5, c: 0.4, weight: 0.5 },
      {
        rho: 0.5,
        c: [
          { value: 0.1, weight: 0.5 },
          { value: 0.3, weight: 0.5 },
        ],
        weight: 0.5,
      },
    ]);
  });

  it('centres: names, shares, files', () => {
    expect(parseCentreLaw('signs')).toEqual({ kind: 'signs' });
    expect(parseCentreLaw('bernoulli-gauss:0.2')).toEqual({ kind: 'bernoulli-gauss', share: 0.2 });
    expect(parseCentreLaw('centres.txt')).toBeNull();
    expect(valuesLaw('-1:0.25\n1:0.75\n')).toEqual({
      kind: 'values',
      values: [
        { value: -1, weight: 0.25 },
        { value: 1, weight: 0.75 },
      ],
    });
    expect(valuesLaw('1 2,3 4')).toMatchObject({ values: [{ value: 1, weight: 0.25 }, {}, {}, {}] });
  });

  it.each(['1:2', '1:2:3:4', 'x:1:1', 'power:0.5', 'power:0.5:1:4:4', 'pow:1:1', ''])(
    '%j is no spectrum',
    (text) => {
      expect(() => parseSpectrum(text)).toThrow(/^spectrum must be/);
    },
  );
});

describe('spectra', () => {
  it('power laws and Marchenko-Pastur have weight 1, mean 1 and their second moment', () => {
    for (const exponent of [0, 0.2, 0.45]) {
      const bands = powerLawBands({ exponent, c: 0.1, bands: 64 });
      const moment = (k: number) => bands.reduce((sum, { weight, rho }) => sum + weight * rho ** k, 0);
      expect(moment(0)).toBeCloseTo(1, 12);
      expect(moment(1)).toBeCloseTo(1, 4);
      // (1 - e)^2 Int x^-2e dx
      if (exponent < 0.4) expect(moment(2)).toBeCloseTo((1 - exponent) ** 2 / (1 - 2 * exponent), 2);
    }
    for (const ratio of [0.1, 0.5, 3]) {
      const bands = marchenkoPasturBands({ ratio, c: 0.1, bands: 64 });
      const moment = (k: number) => bands.reduce((sum, { weight, rho }) => sum + weight * rho ** k, 0);
      expect(moment(0)).toBeCloseTo(1, 12);
      expect(moment(1)).toBeCloseTo(1, 8);
      expect(moment(2)).toBeCloseTo(1 + ratio, 8);
      expect(bands.filter(({ rho }) => rho === 0)).toHaveLength(ratio > 1 ? 1 : 0);
    }
  });
});
