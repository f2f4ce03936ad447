import v8 from 'node:v8';
import { describe, expect, it } from 'vitest';
import { loadNativeAddon } from '../../../../src/threads/nativeAddon.ts';
import { ParameterError } from '../../../../src/numerics/checks.ts';
import { chooseKernel } from '../../../../src/particles/kernels/choose.ts';
import type { ClassKernel } from '../../../../src/particles/kernels/kernel.ts';
import { addSums, rowLength, shardBounds, sumColumns } from '../../../../src/particles/kernels/kernel.ts';
import { plainKernel } from '../../../../src/particles/kernels/plainKernel.ts';
import { wasmKernel, wasmSupport } from '../../../../src/particles/kernels/wasmKernel.ts';
import { kernelContract } from './contract.ts';

// Node 20 has relaxed SIMD behind a flag, which has to be set before anything is compiled.
v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
const { addon } = loadNativeAddon();

const engines: [string, (() => Promise<ClassKernel>) | null][] = [
  ['plain', () => Promise.resolve(plainKernel)],
  ['wasm', () => wasmKernel(false)],
  ['wasm-relaxed', wasmSupport().relaxed ? () => wasmKernel(true) : null],
  ['native', addon === null ? null : async () => (await chooseKernel('native', addon)).kernel],
];

describe.each(engines)('engine %s', (name, make) => {
  // Skipped only where the runtime has no such instructions, or no C compiler built the addon.
  it.skipIf(make === null).each(kernelContract.map((test) => [test.title, test] as const))(
    '%s',
    async (_, test) => {
      const kernel = await make!();
      expect(kernel.name).toBe(name);
      expect(test.run(kernel)).toBeLessThanOrEqual(test.limit);
    },
  );
});

describe('choice of an engine', () => {
  it('takes the fastest that there is', async () => {
    expect((await chooseKernel('auto', addon)).kernel.name).toBe(addon === null ? 'wasm-relaxed' : 'native');
    expect((await chooseKernel('wasm', null)).kernel.name).toBe('wasm');
    expect((await chooseKernel('plain', addon)).notes).toEqual([]);
  });

  it('refuses one that is not there, and unknown names', async () => {
    await expect(chooseKernel('native', null)).rejects.toThrow(/backend.*native.*C compiler/);
    await expect(chooseKernel('gpu' as 'auto', null)).rejects.toThrow(ParameterError);
  });
});

describe('sums', () => {
  it('shards are whole slabs, at most 64, and depend on the number of classes alone', () => {
    expect(shardBounds(0)).toEqual([0]);
    expect(shardBounds(1)).toEqual([0, 1]);
    expect(shardBounds(4097)).toEqual([0, 4096, 4097]);
    for (const others of [262_144, 262_145, 99_999_999]) {
      const bounds = shardBounds(others);
      expect(bounds.length).toBeLessThanOrEqual(65);
      expect(bounds.at(-1)).toBe(others);
      expect(bounds.slice(0, -1).every((begin) => begin % 4096 === 0)).toBe(true);
    }
  });

  it('are added at different references exactly', () => {
    const row = (reference: number, value: number) => {
      const sums = new Float64Array(rowLength(2)).fill(value);
      sums[sumColumns.reference] = reference;
      return sums;
    };
    const into = row(3, 1);
    addSums(row(5, 2), 0, into, 0, rowLength(2));
    expect([...into]).toEqual([5, 2.25, 2.25, 2 + 1 / 16, 3, 2.25, 2.25]);
  });
});
