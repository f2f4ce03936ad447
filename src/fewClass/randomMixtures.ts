import { labelledMixture, type LabelledMixture } from '../mixture/labelled/mixture.ts';
import { requireInteger } from '../numerics/checks.ts';
import { RandomStream } from '../numerics/random.ts';

const orderedStream = 140;
const commonStream = 141;

/** A mixture, guided to its first class, and a start. */
export interface OrderedCase {
  readonly mixture: LabelledMixture;
  readonly start: Float64Array;
}

/**
 * Random case in the plane in which guidance lowers the confidence of no path (eq. few-class-order): two classes of any common covariance at
 * even indices, at odd ones three isotropic classes without an obtuse angle at the first.
 * @throws ParameterError unless seed and index are whole numbers from 0
 */
export function randomOrderedCase(seed: number, index: number): OrderedCase {
  const stream = streamOf(seed, orderedStream, index);
  const between = (lo: number, hi: number) => lo + (hi - lo) * stream.nextUniform();
  const around = (angle: number, distance: number) => [
    distance * Math.cos(angle),
    distance * Math.sin(angle),
  ];
  const angle = between(0, 2 * Math.PI);
  const first = around(angle, between(0.5, 4));
  const start = Float64Array.of(between(-2.5, 2.5), between(-2.5, 2.5));
  const share = between(0.05, 0.95);
  if (index % 2 === 0) {
    const [p, q, c] = [between(0.3, 2), between(0.3, 2), between(-0.9, 0.9)];
    const cross = c * Math.sqrt((p - 0.3) * (q - 0.3));
    const covariance = [
      [p, cross],
      [cross, q],
    ];
    return {
      mixture: labelledMixture({ centres: [[0, 0], first], weights: [share, 1 - share], covariance }),
      start,
    };
  }
  const second = around(angle + between(-Math.PI / 2, Math.PI / 2), between(0.5, 4));
  const rest = (1 - share) * between(0.05, 0.95);
  const mixture = labelledMixture({
    centres: [[0, 0], first, second],
    weights: [share, rest, 1 - share - rest],
    covariance: between(0.3, 2),
  });
  return { mixture, start };
}

/** Random mixture of two to four classes of one variance on the line. Errors as {@link randomOrderedCase}. */
export function randomLineMixture(seed: number, index: number): LabelledMixture {
  const stream = streamOf(seed, commonStream, index);
  const centres = Array.from({ length: 2 + (index % 3) }, () => [3 * (2 * stream.nextUniform() - 1)]);
  const raw = centres.map(() => 0.05 + stream.nextUniform());
  const total = raw.reduce((sum, value) => sum + value, 0);
  const covariance = 0.1 + 1.5 * stream.nextUniform();
  return labelledMixture({ centres, weights: raw.map((value) => value / total), covariance });
}

function streamOf(seed: number, stream: number, index: number): RandomStream {
  requireInteger('seed', seed, 0);
  requireInteger('index', index, 0);
  return new RandomStream(seed, stream, index);
}
