import type { ClassKernel, ClassStore, KernelPass } from './kernel.ts';
import { distanceRange, rowLength, slabClasses, sumColumns } from './kernel.ts';

/** Classes per chunk: their centres stay in cache between the two passes. */
const chunkClasses = 512;
/** A reference is raised when a log-weight exceeds it by this; so far below it, weights count as zero. */
const headroom = 400;
const depth = 900;

/**
 * Plain double precision: the reference for the others, and the fallback without SIMD. Classes are taken in
 * chunks; in each, one pass computes the log-weights and their largest, a second one the weights and the sums. Four
 * particles advance together (their coordinates interleaved) so that a centre is loaded once for four products.
 * Nothing is skipped except the sums of classes below the cut.
 */
export const plainKernel: ClassKernel = {
  name: 'plain',
  instructions: 'float64',
  groupSize: 4,
  panelClasses: 1,
  storeBytes: (dimension, classes) => 8 * classes * (dimension + 1) + 4 * slabClasses * dimension,
  open(source, classes) {
    const { dimension } = source;
    const row = rowLength(dimension);
    const deltas = new Float64Array(classes * dimension);
    const halfNorms = new Float64Array(classes);
    const staging = new Float32Array(Math.min(classes, slabClasses) * dimension);
    const z = new Float64Array(4 * dimension);
    const means = new Float64Array(4 * dimension);
    const references = new Float64Array(4);
    const totals = new Float64Array(4);
    const energies = new Float64Array(4);
    const squares = new Float64Array(4);
    const logs = new Float64Array(4 * chunkClasses);
    const cuts = new Float64Array(4);
    const largest = new Float64Array(4);

    /** Log-weights (base 2) of the classes [begin, end) for the four particles, into logs; their largest. */
    function chunkLogs(begin: number, end: number, scale: number): void {
      let [max0, max1, max2, max3] = [-Infinity, -Infinity, -Infinity, -Infinity];
      for (let k = begin; k < end; k++) {
        const half = halfNorms[k]!;
        let s0 = -half;
        let s1 = -half;
        let s2 = -half;
        let s3 = -half;
        for (let i = k * dimension, j = 0; j < 4 * dimension; i++, j += 4) {
          const delta = deltas[i]!;
          s0 += delta * z[j]!;
          s1 += delta * z[j + 1]!;
          s2 += delta * z[j + 2]!;
          s3 += delta * z[j + 3]!;
        }
        s0 *= scale;
        s1 *= scale;
        s2 *= scale;
        s3 *= scale;
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
      largest.set([max0, max1, max2, max3]);
    }

    /** Refers the sums of one of the four particles to a larger reference where the chunk requires it. */
    function raise(lane: number): void {
      const before = references[lane]!;
      if (largest[lane]! <= before + headroom) return;
      const after = Math.ceil(largest[lane]!);
      const factor = 2 ** (before - after);
      references[lane] = after;
      totals[lane]! *= factor;
      energies[lane]! *= factor;
      squares[lane]! *= factor * factor;
      for (let j = lane; j < 4 * dimension; j += 4) means[j]! *= factor;
      cuts[lane] = Math.max(cuts[lane]!, after - depth);
    }

    function weightOf(log: number, reference: number, cut: number): number {
      return log < cut ? 0 : Math.exp((log - reference) * Math.LN2);
    }

    /** Adds the classes [begin, end) to the sums of the four particles. */
    function addClasses(begin: number, end: number): void {
      const [r0, r1, r2, r3] = references as unknown as [number, number, number, number];
      const [c0, c1, c2, c3] = cuts as unknown as [number, number, number, number];
      for (let k = begin; k < end; k++) {
        const at = 4 * (k - begin);
        const p0 = weightOf(logs[at]!, r0, c0);
        const p1 = weightOf(logs[at + 1]!, r1, c1);
        const p2 = weightOf(logs[at + 2]!, r2, c2);
        const p3 = weightOf(logs[at + 3]!, r3, c3);
        if (p0 + p1 + p2 + p3 === 0) continue;
        totals[0]! += p0;
        totals[1]! += p1;
        totals[2]! += p2;
        totals[3]! += p3;
        energies[0]! += p0 * logs[at]!;
        energies[1]! += p1 * logs[at + 1]!;
        energies[2]! += p2 * logs[at + 2]!;
        energies[3]! += p3 * logs[at + 3]!;
        squares[0]! += p0 * p0;
        squares[1]! += p1 * p1;
        squares[2]! += p2 * p2;
        squares[3]! += p3 * p3;
        for (let i = k * dimension, j = 0; j < 4 * dimension; i++, j += 4) {
          const delta = deltas[i]!;
          means[j]! += p0 * delta;
          means[j + 1]! += p1 * delta;
          means[j + 2]! += p2 * delta;
          means[j + 3]! += p3 * delta;
        }
      }
    }

    function accumulateFour(
      pass: KernelPass,
      particles: readonly number[],
      begin: number,
      end: number,
      into: Float64Array,
    ): void {
      const scale = Math.LOG2E / pass.variance;
      for (let lane = 0; lane < 4; lane++) {
        // Lanes beyond the last particle repeat it.
        const p = particles[Math.min(lane, particles.length - 1)]!;
        const at = p * row;
        for (let i = 0; i < dimension; i++) {
          z[4 * i + lane] = pass.offsets[p * dimension + i]!;
          means[4 * i + lane] = into[at + sumColumns.means + i]!;
        }
        references[lane] = into[at + sumColumns.reference]!;
        totals[lane] = into[at + sumColumns.total]!;
        energies[lane] = into[at + sumColumns.energy]!;
        squares[lane] = into[at + sumColumns.squares]!;
        cuts[lane] = Math.max(pass.cuts[p]!, references[lane]! - depth);
      }
      for (let chunk = begin; chunk < end; chunk += chunkClasses) {
        const last = Math.min(chunk + chunkClasses, end);
        chunkLogs(chunk, last, scale);
        for (let lane = 0; lane < 4; lane++) raise(lane);
        addClasses(chunk, last);
      }
      particles.forEach((p, lane) => {
        const at = p * row;
        into[at + sumColumns.reference] = references[lane]!;
        into[at + sumColumns.total] = totals[lane]!;
        into[at + sumColumns.energy] = energies[lane]!;
        into[at + sumColumns.squares] = squares[lane]!;
        into[at + sumColumns.pairs]! += end - begin;
        for (let i = 0; i < dimension; i++) into[at + sumColumns.means + i] = means[4 * i + lane]!;
      });
    }

    const store: ClassStore = {
      load(begin, end) {
        for (let k = begin; k < end; k += slabClasses) {
          const count = Math.min(slabClasses, end - k);
          source.relativeCentres(k, k + count, staging);
          deltas.set(staging.subarray(0, count * dimension), (k - begin) * dimension);
        }
        for (let k = 0; k < end - begin; k++) {
          let sum = 0;
          for (let i = k * dimension; i < (k + 1) * dimension; i++) sum += deltas[i]! * deltas[i]!;
          halfNorms[k] = sum / 2;
        }
        return distanceRange(halfNorms, end - begin, 1, 1);
      },
      resetKeys: () => undefined,
      accumulate(pass, begin, end, into) {
        for (let p = 0; p < pass.count; p += 4) {
          const lanes = Array.from({ length: Math.min(4, pass.count - p) }, (_, lane) => p + lane);
          accumulateFour(pass, lanes, begin, end, into);
        }
      },
      accumulatePrecisely(pass, particles, begin, end, into) {
        for (let i = 0; i < particles.length; i += 4) {
          accumulateFour(pass, particles.slice(i, i + 4), begin, end, into);
        }
      },
    };
    return store;
  },
};
