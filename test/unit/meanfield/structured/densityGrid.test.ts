import { describe, expect, it } from 'vitest';
import {
  divergence,
  gridOf,
  gridWaves,
  missedBy,
  sizesOf,
} from '../../../../src/meanfield/structured/densityGrid.ts';

/** Masses of a gaussian of a deviation on a grid. */
function gaussian(each: number, deviation: number): Float64Array {
  const masses = gridOf(each).map((x) => Math.exp(-0.5 * (x / deviation) ** 2));
  const sum = masses.reduce((total, q) => total + q, 0);
  return masses.map((q) => q / sum);
}

describe('grid of a density', () => {
  it('differentiates every wave that it carries', () => {
    for (const n of [16, 24, 64, 96]) {
      const grid = gridOf(n);
      const diverge = divergence(n);
      for (let k = 0; k < n / 2; k++) {
        const wave = Math.PI * k;
        const mass = grid.map((x) => Math.cos(wave * x + 0.3));
        const flux = grid.map((x) => 0.7 * Math.sin(wave * x - 1.1));
        diverge(mass, flux);
        grid.forEach((x, j) => {
          const expected = -wave * wave * Math.cos(wave * x + 0.3) - 0.7 * wave * Math.cos(wave * x - 1.1);
          expect(Math.abs(mass[j]! - expected)).toBeLessThan(1e-12 * Math.max(1, wave * wave));
        });
      }
      // The shortest wave alternates from point to point: it has a second derivative only.
      const mass = grid.map((_, j) => (j % 2 === 0 ? 1 : -1));
      diverge(mass, mass.slice());
      expect(mass[0]! / -((0.5 * n * Math.PI) ** 2)).toBeCloseTo(1, 12);
    }
  });

  it('keeps the mass', () => {
    const diverge = divergence(32);
    const mass = gaussian(32, 0.2);
    const flux = gridOf(32).map((x, j) => x * mass[j]!);
    diverge(mass, flux);
    expect(Math.abs(mass.reduce((sum, q) => sum + q, 0))).toBeLessThan(1e-13);
  });

  it('has a length that a transform takes, no fewer than two points a mode', () => {
    expect([8, 9, 16, 17, 25, 33, 100].map((modes) => sizesOf(modes).each)).toEqual([
      16, 24, 32, 48, 64, 96, 256,
    ]);
    expect(sizesOf(16).stride).toBe(34);
  });

  it('tells a law that is too narrow for it by its waves, one that is too wide by its ends', () => {
    const missed = (deviation: number) => missedBy(gridWaves(16), gaussian(32, deviation));
    const fits = missed(0.15);
    expect(Math.max(fits.waves, fits.ends)).toBeLessThan(1e-7);
    // Wave k of a gaussian has the amplitude exp(-(pi k s)^2/2); the 14th is the longest that counts, and the 18th looks like it with its sign turned.
    const amplitude = (k: number) => Math.exp(-0.5 * (Math.PI * k * 0.06) ** 2);
    expect(missed(0.06).waves / (amplitude(14) - amplitude(18))).toBeCloseTo(1, 3);
    expect(missed(0.06).ends).toBeLessThan(1e-12);
    expect(missed(0.4).ends).toBeGreaterThan(1e-2);
    expect(missed(0.3).ends).toBeLessThan(missed(0.4).ends);
  });
});
