import {
  ParameterError,
  requireFlag,
  requireFloats,
  requireInteger,
  requireObject,
} from '../numerics/checks.ts';
import { gaussLegendre } from '../numerics/quadrature.ts';
import { RandomStream } from '../numerics/random.ts';
import { requireTime } from '../process/process.ts';
import { requireDiffused, type DiffusedMixture } from '../mixture/labelled/diffused.ts';

/** Points of x with weights: E g = sum_n weight_n g(x_n) under p_t. */
export interface Points {
  readonly count: number;
  /** count x d. */
  readonly x: Float64Array;
  /** Sum 1: all 1/count for samples; density times quadrature weight in one dimension. */
  readonly weights: Float64Array;
  /** True for independent samples, whose spread gives a standard error; false for quadrature nodes. */
  readonly random: boolean;
}

/** Throws unless `points` are points with weights. */
export function requirePoints(parameter: string, points: Points): void {
  requireObject(parameter, points);
  const { count, x, weights, random } = points;
  requireInteger(`${parameter}.count`, count, 1);
  requireFloats(`${parameter}.x`, x);
  if (x.length === 0 || x.length % count !== 0) {
    throw new ParameterError(`${parameter}.x`, `of length ${count} x d`, x.length);
  }
  requireFloats(`${parameter}.weights`, weights, count);
  requireFlag(`${parameter}.random`, random);
}

const pointStream = 152;
/** Samples beyond which a request is refused. */
export const mostSamples = 100_000_000;

/**
 * Independent samples of p_t: a class by its weight, then x = a mu_k + V diag(a^2 c + b^2)^(1/2) z. Sample n is the same
 * whatever their number.
 */
export function samplePoints(diffused: DiffusedMixture, time: number, samples: number, seed: number): Points {
  requireDiffused('diffused', diffused);
  const { mixture, process } = diffused;
  requireTime('time', process, time);
  requireInteger('samples', samples, 2, mostSamples);
  const { dimension: d, classes, weights, centres } = mixture;
  const a = process.signalScale(time);
  const b2 = process.noiseVariance(time);
  const spectra = mixture.spectra;
  const stream = new RandomStream(seed, pointStream);
  const z = new Float64Array(d);
  const x = new Float64Array(samples * d);
  for (let n = 0; n < samples; n++) {
    stream.moveTo(n);
    let rest = stream.nextUniform();
    let k = 0;
    while (k < classes - 1 && rest >= weights[k]!) rest -= weights[k++]!;
    const { values, vectors } = spectra[mixture.shared ? 0 : k]!;
    stream.normals(z, 0, d);
    for (let m = 0; m < d; m++) z[m]! *= Math.sqrt(a * a * values[m]! + b2);
    for (let i = 0; i < d; i++) {
      let sum = a * centres[k * d + i]!;
      for (let m = 0; m < d; m++) sum += vectors[i * d + m]! * z[m]!;
      x[n * d + i] = sum;
    }
  }
  return { count: samples, x, weights: new Float64Array(samples).fill(1 / samples), random: true };
}

/** Standard deviations beyond the outermost centre: the neglected mass is below 1e-32. */
const reach = 12;
const panelOrder = 16;

/**
 * Nodes of a composite Gauss-Legendre rule (16 points a panel) in one dimension, over all centres and 12 standard deviations
 * beyond; the weights hold the density.
 * @param panels at least 1; half a standard deviation or half a wave a panel gives 1e-12
 * @throws ParameterError unless the dimension is 1
 */
export function quadraturePoints(diffused: DiffusedMixture, time: number, panels: number): Points {
  requireDiffused('diffused', diffused);
  const { mixture, process } = diffused;
  requireTime('time', process, time);
  requireInteger('panels', panels, 1, 1_000_000);
  if (mixture.dimension !== 1) {
    throw new ParameterError('dimension', '1 for quadrature', mixture.dimension, 'sample instead');
  }
  const law = diffused.at(time);
  const a = process.signalScale(time);
  const b2 = process.noiseVariance(time);
  let lo = Infinity;
  let hi = -Infinity;
  for (let k = 0; k < mixture.classes; k++) {
    const variance = a * a * mixture.covariances[mixture.shared ? 0 : k]![0]! + b2;
    lo = Math.min(lo, a * mixture.centres[k]! - reach * Math.sqrt(variance));
    hi = Math.max(hi, a * mixture.centres[k]! + reach * Math.sqrt(variance));
  }
  const rule = gaussLegendre(panelOrder);
  const count = panels * panelOrder;
  const x = new Float64Array(count);
  const weights = new Float64Array(count);
  const half = (hi - lo) / (2 * panels);
  const at = new Float64Array(1);
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < panelOrder; i++) {
      const n = panel * panelOrder + i;
      at[0] = lo + half * (2 * panel + 1 + rule.nodes[i]!);
      x[n] = at[0];
      weights[n] = half * rule.weights[i]! * Math.exp(law.logDensity(at));
    }
  }
  return { count, x, weights, random: false };
}
