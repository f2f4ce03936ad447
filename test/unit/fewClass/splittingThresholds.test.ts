import { describe, expect, it } from 'vitest';
import { flowMapWithDivergence } from '../../../src/fewClass/flow.ts';
import type { FewClassProblem } from '../../../src/fewClass/problem.ts';
import { simulateEndpoints } from '../../../src/fewClass/simulate.ts';
import { splittingProblemOf } from '../../../src/fewClass/splitting/along.ts';
import { splittingDiagram } from '../../../src/fewClass/splitting/diagram.ts';
import { contractionThreshold, instabilityThreshold } from '../../../src/fewClass/splitting/instability.ts';
import { oneStepMap, slopesAtCentre } from '../../../src/fewClass/splitting/map.ts';
import { centralShareLimit, splitOutcome } from '../../../src/fewClass/splitting/outcome.ts';
import type { SplittingProblem } from '../../../src/fewClass/splitting/record.ts';
import {
  isSplit,
  splitKinds,
  splittingThreshold,
  splittingThresholds,
} from '../../../src/fewClass/splitting/threshold.ts';
import { expulsionConstant, instabilityConstant } from '../../../src/fewClass/splitting/smallSteps.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { integrate } from '../../../src/numerics/quadrature.ts';
import { findRoot } from '../../../src/numerics/roots.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

const triple = (distance: number, change: Partial<SplittingProblem> = {}): SplittingProblem => ({
  distance,
  variance: 1,
  startTime: 10,
  rule: 'euler',
  ...change,
});

const line = (centres: number[][], guidedClass: number, weights?: number[], eta = 0): FewClassProblem => ({
  mixture: labelledMixture({ centres, ...(weights === undefined ? {} : { weights }) }),
  guidedClass,
  sampler: { eta },
  process: ornsteinUhlenbeck,
  startTime: 10,
});

const g = (z: number) => (2 * z * z) / (Math.exp(0.5 * z * z) + 2);

describe('linear instability', () => {
  it('Euler, unit variances, mu >= 1.71: 2.1596/step to 1 %, bracket verified by the slopes', () => {
    for (const distance of [1.8, 2, 3, 6]) {
      for (const stepSize of [0.05, 0.02, 0.01]) {
        const { w, bracket, time } = instabilityThreshold(triple(distance), stepSize);
        expect(Math.abs((w * stepSize) / 2.1596 - 1)).toBeLessThan(0.01);
        expect(Math.abs(distance * Math.exp(-time) - 1.71)).toBeLessThan(1.71 * stepSize + 0.1);
        const unstable = (at: number) =>
          slopesAtCentre(triple(distance), stepSize, at).some((slope) => slope < -1);
        expect(unstable(bracket[0])).toBe(false);
        expect(unstable(bracket[1])).toBe(true);
        expect(bracket[1] - bracket[0]).toBeLessThan(1e-12 * w);
      }
    }
  });

  it('small steps: constants 2/max g = 2.1596 (ODE) and half of it (SDE) to 1e-9, all rules within 1 % at h = 0.002', () => {
    // g' = 0 reads e^(z^2/2) (z^2 - 2) = 4.
    const { root } = findRoot((z) => Math.exp(0.5 * z * z) * (z * z - 2) - 4, 1, 2.5);
    expect(Math.abs(root - 1.7106)).toBeLessThan(1e-4);
    expect(Math.abs(2 / g(root) - 2.1596)).toBeLessThan(1e-4);
    const problem = triple(3);
    expect(Math.abs(instabilityConstant(problem).constant * g(root) - 2)).toBeLessThan(1e-9);
    expect(Math.abs(instabilityConstant(triple(3, { eta: 1 })).constant * g(root) - 1)).toBeLessThan(1e-9);
    for (const rule of ['euler', 'exponential', 'ddim', 'ddpm'] as const) {
      const { constant } = instabilityConstant(triple(3, { rule }));
      expect(
        Math.abs((instabilityThreshold(triple(3, { rule }), 0.002).w * 0.002) / constant - 1),
      ).toBeLessThan(0.01);
    }
  });

  it('close classes, mu = 1: the data are the least stable, 2/g(1)', () => {
    const { constant, time } = instabilityConstant(triple(1));
    expect(time).toBe(0);
    expect(Math.abs(constant * g(1) - 2)).toBeLessThan(1e-12);
  });

  it('contraction: no step throws anything out below it, some step does just above', () => {
    for (const distance of [1, 2, 3, 8]) {
      const problem = triple(distance);
      const { w, time } = contractionThreshold(problem, 0.05);
      expect(w).toBeLessThanOrEqual(instabilityThreshold(problem, 0.05).w * (1 + 1e-9));
      // Never below 1/step: the pull of the classes, at most mu, begins to saturate at half their distance.
      expect(w * 0.05).toBeGreaterThan(1);
      const below = oneStepMap(problem, 0.05, 0.999 * w);
      const above = oneStepMap(problem, 0.05, 1.001 * w);
      let thrown = 0;
      let thrownBelow = 0;
      for (let k = 0; k < 200; k++) {
        for (let v = 0.01; v < 12; v += 0.02) {
          if (Math.abs(below(v, k)) > v) thrownBelow++;
          if (Math.abs(above(v, k)) > v && Math.abs(10 - 0.05 * k - time) < 1e-9) thrown++;
        }
      }
      expect(thrownBelow).toBe(0);
      if (distance > 1) expect(thrown).toBeGreaterThan(0);
    }
    expect(contractionThreshold(triple(30), 0.001).w * 0.001).toBeLessThan(1.1);
  });
});

describe('splitting', () => {
  it('mu = 3 splits between w = 86 and 130 at steps of 0.05, between 162 and 216 at 0.02', () => {
    for (const [stepSize, lo, hi] of [
      [0.05, 86, 130],
      [0.02, 162, 216],
    ] as const) {
      // prettier-ignore
      for (const kind of ['first', 'visible'] as const) {
        const { bracket } = splittingThreshold(triple(3), stepSize, kind);
        expect(bracket[0]).toBeGreaterThan(lo);
        expect(bracket[1]).toBeLessThan(hi);
        expect(bracket[1] / bracket[0]).toBeLessThan(1.0006);
        expect(isSplit(splitOutcome(triple(3), stepSize, bracket[0]), kind)).toBe(false);
        expect(isSplit(splitOutcome(triple(3), stepSize, bracket[1]), kind)).toBe(true);
      }
    }
  });

  it('the general simulation in double precision agrees: rms to 20 % where it splits from its starts, both sides of the brackets', () => {
    const problem = line([[-3], [0], [3]], 1);
    const run = (w: number, stepSize: number) => {
      const discretization = { stepSize, rule: 'euler' } as const;
      const { x } = simulateEndpoints(
        problem,
        w,
        { kind: 'normal' },
        { count: 300, seed: 3, discretization },
      );
      return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / 300);
    };
    for (const w of [86, 105, 120, 130]) {
      const { amplitude } = splitOutcome(triple(3), 0.05, w);
      expect(Math.abs(Math.log(run(w, 0.05) / amplitude))).toBeLessThan(0.2);
    }
    expect(run(162, 0.02)).toBeLessThan(1e-10);
    expect(run(216, 0.02)).toBeGreaterThan(1);
    // Exact arithmetic contracts there: what splits at these steps is the rounding of the scores.
    expect(splitOutcome(triple(3), 0.02, 216, { floor: 0 }).amplitude).toBeLessThan(1e-14);
  });

  it('the plane and the space of the figures split where the line does', () => {
    const root = Math.sqrt(3);
    const plane = line([[-2, -2], [0, 0], [2, 2]], 1); // prettier-ignore
    const space = line([[0, 0, 0], [0, root, 0], [0, -root, 0]], 0); // prettier-ignore
    const cases = [
      [plane, 0.1, 50, 65, [Math.SQRT1_2, Math.SQRT1_2], 0],
      [plane, 0.04, 130, 150, [Math.SQRT1_2, Math.SQRT1_2], 0],
      [space, 0.01, 300, 420, [0, 1, 0], 0],
    ] as const;
    for (const [problem, stepSize, below, above, e] of cases) {
      const { bracket } = splittingThreshold(splittingProblemOf(problem, 'euler'), stepSize, 'first');
      expect(bracket[0]).toBeGreaterThan(below);
      expect(bracket[1]).toBeLessThan(above);
      for (const [w, splits] of [
        [below, false],
        [above, true],
      ] as const) {
        // prettier-ignore
        const discretization = { stepSize, rule: 'euler' } as const;
        const options = { count: 100, seed: 5, discretization };
        const { x } = simulateEndpoints(problem, w, { kind: 'normal' }, options);
        let farthest = 0;
        for (let i = 0; i < x.length; i += e.length) {
          farthest = Math.max(farthest, Math.abs(e.reduce((sum, value, j) => sum + value * x[i + j]!, 0)));
        }
        if (splits) expect(farthest).toBeGreaterThan(2);
        else expect(farthest).toBeLessThan(0.3);
      }
    }
  });

  it('exact arithmetic: the centre is thrown out at c/step, c the zero of the mean log slope, to 3 %; exponent -1 to 0.02', () => {
    const distance = 3;
    const mean = (c: number) => {
      // int log|1 - c g(z)| dz/z, singular where c g = 1.
      const zeros: number[] = [];
      const top = 1.7106;
      if (c * g(top) > 1) zeros.push(findRoot((z) => c * g(z) - 1, 1e-3, top).root);
      if (c * g(top) > 1 && c * g(distance) < 1)
        zeros.push(findRoot((z) => c * g(z) - 1, top, distance).root);
      return integrate((z) => Math.log(Math.abs(1 - c * g(z)) + 1e-300) / z, 1e-3, distance, {
        breakpoints: zeros,
        relativeTolerance: 1e-6,
        absoluteTolerance: 1e-6,
      }).value;
    };
    const c = findRoot(mean, 3, 12, { relativeTolerance: 1e-5 }).root;
    expect(Math.abs(expulsionConstant(triple(distance)) / c - 1)).toBeLessThan(1e-4);
    const steps = [0.04, 0.02, 0.01, 0.005];
    const found = steps.map(
      (stepSize) => splittingThreshold(triple(distance), stepSize, 'certain', { starts: 2 }).w,
    );
    found.forEach((w, i) => {
      expect(Math.abs((w * steps[i]!) / c - 1)).toBeLessThan(0.03);
    });
    const exponent = Math.log(found[3]! / found[0]!) / Math.log(steps[3]! / steps[0]!);
    expect(Math.abs(exponent + 1)).toBeLessThan(0.02);
    // With rounding the first split comes earlier at small steps, and the law is flatter.
    const rounded = [0.02, 0.01].map(
      (stepSize) => splittingThreshold(triple(distance), stepSize, 'first', { starts: 20 }).w,
    );
    const flat = Math.log(rounded[1]! / rounded[0]!) / Math.log(0.5);
    expect(flat).toBeGreaterThan(-0.8);
    expect(flat).toBeLessThan(-0.4);
  });

  it('close classes too: c/step to 2 % at steps of 0.01 for the other rules and variances', () => {
    for (const [distance, variance, rule] of [
      [1.2, 1, 'exponential'],
      [2, 0.5, 'ddim'],
      [3, 4, 'euler'],
      [1.5, 1, 'ddpm'],
    ] as const) {
      // prettier-ignore
      const problem = triple(distance, { variance, rule });
      const { w } = splittingThreshold(problem, 0.01, 'certain', { starts: 2 });
      expect(Math.abs((w * 0.01) / expulsionConstant(problem) - 1)).toBeLessThan(0.02);
    }
  });

  it('finds the first window of a share that is not monotone: mu = 3.4, steps of 0.03, nothing expelled at any w of an even scan below', () => {
    const problem = triple(3.4);
    const { bracket } = splittingThreshold(problem, 0.03, 'visible', { starts: 40 });
    const expelled = (w: number) => splitOutcome(problem, 0.03, w, { starts: 40 }).expelled;
    expect(bracket[0]).toBeGreaterThan(172);
    expect(bracket[1]).toBeLessThan(172.4);
    expect(bracket[1] / bracket[0]).toBeLessThan(1.0005);
    for (let i = 1; i <= 40; i++) expect(expelled(bracket[0] * (1 - 7.5e-4 * i))).toBeLessThan(0.5);
    // A bisection from 173.2 and 174.9 ends at 173.6, above a window in which most starts are thrown out.
    expect(expelled(172.4)).toBeGreaterThan(0.9);
    expect(expelled(173.5)).toBeLessThan(0.5);
  });

  it('noise seeds it: DDPM splits where the linear instability is, to 10 %', () => {
    for (const stepSize of [0.05, 0.025]) {
      const problem = triple(3, { rule: 'ddpm' });
      const { w } = splittingThreshold(problem, stepSize, 'visible');
      expect(Math.abs(w / instabilityThreshold(problem, stepSize).w - 1)).toBeLessThan(0.1);
    }
  });

  it('all thresholds at once are those one by one, in order', () => {
    const all = splittingThresholds(triple(3), 0.1);
    for (const kind of splitKinds) expect(all[kind]).toEqual(splittingThreshold(triple(3), 0.1, kind));
    const ws = [all.contraction.w, all.instability.w, ...splitKinds.map((kind) => all[kind]!.w)];
    expect(ws).toEqual(ws.toSorted((a, b) => a - b));
  });

  it('visible splits have more than one mode for certain, ordinary outputs have not', () => {
    expect(splitOutcome(triple(3), 0.05, 130).centralShare).toBeLessThan(centralShareLimit);
    expect(splitOutcome(triple(3), 0.05, 160).centralShare).toBe(0);
    for (const w of [0, 1, 20, 60])
      expect(splitOutcome(triple(3), 0.05, w).centralShare).toBeGreaterThan(0.3);
  });
});

describe('continuous dynamics', () => {
  it('does not split: order kept, closer to the centre the larger w, and one mode, up to w = 200', () => {
    for (const [distance, weights] of [
      [3, [1 / 3, 1 / 3, 1 / 3]],
      [1.8, [0.05, 0.9, 0.05]],
    ] as const) {
      // prettier-ignore
      const problem = line([[-distance], [0], [distance]], 1, [...weights]);
      const starts = Array.from({ length: 16 }, (_, i) => 0.2 * i);
      let previous = starts;
      for (const w of [0.3, 1, 3, 10, 200]) {
        const map = flowMapWithDivergence(problem, w);
        const ends = starts.map((x) => map(Float64Array.of(x)));
        const logDensity = ends.map(({ logJacobian }, i) => -0.5 * starts[i]! ** 2 - logJacobian);
        ends.forEach(({ x }, i) => {
          expect(x[0]!).toBeLessThan(previous[i]! + 1e-9);
          if (i === 0) return;
          expect(x[0]!).toBeGreaterThan(ends[i - 1]!.x[0]! - 1e-9);
          expect(logDensity[i]!).toBeLessThan(logDensity[i - 1]!);
        });
        previous = ends.map(({ x }) => x[0]!);
      }
    }
  });
});

describe('phase diagram', () => {
  it('labels follow the lines and thresholds', () => {
    const problem = triple(3);
    const ws = [10, 30, 50, 100, 125, 200];
    const { labels, instability, contraction, expelled } = splittingDiagram(problem, ws, [0.02, 0.05]);
    expect(labels[1]).toEqual(['one', 'one', 'unstable', 'unstable', 'split', 'split']);
    expect(labels[0]!.slice(0, 5)).toEqual(['one', 'one', 'one', 'one', 'unstable']);
    expect(instability[1]).toBe(instabilityThreshold(problem, 0.05).w);
    expect(contraction[0]! < instability[0]!).toBe(true);
    expect(expelled[1]![5]).toBe(1);
  });

  it('a growing linear part is reported as diverged, never as NaN', () => {
    // Euler-Maruyama with h > 2: the unguided step is x -> (1 - h) x.
    const problem = triple(3, { eta: 1, startTime: 100 });
    const { labels } = splittingDiagram(problem, [1, 10], [0.1, 3]);
    expect(labels[1]).toEqual(['diverged', 'diverged']);
    expect(labels[0]).not.toContain('diverged');
    for (const w of [1, 1e300]) {
      const { expelled, centralShare, amplitude, diverged, logGrowth } = splitOutcome(problem, 3, w);
      for (const value of [expelled, centralShare, amplitude, diverged, logGrowth])
        expect(Number.isNaN(value)).toBe(false);
    }
    // Far from the centre guidance moves x by w kick and no more: with keep <= 1 nothing diverges, however strong it is.
    const strong = splitOutcome(triple(3), 0.05, 1e300);
    expect([strong.diverged, strong.expelled, strong.centralShare]).toEqual([0, 1, 0]);
    expect(splitOutcome(triple(3), 0.05, 1e5).diverged).toBe(0);
  });

  it('bad input', () => {
    expect(() => splittingDiagram(triple(3), [2, 1], [0.1])).toThrow('ws must be ascending');
    expect(() => splittingDiagram(triple(3), [1], [])).toThrow(ParameterError);
    expect(() => splittingDiagram(triple(3), [1], [20])).toThrow('stepSize');
    expect(() => splitOutcome(triple(3), 0.1, NaN)).toThrow('w must be');
    expect(() => splitOutcome(triple(3), 0.1, 1, { floor: -1 })).toThrow('floor');
    expect(() => splittingThreshold(triple(3), 0.1, 'never' as 'first')).toThrow('kind');
    expect(() => splittingThreshold(triple(3, { eta: 1 }), 3, 'first')).toThrow(NumericalFailure);
    expect(splitKinds).toHaveLength(3);
  });
});
