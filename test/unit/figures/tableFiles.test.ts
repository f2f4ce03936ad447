import { strFromU8, unzipSync } from 'fflate';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import {
  columnUnits,
  columnWords,
  knownColumns,
  ownColumnWords,
} from '../../../src/figures/drawing/columnWords.ts';
import { tableFile, type TableAbout } from '../../../src/figures/tables/files.ts';
import { npyBytes, type NpyArray } from '../../../src/figures/tables/npy.ts';

const table = {
  columns: ['source', 'd', 'time', 'm', 'mine'],
  rows: [
    ['theory', null, 0.1 + 0.2, 1e-300, null],
    ['full, "σ²"', 16, null, -0.5, null],
  ],
};
const about = { title: 'Überlapp', record: { seed: 1, version: 'σ' } };

/** Header and entries of a file .npy. */
function parts(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 10 + view.getUint16(8, true);
  const data = new DataView(bytes.buffer, bytes.byteOffset + end, bytes.byteLength - end);
  return { magic: [...bytes.slice(0, 8)], header: strFromU8(bytes.slice(10, end)), end, data };
}
const numbers = (bytes: Uint8Array) => {
  const { data } = parts(bytes);
  return Array.from({ length: data.byteLength / 8 }, (_, i) => data.getFloat64(8 * i, true));
};
const letters = (bytes: Uint8Array) => {
  const { data } = parts(bytes);
  return Array.from({ length: data.byteLength / 4 }, (_, i) => data.getUint32(4 * i, true))
    .map((code) => String.fromCodePoint(code))
    .join('')
    .replaceAll('\0', '|');
};

describe('files .npy', () => {
  it.each<[NpyArray, string]>([
    [{ kind: 'number', values: [1], shape: [] }, "'<f8', 'fortran_order': False, 'shape': (), }"],
    [{ kind: 'number', values: [1, 2], shape: [2] }, "'<f8', 'fortran_order': False, 'shape': (2,), }"],
    [{ kind: 'boolean', values: [true], shape: [1, 1] }, "'|b1', 'fortran_order': False, 'shape': (1, 1), }"],
    [{ kind: 'text', values: ['ab', null], shape: [2] }, "'<U2', 'fortran_order': False, 'shape': (2,), }"],
    [{ kind: 'text', values: [''], shape: [1] }, "'<U1', 'fortran_order': False, 'shape': (1,), }"],
  ])('%j: a header that ends in a newline at a multiple of 64 bytes', (array, text) => {
    const { magic, header, end } = parts(npyBytes(array));
    expect(magic).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
    expect(header.trimEnd()).toBe(`{'descr': ${text}`);
    expect(header.endsWith('\n')).toBe(true);
    expect(end % 64).toBe(0);
  });

  it('headers of every length', () => {
    for (let dimensions = 0; dimensions < 64; dimensions++) {
      const shape = Array.from({ length: dimensions }, () => 1);
      const { header, end } = parts(npyBytes({ kind: 'number', values: [1], shape }));
      expect([end % 64, header.at(-1), header.trimEnd().at(-1)]).toEqual([0, '\n', '}']);
    }
  });

  it('entries are little endian: null is NaN, text UCS-4 with its own width for letters beyond 16 bits', () => {
    expect(numbers(npyBytes({ kind: 'number', values: [-1e-300, null, 3], shape: [3] }))).toEqual([
      -1e-300,
      NaN,
      3,
    ]);
    expect(letters(npyBytes({ kind: 'text', values: ['σ²', null, '𝛼bc'], shape: [3] }))).toBe('σ²||||𝛼bc');
    expect([...npyBytes({ kind: 'boolean', values: [true, false], shape: [2] }).slice(-2)]).toEqual([1, 0]);
  });
});

describe('NPZ', () => {
  const arraysOf = async (more: TableAbout = about) =>
    Object.fromEntries(
      Object.entries(unzipSync(await tableFile(table, 'npz', more))).map(([name, bytes]) => [
        name.replace(/\.npy$/, ''),
        bytes,
      ]),
    );

  it('an array for each column, the record and the units as JSON', async () => {
    const arrays = await arraysOf();
    expect(Object.keys(arrays)).toEqual([...table.columns, 'record', 'units']);
    expect(numbers(arrays['time']!)).toEqual([0.1 + 0.2, NaN]);
    expect(numbers(arrays['d']!)).toEqual([NaN, 16]);
    expect(letters(arrays['source']!)).toBe('theory||||full, "σ²"');
    expect(JSON.parse(letters(arrays['record']!))).toEqual(about.record);
    const units = JSON.parse(letters(arrays['units']!)) as Record<string, { unit: string }>;
    expect(units['time']?.unit).toBe('process time');
    expect(units).not.toHaveProperty('mine');
  });

  it('arrays of the document come beside the columns, under their keys', async () => {
    const document = {
      m: [1, 2, 3],
      budget: {
        values: [
          [1, null],
          [3, 4],
        ],
        kinds: ['a', 'b'],
        reached: [true],
      },
      rows: [{ m: 1 }],
      ragged: [[1], [2, 3]],
      deeper: [1, [2]],
      mixed: [1, 'a'],
      none: [],
      record: { seeds: [1] },
      alone: 1,
    };
    const arrays = await arraysOf({ document });
    const added = ['budget.values', 'budget.kinds', 'budget.reached'];
    expect(Object.keys(arrays)).toEqual([...table.columns, ...added, 'record', 'units']);
    // The column: all of a table have its rows.
    expect(numbers(arrays['m']!)).toEqual([1e-300, -0.5]);
    expect(parts(arrays['budget.values']!).header).toContain('(2, 2)');
    expect(numbers(arrays['budget.values']!)).toEqual([1, NaN, 3, 4]);
    expect(JSON.parse(letters(arrays['record']!))).toBeNull();
  });

  it('a document that has every column as a grid gives its grids in place of the rows', async () => {
    const document = { alpha: [1, 2], w: [0], m: [[5, 6]], line: [7] };
    const rows = [
      [1, 0, 5],
      [2, 0, 6],
    ];
    const bytes = await tableFile({ columns: ['alpha', 'w', 'm'], rows }, 'npz', { document });
    const arrays = unzipSync(bytes);
    expect(Object.keys(arrays)).toEqual(
      ['alpha', 'w', 'm', 'line', 'record', 'units'].map((name) => `${name}.npy`),
    );
    expect(parts(arrays['m.npy']!).header).toContain('(1, 2)');
    expect(parts(arrays['w.npy']!).header).toContain('(1,)');
  });

  it('has no date of its own: the same table makes the same bytes', async () => {
    const bytes = await tableFile(table, 'npz', about);
    // MS-DOS date of the first entry: 1 January 1980.
    expect([...bytes.slice(10, 14)]).toEqual([0, 0, 0x21, 0]);
  });
});

describe('Parquet', () => {
  const read = async (from = table, more: TableAbout = about) => {
    const { buffer } = await tableFile(from, 'parquet', more);
    const file = buffer as ArrayBuffer;
    return { rows: await parquetReadObjects({ file }), metadata: parquetMetadata(file) };
  };

  it('a column of one type each, with nulls: text, whole numbers where they are counts, and doubles', async () => {
    const { rows, metadata } = await read();
    const types = metadata.schema
      .slice(1)
      .map(({ name, type, converted_type }) => [name, converted_type ?? type]);
    expect(types).toEqual([
      ['source', 'UTF8'],
      ['d', 'INT64'],
      ['time', 'DOUBLE'],
      ['m', 'DOUBLE'],
      ['mine', 'DOUBLE'],
    ]);
    expect(rows).toEqual([
      { source: 'theory', d: null, time: 0.1 + 0.2, m: 1e-300, mine: null },
      { source: 'full, "σ²"', d: 16n, time: null, m: -0.5, mine: null },
    ]);
    expect(metadata.row_groups).toHaveLength(1);
  });

  it('types stay where there is no row, and where a count is none', async () => {
    const empty = await read({ columns: ['mark', 'd', 'm'], rows: [] });
    expect(empty.rows).toEqual([]);
    const typesOf = ({ metadata }: typeof empty) =>
      metadata.schema.slice(1).map(({ type, converted_type }) => converted_type ?? type);
    expect(typesOf(empty)).toEqual(['UTF8', 'INT64', 'DOUBLE']);
    expect(typesOf(await read({ columns: ['mark', 'd', 'm'], rows: [[null, 16.5, 1]] }))).toEqual([
      'UTF8',
      'DOUBLE',
      'DOUBLE',
    ]);
  });

  it('title, record and units are key-value metadata', async () => {
    const { key_value_metadata: pairs } = (await read()).metadata;
    const of = Object.fromEntries(pairs!.map(({ key, value }) => [key, value!]));
    expect(Object.keys(of)).toEqual(['title', 'record', 'units']);
    expect(of['title']).toBe(about.title);
    expect(JSON.parse(of['record']!)).toEqual(about.record);
    expect(Object.keys(JSON.parse(of['units']!) as object)).toEqual(['source', 'd', 'time', 'm']);
  });
});

describe('tableFile', () => {
  it.each([
    [{ columns: ['m', 'm'], rows: [] }, 'table.columns[1] must be a name of its own, got "m"'],
    [
      { columns: ['units'], rows: [] },
      'table.columns[0] must be a name other than record, units, got "units"',
    ],
    [{ columns: ['m'], rows: [[1, 2]] }, 'table.rows[0] must be a list of 1 cells, got 2'],
    [{ columns: ['m'], rows: [[NaN]] }, 'table.rows[0][0] must be a finite number, a text or null, got NaN'],
  ])('%j is refused', async (wrong, message) => {
    await expect(tableFile(wrong, 'npz')).rejects.toThrow(message);
  });
});

describe('words of columns', () => {
  it('units are among those that are explained; an error has the unit of its quantity', () => {
    for (const [name, { unit }] of knownColumns()) expect(Object.keys(columnUnits), name).toContain(unit);
    expect(columnWords({}, 'klError')).toEqual({ unit: 'nats', meaning: 'standard error of kl' });
    expect(columnWords({}, 'standardError')?.meaning).toContain('measured');
    expect(columnWords({ words: ownColumnWords.validity }, 'mError')?.meaning).toMatch(/^predicted/);
    expect(columnWords({}, 'someError')).toBeNull();
    expect(columnWords({}, 'constructor')).toBeNull();
  });
});
