import { describe, expect, it } from 'vitest';
import { loadNativeAddon } from '../../../src/threads/nativeAddon.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { drawnClasses } from '../../../src/particles/kernels/classSource.ts';
import {
  rowLength,
  slabClasses,
  sumColumns,
  type ClassSource,
  type ClassStore,
  type KernelPass,
} from '../../../src/particles/kernels/kernel.ts';
import {
  nativeKernel,
  type NativeAddon,
  type NativeLevel,
} from '../../../src/particles/kernels/nativeKernel.ts';

const { reference, total, energy, squares, pairs, means } = sumColumns;

/** Gaussian delta of the given size and, by default, particles at distances that a diffusion has at variance 1. */
function problem(dimension: number, others: number, count: number, given: Partial<Shape> = {}) {
  const { variance, spread, cut } = { variance: 2, spread: Math.SQRT2, cut: -60, ...given };
  const stream = new RandomStream(7, 3, dimension, others);
  const rows = Float32Array.from({ length: others * dimension }, () => spread * stream.nextNormal());
  const offsets = new Float64Array(count * dimension);
  stream.normals(offsets, 0, offsets.length);
  for (let i = 0; i < offsets.length; i++) offsets[i]! *= Math.sqrt(variance);
  const source: ClassSource = {
    dimension,
    others,
    guided: new Float64Array(dimension),
    relativeCentres: (begin, end, out) => {
      out.set(rows.subarray(begin * dimension, end * dimension));
    },
  };
  const pass: KernelPass = {
    count,
    offsets,
    variance,
    cuts: new Float64Array(count).fill(cut),
    squares: true,
    skip: null,
  };
  return { source, rows, pass };
}

interface Shape {
  variance: number;
  spread: number;
  cut: number;
}

type Problem = ReturnType<typeof problem>;

/** L_k in double precision. */
function logWeight({ source: { dimension }, rows, pass }: Problem, particle: number, k: number): number {
  let sum = 0;
  for (let i = 0; i < dimension; i++) {
    const delta = rows[k * dimension + i]!;
    sum += delta * (pass.offsets[particle * dimension + i]! - delta / 2);
  }
  return (sum * Math.LOG2E) / pass.variance;
}

/** The sums of a particle, straightforwardly, referred to 2^-top. */
function expected(given: Problem, particle: number, top: number): number[] {
  const { dimension, others } = given.source;
  const row = new Array<number>(rowLength(dimension)).fill(0);
  row[reference] = top;
  row[pairs] = others;
  for (let k = 0; k < others; k++) {
    const log = logWeight(given, particle, k);
    if (log < given.pass.cuts[particle]!) continue;
    const weight = 2 ** (log - top);
    row[total]! += weight;
    row[energy]! += weight * log;
    row[squares]! += weight * weight;
    for (let i = 0; i < dimension; i++) row[means + i]! += weight * given.rows[k * dimension + i]!;
  }
  return row;
}

/** Largest error of a row: of total, energy and squares relative, of the means relative to total times |delta|. */
function rowError(given: Problem, particle: number, row: Float64Array): number {
  const right = expected(given, particle, row[reference]!);
  const scale = right[total]!;
  if (scale === 0)
    return Math.max(...row.subarray(1, pairs).map(Math.abs), ...row.subarray(means).map(Math.abs));
  const range = Math.max(1, Math.abs(right[energy]! / scale));
  return Math.max(
    Math.abs(row[total]! / scale - 1),
    Math.abs(row[energy]! - right[energy]!) / (scale * range),
    Math.abs(row[squares]! / right[squares]! - 1),
    ...right.slice(means).map((value, i) => Math.abs(row[means + i]! - value) / scale / 2),
  );
}

const rowOf = (sums: Float64Array, particle: number, dimension: number) =>
  sums.subarray(particle * rowLength(dimension), (particle + 1) * rowLength(dimension));

function sumAll(store: ClassStore, { source, pass }: Problem): Float64Array {
  const sums = new Float64Array(pass.count * rowLength(source.dimension));
  store.accumulate(pass, 0, source.others, sums);
  return sums;
}

/** Memory of classes from its first to its last byte that is not 0: where it begins depends on alignment. */
function withoutMargins(memory: Uint8Array): Uint8Array {
  return memory.subarray(
    memory.findIndex((byte) => byte !== 0),
    memory.findLastIndex((byte) => byte !== 0) + 1,
  );
}

const lookup = loadNativeAddon();
const allLevels: readonly NativeLevel[] = ['avx512', 'avx2', 'portable'];

describe.each(allLevels)('native kernel, %s', (level) => {
  const missing = lookup.addon === null ? lookup.reason : 'this processor does not offer it';
  const offered = lookup.addon?.levels.includes(level) === true;
  if (!offered) {
    it.skip(`skipped: ${missing}`);
    return;
  }
  const kernel = nativeKernel(lookup.addon, level);
  function open({ source, pass }: Problem, skip = false): ClassStore {
    const store = kernel.open(source, source.others, pass.count, skip);
    store.load(0, source.others);
    return store;
  }

  it.each([
    [2, 4097],
    [3, 17],
    [7, 9000],
    [16, 16],
    [24, 4096],
    [24, 9000],
    [33, 1],
    [33, 15],
  ])('sums over classes to 1e-5 in single, 1e-12 in double precision (d = %d, %d classes)', (d, others) => {
    const given = problem(d, others, 11);
    const store = open(given);
    const sums = sumAll(store, given);
    const precise = new Float64Array(sums.length);
    store.accumulatePrecisely(given.pass, [0, 2, 3, 4, 5, 10], 0, others, precise);
    for (const p of [0, 2, 3, 4, 5, 10]) {
      expect(rowOf(sums, p, d)[pairs]).toBe(others);
      expect(rowError(given, p, rowOf(sums, p, d))).toBeLessThan(1e-5);
      expect(rowOf(precise, p, d)[pairs]).toBe(others);
      expect(rowError(given, p, rowOf(precise, p, d))).toBeLessThan(1e-12);
    }
    expect(rowOf(precise, 1, d)).toEqual(new Float64Array(rowLength(d)));
  });

  it('raises its reference, again and again, for log-weights of several hundred: sums to 1e-4 (1e-12)', () => {
    const given = problem(24, 9000, 9, { variance: 0.5 });
    const { rows, pass } = given;
    // Particles next to classes 5000 + p, which get log-weights of some 200; a later class of the slab has some 280.
    for (let p = 0; p < 9; p++) {
      for (let i = 0; i < 24; i++) {
        const near = rows[(5000 + p) * 24 + i]!;
        pass.offsets[p * 24 + i] = pass.offsets[p * 24 + i]! / 10 + 2 * near;
        rows[(6000 + p) * 24 + i] = 2 * near;
      }
    }
    const store = open(given);
    const sums = sumAll(store, given);
    const precise = new Float64Array(sums.length);
    store.accumulatePrecisely(pass, [0, 1, 8], 0, 9000, precise);
    for (const p of [0, 1, 8]) {
      expect(logWeight(given, p, 6000 + p) - logWeight(given, p, 5000 + p)).toBeGreaterThan(40);
      expect(rowOf(sums, p, 24)[reference]).toBe(Math.ceil(logWeight(given, p, 6000 + p)));
      expect(rowError(given, p, rowOf(sums, p, 24))).toBeLessThan(1e-4);
      expect(rowError(given, p, rowOf(precise, p, 24))).toBeLessThan(1e-12);
    }
  });

  it('adds to rows of any reference, exactly', () => {
    const given = problem(5, 300, 3);
    const store = open(given);
    const once = sumAll(store, given);
    const twice = once.slice();
    rowOf(twice, 1, 5).set([50, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    store.accumulate(given.pass, 0, 300, twice);
    const length = rowLength(5);
    for (let i = 0; i < length; i++) expect(twice[i]).toBe(i === reference ? once[i] : 2 * once[i]!);
    const lowered = [
      50,
      ...[1, 2, 3].map((value, i) => value + once[length + 1 + i]! * 2 ** (i === 2 ? -100 : -50)),
    ];
    expect([...rowOf(twice, 1, 5).subarray(0, 4)]).toEqual(lowered);
    expect(twice[length + pairs]).toBe(304);
  });

  it('leaves out classes below the cut, all of them if need be', () => {
    const given = problem(8, 5000, 10);
    given.pass.cuts.set([-5, 1000, -1, 0, 3, -60, Infinity, 1000, 1000, 1000]);
    const store = open(given);
    const sums = sumAll(store, given);
    const precise = new Float64Array(sums.length);
    store.accumulatePrecisely(given.pass, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 0, 5000, precise);
    for (let p = 0; p < 10; p++) {
      expect(rowError(given, p, rowOf(sums, p, 8))).toBeLessThan(1e-5);
      expect(rowError(given, p, rowOf(precise, p, 8))).toBeLessThan(1e-12);
    }
    expect(rowOf(sums, 1, 8)[total]).toBe(0);
    expect(rowOf(sums, 8, 8).subarray(means)).toEqual(new Float64Array(8));
    expect(rowOf(sums, 5, 8)[total]).toBeGreaterThan(0);
  });

  it('gives a particle the same bits whoever shares its group, however many there are, and by shards', () => {
    const given = problem(13, 9000, 21, { variance: 0.1 });
    const store = open(given);
    const sums = sumAll(store, given);
    for (const p of [0, 6, 9, 20]) {
      const alone: Problem = {
        ...given,
        pass: {
          ...given.pass,
          count: 1,
          offsets: given.pass.offsets.subarray(13 * p, 13 * (p + 1)),
          cuts: given.pass.cuts.subarray(p, p + 1),
        },
      };
      expect(sumAll(store, alone)).toEqual(rowOf(sums, p, 13));
      const precise = [new Float64Array(sums.length), new Float64Array(sums.length)] as const;
      store.accumulatePrecisely(given.pass, [p], 0, 9000, precise[0]);
      store.accumulatePrecisely(given.pass, [3, 4, p, 7, 8], 0, 9000, precise[1]);
      expect(rowOf(precise[1], p, 13)).toEqual(rowOf(precise[0], p, 13));
    }
    const shards = new Float64Array(sums.length);
    store.accumulate(given.pass, 0, slabClasses, shards);
    store.accumulate(given.pass, slabClasses, 9000, shards);
    expect(shards).toEqual(sums);
    const unsquared = new Float64Array(sums.length);
    store.accumulate({ ...given.pass, squares: false }, 0, 9000, unsquared);
    for (let p = 0; p < 21; p++) rowOf(unsquared, p, 13)[squares] = rowOf(sums, p, 13)[squares]!;
    expect(unsquared).toEqual(sums);
  });

  it('skips panels whose key is below the threshold, without a change of a bit', () => {
    const given = problem(24, 9000, 20, { variance: 0.3, cut: -20 });
    const store = open(given, true);
    const plain = sumAll(store, given);
    const rules = (threshold: number) => ({
      thresholds: new Float64Array(3).fill(threshold),
      scales: new Float64Array(3).fill(0.5),
      shifts: new Float64Array(3).fill(1),
    });
    const withKeys = (threshold: number) => {
      const sums = sumAll(store, { ...given, pass: { ...given.pass, skip: rules(threshold) } });
      const looked = Array.from({ length: 20 }, (_, p) => rowOf(sums, p, 24)[pairs]!);
      for (let p = 0; p < 20; p++) rowOf(sums, p, 24)[pairs] = 9000;
      return { sums, looked };
    };
    // Key of L = -20: -20/2 - 1 = -11.
    const first = withKeys(-11);
    expect(first.looked).toEqual(new Array(20).fill(9000));
    expect(first.sums).toEqual(plain);
    const second = withKeys(-11);
    expect(second.looked[0]).toBeLessThan(0.9 * 9000);
    expect(second.looked[0]).toBeGreaterThan(0);
    expect(second.sums).toEqual(plain);
    // The keys themselves: a panel is looked at exactly if its largest log-weight in the group reaches the threshold.
    const largest = Array.from({ length: 563 }, (_, panel) => {
      let most = -Infinity;
      for (let k = 16 * panel; k < Math.min(9000, 16 * panel + 16); k++) {
        for (let p = 16; p < 20; p++) most = Math.max(most, logWeight(given, p, k));
      }
      return most;
    });
    const reaching = (bound: number) =>
      largest.reduce((sum, most, panel) => sum + (most >= bound ? (panel === 562 ? 8 : 16) : 0), 0);
    expect(second.looked[17]).toBeGreaterThanOrEqual(reaching(-20));
    expect(second.looked[17]).toBeLessThanOrEqual(reaching(-20.1));
    store.resetKeys();
    expect(withKeys(-11).looked).toEqual(new Array(20).fill(9000));
    expect(withKeys(1e30).looked).toEqual(new Array(20).fill(0));
  });

  it('takes in other classes, and tells how far they are', () => {
    const given = problem(6, 10_000, 4);
    const store = kernel.open(given.source, 2 * slabClasses, 4, true);
    const range = store.load(slabClasses, 10_000);
    const norms = Array.from({ length: 10_000 }, (_, k) =>
      Math.hypot(...given.rows.subarray(6 * k, 6 * k + 6)),
    );
    const here = norms.slice(slabClasses);
    expect(range.least).toBeLessThanOrEqual(Math.min(...here));
    expect(range.least).toBeGreaterThan(Math.min(...here) * (1 - 1e-5));
    expect(range.largest).toBeGreaterThanOrEqual(Math.max(...here));
    expect(range.largest).toBeLessThan(Math.max(...here) * (1 + 1e-5));
    const sums = new Float64Array(4 * rowLength(6));
    store.accumulate(given.pass, 0, 10_000 - slabClasses, sums);
    store.load(0, slabClasses);
    store.accumulate(given.pass, 0, slabClasses, sums);
    expect(rowError(given, 2, rowOf(sums, 2, 6))).toBeLessThan(1e-5);
  });

  it.each(['gaussian', 'spherical'] as const)(
    'draws %s centres of the same bits as the others',
    (ensemble) => {
      const { addon } = lookup as { addon: NativeAddon };
      for (const dimension of [1, 3, 8, 30]) {
        const draw = {
          ensemble,
          classes: 9001,
          dimension,
          seed: 2 ** 40 + 5,
          realization: 3,
          guidedClass: 'typical',
        } as const;
        const source = drawnClasses(draw);
        const panels = Math.ceil((9000 - slabClasses) / 16);
        const memories = [0, 1].map(
          () => new Uint8Array(new ArrayBuffer(addon.memoryBytes(dimension, panels))),
        ) as [Uint8Array, Uint8Array];
        const ranges = [Float64Array.of(Infinity, 0), Float64Array.of(Infinity, 0)] as const;
        const rows = new Float32Array(panels * 16 * dimension);
        source.relativeCentres(slabClasses, 9000, rows);
        addon.pack(dimension, panels, memories[0], 0, 9000 - slabClasses, rows, ranges[0]);
        const { realization, key0, key1, spherical } = source.draw!;
        addon.generate(
          ...([allLevels.toReversed().indexOf(level), dimension, panels, memories[1]] as const),
          ...([9000 - slabClasses, slabClasses + 1, Float32Array.from(source.guided)] as const),
          ...([realization, key0, key1, spherical, ranges[1]] as const),
        );
        expect(Buffer.compare(withoutMargins(memories[0]), withoutMargins(memories[1]))).toBe(0);
        expect(ranges[1]).toEqual(ranges[0]);
        expect(ranges[1][1]).toBeGreaterThan(0);
        // And by the store.
        const pass = { ...problem(dimension, 1, 2).pass };
        const sums = [source, { ...source, draw: undefined }].map((from) => {
          const store = kernel.open(from as ClassSource, 9000 - slabClasses, 2, false);
          store.load(slabClasses, 9000);
          const row = new Float64Array(2 * rowLength(dimension));
          store.accumulate(pass, 0, 9000 - slabClasses, row);
          return row;
        });
        expect(sums[0]).toEqual(sums[1]);
      }
    },
  );

  it('reads offsets and writes sums in shared memory', () => {
    const given = problem(6, 100, 4);
    const shared = (values: Float64Array) => {
      const array = new Float64Array(new SharedArrayBuffer(values.byteLength));
      array.set(values);
      return array;
    };
    const store = open(given);
    const sums = shared(new Float64Array(4 * rowLength(6)));
    store.accumulate({ ...given.pass, offsets: shared(given.pass.offsets) }, 0, 100, sums);
    expect(Float64Array.from(sums)).toEqual(sumAll(store, given));
  });

  it('does not hide a position that is no number, and refuses what does not fit', () => {
    const given = problem(6, 100, 4);
    const store = open(given);
    given.pass.offsets[7] = NaN;
    const sums = sumAll(store, given);
    expect(rowOf(sums, 1, 6)[total]).toBeNaN();
    expect(rowOf(sums, 2, 6)[total]).not.toBeNaN();
    const precise = new Float64Array(sums.length);
    store.accumulatePrecisely(given.pass, [1, 2], 0, 100, precise);
    expect(rowOf(precise, 1, 6)[total]).toBeNaN();
    expect(rowOf(precise, 2, 6)[total]).not.toBeNaN();
    expect(() => {
      store.accumulate(given.pass, 0, 99, sums);
    }).toThrow('end must be');
    expect(() => {
      store.accumulate({ ...given.pass, count: 5 }, 0, 100, sums);
    }).toThrow('count must be');
    expect(() => {
      store.accumulate(given.pass, 0, 100, sums.subarray(1));
    }).toThrow(RangeError);
    expect(() => {
      store.accumulatePrecisely(given.pass, [4], 0, 100, sums);
    }).toThrow(RangeError);
    expect(() => {
      store.load(0, 101);
    }).toThrow('end must be');
  });
});
