import type { FigureTable } from '../../figures/drawing/figure.ts';
import type { TableAbout, TableFormat } from '../../figures/tables/files.ts';
import { group } from './input.ts';
import { choices } from './options.ts';
import { toJson } from '../terminal/output.ts';

/** Formats of numbers. With --out JSON and CSV are always written; the others are on request. */
export const dataFormats = ['csv', 'json', 'npz', 'parquet'] as const;

/** A format of {@link dataFormats}. */
export type DataFormat = (typeof dataFormats)[number];

// As in tables/files.ts, which is loaded late.
const onRequest = ['npz', 'parquet'] as const satisfies readonly TableFormat[];

/** Formats of tables on request, among those that were asked for. */
export const tableFormatsOf = (formats: readonly string[]): readonly TableFormat[] =>
  onRequest.filter((format) => formats.includes(format));

/** The option of commands that write tables and draw no figure. */
export const tableOptions = group(
  {
    format: choices(
      `formats of the table, a comma list of ${dataFormats.join(', ')}; csv and json are always written`,
      dataFormats,
      {
        usual: 'csv,json',
      },
    ),
  },
  ({ format }) => ({ formats: format ?? ([] as const) }),
);

const ending = '.csv';

/** True for the name of a table. */
export const isTable = (name: string): boolean => name.endsWith(ending);

/** Names of a table in further formats. @param name of its CSV */
export const tableNames = (name: string, formats: readonly TableFormat[]): string[] =>
  isTable(name) ? formats.map((format) => `${name.slice(0, -ending.length)}.${format}`) : [];

/** A document as JSON, with the units of its tables, and the tables as CSV. @param tables by name without ending */
export async function textFiles(
  jsonName: string,
  document: Readonly<Record<string, unknown>>,
  tables: Readonly<Record<string, FigureTable>>,
): Promise<Record<string, string>> {
  const entries = Object.entries(tables);
  const [{ figureCsv }, { tableUnits }] = await Promise.all([
    import('../../figures/drawing/figure.ts'),
    import('../../figures/tables/typed.ts'),
  ]);
  const units = Object.assign({}, ...entries.map(([, table]) => tableUnits(table))) as object;
  return {
    [jsonName]: `${toJson(entries.length === 0 ? document : { ...document, units }, 1)}\n`,
    ...Object.fromEntries(entries.map(([name, table]) => [`${name}${ending}`, figureCsv(table)])),
  };
}

/** A table in further formats, by the names of the files. @param name without an ending */
export async function tableFiles(
  name: string,
  table: FigureTable,
  formats: readonly TableFormat[],
  about: TableAbout,
): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const format of formats) {
    const { tableFile } = await import('../../figures/tables/files.ts');
    files[`${name}.${format}`] = await tableFile(table, format, about);
  }
  return files;
}
