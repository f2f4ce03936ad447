import { describe, expect, it } from 'vitest';
import { fokkerPlanckEntropy } from '../../../src/fewClass/entropy/cellEntropy.ts';
import { discreteEntropy } from '../../../src/fewClass/entropy/discreteEntropy.ts';
import { entropyCurve, outputEntropy } from '../../../src/fewClass/entropy/entropyCurve.ts';
import { flowEntropy } from '../../../src/fewClass/entropy/flowEntropy.ts';
import { normalAverage } from '../../../src/fewClass/entropy/normalAverage.ts';
import { entropyLoweringStrength } from '../../../src/fewClass/entropy/stepCondition.ts';
import { sampleEntropy } from '../../../src/fewClass/entropy/sampleEntropy.ts';
import { exactStartTime } from '../../../src/fewClass/density/standardForm.ts';
import { flowDensity1d } from '../../../src/fewClass/density/flowDensity.ts';
import { flowEnd, flowPath } from '../../../src/fewClass/flow.ts';
import { simulateEndpoints } from '../../../src/fewClass/simulate.ts';
import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import type { MixtureInput } from '../../../src/mixture/labelled/mixture.ts';
import { gaussLegendre } from '../../../src/numerics/quadrature.ts';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { nearestNeighbourEntropy, vasicekEntropy } from '../../../src/numerics/entropyEstimators.ts';
import { varianceExploding } from '../../../src/process/process.ts';
import { normalEntropy, pair, problemOf, triangle } from './entropyProblems.ts';

const strengths = [0, 0.5, 1, 2, 4, 8, 16, 32];
const euler = (stepSize: number) => ({ stepSize, rule: 'euler' as const });

describe('normalAverage', () => {
  it('of even powers gives 1, 3, 15; of |z| (a kink) sqrt(2/pi) (1e-12)', () => {
    for (const [power, value] of [
      [2, 1],
      [4, 3],
      [6, 15],
    ] as const) {
      expect(Math.abs(normalAverage((z) => z.map((x) => x ** power), 1e-13).value - value)).toBeLessThan(
        1e-12,
      );
    }
    const kink = normalAverage((z) => z.map((x) => Math.abs(x - 0.1)), 1e-14);
    const phi = Math.exp(-0.005) / Math.sqrt(2 * Math.PI);
    expect(Math.abs(kink.value - (2 * phi + 0.1 * 0.0796556745540579))).toBeLessThan(1e-10);
  });

  it('refuses what is not finite', () => {
    expect(() => normalAverage((z) => z.map(() => NaN), 1e-9)).toThrow(NumericalFailure);
  });
});

describe('flowEntropy on the line', () => {
  it.each([0.04, 1, 3])('at w = 0 is that of the class, variance %d (1e-8)', (covariance) => {
    const { entropy, method } = flowEntropy(problemOf({ ...pair, covariance }), 0);
    expect(method).toBe('exact');
    expect(Math.abs(entropy - normalEntropy - 0.5 * Math.log(covariance))).toBeLessThan(1e-8);
  });

  it('at w = 0 from T = 2 misses it by -1/2 log(C e^-4 + 1 - e^-4), as derived (1e-11)', () => {
    const { entropy } = flowEntropy({ ...problemOf({ ...pair, covariance: 3 }), startTime: 2 }, 0);
    const lost = 0.5 * Math.log(1 + 2 * Math.exp(-4));
    expect(Math.abs(entropy - normalEntropy - 0.5 * Math.log(3) + lost)).toBeLessThan(1e-11);
  });

  it('equals minus the integral of p log p of the density found backwards (1e-10)', () => {
    for (const [mixture, w] of [
      [pair, 3],
      [{ ...pair, weights: [0.1, 0.9] }, 1],
      [pair, -0.5],
    ] as const) {
      const problem = problemOf(mixture);
      const width = 0.02;
      const grid = Float64Array.from({ length: 1201 }, (_, i) => -12 + width * i);
      let integral = 0;
      for (const p of flowDensity1d(problem, w, grid)) if (p > 0) integral -= width * p * Math.log(p);
      expect(Math.abs(integral - flowEntropy(problem, w).entropy)).toBeLessThan(1e-10);
    }
  });

  it('has the log-derivative of the map of fewClass/flow.ts, by differences (1e-6)', () => {
    const problem = problemOf(pair);
    const end = (x: number) => flowEnd(problem, 2, Float64Array.of(x))[0]!;
    const average = normalAverage(
      (z) => z.map((x) => Math.log((end(x + 1e-3) - end(x - 1e-3)) / 2e-3)),
      1e-3,
    );
    // Differences of step h add h^2/6 E[f'''/f'], about 1e-7.
    expect(Math.abs(normalEntropy + average.value - flowEntropy(problem, 2).entropy)).toBeLessThan(1e-6);
  });

  it('does not increase with w on the mixture of figure 2, and goes below the class (exact, 1e-9)', () => {
    const curve = entropyCurve(problemOf(pair), strengths);
    for (let i = 1; i < curve.length; i++) {
      expect(curve[i]!.entropy).toBeLessThan(curve[i - 1]!.entropy - 1e-3);
    }
    expect(entropyCurve(problemOf(pair), [-1, -0.5]).every((row) => row.entropy > normalEntropy + 0.1)).toBe(
      true,
    );
    expect(Math.abs(curve[2]!.entropy - normalEntropy + 0.2817501942)).toBeLessThan(1e-9);
  });

  it('differs from w = 0 by -w times the integral of the mean spread of the scores, unequal weights (1e-6)', () => {
    const problem = problemOf({ centres: [[1], [-1], [4]], weights: [0.2, 0.5, 0.3] });
    const w = 1.5;
    const diffused = diffuseMixture(problem.mixture);
    const { nodes, weights } = gaussLegendre(40);
    // t = e^u - 1 spreads the nodes over [0, 10].
    const span = Math.log(11);
    const times = Array.from(nodes, (node) => Math.expm1(0.5 * span * (1 + node))).reverse();
    const average = normalAverage(
      (z) =>
        z.map((x) => {
          const path = flowPath(problem, w, Float64Array.of(x), times);
          let sum = 0;
          path.forEach((state, i) => {
            const moment = diffused.at(times[i]!);
            // tr Cov_p(s) = div s_0 - div s_1.
            const spread =
              moment.guidedScoreDivergence(0, 0, state) - moment.guidedScoreDivergence(0, 1, state);
            sum += weights[weights.length - 1 - i]! * 0.5 * span * (1 + times[i]!) * spread;
          });
          return sum;
        }),
      1e-7,
    );
    const change = flowEntropy(problem, w).entropy - flowEntropy(problem, 0).entropy;
    expect(Math.abs(change + w * average.value)).toBeLessThan(1e-6);
  });

  it('agrees with spacings and nearest neighbours of 2000 samples (4 standard errors + 0.003)', () => {
    const problem = problemOf(pair);
    for (const w of [1, 8]) {
      const { entropy } = flowEntropy(problem, w);
      const { x } = simulateEndpoints(
        problem,
        w,
        { kind: 'normal' },
        { count: 2000, seed: 3, discretization: null },
      );
      for (const sample of [vasicekEntropy(x), nearestNeighbourEntropy(x, 1)]) {
        expect(Math.abs(sample.entropy - entropy)).toBeLessThan(4 * 1.3 * sample.standardError + 0.003);
      }
    }
  });

  it('is the same in the variance-exploding process from the same noise level (1e-3 at T = 1e6)', () => {
    const problem = { ...problemOf(pair), process: varianceExploding, startTime: 1e6 };
    expect(Math.abs(flowEntropy(problem, 1).entropy - flowEntropy(problemOf(pair), 1).entropy)).toBeLessThan(
      1e-3,
    );
  });
});

describe('scales of the mixture', () => {
  it.each([1e-90, 1e-8, 1e-3, 1e4, 1e90])(
    'all lengths times %d add d log of it to the entropy of the flow (1e-8)',
    (c) => {
      for (const w of [0, 1, 6]) {
        const scaled = { centres: [[c], [-c]], covariance: c * c };
        const of = (mixture: MixtureInput) => {
          const problem = problemOf(mixture);
          return flowEntropy({ ...problem, startTime: exactStartTime(problem.mixture) }, w).entropy;
        };
        // Of what is smaller than 1 the noise of the process forgets e^-2T only, not the size: e^-40 here.
        expect(Math.abs(of(scaled) - of(pair) - Math.log(c))).toBeLessThan(1e-8);
      }
    },
  );

  it.each([1e-2, 1e-8, 1e-100])(
    'classes of variance %d far apart: the entropy goes to the limit 1 - 0.35817 of w = 1 (1e-6)',
    (covariance) => {
      const { entropy } = flowEntropy({ ...problemOf({ ...pair, covariance }), startTime: 20 }, 1);
      const wide = flowEntropy({ ...problemOf({ centres: [[10], [-10]] }), startTime: 22 }, 1).entropy;
      expect(Math.abs(entropy - 0.5 * Math.log(covariance) - wide)).toBeLessThan(1e-6);
    },
  );

  it('centres at 1000: the exact start is late enough, and T = 10 is not', () => {
    const problem = problemOf({ centres: [[1000], [-1000]] });
    const at = (startTime: number) => flowEntropy({ ...problem, startTime }, 1).entropy;
    const exact = exactStartTime(problem.mixture);
    expect(exact).toBeGreaterThan(26);
    expect(Math.abs(at(exact) - at(40))).toBeLessThan(1e-8);
    expect(Math.abs(at(exact) - 1.0608955)).toBeLessThan(1e-6);
    expect(at(10)).toBeLessThan(1.05);
  });

  it('with noise a class too narrow for the grid is refused at once, a broader one is right (0.02 at variance 0.001)', () => {
    const narrow = problemOf({ ...pair, covariance: 1e-6 }, 1);
    expect(() => fokkerPlanckEntropy(narrow, 0)).toThrow(/does not resolve the output/);
    const { entropy, numericalError } = fokkerPlanckEntropy(problemOf({ ...pair, covariance: 3e-3 }, 1), 0);
    expect(Math.abs(entropy - normalEntropy - 0.5 * Math.log(3e-3))).toBeLessThan(2e-3);
    expect(numericalError!).toBeLessThan(0.02);
  });
});

describe('flowEntropy in the plane', () => {
  it('at w = 0 is that of the class for any covariance (1e-8), without statistical error', () => {
    const covariance = [
      [1, 0.6],
      [0.6, 0.5],
    ];
    const { entropy, standardError } = flowEntropy(problemOf({ ...triangle, covariance }), 0, { count: 20 });
    expect(Math.abs(entropy - 2 * normalEntropy - 0.5 * Math.log(0.14))).toBeLessThan(1e-8);
    expect(standardError).toBeLessThan(1e-9);
  });

  it('adds up for a product of lines: figure 2 beside a normal coordinate (4 standard errors)', () => {
    const flat = problemOf({
      centres: [
        [1, 0],
        [-1, 0],
      ],
    });
    const { entropy, standardError } = flowEntropy(flat, 2, { count: 1000 });
    const line = flowEntropy(problemOf(pair), 2).entropy;
    expect(Math.abs(entropy - line - normalEntropy)).toBeLessThan(4 * standardError!);
  });

  it('agrees with nearest neighbours (4 standard errors + 0.02) and falls with w on figure 1', () => {
    const problem = problemOf(triangle);
    const [none, some, much] = [0, 1, 8].map((w) => flowEntropy(problem, w, { count: 1500 }));
    expect(some!.entropy).toBeLessThan(none!.entropy - 4 * some!.standardError!);
    expect(much!.entropy).toBeLessThan(some!.entropy - 4 * (some!.standardError! + much!.standardError!));
    const options = { count: 2000, seed: 9, discretization: null, estimator: 'nearest-neighbour' as const };
    const sample = sampleEntropy(problem, 1, options);
    const error = Math.hypot(some!.standardError!, 1.3 * sample.standardError!);
    expect(Math.abs(sample.entropy - some!.entropy)).toBeLessThan(4 * error + 0.02);
  });
});

describe('entropy outside the assumptions', () => {
  it('rises with w for a class broader than the other one: unequal covariances (exact)', () => {
    const problem = problemOf({ centres: [[0], [0]], covariances: [2, 0.5] });
    const [none, one, five, ten] = [0, 1, 5, 10].map((w) => flowEntropy(problem, w).entropy);
    expect(Math.abs(none! - normalEntropy - 0.5 * Math.log(2))).toBeLessThan(1e-8);
    expect(one! - none!).toBeGreaterThan(0.17);
    expect(five! - one!).toBeGreaterThan(0.16);
    expect(ten!).toBeLessThan(five! - 0.06);
  });

  it('is above that of the class for w < 0, but does not fall with w there (exact)', () => {
    const problem = problemOf({ ...pair, weights: [0.01, 0.99] });
    const [minusOne, minusHalf, none] = [-1, -0.5, 0].map((w) => flowEntropy(problem, w).entropy);
    expect(minusOne!).toBeGreaterThan(none! + 0.018);
    expect(minusHalf!).toBeGreaterThan(minusOne! + 0.003);
  });

  it('of the stochastic sampler has a minimum in w, seen by the equation and by samples', () => {
    const problem = problemOf({ ...pair, weights: [0.01, 0.99] }, 1);
    const options = { count: 10_000, seed: 4, discretization: null, estimator: 'vasicek' as const };
    const [none, three, twenty] = [0, 3, 20].map((w) => fokkerPlanckEntropy(problem, w).entropy);
    expect(three! - none!).toBeLessThan(-0.5);
    expect(twenty! - three!).toBeGreaterThan(0.1);
    const rise = sampleEntropy(problem, 20, options).entropy - sampleEntropy(problem, 3, options).entropy;
    // Two samples of 10^4 of standard error 0.007 each.
    expect(Math.abs(rise - twenty! + three!)).toBeLessThan(0.04);
  });
});

describe('discreteEntropy', () => {
  it.each([
    ['euler', 0.002, 1.9],
    ['exponential', 0.004, 1.9],
    // Its last step ends on the mean of the data given x, so it narrows the output more than the others.
    ['ddim', 0.07, 1.75],
  ] as const)(
    'of %s goes to that of the flow: %d at h = 0.025, halved by half the step',
    (rule, most, order) => {
      const problem = problemOf(pair);
      const exact = flowEntropy(problem, 2).entropy;
      const [longer, shorter] = [0.05, 0.025].map((stepSize) =>
        Math.abs(discreteEntropy(problem, 2, { stepSize, rule }).entropy - exact),
      );
      expect(shorter!).toBeLessThan(most);
      expect(longer! / shorter!).toBeGreaterThan(order);
    },
  );

  it('does not increase with w at steps of 0.02, figure 2 (exact)', () => {
    const entropies = [0, 1, 4, 16].map((w) => discreteEntropy(problemOf(pair), w, euler(0.02)).entropy);
    for (let i = 1; i < entropies.length; i++) expect(entropies[i]!).toBeLessThan(entropies[i - 1]! - 0.01);
  });

  it('rises again with w beyond the linear instability of the centre, 2.16/step (three classes, step 0.05)', () => {
    const problem = problemOf({ centres: [[0], [-3], [3]] });
    const [below, beyond] = [30, 86].map((w) => discreteEntropy(problem, w, euler(0.05)));
    expect(below!.method).toBe('exact');
    expect(beyond!.entropy - below!.entropy).toBeGreaterThan(30);
    const split = discreteEntropy(problem, 130, euler(0.05), { cells: 400 });
    expect(split.method).toBe('histogram');
    expect(split.entropy).toBeGreaterThan(normalEntropy);
  });

  it('in the plane agrees with nearest neighbours (4 standard errors + 0.02)', () => {
    const problem = problemOf(triangle);
    const exact = discreteEntropy(problem, 2, euler(0.1), { count: 1000 });
    const options = {
      count: 2000,
      seed: 5,
      discretization: euler(0.1),
      estimator: 'nearest-neighbour' as const,
    };
    const sample = sampleEntropy(problem, 2, options);
    const error = Math.hypot(exact.standardError!, 1.3 * sample.standardError!);
    expect(Math.abs(exact.entropy - sample.entropy)).toBeLessThan(4 * error + 0.02);
  });

  it('says so when runs diverge', () => {
    const narrow = problemOf({ centres: [[0], [0]], covariances: [0.5, 2] });
    expect(() => discreteEntropy(narrow, 1e5, euler(0.05))).toThrow(NumericalFailure);
  });
});

describe('entropyLoweringStrength', () => {
  const three = { centres: [[0], [-3], [3]] };

  it('is 8/(h D^2) for unit variances and short Euler steps (5 %)', () => {
    expect(Math.abs(entropyLoweringStrength(problemOf(pair), euler(0.01)) * 0.01 * 4 - 8)).toBeLessThan(0.4);
    expect(entropyLoweringStrength(problemOf({ centres: [[2]] }), euler(0.1))).toBe(Infinity);
  });

  it('holds: up to it the discretised entropy is not above that at w = 0 (exact)', () => {
    for (const mixture of [pair, three, { ...pair, weights: [0.9, 0.1], covariance: 0.3 }]) {
      for (const rule of ['euler', 'exponential'] as const) {
        const discretization = { stepSize: 0.1, rule };
        const problem = problemOf(mixture);
        const most = entropyLoweringStrength(problem, discretization);
        expect(most).toBeGreaterThan(0.5);
        const none = discreteEntropy(problem, 0, discretization).entropy;
        for (const w of [0.3 * most, most]) {
          expect(discreteEntropy(problem, w, discretization).entropy).toBeLessThan(none);
        }
      }
    }
  });

  it('is needed: far beyond it the three classes split and the entropy is above that at w = 0', () => {
    const problem = problemOf(three);
    expect(entropyLoweringStrength(problem, euler(0.05))).toBeLessThan(10);
    const split = discreteEntropy(problem, 130, euler(0.05), { cells: 400 }).entropy;
    expect(split).toBeGreaterThan(discreteEntropy(problem, 0, euler(0.05)).entropy + 1);
  });

  it('refuses unequal covariances', () => {
    const problem = problemOf({ centres: [[0], [1]], covariances: [1, 2] });
    expect(() => entropyLoweringStrength(problem, euler(0.1))).toThrow(ParameterError);
  });
});

describe('outputEntropy', () => {
  it('takes the best way for each sampler', () => {
    const method = (mixture: typeof pair, eta: number, discretization: ReturnType<typeof euler> | null) =>
      outputEntropy(problemOf(mixture, eta), 1, { count: 200, discretization }).method;
    expect(method(pair, 0, null)).toBe('exact');
    expect(method(triangle, 0, null)).toBe('divergence');
    expect(method(pair, 0, euler(0.1))).toBe('exact');
    expect(method(triangle, 0, euler(0.1))).toBe('divergence');
    expect(method(pair, 1, null)).toBe('fokker-planck');
    expect(method(pair, 1, euler(0.1))).toBe('vasicek');
    expect(method(triangle, 1, null)).toBe('nearest-neighbour');
  });

  it('refuses what has no answer', () => {
    expect(() => flowEntropy(problemOf(pair, 1), 1)).toThrow(/Fokker-Planck/);
    expect(() => flowEntropy(problemOf(pair), NaN)).toThrow(ParameterError);
    expect(() => fokkerPlanckEntropy(problemOf(pair), 1)).toThrow(ParameterError);
    const options = { count: 200, seed: 1, discretization: null, estimator: 'vasicek' as const };
    expect(() => sampleEntropy(problemOf(triangle), 1, options)).toThrow(ParameterError);
    expect(() => discreteEntropy(problemOf(pair, 1), 1, euler(0.1))).toThrow(ParameterError);
  });
});
