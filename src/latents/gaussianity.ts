import { requireMembers } from '../numerics/checks.ts';
import type { FittedClasses } from './covariances.ts';
import type { Latents } from './reading/latents.ts';

/** How far the samples of a class are from a Gaussian of the fitted covariance. */
export interface ClassGaussianity {
  readonly label: string;
  /** <q^2> d/(<q>^2 (d + 2)) of the squared Mahalanobis distances q: 1 for a Gaussian, more for heavy tails or several modes. */
  readonly kurtosis: number;
  /** Standard error of `kurtosis` if the class is Gaussian. */
  readonly standardError: number;
}

/**
 * Kurtosis of every class (eq. class-kurtosis; Mardia, Biometrika 57 (1970) 519, relative to a Gaussian's and free of scale), in a second pass over the latents.
 * Directions of a few modes, in which kurtosis is small, can cancel heavy tails of others: 1 is no proof.
 * @throws ParameterError unless the latents have the classes that were fitted
 */
export function classGaussianity(latents: Latents, fitted: FittedClasses): ClassGaussianity[] {
  requireMembers('latents', latents, { dimension: 'number', scan: 'function' });
  requireMembers('fitted', fitted, { mixture: 'object', axes: 'list', labels: 'list' });
  const { mixture, axes, origin, labels } = fitted;
  const { dimension: d } = mixture;
  const full = latents.dimension;
  const indexOf = new Map(labels.map((label, k) => [label, k]));
  const sums = labels.map(() => ({ count: 0, first: 0, second: 0 }));
  const y = new Float64Array(d);
  latents.scan((values, rowLabels, count) => {
    for (let n = 0; n < count; n++) {
      const k = indexOf.get(String(rowLabels[n]));
      if (k === undefined) continue;
      for (let j = 0; j < d; j++) {
        const axis = axes[j]!;
        let along = -mixture.centres[k * d + j]!;
        for (let i = 0; i < full; i++) along += axis[i]! * (values[n * full + i]! - origin[i]!);
        y[j] = along;
      }
      const { values: variances, vectors } = mixture.spectra[mixture.shared ? 0 : k]!;
      let q = 0;
      for (let j = 0; j < d; j++) {
        let along = 0;
        for (let i = 0; i < d; i++) along += vectors[i * d + j]! * y[i]!;
        q += (along * along) / variances[j]!;
      }
      const sum = sums[k]!;
      sum.count++;
      sum.first += q;
      sum.second += q * q;
    }
  });
  return sums.map(({ count, first, second }, k) => ({
    label: labels[k]!,
    kurtosis: (second * count * d) / (first * first * (d + 2)),
    standardError: Math.sqrt(8 / (count * d * (d + 2))),
  }));
}
