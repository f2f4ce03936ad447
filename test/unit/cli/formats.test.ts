import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { command } from '../../../src/cli/frame/command.ts';
import { cliHere, runHere } from './inProcess.ts';

const root = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-formats-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const model = ['--alpha', '0.5', '--w', '1', '--sigma2', '0.25'];
let runs = 0;
async function written(...args: string[]) {
  const out = path.join(root, String(runs++));
  const ended = await cliHere(...args, '--out', out);
  const bytes = (name: string) => readFileSync(path.join(out, name));
  return {
    ...ended,
    out,
    names: readdirSync(out).sort(),
    bytes,
    text: (name: string) => bytes(name).toString(),
  };
}
/** Rows of a file .parquet, and its key-value metadata. */
async function parquet(bytes: Buffer) {
  const file = new Uint8Array(bytes).buffer;
  const pairs = parquetMetadata(file).key_value_metadata!;
  return {
    rows: await parquetReadObjects({ file }),
    about: Object.fromEntries(pairs.map(({ key, value }) => [key, value!])),
  };
}

describe('formats of tables', () => {
  it('solve: every table in each format, no page, and JSON and CSV as they are without', async () => {
    const command = ['solve', ...model, '--trajectory', '5'];
    const made = await written(...command, '--format', 'parquet,npz');
    expect(made.names).toEqual(
      ['solve.csv', 'solve.json', 'solve.npz', 'solve.parquet'].concat([
        'trajectory.csv',
        'trajectory.npz',
        'trajectory.parquet',
      ]),
    );
    const plain = await written(...command, '--format', 'json');
    expect(plain.names).toEqual(['solve.csv', 'solve.json', 'trajectory.csv']);
    for (const name of ['solve.csv', 'trajectory.csv']) expect(made.text(name)).toBe(plain.text(name));
    const { record, units, ...numbers } = JSON.parse(made.text('solve.json')) as Record<string, object>;
    expect({ ...(JSON.parse(plain.text('solve.json')) as object), record }).toEqual({
      ...numbers,
      units,
      record,
    });
    expect(units).toMatchObject({
      time: { unit: 'process time' },
      mError: { meaning: 'standard error of m' },
    });

    const { rows, about } = await parquet(made.bytes('trajectory.parquet'));
    const [head, ...lines] = made.text('trajectory.csv').trim().split('\r\n');
    expect(Object.keys(rows[0]!)).toEqual(head!.split(','));
    expect(rows.map((row) => Object.values(row) as number[])).toEqual(
      lines.map((line) => line.split(',').map(Number)),
    );
    expect(JSON.parse(about['record']!)).toEqual(record);
    expect(about['title']).toMatch(/^Order parameters along sampling/);
    // Of the document, which only the table of the result has beside it.
    expect(Object.keys(unzipSync(made.bytes('trajectory.npz')))).toEqual(
      [...head!.split(','), 'record', 'units'].map((name) => `${name}.npy`),
    );
  });

  it('phase-diagram: grids with their shapes', async () => {
    const { bytes, stderr } = await written(
      ...['phase-diagram', '--alpha', '0.5,1,1.5', '--w', '0,2', '--sigma2', '0.25', '--format', 'npz'],
    );
    expect(stderr).not.toContain('note:');
    const arrays = unzipSync(bytes('phase-diagram.npz'));
    const shape = (name: string) => /'shape': (\(.*?\))/.exec(strFromU8(arrays[`${name}.npy`]!, true))![1];
    expect(['alpha', 'w', 'm', 'phase', 'criticalAlpha'].map(shape)).toEqual([
      '(3,)',
      '(2,)',
      '(2, 3)',
      '(2, 3)',
      '(2,)',
    ]);
  });

  it('arrays of the document go with the table of the result alone', async () => {
    const out = path.join(root, 'own');
    const table = { columns: ['m'], rows: [[1], [2]] };
    const own = command({
      name: 'own',
      summary: 'Two tables.',
      example: 'cfg-dmft own',
      files: ['.csv', 'more.csv'],
      options: {},
      run: () => ({
        document: { levels: [1, 2, 3] },
        text: '',
        record: { problem: {}, options: {}, seed: null },
        csv: table,
        tables: () => ({ more: table }),
      }),
    });
    await runHere(own, '--format', 'npz,parquet', '--out', out);
    const arrays = (name: string) => Object.keys(unzipSync(readFileSync(path.join(out, `${name}.npz`))));
    expect(arrays('own')).toEqual(['m.npy', 'levels.npy', 'record.npy', 'units.npy']);
    expect(arrays('more')).toEqual(['m.npy', 'record.npy', 'units.npy']);
    const { about } = await parquet(readFileSync(path.join(out, 'own.parquet')));
    expect(about['title']).toBe('Two tables.');
  });

  it('report: the table of each section', async () => {
    const { names, bytes } = await written('report', '--only', 'potential', '--format', 'parquet');
    expect(names).toEqual(['potential.csv', 'potential.json', 'potential.parquet', 'report.json']);
    const { about } = await parquet(bytes('potential.parquet'));
    expect((JSON.parse(about['record']!) as { options: object }).options).toMatchObject({
      only: ['potential'],
    });
  });

  it('say so where there is no table', async () => {
    const { status, names, stderr } = await written(
      'transition',
      '--w',
      '1',
      '--sigma2',
      '0.25',
      '--format',
      'npz',
    );
    expect([status, names]).toEqual([0, ['transition.json']]);
    expect(stderr).toContain('note: this result has no table to write as npz');
  });

  it.each([
    [['solve', ...model, '--format', 'npz'], '--format must be given with --out, got "npz"'],
    [['classifier', 'train', '--format', 'npz'], '--format must be given with --out, got "npz"'],
    [
      ['classifier', 'train', '--format', 'html', '--out', root],
      '--format must be one of csv, json, npz, parquet, got "html"',
    ],
    [
      ['solve', ...model, '--format', 'parquet', '--width', '86mm', '--out', root],
      '--width must be given with --format svg, png, pdf',
    ],
  ])('%j is refused', async (args, message) => {
    const { status, stderr } = await cliHere(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('what is there is kept, as of other files', async () => {
    const out = path.join(root, 'taken');
    mkdirSync(out);
    writeFileSync(path.join(out, 'trajectory.npz'), 'kept');
    const taken = await cliHere('solve', ...model, '--format', 'npz', '--out', out);
    expect([taken.status, taken.stdout]).toEqual([2, '']);
    expect(taken.stderr).toContain('--out must be a folder without trajectory.npz');
    expect(readdirSync(out)).toEqual(['trajectory.npz']);
    // Not asked for: not in the way.
    expect((await cliHere('solve', ...model, '--format', 'parquet', '--out', out)).status).toBe(0);
  });
});
