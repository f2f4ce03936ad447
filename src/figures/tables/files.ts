import {
  ParameterError,
  requireChoice,
  requireKnownKeys,
  requireList,
  requireObject,
  requireText,
} from '../../numerics/checks.ts';
import type { FigureTable } from '../drawing/figure.ts';
import { documentArrays } from './documentArrays.ts';
import { npyBytes, type NpyArray } from './npy.ts';
import { tableUnits, typedColumns, type TypedColumn } from './typed.ts';

/** Binary formats of tables. */
export const tableFormats = ['npz', 'parquet'] as const;

/** A format of {@link tableFormats}. */
export type TableFormat = (typeof tableFormats)[number];

/** Metadata of a file. */
export interface TableAbout {
  readonly title?: string;
  /** Problem, options and version that made the numbers: any JSON value. */
  readonly record?: unknown;
  /** Document that the table belongs to: its arrays are written to NPZ beside the columns. */
  readonly document?: Readonly<Record<string, unknown>>;
}

/** Names of an NPZ that are no columns. */
const metadataNames = ['record', 'units'] as const;
const isMetadata = (name: string) => metadataNames.some((taken) => taken === name);

/**
 * Bytes of a table as NPZ (for NumPy) or Parquet (for pandas, polars, DuckDB, R), with the record and the units of the columns; `figureCsv` writes CSV.
 * NPZ: an array for each column, NaN and '' for null; texts of JSON `record` and `units`. Arrays of a document are added under its keys,
 * which take the place of the columns if every column is among them. Parquet: double, int64 or string columns with nulls; key-value metadata
 * `title`, `record` and `units`.
 * @example
 * writeFileSync('potential.parquet', await tableFile(figure.table, 'parquet', { title: figure.title }));
 */
export async function tableFile(
  table: FigureTable,
  format: TableFormat,
  about: TableAbout = {},
): Promise<Uint8Array> {
  requireTable(table);
  requireChoice('format', format, tableFormats);
  requireKnownKeys('about', about, ['title', 'record', 'document']);
  if (about.title !== undefined) requireText('about.title', about.title);
  if (about.document !== undefined) requireObject('about.document', about.document);
  const columns = typedColumns(table);
  const units = JSON.stringify(tableUnits(table));
  const record = JSON.stringify(about.record ?? null);
  if (format === 'npz') return npzBytes(npzArrays(columns, about.document ?? {}), { record, units });
  return parquetBytes(columns, { title: about.title ?? '', record, units });
}

function requireTable(table: FigureTable): void {
  requireObject('table', table);
  requireList('table.columns', table.columns);
  requireList('table.rows', table.rows, (parameter, row) => {
    requireList(parameter, row);
    if (row.length !== table.columns.length)
      throw new ParameterError(parameter, `a list of ${table.columns.length} cells`, row.length);
    row.forEach((cell: unknown, i) => {
      if (cell !== null && typeof cell !== 'string' && !Number.isFinite(cell))
        throw new ParameterError(`${parameter}[${i}]`, 'a finite number, a text or null', cell);
    });
  });
  table.columns.forEach((name, i) => {
    if (typeof name !== 'string' || name === '' || table.columns.indexOf(name) !== i)
      throw new ParameterError(`table.columns[${i}]`, 'a name of its own', name);
    if (isMetadata(name))
      throw new ParameterError(`table.columns[${i}]`, `a name other than ${metadataNames.join(', ')}`, name);
  });
}

/** Columns of the table, in place of which a document may have grids, and the other arrays of the document. */
function npzArrays(
  columns: readonly TypedColumn[],
  document: Readonly<Record<string, unknown>>,
): Record<string, NpyArray> {
  const grids = documentArrays(
    Object.fromEntries(Object.entries(document).filter(([key]) => !isMetadata(key))),
  );
  if (columns.every(({ name }) => Object.hasOwn(grids, name))) return grids;
  const own = Object.fromEntries(columns.map((column) => [column.name, arrayOf(column)]));
  return { ...own, ...grids, ...own };
}

function arrayOf(column: TypedColumn): NpyArray {
  const shape = [column.values.length];
  return column.kind === 'text'
    ? { kind: 'text', values: column.values, shape }
    : { kind: 'number', values: column.values, shape };
}

async function npzBytes(
  arrays: Readonly<Record<string, NpyArray>>,
  metadata: Readonly<Record<(typeof metadataNames)[number], string>>,
): Promise<Uint8Array> {
  const { zipSync } = await import('fflate');
  const texts = metadataNames.map((name): [string, NpyArray] => [
    name,
    { kind: 'text', values: [metadata[name]], shape: [] },
  ]);
  const files = [...Object.entries(arrays), ...texts].map(
    ([name, array]) => [`${name}.npy`, npyBytes(array)] as const,
  );
  // A date of its own would make two files of one result differ.
  return zipSync(Object.fromEntries(files), { mtime: new Date(1980, 0, 1) });
}

async function parquetBytes(
  columns: readonly TypedColumn[],
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name, kind, values }) => ({
      name,
      ...(kind === 'text'
        ? { type: 'STRING' as const, data: [...values] }
        : kind === 'number'
          ? { type: 'DOUBLE' as const, data: [...values] }
          : { type: 'INT64' as const, data: values.map((value) => (value === null ? null : BigInt(value))) }),
    })),
    rowGroupSize: Math.max(1, columns[0]?.values.length ?? 0),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: 'cfg-dmft',
  });
  return new Uint8Array(buffer);
}
