import { describe, expect, it } from 'vitest';
import { discreteDensity1d, mapFolds } from '../../../src/fewClass/density/discreteDensity.ts';
import { DiscreteMap } from '../../../src/fewClass/density/discreteMap.ts';
import { flowDensity, flowDensity1d } from '../../../src/fewClass/density/flowDensity.ts';
import {
  kernelDensity1d,
  referenceBandwidth,
  referenceKernel,
} from '../../../src/fewClass/density/kernelDensity.ts';
import { outputDensity2d } from '../../../src/fewClass/density/outputDensity2d.ts';
import { standardForm } from '../../../src/fewClass/density/standardForm.ts';
import { transport } from '../../../src/fewClass/density/transport.ts';
import { flowEndWithDivergence } from '../../../src/fewClass/flow.ts';
import { simulateEndpoints } from '../../../src/fewClass/simulate.ts';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { normalDensity, pair, problemOf, total, triangle } from './entropyProblems.ts';

const even = (from: number, to: number, count: number) =>
  Float64Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
const three = { centres: [[0], [-3], [3]] };
const euler = (stepSize: number) => ({ stepSize, rule: 'euler' as const });

describe('transport', () => {
  it('goes where fewClass/flow.ts goes, with its log-determinant (1e-9), in 1 and 2 dimensions', () => {
    const { covariances, ...plane } = {
      ...triangle,
      covariances: [
        1,
        0.5,
        [
          [1, 0.3],
          [0.3, 0.4],
        ],
      ],
    };
    for (const problem of [problemOf(pair), problemOf({ ...plane, covariances })]) {
      const form = standardForm(problem, 2);
      for (const x of [
        [-2, 0.3],
        [0.5, 1],
      ].map((row) => Float64Array.from(row.slice(0, form.dimension)))) {
        const ours = transport(form, 2, x, 'toData');
        const other = flowEndWithDivergence(problem, 2, x);
        expect(Math.abs(ours.logJacobian[0]! - other.logJacobian)).toBeLessThan(1e-9);
        other.x.forEach((value, c) => {
          expect(Math.abs(ours.points[c]! - value)).toBeLessThan(1e-9);
        });
      }
    }
  });

  it('comes back from the data to where it began, with the opposite log-determinant (1e-8)', () => {
    const form = standardForm(problemOf(triangle), 3);
    const starts = Float64Array.of(-1, 0.2, 2, 1, 0, -2.5);
    const there = transport(form, 3, starts, 'toData');
    const back = transport(form, 3, there.points, 'toNoise');
    starts.forEach((value, i) => {
      expect(Math.abs(back.points[i]! - value)).toBeLessThan(1e-8);
    });
    there.logJacobian.forEach((value, i) => {
      expect(Math.abs(back.logJacobian[i]! + value)).toBeLessThan(1e-8);
    });
  });
});

describe('flowDensity', () => {
  it('at w = 0 from T = 20 is the class, relative to its peak (1e-8), variances 0.04, 1, 3', () => {
    const x = even(-4, 6, 101);
    for (const covariance of [0.04, 1, 3]) {
      const peak = normalDensity(1, 1, covariance);
      flowDensity1d({ ...problemOf({ ...pair, covariance }), startTime: 20 }, 0, x).forEach((p, i) => {
        expect(Math.abs(p - normalDensity(x[i]!, 1, covariance)) / peak).toBeLessThan(1e-8);
      });
    }
  });

  it('at w = 0 from a finite T is N(mu (1 - a sqrt(C/Gamma)), C/Gamma), as derived (1e-10 from T = 2)', () => {
    const x = even(-4, 6, 41);
    const [a, variance] = [Math.exp(-2), 3 / (1 + 2 * Math.exp(-4))];
    const problem = { ...problemOf({ ...pair, covariance: 3 }), startTime: 2 };
    flowDensity1d(problem, 0, x).forEach((p, i) => {
      const exact = normalDensity(x[i]!, 1 - a * Math.sqrt(variance), variance);
      expect(Math.abs(p - exact)).toBeLessThan(1e-10);
    });
  });

  it.each([-1, 0.5, 3, 20])('has mass 1 at w = %d (1e-8)', (w) => {
    const x = even(-14, 14, 1401);
    expect(Math.abs(total(flowDensity1d(problemOf(pair), w, x), 0.02) - 1)).toBeLessThan(1e-8);
  });

  it('at w = -1 is the mixture itself (1e-4: both classes start from one normal law)', () => {
    const x = even(-4, 4, 41);
    flowDensity1d(problemOf(pair), -1, x).forEach((p, i) => {
      const exact = 0.5 * (normalDensity(x[i]!, 1, 1) + normalDensity(x[i]!, -1, 1));
      expect(Math.abs(p - exact)).toBeLessThan(1e-4);
    });
  });

  it('in the plane at w = 0 from T = 20 is the class with its covariance (1e-8)', () => {
    const covariance = [
      [1, 0.6],
      [0.6, 0.5],
    ];
    const points = Float64Array.of(0, 0, 1, 0.5, -1, 1, 2, -0.3);
    flowDensity({ ...problemOf({ ...triangle, covariance }), startTime: 20 }, 0, points).forEach((p, i) => {
      const [dx, dy] = [points[2 * i]! - Math.sqrt(0.75), points[2 * i + 1]! - 0.5];
      const square = (0.5 * dx * dx - 1.2 * dx * dy + dy * dy) / 0.14;
      expect(Math.abs(p - Math.exp(-0.5 * square) / (2 * Math.PI * Math.sqrt(0.14)))).toBeLessThan(1e-8);
    });
  });

  it('refuses noise, other dimensions and points that are not finite', () => {
    expect(() => flowDensity1d(problemOf(pair, 1), 1, even(0, 1, 3))).toThrow(ParameterError);
    expect(() => flowDensity1d(problemOf(triangle), 1, even(0, 1, 4))).toThrow(/dimension/);
    expect(() => flowDensity(problemOf(triangle), 1, even(0, 1, 3))).toThrow(ParameterError);
    expect(() => flowDensity1d(problemOf(pair), 1, Float64Array.of(NaN))).toThrow(/finite/);
  });
});

describe('DiscreteMap', () => {
  it.each(['euler', 'exponential', 'ddim'] as const)(
    'of %s has the determinant of differences (1e-6)',
    (rule) => {
      const map = new DiscreteMap(problemOf(triangle), 5, { stepSize: 0.1, rule });
      const at = (x: number, y: number) => {
        const point = Float64Array.of(x, y);
        expect(map.apply(point)).toBe(true);
        return point;
      };
      const h = 1e-4;
      const [a, b, c, d] = [at(0.3 + h, -0.7), at(0.3 - h, -0.7), at(0.3, -0.7 + h), at(0.3, -0.7 - h)];
      const column = (p: Float64Array, m: Float64Array) => [
        (p[0]! - m[0]!) / (2 * h),
        (p[1]! - m[1]!) / (2 * h),
      ];
      const [[xx, yx], [xy, yy]] = [column(a, b), column(c, d)] as [[number, number], [number, number]];
      at(0.3, -0.7);
      const determinant = map.orientation * Math.exp(map.logJacobian);
      expect(Math.abs((xx * yy - xy * yx) / determinant - 1)).toBeLessThan(1e-6);
    },
  );
});

describe('discreteDensity1d', () => {
  it('at w = 0 with Euler steps is the Gaussian of the linear recursion, cell by cell (1e-7)', () => {
    const { x, density, mass, folds } = discreteDensity1d(problemOf(pair), 0, euler(0.1), { cells: 400 });
    // x' = (1 + h) x + h (a - x)  for a unit variance: the deviation stays 1, the mean gathers h a.
    let centre = 0;
    for (let n = 0; n < 100; n++) centre += 0.1 * Math.exp(-(10 - 0.1 * n));
    const width = x[1]! - x[0]!;
    density.forEach((p, i) => {
      // Average over a cell to fourth order.
      const u = x[i]! - centre;
      const average = normalDensity(x[i]!, centre, 1) * (1 + ((u * u - 1) * width ** 2) / 24);
      expect(Math.abs(p - average)).toBeLessThan(1e-7);
    });
    expect(Math.abs(mass - 1)).toBeLessThan(1e-8);
    expect(folds).toBe(0);
  });

  it('goes to the density of the flow (0.01 of the peak at h = 0.01)', () => {
    const { x, density } = discreteDensity1d(problemOf(pair), 3, euler(0.01), {
      cells: 100,
      from: -2,
      to: 5,
    });
    const exact = flowDensity1d(problemOf(pair), 3, x);
    const peak = Math.max(...exact);
    density.forEach((p, i) => {
      expect(Math.abs(p - exact[i]!)).toBeLessThan(0.01 * peak);
    });
  });

  it('has the histogram of 4000 samples where the map folds (5 binomial errors)', () => {
    const problem = problemOf(three);
    expect(mapFolds(problem, 130, euler(0.05))).toBeGreaterThan(0);
    const grid = { cells: 24, from: -16, to: 16 };
    const { density, mass } = discreteDensity1d(problem, 130, euler(0.05), grid);
    expect(Math.abs(mass - 1)).toBeLessThan(1e-3);
    const options = { count: 4000, seed: 2, discretization: euler(0.05) };
    const counts = new Float64Array(24);
    for (const y of simulateEndpoints(problem, 130, { kind: 'normal' }, options).x) {
      const cell = Math.floor(((y + 16) * 24) / 32);
      if (cell >= 0 && cell < 24) counts[cell]!++;
    }
    counts.forEach((count, i) => {
      const p = (density[i]! * 32) / 24;
      expect(Math.abs(count - 4000 * p)).toBeLessThan(5 * Math.sqrt(4000 * p) + 5);
    });
  });

  it('refuses to resolve what rounding does not', () => {
    expect(() => discreteDensity1d(problemOf(three), 30, euler(0.05), { cells: 50 })).toThrow(
      NumericalFailure,
    );
    expect(() => discreteDensity1d(problemOf(three), 1, euler(0.05), { cells: 50, from: 2, to: 1 })).toThrow(
      ParameterError,
    );
  });
});

describe('kernel densities', () => {
  it('of normal samples are the law widened by the bandwidth (5 standard errors)', () => {
    const stream = new RandomStream(8, 0);
    const sample = Float64Array.from({ length: 4000 }, () => stream.nextNormal());
    const h = referenceBandwidth(sample, 1);
    expect(Math.abs(h / (4 / 3 / 4000) ** 0.2 - 1)).toBeLessThan(0.1);
    const x = even(-3, 3, 13);
    kernelDensity1d(sample, x, h).forEach((p, i) => {
      const exact = normalDensity(x[i]!, 0, 1 + h * h);
      // Var = p/(2 sqrt(pi) n h) to leading order.
      expect(Math.abs(p - exact)).toBeLessThan(
        5 * Math.sqrt(exact / (2 * Math.sqrt(Math.PI) * 4000 * h)) + 1e-3,
      );
    });
  });

  it('turn their axes along a narrow cloud', () => {
    const stream = new RandomStream(9, 0);
    const points = new Float64Array(4000);
    for (let i = 0; i < 2000; i++) {
      const [along, across] = [stream.nextNormal(), 0.1 * stream.nextNormal()];
      points.set([Math.SQRT1_2 * (along - across), Math.SQRT1_2 * (along + across)], 2 * i);
    }
    const { angle, bandwidths } = referenceKernel(points);
    expect(Math.abs(angle - Math.PI / 4)).toBeLessThan(0.02);
    expect(bandwidths[0] / bandwidths[1]).toBeGreaterThan(9);
  });
});

describe('outputDensity2d', () => {
  const grid = even(-4, 5, 46);

  it('has mass 1 (1e-4) and the maximum beyond the centre for the flow of figure 1', () => {
    const { density, method } = outputDensity2d(problemOf(triangle), 2, grid, grid);
    expect(method).toBe('flow');
    expect(Math.abs(total(density, 0.04) - 1)).toBeLessThan(1e-4);
    const peak = density.indexOf(Math.max(...density));
    const [x, y] = [grid[peak % 46]!, grid[Math.floor(peak / 46)]!];
    expect(x).toBeGreaterThan(Math.sqrt(0.75) + 0.2);
    expect(Math.abs(y - x / Math.sqrt(3))).toBeLessThan(0.2);
  });

  it('from samples of short steps shows the flow (0.15 of the peak), from a stochastic sampler at w = 0 the class', () => {
    const options = { count: 3000 };
    const flow = outputDensity2d(problemOf(triangle), 1, grid, grid);
    const steps = outputDensity2d(problemOf(triangle), 1, grid, grid, {
      ...options,
      discretization: { stepSize: 0.05, rule: 'exponential' },
    });
    expect(steps.method).toBe('kernel');
    expect(Math.abs(total(steps.density, 0.04) - 1)).toBeLessThan(0.01);
    const peak = Math.max(...flow.density);
    const worst = flow.density.reduce((most, p, i) => Math.max(most, Math.abs(p - steps.density[i]!)), 0);
    expect(worst).toBeLessThan(0.15 * peak);
    const noisy = outputDensity2d(problemOf(triangle, 1), 0, grid, grid, options);
    const [hx] = noisy.bandwidths!;
    const widened = 1 / (2 * Math.PI * (1 + hx * hx));
    expect(Math.abs(Math.max(...noisy.density) / widened - 1)).toBeLessThan(0.2);
  });

  it('refuses grids that do not ascend, and other dimensions', () => {
    expect(() => outputDensity2d(problemOf(triangle), 1, grid, Float64Array.of(1, 1))).toThrow(
      ParameterError,
    );
    expect(() => outputDensity2d(problemOf(pair), 1, grid, grid)).toThrow(ParameterError);
  });
});
