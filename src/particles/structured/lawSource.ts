import type { ClassSource } from '../kernels/kernel.ts';
import type { StructuredClasses } from './explicitClasses.ts';
import type { LawSize } from './size.ts';
import { bandOfCoordinates } from './variances.ts';

/**
 * Classes whose log-weights are not those of one variance, as a {@link ClassSource} at one noise level tau at a time (eq. law-features).
 * With z = y - mu_0, delta_k = mu_k - mu_0 and g_k,i = c_k,i + tau, the log-weight of class k over that of class 0 is
 *   sum_i [ z_i delta_k,i/g_k,i + z_i^2/2 (1/g_0,i - 1/g_k,i) - delta_k,i^2/(2 g_k,i) - log(g_k,i/g_0,i)/2 ],
 * linear in z_i and z_i^2. A kernel computes z'.f_k - |f_k|^2/2; with h_i the least g of the band,
 *   f_k = ( delta_k,i sqrt(h_i)/g_k,i ;  h_i (1/g_0,i - 1/g_k,i) ;  e_k ;  kappa ),
 *   z'  = ( z_i/sqrt(h_i)             ;  z_i^2/(2 h_i)           ;  0   ;  kappa ),
 * where e_k makes |f_k|^2/2 the part without z up to a constant, which kappa takes back. The middle part has the coordinates in bands of
 * several variances; without any, f_k is delta_k/sqrt(g), and e_k and kappa are left out.
 */
export interface LawSource {
  readonly source: ClassSource;
  /** Moves to a noise level. */
  setNoise(tau: number): void;
  /** Writes z' of `count` particles at y. */
  writeFeatures(y: Float64Array, count: number, features: Float64Array): void;
  /**
   * Writes y_i + g_0,i s_u,i from the mean features, with the score s_u of the whole mixture: the mean of mu_k where there is one variance.
   */
  writeMeans(y: Float64Array, count: number, features: Float64Array, means: Float64Array): void;
}

/** Number of features. */
export function lawFeatures({ counts, variances }: LawSize): number {
  const several = counts.filter((_, b) => variances[b]!.length > 1);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, count) => total + count, 0);
  return sum(counts) + (several.length > 0 ? sum(several) + 2 : 0);
}

/** Features of the classes of a realisation. */
export function lawSource(size: LawSize, classes: StructuredClasses): LawSource {
  const { dimension: d, first, deltas, choices } = classes;
  const bands = bandOfCoordinates(size);
  const own = Array.from(bands.keys()).filter((i) => size.variances[bands[i]!]!.length > 1);
  const isOwn = own.length > 0;
  const dimension = lawFeatures(size);
  /** Per band: begin of its variances in the tables. */
  const offsets = size.variances.map((_, b) =>
    size.variances.slice(0, b).reduce((sum, { length }) => sum + length, 0),
  );
  const tableAt = Array.from(bands, (b) => offsets[b]!);
  const variances = size.variances.flat();
  const inverses = new Float64Array(variances.length);
  const logs = new Float64Array(variances.length);
  /** h, sqrt(h) and g_0 of each coordinate, and the place of c_0 in the tables. */
  const least = new Float64Array(d);
  const roots = new Float64Array(d);
  const guided = new Float64Array(d);
  const guidedAt = Array.from(tableAt, (at, i) => at + (choices?.[i] ?? 0));
  let kappa = 0;

  function writeRow(k: number, out: Float32Array, row: number): void {
    const delta = k * d;
    const choice = (k + 1) * d;
    for (let i = 0; i < d; i++) {
      const at = tableAt[i]! + (choices === null ? 0 : choices[choice + i]!);
      out[row + i] = deltas[delta + i]! * roots[i]! * inverses[at]!;
    }
    if (!isOwn) return;
    // e^2 = 2 (part without z + kappa^2/2) - |f|^2 without kappa; the linear features of single variances cancel in it.
    let square = kappa * kappa;
    for (let j = 0; j < own.length; j++) {
      const i = own[j]!;
      const at = tableAt[i]! + choices![choice + i]!;
      const relative = least[i]! * inverses[at]!;
      const f = least[i]! / guided[i]! - relative;
      out[row + d + j] = f;
      const change = deltas[delta + i]!;
      square += change * change * inverses[at]! * (1 - relative) + logs[at]! - logs[guidedAt[i]!]! - f * f;
    }
    out[row + dimension - 2] = Math.sqrt(Math.max(0, square));
    out[row + dimension - 1] = kappa;
  }

  return {
    source: {
      dimension,
      others: classes.classes - 1,
      guided: new Float64Array(dimension),
      relativeCentres(begin, end, out) {
        for (let k = begin; k < end; k++) writeRow(k, out, (k - begin) * dimension);
      },
    },
    setNoise(tau) {
      variances.forEach((c, at) => {
        inverses[at] = 1 / (c + tau);
        logs[at] = Math.log(c + tau);
      });
      for (let i = 0; i < d; i++) {
        least[i] = Math.min(...size.variances[bands[i]!]!) + tau;
        roots[i] = Math.sqrt(least[i]!);
        guided[i] = variances[guidedAt[i]!]! + tau;
      }
      // Large enough for every e^2 >= 0: log(g_k/h) - (h/g_0 - h/g_k)^2 >= -1.
      kappa = Math.sqrt(own.reduce((sum, i) => sum + 1 + Math.log(guided[i]! / least[i]!), 0));
    },
    writeFeatures(y, count, features) {
      for (let p = 0; p < count; p++) {
        const row = p * dimension;
        for (let i = 0; i < d; i++) features[row + i] = (y[p * d + i]! - first[i]!) / roots[i]!;
        if (!isOwn) continue;
        own.forEach((i, j) => {
          features[row + d + j] = features[row + i]! ** 2 / 2;
        });
        features[row + dimension - 2] = 0;
        features[row + dimension - 1] = kappa;
      }
    },
    writeMeans(y, count, features, means) {
      for (let p = 0; p < count; p++) {
        const row = p * dimension;
        for (let i = 0; i < d; i++)
          means[p * d + i] = first[i]! + (guided[i]! * features[row + i]!) / roots[i]!;
        own.forEach((i, j) => {
          const z = y[p * d + i]! - first[i]!;
          means[p * d + i]! += (guided[i]! * z * features[row + d + j]!) / least[i]!;
        });
      }
    },
  };
}
