import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { figuresCommand } from '../../../src/cli/commands/figures/figures.ts';
import { commandsFor } from '../../../src/cli/program.ts';
import { validityCommand } from '../../../src/cli/commands/validity.ts';
import { figureCatalogue, figureRuns } from '../../../src/cli/commands/figures/catalogue.ts';
import { pngWithText } from '../../../src/images/png.ts';
import { runHere } from './inProcess.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-figures-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const command = figuresCommand(commandsFor);
interface Listing {
  readonly figures: readonly { id: string; title: string; command: string; files: string[] }[];
}
const figures = async (...args: string[]) => JSON.parse(await runHere(command, ...args, '--json')) as Listing;

describe('figures', () => {
  it('lists every figure once, with the command that computes it', async () => {
    const list = (await figures()).figures;
    expect(list.length).toBeGreaterThan(40);
    expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    for (const { id, title, command: line, files } of list) {
      expect(id).toMatch(/^[a-z0-9-]+$/);
      expect(title.length).toBeGreaterThan(10);
      expect(line).toMatch(/^cfg-dmft [a-z]/);
      expect(files).toEqual([]);
    }
    expect(list.find(({ id }) => id === 'potential')?.command).toBe('cfg-dmft report --only potential');
  });

  it('computes figures that differ in --only alone in one run', () => {
    const wanted = ['potential', 'claim-two-classes', 'distortion', 'claim-condensation'];
    const runs = figureRuns(
      wanted.map((id) => figureCatalogue.find((figure) => figure.id === id)!),
      { quick: true },
    );
    expect(runs.map(({ args }) => args.join(' '))).toEqual([
      'report --only potential,distortion',
      'validate --only two-classes,condensation --quick',
    ]);
  });

  it('without Chromium: HTML and data all the same, whatever was asked for', async () => {
    vi.stubEnv('CHROMIUM', path.join(folder, 'no-such-browser'));
    const target = path.join(folder, 'plain');
    const drawn = await runHere(command, '--only', 'potential', '--out', target, '--json').then(
      (text) => JSON.parse(text) as Listing,
    );
    expect(readdirSync(target).sort()).toEqual([
      'figures.json',
      'potential.csv',
      'potential.html',
      'potential.json',
    ]);
    expect(drawn.figures[0]!.files.map((file) => path.basename(file))).toEqual([
      'potential.html',
      'potential.csv',
      'potential.json',
    ]);
    const data = JSON.parse(readFileSync(path.join(target, 'potential.json'), 'utf8')) as {
      rows: unknown[];
      record: { command: string; version: string };
    };
    expect(data.rows.length).toBeGreaterThan(100);
    expect(data.record.command).toBe('cfg-dmft report --only potential');
    // The same command line draws nothing over what is there.
    await expect(runHere(command, '--only', 'potential', '--out', target)).rejects.toThrow(
      /out must be a folder without/,
    );
  });

  it.each([
    [
      ['--only', 'no-such-figure'],
      /^only must be the names of figures, got "no-such-figure"; cfg-dmft figures lists them$/,
    ],
    [['--only', 'potential', '--format', 'gif'], /^format must be one of html, svg, png, pdf, csv, json/],
    [['--only', 'potential', '--width', 'wide'], /^width must be page, column, or a length such as 86mm/],
    [['--out', folder], /^out must be given with --only/],
    [['--format', 'svg'], /^format must be given with --only/],
  ])('refuses %j', async (args, message) => {
    await expect(runHere(command, ...args)).rejects.toThrow(message);
  });
});

describe('png files', () => {
  it('carry title, command and record behind the header, with valid check sums', () => {
    const chunk = (type: string, data: Buffer) => {
      const body = Buffer.concat([Buffer.from(type), data]);
      const out = Buffer.alloc(body.length + 8);
      out.writeUInt32BE(data.length, 0);
      body.copy(out, 4);
      out.writeUInt32BE(crc32(body), body.length + 4);
      return out;
    };
    const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    const plain = Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(Buffer.from([0, 255]))),
      chunk('IEND', Buffer.alloc(0)),
    ]);
    const about = { title: 'σ² and α', caption: 'c', command: 'cfg-dmft x', record: '{}', resolution: 300 };
    const file = Buffer.from(pngWithText(plain, about));
    const found: string[] = [];
    for (let at = 8; at < file.length;) {
      const length = file.readUInt32BE(at);
      const body = file.subarray(at + 4, at + 8 + length);
      expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(body));
      found.push(body.toString('utf8').replaceAll('\0', '|'));
      at += length + 12;
    }
    expect(found.map((text) => text.slice(0, 4))).toEqual([
      'IHDR',
      'pHYs',
      'iTXt',
      'iTXt',
      'iTXt',
      'iTXt',
      'IDAT',
      'IEND',
    ]);
    expect(found[2]).toBe('iTXtTitle|||||σ² and α');
    // 300 dots per inch are 11811 per metre.
    expect(file.readUInt32BE(8 + 25 + 8)).toBe(11811);
  });
});

describe('validity', () => {
  const validity = async (...args: string[]) =>
    JSON.parse(await runHere(validityCommand, ...args, '--sigma2', '0.25', '--json')) as {
      cells: { alpha: number; w: number; d: number; label: string }[];
      criticalAlpha: (number | null)[];
    };

  it('gives a cell for every combination, better at larger dimension, and the critical rate', async () => {
    const { cells, criticalAlpha } = await validity('--alpha', '0.6', '--w', '4', '--d', '16,32');
    expect(cells.map(({ alpha, w, d, label }) => [alpha, w, d, label])).toEqual([
      [0.6, 4, 16, 'worse'],
      [0.6, 4, 32, '5 %'],
    ]);
    expect(criticalAlpha[0]!).toBeGreaterThan(1);
  });

  it('says why there is no number', async () => {
    const text = (...args: string[]) => runHere(validityCommand, ...args, '--sigma2', '0.25');
    const few = await text('--alpha', '2e-4', '--w', '1', '--d', '6000');
    expect(few).toContain('unknown: three classes at alpha = 0.0002 need d = 5494, beyond the 4096');
    expect(few).not.toContain('second order');
    const strong = await text('--alpha', '0.5', '--w', '16', '--d', '16');
    expect(strong).toContain('-: the second order exceeds 10 % of m or v, so that the first');
    expect(strong).not.toContain('unknown');
  });

  it.each([
    [['--alpha', '0', '--w', '1', '--d', '16'], /^alpha must be a finite number > 0/],
    [
      ['--alpha', '0.05', '--w', '1', '--d', '16'],
      /^d must be at least 22, to have 3 classes at alpha = 0.05/,
    ],
    [['--alpha', '1', '--w', '1', '--d', '3'], /^d must be an integer >= 4/],
    [['--alpha', '1', '--d', '16'], /^w must be given/],
  ])('refuses %j', async (args, message) => {
    await expect(validity(...args)).rejects.toThrow(message);
  });
});
