import type { Data, Layout } from 'plotly.js-dist-min';
import type { ColumnWords } from './columnWords.ts';

/** An entry of a table; null where a quantity does not exist (never NaN). */
export type FigureCell = number | string | null;

/** The numbers that a figure shows, one row per drawn point. */
export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly FigureCell[])[];
  /** Units and meanings of columns that have others than those known by name. */
  readonly words?: Readonly<Record<string, ColumnWords>>;
}

/** A Plotly figure together with the numbers it shows. Building one needs neither Plotly nor a browser. */
export interface Figure {
  /** Short name for files and anchors: lower case, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** Description of the figure, plain text. */
  readonly caption: string;
  readonly data: Data[];
  readonly layout: Partial<Layout>;
  /** Layout with the panels in one column, for narrow screens. */
  readonly narrowLayout: Partial<Layout>;
  readonly table: FigureTable;
  /** Title above the panels of an image; pages have `title` as their heading. */
  readonly heading?: string;
  /** Its panels, where they have letters: their number, and the figure with some of them (indices from 0), laid out anew. */
  readonly panels?: {
    readonly count: number;
    readonly keep: (panels: readonly number[]) => Figure;
  };
}

/** A number that may be drawn or written: null in place of NaN and infinities. */
export function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A number that a logarithmic axis can show, or null. */
export function positive(value: number | null | undefined): number | null {
  return typeof value === 'number' && value > 0 ? value : null;
}

/** The smallest and the largest of some numbers; nulls do not count. */
export function extent(values: readonly (number | null)[]): [low: number, high: number] {
  const present = values.filter((value) => value !== null);
  return [
    present.reduce((a, b) => Math.min(a, b), Infinity),
    present.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
}

/** value/unit, or null where the value does not exist. */
export function ratio(value: number | null | undefined, unit: number): number | null {
  return typeof value === 'number' ? finite(value / unit) : null;
}

/** A cell before it is checked: what is missing or no number becomes null. */
type Given = FigureCell | undefined;

const cellOf = (value: Given): FigureCell => (typeof value === 'string' ? value : finite(value));

/** A table with a row for each of some things: for each column, what its function says of the thing. */
export function tableOf<T>(
  things: readonly T[],
  columns: Readonly<Record<string, (thing: T) => Given>>,
): FigureTable {
  const cells = Object.values(columns);
  return {
    columns: Object.keys(columns),
    rows: things.map((thing) => cells.map((cell) => cellOf(cell(thing)))),
  };
}

/** A table of records of several kinds: the cells that a record has of the columns, null for the others. */
export function recordTable<C extends string>(
  columns: readonly C[],
  records: readonly Readonly<Partial<Record<C, Given>>>[],
): FigureTable {
  return { columns, rows: records.map((record) => columns.map((column) => cellOf(record[column]))) };
}

/**
 * The table as CSV (RFC 4180: CRLF line ends, quotes doubled; UTF-8 without a byte order mark), with full precision; null is an empty field.
 * A text that a spreadsheet would take for a formula (= + - @ in front) has an apostrophe before it.
 */
export function figureCsv(table: FigureTable): string {
  return [table.columns, ...table.rows].map((row) => row.map(csvField).join(',') + '\r\n').join('');
}

/** The table as a JSON value: one object per row, keyed by column. */
export function figureRecords(table: FigureTable): Record<string, FigureCell>[] {
  return table.rows.map((row) =>
    Object.fromEntries(table.columns.map((column, i) => [column, cellOf(row[i])])),
  );
}

function csvField(cell: FigureCell): string {
  if (typeof cell !== 'string') return finite(cell) === null ? '' : String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell)) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
