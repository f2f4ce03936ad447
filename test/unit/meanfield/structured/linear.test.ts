import { describe, expect, it } from 'vitest';
import { bandsFinalState } from '../../../../src/closedForms/bands.ts';
import { overlapRatio, varianceRatio } from '../../../../src/closedForms/beforeTransition.ts';
import { samplers } from '../../../../src/guidance/sampler.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { solveStructured } from '../../../../src/meanfield/structured/solve.ts';
import type { BandLaw, LevelLaw } from '../../../../src/mixture/classLaw.ts';
import { powerLawBands } from '../../../../src/mixture/spectra.ts';
import { uniform } from '../sampling.ts';

const bandsOf = (...bands: (readonly [rho: number, c: number, weight: number])[]): BandLaw => ({
  kind: 'bands',
  bands: bands.map(([rho, c, weight]) => ({ rho, c, weight })),
});
const levelsOf = (sigma2: number, ...levels: (readonly [alpha: number, r: number])[]): LevelLaw => ({
  kind: 'levels',
  sigma2,
  levels: levels.map(([alpha, r]) => ({ alpha, r })),
});

describe('bands', () => {
  it('give the values of the theory page', () => {
    const { final } = solveStructured({
      law: bandsOf([1.5, 0.4, 0.5], [0.5, 0.1, 0.5]),
      alpha: 0.5,
      guidance: { w: 1 },
    });
    expect(final!.bands.map(({ m }) => m!)).toEqual([
      expect.closeTo(1.31416, 5) as number,
      expect.closeTo(1.21577, 5) as number,
    ]);
    expect(final!.bands.map(({ v }) => v)).toEqual([
      expect.closeTo(0.214629, 6) as number,
      expect.closeTo(0.0741835, 6) as number,
    ]);
  });

  it('one of rho = 1 is the isotropic solver at random problems: m, v, vParallel, time, complexity to 1e-8', () => {
    const draw = uniform(5);
    for (let i = 0; i < 60; i++) {
      const sigma2 = 10 ** draw(-3, 2);
      const alpha = 10 ** draw(-3, 0.3);
      const w = draw(-0.9, 7);
      const eta = [0, 1, 0.5, 2][i % 4]!;
      const process = (['ou', 've', 'flow'] as const)[i % 3]!;
      const startTime = i % 5 === 0 ? (process === 'flow' ? 0.999 : 9) : null;
      const common = { alpha, eta, process, startTime, guidance: { w } };
      const one = solveStructured({ ...common, law: bandsOf([1, sigma2, 1]) });
      const other = solveOrderParameters({ ...common, sigma2 });
      const label = JSON.stringify({ ...common, sigma2 });
      expect(one.phase, label).toBe(other.phase);
      if (other.final === null || one.final === null) continue;
      const near = (found: number | null, wanted: number | null, digits: number) => {
        if (wanted === null) expect(found, label).toBeNull();
        else expect(Math.abs(found! / wanted - 1), label).toBeLessThan(10 ** -digits);
      };
      near(one.final.m, other.final.m, 8);
      near(one.final.v, other.final.v, 8);
      near(one.speciationTime, other.speciationTime, 7);
      near(one.vParallel, other.vParallel, 6);
      near(one.distortion!.klPerDimension! + 1, other.distortion!.klPerDimension + 1, 8);
      if (other.minComplexity !== null)
        expect(Math.abs(one.minComplexity! - other.minComplexity), label).toBeLessThan(1e-7);
    }
  });

  it('equal bands are one, and a tight tolerance agrees with the isotropic solver to 1e-12', () => {
    const tight = { relativeTolerance: 1e-13, absoluteTolerance: 1e-15, fluctuations: false };
    const problem = { alpha: 0.5, guidance: { w: 1 } };
    const other = solveOrderParameters({ ...problem, sigma2: 0.25 }, tight).final!;
    for (const law of [bandsOf([1, 0.25, 1]), bandsOf([1, 0.25, 0.3], [1, 0.25, 0.7])]) {
      const { final } = solveStructured({ ...problem, law }, tight);
      expect(Math.abs(final!.m - other.m)).toBeLessThan(1e-12);
      expect(Math.abs(final!.v - other.v)).toBeLessThan(1e-12);
    }
  });

  it('a scale of all variances changes nothing but v', () => {
    const at = (scale: number) =>
      solveStructured({
        law: bandsOf([1.5 * scale, 0.4 * scale, 0.5], [0.5 * scale, 0.1 * scale, 0.5]),
        alpha: 0.5,
        eta: 0.7,
        guidance: { w: 2 },
      }).final!;
    const one = at(1);
    for (const scale of [1e-6, 37, 1e6]) {
      const other = at(scale);
      expect(other.m).toBeCloseTo(one.m, 8);
      expect(other.v / scale).toBeCloseTo(one.v, 8);
    }
  });

  it('of infinitely many classes are those of the closed form per direction', () => {
    const parts = [
      [1.7, 0.3, 0.2],
      [0.4, 0.9, 0.5],
      [3, 0.02, 0.3],
    ] as const;
    for (const name of ['ode', 'sde'] as const) {
      for (const w of [-0.4, 0.5, 3]) {
        const { final, phase } = solveStructured({
          law: bandsOf(...parts),
          alpha: 'infinity',
          sampler: name,
          guidance: { w },
        });
        expect(phase).toBe('unspeciated');
        parts.forEach(([rho, c], i) => {
          const r = c / (c + rho);
          expect(final!.bands[i]!.m).toBeCloseTo(overlapRatio(r, w, samplers[name]), 8);
          expect(final!.bands[i]!.v / c).toBeCloseTo(varianceRatio(r, w, samplers[name]), 8);
        });
      }
    }
  });

  it('of a steep power law, whose strongest variance is 1e19 to 1e41, are those of the closed form (1e-8)', () => {
    for (const exponent of [0.9, 0.95]) {
      const bands = powerLawBands({ exponent, c: 0.2 });
      const { phase, final } = solveStructured({
        law: { kind: 'bands', bands },
        alpha: 0.3,
        guidance: { w: 1 },
      });
      const closed = bandsFinalState(
        bands.map(({ weight, rho }) => ({ weight, rho, c: 0.2 })),
        0.3,
        1,
        samplers.ode,
      );
      expect(phase).toBe('speciated');
      expect(final!.m).toBeCloseTo(closed.m, 8);
      expect(final!.v).toBeCloseTo(closed.v, 8);
    }
  });

  it('without width, and without centres, are limits that work', () => {
    const narrow = solveStructured({ law: bandsOf([1, 0, 1]), alpha: 0.5, guidance: { w: 1 } });
    expect([narrow.phase, narrow.final!.v, narrow.distortion!.klPerDimension]).toEqual([
      'speciated',
      0,
      null,
    ]);
    expect(narrow.final!.m).toBeCloseTo(1, 10);
    // v/c of narrower and narrower classes has a limit.
    const ratio = (c: number) =>
      solveStructured({ law: bandsOf([1, c, 1]), alpha: 0.5, guidance: { w: 1 } }).final!.v / c;
    expect(ratio(1e-12)).toBeCloseTo(ratio(1e-9), 6);
    const mixed = solveStructured({
      law: bandsOf([1, 0.1, 0.5], [0, 0.3, 0.5]),
      alpha: 0.2,
      sampler: 'sde',
      guidance: { w: 3 },
    });
    expect(mixed.final!.bands[1]).toEqual({
      rho: 0,
      c: 0.3,
      weight: 0.5,
      m: null,
      v: expect.closeTo(0.3, 9) as number,
    });
    // The rest is one band of half the coordinates: twice the rate.
    const alone = solveStructured({
      law: bandsOf([1, 0.1, 1]),
      alpha: 0.4,
      sampler: 'sde',
      guidance: { w: 3 },
    });
    expect(mixed.final!.bands[0]!.v).toBeCloseTo(alone.final!.v, 9);
    expect(mixed.final!.m).toBeCloseTo(alone.final!.m, 9);
  });
});

describe('levels', () => {
  it('give the values of the theory page', () => {
    const { final, levelTimes } = solveStructured({
      law: levelsOf(0.1, [0.15, 0.8], [0.3, 0.2]),
      guidance: { w: 1 },
    });
    expect(final!.levels![0]).toBeCloseTo(1.10122, 5);
    expect(final!.levels![1]).toBeCloseTo(1.3055, 5);
    expect(final!.v).toBeCloseTo(0.0703176, 6);
    expect(levelTimes[0]).toBeCloseTo(1.00342, 5);
    expect(levelTimes[1]).toBeCloseTo(0.246552, 6);
  });

  it('one is the band of its variance, and two with a part of no variance are one of the summed rate', () => {
    const guidance = { w: 1.5 };
    const one = solveStructured({ law: levelsOf(0.2, [0.6, 1.3]), guidance }).final!;
    const band = solveStructured({ law: bandsOf([1.3, 0.2, 1]), alpha: 0.6, guidance }).final!;
    expect(one.m).toBeCloseTo(band.m, 11);
    expect(one.v).toBeCloseTo(band.v, 11);
    const known = solveStructured({ law: levelsOf(0.2, [0, 0.5], [0.6, 1.3]), guidance });
    expect(known.levelTimes[0]).toBe(Infinity);
    expect(known.final!.levels![0]).toBeCloseTo(1, 9);
    expect(known.final!.levels![1]).toBeCloseTo(band.m, 9);
  });

  it('far apart are two isotropic transitions, one after the other', () => {
    // Seen from the coarse level the fine one is width; once it is over, the fine one starts from equilibrium.
    const [r1, r2, sigma2] = [1e4, 1, 0.2];
    const found = solveStructured({
      law: levelsOf(sigma2, [0.3, r1], [0.5, r2]),
      sampler: 'sde',
      guidance: { w: 2 },
    });
    const fine = solveOrderParameters({ alpha: 0.5, sigma2, sampler: 'sde', guidance: { w: 2 } });
    expect(found.final!.levels![1]).toBeCloseTo(fine.final!.m, 3);
    expect(found.final!.v).toBeCloseTo(fine.final!.v, 3);
    expect(found.levelTimes[1]).toBeCloseTo(fine.speciationTime!, 3);
    const coarse = solveOrderParameters({ alpha: 0.3, sigma2: 1e-4, sampler: 'sde', guidance: { w: 2 } });
    // OU time of tau in units of r1.
    const tau = Math.expm1(2 * coarse.speciationTime!) * r1;
    expect(Math.expm1(2 * found.levelTimes[0]!)).toBeCloseTo(tau, -1);
  });

  it('towards a class of a few modes are those towards its mode, which is a class of the same rate', () => {
    const draw = uniform(7);
    for (let i = 0; i < 6; i++) {
      const [sigma2, alpha, r, inside] = [draw(0.05, 1), draw(0.1, 0.5), draw(0.2, 1), draw(0.05, 1)];
      const guided = {
        sampler: i % 2 === 0 ? ('ode' as const) : ('sde' as const),
        guidance: { w: draw(-0.3, 3) },
      };
      const few = solveStructured({
        law: { ...levelsOf(sigma2, [alpha, r], [0, inside]), towards: 1 },
        ...guided,
      });
      const mode = solveStructured({ law: levelsOf(sigma2, [alpha, r + inside]), ...guided });
      expect(few.phase).toBe(mode.phase);
      expect(few.speciationTime ?? 0).toBeCloseTo(mode.speciationTime ?? 0, 8);
      if (mode.final === null) continue;
      expect(few.final!.v).toBeCloseTo(mode.final.v, 8);
      for (const m of few.final!.levels!) expect(m).toBeCloseTo(mode.final.m, 8);
    }
  });

  it('towards a superclass sees the finer level as width until its classes condense', () => {
    const law: LevelLaw = { ...levelsOf(0.1, [0.2, 0.8], [5, 0.2]), towards: 1 };
    const found = solveStructured({ law, guidance: { w: 1 } });
    // So many classes inside that none of them is ever found.
    const isotropic = solveStructured({ law: bandsOf([0.8, 0.3, 1]), alpha: 0.2, guidance: { w: 1 } });
    expect(found.phase).toBe('speciated');
    expect(found.final!.levels![0]).toBeCloseTo(isotropic.final!.m, 8);
    expect(found.final!.v).toBeCloseTo(isotropic.final!.v, 8);
    const few = solveStructured({
      law: { ...levelsOf(0.1, [0.2, 0.8], [0.1, 0.2]), towards: 1 },
      guidance: { w: 1 },
    });
    expect(few.phase).toBe('condensed');
    expect(few.final).toBeNull();
  });
});
