// The sums of one particle in double precision, on the same panels: slower, for log-weights too large for single.
//
//   z     [d] f64, unscaled
//   state [total 4 x 16 | squares 4 x 16 | energy 4 x 16 | rows d x 4 x 16] f64x2, lanes over the classes of a panel
//   sums  one row of 5 + d f64

import { exactPower } from './lanes';

const panelClasses: i32 = 8;
const magicBase: f64 = 6755399441055744;
const headroom: f64 = 400;
const depth: f64 = 900;
const squaresAt: usize = 64;
const energyAt: usize = 128;
const rowsAt: usize = 192;

/** 2^f for |f| <= 1/2: Taylor polynomial of degree 12, relative error 2e-16 before rounding. */
function powerOfTwo(f: v128): v128 {
  let p = f64x2.splat(2.5678435993488206e-11);
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(4.4455382718708116e-10));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(7.0549116208011233e-9));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0178086009239699e-7));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.3215486790144309e-6));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.525273380405984e-5));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.5403530393381608e-4));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.3333558146428443e-3));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(9.618129107628477e-3));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(5.550410866482158e-2));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(2.402265069591007e-1));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(6.931471805599453e-1));
  return f64x2.add(f64x2.mul(p, f), f64x2.splat(1));
}

@inline
function weightOf(l: v128, magic: v128, cut: v128): v128 {
  const t = f64x2.add(l, magic);
  const p = powerOfTwo(f64x2.sub(l, f64x2.sub(t, magic)));
  return v128.and(i64x2.add(p, i64x2.shl(t, 52)), f64x2.ge(l, cut));
}

function laneSums(at: usize): f64 {
  const sum = f64x2.add(
    f64x2.add(v128.load(at), v128.load(at, 16)),
    f64x2.add(v128.load(at, 32), v128.load(at, 48)),
  );
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

@inline
function addAt(at: usize, x: v128): void {
  v128.store(at, f64x2.add(v128.load(at), x));
}

export function accumulatePrecisely(
  panels: usize,
  panelBegin: i32,
  panelEnd: i32,
  lastClasses: i32,
  dimension: i32,
  kappa: f64,
  z: usize,
  cutAt: f64,
  state: usize,
  sums: usize,
): void {
  const panelBytes: usize = (<usize>dimension + 1) << 5;
  const rowBytes = <usize>dimension << 6;
  memory.fill(state, 0, rowsAt + rowBytes);
  const half = f64x2.splat(0.5);
  const scale = f64x2.splat(kappa);
  let reference: f64 = 0;
  let cut = max(cutAt, -depth);
  for (let panel = panelBegin; panel < panelEnd; panel++) {
    const begin = panels + <usize>panel * panelBytes + 32;
    const end = begin + (<usize>dimension << 5);
    // The padding of the last panel has an infinite |delta|^2/2.
    const mask = panel == panelEnd - 1 ? lastClasses : panelClasses;
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let at = z;
    for (let x = begin; x < end; x += 32) {
      const s = v128.load64_splat(at);
      at += 8;
      let delta = f64x2.promote_low_f32x4(v128.load64_zero(x));
      a = f64x2.add(a, f64x2.mul(delta, f64x2.sub(s, f64x2.mul(half, delta))));
      delta = f64x2.promote_low_f32x4(v128.load64_zero(x, 8));
      b = f64x2.add(b, f64x2.mul(delta, f64x2.sub(s, f64x2.mul(half, delta))));
      delta = f64x2.promote_low_f32x4(v128.load64_zero(x, 16));
      c = f64x2.add(c, f64x2.mul(delta, f64x2.sub(s, f64x2.mul(half, delta))));
      delta = f64x2.promote_low_f32x4(v128.load64_zero(x, 24));
      d = f64x2.add(d, f64x2.mul(delta, f64x2.sub(s, f64x2.mul(half, delta))));
    }
    a = f64x2.mul(a, scale);
    b = f64x2.mul(b, scale);
    c = f64x2.mul(c, scale);
    d = f64x2.mul(d, scale);
    if (mask < 8) {
      const none: f64 = -1e300;
      if (mask < 2) a = f64x2.replace_lane(a, 1, none);
      if (mask < 3) b = f64x2.replace_lane(b, 0, none);
      if (mask < 4) b = f64x2.replace_lane(b, 1, none);
      if (mask < 5) c = f64x2.replace_lane(c, 0, none);
      if (mask < 6) c = f64x2.replace_lane(c, 1, none);
      if (mask < 7) d = f64x2.replace_lane(d, 0, none);
      d = f64x2.replace_lane(d, 1, none);
    }
    const top = f64x2.pmax(f64x2.pmax(a, b), f64x2.pmax(c, d));
    const largest = max(f64x2.extract_lane(top, 0), f64x2.extract_lane(top, 1));
    if (largest > reference + headroom) {
      const after = ceil(largest);
      const factor = f64x2.splat(exactPower(reference - after));
      for (let i: usize = 0; i < rowsAt + rowBytes; i += 16) {
        v128.store(state + i, f64x2.mul(v128.load(state + i), factor));
        if (i >= squaresAt && i < energyAt) v128.store(state + i, f64x2.mul(v128.load(state + i), factor));
      }
      reference = after;
      cut = max(cut, after - depth);
    }
    const magic = f64x2.splat(magicBase - reference);
    const low = f64x2.splat(cut);
    // Negligible log-weights may be so negative that a weight of 0 times them would not be 0.
    const wa = weightOf(a, magic, low);
    const wb = weightOf(b, magic, low);
    const wc = weightOf(c, magic, low);
    const wd = weightOf(d, magic, low);
    if (!v128.any_true(v128.or(v128.or(wa, wb), v128.or(wc, wd)))) continue;
    addAt(state, wa);
    addAt(state + 16, wb);
    addAt(state + 32, wc);
    addAt(state + 48, wd);
    addAt(state + squaresAt, f64x2.mul(wa, wa));
    addAt(state + squaresAt + 16, f64x2.mul(wb, wb));
    addAt(state + squaresAt + 32, f64x2.mul(wc, wc));
    addAt(state + squaresAt + 48, f64x2.mul(wd, wd));
    addAt(state + energyAt, f64x2.mul(wa, a));
    addAt(state + energyAt + 16, f64x2.mul(wb, b));
    addAt(state + energyAt + 32, f64x2.mul(wc, c));
    addAt(state + energyAt + 48, f64x2.mul(wd, d));
    let row = state + rowsAt;
    for (let x = begin; x < end; x += 32) {
      addAt(row, f64x2.mul(wa, f64x2.promote_low_f32x4(v128.load64_zero(x))));
      addAt(row + 16, f64x2.mul(wb, f64x2.promote_low_f32x4(v128.load64_zero(x, 8))));
      addAt(row + 32, f64x2.mul(wc, f64x2.promote_low_f32x4(v128.load64_zero(x, 16))));
      addAt(row + 48, f64x2.mul(wd, f64x2.promote_low_f32x4(v128.load64_zero(x, 24))));
      row += 64;
    }
  }
  const classes = <f64>((panelEnd - panelBegin) * panelClasses - (panelClasses - lastClasses));
  store<f64>(sums, load<f64>(sums, 32) + classes, 32);
  const total = laneSums(state);
  if (total == 0) return;
  const before = load<f64>(sums);
  const top = max(before, reference);
  const keep = exactPower(before - top);
  const add = exactPower(reference - top);
  store<f64>(sums, top);
  store<f64>(sums, load<f64>(sums, 8) * keep + total * add, 8);
  store<f64>(sums, load<f64>(sums, 16) * keep + laneSums(state + energyAt) * add, 16);
  store<f64>(sums, load<f64>(sums, 24) * keep * keep + laneSums(state + squaresAt) * add * add, 24);
  for (let i = 0; i < dimension; i++) {
    const at = sums + (<usize>(i + 5) << 3);
    store<f64>(at, load<f64>(at) * keep + laneSums(state + rowsAt + (<usize>i << 6)) * add);
  }
}
