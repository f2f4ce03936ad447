/** Replaces everything JSON cannot say (NaN, infinities) by null. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? null : item),
    indent,
  );
}

/** A number as readable text, with at most `digits` significant digits; `-` for null. */
export function show(value: number | null | undefined, digits = 6): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '-';
  if (!Number.isFinite(value)) return value > 0 ? 'infinity' : '-infinity';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7) return value.toExponential(Math.max(0, digits - 1));
  return String(Number(value.toPrecision(digits)));
}

/** A value with its standard error, both to the digits that mean something: 1.2755 +- 0.0018. */
export function showWithError(value: number, error: number | null): string {
  // An error of the size of rounding says nothing.
  if (error === null || !(error > 1e-10 * Math.abs(value))) return show(value);
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(error))));
  return `${value.toFixed(decimals)} +- ${error.toFixed(decimals)}`;
}

/** Columns aligned on the left for the first, on the right for the others. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A column of a table: its title, and its text for a row. */
export type Column<T> = readonly [title: string, text: (row: T) => string];

/** Rows below the titles of their columns, aligned as by {@link table}. */
export function columnTable<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  return table([columns.map(([title]) => title), ...rows.map((row) => columns.map(([, text]) => text(row)))]);
}

/** A quantity, its value, and what it means. */
export type Line = readonly [quantity: string, value: string, note: string];

/** Lines of a name, a value and what it means; values aligned on the right unless one of them is long. */
export function aligned(lines: readonly Line[]): string {
  const longest = 40;
  const width = (column: 0 | 1) =>
    Math.max(...lines.map((line) => line[column].length).filter((length) => length <= longest));
  const [names, values] = [width(0), width(1)];
  return lines
    .map(([name, value, note]) => `${name.padEnd(names)}  ${value.padStart(values)}  ${note}`.trimEnd())
    .join('\n');
}

/** A table of words: every column aligned on the left. */
export function leftAligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return table(rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!))));
}

/** Some members of an object, in this order. */
export function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, NoInfer<K>> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}

/** Value with its error in parentheses, in units of the last digit: 1.2755(18). */
export function showCompact(value: number, error: number | null): string {
  const [digits, spread] = showWithError(value, error).split(' +- ');
  return spread === undefined ? digits! : `${digits!}(${Number(spread.replace('.', ''))})`;
}
