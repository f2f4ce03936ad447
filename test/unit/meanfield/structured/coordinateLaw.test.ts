import { describe, expect, it } from 'vitest';
import {
  coordinateLaw,
  guidedParts,
  type CoordinateEvidence,
} from '../../../../src/meanfield/structured/coordinateLaw.ts';
import type { CentreLaw, ClassBand, WeightedValue } from '../../../../src/mixture/classLaw.ts';
import { integrate } from '../../../../src/numerics/quadrature.ts';

const least = 1e-30;
const centreLaws: readonly CentreLaw[] = [
  { kind: 'gaussian' },
  { kind: 'signs' },
  { kind: 'laplace' },
  { kind: 'bernoulli-gauss', share: 0.15 },
  {
    kind: 'values',
    values: [
      { value: -1.3, weight: 0.2 },
      { value: 0.1, weight: 0.5 },
      { value: 1.8, weight: 0.3 },
    ],
  },
];
const own: readonly WeightedValue[] = [
  { value: 0.07, weight: 0.6 },
  { value: 1.4, weight: 0.4 },
];
/** All laws of centres, with one variance and with own variances, at a small and a large scale. */
const cases = centreLaws.flatMap((centres) =>
  [0.2, 4].flatMap((rho) =>
    [0.25, own].map((c): { name: string; band: ClassBand } => ({
      name: `${centres.kind}, rho = ${rho}, ${typeof c === 'number' ? 'one variance' : 'own variances'}`,
      band: { weight: 1, rho, c, centres },
    })),
  ),
);
const taus = [1e-6, 0.03, 1, 40, 1e8];

function evidenceAt(band: ClassBand, y: number, tau: number, origin = 0): CoordinateEvidence {
  const out = { logEvidence: 0, relativeEntropy: 0 };
  coordinateLaw(band, least).evaluate(y, tau, out, origin);
  return out;
}

const normal = (y: number, variance: number) =>
  Math.exp((-0.5 * y * y) / variance) / Math.sqrt(2 * Math.PI * variance);
const variancesOf = ({ c }: ClassBand) => (typeof c === 'number' ? [{ value: c, weight: 1 }] : c);

/** Sum over values and integral over densities of f(mu), by panels around a peak. */
function averageOverCentres(
  { centres, rho }: ClassBand,
  peak: number,
  width: number,
  f: (mu: number) => number,
  absoluteTolerance = 0,
): number {
  const scale = Math.sqrt(rho);
  const over = (density: (u: number) => number, reach: number) => {
    const marks = [0, -1, 1, -4, 4, -9, 9].map((k) => (peak + k * width) / scale);
    const [low, high] = [-reach, reach];
    return integrate((u) => density(u) * f(scale * u), low, high, {
      breakpoints: [0, ...marks].filter((u) => u > low && u < high),
      relativeTolerance: 1e-13,
      absoluteTolerance,
    }).value;
  };
  switch (centres!.kind) {
    case 'gaussian':
      return over((u) => normal(u, 1), 12);
    case 'laplace':
      return over((u) => Math.exp(-Math.SQRT2 * Math.abs(u)) / Math.SQRT2, 45);
    case 'signs':
      return 0.5 * (f(scale) + f(-scale));
    case 'bernoulli-gauss': {
      const { share } = centres as { share: number };
      return (1 - share) * f(0) + share * over((u) => normal(u, 1 / share), 12 / Math.sqrt(share));
    }
    case 'values': {
      const { values } = centres as { values: readonly WeightedValue[] };
      return values.reduce((sum, { value, weight }) => sum + weight * f(scale * value), 0);
    }
  }
}

/** Evidence and relative entropy by brute force, from their definitions. */
function literal(band: ClassBand, y: number, tau: number): { Z: number; relativeEntropy: number } {
  const parts = variancesOf(band).map(({ value, weight }) => ({ g: value + tau, weight }));
  const total = (f: (likelihood: number) => number, tolerance: number) =>
    parts.reduce(
      (sum, { g, weight }) =>
        sum + weight * averageOverCentres(band, y, Math.sqrt(g), (mu) => f(normal(y - mu, g)), tolerance),
      0,
    );
  const Z = total((likelihood) => likelihood, 0);
  const ofRatio = (ratio: number) => (ratio === 0 ? 0 : ratio * Math.log(ratio));
  const relativeEntropy = total((likelihood) => ofRatio(likelihood / Z), 1e-13);
  return { Z, relativeEntropy };
}

/** Places at which a law is looked at: inside, at its shoulders, and far out, on both sides. */
function places({ rho }: ClassBand, tau: number): number[] {
  const size = Math.sqrt(rho + 0.25 + tau);
  return [-6, -2.3, -1, -0.02, 0, 0.4, 1.01, 3].map((k) => k * size);
}

describe('law of a coordinate', () => {
  for (const { name, band } of cases) {
    // Own variances of a Laplace law are sums over 108 scales.
    const accuracy = band.centres!.kind === 'laplace' && typeof band.c !== 'number' ? 1e-9 : 1e-10;

    it(`${name}: evidence and relative entropy are their definitions, from tau = 1e-6 to 1e8`, () => {
      for (const tau of taus) {
        for (const y of places(band, tau)) {
          if (evidenceAt(band, y, tau).logEvidence < -400) continue;
          const { Z, relativeEntropy } = literal(band, y, tau);
          const found = evidenceAt(band, y, tau);
          const label = `tau = ${tau}, y = ${y}`;
          expect(Math.abs(found.logEvidence - 0.5 * Math.log(2 * Math.PI) - Math.log(Z)), label).toBeLessThan(
            accuracy * Math.max(1, Math.abs(Math.log(Z))),
          );
          expect(Math.abs(found.relativeEntropy - relativeEntropy), label).toBeLessThan(
            10 * accuracy * Math.max(1, relativeEntropy, Math.abs(Math.log(Z))),
          );
        }
      }
    });

    it(`${name}: Z integrates to 1`, () => {
      for (const tau of taus) {
        const reach = 45 * Math.sqrt(band.rho) + 12 * Math.sqrt(1.4 + tau) + 12 * Math.sqrt(band.rho / 0.15);
        const marks = Array.from({ length: 161 }, (_, i) => {
          const k = (i - 80) / 80;
          return reach * k * k * k;
        });
        const one = coordinateLaw(band, least);
        const out = { logEvidence: 0, relativeEntropy: 0 };
        const density = (y: number) => {
          one.evaluate(y, tau, out);
          return Math.exp(out.logEvidence) / Math.sqrt(2 * Math.PI);
        };
        const { value } = integrate(density, -reach, reach, { breakpoints: marks, relativeTolerance: 1e-11 });
        expect(Math.abs(value - 1), `tau = ${tau}`).toBeLessThan(1e-9);
      }
    });

    it(`${name}: the score is the slope of the logarithm, and counts from any origin`, () => {
      const one = coordinateLaw(band, least);
      for (const tau of taus) {
        const least = Math.sqrt(0.07 + tau);
        for (const y of places(band, tau)) {
          if (y === 0) continue;
          const h = 2e-3 * least;
          const at = (k: number) => evidenceAt(band, y + k * h, tau).logEvidence;
          const slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
          const score = one.score(y, tau);
          expect(Math.abs(slope - score) * least, `tau = ${tau}, y = ${y}`).toBeLessThan(
            1e-8 * Math.max(1, Math.abs(score * least)),
          );
          const shifted = one.score(y - 0.7, tau, 0.7);
          expect(Math.abs(shifted - score)).toBeLessThan((1e-12 * Math.max(1, Math.abs(score))) / least);
          expect(evidenceAt(band, y - 0.7, tau, 0.7).relativeEntropy).toBeCloseTo(
            evidenceAt(band, y, tau).relativeEntropy,
            9,
          );
        }
      }
    });
  }

  it('keeps the digits of the distance to an atom, however narrow the classes', () => {
    const band: ClassBand = { weight: 1, rho: 2, c: 0, centres: { kind: 'signs' } };
    const one = coordinateLaw(band, 1e-60);
    expect(one.score(3e-30, 0, Math.SQRT2) / -3e30).toBeCloseTo(1, 12);
  });

  it('Laplace without width is exp(-sqrt(2) |y|)/sqrt(2), of score -sqrt(2) sign(y)', () => {
    const band: ClassBand = { weight: 1, rho: 1, c: 0, centres: { kind: 'laplace' } };
    for (const y of [-3, -0.2, 0.01, 5]) {
      const { logEvidence } = evidenceAt(band, y, 0);
      const expected = -Math.SQRT2 * Math.abs(y) - 0.5 * Math.log(2);
      expect(logEvidence - 0.5 * Math.log(2 * Math.PI)).toBeCloseTo(expected, 12);
      expect(coordinateLaw(band, least).score(y, 0)).toBeCloseTo(-Math.SQRT2 * Math.sign(y), 12);
    }
  });
});

describe('parts of the guided class', () => {
  for (const { name, band } of cases) {
    it(`${name}: weights sum to 1, and mu^2, mu^4 and cos(mu) have their averages`, () => {
      const parts = guidedParts(band, 0, least, 8);
      const average = (f: (mu: number) => number) =>
        parts.reduce((sum, { weight, mu }) => sum + weight * f(mu), 0);
      expect(average(() => 1)).toBeCloseTo(1, 9);
      for (const f of [(mu: number) => mu ** 2, (mu: number) => mu ** 4, Math.cos]) {
        const expected = averageOverCentres(band, 0, 1, f);
        expect(Math.abs(average(f) - expected)).toBeLessThan(1e-7 * Math.max(1, expected));
      }
      for (const { value, weight } of variancesOf(band)) {
        const share = parts.reduce((sum, part) => sum + (part.c === value ? part.weight : 0), 0);
        expect(share).toBeCloseTo(weight, 9);
      }
    });
  }
});
