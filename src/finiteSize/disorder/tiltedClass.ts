import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { logSphereAverage } from '../../numerics/besselRatio.ts';
import type { RandomStream } from '../../numerics/random.ts';

/**
 * Law of a centre tilted towards a particle: density P(mu) e^(beta l)/E e^(beta l), l = x Y.mu - x^2 |mu|^2/2. At beta = 1 it
 * is the posterior law of a competing class; beta < 1 reaches less far.
 */
export interface TiltedClass {
  /** log E e^(beta l) over the ensemble, at |Y|. */
  logMean(x: number, beta: number, length: number): number;
  /** Draws a centre at Y into `out`. */
  draw(
    x: number,
    beta: number,
    Y: Float64Array,
    length: number,
    draws: RandomStream,
    out: Float64Array,
  ): void;
}

export function tiltedClass(ensemble: ClassEnsemble, dimension: number): TiltedClass {
  return ensemble === 'gaussian' ? gaussianTilted(dimension) : sphericalTilted(dimension);
}

/** N(beta x Y/(1 + beta x^2), I/(1 + beta x^2)). */
function gaussianTilted(dimension: number): TiltedClass {
  return {
    logMean: (x, beta, length) => {
      const E = beta * x * x;
      return 0.5 * ((beta * E * length * length) / (1 + E) - dimension * Math.log1p(E));
    },
    draw: (x, beta, Y, _length, draws, out) => {
      const E = beta * x * x;
      const spread = 1 / Math.sqrt(1 + E);
      for (let i = 0; i < dimension; i++) out[i] = (beta * x * Y[i]!) / (1 + E) + spread * draws.nextNormal();
    },
  };
}

/**
 * The sphere |mu|^2 = d with the weight e^(kappa u), u = mu.Y/(|mu| |Y|), kappa = beta x |Y| sqrt(d): a von Mises-Fisher law, by
 * the rejection method of Wood (Commun. Statist. Simul. 23, 157, 1994).
 */
function sphericalTilted(dimension: number): TiltedClass {
  const nu = dimension / 2 - 1;
  const root = Math.sqrt(dimension);
  const n = dimension - 1;
  return {
    logMean: (x, beta, length) =>
      logSphereAverage(nu, beta * x * length * root) - 0.5 * beta * x * x * dimension,
    draw: (x, beta, Y, length, draws, out) => {
      const kappa = beta * x * length * root;
      const b = n / (2 * kappa + Math.sqrt(4 * kappa * kappa + n * n));
      const from = (1 - b) / (1 + b);
      const c = kappa * from + n * Math.log(1 - from * from);
      const attempt = (): number => {
        const p = draws.nextChiSquare(n);
        const share = p / (p + draws.nextChiSquare(n));
        return (1 - (1 + b) * share) / (1 - (1 - b) * share);
      };
      let u = attempt();
      while (kappa * u + n * Math.log(1 - from * u) - c < Math.log(draws.nextUniform())) u = attempt();
      let along = 0;
      for (let i = 0; i < dimension; i++) {
        out[i] = draws.nextNormal();
        along += (out[i]! * Y[i]!) / length;
      }
      let square = 0;
      for (let i = 0; i < dimension; i++) {
        out[i] = out[i]! - (along * Y[i]!) / length;
        square += out[i]! * out[i]!;
      }
      const across = Math.sqrt((1 - u * u) / square);
      for (let i = 0; i < dimension; i++) out[i] = root * ((u * Y[i]!) / length + across * out[i]!);
    },
  };
}
