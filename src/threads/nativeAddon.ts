import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { nativeVersion, type NativeAddon } from '../particles/kernels/nativeKernel.ts';

/** Place where the build puts the addon, the same seen from src/threads and from dist/threads. */
const addonFile = fileURLToPath(new URL('../../dist/native/kernel.node', import.meta.url));

/** The native kernel, or why there is none. */
export type NativeLookup =
  { readonly addon: NativeAddon; readonly reason: null } | { readonly addon: null; readonly reason: string };

/**
 * Loads the addon that the install compiled, if it did; CFG_DMFT_NATIVE=0 in the environment switches it off. Never
 * throws. May be called in any number of worker threads.
 */
export function loadNativeAddon(file: string = addonFile): NativeLookup {
  const without = (reason: string) => ({ addon: null, reason });
  if (process.env['CFG_DMFT_NATIVE'] === '0') return without('switched off by CFG_DMFT_NATIVE=0');
  if (!existsSync(file)) return without('not built: no C compiler was found at install, or it failed');
  try {
    const addon = createRequire(import.meta.url)(file) as NativeAddon;
    if (addon.version !== nativeVersion) return without('built from another version of the package');
    return { addon, reason: null };
  } catch (error) {
    return without(`cannot be loaded (${error instanceof Error ? error.message : String(error)})`);
  }
}
