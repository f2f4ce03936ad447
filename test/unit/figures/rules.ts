import { expect, it } from 'vitest';
import { columnWords } from '../../../src/figures/drawing/columnWords.ts';
import type { Figure } from '../../../src/figures/drawing/figure.ts';

/** The fields of a trace that tests look at. */
export interface Drawn {
  readonly type?: string;
  readonly name?: string;
  readonly mode?: string;
  readonly fill?: string;
  readonly showlegend?: boolean;
  readonly meta?: { readonly decoration?: boolean };
  readonly x?: readonly unknown[];
  readonly y?: readonly unknown[];
  readonly z?: readonly (readonly unknown[])[];
  readonly text?: readonly (readonly string[])[];
  readonly error_y?: { readonly array?: readonly unknown[] };
  readonly xaxis?: string;
  readonly coloraxis?: string;
  readonly line?: { readonly color?: string };
  readonly marker?: { readonly color?: unknown; readonly symbol?: unknown };
}

export const tracesOf = (figure: Figure): Drawn[] => figure.data as Drawn[];

/** Differences between the subjects. */
export interface Rules {
  readonly id: RegExp;
  /** Lines that are fits and guides stand in no table; marks do. */
  readonly marksOnly?: boolean;
}

/** The tests that every figure passes. */
export function itKeepsTheRules(figures: Readonly<Record<string, Figure>>, rules: Rules): void {
  const names = Object.keys(figures);

  it.each(names)('%s: every number drawn stands in the table', (name) => {
    const known = new Set(figures[name]!.table.rows.flat());
    for (const trace of tracesOf(figures[name]!)) {
      if (trace.meta?.decoration === true || (rules.marksOnly === true && trace.mode !== 'markers')) continue;
      const errors = trace.error_y?.array ?? [];
      // Cells without a colour axis stand for labels.
      const isLabelled = trace.type === 'heatmap' && trace.coloraxis === undefined;
      const cells = isLabelled ? [] : (trace.z ?? []).flat();
      for (const value of [...(trace.x ?? []), ...(trace.y ?? []), ...cells, ...errors]) {
        // A point without a standard error has a bar of length 0.
        if (value === null || (value === 0 && errors.includes(0))) continue;
        expect(known, `${trace.name ?? ''}: ${JSON.stringify(value)}`).toContain(value);
      }
    }
  });

  it.each(names)('%s: what does not exist is null, never NaN, infinite or undefined', (name) => {
    const { table, data, layout, narrowLayout } = figures[name]!;
    const check = (value: unknown): void => {
      if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
      else if (Array.isArray(value)) value.forEach(check);
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(check);
      else expect(value).not.toBeUndefined();
    };
    check([table.rows, data, layout, narrowLayout]);
    for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
  });

  it.each(names)(
    '%s: every trace has the axes and the colour scale that it names, in both layouts',
    (name) => {
      const { layout, narrowLayout } = figures[name]!;
      for (const { xaxis = 'x', coloraxis } of tracesOf(figures[name]!)) {
        for (const one of [layout, narrowLayout]) {
          expect(one).toHaveProperty(xaxis.replace('x', 'xaxis'));
          if (coloraxis !== undefined) expect(one).toHaveProperty(coloraxis);
        }
      }
    },
  );

  it.each(names)('%s: every column of the table has a unit and a meaning', (name) => {
    const { table } = figures[name]!;
    expect(table.columns.filter((column) => columnWords(table, column) === null)).toEqual([]);
  });

  it.each(names)('%s: has a caption and names for files and readers', (name) => {
    const { id, title, caption } = figures[name]!;
    expect(id).toMatch(rules.id);
    expect(title.length).toBeGreaterThan(10);
    expect(caption.length).toBeGreaterThan(80);
    expect(`${title}${caption}`).not.toMatch(/undefined|NaN|null/);
  });
}
