import { describe, expect, it } from 'vitest';
import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import { labelledMixture, type MixtureInput } from '../../../src/mixture/labelled/mixture.ts';
import { conditionalScore, logDensity, posterior, unconditionalScore } from '../../../src/mixture/score.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';
import { derivativeAtZero } from '../../../src/numerics/differences.ts';
import { linearInterpolant, ornsteinUhlenbeck, varianceExploding } from '../../../src/process/process.ts';

const centres = [
  [1, 0.3, -0.5],
  [-1, 0.2, 0.4],
  [0, 2, 0.1],
  [0.5, -1.5, 1],
];
const weights = [0.1, 0.2, 0.3, 0.4];
const covariance = [
  [1, 0.4, -0.2],
  [0.4, 0.5, 0.1],
  [-0.2, 0.1, 0.8],
];
const shared = labelledMixture({ centres, weights, covariance });
const own = labelledMixture({ centres, weights, covariances: [covariance, 0.4, 2, covariance] });
const x = Float64Array.of(0.3, -0.7, 1.1);
const vector = () => new Float64Array(3);

function moved(point: Float64Array, i: number, step: number): Float64Array {
  return point.map((value, j) => (i === j ? value + step : value));
}

describe.each([
  ['shared covariance', shared],
  ['covariance of each class', own],
])('a labelled mixture, %s', (_name, mixture) => {
  const moment = diffuseMixture(mixture).at(0.3);

  it('the score is the gradient of the log density, and guidance that of the log posterior (1e-9)', () => {
    const score = vector();
    const guided = vector();
    const ofClass = vector();
    moment.score(x, score);
    moment.guidedScore(2, 3.5, x, guided);
    moment.classScore(2, x, ofClass);
    const logs = new Float64Array(4);
    for (let i = 0; i < 3; i++) {
      const slope = derivativeAtZero((h) => moment.logDensity(moved(x, i, h)), 1e-3);
      const ofPosterior = derivativeAtZero((h) => {
        moment.logPosterior(moved(x, i, h), logs);
        return logs[2]!;
      }, 1e-3);
      expect(Math.abs(score[i]! - slope)).toBeLessThan(1e-9);
      expect(Math.abs(ofClass[i]! - score[i]! - ofPosterior)).toBeLessThan(1e-9);
      expect(Math.abs(guided[i]! - ofClass[i]! - 3.5 * ofPosterior)).toBeLessThan(4e-9);
    }
  });

  it('Jacobian and divergence of the guided score against differences (1e-9)', () => {
    const jacobian = new Float64Array(9);
    moment.guidedScoreJacobian(1, 2.5, x, jacobian);
    const out = vector();
    let trace = 0;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const slope = derivativeAtZero((h) => {
          moment.guidedScore(1, 2.5, moved(x, j, h), out);
          return out[i]!;
        }, 1e-3);
        expect(Math.abs(jacobian[i * 3 + j]! - slope)).toBeLessThan(1e-9);
      }
      trace += jacobian[i * 4]!;
    }
    expect(Math.abs(moment.guidedScoreDivergence(1, 2.5, x) - trace)).toBeLessThan(1e-13);
  });

  it('w = -1 is the score of the whole mixture for every class, and nothing is NaN far out (1e-13)', () => {
    const score = vector();
    moment.score(x, score);
    const out = vector();
    for (let k = 0; k < 4; k++) {
      moment.guidedScore(k, -1, x, out);
      for (let i = 0; i < 3; i++) expect(Math.abs(out[i]! - score[i]!)).toBeLessThan(1e-13);
    }
    const far = Float64Array.of(1e5, -1e5, 3e4);
    const logs = new Float64Array(4);
    moment.logPosterior(far, logs);
    expect(Math.max(...logs)).toBeLessThanOrEqual(0);
    expect(logs.every(Number.isFinite)).toBe(true);
    moment.guidedScore(0, 2, far, out);
    expect(out.every(Number.isFinite)).toBe(true);
  });
});

describe('labelled mixtures', () => {
  it('equal covariances given one by one are the shared one (1e-13)', () => {
    const each = labelledMixture({ centres, weights, covariances: centres.map(() => covariance) });
    const [a, b] = [diffuseMixture(shared).at(0.2), diffuseMixture(each).at(0.2)];
    expect(Math.abs(a.logDensity(x) - b.logDensity(x))).toBeLessThan(1e-13);
    const jacobians = [new Float64Array(9), new Float64Array(9)] as const;
    a.guidedScoreJacobian(3, 4, x, jacobians[0]);
    b.guidedScoreJacobian(3, 4, x, jacobians[1]);
    jacobians[0].forEach((value, i) => {
      expect(Math.abs(value - jacobians[1][i]!)).toBeLessThan(1e-13);
    });
    expect(a.guidedScoreDivergence(3, 4, x)).toBeCloseTo(b.guidedScoreDivergence(3, 4, x), 12);
  });

  it('equal weights and an isotropic covariance give the reference of the many-class model (1e-13)', () => {
    const sigma2 = 0.7;
    const time = 0.4;
    const plain = labelledMixture({ centres, covariance: sigma2 });
    const moment = diffuseMixture(plain).at(time);
    const a = Math.exp(-time);
    const variance = a * a * sigma2 + 1 - a * a;
    const reference = { centres: plain.centres, dimension: 3 };
    expect(Math.abs(moment.logDensity(x) - logDensity(x, reference, a, variance))).toBeLessThan(1e-13);
    const expected = posterior(x, reference, a, variance);
    const logs = new Float64Array(4);
    moment.logPosterior(x, logs);
    logs.forEach((value, k) => {
      expect(Math.abs(Math.exp(value) - expected[k]!)).toBeLessThan(1e-14);
    });
    const [sc, su] = [
      conditionalScore(x, reference, a, variance),
      unconditionalScore(x, reference, a, variance),
    ];
    const out = vector();
    moment.guidedScore(0, 1.5, x, out);
    out.forEach((value, i) => {
      expect(Math.abs(value - sc[i]! - 1.5 * (sc[i]! - su[i]!))).toBeLessThan(1e-13);
    });
  });

  it('rotating centres, covariances and x rotates the guided score (1e-13)', () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const rotation = [
      [c, -s, 0],
      [s, c, 0],
      [0, 0, 1],
    ];
    const turn = (v: ArrayLike<number>) =>
      rotation.map((row) => row[0]! * v[0]! + row[1]! * v[1]! + row[2]! * v[2]!);
    const columns = [0, 1, 2].map((j) => turn(covariance.map((row) => row[j]!)));
    const turned = [0, 1, 2].map((i) => turn(columns.map((column) => column[i]!)));
    const symmetric = turned.map((row, i) => row.map((value, j) => 0.5 * (value + turned[j]![i]!)));
    const rotated = labelledMixture({ centres: centres.map(turn), weights, covariance: symmetric });
    const [a, b] = [vector(), vector()];
    diffuseMixture(shared).at(0.1).guidedScore(2, 6, x, a);
    diffuseMixture(rotated)
      .at(0.1)
      .guidedScore(2, 6, Float64Array.from(turn(x)), b);
    turn(a).forEach((value, i) => {
      expect(Math.abs(value - b[i]!)).toBeLessThan(1e-13);
    });
  });

  it('the processes are one after x -> x/a: guided scores in proportion a at equal b/a (1e-12)', () => {
    const tau = 0.6;
    const y = Float64Array.of(0.2, -0.4, 0.9);
    const scores = [ornsteinUhlenbeck, varianceExploding, linearInterpolant].map((process) => {
      const time = process.timeAtNoiseToSignal(tau);
      const a = process.signalScale(time);
      const out = vector();
      diffuseMixture(own, process)
        .at(time)
        .guidedScore(
          1,
          3,
          y.map((value) => a * value),
          out,
        );
      return out.map((value) => a * value);
    });
    for (let i = 0; i < 3; i++) {
      expect(Math.abs(scores[0]![i]! - scores[1]![i]!)).toBeLessThan(1e-12);
      expect(Math.abs(scores[2]![i]! - scores[1]![i]!)).toBeLessThan(1e-12);
    }
  });

  it.each<[string, MixtureInput]>([
    ['no centres', { centres: [] }],
    ['centres of no coordinates', { centres: [[]] }],
    ['centres of different dimensions', { centres: [[1, 2], [1]] }],
    ['a centre that is not finite', { centres: [[NaN]] }],
    ['too few weights', { centres: [[1], [2]], weights: [1] }],
    ['weights that do not sum to 1', { centres: [[1], [2]], weights: [0.5, 0.4] }],
    ['a negative weight', { centres: [[1], [2]], weights: [1.5, -0.5] }],
    ['a variance of 0', { centres: [[1]], covariance: 0 }],
    [
      'a covariance of another dimension',
      {
        centres: [[1]],
        covariance: [
          [1, 0],
          [0, 1],
        ],
      },
    ],
    [
      'a covariance that is not symmetric',
      {
        centres: [[1, 2]],
        covariance: [
          [1, 0.5],
          [0, 1],
        ],
      },
    ],
    [
      'a covariance that is not positive definite',
      {
        centres: [[1, 2]],
        covariance: [
          [1, 2],
          [2, 1],
        ],
      },
    ],
    [
      'a singular covariance',
      {
        centres: [[1, 2]],
        covariance: [
          [1, 1],
          [1, 1],
        ],
      },
    ],
    ['too few covariances', { centres: [[1], [2]], covariances: [1] }],
    ['both kinds of covariance', { centres: [[1], [2]], covariance: 1, covariances: [1, 1] }],
    ['an unknown key', { centres: [[1]], variance: 1 } as MixtureInput],
  ])('refuses %s', (_name, input) => {
    expect(() => labelledMixture(input)).toThrow(ParameterError);
  });

  it('refuses a class that is not there and a time outside the process', () => {
    const moment = diffuseMixture(shared).at(0.5);
    expect(() => {
      moment.classScore(4, x, vector());
    }).toThrow('k must be an integer in [0, 3], got 4');
    expect(() => {
      moment.guidedScore(-1, 1, x, vector());
    }).toThrow(ParameterError);
    expect(() => diffuseMixture(shared).at(-1)).toThrow(ParameterError);
    expect(() => diffuseMixture(shared, linearInterpolant).at(1.1)).toThrow(ParameterError);
  });
});

describe('labelledMixture, misuse', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /^mixture must be an object/],
    ['null', null, /^mixture must be an object/],
    ['a number', 3, /^mixture must be an object/],
    ['no centres', {}, /^centres must be at least one centre/],
    ['centres that are a number', { centres: 3 }, /^centres must be at least one centre/],
    ['centres that are text', { centres: '1;-1' }, /^centres must be at least one centre/],
    ['a flat list of centres', { centres: [1, -1] }, /^centres must be at least one centre/],
    ['a centre that is null', { centres: [[1], null] }, /^centres\[1\] must be a vector/],
    [
      'a coordinate that is text',
      { centres: [['1'], [2]] },
      /^centres\[0\] must be a finite number, got "1"/,
    ],
    ['a coordinate that is NaN', { centres: [[NaN]] }, /^centres\[0\] must be a finite number/],
    [
      'a coordinate that is too large',
      { centres: [[2e100]] },
      /^centres\[0\] must be a point with coordinates up to 1e\+100/,
    ],
    [
      'weights that are a number',
      { centres: [[1], [2]], weights: 0.5 },
      /^weights must be a list of 2 numbers/,
    ],
    [
      'weights that are text',
      { centres: [[1], [2]], weights: ['a', 'b'] },
      /^weights\[0\] must be a finite number/,
    ],
    [
      'a covariance that is text',
      { centres: [[1]], covariance: '1' },
      /^covariance must be a number or a 1 x 1/,
    ],
    [
      'a covariance that is null',
      { centres: [[1]], covariance: [null] },
      /^covariance must be a number or a 1 x 1/,
    ],
    ['an entry that is text', { centres: [[1]], covariance: [['a']] }, /^covariance must be a finite number/],
    [
      'a variance that underflows',
      { centres: [[1]], covariance: 1e-201 },
      /^covariance must be of variances/,
    ],
    [
      'a variance that overflows',
      { centres: [[1]], covariance: [[1e201]] },
      /^covariance must be of variances/,
    ],
    ['covariances that are a number', { centres: [[1]], covariances: 2 }, /^covariances must be a list of 1/],
    ['one of them a flag', { centres: [[1]], covariances: [true] }, /^covariances\[0\] must be a number or/],
  ])('%s: one line', (_name, input, message) => {
    expect(() => labelledMixture(input as MixtureInput)).toThrow(ParameterError);
    expect(() => labelledMixture(input as MixtureInput)).toThrow(message);
  });
});
