// Sums over classes for groups of four particles, in one pass: a tile of classes stays in cache while all groups go
// through it; in a tile the log-weights and weights of all its panels come first, then the weighted sums of the rows.
//
// Addresses (bytes):
//   panels  [panel][1 + d][8] f32: row 0 is |delta|^2/2, row 1 + i coordinate i of delta
//   z       [group][d][4] f32: coordinates times kappa = log2(e)/Gamma
//   params  [group][8] f32: threshold, scale and shift of the keys, largest |kappa z|, cut of each particle
//   state   [group][header 64 | total 4 x 16 | squares 4 x 16 | rows (1 + d) x 4 x 16], zeroed at each slab;
//           header f32: magic of each particle, reference of each, effective cut of each, 4 unused, classes looked at
//   scratch [32][2] u32 addresses of the halves of the active panels, [4] v128 largest log-weights, [32][2][4] v128 weights
//   sums    [particle][5 + d] f64, columns as in kernel.ts

import { exactPower, laneSum, largestLane, multiplyAdd, weightOf } from './lanes';

const panelClasses: i32 = 8;
const tilePanels: i32 = 32;
const slabPanels: i32 = 512;
const magicBase: f32 = 12582912;
/** A reference is raised when a log-weight exceeds it by this. */
const headroom: f32 = 40;
/** Log-weights this far below the reference count as zero: 2^-100 is still a normal number. */
const depth: f32 = 100;

const totalsAt: usize = 64;
const squaresAt: usize = 128;
const rowsAt: usize = 192;
const maximaAt: usize = 256;
const weightsAt: usize = 320;

export function accumulate(
  panels: usize,
  keys: usize,
  keyStride: usize,
  panelBegin: i32,
  panelEnd: i32,
  lastClasses: i32,
  groups: i32,
  dimension: i32,
  kappa: f32,
  z: usize,
  params: usize,
  state: usize,
  scratch: usize,
  sums: usize,
  squares: bool,
): void {
  const panelBytes: usize = (<usize>dimension + 1) << 5;
  const stateBytes: usize = rowsAt + (<usize>(dimension + 1) << 6);
  const zBytes: usize = <usize>dimension << 4;
  for (let slab = panelBegin; slab < panelEnd; slab += slabPanels) {
    const slabEnd = min(slab + slabPanels, panelEnd);
    for (let g = 0; g < groups; g++) clear(state + <usize>g * stateBytes, stateBytes, params + (<usize>g << 5));
    for (let tile = slab; tile < slabEnd; tile += tilePanels) {
      const tileEnd = min(tile + tilePanels, slabEnd);
      for (let g = 0; g < groups; g++) {
        const at = state + <usize>g * stateBytes;
        const count = logWeights(
          panels,
          panelBytes,
          keys == 0 ? 0 : keys + <usize>g * keyStride,
          tile,
          tileEnd,
          dimension,
          kappa,
          z + <usize>g * zBytes,
          params + (<usize>g << 5),
          scratch,
        );
        if (count != 0) {
          for (let p: usize = 0; p < 4; p++) {
            raise(at, dimension, p, largestLane(v128.load(scratch + maximaAt + (p << 4))));
            exponentiate(count, p, at, scratch);
          }
          if (squares) for (let p: usize = 0; p < 4; p++) addSquares(count, p, at, scratch);
          sumRows(count, dimension + 1, at + rowsAt, scratch);
          // The padding of the last panel is not counted.
          const last = load<u32>(scratch + (<usize>(count - 1) << 3)) == <u32>(panels + <usize>(panelEnd - 1) * panelBytes);
          const looked = count * panelClasses - (last ? panelClasses - lastClasses : 0);
          store<f32>(at + 52, load<f32>(at + 52) + <f32>looked);
        }
      }
    }
    for (let g = 0; g < groups; g++) {
      flush(
        state + <usize>g * stateBytes,
        dimension,
        kappa,
        z + <usize>g * zBytes,
        sums + <usize>g * 4 * ((<usize>dimension + 5) << 3),
      );
    }
  }
}

function clear(at: usize, bytes: usize, params: usize): void {
  memory.fill(at, 0, bytes);
  for (let p: usize = 0; p < 4; p++) {
    store<f32>(at + (p << 2), magicBase);
    store<f32>(at + 32 + (p << 2), max<f32>(load<f32>(params + 16 + (p << 2)), -depth));
  }
}

/**
 * Log-weights of the panels [begin, end) that are not skipped, into the scratch, with the largest of each particle (by lane).
 * Returns the number of panels.
 */
function logWeights(
  panels: usize,
  panelBytes: usize,
  keys: usize,
  begin: i32,
  end: i32,
  dimension: i32,
  kappa: f32,
  z: usize,
  params: usize,
  scratch: usize,
): i32 {
  const threshold = load<f32>(params);
  const scale = load<f32>(params, 4);
  const shift = load<f32>(params, 8);
  const reach = load<f32>(params, 12);
  // A bound of the rounding of a sum of `dimension` products, here and when it is formed again.
  const rounding = <f32>1.8e-7 * <f32>(dimension + 8);
  const zEnd = z + (<usize>dimension << 4);
  const halfKappa = f32x4.splat(<f32>0.5 * kappa);
  const maxima = scratch + maximaAt;
  const none = f32x4.splat(-Infinity);
  v128.store(maxima, none);
  v128.store(maxima, none, 16);
  v128.store(maxima, none, 32);
  v128.store(maxima, none, 48);
  let count = 0;
  let list = scratch;
  let w = scratch + weightsAt;
  for (let panel = begin; panel < end; panel++) {
    const key = keys + (<usize>panel << 2);
    if (keys != 0 && load<f32>(key) < threshold) continue;
    let x = panels + <usize>panel * panelBytes;
    store<u32>(list, <u32>x);
    store<u32>(list, <u32>x + 16, 4);
    list += 8;
    // Half of |delta|^2/2 goes in before and half after the products: partial sums, and their rounding, are half as large.
    const half0 = f32x4.mul(halfKappa, v128.load(x));
    const half1 = f32x4.mul(halfKappa, v128.load(x, 16));
    let a0 = f32x4.neg(half0);
    let a1 = f32x4.neg(half1);
    let b0 = a0;
    let b1 = a1;
    let c0 = a0;
    let c1 = a1;
    let d0 = a0;
    let d1 = a1;
    let at = z;
    while (at < zEnd) {
      const x0 = v128.load(x, 32);
      const x1 = v128.load(x, 48);
      let s = v128.load32_splat(at);
      a0 = multiplyAdd(s, x0, a0);
      a1 = multiplyAdd(s, x1, a1);
      s = v128.load32_splat(at, 4);
      b0 = multiplyAdd(s, x0, b0);
      b1 = multiplyAdd(s, x1, b1);
      s = v128.load32_splat(at, 8);
      c0 = multiplyAdd(s, x0, c0);
      c1 = multiplyAdd(s, x1, c1);
      s = v128.load32_splat(at, 12);
      d0 = multiplyAdd(s, x0, d0);
      d1 = multiplyAdd(s, x1, d1);
      at += 16;
      x += 32;
    }
    a0 = f32x4.sub(a0, half0);
    a1 = f32x4.sub(a1, half1);
    b0 = f32x4.sub(b0, half0);
    b1 = f32x4.sub(b1, half1);
    c0 = f32x4.sub(c0, half0);
    c1 = f32x4.sub(c1, half1);
    d0 = f32x4.sub(d0, half0);
    d1 = f32x4.sub(d1, half1);
    v128.store(w, a0);
    v128.store(w, b0, 16);
    v128.store(w, c0, 32);
    v128.store(w, d0, 48);
    v128.store(w, a1, 64);
    v128.store(w, b1, 80);
    v128.store(w, c1, 96);
    v128.store(w, d1, 112);
    w += 128;
    a0 = f32x4.pmax(a0, a1);
    b0 = f32x4.pmax(b0, b1);
    c0 = f32x4.pmax(c0, c1);
    d0 = f32x4.pmax(d0, d1);
    v128.store(maxima, f32x4.pmax(v128.load(maxima), a0));
    v128.store(maxima, f32x4.pmax(v128.load(maxima, 16), b0), 16);
    v128.store(maxima, f32x4.pmax(v128.load(maxima, 32), c0), 32);
    v128.store(maxima, f32x4.pmax(v128.load(maxima, 48), d0), 48);
    if (keys != 0) {
      // Upwards, by more than rounding can have taken away; kappa |delta|^2/2 and |delta| are the largest of the panel.
      const norm = <f32>2 * largestLane(f32x4.pmax(half0, half1));
      const slack = <f32>0.02 + rounding * (norm + reach * sqrt<f32>((<f32>2 * norm) / kappa));
      const bound = scale * (slack + largestLane(f32x4.pmax(f32x4.pmax(a0, b0), f32x4.pmax(c0, d0))));
      store<f32>(key, bound - shift + <f32>1e-5 * (abs(bound) + abs(shift)));
    }
    count++;
  }
  return count;
}

/** Log-weights of one particle to weights; adds them to its total. */
function exponentiate(count: i32, particle: usize, state: usize, scratch: usize): void {
  const at = state + (particle << 2);
  const magic = v128.load32_splat(at);
  const cut = v128.load32_splat(at, 32);
  const totalAt = state + totalsAt + (particle << 4);
  let total0 = v128.load(totalAt);
  let total1 = f32x4.splat(0);
  let w = scratch + weightsAt + (particle << 4);
  for (const end = w + (<usize>count << 7); w < end; w += 128) {
    const first = weightOf(v128.load(w), magic, cut);
    const second = weightOf(v128.load(w, 64), magic, cut);
    v128.store(w, first);
    v128.store(w, second, 64);
    total0 = f32x4.add(total0, first);
    total1 = f32x4.add(total1, second);
  }
  v128.store(totalAt, f32x4.add(total0, total1));
}

function addSquares(count: i32, particle: usize, state: usize, scratch: usize): void {
  const at = state + squaresAt + (particle << 4);
  let sum = v128.load(at);
  let w = scratch + weightsAt + (particle << 4);
  for (const end = w + (<usize>count << 7); w < end; w += 64) {
    const weight = v128.load(w);
    sum = multiplyAdd(weight, weight, sum);
  }
  v128.store(at, sum);
}

/** Raises the reference of one particle to `largest` if that exceeds it by too much: an exact change of scale. */
function raise(state: usize, dimension: i32, particle: usize, largest: f32): void {
  const at = state + (particle << 2);
  const before = load<f32>(at, 16);
  if (!(largest > before + headroom)) return;
  const after = ceil(largest);
  store<f32>(at, magicBase - after);
  store<f32>(at, after, 16);
  store<f32>(at, max<f32>(load<f32>(at, 32), after - depth), 32);
  const factor = f32x4.splat(<f32>exactPower(<f64>(before - after)));
  const lane = state + (particle << 4);
  v128.store(lane, f32x4.mul(v128.load(lane, totalsAt), factor), totalsAt);
  v128.store(lane, f32x4.mul(f32x4.mul(v128.load(lane, squaresAt), factor), factor), squaresAt);
  for (let r = 0; r <= dimension; r++) {
    const row = lane + rowsAt + (<usize>r << 6);
    v128.store(row, f32x4.mul(v128.load(row), factor));
  }
}

/** Adds weight times row, for all rows of the active panels, to the sums of the four particles. */
function sumRows(count: i32, rows: i32, sums: usize, scratch: usize): void {
  // Half a panel at a time: eight sums, two rows and a weight are all that must be in registers.
  const end = scratch + (<usize>count << 3);
  let r = 0;
  for (; r + 1 < rows; r += 2) {
    const offset = <usize>r << 5;
    const at = sums + (<usize>r << 6);
    let a0 = v128.load(at);
    let b0 = v128.load(at, 16);
    let c0 = v128.load(at, 32);
    let d0 = v128.load(at, 48);
    let a1 = v128.load(at, 64);
    let b1 = v128.load(at, 80);
    let c1 = v128.load(at, 96);
    let d1 = v128.load(at, 112);
    let w = scratch + weightsAt;
    for (let list = scratch; list < end; list += 4) {
      const x = <usize>load<u32>(list) + offset;
      const x0 = v128.load(x);
      const x1 = v128.load(x, 32);
      let weight = v128.load(w);
      a0 = multiplyAdd(weight, x0, a0);
      a1 = multiplyAdd(weight, x1, a1);
      weight = v128.load(w, 16);
      b0 = multiplyAdd(weight, x0, b0);
      b1 = multiplyAdd(weight, x1, b1);
      weight = v128.load(w, 32);
      c0 = multiplyAdd(weight, x0, c0);
      c1 = multiplyAdd(weight, x1, c1);
      weight = v128.load(w, 48);
      d0 = multiplyAdd(weight, x0, d0);
      d1 = multiplyAdd(weight, x1, d1);
      w += 64;
    }
    v128.store(at, a0);
    v128.store(at, b0, 16);
    v128.store(at, c0, 32);
    v128.store(at, d0, 48);
    v128.store(at, a1, 64);
    v128.store(at, b1, 80);
    v128.store(at, c1, 96);
    v128.store(at, d1, 112);
  }
  if (r < rows) {
    const offset = <usize>r << 5;
    const at = sums + (<usize>r << 6);
    let a0 = v128.load(at);
    let b0 = v128.load(at, 16);
    let c0 = v128.load(at, 32);
    let d0 = v128.load(at, 48);
    let w = scratch + weightsAt;
    for (let list = scratch; list < end; list += 4) {
      const x = v128.load(<usize>load<u32>(list) + offset);
      a0 = multiplyAdd(v128.load(w), x, a0);
      b0 = multiplyAdd(v128.load(w, 16), x, b0);
      c0 = multiplyAdd(v128.load(w, 32), x, c0);
      d0 = multiplyAdd(v128.load(w, 48), x, d0);
      w += 64;
    }
    v128.store(at, a0);
    v128.store(at, b0, 16);
    v128.store(at, c0, 32);
    v128.store(at, d0, 48);
  }
}

/** Adds the sums of a slab to those in double precision. */
function flush(state: usize, dimension: i32, kappa: f32, z: usize, sums: usize): void {
  const rowBytes: usize = (<usize>dimension + 5) << 3;
  const looked = <f64>load<f32>(state, 52);
  for (let p: usize = 0; p < 4; p++) {
    const row = sums + p * rowBytes;
    store<f64>(row, load<f64>(row, 32) + looked, 32);
    const lane = state + (p << 4);
    const total = laneSum(v128.load(lane, totalsAt));
    if (total == 0) continue;
    const reference = <f64>load<f32>(state + (p << 2), 16);
    const before = load<f64>(row);
    const top = max(before, reference);
    const keep = exactPower(before - top);
    const add = exactPower(reference - top);
    store<f64>(row, top);
    store<f64>(row, load<f64>(row, 8) * keep + total * add, 8);
    const squares = laneSum(v128.load(lane, squaresAt));
    store<f64>(row, load<f64>(row, 24) * keep * keep + squares * add * add, 24);
    // sum w L = kappa (z . sum w delta - sum w |delta|^2/2)
    let energy: f64 = -(<f64>kappa) * laneSum(v128.load(lane, rowsAt));
    for (let i = 0; i < dimension; i++) {
      const sum = laneSum(v128.load(lane + rowsAt + (<usize>(i + 1) << 6)));
      energy += <f64>load<f32>(z + (<usize>i << 4) + (p << 2)) * sum;
      const at = row + (<usize>(i + 5) << 3);
      store<f64>(at, load<f64>(at) * keep + sum * add);
    }
    store<f64>(row, load<f64>(row, 16) * keep + energy * add, 16);
  }
}
