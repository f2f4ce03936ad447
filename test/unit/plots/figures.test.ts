import { describe, expect, it } from 'vitest';
import type { Figure } from '../../../src/plots/drawing/figure.ts';
import { comparisonFigure } from '../../../src/plots/manyClasses/comparisonFigure.ts';
import { plotConfig, regimeColour } from '../../../src/plots/drawing/theme.ts';
import { trajectoryFigure } from '../../../src/plots/manyClasses/trajectoryFigure.ts';
import { comparisonRows, exampleFigures } from './examples.ts';

const figures = exampleFigures();
const names = Object.keys(figures);

interface Drawn {
  readonly type?: string;
  readonly name?: string;
  readonly meta?: { readonly decoration?: boolean };
  readonly x?: readonly unknown[];
  readonly y?: readonly unknown[];
  readonly z?: readonly unknown[];
  readonly error_y?: { readonly array?: readonly unknown[] };
  readonly xaxis?: string;
  readonly coloraxis?: string;
  readonly line?: { readonly color?: string };
}

function traces(figure: Figure): Drawn[] {
  return figure.data as Drawn[];
}

function drawnValues(trace: Drawn): unknown[] {
  return [trace.x, trace.y, trace.z, trace.error_y?.array].flatMap((part) => (part ?? []).flat(2));
}

describe('figures', () => {
  it.each(names)('%s: every number drawn stands in the table', (name) => {
    const figure = figures[name]!;
    const known = new Set(figure.table.rows.flat());
    for (const trace of traces(figure)) {
      if (trace.meta?.decoration === true) continue;
      const errors = new Set(trace.error_y?.array);
      for (const value of drawnValues(trace)) {
        // A point without a standard error has a bar of length 0.
        if (value === null || (value === 0 && errors.has(0))) continue;
        expect(known, `${trace.name ?? ''}: ${JSON.stringify(value)}`).toContain(value);
      }
    }
  });

  it.each(names)('%s: what does not exist is null, never NaN or undefined', (name) => {
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
      for (const trace of traces(figures[name]!)) {
        for (const one of [layout, narrowLayout]) {
          expect(one).toHaveProperty((trace.xaxis ?? 'x').replace('x', 'xaxis'));
          if (trace.coloraxis !== undefined) expect(one).toHaveProperty(trace.coloraxis);
        }
      }
    },
  );

  it.each(names)('%s: has a caption and names for files and readers', (name) => {
    const figure = figures[name]!;
    expect(figure.id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(figure.title.length).toBeGreaterThan(10);
    expect(figure.caption.length).toBeGreaterThan(80);
    expect(`${figure.title}${figure.caption}`).not.toMatch(/undefined|NaN|null/);
  });

  it('hatch condensed cells and leave them without a colour', () => {
    const figure = figures.phaseDiagram!;
    const hatched = traces(figure).filter((trace) => trace.meta?.decoration === true);
    expect(hatched.map((trace) => trace.xaxis)).toEqual(['x', 'x3']);
    const condensed = figure.table.rows.filter((row) => row.includes('condensed'));
    expect(condensed.length).toBeGreaterThan(0);
    for (const row of condensed) expect(row.slice(3, 6)).toEqual([null, null, null]);
    expect(figure.caption).toContain('Hatched');
  });

  it('show sampling from left to right, with the transition on the curve', () => {
    const figure = figures.trajectory!;
    const { range } = (figure.layout as { xaxis: { range: [number, number] } }).xaxis;
    expect(range[0]).toBeGreaterThan(range[1]);
    const transition = figure.table.rows.filter((row) => row[2] === 'transition');
    expect(transition).toHaveLength(1);
    // t*, m and v at the crossing, read off 40 rows by linear interpolation.
    expect(transition[0]![4]).toBeCloseTo(0.46224, 5);
    expect(transition[0]![5]).toBeCloseTo(1.0951, 2);
    expect(transition[0]![7]).toBeCloseTo(0.4489, 2);
  });

  it('draw an empty set of curves without failing', () => {
    const empty = trajectoryFigure({ curves: [], sigma2: 0.25, label: 'nothing' });
    expect(empty.table.rows).toEqual([]);
    expect(comparisonFigure({ rows: [], label: 'nothing' }).table.rows).toEqual([]);
  });

  it('put the kink at the state at the transition', () => {
    const rows = figures.potential!.table.rows.filter((row) => Math.abs(Number(row[1]) - 0.46224252) < 1e-8);
    const at = (kind: string) => rows.find((row) => row[0] === kind)!;
    expect(at('kink')[2]).toBeCloseTo(at('state')[2] as number, 6);
    expect(at('state')[4]).toBeCloseTo(at('kink')[4] as number, 6);
  });

  it('leave out of logarithmic axes what is not positive, and keep it in the table', () => {
    const figure = figures.distortion!;
    for (const trace of traces(figure)) {
      for (const value of [...(trace.x ?? []), ...(trace.y ?? [])]) {
        if (value !== null) expect(value).toBeGreaterThan(0);
      }
    }
    const column = figure.table.columns.indexOf('meanShift');
    expect(figure.table.rows.some((row) => Number(row[column]) < 0)).toBe(true);
  });

  it('colour pairs by regime where no two share one', () => {
    const regime = (alpha: number) => (alpha < 0.6 ? ('below' as const) : ('above' as const));
    const figure = comparisonFigure({ rows: comparisonRows, label: 'ODE', regime });
    const named = traces(figure).filter((trace) => trace.name?.startsWith('α') === true);
    expect(new Set(named.map((trace) => trace.line?.color))).toEqual(
      new Set([regimeColour.below, regimeColour.above]),
    );
  });

  it('have no button that sends data anywhere', () => {
    expect(plotConfig('x')).toMatchObject({
      showSendToCloud: false,
      plotlyServerURL: '',
      displaylogo: false,
    });
  });
});
