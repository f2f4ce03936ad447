import { describe, expect, it } from 'vitest';
import { samplerWithEta } from '../../../src/guidance/sampler.ts';
import { annealedBath, tabulatedBath, type Bath } from '../../../src/finiteSize/disorder/bath.ts';
import { disorderCorrection } from '../../../src/finiteSize/disorder/correction.ts';
import { oneClassEffect, oneClassTerm, referencePath } from '../../../src/finiteSize/disorder/oneClass.ts';
import {
  followPath,
  type Components,
  type FlowGrid,
  type Outcome,
} from '../../../src/finiteSize/disorder/path.ts';
import { startRule } from '../../../src/finiteSize/disorder/startLaw.ts';
import type { GuidedProblem } from '../../../src/problem/physics.ts';
import { smoothedMeanField } from '../../../src/finiteSize/smoothed/smoothedMeanField.ts';
import { ensembles } from '../../../src/mixture/ensemble.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { RunningMoments } from '../../../src/numerics/statistics.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

const problem = (alpha: number, w: number, changes: Partial<GuidedProblem> = {}): GuidedProblem => ({
  alpha,
  sigma2: 0.25,
  ensemble: 'gaussian',
  sampler: { eta: 0 },
  process: ornsteinUhlenbeck,
  guidance: { w },
  startTime: null,
  ...changes,
});

/** An even grid from x = 0 to 2 (sigma2 = 1/4) at constant w. */
function evenGrid(steps: number, w: number): FlowGrid {
  const nodes = Float64Array.from({ length: 2 * steps + 1 }, (_, i) => i / steps);
  return { nodes, w: new Float64Array(3 * steps).fill(w), steps };
}

/** A bath whose attraction is raised by a constant. */
function raised(bath: Bath, by: number): Bath {
  return {
    logWeight: 0,
    attraction: 0,
    evaluate(node, length, logExplicit, without) {
      bath.evaluate(node, length, logExplicit, without);
      this.logWeight = bath.logWeight;
      this.attraction = bath.attraction + by;
    },
  };
}

describe('response of a path', () => {
  it('has the sensitivities of finite differences, to 1e-5', () => {
    const dimension = 9;
    const grid = evenGrid(10, 1.5);
    const bath = annealedBath('gaussian', dimension, Math.log(60), grid.nodes);
    const setting = {
      bath,
      grid,
      ensemble: 'gaussian' as const,
      dimension,
      logOthers: Math.log(60),
      spacing: [1, 1, 1] as const,
    };
    const { start, path, sensitivities } = referencePath(setting, [0.4, 2.5]);
    // delta mubar = (weight of the bath) times delta attraction times x Y at each stage
    let m = 0;
    let v = 0;
    path.logTotals.forEach((logTotal, stage) => {
      const x = grid.nodes[path.nodes[stage]!]!;
      const [c, y] = [path.places[2 * stage]!, path.places[2 * stage + 1]!];
      bath.evaluate(path.nodes[stage]!, Math.hypot(c, y), 0, false);
      const factor = Math.exp(bath.logWeight - logTotal) * x;
      const by = (k: number) => sensitivities[4 * stage + k]! * factor;
      m += by(0) * c + by(1) * y;
      v += by(2) * c + by(3) * y;
    });
    const step = 1e-4;
    const outcome = (by: number): Outcome => {
      const out = { m: 0, v: 0 };
      followPath(raised(bath, by), grid, dimension, start, null, out);
      return out;
    };
    const [plus, minus] = [outcome(step), outcome(-step)];
    expect(m / ((plus.m - minus.m) / (2 * step))).toBeCloseTo(1, 5);
    expect(v / ((plus.v - minus.v) / (2 * step))).toBeCloseTo(1, 5);
  });
});

describe.each(ensembles)('one-class term, %s', (ensemble) => {
  it('is the average over random explicit classes, within 4 standard errors', () => {
    const dimension = 7;
    const others = 12;
    const grid = evenGrid(8, 2);
    const logOthers = Math.log(others);
    const bath = tabulatedBath(ensemble, dimension, logOthers, grid.nodes);
    const start = [0.3, Math.sqrt(dimension - 1)] as const;
    followPath(bath, grid, dimension, start, null, { m: 0, v: 0 }, null, (length) => {
      bath.begin(length);
    });
    const setting = { bath, grid, ensemble, dimension, logOthers, spacing: [0.6, 1, 1] as const };
    const reference = referencePath(setting, start);
    const term = oneClassTerm(setting, reference);
    const draws = new RandomStream(21, 3);
    const [m, v] = [new RunningMoments(), new RunningMoments()];
    const mu: Components = [0, 0, 0];
    const effect: Outcome = { m: 0, v: 0 };
    for (let draw = 0; draw < 15_000; draw++) {
      const all = Array.from({ length: dimension }, () => draws.nextNormal());
      const square = all.reduce((sum, value) => sum + value * value, 0);
      const scale = ensemble === 'gaussian' ? 1 : Math.sqrt(dimension / square);
      mu[0] = scale * all[0]!;
      mu[1] = scale * all[1]!;
      mu[2] = scale * Math.sqrt(square - all[0]! ** 2 - all[1]! ** 2);
      oneClassEffect(setting, reference, mu, effect);
      m.add(others * effect.m);
      v.add(others * effect.v);
    }
    expect(Math.abs(m.mean - term.m)).toBeLessThan(4 * m.standardError!);
    expect(Math.abs(v.mean - term.v)).toBeLessThan(4 * v.standardError!);
    expect(v.standardError!).toBeLessThan(0.06 * term.v);
  });
});

describe('disorderCorrection', () => {
  it('is 0 without guidance, to 1e-9', () => {
    const { m, v, full } = disorderCorrection(problem(0.5, 0), 12);
    expect(Math.abs(m) + Math.abs(v)).toBeLessThan(1e-9);
    expect(full.m).toBeCloseTo(1, 9);
    expect(full.v).toBeCloseTo(0.25, 9);
  });

  it('does not depend on its steps, to 1 % of it', () => {
    const coarse = disorderCorrection(problem(0.3, 3), 16);
    const fine = disorderCorrection(problem(0.3, 3), 16, { steps: 30 });
    expect(coarse.v / fine.v).toBeCloseTo(1, 2);
    expect(coarse.m / fine.m).toBeCloseTo(1, 2);
  });

  it('has the annealed order parameters of the smoothed mean field, to 5e-4', () => {
    for (const ensemble of ensembles) {
      const at = problem(0.4, 2, { ensemble });
      const { annealed } = disorderCorrection(at, 14);
      const smoothed = smoothedMeanField(at, 14);
      expect(Math.abs(annealed.m - smoothed.m)).toBeLessThan(5e-4);
      expect(Math.abs(annealed.v - smoothed.v)).toBeLessThan(5e-4);
    }
  });

  it.each([
    ['gaussian', 0.4, 2, 12],
    // the law of the classes that count is narrow here
    ['spherical', 0.8, 8, 13],
    // they lie far out here
    ['gaussian', 0.5, 1, 60],
  ] as const)(
    'samples to the same as the quadrature where the noise vanishes, within 4 standard errors: %s',
    (ensemble, alpha, w, dimension) => {
      const quadrature = disorderCorrection(problem(alpha, w, { ensemble }), dimension);
      const sampled = disorderCorrection(
        problem(alpha, w, { ensemble, sampler: samplerWithEta(1e-6) }),
        dimension,
        { particles: 120, seed: 4 },
      );
      for (const name of ['m', 'v'] as const) {
        const difference = Math.abs(sampled[name] - quadrature[name]);
        expect(difference).toBeLessThan(4 * sampled.standardError[name]);
      }
      expect(sampled.standardError.v).toBeLessThan(0.1 * quadrature.v);
    },
  );

  it('starts at a finite time, which does not matter if it is early', () => {
    const late = disorderCorrection(problem(0.4, 2, { startTime: 2 }), 12);
    const asymptotic = disorderCorrection(problem(0.4, 2), 12);
    const early = disorderCorrection(problem(0.4, 2, { startTime: 12 }), 12);
    expect(early.v / asymptotic.v).toBeCloseTo(1, 3);
    expect(Math.abs(late.v - asymptotic.v)).toBeGreaterThan(1e-4);
  });

  it('refuses what it cannot do', () => {
    expect(() => disorderCorrection(problem(0.5, 1), 3)).toThrow(ParameterError);
    expect(() => disorderCorrection(problem(0.05, 1), 10)).toThrow('alpha must be such that');
    expect(() => disorderCorrection(problem(Infinity, 1), 10)).toThrow(ParameterError);
    expect(() => disorderCorrection(problem(0.5, 1), 10, { steps: 0 })).toThrow(ParameterError);
    expect(() => disorderCorrection(problem(0.5, 1), 10, { tables: 1 } as object)).toThrow(ParameterError);
  });
});

describe('starts', () => {
  it('have the moments of their law up to the order of the rule, to 1e-12', () => {
    const rule = startRule(10, 1.5, 3, 3);
    const mean = (value: (c: number, y: number) => number) =>
      rule.reduce((sum, { start, weight }) => sum + weight * value(...start), 0);
    const square = 1.5 ** 2;
    expect(mean(() => 1)).toBeCloseTo(1, 12);
    expect(mean((c) => c ** 4) / (3 * square ** 2)).toBeCloseTo(1, 12);
    expect(mean((_, y) => y * y) / (9 * square)).toBeCloseTo(1, 12);
    // E chi^2(9)^3 = 9 11 13
    expect(mean((_, y) => y ** 6) / (9 * 11 * 13 * square ** 3)).toBeCloseTo(1, 12);
  });
});
