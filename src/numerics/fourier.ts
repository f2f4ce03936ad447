import { ParameterError } from './checks.ts';

/** Transform of n complex numbers, in place: Z_k = sum_j z_j exp(-2 pi i j k/n). */
export type FourierTransform = (real: Float64Array, imaginary: Float64Array) => void;

/** Smallest length >= n that {@link fourierTransform} takes: 2^a or 3 2^a. */
export function fourierLength(n: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(1, n)));
  return n <= 0.75 * power ? 0.75 * power : power;
}

/**
 * The transform of a length 2^a or 3 2^a, by Stockham's self-sorting stages of 3 and 2. The inverse is the transform with real and imaginary
 * parts exchanged, over n.
 * @throws ParameterError for another length
 */
export function fourierTransform(n: number): FourierTransform {
  if (!(Number.isInteger(n) && n >= 1 && fourierLength(n) === n))
    throw new ParameterError('n', 'a power of 2, or 3 times one', n);
  const cosine = Float64Array.from({ length: n }, (_, j) => Math.cos((2 * Math.PI * j) / n));
  const sine = Float64Array.from({ length: n }, (_, j) => -Math.sin((2 * Math.PI * j) / n));
  const otherReal = new Float64Array(n);
  const otherImaginary = new Float64Array(n);
  return (real, imaginary) => {
    let a = real;
    let b = imaginary;
    let c: Float64Array = otherReal;
    let d: Float64Array = otherImaginary;
    let stride = 1;
    for (let left = n; left > 1;) {
      const radix = left % 3 === 0 ? 3 : 2;
      left /= radix;
      const stage = radix === 3 ? stageOfThree : stageOfTwo;
      stage(left, stride, cosine, sine, a, b, c, d);
      [a, b, c, d] = [c, d, a, b];
      stride *= radix;
    }
    if (a === real) return;
    real.set(a);
    imaginary.set(b);
  };
}

/** A stage of `left` pairs, each of `stride` numbers, from (a, b) to (c, d). */
function stageOfTwo(
  left: number,
  stride: number,
  cosine: Float64Array,
  sine: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  const far = left * stride;
  for (let p = 0; p < left; p++) {
    const wr = cosine[p * stride]!;
    const wi = sine[p * stride]!;
    const from = p * stride;
    const to = 2 * from;
    for (let q = 0; q < stride; q++) {
      const ar = a[from + q]!;
      const ai = b[from + q]!;
      const br = a[from + far + q]!;
      const bi = b[from + far + q]!;
      const xr = ar - br;
      const xi = ai - bi;
      c[to + q] = ar + br;
      d[to + q] = ai + bi;
      c[to + stride + q] = xr * wr - xi * wi;
      d[to + stride + q] = xr * wi + xi * wr;
    }
  }
}

const halfRootThree = Math.sqrt(3) / 2;

/** {@link stageOfTwo} on triples. */
function stageOfThree(
  left: number,
  stride: number,
  cosine: Float64Array,
  sine: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  const far = left * stride;
  for (let p = 0; p < left; p++) {
    const at = p * stride;
    const [w1r, w1i] = [cosine[at]!, sine[at]!];
    const [w2r, w2i] = [cosine[2 * at]!, sine[2 * at]!];
    const to = 3 * at;
    for (let q = 0; q < stride; q++) {
      const ar = a[at + q]!;
      const ai = b[at + q]!;
      const sr = a[at + far + q]! + a[at + 2 * far + q]!;
      const si = b[at + far + q]! + b[at + 2 * far + q]!;
      const tr = halfRootThree * (a[at + far + q]! - a[at + 2 * far + q]!);
      const ti = halfRootThree * (b[at + far + q]! - b[at + 2 * far + q]!);
      c[to + q] = ar + sr;
      d[to + q] = ai + si;
      const mr = ar - 0.5 * sr;
      const mi = ai - 0.5 * si;
      const ur = mr + ti;
      const ui = mi - tr;
      c[to + stride + q] = ur * w1r - ui * w1i;
      d[to + stride + q] = ur * w1i + ui * w1r;
      const vr = mr - ti;
      const vi = mi + tr;
      c[to + 2 * stride + q] = vr * w2r - vi * w2i;
      d[to + 2 * stride + q] = vr * w2i + vi * w2r;
    }
  }
}
