import { requireMembers } from '../../numerics/checks.ts';
/**
 * The one expensive operation of a full simulation, sums over all classes for every particle, behind an interface that
 * several engines implement (plain, WASM, native). Class 0, the guided one, is not among the classes of a kernel: in
 * the frame y = x/a everything is taken relative to it,
 *   delta_k = mu_k - mu_c,   z = y - mu_c,   L_k = log2(e) (z.delta_k - |delta_k|^2/2)/Gamma,
 * L_k the base-2 logarithm of the posterior weight of class k over that of the guided class (eq. relative-weights).
 */

/** Classes whose weights are summed in single precision before the sums go to double precision. */
export const slabClasses = 4096;

/** Upper limit of the number of shards: parts of the classes that are summed on their own. */
const mostShards = 64;

/**
 * Shards of K - 1 classes: a whole number of slabs each, at most 64 of them. They depend on the number of classes
 * alone, are summed independently and added in their order, so that the result has the same bits whoever sums them.
 * @returns first class of each shard and, at the end, the number of classes
 */
export function shardBounds(others: number): number[] {
  const size = slabClasses * Math.max(1, Math.ceil(others / (mostShards * slabClasses)));
  const bounds = [];
  for (let begin = 0; begin < others; begin += size) bounds.push(begin);
  return [...bounds, others];
}

/** Source of the classes. */
export interface ClassSource {
  /** d */
  readonly dimension: number;
  /** Number of classes without the guided one, K - 1. */
  readonly others: number;
  /** mu_c, d values. */
  readonly guided: Float64Array;
  /** Writes delta_k of the classes [begin, end), row-major, to out; classes count from 0 for mu_1. */
  relativeCentres(begin: number, end: number, out: Float32Array): void;
  /** Generator state from which a kernel draws the same centres itself, bit for bit; absent for given centres. */
  readonly draw?: RelativeDraw;
}

/** Address and kind of random class centres, for kernels with their own generator. */
export interface RelativeDraw {
  /** Key of the generator (numerics/singleNormals.ts). */
  readonly key0: number;
  readonly key1: number;
  readonly realization: number;
  readonly spherical: boolean;
}

/**
 * Columns of a row of sums, one row per particle, rowLength(d) values each. With a reference exponent R, an integer:
 * total = sum_k 2^(L_k - R), energy = sum_k 2^(L_k - R) L_k, squares = sum_k 4^(L_k - R), pairs = classes evaluated,
 * then the d sums over k of 2^(L_k - R) delta_k. A row of zeros is the empty sum.
 */
export const sumColumns = { reference: 0, total: 1, energy: 2, squares: 3, pairs: 4, means: 5 } as const;

/** Length of a row of sums. */
export function rowLength(dimension: number): number {
  return sumColumns.means + dimension;
}

/** Particles of a kernel's sums, and its criteria for leaving classes out. */
export interface KernelPass {
  readonly count: number;
  /** z = y - mu_c, count x d, row-major. */
  readonly offsets: Float64Array;
  /** Gamma > 0, in the frame of y. */
  readonly variance: number;
  /**
   * Per particle: classes with L_k below this are left out, exactly (each contributes 0). At least -60. So a class
   * that is known to lie below it may be skipped without any change to the result.
   */
  readonly cuts: Float64Array;
  /** True if the sum `squares` is wanted (else it may stay 0). */
  readonly squares: boolean;
  /**
   * Skipping of panels, or null for none. A kernel keeps a key for each (group of particles, panel of classes). If
   * the key of a panel is below thresholds[group] the panel is skipped; else it is evaluated and gets the key
   * (largest L_k of the panel and group) * scales[group] - shifts[group], rounded upwards.
   */
  readonly skip: {
    readonly thresholds: Float64Array;
    readonly scales: Float64Array;
    readonly shifts: Float64Array;
  } | null;
}

/** Classes held by a kernel. */
export interface ClassStore {
  /**
   * Takes in the classes [begin, end) of the source in place of those held before; begin is a multiple of slabClasses.
   * @returns smallest and largest |delta_k| of them
   */
  load(begin: number, end: number): { readonly least: number; readonly largest: number };
  /** Sets all keys to infinity: nothing is skipped until it has been evaluated. */
  resetKeys(): void;
  /**
   * Adds the sums over classes [begin, end) of those loaded (a shard: begin is a multiple of slabClasses) to the
   * rows `sums` (count rows). Single precision; every slab of classes starts afresh. The bits of a particle's row do
   * not depend on the other particles, nor on the skipped panels.
   */
  accumulate(pass: KernelPass, begin: number, end: number, sums: Float64Array): void;
  /** `accumulate` in double precision, for the given particles of the pass only; nothing is skipped, cuts still apply. */
  accumulatePrecisely(
    pass: KernelPass,
    particles: readonly number[],
    begin: number,
    end: number,
    sums: Float64Array,
  ): void;
}

/** An engine. */
export interface ClassKernel {
  readonly name: 'plain' | 'wasm' | 'wasm-relaxed' | 'native';
  /** Instructions that it was compiled to or chose: bits are the same only where these are. */
  readonly instructions: string;
  /** Particles of a group: they share the decisions to skip. */
  readonly groupSize: number;
  /** Classes of a panel. */
  readonly panelClasses: number;
  /** Bytes that a store takes for so many classes held and so many particles a pass. */
  storeBytes(dimension: number, classes: number, particles: number, skip: boolean): number;
  /**
   * Room for `classes` classes (a multiple of slabClasses, or all others) and passes of up to `particles` particles.
   * @param skip whether keys are kept
   */
  open(source: ClassSource, classes: number, particles: number, skip: boolean): ClassStore;
}

/** Throws unless `kernel` is an engine for the sums over classes. */
export function requireKernel(kernel: ClassKernel): void {
  requireMembers('kernel', kernel, {
    name: 'text',
    instructions: 'text',
    groupSize: 'number',
    panelClasses: 'number',
    storeBytes: 'function',
    open: 'function',
  });
}

/** Adds a row of sums to another: exact powers of two bring them to one reference. */
export function addSums(
  from: Float64Array,
  fromRow: number,
  into: Float64Array,
  intoRow: number,
  length: number,
): void {
  const { reference, total, energy, squares, pairs, means } = sumColumns;
  const a = into[intoRow + reference]!;
  const b = from[fromRow + reference]!;
  const top = Math.max(a, b);
  const keep = 2 ** (a - top);
  const add = 2 ** (b - top);
  into[intoRow + reference] = top;
  for (const column of [total, energy]) {
    into[intoRow + column] = into[intoRow + column]! * keep + from[fromRow + column]! * add;
  }
  into[intoRow + squares] = into[intoRow + squares]! * keep * keep + from[fromRow + squares]! * add * add;
  into[intoRow + pairs]! += from[fromRow + pairs]!;
  for (let i = means; i < length; i++) {
    into[intoRow + i] = into[intoRow + i]! * keep + from[fromRow + i]! * add;
  }
}

/**
 * Smallest and largest |delta_k| from the |delta_k|^2/2 of `count` classes, stored in rows of `width` values, the
 * rows `stride` apart. Widened by the rounding of single precision.
 */
export function distanceRange(
  halfNorms: Float32Array | Float64Array,
  count: number,
  width: number,
  stride: number,
): { readonly least: number; readonly largest: number } {
  let least = Infinity;
  let largest = 0;
  for (let k = 0; k < count; k++) {
    const half = halfNorms[Math.floor(k / width) * stride + (k % width)]!;
    if (half < least) least = half;
    if (half > largest) largest = half;
  }
  return { least: Math.sqrt(2 * least) * (1 - 1e-6), largest: Math.sqrt(2 * largest) * (1 + 1e-6) };
}
