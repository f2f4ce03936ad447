import type { CentreDraw } from '../../mixture/centres.ts';
import { centreStream, drawGuidedCentre, drawRelativeCentres } from '../../mixture/centres.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { streamKey } from '../../numerics/random.ts';
import type { ClassSource } from './kernel.ts';

/** Random class centres, made from counters wherever and as often as they are needed. */
export function drawnClasses(draw: CentreDraw): ClassSource {
  const guided = drawGuidedCentre(draw);
  const [key0, key1] = streamKey(draw.seed, centreStream);
  return {
    dimension: draw.dimension,
    others: draw.classes - 1,
    guided,
    relativeCentres: (begin, end, out) => {
      drawRelativeCentres(draw, guided, begin, end, out);
    },
    draw: { key0, key1, realization: draw.realization, spherical: draw.ensemble === 'spherical' },
  };
}

/**
 * Class centres that are given (K x d, row-major, class 0 guided). The kernels see mu_k - mu_c in single precision,
 * which for centres of `drawCentres` is exact.
 * @throws ParameterError unless the length is a multiple of the dimension
 */
export function givenClasses(centres: Float64Array, dimension: number): ClassSource {
  const classes = centres.length / dimension;
  if (!Number.isInteger(classes) || classes < 1) {
    throw new ParameterError('centres.length', `a multiple of the dimension ${dimension}`, centres.length);
  }
  return {
    dimension,
    others: classes - 1,
    guided: centres.slice(0, dimension),
    relativeCentres: (begin, end, out) => {
      const first = (begin + 1) * dimension;
      for (let i = 0; i < (end - begin) * dimension; i++)
        out[i] = centres[first + i]! - centres[i % dimension]!;
    },
  };
}
