import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openFile } from './browser.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-validate-'));
const command = 'dist/cli/main.js';
let browser: Browser;
let result: { status: number | null; stdout: string; stderr: string };
let seconds = 0;

beforeAll(async () => {
  const began = performance.now();
  result = spawnSync(process.execPath, [command, 'validate', '--quick', '--out', folder], {
    encoding: 'utf8',
  });
  seconds = (performance.now() - began) / 1000;
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

describe('validate --quick', () => {
  const written = () =>
    JSON.parse(readFileSync(path.join(folder, 'validate.json'), 'utf8')) as {
      claims: { id: string; verdict: string }[];
      failed: number;
    };

  it('measures every claim, none fails, and it says how long it took', () => {
    const { claims, failed } = written();
    expect(claims.length).toBeGreaterThanOrEqual(12);
    expect({ failed, status: result.status }, result.stdout).toEqual({ failed: 0, status: 0 });
    for (const line of result.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
    process.stdout.write(`validate --quick: ${seconds.toFixed(1)} s\n`);
  });

  it.each([1200, 400])(
    'its page opens offline at %s px: no error, no request but itself, a figure and a verdict per claim, nothing wider than the window',
    async (width) => {
      const { claims } = written();
      const file = path.join(folder, 'validate.html');
      const { page, requests, errors } = await openFile(browser, file, width);
      for (const { id, verdict } of claims) {
        const section = page.locator(`section#${id}`);
        await section.scrollIntoViewIfNeeded();
        await section.locator('figure .main-svg').first().waitFor();
        expect(await section.locator('h2 .mark').innerText()).toBe(verdict);
        expect(await section.locator('h2 .mark').isVisible()).toBe(true);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
      expect(errors).toEqual([]);
      await page.close();
    },
  );
});
