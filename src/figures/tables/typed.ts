import type { FigureTable } from '../drawing/figure.ts';
import { columnWords, type ColumnWords } from '../drawing/columnWords.ts';

/** A column with one type for all its cells; null where a quantity does not exist. */
export type TypedColumn = { readonly name: string; readonly words: ColumnWords | null } & (
  | { readonly kind: 'number' | 'integer'; readonly values: readonly (number | null)[] }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }
);

/**
 * The columns of a table. A column is text where a cell is, integer where its words call it a count and every cell is whole, and
 * number otherwise; without any cell its words decide.
 */
export function typedColumns(table: FigureTable): TypedColumn[] {
  return table.columns.map((name, i): TypedColumn => {
    const words = columnWords(table, name);
    const cells = table.rows.map((row) => row[i] ?? null);
    const unit = words?.unit;
    if (cells.some((cell) => typeof cell === 'string') || (unit === 'text' && isEmpty(cells))) {
      return {
        name,
        words,
        kind: 'text',
        values: cells.map((cell) => (cell === null ? null : String(cell))),
      };
    }
    const values = cells.map((cell) => (typeof cell === 'number' ? cell : null));
    const isWhole = values.every((value) => value === null || Number.isSafeInteger(value));
    return { name, words, kind: unit === 'count' && isWhole ? 'integer' : 'number', values };
  });
}

const isEmpty = (cells: readonly unknown[]) => cells.every((cell) => cell === null);

/** Units and meanings of the columns of a table, those that are known. */
export function tableUnits(table: FigureTable): Record<string, ColumnWords> {
  return Object.fromEntries(
    table.columns.flatMap((name) => {
      const words = columnWords(table, name);
      return words === null ? [] : [[name, words]];
    }),
  );
}
