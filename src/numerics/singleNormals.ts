import { requireInteger } from './checks.ts';
import { philox4x32, streamKey } from './random.ts';

const { fround, sqrt } = Math;

/** Coefficients of -2 log(1 + f)/f on [sqrt(1/2) - 1, sqrt(2) - 1], minimax of degree 8, relative error 2.6e-8. */
const logarithm = [
  -0.1744471003710726, 0.2873368560586678, -0.2990453352810839, 0.331247862294128, -0.39913667092753574,
  0.500041481351043, -0.6666837125212235, 0.9999997592839165, -1.9999999483791782,
].map(fround);
/** Coefficients of sin(pi t/2)/t and cos(pi t/2) in t^2 on |t| <= 1/2, relative errors 3e-9 and 3e-8. */
const sine = [-0.004601657886395621, 0.07968003276821156, -0.6459634602331681, 1.5707963217083432].map(
  fround,
);
const cosine = [-0.020398581775069924, 0.25359494669044697, -1.2336966623561283, 0.9999999673862876].map(
  fround,
);

const minusTwoLog2 = fround(-1.3862943611198906);

/** Polynomial by Horner's rule, every operation rounded to single precision. */
function polynomial(coefficients: readonly number[], x: number): number {
  let p = coefficients[0]!;
  for (let n = 1; n < coefficients.length; n++) p = fround(fround(p * x) + coefficients[n]!);
  return p;
}

const bits = new DataView(new ArrayBuffer(4));

/** sqrt(-2 log u) with u = (word/2 + 1/2) 2^-31 in (0, 1]. */
function radius(word: number): number {
  bits.setFloat32(0, fround(fround(fround(word >>> 1) + 0.5) * 2 ** -31));
  const shifted = (bits.getInt32(0) - 0x3f3504f3) | 0;
  const exponent = shifted >> 23;
  bits.setInt32(0, (shifted & 0x7fffff) + 0x3f3504f3);
  const f = fround(bits.getFloat32(0) - 1);
  const rest = fround(f * polynomial(logarithm, f));
  return fround(sqrt(fround(fround(exponent * minusTwoLog2) + rest)));
}

/**
 * Standard normal variates of single precision by Box and Muller, defined operation by operation (sums, products,
 * quotients, roots of IEEE single precision and shifts of integers), so that an implementation with SIMD instructions
 * gives the same bits. Magnitude at most 6.7. The variates at an address (i1, i2) come from Philox blocks with the
 * counters (block, i1, i2, 0), four each; the key is that of a RandomStream of the same seed and tag.
 */
export class SingleNormals {
  private readonly words = new Uint32Array(4);
  private readonly key0: number;
  private readonly key1: number;

  /** @throws ParameterError if seed or tag is not an integer of its range (see RandomStream) */
  constructor(seed: number, tag: number) {
    requireInteger('seed', seed, 0);
    requireInteger('tag', tag, 0, 2047);
    [this.key0, this.key1] = streamKey(seed, tag);
  }

  /** Fills out[begin .. begin + count) with the first `count` variates at an address. */
  fill(i1: number, i2: number, out: Float32Array | Float64Array, begin: number, count: number): void {
    const { words } = this;
    for (let i = 0; i < count; i += 2) {
      if (i % 4 === 0) philox4x32(i / 4, i1, i2, 0, this.key0, this.key1, words);
      const word = words[(i % 4) + 1]!;
      const r = radius(words[i % 4]!);
      const t = fround(((word << 2) >> 2) * 2 ** -30);
      const square = fround(t * t);
      const s = fround(polynomial(sine, square) * t);
      const c = polynomial(cosine, square);
      const swap = (word & 0x40000000) !== 0;
      const turned = word >= 0x80000000 ? -r : r;
      out[begin + i] = fround(turned * (swap ? s : c));
      if (i + 1 < count) out[begin + i + 1] = fround(turned * (swap ? c : s));
    }
  }
}
