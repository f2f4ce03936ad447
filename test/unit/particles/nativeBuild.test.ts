import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { loadNativeAddon } from '../../../src/threads/nativeAddon.ts';

const lookup = loadNativeAddon();

describe('the build of the native kernel', () => {
  const output = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-native-test-'));
  afterAll(() => {
    rmSync(output, { recursive: true });
  });
  const script = fileURLToPath(new URL('../../../src/particles/kernels/native/build.mjs', import.meta.url));
  const build = (env: NodeJS.ProcessEnv) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, output], {
      env,
      encoding: 'utf8',
    });
    return { status, lines: (stdout + stderr).trim().split('\n') };
  };

  it.each([
    ['without a compiler', { PATH: '' }, 'no C compiler'],
    [
      'with a compiler that cannot be run',
      { PATH: '', CC: '/nowhere/cc -m64' },
      'no C compiler: /nowhere/cc',
    ],
    ['with a compiler that fails', { CC: process.execPath }, 'the compilation failed'],
    ['with a compiler that does nothing', { CC: 'echo', PATH: process.env['PATH'] }, 'it cannot be loaded'],
    ['when it is switched off', { CFG_DMFT_NATIVE: '0' }, 'CFG_DMFT_NATIVE is 0'],
  ])('does not fail %s, and says so in one line', (_title, env, message) => {
    const { status, lines } = build(env);
    expect(status).toBe(0);
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^native kernel: not built.*(${message})`))]);
    expect(existsSync(path.join(output, 'kernel.node'))).toBe(false);
  });
});

describe('the addon', () => {
  it.skipIf(lookup.addon === null)('can be loaded by several threads', async () => {
    const file = fileURLToPath(new URL('../../../dist/native/kernel.node', import.meta.url));
    const code = `require('node:worker_threads').parentPort.postMessage(require(${JSON.stringify(file)}).levels)`;
    const answers = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve, reject) => {
            const worker = new Worker(code, { eval: true });
            worker.once('message', resolve);
            worker.once('error', reject);
          }),
      ),
    );
    expect(answers).toEqual(new Array(3).fill(lookup.addon?.levels));
  });

  it('is not looked for when it is switched off, and its absence has a reason', () => {
    process.env['CFG_DMFT_NATIVE'] = '0';
    try {
      expect(loadNativeAddon()).toEqual({ addon: null, reason: 'switched off by CFG_DMFT_NATIVE=0' });
    } finally {
      delete process.env['CFG_DMFT_NATIVE'];
    }
    expect(loadNativeAddon('/nowhere/kernel.node').reason).toMatch(/^not built/);
    expect(loadNativeAddon(fileURLToPath(import.meta.url)).reason).toMatch(/^cannot be loaded/);
  });
});
