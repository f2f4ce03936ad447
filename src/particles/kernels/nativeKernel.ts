import { NumericalFailure, ParameterError, requireChoice } from '../../numerics/checks.ts';
import { distanceRange, slabClasses } from './kernel.ts';
import type { ClassKernel, ClassSource, ClassStore, KernelPass } from './kernel.ts';

/** Instruction sets that the addon is built for. */
export type NativeLevel = 'avx512' | 'avx2' | 'portable';

/** Version of the interface between native/addon.c and this file. */
export const nativeVersion = 1;

/** Class store: dimension, capacity in panels, memory of memoryBytes. */
type StoreArguments = [dimension: number, panels: number, memory: Uint8Array];

/** Arguments of a sum over classes: see ClassStore and KernelPass. */
type PassArguments = [
  level: number,
  ...store: StoreArguments,
  begin: number,
  end: number,
  count: number,
  variance: number,
  offsets: Float64Array,
  cuts: Float64Array,
  sums: Float64Array,
];

/**
 * The compiled addon (native/addon.c). It keeps no state: classes and keys are in arrays of the caller. Functions throw
 * a RangeError if an array is too short. A level counts from 0 for 'portable'.
 */
export interface NativeAddon {
  readonly version: number;
  /** Instruction sets of this processor, fastest first. */
  readonly levels: readonly NativeLevel[];
  memoryBytes(dimension: number, panels: number): number;
  /**
   * Puts `count` classes, given as rows of delta, from class `first` (a multiple of 16) on; the rest of the last panel
   * is filled up. Widens `range`, smallest and largest |delta|^2/2.
   */
  pack(
    ...args: [...StoreArguments, first: number, count: number, rows: Float32Array, range: Float64Array]
  ): void;
  /** Packs `count` random classes from place 0 on (see RelativeDraw); the first has the number firstClass. */
  generate(
    ...args: [
      level: number,
      ...store: StoreArguments,
      count: number,
      firstClass: number,
      guided: Float32Array,
      realization: number,
      key0: number,
      key1: number,
      spherical: boolean,
      range: Float64Array,
    ]
  ): void;
  accumulate(
    ...args: [
      ...PassArguments,
      squares: boolean,
      thresholds: Float64Array | null,
      scales: Float64Array | null,
      shifts: Float64Array | null,
      keys: Float32Array | null,
    ]
  ): void;
  accumulatePrecisely(...args: [...PassArguments, particleCount: number, particles: Int32Array]): void;
}

/** Constants of native/kernel.h. */
const groupSize = 8;
const panelClasses = 16;
const levelNames: readonly NativeLevel[] = ['portable', 'avx2', 'avx512'];

/**
 * The native engine: single precision by the widest vectors of the processor, eight particles by sixteen classes at a
 * time, sums taken to double precision at every slab. Particles with log-weights above about 1e5 need the precise sums:
 * the error of L_k is some 1e-7 of |delta_k|^2/(2 Gamma).
 * @param addon addon from the command line's loader
 * @param level instruction set; the fastest that the processor offers unless given
 * @throws ParameterError if the processor does not offer the level
 */
export function nativeKernel(addon: NativeAddon, level: NativeLevel = addon.levels[0]!): ClassKernel {
  requireChoice('level', level, addon.levels);
  const levelNumber = levelNames.indexOf(level);
  return {
    name: 'native',
    instructions: level,
    groupSize,
    panelClasses,
    storeBytes(dimension, classes, particles, skip) {
      const panels = Math.max(1, Math.ceil(classes / panelClasses));
      const keys = skip ? panels * Math.ceil(particles / groupSize) : 0;
      const staging = Math.min(classes, slabClasses) * dimension;
      return addon.memoryBytes(dimension, panels) + 4 * (keys + staging);
    },
    open: (source, classes, particles, skip) =>
      openStore(addon, levelNumber, source, classes, particles, skip),
  };
}

function openStore(
  addon: NativeAddon,
  level: number,
  source: ClassSource,
  classes: number,
  particles: number,
  skip: boolean,
): ClassStore {
  const { dimension, draw } = source;
  const guided = Float32Array.from(source.guided);
  const panels = Math.max(1, Math.ceil(classes / panelClasses));
  const groups = Math.ceil(particles / groupSize);
  const [memory, keys] = allocate(addon.memoryBytes(dimension, panels), skip ? panels * groups : 0);
  const staging = new Float32Array(draw === undefined ? Math.min(classes, slabClasses) * dimension : 0);
  const held: StoreArguments = [dimension, panels, memory];
  let loaded = 0;

  function passArguments(pass: KernelPass, begin: number, end: number, sums: Float64Array): PassArguments {
    if (
      begin % slabClasses !== 0 ||
      end < begin ||
      end > loaded ||
      (end % slabClasses !== 0 && end !== loaded)
    ) {
      throw new ParameterError(
        'end',
        `the end of slabs among the ${loaded} classes held`,
        `[${begin}, ${end})`,
      );
    }
    if (pass.count > particles) {
      throw new ParameterError('count', `at most the ${particles} particles of the store`, pass.count);
    }
    const { count, variance, offsets, cuts } = pass;
    return [level, ...held, begin, end, count, variance, offsets, cuts, sums];
  }

  return {
    load(begin, end) {
      if (end - begin > classes) {
        throw new ParameterError('end', `at most ${classes} classes after begin`, end);
      }
      const range = Float64Array.of(Infinity, 0);
      loaded = end - begin;
      keys?.fill(Infinity);
      if (draw !== undefined) {
        const { realization, key0, key1, spherical } = draw;
        const args = [loaded, begin + 1, guided, realization, key0, key1, spherical] as const;
        addon.generate(level, ...held, ...args, range);
        return distanceRange(range, 2, 1, 1);
      }
      for (let k = begin; k < end; k += slabClasses) {
        const count = Math.min(slabClasses, end - k);
        source.relativeCentres(k, k + count, staging);
        addon.pack(...held, k - begin, count, staging, range);
      }
      return distanceRange(range, 2, 1, 1);
    },
    resetKeys() {
      keys?.fill(Infinity);
    },
    accumulate(pass, begin, end, sums) {
      const { skip: given, squares } = pass;
      if (given !== null && keys === null) {
        throw new ParameterError('skip', 'null for a store without keys', 'thresholds');
      }
      const rules = [given?.thresholds ?? null, given?.scales ?? null, given?.shifts ?? null] as const;
      addon.accumulate(...passArguments(pass, begin, end, sums), squares, ...rules, keys);
    },
    accumulatePrecisely(pass, chosen, begin, end, sums) {
      const args = passArguments(pass, begin, end, sums);
      addon.accumulatePrecisely(...args, chosen.length, Int32Array.from(chosen));
    },
  };
}

/** Memory for classes and keys. @throws NumericalFailure if there is not enough */
function allocate(bytes: number, keys: number): [Uint8Array, Float32Array | null] {
  try {
    // A separate buffer: short typed arrays may move in memory.
    const memory = new Uint8Array(new ArrayBuffer(bytes));
    return [memory, keys === 0 ? null : new Float32Array(keys).fill(Infinity)];
  } catch {
    throw new NumericalFailure(`no memory for ${bytes + 4 * keys} bytes of classes`, 'stream the classes');
  }
}
