import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openFile } from './browser.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-report-'));
let browser: Browser;
let stdout = '';
let seconds = 0;

beforeAll(async () => {
  const began = performance.now();
  const result = spawnSync(process.execPath, ['dist/cli/main.js', 'report', '--out', folder, '--force'], {
    encoding: 'utf8',
  });
  seconds = (performance.now() - began) / 1000;
  if (result.status !== 0) throw new Error(result.stderr);
  stdout = result.stdout;
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

describe('the report', () => {
  it('prints a summary and where the page is, and says how long it took', () => {
    expect(stdout).toMatch(/theory/);
    expect(stdout).toContain(path.join(folder, 'index.html'));
    process.stdout.write(`report: ${seconds.toFixed(1)} s\n`);
  });

  it('writes the numbers of every figure as CSV and JSON', () => {
    const files = readdirSync(folder);
    const figures = files.filter((name) => name.endsWith('.csv'));
    expect(figures.length).toBeGreaterThanOrEqual(7);
    for (const name of figures) {
      const text = readFileSync(path.join(folder, name), 'utf8');
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
      const document = JSON.parse(readFileSync(path.join(folder, name.replace('.csv', '.json')), 'utf8')) as {
        rows: unknown[];
      };
      expect(document.rows).toHaveLength(text.trim().split('\n').length - 1);
    }
  });

  it.each([1200, 400])(
    'opens offline at %s px: no error, no request but itself, every figure drawn, nothing wider than the window',
    async (width) => {
      const { page, requests, errors } = await openFile(browser, path.join(folder, 'index.html'), width);
      const figures = page.locator('figure');
      expect(await figures.count()).toBe(7);
      for (let i = 0; i < 7; i++) {
        await figures.nth(i).scrollIntoViewIfNeeded();
        await figures.nth(i).locator('.main-svg').first().waitFor();
        expect(await figures.nth(i).locator('.main-svg').count()).toBeGreaterThan(0);
        expect((await figures.nth(i).locator('figcaption').innerText()).length).toBeGreaterThan(60);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
      expect(errors).toEqual([]);
      await page.close();
    },
  );
});
