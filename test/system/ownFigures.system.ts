import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openFile } from './browser.ts';
import { measureSvg } from './measure.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-own-figures-'));
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const model = '--sigma2 0.25';
const one = `--alpha 0.5 --w 1 ${model}`;
const few = '--particles 20 --realizations 3';
/** Command lines by the name of their files, with the millimetres that a column of theirs may be high. */
const cases: readonly (readonly [name: string, line: string, highest: number])[] = [
  ['solve', `solve ${one} --simulate 8,10 ${few}`, 200],
  ['simulate', `simulate --d 8 ${one} ${few} --times 1,0.5,0.2,0`, 115],
  ['transition', `transition --w 0:8:9 --alpha 0.5 ${model}`, 115],
  ['phase-diagram', `phase-diagram --alpha 0.02:1.6:16 --w 0:8:9 ${model}`, 115],
  ['potential', `potential ${one} --m -0.5:2.5:41`, 120],
  ['compare', `compare ${one} --d 8,10 ${few}`, 160],
  ['compare-trajectory', `compare ${one} --d 8,10 ${few} --times 1,0.5,0.2,0`, 200],
];

describe('the figure of each command, at the width of a column of 86 mm and of a page of 178 mm', () => {
  it.each(cases)(
    '%s: letters apart and inside, 6.5 to 9 points, no error on its page',
    async (name, line, highest) => {
      const out = path.join(folder, name);
      const files = [
        '--format',
        'html,svg',
        '--width',
        '86mm,178mm',
        '--title',
        'A figure for a paper, with a title',
      ];
      const run = spawnSync(
        process.execPath,
        ['dist/cli/main.js', ...line.split(' '), ...files, '--out', out],
        {
          encoding: 'utf8',
        },
      );
      expect(run.stderr).toContain('wrote');
      const tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      for (const width of [86, 178]) {
        const svg = readFileSync(path.join(out, `${name}-${width}mm.svg`), 'utf8');
        const { outside, overlapping, smallest, emptyPanels, ...size } = await measureSvg(tab, svg);
        expect({ width, outside, overlapping, emptyPanels }).toEqual({
          ...{ width, outside: [], overlapping: [], emptyPanels: 0 },
        });
        expect(svg).toContain('A figure for a paper');
        expect(smallest).toBeGreaterThanOrEqual(6.5);
        expect(size.width).toBe(width);
        expect(size.height).toBeLessThan(width === 86 ? highest : 178);
      }
      await tab.close();
      const { page, errors } = await openFile(browser, path.join(out, `${name}.html`), 1200);
      expect(errors).toEqual([]);
      await page.close();
    },
  );

  it('letters of 12 points scale the drawing, and nothing is cut', async () => {
    const out = path.join(folder, 'large');
    const line = `solve ${one} --format svg --width 120mm --font-size 12 --panels a,b --colours grey --out ${out}`;
    expect(spawnSync(process.execPath, ['dist/cli/main.js', ...line.split(' ')]).status).toBe(0);
    const tab = await browser.newPage();
    const found = await measureSvg(tab, readFileSync(path.join(out, 'solve-120mm.svg'), 'utf8'));
    expect(found).toMatchObject({ outside: [], overlapping: [], panels: 2 });
    expect(found.smallest).toBeCloseTo((12 * 13) / 15, 1);
  });
});
