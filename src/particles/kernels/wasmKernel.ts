import { NumericalFailure, requireFlag } from '../../numerics/checks.ts';
import {
  distanceRange,
  rowLength,
  slabClasses,
  type ClassKernel,
  type ClassSource,
  type ClassStore,
  type KernelPass,
} from './kernel.ts';
import { relaxedBinary, simdBinary } from './wasm/binaries.ts';

/** Functions of the compiled module (wasm/assembly); addresses and counts are 32-bit. */
interface KernelExports {
  accumulate(
    panels: number,
    keys: number,
    keyStride: number,
    panelBegin: number,
    panelEnd: number,
    lastClasses: number,
    groups: number,
    dimension: number,
    kappa: number,
    z: number,
    params: number,
    state: number,
    scratch: number,
    sums: number,
    squares: number,
  ): void;
  accumulatePrecisely(
    panels: number,
    panelBegin: number,
    panelEnd: number,
    lastClasses: number,
    dimension: number,
    kappa: number,
    z: number,
    cut: number,
    state: number,
    sums: number,
  ): void;
  generate(
    panels: number,
    firstClass: number,
    count: number,
    dimension: number,
    guided: number,
    realization: number,
    key0: number,
    key1: number,
    spherical: number,
  ): void;
}

/** The part of the WebAssembly interface that is used here, common to Node and browsers. */
interface WebAssemblyRuntime {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: Uint8Array): Promise<CompiledModule>;
  readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: CompiledModule, imports: object) => { readonly exports: unknown };
}

interface CompiledModule {
  readonly compiled?: true;
}

const runtime = (globalThis as { readonly WebAssembly?: WebAssemblyRuntime }).WebAssembly;

const groupSize = 4;
const panelClasses = 8;
/** |delta|^2/2 of the padding: its log-weight is below every cut. */
const padding = 1e30;
const pageBytes = 65536;
const reservedBytes = 4096;
const scratchBytes = 320 + 32 * 128;

/** Addresses in the memory of one store. */
function layout(dimension: number, classes: number, particles: number, skip: boolean) {
  const panels = Math.ceil(classes / panelClasses);
  const groups = Math.ceil(particles / groupSize);
  const row = rowLength(dimension);
  let next = reservedBytes;
  const place = (bytes: number) => {
    const at = next;
    next += Math.ceil(bytes / 64) * 64;
    return at;
  };
  return {
    scratch: place(scratchBytes),
    guided: place(4 * dimension),
    params: place(32 * groups),
    z: place(16 * dimension * groups),
    state: place((192 + 64 * (dimension + 1)) * groups),
    sums: place(8 * row * groups * groupSize),
    preciseZ: place(8 * dimension),
    preciseState: place(192 + 64 * dimension),
    panels: place(32 * (dimension + 1) * panels),
    keys: skip ? place(4 * panels * groups) : 0,
    panelCount: panels,
    bytes: next,
  };
}

/**
 * The WebAssembly engine: 128-bit SIMD, four particles by eight classes at a time, single precision with sums
 * taken to double precision at every slab. About 10 times the plain one.
 * @param relaxed whether to use fused multiply-add (relaxed SIMD), which needs a runtime that offers it
 * @throws NumericalFailure if the runtime cannot run it (see {@link wasmSupport})
 */
export async function wasmKernel(relaxed: boolean): Promise<ClassKernel> {
  requireFlag('relaxed', relaxed);
  const bytes = decode(relaxed ? relaxedBinary : simdBinary);
  if (runtime?.validate(bytes) !== true) {
    throw new NumericalFailure(
      `this runtime has no ${relaxed ? 'relaxed ' : ''}SIMD in WebAssembly`,
      'use the plain engine',
    );
  }
  const module = await runtime.compile(bytes);
  return {
    name: relaxed ? 'wasm-relaxed' : 'wasm',
    instructions: relaxed ? 'relaxed simd128' : 'simd128',
    groupSize,
    panelClasses,
    storeBytes: (dimension, classes, particles, skip) => layout(dimension, classes, particles, skip).bytes,
    open: (source, classes, particles, skip) => openStore(runtime, module, source, classes, particles, skip),
  };
}

/** WebAssembly features of this runtime. */
export function wasmSupport(): { readonly simd: boolean; readonly relaxed: boolean } {
  return {
    simd: runtime?.validate(decode(simdBinary)) === true,
    relaxed: runtime?.validate(decode(relaxedBinary)) === true,
  };
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function openStore(
  { Memory, Instance }: WebAssemblyRuntime,
  module: CompiledModule,
  source: ClassSource,
  classes: number,
  particles: number,
  skip: boolean,
): ClassStore {
  const { dimension, draw } = source;
  const at = layout(dimension, classes, particles, skip);
  const pages = Math.ceil(at.bytes / pageBytes);
  if (pages > 65536) {
    throw new NumericalFailure(
      `${classes} classes in ${dimension} dimensions do not fit in the 4 GiB of a WebAssembly memory`,
      'stream the classes',
    );
  }
  const memory = new Memory({ initial: pages, maximum: pages });
  const env = { memory, abort: () => undefined };
  const kernel = new Instance(module, { env }).exports as KernelExports;
  const buffer = memory.buffer;
  const groups = Math.ceil(particles / groupSize);
  const panelLength = panelClasses * (dimension + 1);
  const panels = new Float32Array(buffer, at.panels, at.panelCount * panelLength);
  const z = new Float32Array(buffer, at.z, groups * groupSize * dimension);
  const params = new Float32Array(buffer, at.params, 8 * groups);
  const row = rowLength(dimension);
  const rows = new Float64Array(buffer, at.sums, row * groups * groupSize);
  const preciseZ = new Float64Array(buffer, at.preciseZ, dimension);
  const keys = skip ? new Float32Array(buffer, at.keys, at.panelCount * groups) : null;
  new Float32Array(buffer, at.guided, dimension).set(source.guided);
  const staging = new Float32Array(slabClasses * (draw === undefined ? dimension : 0));
  let held = 0;

  /** Packs rows of delta into the panels from `first` on. */
  function pack(count: number, first: number): void {
    for (let k = 0; k < count; k++) {
      let to = (first + ((k / panelClasses) | 0)) * panelLength + (k % panelClasses);
      let square = 0;
      const norm = to;
      for (let i = k * dimension; i < (k + 1) * dimension; i++) {
        const delta = staging[i]!;
        to += panelClasses;
        panels[to] = delta;
        square += delta * delta;
      }
      panels[norm] = square / 2;
    }
  }

  /** Makes the classes beyond the last one harmless. */
  function pad(count: number): void {
    for (let k = count; k % panelClasses !== 0; k++) {
      let to = ((k / panelClasses) | 0) * panelLength + (k % panelClasses);
      panels[to] = padding;
      for (let i = 0; i < dimension; i++) {
        to += panelClasses;
        panels[to] = 0;
      }
    }
  }

  const range = (begin: number, end: number) => {
    const last = end - panelClasses * Math.floor((end - 1) / panelClasses);
    return { begin: begin / panelClasses, end: Math.ceil(end / panelClasses), last };
  };

  return {
    load(begin, end) {
      held = end - begin;
      if (draw !== undefined) {
        const count = panelClasses * Math.ceil(held / panelClasses);
        kernel.generate(
          at.panels,
          begin + 1,
          count,
          dimension,
          at.guided,
          draw.realization,
          draw.key0,
          draw.key1,
          draw.spherical ? 1 : 0,
        );
      } else {
        for (let k = 0; k < held; k += slabClasses) {
          const count = Math.min(slabClasses, held - k);
          source.relativeCentres(begin + k, begin + k + count, staging);
          pack(count, k / panelClasses);
        }
      }
      pad(held);
      return distanceRange(panels, held, panelClasses, panelLength);
    },
    resetKeys() {
      keys?.fill(Infinity);
    },
    accumulate(pass, begin, end, sums) {
      if (end <= begin) return;
      const used = Math.ceil(pass.count / groupSize);
      const kappa = Math.fround(Math.LOG2E / pass.variance);
      fillGroups(pass, dimension, kappa, z, params, used);
      rows.set(sums.subarray(0, pass.count * row));
      const panel = range(begin, end);
      kernel.accumulate(
        at.panels,
        keys === null || pass.skip === null ? 0 : at.keys,
        4 * at.panelCount,
        panel.begin,
        panel.end,
        panel.last,
        used,
        dimension,
        kappa,
        at.z,
        at.params,
        at.state,
        at.scratch,
        at.sums,
        pass.squares ? 1 : 0,
      );
      sums.set(rows.subarray(0, pass.count * row));
    },
    accumulatePrecisely(pass, particles, begin, end, sums) {
      if (end <= begin) return;
      const panel = range(begin, end);
      for (const p of particles) {
        preciseZ.set(pass.offsets.subarray(p * dimension, (p + 1) * dimension));
        rows.set(sums.subarray(p * row, (p + 1) * row));
        kernel.accumulatePrecisely(
          at.panels,
          panel.begin,
          panel.end,
          panel.last,
          dimension,
          Math.LOG2E / pass.variance,
          at.preciseZ,
          pass.cuts[p]!,
          at.preciseState,
          at.sums,
        );
        sums.set(rows.subarray(0, row), p * row);
      }
    },
  };
}

/** Lays out the particles by groups; lanes beyond the last particle repeat it. */
function fillGroups(
  pass: KernelPass,
  dimension: number,
  kappa: number,
  z: Float32Array,
  params: Float32Array,
  groups: number,
): void {
  const { count, offsets, cuts, skip } = pass;
  for (let g = 0; g < groups; g++) {
    params[8 * g] = skip === null ? -Infinity : skip.thresholds[g]!;
    params[8 * g + 1] = skip === null ? 0 : skip.scales[g]!;
    params[8 * g + 2] = skip === null ? 0 : skip.shifts[g]!;
    let reach = 0;
    for (let lane = 0; lane < groupSize; lane++) {
      const p = Math.min(groupSize * g + lane, count - 1);
      params[8 * g + 4 + lane] = cuts[p]!;
      let to = groupSize * g * dimension + lane;
      let square = 0;
      for (let i = p * dimension; i < (p + 1) * dimension; i++, to += groupSize) {
        const value = kappa * offsets[i]!;
        z[to] = value;
        square += value * value;
      }
      reach = Math.max(reach, Math.sqrt(square));
    }
    params[8 * g + 3] = reach;
  }
}
