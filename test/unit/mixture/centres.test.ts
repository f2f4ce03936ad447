import { describe, expect, it } from 'vitest';
import type { CentreDraw } from '../../../src/mixture/centres.ts';
import {
  drawCentres,
  drawGuidedCentre,
  drawRelativeCentres,
  squaredNorm,
} from '../../../src/mixture/centres.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';

const draw: CentreDraw = {
  ensemble: 'gaussian',
  classes: 6,
  dimension: 15,
  seed: 4,
  realization: 2,
  guidedClass: 'random',
};

describe('drawCentres', () => {
  it('centre k depends on (seed, realization, k) alone', () => {
    const few = drawCentres(draw);
    const many = drawCentres({ ...draw, classes: 50 });
    expect(many.subarray(0, few.length)).toEqual(few);
    expect(drawCentres({ ...draw, realization: 3 })[0]).not.toBe(few[0]);
    expect(drawCentres({ ...draw, seed: 5 })[0]).not.toBe(few[0]);
  });

  it('`typical` changes the length of class 0 only, to |mu|^2 = d (1e-12), the others by rounding (1e-6)', () => {
    const random = drawCentres(draw);
    const typical = drawCentres({ ...draw, guidedClass: 'typical' });
    expect(squaredNorm(typical, 15, 0)).toBeCloseTo(15, 12);
    for (let i = 15; i < 90; i++) expect(Math.abs(typical[i]! - random[i]!)).toBeLessThan(1e-6);
    const factor = typical[0]! / random[0]!;
    for (let i = 0; i < 15; i++) expect(typical[i]! / random[i]!).toBeCloseTo(factor, 12);
  });

  it('spherical centres all have |mu|^2 = d (1e-5: single precision), gaussian ones on average (5 standard errors, 4000 centres)', () => {
    const sphere = drawCentres({ ...draw, ensemble: 'spherical' });
    for (let k = 0; k < 6; k++) expect(Math.abs(squaredNorm(sphere, 15, k) - 15)).toBeLessThan(1e-5);
    const gaussian = drawCentres({ ...draw, classes: 4000 });
    let sum = 0;
    for (let k = 0; k < 4000; k++) sum += squaredNorm(gaussian, 15, k);
    // |mu|^2 has variance 2 d.
    expect(Math.abs(sum / 4000 - 15)).toBeLessThan(5 * Math.sqrt(30 / 4000));
  });

  it('centres are single precision numbers away from the guided one, which drawRelativeCentres gives', () => {
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      const centres = drawCentres({ ...draw, ensemble });
      const guided = drawGuidedCentre({ ...draw, ensemble });
      const relative = new Float32Array(3 * 15);
      drawRelativeCentres({ ...draw, ensemble }, guided, 1, 4, relative);
      expect(centres.subarray(0, 15)).toEqual(guided);
      for (let i = 0; i < 45; i++) {
        expect(Math.fround(centres[30 + i]! - guided[i % 15]!)).toBe(relative[i]);
      }
    }
  });

  it('refuses parameters outside their domain', () => {
    expect(() => drawCentres({ ...draw, classes: 0 })).toThrow(ParameterError);
    expect(() => drawCentres({ ...draw, dimension: 1.5 })).toThrow(ParameterError);
  });
});
