import { requireInteger, requireNonNegative } from './checks.ts';

/**
 * Counter-based random numbers. Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC11, "Parallel random numbers:
 * as easy as 1, 2, 3") maps a 128-bit counter and a 64-bit key to 128 random bits, without any state in
 * between. A draw is therefore a function of its address alone: whoever computes it, in whatever order, gets
 * the same bits.
 */

/** High 32 bits of the product of two unsigned 32-bit integers, by halves of 16 bits. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) >>> 0) + (Math.imul(aLow, bLow) >>> 16);
  const cross = (Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) >>> 0;
}

/**
 * One block of Philox4x32-10: counter (c0, c1, c2, c3) and key (k0, k1), all unsigned 32-bit.
 * @param out receives the four 32-bit words
 */
export function philox4x32(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

const maxWord = 0xffffffff;

/** Key of the streams of a seed and tag: 21 bits of the seed lie above its first 32, the tag takes the 11 bits above those. */
export function streamKey(seed: number, tag: number): readonly [key0: number, key1: number] {
  return [seed >>> 0, Math.floor(seed / 2 ** 32) | (tag << 21)];
}

/**
 * A sequence of random variates at an address (seed, tag, i1, i2, i3). Streams with different addresses are
 * independent; a stream at one address always yields the same sequence. `moveTo` re-addresses it without
 * allocation, for inner loops.
 *
 * The seed is an integer in [0, 2^53), the tag (purpose of the numbers) in [0, 2048), the indices in [0,
 * 2^32). One address holds 2^32 blocks of two variates.
 */
export class RandomStream {
  private readonly words = new Uint32Array(4);
  private readonly key0: number;
  private readonly key1: number;
  private i1 = 0;
  private i2 = 0;
  private i3 = 0;
  private block = 0;
  /** Words of the current block already handed out: 0, 2, or 4 for "draw a new block". */
  private used = 4;
  private spareNormal = 0;
  private hasSpare = false;

  /** @throws ParameterError if seed, tag or an index is not an integer of its range */
  constructor(seed: number, tag: number, i1 = 0, i2 = 0, i3 = 0) {
    requireInteger('seed', seed, 0);
    requireInteger('tag', tag, 0, 2047);
    requireInteger('i1', i1, 0, maxWord);
    requireInteger('i2', i2, 0, maxWord);
    requireInteger('i3', i3, 0, maxWord);
    [this.key0, this.key1] = streamKey(seed, tag);
    this.moveTo(i1, i2, i3);
  }

  /**
   * Goes to the beginning of the sequence at another address of the same seed and tag. Indices are not
   * checked.
   */
  moveTo(i1: number, i2 = 0, i3 = 0): void {
    this.i1 = i1;
    this.i2 = i2;
    this.i3 = i3;
    this.block = 0;
    this.used = 4;
    this.hasSpare = false;
  }

  /**
   * Uniform variate in the open interval (0, 1): the odd multiples of 2^-53, each as likely. (52 random bits:
   * with 53 and the half that keeps 0 out, the largest value would round to 1.)
   */
  nextUniform(): number {
    if (this.used === 4) {
      philox4x32(this.block++, this.i1, this.i2, this.i3, this.key0, this.key1, this.words);
      this.used = 0;
    }
    const high = this.words[this.used]! >>> 6;
    const low = this.words[this.used + 1]! >>> 6;
    this.used += 2;
    return (high * 67108864 + low + 0.5) * 2 ** -52;
  }

  /** Standard normal variate (Box-Muller, both halves used in turn; magnitude at most 8.6). */
  nextNormal(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spareNormal;
    }
    const radius = Math.sqrt(-2 * Math.log(this.nextUniform()));
    const angle = 2 * Math.PI * this.nextUniform();
    this.spareNormal = radius * Math.sin(angle);
    this.hasSpare = true;
    return radius * Math.cos(angle);
  }

  /**
   * Fills out[begin .. begin + count) with standard normal variates: what `count` calls of nextNormal would
   * give.
   */
  normals(out: Float64Array, begin: number, count: number): void {
    for (let i = begin; i < begin + count; i++) out[i] = this.nextNormal();
  }

  /**
   * Gamma variate of unit scale (Marsaglia and Tsang 2000): for shape >= 1 the cube of a shifted normal with
   * rejection, below that Gamma(shape + 1) U^(1/shape). Mean and variance are both `shape`.
   */
  private nextGamma(shape: number): number {
    if (shape < 1) {
      const boosted = this.nextGamma(shape + 1);
      return boosted * this.nextUniform() ** (1 / shape);
    }
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const normal = this.nextNormal();
      const root = 1 + c * normal;
      if (root <= 0) continue;
      const cube = root * root * root;
      const uniform = this.nextUniform();
      const square = normal * normal;
      if (uniform < 1 - 0.0331 * square * square) return d * cube;
      if (Math.log(uniform) < 0.5 * square + d * (1 - cube + Math.log(cube))) return d * cube;
    }
  }

  /**
   * Chi-square variate with any real number of degrees of freedom >= 0 (0 for none): mean `dof`, variance 2
   * `dof`.
   * @throws ParameterError if dof is negative or not finite
   */
  nextChiSquare(dof: number): number {
    requireNonNegative('dof', dof);
    return dof === 0 ? 0 : 2 * this.nextGamma(dof / 2);
  }
}
