import { ParameterError, requireChoice, requireMembers } from '../../numerics/checks.ts';
import type { ClassKernel } from './kernel.ts';
import type { NativeAddon } from './nativeKernel.ts';
import { nativeKernel } from './nativeKernel.ts';
import { plainKernel } from './plainKernel.ts';
import { wasmKernel, wasmSupport } from './wasmKernel.ts';

/** Engines, the fastest first; `auto` takes the first that the machine offers. */
export const kernelNames = ['auto', 'native', 'wasm-relaxed', 'wasm', 'plain'] as const;

/** One of {@link kernelNames}. */
export type KernelName = (typeof kernelNames)[number];

/** An engine with a note on the choice. */
export interface ChosenKernel {
  readonly kernel: ClassKernel;
  readonly notes: readonly string[];
}

/**
 * The engine of a name.
 * @param native the compiled addon, or null where there is none
 * @throws ParameterError if the name is unknown, or names an engine that this machine does not offer
 */
export async function chooseKernel(name: KernelName, native: NativeAddon | null): Promise<ChosenKernel> {
  requireChoice('backend', name, kernelNames);
  if (native !== null) requireMembers('native', native, { version: 'number', accumulate: 'function' });
  const { simd, relaxed } = wasmSupport();
  const absent = (remedy: string) =>
    new ParameterError('backend', 'one that this machine offers', name, remedy);
  const wanted = name === 'auto' ? fastest(native !== null, simd, relaxed) : name;
  if (wanted === 'native') {
    if (native === null) throw absent('it needs a C compiler when the package is installed; or use auto');
    return { kernel: nativeKernel(native), notes: [] };
  }
  if (wanted === 'wasm-relaxed' || wanted === 'wasm') {
    if (!(wanted === 'wasm' ? simd : relaxed)) throw absent('this runtime has no such SIMD; use auto');
    return { kernel: await wasmKernel(wanted === 'wasm-relaxed'), notes: [] };
  }
  const notes =
    simd || name === 'plain'
      ? []
      : ['no SIMD in this runtime: the plain engine is used, some 10 times slower'];
  return { kernel: plainKernel, notes };
}

function fastest(native: boolean, simd: boolean, relaxed: boolean): Exclude<KernelName, 'auto'> {
  if (native) return 'native';
  if (relaxed) return 'wasm-relaxed';
  return simd ? 'wasm' : 'plain';
}
