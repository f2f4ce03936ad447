import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import ts from 'typescript';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelContract } from '../unit/particles/kernels/contract.ts';
import { launch } from './browser.ts';

let browser: Browser;
let server: Server;
let address = '';

/** Serves the checkout with its TypeScript as JavaScript: the browser gets the same files as the unit tests. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const file = path.join(
      process.cwd(),
      decodeURIComponent(new URL(request.url!, 'http://localhost').pathname),
    );
    if (request.url === '/') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>kernels</title>');
      return;
    }
    if (!/\/(src|test\/unit)\/.*\.ts$/.test(file)) {
      response.writeHead(404).end();
      return;
    }
    const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(outputText);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
});

interface Outcome {
  readonly title: string;
  readonly limit: number;
  readonly error: number;
}

/** Runs the contract in the page with one engine; null if the browser does not offer it. */
async function runContract(name: 'plain' | 'wasm' | 'wasm-relaxed'): Promise<Outcome[] | null> {
  const page = await browser.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  await page.goto(address);
  // As text, so that nothing transforms the imports.
  const outcomes = (await page.evaluate(`(async () => {
    const { kernelContract } = await import('/test/unit/particles/kernels/contract.ts');
    const { chooseKernel } = await import('/src/particles/kernels/choose.ts');
    const { wasmSupport } = await import('/src/particles/kernels/wasmKernel.ts');
    if (${JSON.stringify(name)} === 'wasm-relaxed' && !wasmSupport().relaxed) return null;
    const { kernel } = await chooseKernel(${JSON.stringify(name)}, null);
    return kernelContract.map((test) => ({ title: test.title, limit: test.limit, error: test.run(kernel) }));
  })()`)) as Outcome[] | null;
  await page.close();
  expect(failures).toEqual([]);
  return outcomes;
}

describe('engines in the browser', () => {
  it.each(['plain', 'wasm', 'wasm-relaxed'] as const)('%s keeps the contract', async (name) => {
    const outcomes = await runContract(name);
    // Chromium has had relaxed SIMD since version 114.
    expect(outcomes).toHaveLength(kernelContract.length);
    expect(outcomes!.filter(({ error, limit }) => !(error <= limit))).toEqual([]);
  });

  it('auto takes relaxed SIMD', async () => {
    const page = await browser.newPage();
    await page.goto(address);
    const name = await page.evaluate(
      `import('/src/particles/kernels/choose.ts').then((m) => m.chooseKernel('auto', null)).then((c) => c.kernel.name)`,
    );
    expect(name).toBe('wasm-relaxed');
    await page.close();
  });
});

describe('the compiled kernel', () => {
  it('is what its source compiles to', () => {
    const folder = 'src/particles/kernels/wasm';
    const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' });
    expect(install.status, install.stderr).toBe(0);
    const check = spawnSync(process.execPath, ['build.mjs', '--check'], { cwd: folder, encoding: 'utf8' });
    expect(check.status, check.stderr).toBe(0);
  });
});
