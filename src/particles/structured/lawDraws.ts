import type { CentreLaw, WeightedValue } from '../../mixture/classLaw.ts';
import type { RandomStream } from '../../numerics/random.ts';
import { rescale } from './explicitClasses.ts';

/** Writes u of a class in one band in place of the normals that `out` holds. @param isTypical without the fluctuations of a draw */
export type CentreWriter = (out: Float64Array, isTypical: boolean) => void;

/** Writes the places of drawn values, one for each coordinate of a class in one band. */
export type ChoiceWriter = (out: Uint16Array, isTypical: boolean) => void;

/** True for a law that is made from normals. */
export function isNormal(law: CentreLaw | undefined): boolean {
  return law === undefined || law.kind === 'gaussian' || law.kind === 'bernoulli-gauss';
}

/**
 * Draws of u from a centre law. A typical gaussian or laplace vector has |u|^2 = count exactly; values, and the zeros of bernoulli-gauss,
 * are drawn by {@link choiceWriter}.
 * @param count coordinates of the band
 */
export function centreWriter(
  law: CentreLaw | undefined,
  uniforms: RandomStream,
  count: number,
): CentreWriter {
  switch (law?.kind) {
    case undefined:
    case 'gaussian':
      return (out, isTypical) => {
        if (isTypical) rescale(out, count);
      };
    case 'signs':
      return (out) => {
        for (let i = 0; i < count; i++) out[i] = uniforms.nextUniform() < 0.5 ? -1 : 1;
      };
    case 'laplace':
      return (out, isTypical) => {
        for (let i = 0; i < count; i++) {
          const u = 2 * uniforms.nextUniform() - 1;
          out[i] = -Math.sign(u) * Math.SQRT1_2 * Math.log1p(-Math.abs(u));
        }
        if (isTypical) rescale(out, count);
      };
    case 'bernoulli-gauss': {
      const { share } = law;
      const chosen = new Uint16Array(count);
      const choose = choiceWriter([{ weight: 1 - share }, { weight: share }], uniforms);
      return (out, isTypical) => {
        choose(chosen, isTypical);
        let present = 0;
        for (let i = 0; i < count; i++) {
          out[i]! *= chosen[i]! / Math.sqrt(share);
          present += chosen[i]!;
        }
        if (isTypical) rescale(out, present / share);
      };
    }
    case 'values': {
      const { values } = law;
      const chosen = new Uint16Array(count);
      const choose = choiceWriter(values, uniforms);
      return (out, isTypical) => {
        choose(chosen, isTypical);
        for (let i = 0; i < count; i++) out[i] = values[chosen[i]!]!.value;
      };
    }
  }
}

/**
 * Draws of weighted values. Typical: at the quantiles (j + U)/count in random order, so that each value comes as often as its weight says,
 * to within one coordinate, and each coordinate by itself still has the law.
 */
export function choiceWriter(
  values: readonly Pick<WeightedValue, 'weight'>[],
  uniforms: RandomStream,
): ChoiceWriter {
  let sum = 0;
  const ends = values.map(({ weight }) => (sum += weight));
  /** Place of the value at a quantile: the first whose end lies above. */
  const at = (quantile: number): number => {
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (quantile < ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return (out, isTypical) => {
    if (!isTypical) {
      for (let i = 0; i < out.length; i++) out[i] = at(uniforms.nextUniform());
      return;
    }
    const offset = uniforms.nextUniform();
    for (let i = 0; i < out.length; i++) out[i] = at((i + offset) / out.length);
    for (let i = out.length - 1; i > 0; i--) {
      const j = Math.floor(uniforms.nextUniform() * (i + 1));
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
  };
}
