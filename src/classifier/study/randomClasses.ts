import { requireInteger, requireKnownKeys, requirePositive } from '../../numerics/checks.ts';
import { RandomStream } from '../../numerics/random.ts';
import type { LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { labelledMixture } from '../../mixture/labelled/mixture.ts';

/** A mixture of random classes of equal weight. */
export interface RandomClasses {
  readonly dimension: number;
  readonly classes: number;
  /** Root mean square length of a centre, > 0: its coordinates are N(0, radius^2/d), so that classes overlap alike in all d. */
  readonly radius: number;
  /** Variance inside a class, > 0. */
  readonly sigma2: number;
  readonly seed: number;
}

const classStream = 155;

/**
 * Mixture of random centres, isotropic inside a class. Centre k is a function of (seed, d, k), whatever the number of classes.
 * @throws ParameterError for sizes out of range
 */
export function randomClasses(request: RandomClasses): LabelledMixture {
  requireKnownKeys('request', request, ['dimension', 'classes', 'radius', 'sigma2', 'seed']);
  const { dimension, classes, radius, sigma2, seed } = request;
  requireInteger('dimension', dimension, 1, 1024);
  requireInteger('classes', classes, 2, 10_000);
  requirePositive('radius', radius);
  requirePositive('sigma2', sigma2);
  const stream = new RandomStream(seed, classStream);
  const centres = Array.from({ length: classes }, (_, k) => {
    stream.moveTo(k, dimension);
    return Array.from({ length: dimension }, () => (radius * stream.nextNormal()) / Math.sqrt(dimension));
  });
  return labelledMixture({ centres, covariance: sigma2 });
}
