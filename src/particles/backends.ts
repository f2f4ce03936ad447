/**
 * The one expensive operation of a full simulation, so that faster engines can take its place: posterior
 * means of the class centre for a block of particles, in the frame y = x/a (signal scale 1).
 */
export interface PosteriorEvaluator {
  /**
   * For each of `count` particles at y (rows of `positions`), with l_k = (y.mu_k - |mu_k|^2/2)/variance and
   * p_k = e^l_k/sum_j e^l_j: sum_k p_k mu_k into the rows of `means`, and the weight p_0 of the guided class
   * into `guidedWeights`. The result for one particle must not depend on the others of the block.
   * @param positions count x d, row-major
   * @param variance Gamma/a^2 = sigma2 + tau > 0
   * @param means receives count x d
   * @param guidedWeights receives count values
   */
  posteriorMeans(
    positions: Float64Array,
    count: number,
    variance: number,
    means: Float64Array,
    guidedWeights: Float64Array,
  ): void;
}

/** An engine for posterior means. */
export interface ParticleBackend {
  readonly name: string;
  /** Number of particles that it likes to be given at a time. */
  readonly blockSize: number;
  /** Takes in the class centres (K x d, row-major, class 0 guided). */
  prepare(centres: Float64Array, dimension: number): PosteriorEvaluator;
}

/** Classes per chunk: their centres stay in cache between the two passes. */
const chunkSize = 512;

/**
 * Plain double precision. Classes are taken in chunks; in each, one pass computes the log-weights relative to
 * the guided class and their maximum, a second one the weights and the mean, and what was accumulated before
 * is rescaled to the new maximum. Four particles advance together (their coordinates interleaved) so that a
 * centre is loaded once for four dot products. Weights below e^-37/K of the largest, which could not change
 * the last digit of a sum, are skipped.
 */
export const plainBackend: ParticleBackend = {
  name: 'plain',
  blockSize: 64,
  prepare(centres, dimension) {
    const classes = centres.length / dimension;
    const halfNorms = new Float64Array(classes);
    for (let k = 0; k < classes; k++) {
      let sum = 0;
      for (let i = k * dimension; i < (k + 1) * dimension; i++) sum += centres[i]! * centres[i]!;
      halfNorms[k] = sum / 2;
    }
    const negligible = -37 - Math.log(classes);
    const y = new Float64Array(4 * dimension);
    const sums = new Float64Array(4 * dimension);
    const logs = new Float64Array(4 * chunkSize);
    const guidedLogs = new Float64Array(4);
    const largest = new Float64Array(4);
    const totals = new Float64Array(4);

    /** Log-weights of the classes [begin, end) for the four particles, into logs; raises largest. */
    function chunkLogs(begin: number, end: number, variance: number): void {
      const g0 = guidedLogs[0]!;
      const g1 = guidedLogs[1]!;
      const g2 = guidedLogs[2]!;
      const g3 = guidedLogs[3]!;
      let max0 = largest[0]!;
      let max1 = largest[1]!;
      let max2 = largest[2]!;
      let max3 = largest[3]!;
      for (let k = begin; k < end; k++) {
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        let j = 0;
        for (let i = k * dimension; j < 4 * dimension; i++, j += 4) {
          const centre = centres[i]!;
          s0 += centre * y[j]!;
          s1 += centre * y[j + 1]!;
          s2 += centre * y[j + 2]!;
          s3 += centre * y[j + 3]!;
        }
        const half = halfNorms[k]!;
        s0 = (s0 - half) / variance - g0;
        s1 = (s1 - half) / variance - g1;
        s2 = (s2 - half) / variance - g2;
        s3 = (s3 - half) / variance - g3;
        if (s0 > max0) max0 = s0;
        if (s1 > max1) max1 = s1;
        if (s2 > max2) max2 = s2;
        if (s3 > max3) max3 = s3;
        const at = 4 * (k - begin);
        logs[at] = s0;
        logs[at + 1] = s1;
        logs[at + 2] = s2;
        logs[at + 3] = s3;
      }
      rescale(0, max0);
      rescale(1, max1);
      rescale(2, max2);
      rescale(3, max3);
    }

    /** Refers what was accumulated for one of the four particles to a new largest log-weight. */
    function rescale(lane: number, to: number): void {
      const from = largest[lane]!;
      if (to === from) return;
      largest[lane] = to;
      const factor = Math.exp(from - to);
      totals[lane]! *= factor;
      for (let j = lane; j < 4 * dimension; j += 4) sums[j]! *= factor;
    }

    function weightOf(log: number, max: number): number {
      return log - max > negligible ? Math.exp(log - max) : 0;
    }

    /** Adds the classes [begin, end) to totals and sums. */
    function accumulate(begin: number, end: number): void {
      const max0 = largest[0]!;
      const max1 = largest[1]!;
      const max2 = largest[2]!;
      const max3 = largest[3]!;
      for (let k = begin; k < end; k++) {
        const at = 4 * (k - begin);
        const p0 = weightOf(logs[at]!, max0);
        const p1 = weightOf(logs[at + 1]!, max1);
        const p2 = weightOf(logs[at + 2]!, max2);
        const p3 = weightOf(logs[at + 3]!, max3);
        if (p0 + p1 + p2 + p3 === 0) continue;
        totals[0]! += p0;
        totals[1]! += p1;
        totals[2]! += p2;
        totals[3]! += p3;
        let j = 0;
        for (let i = k * dimension; j < 4 * dimension; i++, j += 4) {
          const centre = centres[i]!;
          sums[j]! += p0 * centre;
          sums[j + 1]! += p1 * centre;
          sums[j + 2]! += p2 * centre;
          sums[j + 3]! += p3 * centre;
        }
      }
    }

    return {
      posteriorMeans(positions, count, variance, means, guidedWeights) {
        for (let first = 0; first < count; first += 4) {
          guidedLogs.fill(0);
          for (let lane = 0; lane < 4; lane++) {
            // Lanes beyond the block repeat its last particle.
            const row = Math.min(first + lane, count - 1) * dimension;
            let overlap = 0;
            for (let i = 0; i < dimension; i++) {
              const value = positions[row + i]!;
              y[4 * i + lane] = value;
              overlap += centres[i]! * value;
            }
            guidedLogs[lane] = (overlap - halfNorms[0]!) / variance;
          }
          sums.fill(0);
          totals.fill(0);
          largest.fill(0);
          for (let begin = 0; begin < classes; begin += chunkSize) {
            const end = Math.min(begin + chunkSize, classes);
            chunkLogs(begin, end, variance);
            accumulate(begin, end);
          }
          for (let lane = 0; lane < 4 && first + lane < count; lane++) {
            const row = (first + lane) * dimension;
            for (let i = 0; i < dimension; i++) means[row + i] = sums[4 * i + lane]! / totals[lane]!;
            guidedWeights[first + lane] = Math.exp(-largest[lane]!) / totals[lane]!;
          }
        }
      },
    };
  },
};
