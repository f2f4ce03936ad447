import { describe, expect, it } from 'vitest';
import type { Figure } from '../../../src/plots/drawing/figure.ts';
import { scheduleColour } from '../../../src/plots/schedules/scheduleLook.ts';
import { scheduleParetoFigure } from '../../../src/plots/schedules/scheduleParetoFigure.ts';
import { scheduleShapeFigure } from '../../../src/plots/schedules/scheduleShapeFigure.ts';
import { budgetRows, scheduleFigures } from './scheduleExamples.ts';

const figures = scheduleFigures();
const names = Object.keys(figures);

interface Drawn {
  readonly name?: string;
  readonly mode?: string;
  readonly meta?: { readonly decoration?: boolean };
  readonly x?: readonly unknown[];
  readonly y?: readonly unknown[];
  readonly error_y?: { readonly array?: readonly unknown[] };
  readonly xaxis?: string;
  readonly line?: { readonly color?: string };
  readonly marker?: { readonly color?: string };
}

const traces = (figure: Figure): Drawn[] => figure.data as Drawn[];

describe('schedule figures', () => {
  it.each(names)('%s: every number drawn stands in the table', (name) => {
    const figure = figures[name]!;
    const known = new Set(figure.table.rows.flat());
    for (const trace of traces(figure)) {
      if (trace.meta?.decoration === true) continue;
      const errors = trace.error_y?.array ?? [];
      for (const value of [...(trace.x ?? []), ...(trace.y ?? []), ...errors]) {
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

  it.each(names)('%s: has the axes that its traces name in both layouts, a caption and a name', (name) => {
    const figure = figures[name]!;
    for (const trace of traces(figure)) {
      for (const one of [figure.layout, figure.narrowLayout]) {
        expect(one).toHaveProperty((trace.xaxis ?? 'x').replace('x', 'xaxis'));
      }
    }
    expect(figure.id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(figure.title.length).toBeGreaterThan(10);
    expect(figure.caption.length).toBeGreaterThan(80);
    expect(`${figure.title}${figure.caption}`).not.toMatch(/undefined|NaN|null/);
  });

  it('sampling runs to the right, with the transition on the curve', () => {
    for (const name of ['shape', 'path', 'grid']) {
      const { layout, table } = figures[name]!;
      const { range } = (layout as { xaxis: { range: [number, number] } }).xaxis;
      expect(range[0]).toBeGreaterThan(range[1]);
      const marks = table.rows.filter((row) => row.includes('transition'));
      expect(marks).toHaveLength(1);
      expect(marks[0]).toContain(0.342);
    }
  });

  it('what kind of schedule it is decides the colour, in every figure', () => {
    for (const name of ['shape', 'path', 'grid']) {
      const line = traces(figures[name]!).find((trace) => trace.name?.startsWith('designed') === true);
      expect(line?.line?.color).toBe(scheduleColour.designed);
    }
    const marks = traces(figures.budget!).filter(
      (trace) => trace.mode === 'markers' && trace.x?.[0] !== null,
    );
    expect(new Set(marks.map((trace) => trace.marker?.color))).toEqual(
      new Set([scheduleColour.constant, scheduleColour.nonNegative, scheduleColour.signed]),
    );
  });

  it('two schedules of one kind get colours of their own', () => {
    const lines = traces(figures.sameKind!).filter((trace) => ['one', 'two'].includes(trace.name ?? ''));
    expect(new Set(lines.map((trace) => trace.line?.color)).size).toBe(2);
  });

  it('a schedule without numbers has its word in its own row, and no point', () => {
    const { data, layout } = figures.budget!;
    const words = (layout.annotations ?? []).filter(({ text }) => text === 'condensed');
    expect(words).toHaveLength(2);
    for (const word of words) expect(word.y).toBe('deep');
    const drawn = (data as Drawn[]).flatMap((trace) =>
      trace.mode === 'markers' ? [...(trace.y ?? [])] : [],
    );
    expect(drawn).not.toContain('deep');
    expect(drawn.filter((id) => id !== null)).toHaveLength(2 * (budgetRows.length - 1));
  });

  it('the front is drawn from left to right without designs that condense', () => {
    const line = traces(figures.pareto!).find((trace) => trace.mode === 'lines')!;
    expect(line.x).toEqual([1.1, 1.3]);
    expect(line.y![0]).toBe(0);
    expect(line.y![1]).toBeCloseTo(0.02, 12);
  });

  it('nothing to draw draws nothing', () => {
    const shape = scheduleShapeFigure({ curves: [], process: 'ou', from: 1.8 });
    expect(shape.table.rows).toEqual([]);
    const pareto = scheduleParetoFigure({ front: [], standards: [], chosen: null, label: 'nothing' });
    expect(pareto.data).toEqual([]);
  });
});
