import { describe, expect, it } from 'vitest';
import { infiniteClasses } from '../../../src/closedForms/afterTransition.ts';
import { guidedDirection, guidedGaussian } from '../../../src/closedForms/commuting.ts';
import { probabilityFlow, reverseSde } from '../../../src/guidance/sampler.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { relativeError } from './momentFlow.ts';

/**
 * Direct integration of mean and variance of one direction in ell = log(c + tau), from tau = 1e7 down to 0, variance
 * exploding: d mean/d tau_b = (e/2)[(1+w)(1 - mean)/Gamma + w mean/D], dv/d tau_b = -e v [(1+w)/Gamma - w/D] + eta^2.
 */
function direct(
  c: number,
  u: number,
  w: number,
  eta: number,
  steps: number,
): { mean: number; variance: number } {
  const e = 1 + eta * eta;
  const first = Math.log(c + 1e7);
  const h = (Math.log(c) - first) / steps;
  const slope = (ell: number, m: number, v: number): [number, number] => {
    const within = Math.exp(ell);
    const total = u - c + within;
    return [
      -0.5 * e * ((1 + w) * (1 - m) + (w * m * within) / total),
      e * v * (1 + w - (w * within) / total) - eta * eta * within,
    ];
  };
  let m = 1 + w;
  let v = Math.exp(first);
  for (let i = 0; i < steps; i++) {
    const ell = first + i * h;
    const [m1, v1] = slope(ell, m, v);
    const [m2, v2] = slope(ell + h / 2, m + (h / 2) * m1, v + (h / 2) * v1);
    const [m3, v3] = slope(ell + h / 2, m + (h / 2) * m2, v + (h / 2) * v2);
    const [m4, v4] = slope(ell + h, m + h * m3, v + h * v3);
    m += (h / 6) * (m1 + 2 * m2 + 2 * m3 + m4);
    v += (h / 6) * (v1 + 2 * v2 + 2 * v3 + v4);
  }
  return { mean: m, variance: v };
}

describe('one direction', () => {
  for (const eta of [0, 0.5, 1]) {
    for (const [c, u] of [
      [0.3, 1.7],
      [0.01, 1],
      [2, 2],
      [1.5, 0.5],
    ] as const) {
      it(`eta = ${eta}, c = ${c}, u = ${u}: 1e-5 relative to integration from tau = 1e7 (its own start is good to 1e-6)`, () => {
        for (const w of [-0.7, 0.5, 1, 3]) {
          const exact = direct(c, u, w, eta, 20_000);
          const { meanFactor, variance } = guidedDirection(c, u, w, { eta });
          expect(relativeError(meanFactor, exact.mean)).toBeLessThan(1e-5);
          expect(relativeError(variance, exact.variance)).toBeLessThan(1e-5);
        }
      });
    }
  }

  it('ODE: variance c (c/u)^w; u = c: variance c and factor 1 + w; u = c + 1: the mixture with sigma2 = c: 1e-14 relative', () => {
    expect(
      relativeError(guidedDirection(0.2, 3, 1.5, probabilityFlow).variance, 0.2 * (0.2 / 3) ** 1.5),
    ).toBeLessThan(1e-14);
    expect(guidedDirection(0.7, 0.7, 2, reverseSde)).toEqual({ meanFactor: 3, variance: 0.7 });
    for (const sampler of [probabilityFlow, reverseSde, { eta: 0.4 }]) {
      const mixture = infiniteClasses(2, 0.25, sampler);
      const { meanFactor, variance } = guidedDirection(0.25, 1.25, 2, sampler);
      expect(relativeError(meanFactor, mixture.m)).toBeLessThan(1e-14);
      expect(relativeError(variance, mixture.v)).toBeLessThan(1e-14);
    }
  });

  it('w = -1 gives the unconditional model: factor 0, variance u, for every eta: 1e-14 relative', () => {
    for (const eta of [0, 0.6, 1]) {
      const { meanFactor, variance } = guidedDirection(0.4, 2.5, -1, { eta });
      expect(meanFactor).toBe(0);
      expect(relativeError(variance, 2.5)).toBeLessThan(1e-14);
    }
  });
});

/** Rotation of three dimensions by two angles. */
function rotation(p: number, q: number): number[][] {
  const [a, b, c, d] = [Math.cos(p), Math.sin(p), Math.cos(q), Math.sin(q)];
  return [
    [a, -b * c, b * d],
    [b, a * c, -a * d],
    [0, d, c],
  ];
}

function withSpectrum(basis: number[][], values: number[]): number[][] {
  return basis.map((row) =>
    basis.map((other) => values.reduce((sum, x, k) => sum + row[k]! * x * other[k]!, 0)),
  );
}

describe('commuting covariances', () => {
  const basis = rotation(0.7, 1.1);
  const spectra: [string, number[], number[]][] = [
    ['all different', [0.1, 0.4, 1], [1, 3, 1.5]],
    ['a degenerate conditional', [0.3, 0.3, 0.3], [0.5, 2, 0.3]],
    ['a degenerate unconditional', [0.1, 0.4, 0.9], [2, 2, 2]],
    ['both isotropic', [0.25, 0.25, 0.25], [1.25, 1.25, 1.25]],
    ['degenerate in turn', [0.2, 0.2, 0.5], [1, 2, 2]],
  ];
  it.each(spectra)('%s: mean and covariance are those of each direction, 1e-13 absolute', (_title, c, u) => {
    for (const sampler of [probabilityFlow, reverseSde]) {
      const conditionalMean = [0.3, -1, 2];
      const unconditionalMean = [0.1, 0.2, -0.5];
      const result = guidedGaussian(
        {
          conditionalMean,
          conditionalCovariance: withSpectrum(basis, c),
          unconditionalMean,
          unconditionalCovariance: withSpectrum(basis, u),
        },
        1.5,
        sampler,
      );
      const directions = c.map((x, i) => guidedDirection(x, u[i]!, 1.5, sampler));
      const covariance = withSpectrum(
        basis,
        directions.map((x) => x.variance),
      );
      const along = basis[0]!.map((_, k) =>
        basis.reduce((sum, row, j) => sum + row[k]! * (conditionalMean[j]! - unconditionalMean[j]!), 0),
      );
      for (let i = 0; i < 3; i++) {
        const mean =
          unconditionalMean[i]! +
          directions.reduce((sum, x, k) => sum + basis[i]![k]! * x.meanFactor * along[k]!, 0);
        expect(Math.abs(result.mean[i]! - mean)).toBeLessThan(1e-13);
        for (let j = 0; j < 3; j++)
          expect(Math.abs(result.covariance[i]![j]! - covariance[i]![j]!)).toBeLessThan(1e-13);
      }
      expect(result.mean).toHaveLength(3);
      // Each direction is an eigenvector of both, with its numbers.
      for (const { vector, conditional, unconditional, ...guided } of result.directions) {
        const image = (matrix: number[][]) =>
          matrix.map((row) => row.reduce((sum, entry, j) => sum + entry * vector[j]!, 0));
        for (const [matrix, value] of [
          [withSpectrum(basis, c), conditional],
          [withSpectrum(basis, u), unconditional],
        ] as const) {
          image(matrix).forEach((entry, i) => {
            expect(Math.abs(entry - value * vector[i]!)).toBeLessThan(1e-13);
          });
        }
        expect(guided).toEqual(guidedDirection(conditional, unconditional, 1.5, sampler));
      }
      expect(result.directions).toHaveLength(3);
    }
  });

  it('of any scale, and where a combination of the two is degenerate and they are not: 1e-12 relative', () => {
    // The first and the last of the combinations that are tried have equal eigenvalues here.
    const spectra: [number[], number[]][] = [
      [
        [1, 0.5, 0.25],
        [1 - 0.5 / 0.6180339887, 1, 0.9],
      ],
      [
        [1, 0.5, 0.7],
        [1, 1 - 0.5 / 2.2360679775, 0.9],
      ],
      [
        [0.2, 0.2, 0.5],
        [1, 2, 2],
      ],
    ];
    for (const [c, u] of spectra) {
      for (const scale of [1e-8, 1, 1e8]) {
        const large = u.map((value) => value * scale);
        const { covariance } = guidedGaussian(
          {
            conditionalMean: [0, 0, 0],
            conditionalCovariance: withSpectrum(basis, c),
            unconditionalMean: [0, 0, 0],
            unconditionalCovariance: withSpectrum(basis, large),
          },
          -0.5,
          probabilityFlow,
        );
        const variances = c.map(
          (value, i) => guidedDirection(value, large[i]!, -0.5, probabilityFlow).variance,
        );
        const exact = withSpectrum(basis, variances);
        const size = Math.max(...variances);
        covariance.forEach((row, i) => {
          row.forEach((value, j) => {
            expect(Math.abs(value - exact[i]![j]!)).toBeLessThan(1e-12 * size);
          });
        });
      }
    }
  });

  it('may fail to commute, or to be symmetric, by 1e-10 of their size times the dimension, and by no more', () => {
    for (const [small, large] of [
      [1, 1],
      [1e-6, 1e6],
      [1e6, 1e6],
      [1e-6, 1e-6],
    ] as const) {
      const pairOf = (tilt: number, asymmetry: number) => () =>
        guidedGaussian(
          {
            conditionalMean: [0, 0],
            unconditionalMean: [0, 0],
            conditionalCovariance: [
              [small, asymmetry * small],
              [0, 2 * small],
            ],
            unconditionalCovariance: [
              [3 * large, tilt * large],
              [tilt * large, 2 * large],
            ],
          },
          1,
          probabilityFlow,
        );
      // The commutator is tilt x (2 - 1), the sizes are 2 and 3: its relative size is tilt/6.
      expect(pairOf(6 * 1.5e-10, 0)).not.toThrow();
      expect(pairOf(6 * 2.5e-10, 0)).toThrow(/commutator of relative size 2.50e-10/);
      expect(pairOf(0, 1.5e-10)).not.toThrow();
      expect(pairOf(0, 2.5e-10)).toThrow(/symmetric/);
    }
    // They commute to 1e-10, and the eigenvectors of one are far from those of the other.
    expect(() =>
      guidedGaussian(
        {
          conditionalMean: [0, 0],
          unconditionalMean: [0, 0],
          conditionalCovariance: [
            [1, 0],
            [0, 1 + 1e-6],
          ],
          unconditionalCovariance: [
            [2, 1e-4],
            [1e-4, 2],
          ],
        },
        1,
        probabilityFlow,
      ),
    ).toThrow(/shares eigenvectors/);
  });

  it('refuses covariances that do not commute, asymmetric, indefinite and misshapen ones', () => {
    const pair = {
      conditionalMean: [0, 0],
      unconditionalMean: [0, 0],
      conditionalCovariance: [
        [1, 0],
        [0, 2],
      ],
      unconditionalCovariance: [
        [3, 0.5],
        [0.5, 3],
      ],
    };
    expect(() => guidedGaussian(pair, 1, probabilityFlow)).toThrow(/commutes with conditionalCovariance/);
    const commuting = {
      ...pair,
      unconditionalCovariance: [
        [3, 0],
        [0, 3],
      ],
    };
    const refusal = (changes: object) =>
      expect(() => guidedGaussian({ ...commuting, ...changes }, 1, probabilityFlow));
    refusal({ unconditionalMean: [0] }).toThrow(
      /^unconditionalMean must be a vector as long as the other mean \(2\)/,
    );
    refusal({ conditionalMean: [], unconditionalMean: [] }).toThrow(/^conditionalMean .*not empty/);
    refusal({ conditionalCovariance: [[1, 0], [0]] }).toThrow(/^conditionalCovariance .*2 x 2/);
    refusal({ conditionalCovariance: [[1, 0]] }).toThrow(/^conditionalCovariance .*2 x 2/);
    refusal({
      conditionalCovariance: [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    }).toThrow(/^conditionalCovariance .*2 x 2/);
    refusal({
      conditionalCovariance: [
        [1, 0],
        [0, 0],
      ],
    }).toThrow(/positive definite.*eigenvalue 0/);
    const asymmetric = [
      [3, 0.5],
      [0, 3],
    ];
    expect(() =>
      guidedGaussian({ ...pair, unconditionalCovariance: asymmetric }, 1, probabilityFlow),
    ).toThrow(/symmetric/);
    const indefinite = [
      [3, 0],
      [0, -1],
    ];
    expect(() =>
      guidedGaussian({ ...pair, unconditionalCovariance: indefinite }, 1, probabilityFlow),
    ).toThrow(/positive definite/);
    expect(() => guidedGaussian({ ...pair, unconditionalMean: [0] }, 1, probabilityFlow)).toThrow(
      ParameterError,
    );
    expect(() => guidedGaussian({ ...pair, unconditionalCovariance: [[1]] }, 1, probabilityFlow)).toThrow(
      /2 x 2/,
    );
  });
});
