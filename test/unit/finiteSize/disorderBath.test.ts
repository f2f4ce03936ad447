import { describe, expect, it } from 'vitest';
import { annealedBath, tabulatedBath } from '../../../src/finiteSize/disorder/bath.ts';
import { classLaw } from '../../../src/finiteSize/disorder/classLaw.ts';
import {
  posteriorMean,
  type Components,
  type FlowGrid,
  type PosteriorMean,
} from '../../../src/finiteSize/disorder/path.ts';
import { tiltedClass } from '../../../src/finiteSize/disorder/tiltedClass.ts';
import { ensembles } from '../../../src/mixture/ensemble.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { RunningMoments } from '../../../src/numerics/statistics.ts';
import { annealedPosterior } from '../../../src/particles/reduced/annealedClasses.ts';

const dimension = 8;
const others = 30;
const root = Math.sqrt(dimension);
/** A place where guided and competing classes have comparable weights. */
const x = 1.1;
const place: Components = [1.1 * root, 0.9 * root, 0];
const length = Math.hypot(...place);
const nodes = Float64Array.of(x);
const grid: FlowGrid = { nodes, w: Float64Array.of(1, 1, 1), steps: 0 };

const evaluate = (bath: Parameters<typeof posteriorMean>[0], explicit: Components | null): PosteriorMean => {
  const out: PosteriorMean = { mean: [0, 0, 0], logTotal: 0 };
  posteriorMean(bath, grid, 0, dimension, place, explicit, out);
  return out;
};

/** Draws a centre at random: components along mu_c, along the second direction, and the length of the rest. */
function drawCentre(ensemble: (typeof ensembles)[number], draws: RandomStream, out: Components): void {
  const all = Array.from({ length: dimension }, () => draws.nextNormal());
  const square = all.reduce((sum, value) => sum + value * value, 0);
  const scale = ensemble === 'gaussian' ? 1 : root / Math.sqrt(square);
  out[0] = scale * all[0]!;
  out[1] = scale * all[1]!;
  out[2] = scale * Math.sqrt(square - all[0]! ** 2 - all[1]! ** 2);
}

const expectMean = (moments: RunningMoments, value: number) => {
  expect(Math.abs(moments.mean - value)).toBeLessThan(4 * moments.standardError!);
  // otherwise the test could not fail
  expect(moments.standardError!).toBeLessThan(0.03 * Math.abs(value));
};

describe.each(ensembles)('competing classes at a fixed place, %s', (ensemble) => {
  it('has the mean weight and the attraction of the annealed average, to 1e-3', () => {
    for (const at of [0.001, 0.03, 0.1, 0.6, 1.1, 2]) {
      const law = classLaw(ensemble, dimension, at, length, Math.log(others), 0.6);
      const annealed = annealedBath(ensemble, dimension, Math.log(others), Float64Array.of(at));
      annealed.evaluate(0, length, 0, false);
      let weight = 0;
      let attraction = 0;
      law.probability.forEach((p, i) => {
        const term = p * Math.exp(law.firstLog + i * law.logStep);
        weight += term;
        attraction += term * law.attraction[i]!;
      });
      expect(Math.abs(Math.log(others * weight) - annealed.logWeight)).toBeLessThan(1e-3);
      expect(Math.abs(attraction / weight - annealed.attraction)).toBeLessThan(1e-3);
    }
  });

  it('agrees with the annealed posterior of the reduced simulation, to 1e-12', () => {
    const bath = annealedBath(ensemble, dimension, Math.log(others), nodes);
    const { mean } = evaluate(bath, null);
    const posterior = annealedPosterior(ensemble, dimension, Math.log(others + 1), dimension);
    const [c, y] = [place[0] / x, place[1] / x];
    posterior.update(c / root, y * y, 1 / (x * x));
    expect(mean[0]).toBeCloseTo(posterior.guidedWeight * root + posterior.attraction * c, 12);
    expect(mean[1]).toBeCloseTo(posterior.attraction * y, 12);
  });

  it('is averaged over centres as explicit draws are, within 4 standard errors', () => {
    const bath = tabulatedBath(ensemble, dimension, Math.log(others), nodes);
    bath.begin(0.9 * length);
    const { mean, logTotal } = evaluate(bath, null);
    const logGuided = x * (place[0] * root - 0.5 * x * dimension);
    const guided = Math.exp(logGuided - logTotal);
    const participation = bath.participation();
    const draws = new RandomStream(11, 3);
    const moments = [0, 0, 0, 0].map(() => new RunningMoments());
    const mu: Components = [0, 0, 0];
    for (let draw = 0; draw < 8000; draw++) {
      let total = Math.exp(logGuided);
      const sum = [total * root, 0];
      let squares = 0;
      for (let k = 0; k < others; k++) {
        drawCentre(ensemble, draws, mu);
        const square = mu[0] ** 2 + mu[1] ** 2 + mu[2] ** 2;
        const weight = Math.exp(x * (place[0] * mu[0] + place[1] * mu[1] - 0.5 * x * square));
        total += weight;
        squares += weight * weight;
        sum[0]! += weight * mu[0];
        sum[1]! += weight * mu[1];
      }
      moments[0]!.add(Math.exp(logGuided) / total);
      moments[1]!.add(sum[0]! / total);
      moments[2]!.add(sum[1]! / total);
      moments[3]!.add(squares / total ** 2);
    }
    [guided, mean[0], mean[1], participation].forEach((value, i) => {
      expectMean(moments[i]!, value);
    });
    // The annealed average is something else: 20 standard errors away.
    const annealed = evaluate(annealedBath(ensemble, dimension, Math.log(others), nodes), null);
    expect(Math.abs(annealed.mean[1] - mean[1])).toBeGreaterThan(20 * moments[2]!.standardError!);
  });

  it('is recovered by averaging over one explicit class, within 4 standard errors', () => {
    const bath = tabulatedBath(ensemble, dimension, Math.log(others), nodes);
    bath.begin(length);
    const whole = evaluate(bath, null);
    const draws = new RandomStream(12, 3);
    const first = new RunningMoments();
    const second = new RunningMoments();
    const mu: Components = [0, 0, 0];
    for (let draw = 0; draw < 20_000; draw++) {
      drawCentre(ensemble, draws, mu);
      const { mean } = evaluate(bath, mu);
      first.add(mean[0]);
      second.add(mean[1]);
    }
    expectMean(first, whole.mean[0]);
    expectMean(second, whole.mean[1]);
  });

  it('draws tilted centres with the mean of their law, within 4 standard errors', () => {
    const law = tiltedClass(ensemble, dimension);
    const Y = Float64Array.from({ length: dimension }, (_, i) => (i < 2 ? place[i]! : 0));
    const draws = new RandomStream(13, 3);
    const mu = new Float64Array(dimension);
    for (const beta of [0.5, 1]) {
      const moments = new RunningMoments();
      for (let draw = 0; draw < 5000; draw++) {
        law.draw(x, beta, Y, length, draws, mu);
        moments.add((Y[0]! * mu[0]! + Y[1]! * mu[1]!) / length);
      }
      // d/d|Y| of log E e^(beta l) is beta x times the mean of mu along Y.
      const step = 1e-4;
      const slope = (law.logMean(x, beta, length + step) - law.logMean(x, beta, length - step)) / (2 * step);
      expectMean(moments, slope / (beta * x));
    }
  });
});
