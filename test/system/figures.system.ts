import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch } from './browser.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-figures-'));
const figures = (...args: string[]) =>
  spawnSync(process.execPath, ['dist/cli/main.js', 'figures', ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
interface Drawn {
  readonly id: string;
  readonly title: string;
  readonly command: string;
  readonly files: readonly string[];
}
const listed = (JSON.parse(figures('--json').stdout) as { figures: Drawn[] }).figures;
let drawn: readonly Drawn[] = [];
let browser: Browser;
let tab: Page;

beforeAll(async () => {
  const result = figures('--only', 'all', '--quick', '--out', folder, '--json');
  if (result.status !== 0) throw new Error(result.stderr);
  drawn = (JSON.parse(result.stdout) as { figures: Drawn[] }).figures;
  browser = await launch();
  tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
}, 900_000);
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** What an image of a figure says about itself, measured where a browser has drawn it. */
interface Measured {
  readonly outside: readonly string[];
  readonly overlapping: readonly string[];
  readonly smallest: number;
  readonly emptyPanels: number;
  readonly panels: number;
}

/** Texts that leave the drawing or lie on each other, the smallest letters in points on paper, and panels without marks. */
async function measure(file: string, millimetres: number): Promise<Measured> {
  await tab.setContent(
    `<!doctype html><style>body { margin: 0 }</style>${readFileSync(path.join(folder, file), 'utf8')}`,
  );
  return tab.evaluate((width) => {
    const svg = document.querySelector('svg')!;
    const frame = svg.getBoundingClientRect();
    const pointsPerPixel = ((width / 25.4) * 72) / frame.width;
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '');
    const boxes = texts.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
    const margin = 0.5;
    const outside = boxes.filter(
      ({ box }) =>
        box.left < frame.left - margin ||
        box.right > frame.right + margin ||
        box.top < frame.top - margin ||
        box.bottom > frame.bottom + margin,
    );
    const overlapping: string[] = [];
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) {
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        // Boxes are taller than letters.
        const letters = 0.55 * Math.min(a.box.height, b.box.height, a.box.width, b.box.width);
        if (across > 1 && down > letters) overlapping.push(`${a.text} on ${b.text}`);
      }
    });
    const scale = frame.width / svg.viewBox.baseVal.width;
    const sizes = texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * scale * pointsPerPixel);
    const panels = [...svg.querySelectorAll('.cartesianlayer > .subplot')];
    const isEmpty = (panel: Element) =>
      panel.querySelector('.scatterlayer path, .heatmaplayer image, .contourlayer path') === null;
    return {
      outside: outside.map(({ text }) => text),
      overlapping,
      smallest: Math.min(...sizes),
      emptyPanels: panels.filter(isEmpty).length,
      panels: panels.length,
    };
  }, millimetres);
}

describe('all figures, drawn to all formats', () => {
  it('every listed one, to nine files', () => {
    expect(drawn.map(({ id }) => id)).toEqual(listed.map(({ id }) => id));
    for (const { id, files } of drawn) {
      const names = ['html', 'csv', 'json', 'svg', 'png', 'pdf'].map((ending) => `${id}.${ending}`);
      const columns = ['svg', 'png', 'pdf'].map((ending) => `${id}-column.${ending}`);
      expect(files.map((file) => path.basename(file))).toEqual([...names, ...columns]);
      for (const file of files) expect(statSync(file).size).toBeGreaterThan(200);
    }
  });

  it.each(listed.map(({ id }) => id))(
    '%s: labels inside and apart, letters of 6.5 points and more, marks in every panel, on a page and in a column',
    async (id) => {
      for (const [file, millimetres] of [
        [`${id}.svg`, 178],
        [`${id}-column.svg`, 85],
      ] as const) {
        const found = await measure(file, millimetres);
        expect({ file, outside: found.outside, overlapping: found.overlapping }).toEqual({
          file,
          outside: [],
          overlapping: [],
        });
        expect(found.panels).toBeGreaterThan(0);
        expect(found.emptyPanels).toBe(0);
        expect(found.smallest).toBeGreaterThanOrEqual(6.5);
      }
    },
  );

  it('know the command and the record that made them', () => {
    for (const { id, command } of drawn) {
      const { record } = JSON.parse(readFileSync(path.join(folder, `${id}.json`), 'utf8')) as {
        record: { command: string; version: string };
      };
      expect(record.command).toBe(command);
      expect(readFileSync(path.join(folder, `${id}.svg`), 'utf8')).toContain(command);
      expect(readFileSync(path.join(folder, `${id}.png`)).includes(command)).toBe(true);
      expect(readFileSync(path.join(folder, `${id}.pdf`), 'latin1')).toMatch(/^%PDF-1\./);
    }
  });
});
