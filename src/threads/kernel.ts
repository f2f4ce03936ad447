import { setFlagsFromString } from 'node:v8';
import { ParameterError } from '../numerics/checks.ts';
import { chooseKernel, type ChosenKernel, type KernelName } from '../particles/kernels/choose.ts';
import { loadNativeAddon } from './nativeAddon.ts';

/**
 * The engine of full simulations in this thread.
 * @throws ParameterError if a kernel requested by name is not available on this machine
 */
export async function loadKernel(name: KernelName): Promise<ChosenKernel> {
  offerRelaxedSimd();
  if (name !== 'auto' && name !== 'native') return chooseKernel(name, null);
  const { addon, reason } = loadNativeAddon();
  if (name === 'native' && addon === null) {
    throw new ParameterError(
      'backend',
      'one that this machine offers',
      name,
      `the addon is ${reason}; use auto`,
    );
  }
  return chooseKernel(name, addon);
}

/** Node 20 has relaxed SIMD behind a flag, later ones have it anyway. */
function offerRelaxedSimd(): void {
  const [major] = process.versions.node.split('.');
  if (Number(major) === 20) setFlagsFromString('--experimental-wasm-relaxed-simd');
}
