import { describe, expect, it } from 'vitest';
import { levelTransitions } from '../../../../src/meanfield/transition/levels.ts';
import { solveStructured } from '../../../../src/meanfield/structured/solve.ts';
import {
  structuredPotential,
  structuredPotentialTimes,
  structuredTrajectory,
} from '../../../../src/meanfield/structured/trajectory.ts';
import { criticalClassRate } from '../../../../src/meanfield/transition/criticalRate.ts';
import { phaseDiagram } from '../../../../src/meanfield/transition/phaseDiagram.ts';
import { defaultPotentialTimes, potentialTable } from '../../../../src/meanfield/potentialTable.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { trajectory } from '../../../../src/meanfield/trajectory.ts';
import type { ClassLaw } from '../../../../src/mixture/classLaw.ts';

const one: ClassLaw = { kind: 'bands', bands: [{ weight: 1, rho: 1, c: 0.25 }] };
const two: ClassLaw = {
  kind: 'bands',
  bands: [
    { weight: 0.5, rho: 1.5, c: 0.4 },
    { weight: 0.5, rho: 0.5, c: 0.1 },
  ],
};
const levels: ClassLaw = {
  kind: 'levels',
  sigma2: 0.1,
  levels: [
    { alpha: 0.15, r: 0.8 },
    { alpha: 0.3, r: 0.2 },
  ],
};

describe('critical rates of structured classes', () => {
  it('one band of rho = 1 has the isotropic one, ODE and SDE (1e-9)', () => {
    for (const sampler of ['ode', 'sde'] as const) {
      for (const w of [0, 0.5, 3]) {
        const found = criticalClassRate({ law: one, sampler, guidance: { w } });
        const wanted = criticalClassRate({ sigma2: 0.25, sampler, guidance: { w } });
        expect(found.criticalAlpha! / wanted.criticalAlpha!).toBeCloseTo(1, 9);
      }
    }
  });

  it('without guidance is the information of a class: the average of log(1 + rho/c)/2, and the entropy of signs at most', () => {
    const { criticalAlpha } = criticalClassRate({ law: two, guidance: { w: 0 } });
    expect(criticalAlpha).toBeCloseTo(0.25 * (Math.log(1 + 1.5 / 0.4) + Math.log(1 + 0.5 / 0.1)), 8);
    const signs: ClassLaw = {
      kind: 'bands',
      bands: [{ weight: 1, rho: 1, c: 0.05, centres: { kind: 'signs' } }],
    };
    const found = criticalClassRate({ law: signs, guidance: { w: 0 } }).criticalAlpha!;
    expect(found).toBeLessThan(Math.log(2));
    expect(found).toBeGreaterThan(Math.log(2) - 1e-3);
  });

  it('of a hierarchy: bracketed, the total one that of its proportions, and the levels in their order', () => {
    const { criticalAlpha, bracket } = criticalClassRate({ law: levels, guidance: { w: 1 } });
    expect(criticalAlpha).toBeCloseTo(1.40500685, 7);
    expect(bracket![1] / bracket![0] - 1).toBeLessThan(1e-8);
    const [coarse, fine] = levelTransitions({ law: levels, guidance: { w: 1 } });
    expect(coarse!.speciationTime).toBeCloseTo(1.00342, 5);
    expect(fine!.speciationTime).toBeCloseTo(0.246552, 6);
    for (const { level, bracket: pair } of [coarse!, fine!]) {
      const timeAt = (alpha: number) =>
        solveStructured({
          law: {
            ...levels,
            levels: levels.levels.map((own, i) => (i === level - 1 ? { ...own, alpha } : own)),
          },
          guidance: { w: 1 },
        }).levelTimes[level - 1];
      expect(timeAt(pair![0])).not.toBeNull();
      expect(timeAt(pair![1])).toBeNull();
    }
  });

  it('a diagram has the solutions of its points, bands and levels', () => {
    const alpha = [0.2, 0.5, 1.3];
    const w = [0, 2];
    const bands = phaseDiagram({ law: two }, alpha, w);
    const hierarchy = phaseDiagram({ law: levels, sampler: 'sde' }, alpha, w);
    w.forEach((coefficient, i) => {
      alpha.forEach((rate, j) => {
        const point = solveStructured({ law: two, alpha: rate, guidance: { w: coefficient } });
        expect(bands.phase[i]![j]).toBe(point.phase);
        expect(bands.m[i]![j]).toBeCloseTo(point.final!.m, 8);
        expect(bands.v[i]![j]).toBeCloseTo(point.final!.v, 8);
        const shared: ClassLaw = {
          ...levels,
          levels: [
            { alpha: rate / 3, r: 0.8 },
            { alpha: (2 * rate) / 3, r: 0.2 },
          ],
        };
        const other = solveStructured({ law: shared, sampler: 'sde', guidance: { w: coefficient } });
        expect(hierarchy.phase[i]![j]).toBe(other.phase);
        expect(hierarchy.m[i]![j] ?? 0).toBeCloseTo(other.final?.m ?? 0, 9);
      });
    });
  });
});

describe('paths and potentials', () => {
  const problem = { alpha: 0.5, sampler: 'sde' as const, process: 'flow' as const, guidance: { w: 1 } };
  const found = solveStructured({ ...problem, law: one });
  const wanted = solveOrderParameters({ ...problem, sigma2: 0.25 });

  it('of one band are the isotropic ones in the time and the scale of the process', () => {
    structuredTrajectory(found, 6).forEach((row, i) => {
      const other = trajectory(wanted, 6)[i]!;
      expect(row.time).toBeCloseTo(other.time, 10);
      expect(row.m).toBeCloseTo(other.m, 8);
      expect(row.v).toBeCloseTo(other.v, 8);
      expect(row.psi - row.phi).toBeCloseTo(other.psi - other.phi, 8);
      if (other.psi < other.phi) expect(row.complexity).toBeCloseTo(other.complexity, 8);
    });
  });

  it('have the isotropic potential along m, its kinks and minima', () => {
    const times = defaultPotentialTimes(wanted, 4);
    const ours = structuredPotentialTimes(found, 4);
    ours.forEach((time, i) => {
      expect(time).toBeCloseTo(times[i]!, 8);
    });
    const overlaps = [-0.5, 0, 0.5, 1, 1.5, 2];
    const table = structuredPotential(found, times, overlaps);
    const other = potentialTable(wanted, times, overlaps);
    times.forEach((_, i) => {
      // Up to a constant.
      const shift = table.potential[i]![0]! - other.potential[i]![0]!;
      overlaps.forEach((_, j) => {
        expect(table.potential[i]![j]! - shift).toBeCloseTo(other.potential[i]![j]!, 7);
      });
      expect(table.kink[i]).toEqual(other.kink[i]!.map((m) => expect.closeTo(m, 7) as number));
      expect(table.minima[i]!.map(({ m }) => m)).toEqual(
        other.minima[i]!.map(({ m }) => expect.closeTo(m, 5) as number),
      );
    });
  });

  it('at the transition of two bands the kink is the state', () => {
    const solution = solveStructured({ law: two, alpha: 0.5, guidance: { w: 1 } });
    const [crossing] = solution.crossings;
    const { kink, state } = structuredPotential(solution, [crossing!.time], [0, 1, 1.5]);
    expect(kink[0]![0]).toBeCloseTo(state[0]!.m, 6);
  });
});
