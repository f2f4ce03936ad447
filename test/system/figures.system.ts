import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch } from './browser.ts';
import { measureSvg } from './measure.ts';

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

// The figures of claims have one builder and one page between them: images for the eye alone.
const isClaim = (id: string) => id.startsWith('claim-');

beforeAll(async () => {
  const draw = (ids: readonly string[], ...more: string[]) => {
    const result = figures('--only', ids.join(','), '--quick', '--out', folder, '--json', ...more);
    if (result.status !== 0) throw new Error(result.stderr);
    return (JSON.parse(result.stdout) as { figures: Drawn[] }).figures;
  };
  const ids = listed.map(({ id }) => id);
  drawn = [
    ...draw(ids.filter((id) => !isClaim(id))),
    ...draw(ids.filter(isClaim), '--format', 'svg', '--force'),
  ];
  browser = await launch();
  tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
}, 900_000);
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

describe('all figures, drawn to all formats', () => {
  it('every listed one, to nine files, claims to two', () => {
    expect(drawn.map(({ id }) => id)).toEqual(listed.map(({ id }) => id));
    for (const { id, files } of drawn) {
      if (isClaim(id)) {
        expect(files.map((file) => path.basename(file))).toEqual([`${id}.svg`, `${id}-column.svg`]);
        continue;
      }
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
        const found = await measureSvg(tab, readFileSync(path.join(folder, file), 'utf8'));
        expect({ file, outside: found.outside, overlapping: found.overlapping }).toEqual({
          file,
          outside: [],
          overlapping: [],
        });
        expect(found.panels).toBeGreaterThan(0);
        expect(found.emptyPanels).toBe(0);
        expect(found.smallest).toBeGreaterThanOrEqual(6.5);
        expect(found.width).toBe(millimetres);
        // A page with a caption below the figure.
        expect(found.height).toBeLessThan(225);
      }
    },
  );

  it('know the command and the record that made them', () => {
    for (const { id, command } of drawn) {
      expect(readFileSync(path.join(folder, `${id}.svg`), 'utf8')).toContain(command);
      if (isClaim(id)) continue;
      const { record } = JSON.parse(readFileSync(path.join(folder, `${id}.json`), 'utf8')) as {
        record: { command: string; version: string };
      };
      expect(record.command).toBe(command);
      expect(readFileSync(path.join(folder, `${id}.png`)).includes(command)).toBe(true);
      expect(readFileSync(path.join(folder, `${id}.pdf`), 'latin1')).toMatch(/^%PDF-1\./);
    }
  });
});
