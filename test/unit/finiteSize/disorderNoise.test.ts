import { describe, expect, it } from 'vitest';
import { annealedBath, type Bath } from '../../../src/finiteSize/disorder/bath.ts';
import { disorderCorrection } from '../../../src/finiteSize/disorder/correction.ts';
import { noisyGrid, NoisyPaths, type NoisyGrid } from '../../../src/finiteSize/disorder/noisyPath.ts';
import { samplerWithEta } from '../../../src/guidance/sampler.ts';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { problem } from '../meanfield/sampling.ts';

const dimension = 5;
const root = Math.sqrt(dimension);
const others = 40;

/** Even steps in x to 1/sigma = 2 at constant w. */
function evenGrid(from: number, steps: number, eta: number, w: number): NoisyGrid {
  const nodes = Float64Array.from({ length: steps + 1 }, (_, n) => from + ((2 - from) * n) / steps);
  return noisyGrid(
    nodes,
    eta,
    Array.from({ length: steps }, () => [w, w] as const),
  );
}

/** The annealed bath of `others` gaussian classes, the explicit one not taken out of it. */
function fullBath(nodes: Float64Array): Bath {
  const bath = annealedBath('gaussian', dimension, Math.log(others), nodes);
  return {
    logWeight: 0,
    attraction: 0,
    evaluate(node, length, logExplicit) {
      bath.evaluate(node, length, logExplicit, false);
      this.logWeight = bath.logWeight;
      this.attraction = bath.attraction;
    },
  };
}

/** Integral over [0, 1] by the midpoint rule. */
function integral(f: (u: number) => number): number {
  const panels = 20_000;
  let sum = 0;
  for (let i = 0; i < panels; i++) sum += f((i + 0.5) / panels) / panels;
  return sum;
}

describe('a step with noise', () => {
  it.each([0, 0.6, 1, 1.5])(
    'eta = %d: carries a target that is linear in x exactly, and Y of unit variance',
    (eta) => {
      // dy/dlog x = e (G - y) in y = Y/x: y_1 = z^e y_0 + Int e (x/x_1)^e G dlog x, and without drift Y stays N(0, I).
      const e = 1 + eta * eta;
      const [from, to] = [0.7, 1.3];
      const z = from / to;
      const [step] = noisyGrid(Float64Array.of(from, to), eta, [[1, 2]]).steps;
      const weight = (share: (u: number) => number) =>
        integral((t) => {
          const u = z + (1 - z) * t;
          return (1 - z) * e * u ** (e - 1) * share(t);
        });
      expect(step!.decay).toBeCloseTo(z ** e / z, 12);
      expect(step!.endGain).toBeCloseTo(to * weight((t) => t), 7);
      expect(step!.beginGain).toBeCloseTo(to * weight((t) => 1 - t), 7);
      expect(step!.decay ** 2 + step!.noise ** 2).toBeCloseTo(1, 12);
      expect([step!.beginW, step!.endW]).toEqual([1, 2]);
    },
  );
});

describe('a path with noise', () => {
  it('w = 0: Y is its start decayed, x (1 - z^e) mu_c and the noise of each step decayed since (1e-12)', () => {
    for (const eta of [0, 0.8, 1]) {
      const [from, steps, spread] = [0.4, 6, 1.3];
      const grid = evenGrid(from, steps, eta, 0);
      const paths = new NoisyPaths(fullBath(grid.nodes), grid, dimension);
      const draws = new RandomStream(3, 3);
      const noise = Float64Array.from({ length: (steps + 1) * dimension }, () => draws.nextNormal());
      const out = { m: 0, v: 0 };
      paths.follow(spread, noise, null, out);
      const since = (n: number) => (grid.nodes[n]! / 2) ** (eta * eta);
      const Y = Array.from({ length: dimension }, (_, i) => {
        let value = since(0) * spread * noise[i]!;
        for (let n = 1; n <= steps; n++) {
          const width = Math.sqrt(1 - (grid.nodes[n - 1]! / grid.nodes[n]!) ** (2 * eta * eta));
          value += since(n) * width * noise[n * dimension + i]!;
        }
        return value + (i === 0 ? 2 * root * (1 - (from / 2) ** (1 + eta * eta)) : 0);
      });
      expect(out.m).toBeCloseTo(Y[0]! / (2 * root), 12);
      const across = Y.slice(1).reduce((sum, value) => sum + value * value, 0);
      expect(out.v).toBeCloseTo(across / (4 * (dimension - 1)), 12);
    }
  });

  it('follows dy/dlog x = e (G - y) where its noise is 0, with the weights written down (1e-5)', () => {
    const [eta, w, from, spread] = [0.9, 1.6, 0.3, 1.1];
    const e = 1 + eta * eta;
    const grid = evenGrid(from, 400, eta, w);
    const paths = new NoisyPaths(fullBath(grid.nodes), grid, dimension);
    const noise = new Float64Array(401 * dimension);
    noise.set([0.4, 1.2, -0.7, 0.3, 0.9]);
    const mu = Float64Array.of(0.5, 1.1, 0.2, -1.4, 0.8);
    for (const explicit of [null, mu]) {
      const out = { m: 0, v: 0 };
      paths.follow(spread, noise, explicit, out);
      const slope = (x: number, y: readonly number[]) => {
        const square = y.reduce((sum, value) => sum + value * value, 0);
        const inner = (centre: readonly number[]) =>
          centre.reduce((sum, value, i) => sum + x * x * value * (y[i]! - 0.5 * value), 0);
        const guided = Math.exp(inner([root, 0, 0, 0, 0]));
        const other = explicit === null ? 0 : Math.exp(inner([...explicit]));
        const x2 = x * x;
        const bath = others * (1 + x2) ** (-dimension / 2) * Math.exp((0.5 * x2 * x2 * square) / (1 + x2));
        const total = guided + other + bath;
        return y.map((value, i) => {
          const pull = (bath * x2) / (1 + x2);
          const centre = i === 0 ? root : 0;
          const mean = (guided * centre + other * (explicit?.[i] ?? 0) + pull * value) / total;
          return (e * ((1 + w) * centre - w * mean - value)) / x;
        });
      };
      let y = Array.from(noise.slice(0, dimension), (value) => (spread * value) / from);
      const steps = 1000;
      const h = (2 - from) / steps;
      const moved = (k: readonly number[], by: number) => y.map((value, i) => value + by * k[i]!);
      for (let n = 0; n < steps; n++) {
        const x = from + n * h;
        const k1 = slope(x, y);
        const k2 = slope(x + h / 2, moved(k1, h / 2));
        const k3 = slope(x + h / 2, moved(k2, h / 2));
        const k4 = slope(x + h, moved(k3, h));
        y = y.map((value, i) => value + (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!));
      }
      const across = y.slice(1).reduce((sum, value) => sum + value * value, 0);
      expect(Math.abs(out.m - y[0]! / root)).toBeLessThan(1e-5);
      expect(Math.abs(out.v - across / (dimension - 1))).toBeLessThan(1e-5);
    }
  });

  it('has the linear effect of a class whose weight goes to 0, to 1e-3 of it', () => {
    const grid = evenGrid(0.2, 12, 0.8, 1.5);
    const paths = new NoisyPaths(fullBath(grid.nodes), grid, dimension);
    const draws = new RandomStream(5, 3);
    const noise = Float64Array.from({ length: 13 * dimension }, () => draws.nextNormal());
    const reference = paths.emptyReference();
    const [plain, explicit, linear] = [0, 1, 2].map(() => ({ m: 0, v: 0 })) as [
      { m: number; v: number },
      { m: number; v: number },
      { m: number; v: number },
    ];
    paths.follow(1, noise, null, plain, reference);
    // Far from the particle all along: e^(x Y.mu - x^2 |mu|^2/2) counts at the beginning alone, and little.
    const mu = Float64Array.of(-12, 9, -14, 11, -13);
    paths.follow(1, noise, mu, explicit);
    paths.linearEffect(reference, mu, linear);
    expect(Math.abs(linear.m)).toBeGreaterThan(1e-9);
    expect((explicit.m - plain.m) / linear.m).toBeCloseTo(1, 3);
    expect((explicit.v - plain.v) / linear.v).toBeCloseTo(1, 3);
  });
});

describe('what the correction is made of', () => {
  const quick = { steps: 6, particles: 12, classesPerParticle: 6 };

  it('adds its parts, and bounds the second order as eq. disorder-second-order says, with the largest |w| of a schedule', () => {
    const formula = parseFormula('schedule', 't > 0.7 ? 0.5 : -0.8', 't');
    for (const [eta, factor] of [
      [0, 2],
      [0.5, 4],
      [1, 4],
    ] as const) {
      const at = problem(0.5, 0, { sampler: samplerWithEta(eta), guidance: { formula, clock: 't' } });
      const found = disorderCorrection(at, 8, quick);
      const { averaged, oneClass, annealed, full, participation, neglected } = found;
      for (const name of ['m', 'v'] as const) {
        expect(found[name]).toBeCloseTo(averaged[name] + oneClass[name], 12);
        expect(full[name]).toBeCloseTo(annealed[name] + found[name], 12);
        expect(Math.abs(averaged[name])).toBeGreaterThan(1e-5);
        expect(Math.abs(oneClass[name])).toBeGreaterThan(1e-6);
      }
      const second = factor * 1.8 * participation;
      expect(participation).toBeGreaterThan(0.01);
      expect(neglected.v / (second * Math.abs(oneClass.v))).toBeCloseTo(1, 12);
      const size = Math.max(Math.abs(oneClass.m), Math.abs(oneClass.v) / 2);
      expect(neglected.m / (second * size)).toBeCloseTo(1, 12);
    }
  });

  it('SDE without guidance from a finite start: annealed m and v of the linear flow, and no correction', () => {
    const startTime = 1.2;
    const x0 = 1 / Math.sqrt(0.25 + Math.expm1(2 * startTime));
    const z = x0 / 2;
    const at = problem(0.5, 0, { sampler: samplerWithEta(1), startTime });
    const found = disorderCorrection(at, 8, { ...quick, particles: 2000, classesPerParticle: 1 });
    // Y_0 = x_0 e^T N(0, I)
    const variance = z * z * (x0 * Math.exp(startTime)) ** 2 + 1 - z * z;
    expect(Math.abs(found.annealed.m - (1 - z * z))).toBeLessThan(4 * Math.sqrt(variance / 4 / 8 / 8000));
    const error = 0.25 * variance * Math.sqrt(2 / 7 / 8000);
    expect(Math.abs(found.annealed.v - 0.25 * variance)).toBeLessThan(4 * error);
    expect(Math.abs(found.m) + Math.abs(found.v)).toBeLessThan(1e-12);
  });

  it('SDE: scatters over seeds as its standard error says, to 40 %, and repeats itself with the same one', () => {
    const at = problem(0.5, 1.5, { sampler: samplerWithEta(1) });
    const runs = Array.from({ length: 24 }, (_, seed) => disorderCorrection(at, 6, { ...quick, seed }));
    for (const name of ['m', 'v'] as const) {
      const values = runs.map((run) => run[name]);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      const stated = runs.reduce((sum, run) => sum + run.standardError[name] ** 2, 0) / values.length;
      expect(Math.sqrt(variance / stated)).toBeGreaterThan(0.6);
      expect(Math.sqrt(variance / stated)).toBeLessThan(1.4);
    }
    expect(disorderCorrection(at, 6, { ...quick, seed: 3 })).toEqual(runs[3]);
  });
});
