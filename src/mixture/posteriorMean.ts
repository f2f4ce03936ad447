import {
  NumericalFailure,
  ParameterError,
  requireFunction,
  requireKnownKeys,
  requirePositive,
} from '../numerics/checks.ts';
import { reducedRule } from '../numerics/gaussRule.ts';
import { withAdaptiveIntegrator } from '../numerics/ode/create.ts';
import { gaussLegendre } from '../numerics/quadrature.ts';
import type { CentreLaw, WeightedValue } from './classLaw.ts';

/** A denoiser of one coordinate: E[u | y] for y = u + sqrt(variance) z, z a standard normal. */
export type PosteriorMean = (y: number, variance: number) => number;

/** Settings of {@link posteriorMeanLaw}. */
export interface PosteriorMeanOptions {
  /** Smallest variance of the noise at which the law must have the posterior mean: c/rho of the classes (default 0.01). */
  readonly least?: number;
}

/** Noise, in variances of u, at which y is normal to rounding, and at which it is u. */
const farNoise = 1e7;
const nearNoise = 1e-9;
/** Deviations of the standard normal start beyond which the weight, 5e-10, is left out. */
const reach = 6.2;
/** Order of the rule on a panel, width in deviations of the noise that it resolves, and width below which a panel holds a jump. */
const order = 10;
const widest = 4;
const narrowest = 1e-7;
const mostPanels = 4000;
/** Error of the posterior mean, in deviations of u: of the law that is found, and allowed in a formula that is none. */
const accuracy = 3e-7;
const consistency = 1e-5;
const counts = [8, 16, 24, 32, 48, 64, 96, 128, 192, 256];

/**
 * The law of u whose posterior mean is given, as values (eq. posterior-mean-flow): the probability flow
 *   dy/d log g = (y - E[u | y, g])/2
 * carries the quantiles of y from normal ones at g = 1e7 to those of u at g = 0. A Gauss rule of the values, as short as possible, then has
 * the posterior mean to 3e-7 of a deviation at every g >= `least`.
 * @param mean E[u | y] at noise of a variance, for any real y and any variance > 0
 * @example
 * posteriorMeanLaw((y, variance) => Math.tanh(y / variance)); // values -1 and 1, each with weight 1/2
 * @throws ParameterError for a function that is not the posterior mean of one law at every noise, with the place where it is not
 * @throws NumericalFailure for a law that 256 values do not resolve
 */
export function posteriorMeanLaw(mean: PosteriorMean, options: PosteriorMeanOptions = {}): CentreLaw {
  requireFunction('mean', mean);
  requireKnownKeys('options', options, ['least']);
  const { least = 0.01 } = options;
  requirePositive('least', least);
  const denoiser: PosteriorMean = (y, variance) => {
    const value = mean(y, variance);
    if (!Number.isFinite(value))
      throw new ParameterError(
        'mean',
        `finite at y = ${short(y)}, variance ${short(variance)}`,
        value,
        'write it so that nothing overflows',
      );
    return value;
  };
  const scale = scaleOf(denoiser);
  const found = quantiles(denoiser, scale, widest * Math.sqrt(least));
  requireConsistent(denoiser, found, scale, least);
  const variances = noises(scale, least);
  for (const count of counts) {
    const { nodes, weights } = reducedRule(
      found.map(({ value }) => value),
      found.map(({ weight }) => weight),
      count,
    );
    const values = nodes.map((value, i) => ({ value, weight: weights[i]! }));
    const error = Math.max(
      ...variances.map((g) => meanDistance(posteriorMeanOf(values), denoiser, scale, g)),
    );
    if (error < accuracy * scale.deviation || nodes.length < count) return { kind: 'values', values };
  }
  throw new NumericalFailure(
    `256 values do not have this posterior mean at noise of variance ${short(least)}`,
    'raise least, or give the law as values',
  );
}

/** Mean and deviation of u. */
interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** From the posterior mean at large noise: E u + Var(u) (y - E u)/g. */
function scaleOf(mean: PosteriorMean): Scale {
  let deviation = 1;
  let centre = 0;
  // Noise is large by the measure of the deviation.
  for (let pass = 0; pass < 8; pass++) {
    const g = farNoise * deviation * deviation;
    const root = Math.sqrt(g);
    const [low, high] = [mean(centre - root, g), mean(centre + root, g)];
    centre = 0.5 * (low + high);
    const variance = 0.5 * (high - low) * root;
    if (!(variance > 0))
      throw new ParameterError(
        'mean',
        'increasing in y at large noise',
        high - low,
        'a law without width is no law of centres',
      );
    const next = Math.sqrt(variance);
    if (Math.abs(next / deviation - 1) < 1e-6) return { mean: centre, deviation: next };
    deviation = next;
  }
  throw new ParameterError('mean', 'of a law with a finite variance', deviation);
}

/** u at the quantile of a standard normal z, and its weight: panels in z that are halved where the map has no polynomial. */
function quantiles(mean: PosteriorMean, scale: Scale, span: number): WeightedValue[] {
  const { nodes, weights } = gaussLegendre(order);
  const at = (z: number) => quantile(mean, scale, z);
  const panel = (low: number, high: number) => {
    const half = 0.5 * (high - low);
    return Array.from(nodes, (node, i) => {
      const z = low + half * (1 + node);
      return {
        value: at(z),
        weight: (half * weights[i]! * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI),
      };
    });
  };
  const found: WeightedValue[] = [];
  const open: [low: number, high: number, points: WeightedValue[]][] = [];
  const panels = 2 * Math.ceil(reach);
  for (let i = 0; i < panels; i++) {
    const [low, high] = [(i * 2 * reach) / panels - reach, ((i + 1) * 2 * reach) / panels - reach];
    open.push([low, high, panel(low, high)]);
  }
  let visited = 0;
  while (open.length > 0) {
    const [low, high, points] = open.pop()!;
    const middle = 0.5 * (low + high);
    const halves = [panel(low, middle), panel(middle, high)] as const;
    const finer = [...halves[0], ...halves[1]];
    const scaleOfError = [1, scale.deviation, scale.deviation ** 2];
    const agree = scaleOfError.every(
      (unit, power) => Math.abs(moment(points, power, scale) - moment(finer, power, scale)) < 1e-12 * unit,
    );
    const isNarrow = points.at(-1)!.value - points[0]!.value < span;
    if ((agree && isNarrow) || high - low < narrowest) {
      found.push(...finer);
      continue;
    }
    visited += 1;
    if (visited > mostPanels)
      throw new ParameterError('mean', 'of a law with fewer jumps', visited, 'give the law as values');
    open.push([low, middle, halves[0]], [middle, high, halves[1]]);
  }
  return merged(found, scale);
}

function moment(points: readonly WeightedValue[], power: number, scale: Scale): number {
  return points.reduce((sum, { value, weight }) => sum + weight * (value - scale.mean) ** power, 0);
}

/** y at the end of the flow that starts at the quantile z. */
function quantile(mean: PosteriorMean, scale: Scale, z: number): number {
  const unit = scale.deviation ** 2;
  const [from, to] = [Math.log(farNoise * unit), Math.log(nearNoise * unit)];
  const start = Float64Array.of(scale.mean + scale.deviation * Math.sqrt(farNoise + 1) * z);
  const control = { relativeTolerance: 1e-10, absoluteTolerance: 1e-12 * scale.deviation };
  return withAdaptiveIntegrator('dormand-prince', 1, control, (integrator) => {
    // The clock runs towards less noise.
    integrator.restart(
      (clock, state, out) => {
        out[0] = 0.5 * (mean(state[0]!, Math.exp(-clock)) - state[0]!);
      },
      -from,
      start,
    );
    while (integrator.time < -to) {
      const status = integrator.advance(-to);
      if (status !== 'ok')
        throw new ParameterError(
          'mean',
          'a smooth function of y',
          `no step from noise of variance ${short(Math.exp(-integrator.time))}`,
        );
    }
    return mean(integrator.state[0]!, Math.exp(to));
  });
}

/** Values closer than the flow can tell are one; shares that are rounding are left out. */
function merged(points: readonly WeightedValue[], { deviation }: Scale): WeightedValue[] {
  const sorted = [...points].sort((a, b) => a.value - b.value);
  const joined: { value: number; weight: number }[] = [];
  for (const { value, weight } of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && value - last.value < 1e-8 * deviation) {
      const sum = last.weight + weight;
      last.value += ((value - last.value) * weight) / sum;
      last.weight = sum;
    } else joined.push({ value, weight });
  }
  const kept = joined.filter(({ weight }) => weight > 1e-13);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return kept.map(({ value, weight }) => ({ value, weight: weight / total }));
}

/** E[u | y] of values. */
function posteriorMeanOf(values: readonly WeightedValue[]): PosteriorMean {
  return (y, variance) => {
    const exponents = values.map(({ value, weight }) => Math.log(weight) - (y - value) ** 2 / (2 * variance));
    const top = Math.max(...exponents);
    let [sum, first] = [0, 0];
    values.forEach(({ value }, i) => {
      const share = Math.exp(exponents[i]! - top);
      sum += share;
      first += share * value;
    });
    return first / sum;
  };
}

/** Variances of the noise, from the least one up to far beyond u. */
function noises({ deviation }: Scale, least: number): number[] {
  const top = Math.max(least, 10 * deviation ** 2);
  const count = Math.max(2, Math.ceil(3 * Math.log10(top / least)));
  return Array.from({ length: count }, (_, i) => least * (top / least) ** (i / (count - 1)));
}

/** Root mean square difference of two posterior means under a normal law of y with its moments. */
function meanDistance(a: PosteriorMean, b: PosteriorMean, { mean, deviation }: Scale, g: number): number {
  const root = Math.sqrt(deviation ** 2 + g);
  let sum = 0;
  for (const z of places)
    sum += Math.exp(-0.5 * z * z) * (a(mean + root * z, g) - b(mean + root * z, g)) ** 2;
  return Math.sqrt((sum * placesApart) / Math.sqrt(2 * Math.PI));
}

const placesApart = 0.2;
const places = Array.from({ length: 51 }, (_, i) => placesApart * (i - 25));

/** Throws where the law that is found has another posterior mean. */
function requireConsistent(
  mean: PosteriorMean,
  found: readonly WeightedValue[],
  scale: Scale,
  least: number,
): void {
  const own = posteriorMeanOf(found);
  for (const g of noises(scale, Math.max(least, 1e-3 * scale.deviation ** 2))) {
    if (meanDistance(own, mean, scale, g) < consistency * scale.deviation) continue;
    const root = Math.sqrt(scale.deviation ** 2 + g);
    const lack = (z: number) =>
      Math.exp(-0.5 * z * z) * Math.abs(own(scale.mean + root * z, g) - mean(scale.mean + root * z, g));
    const worst = places.reduce((best, z) => (lack(z) > lack(best) ? z : best));
    const y = scale.mean + root * worst;
    throw new ParameterError(
      'mean',
      'the posterior mean E[u | y] of one law at every noise',
      `${short(mean(y, g))} at y = ${short(y)}, variance ${short(g)}`,
      `the law that it has at large noise gives ${short(own(y, g))} there`,
    );
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
