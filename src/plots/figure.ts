import type { Data, Layout } from 'plotly.js-dist-min';

/** An entry of a table; null where a quantity does not exist (never NaN). */
export type FigureCell = number | string | null;

/** The numbers that a figure shows, one row per drawn point. */
export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly FigureCell[])[];
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
}

/** A number that may be drawn or written: null in place of NaN and infinities. */
export function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** value/unit, or null where the value does not exist. */
export function ratio(value: number | null | undefined, unit: number): number | null {
  return typeof value === 'number' ? finite(value / unit) : null;
}

/** The table as CSV (RFC 4180: CRLF line ends, quotes doubled), with full precision; null is an empty field. */
export function figureCsv(table: FigureTable): string {
  return [table.columns, ...table.rows].map((row) => row.map(csvField).join(',') + '\r\n').join('');
}

/** The table as a JSON value: one object per row, keyed by column. */
export function figureRecords(table: FigureTable): Record<string, FigureCell>[] {
  return table.rows.map((row) =>
    Object.fromEntries(table.columns.map((column, i) => [column, jsonCell(row[i])])),
  );
}

function jsonCell(cell: FigureCell | undefined): FigureCell {
  return typeof cell === 'string' ? cell : finite(cell);
}

function csvField(cell: FigureCell): string {
  if (typeof cell !== 'string') return finite(cell) === null ? '' : String(cell);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
