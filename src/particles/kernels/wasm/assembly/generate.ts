// Class centres from counters, bit for bit those of numerics/singleNormals.ts: four classes at a time, one in each lane.
// Only additions, products, quotients and square roots of single precision, in a fixed order and never fused.

const firstMultiplier: u32 = 0xd2511f53;
const secondMultiplier: u32 = 0xcd9e8d57;

/** High words of the products of the four lanes with one number. */
@inline
function highProducts(x: v128, multiplier: v128): v128 {
  return v128.shuffle<u32>(
    i64x2.extmul_low_i32x4_u(x, multiplier),
    i64x2.extmul_high_i32x4_u(x, multiplier),
    1,
    3,
    5,
    7,
  );
}

/** Radius sqrt(-2 log u) of a word, u = (word/2 + 1/2) 2^-31. */
@inline
function radius(word: v128): v128 {
  const u = f32x4.mul(
    f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(word, 1)), f32x4.splat(0.5)),
    f32x4.splat(4.656612873077393e-10),
  );
  const shifted = i32x4.sub(u, i32x4.splat(0x3f3504f3));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const f = f32x4.sub(
    i32x4.add(v128.and(shifted, i32x4.splat(0x7fffff)), i32x4.splat(0x3f3504f3)),
    f32x4.splat(1),
  );
  let p = f32x4.splat(-0.1744471003710726);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.2873368560586678));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.2990453352810839));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.331247862294128));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.39913667092753574));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.500041481351043));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.6666837125212235));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.9999997592839165));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.9999999483791782));
  return f32x4.sqrt(
    f32x4.add(f32x4.mul(exponent, f32x4.splat(-1.3862943611198906)), f32x4.mul(f, p)),
  );
}

/** Writes radius times cosine and sine of the angle of a word. */
@inline
function rotate(word: v128, r: v128, first: usize, second: usize): void {
  const t = f32x4.mul(
    f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.shl(word, 2), 2)),
    f32x4.splat(9.313225746154785e-10),
  );
  const s = f32x4.mul(t, t);
  let sine = f32x4.splat(-0.004601657886395621);
  sine = f32x4.add(f32x4.mul(sine, s), f32x4.splat(0.07968003276821156));
  sine = f32x4.add(f32x4.mul(sine, s), f32x4.splat(-0.6459634602331681));
  sine = f32x4.add(f32x4.mul(sine, s), f32x4.splat(1.5707963217083432));
  sine = f32x4.mul(sine, t);
  let cosine = f32x4.splat(-0.020398581775069924);
  cosine = f32x4.add(f32x4.mul(cosine, s), f32x4.splat(0.25359494669044697));
  cosine = f32x4.add(f32x4.mul(cosine, s), f32x4.splat(-1.2336966623561283));
  cosine = f32x4.add(f32x4.mul(cosine, s), f32x4.splat(0.9999999673862876));
  // The highest bit turns by half a turn, the next one exchanges cosine and sine.
  const swap = i32x4.shr_s(i32x4.shl(word, 1), 31);
  const sign = v128.and(word, i32x4.splat(0x80000000));
  v128.store(first, f32x4.mul(r, v128.xor(v128.bitselect(sine, cosine, swap), sign)));
  v128.store(second, f32x4.mul(r, v128.xor(v128.bitselect(cosine, sine, swap), sign)));
}

/**
 * Fills panels with the centres of `count` classes (a multiple of 8), the first of them the class number `firstClass`, relative to mu_c.
 *   guided  [d] f32, mu_c rounded
 */
export function generate(
  panels: usize,
  firstClass: u32,
  count: i32,
  dimension: i32,
  guided: usize,
  realization: u32,
  key0: u32,
  key1: u32,
  spherical: bool,
): void {
  const panelBytes: usize = (<usize>dimension + 1) << 5;
  const m0 = i32x4.splat(firstMultiplier);
  const m1 = i32x4.splat(secondMultiplier);
  for (let k = 0; k < count; k += 4) {
    const panel = panels + <usize>(k >> 3) * panelBytes + ((<usize>k & 4) << 2);
    const rows = panel + 32;
    for (let block = 0; block << 2 < dimension; block++) {
      let c0 = i32x4.splat(block);
      let c1 = i32x4.splat(realization);
      let c2 = i32x4.add(i32x4.splat(firstClass + k), i32x4(0, 1, 2, 3));
      let c3 = i32x4.splat(0);
      let k0 = key0;
      let k1 = key1;
      for (let round = 0; round < 10; round++) {
        const high0 = highProducts(c0, m0);
        const low0 = i32x4.mul(c0, m0);
        const high1 = highProducts(c2, m1);
        const low1 = i32x4.mul(c2, m1);
        c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(k0));
        c1 = low1;
        c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(k1));
        c3 = low0;
        k0 += 0x9e3779b9;
        k1 += 0xbb67ae85;
      }
      const at = rows + (<usize>block << 7);
      const left = dimension - (block << 2);
      rotate(c1, radius(c0), at, left > 1 ? at + 32 : spare);
      if (left > 2) rotate(c3, radius(c2), at + 64, left > 3 ? at + 96 : spare);
    }
    if (spherical) {
      let squares = f32x4.splat(0);
      for (let i = 0; i < dimension; i++) {
        const x = v128.load(rows + (<usize>i << 5));
        squares = f32x4.add(squares, f32x4.mul(x, x));
      }
      const factor = f32x4.sqrt(f32x4.div(f32x4.splat(<f32>dimension), squares));
      for (let i = 0; i < dimension; i++) {
        const at = rows + (<usize>i << 5);
        v128.store(at, f32x4.mul(v128.load(at), factor));
      }
    }
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let i = 0; i < dimension; i++) {
      const at = rows + (<usize>i << 5);
      const delta = f32x4.sub(v128.load(at), v128.load32_splat(guided + (<usize>i << 2)));
      v128.store(at, delta);
      const first = f64x2.promote_low_f32x4(delta);
      const second = f64x2.promote_low_f32x4(v128.shuffle<u64>(delta, delta, 1, 1));
      low = f64x2.add(low, f64x2.mul(first, first));
      high = f64x2.add(high, f64x2.mul(second, second));
    }
    const half = f64x2.splat(0.5);
    v128.store(
      panel,
      v128.shuffle<u64>(
        f32x4.demote_f64x2_zero(f64x2.mul(half, low)),
        f32x4.demote_f64x2_zero(f64x2.mul(half, high)),
        0,
        2,
      ),
    );
  }
}

/** Where unused numbers go: the first bytes of the memory are left to them. */
const spare: usize = 0;
