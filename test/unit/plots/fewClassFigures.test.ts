import { describe, expect, it } from 'vitest';
import type { Figure } from '../../../src/plots/drawing/figure.ts';
import { fewClassFigures } from './fewClassExamples.ts';

const figures = fewClassFigures();
const names = Object.keys(figures);

interface Drawn {
  readonly type?: string;
  readonly name?: string;
  readonly fill?: string;
  readonly meta?: { readonly decoration?: boolean };
  readonly x?: readonly unknown[];
  readonly y?: readonly unknown[];
  readonly z?: readonly (readonly unknown[])[];
  readonly text?: readonly (readonly string[])[];
  readonly error_y?: { readonly array?: readonly unknown[] };
  readonly xaxis?: string;
  readonly showlegend?: boolean;
}

const traces = (figure: Figure): Drawn[] => figure.data as Drawn[];

describe('figures of few classes', () => {
  it.each(names)('%s: every number drawn stands in the table', (name) => {
    const figure = figures[name]!;
    const known = new Set(figure.table.rows.flat());
    for (const trace of traces(figure)) {
      if (trace.meta?.decoration === true) continue;
      const errors = trace.error_y?.array ?? [];
      // The cells of a phase diagram are numbers only for their colours.
      const cells = trace.type === 'heatmap' ? [] : (trace.z ?? []).flat();
      for (const value of [...(trace.x ?? []), ...(trace.y ?? []), ...cells, ...errors]) {
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
    expect(figure.id).toMatch(/^few-class-[a-z]+$/);
    expect(figure.title.length).toBeGreaterThan(10);
    expect(figure.caption.length).toBeGreaterThan(80);
    expect(`${figure.title}${figure.caption}`).not.toMatch(/undefined|NaN|null/);
  });

  it('a density is drawn in units of its largest value, one panel for each strength and step size', () => {
    const drawn = traces(figures['density']!).filter(({ type }) => type === 'contour');
    expect(drawn).toHaveLength(6);
    expect(new Set(drawn.map(({ xaxis }) => xaxis)).size).toBe(6);
    const largest = drawn.map(({ z }) => Math.max(...z!.flat().map((value) => Number(value))));
    // Without any number there is nothing to draw.
    expect(largest).toEqual([1, 1, 0, 1, 1, 0]);
    const { annotations } = figures['density']!.layout as { annotations: { text: string }[] };
    expect(annotations.map(({ text }) => text)).toContain('w = 20, step 0.1');
  });

  it('lines and steps are told apart in words', () => {
    const titles = (figures['line']!.layout as { annotations: { text: string }[] }).annotations;
    expect(titles.map(({ text }) => text)).toEqual(['<b>(a)</b> Continuous', '<b>(b)</b> Step size 0.1']);
    const legend = traces(figures['line']!).filter(({ showlegend }) => showlegend === true);
    expect(legend.map(({ name }) => name)).toEqual(['w = 0', 'w = 3', 'centres of the classes']);
  });

  it('only the quantiles that exist make a band, which is closed', () => {
    const bands = traces(figures['confidence']!).filter(({ fill }) => fill === 'toself');
    expect(bands).toHaveLength(1);
    expect(bands[0]!.x).toEqual([0, 1, 1, 0]);
    expect(bands[0]!.y).toEqual([0.99, 0.99, 0.30000000000000004, 0.2]);
    expect(traces(figures['entropy']!).some(({ fill }) => fill === 'toself')).toBe(false);
  });

  it('the phase diagram names its cells, and the legend those that occur', () => {
    const [cells] = traces(figures['split']!);
    expect(cells!.text![1]).toEqual(['one class', 'centre unstable for a while, class whole', 'diverged']);
    const legend = traces(figures['split']!)
      .filter(({ showlegend }) => showlegend === true)
      .map(({ name }) => name);
    expect(legend).toContain('split in two');
    expect(legend).toContain('diverged');
    expect((figures['split']!.layout as { xaxis: { type: string } }).xaxis.type).toBe('log');
  });
});
