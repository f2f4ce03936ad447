import { describe, expect, it } from 'vitest';
import { bandsFinalState } from '../../../src/closedForms/bands.ts';
import { levelsFinalState } from '../../../src/closedForms/levels.ts';
import { solveStructured } from '../../../src/meanfield/structured/solve.ts';
import { exponentGrid, lawDiagram, levelRateGrid } from '../../../src/meanfield/transition/lawDiagram.ts';
import type { LevelLaw } from '../../../src/mixture/classLaw.ts';
import { powerLawBands } from '../../../src/mixture/spectra.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { uniform } from './sampling.ts';

const hierarchy: LevelLaw = {
  kind: 'levels',
  sigma2: 0.1,
  levels: [
    { alpha: 7, r: 0.8 },
    { alpha: 7, r: 0.2 },
  ],
};

describe('diagrams over class laws', () => {
  it('over the rates of two levels: overlaps, v and times are the closed forms at every point, 1e-8', () => {
    const [alpha1, alpha2] = [
      [0, 0.1, 0.4, 2],
      [0.05, 0.3, 1.2],
    ];
    let left = 0;
    for (const eta of [0, 1]) {
      const diagram = lawDiagram({ eta, guidance: { w: 1 } }, levelRateGrid(hierarchy, alpha1, alpha2));
      const phases = new Set(diagram.phase.flat());
      expect(phases.has('speciated') && phases.has('unspeciated')).toBe(true);
      alpha2.forEach((b, j) => {
        alpha1.forEach((a, i) => {
          const levels = [
            { alpha: a, r: 0.8 },
            { alpha: b, r: 0.2 },
          ];
          const closed = levelsFinalState(levels, 1, 0.1, { eta });
          const label = JSON.stringify({ a, b, eta });
          if (diagram.phase[j]![i] === 'condensed') {
            expect(diagram.levels[j]![i], label).toBeNull();
            return;
          }
          // A path that slides or returns has no closed form.
          if (closed.leaves) {
            left++;
            return;
          }
          diagram.levels[j]![i]!.forEach((m, l) => {
            expect(m, label).toBeCloseTo(closed.levels[l]!, 8);
          });
          expect(diagram.v[j]![i], label).toBeCloseTo(closed.v, 8);
          diagram.levelTimes[j]![i]!.forEach((time, l) => {
            const tau = closed.taus[l] ?? null;
            const expected =
              tau === null || tau === Infinity ? tau : ornsteinUhlenbeck.timeAtNoiseToSignal(tau);
            if (expected === null || expected === Infinity) expect(time, label).toBe(expected);
            else expect(time, label).toBeCloseTo(expected, 7);
          });
        });
      });
    }
    expect(left).toBeLessThan(4);
  });

  it('over class rate and exponent: the solutions and the closed forms of the bands, 1e-8', () => {
    const draw = uniform(61);
    for (const eta of [0, 1]) {
      const c = 10 ** draw(-2, 0.3);
      const w = draw(0.2, 4);
      const [alpha, exponents] = [
        [0.05, 0.4, 1, 3],
        [0, 0.3, 0.8],
      ];
      const rows: number[] = [];
      const diagram = lawDiagram(
        { eta, guidance: { w } },
        exponentGrid({ c, bands: 6 }, alpha, exponents),
        {},
        (row) => rows.push(row),
      );
      expect(rows).toEqual([1, 2, 3]);
      exponents.forEach((exponent, j) => {
        const bands = powerLawBands({ exponent, c, bands: 6 }).map(({ weight, rho }) => ({ weight, rho, c }));
        alpha.forEach((rate, i) => {
          const label = JSON.stringify({ c, w, eta, exponent, rate });
          const closed = bandsFinalState(bands, rate, w, { eta });
          const solution = solveStructured({
            law: { kind: 'bands', bands },
            alpha: rate,
            eta,
            guidance: { w },
          });
          expect(diagram.phase[j]![i], label).toBe(solution.phase);
          if (solution.minComplexity !== null)
            expect(diagram.minComplexity[j]![i], label).toBeCloseTo(solution.minComplexity, 5);
          if (solution.final === null) return;
          expect(diagram.m[j]![i], label).toBeCloseTo(closed.m, 8);
          expect(diagram.v[j]![i], label).toBeCloseTo(closed.v, 8);
          expect(diagram.levels[j]![i]).toBeNull();
        });
      });
    }
  });

  it('keeps the finer levels, and the law of the centres', () => {
    const three: LevelLaw = {
      ...hierarchy,
      levels: [...hierarchy.levels, { alpha: 0.2, r: 0.1 }],
      towards: 2,
    };
    const { law } = levelRateGrid(three, [0.1], [0.3]).at(0.1, 0.3);
    expect(law).toEqual({
      ...three,
      levels: [{ alpha: 0.1, r: 0.8 }, { alpha: 0.3, r: 0.2 }, three.levels[2]],
    });
    const centres = { kind: 'signs' } as const;
    const grid = exponentGrid({ c: 0.25, bands: 1, centres }, [0.3, 0.4], [0]);
    const { m } = lawDiagram({ guidance: { w: 1 } }, grid);
    // One band of rho = 1: the first row of the table of the theory page.
    expect(m[0]![0]).toBeCloseTo(1.2212, 3);
  });

  it('refuses what makes no diagram, and says where a point fails', () => {
    const at = (x: number[], y: number[]) => () =>
      lawDiagram({ guidance: { w: 1 } }, levelRateGrid(hierarchy, x, y));
    expect(at([], [1])).toThrow(/^x must/);
    expect(at([1], [1, 0.5])).toThrow(/^y must/);
    expect(at([-1], [1])).toThrow(/alpha must/);
    expect(() => levelRateGrid({ ...hierarchy, levels: [{ alpha: 1, r: 1 }] }, [1], [1])).toThrow(
      /^law\.levels must be at least two/,
    );
    expect(() => exponentGrid({ c: 0.1 }, [1], [0.5, 1])).toThrow(/^exponents must/);
    expect(() =>
      lawDiagram({ guidance: { w: 1 } }, levelRateGrid(hierarchy, [0.1], [0.1]), { maxSteps: 2 }),
    ).toThrow(/at x = 0\.1, y = 0\.1/);
  });
});
