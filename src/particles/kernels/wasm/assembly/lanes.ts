// Arithmetic on four lanes of single precision. With relaxed SIMD a product and a sum are one fused operation.

/** a b + c */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * 2^f for |f| <= 1/2: minimax polynomial of degree 5, relative error 7.5e-8.
 */
@inline
export function powerOfTwo(f: v128): v128 {
  let p = multiplyAdd(f, f32x4.splat(0.0013276471781555259), f32x4.splat(0.00967554133276548));
  p = multiplyAdd(p, f, f32x4.splat(0.05550713274150493));
  p = multiplyAdd(p, f, f32x4.splat(0.24022119723882013));
  p = multiplyAdd(p, f, f32x4.splat(0.6931469670643611));
  return multiplyAdd(p, f, f32x4.splat(1.0000000716546715));
}

/**
 * 2^(l - R) where l >= cut, 0 elsewhere. magic = 1.5 2^23 - R (R an integer): adding it rounds l to an integer n and leaves
 * n - R in the low bits of the sum, from where a shift takes it to the exponent.
 */
@inline
export function weightOf(l: v128, magic: v128, cut: v128): v128 {
  const t = f32x4.add(l, magic);
  const p = powerOfTwo(f32x4.sub(l, f32x4.sub(t, magic)));
  return v128.and(i32x4.add(p, i32x4.shl(t, 23)), f32x4.ge(l, cut));
}

/** Sum of the four lanes, in double precision. */
export function laneSum(x: v128): f64 {
  return (
    <f64>f32x4.extract_lane(x, 0) +
    <f64>f32x4.extract_lane(x, 1) +
    (<f64>f32x4.extract_lane(x, 2) + <f64>f32x4.extract_lane(x, 3))
  );
}

/** Largest of the four lanes. */
@inline
export function largestLane(x: v128): f32 {
  const pairs = f32x4.pmax(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** 2^n for an integer n, 0 below the normal range. */
export function exactPower(n: f64): f64 {
  if (n < -1022) return 0;
  return reinterpret<f64>((<i64>n + 1023) << 52);
}
