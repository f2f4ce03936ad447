import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordTable, tableOf } from '../../../src/figures/drawing/figure.ts';
import { figureOf, type FramePanel } from '../../../src/figures/drawing/frame.ts';
import { along } from '../../../src/figures/drawing/traces.ts';

const rows = [
  { time: 1, m: 2, error: 0.1 },
  { time: 2, m: NaN, error: null },
];
const panel: FramePanel = {
  title: 'overlap',
  x: 'time',
  y: { title: { text: 'm' }, type: 'log' },
  marks: [
    { trace: { type: 'heatmap', z: [[1]] } },
    [
      { name: 'theory', colour: 'red', inLegend: true, ...along(rows, { x: 'time', y: 'm' }), line: {} },
      null,
      false,
    ],
    {
      name: 'd = 8',
      colour: 'red',
      ...along(rows, { x: 'time', y: ({ m }) => 2 * m, error: 'error' }),
      mark: {},
    },
  ],
};
const given = { id: 'one', title: 'One', caption: 'Two.', heights: [300, 200] } as const;
const figure = figureOf({
  ...given,
  panels: [panel, panel],
  keys: [{ key: 'simulation', mark: {} }],
  table: tableOf(rows, { t: ({ time }) => time, m: ({ m }) => m }),
});

describe('the frame of figures', () => {
  it('draws vertical lines also where no panel has horizontal ones', () => {
    const table = { columns: [], rows: [] };
    const panels = [{ title: '', x: 'x', y: 'y', vertical: [1] }];
    const { layout } = figureOf({ id: 'lines', title: '', caption: '', table, panels });
    expect(layout.shapes).toMatchObject([{ xref: 'x', yref: 'y domain', x0: 1, x1: 1 }]);
  });

  it('draws the marks of each panel in their order on its axes; what is no number is a gap', () => {
    expect(figure.data).toMatchObject([
      { type: 'heatmap', xaxis: 'x', yaxis: 'y' },
      { mode: 'lines', x: [1, 2], y: [2, null] },
      { mode: 'markers', y: [4, null], error_y: { array: [0.1, 0] } },
      { type: 'heatmap', xaxis: 'x2', yaxis: 'y2' },
      { mode: 'lines', xaxis: 'x2' },
      { mode: 'markers', xaxis: 'x2' },
      { name: 'simulation', x: [null] },
    ]);
  });

  it('names a curve in the first panel that has it, and has room in the legend for what is named', () => {
    const named = figure.data.map((trace) => 'showlegend' in trace && trace.showlegend === true);
    expect(named).toEqual([false, true, false, false, false, false, true]);
    const rowsOf = ({ margin }: { margin?: { b?: number } }) => margin!.b!;
    expect(rowsOf(figure.narrowLayout) - rowsOf(figure.layout)).toBe(24);
  });

  it('puts panels side by side, and stacks them on narrow screens', () => {
    expect(figure.layout.xaxis2?.domain?.[0]).toBeGreaterThan(0.4);
    expect(figure.narrowLayout.xaxis2?.domain).toEqual([0, 1]);
    expect(figure.layout).toMatchObject({ xaxis: { title: { text: 'time' } }, yaxis2: { type: 'log' } });
  });

  it('makes tables of functions or of records, with nulls for what is missing', () => {
    const rowsOfBoth = [
      [1, 2],
      [2, null],
    ];
    expect(figure.table).toEqual({ columns: ['t', 'm'], rows: rowsOfBoth });
    expect(recordTable(['time', 'm', 'kind'], [{ ...rows[1]!, kind: 'x' }, {}]).rows).toEqual([
      [2, null, 'x'],
      [null, null, null],
    ]);
  });

  it('knows no subject, and subjects do not know each other', () => {
    const folder = new URL('../../../src/figures/', import.meta.url);
    for (const subject of readdirSync(folder)) {
      for (const file of readdirSync(new URL(`${subject}/`, folder))) {
        const text = readFileSync(new URL(`${subject}/${file}`, folder), 'utf8');
        const siblings = [...text.matchAll(/from '\.\.\/(\w+)\/[^/]+'/g)].map(([, name]) => name!);
        const others = siblings.filter((name) => name !== 'drawing');
        expect(others, `${subject}/${file}`).toEqual([]);
        if (subject === 'drawing') expect(siblings, file).toEqual([]);
      }
    }
  });
});
