import type { CentreLaw, ClassBand, WeightedValue } from '../../mixture/classLaw.ts';
import { scaledErfc } from '../../numerics/erfc.ts';

/**
 * Average density of a coordinate over the classes of a band, Z(y) = E N(y; mu, c + tau) over (mu, c) of its law: a mixture of gaussians, and
 * of Laplace densities that a gaussian has smoothed.
 */
export interface AveragedCoordinate {
  /** log Z + log(2 pi)/2 at the last point. */
  logDensity: number;
  /** d log Z/dy there. */
  score: number;
  /** Moves to a noise level. */
  setNoise(tau: number): void;
  /** Evaluates at a point. */
  update(y: number): void;
}

/** Average density of a band's coordinates. */
export function averagedCoordinate({
  rho,
  c,
  centres = { kind: 'gaussian' },
}: ClassBand): AveragedCoordinate {
  const variances: readonly WeightedValue[] = typeof c === 'number' ? [{ value: c, weight: 1 }] : c;
  if (centres.kind === 'laplace' && rho > 0) return smoothedLaplace(Math.sqrt(rho / 2), variances);
  const parts = gaussianParts(centres).flatMap(({ weight, mean, variance }) =>
    variances.map(({ value, weight: share }) => ({
      weight: weight * share,
      mean: Math.sqrt(rho) * mean,
      variance: rho * variance + value,
    })),
  );
  return parts.length === 1 ? gaussian(parts[0]!) : gaussianMixture(parts);
}

/** Mean of a coordinate over the classes. */
export function meanOfCentres({ rho, centres }: ClassBand): number {
  if (centres?.kind !== 'values') return 0;
  return Math.sqrt(rho) * centres.values.reduce((sum, { value, weight }) => sum + weight * value, 0);
}

interface Part {
  readonly weight: number;
  readonly mean: number;
  readonly variance: number;
}

/** The law of u as gaussians, some without width. */
function gaussianParts(law: CentreLaw): Part[] {
  switch (law.kind) {
    case 'signs':
      return [1, -1].map((mean) => ({ weight: 0.5, mean, variance: 0 }));
    case 'bernoulli-gauss':
      return [
        { weight: law.share, mean: 0, variance: 1 / law.share },
        ...(law.share < 1 ? [{ weight: 1 - law.share, mean: 0, variance: 0 }] : []),
      ];
    case 'values':
      return law.values.map(({ value, weight }) => ({ weight, mean: value, variance: 0 }));
    default:
      // Laplace only where rho = 0.
      return [{ weight: 1, mean: 0, variance: law.kind === 'gaussian' ? 1 : 0 }];
  }
}

function gaussian({ mean, variance }: Part): AveragedCoordinate {
  let inverse = NaN;
  let logNorm = NaN;
  return {
    logDensity: NaN,
    score: NaN,
    setNoise(tau) {
      inverse = 1 / (variance + tau);
      logNorm = 0.5 * Math.log(inverse);
    },
    update(y) {
      const away = y - mean;
      this.score = -away * inverse;
      this.logDensity = logNorm - 0.5 * away * away * inverse;
    },
  };
}

function gaussianMixture(parts: readonly Part[]): AveragedCoordinate {
  const count = parts.length;
  const means = Float64Array.from(parts, ({ mean }) => mean);
  const inverses = new Float64Array(count);
  const logNorms = new Float64Array(count);
  const logs = new Float64Array(count);
  return {
    logDensity: NaN,
    score: NaN,
    setNoise(tau) {
      parts.forEach(({ weight, variance }, j) => {
        inverses[j] = 1 / (variance + tau);
        logNorms[j] = Math.log(weight) + 0.5 * Math.log(inverses[j]);
      });
    },
    update(y) {
      let largest = -Infinity;
      for (let j = 0; j < count; j++) {
        const away = y - means[j]!;
        const log = logNorms[j]! - 0.5 * away * away * inverses[j]!;
        logs[j] = log;
        if (log > largest) largest = log;
      }
      let sum = 0;
      let slope = 0;
      for (let j = 0; j < count; j++) {
        const weight = Math.exp(logs[j]! - largest);
        sum += weight;
        slope -= weight * (y - means[j]!) * inverses[j]!;
      }
      this.score = slope / sum;
      this.logDensity = largest + Math.log(sum);
    },
  };
}

/**
 * Laplace law exp(-|mu|/b)/(2 b), smoothed by a gaussian of variance g: half of it for each sign of mu,
 *   Z(y) sqrt(2 pi) = sqrt(pi/2)/(2 b) [h(y) + h(-y)],   h(y) = exp(g/(2 b^2) - y/b) erfc(t),   t = (g/b - y)/sqrt(2 g),
 * with exp(g/(2 b^2) - y/b) = exp(t^2 - y^2/(2 g)). As the derivatives of the two erfc cancel, d log Z/dy = (h(-y) - h(y))/(b (h(y) + h(-y))).
 */
function smoothedLaplace(b: number, variances: readonly WeightedValue[]): AveragedCoordinate {
  const logScale = 0.5 * Math.log(Math.PI / 2) - Math.log(2 * b);
  const widths = new Float64Array(variances.length);
  const logHalf = (y: number, g: number): number => {
    const t = (g / b - y) / Math.sqrt(2 * g);
    if (t >= 0) return Math.log(scaledErfc(t)) - (0.5 * y * y) / g;
    return (0.5 * g) / (b * b) - y / b + Math.log(2 - scaledErfc(-t) * Math.exp(-t * t));
  };
  return {
    logDensity: NaN,
    score: NaN,
    setNoise(tau) {
      variances.forEach(({ value }, j) => {
        widths[j] = value + tau;
      });
    },
    update(y) {
      let [largest, sum, slope] = [-Infinity, 0, 0];
      for (let j = 0; j < widths.length; j++) {
        const [up, down] = [logHalf(y, widths[j]!), logHalf(-y, widths[j]!)];
        const top = Math.max(up, down);
        if (top > largest) {
          const shrink = Math.exp(largest - top);
          sum *= shrink;
          slope *= shrink;
          largest = top;
        }
        const [ofUp, ofDown] = [Math.exp(up - largest), Math.exp(down - largest)];
        sum += variances[j]!.weight * (ofUp + ofDown);
        slope += variances[j]!.weight * (ofDown - ofUp);
      }
      this.score = slope / (sum * b);
      this.logDensity = logScale + largest + Math.log(sum);
    },
  };
}
