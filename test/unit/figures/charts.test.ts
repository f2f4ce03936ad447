import { describe, expect, it } from 'vitest';
import { chartsFigure, type Chart } from '../../../src/figures/drawing/charts.ts';

const line: Chart = {
  title: 'left',
  x: 'x',
  y: { type: 'log', title: { text: 'y' } },
  curves: [
    { name: 'theory', x: [0, 1, null], y: [1, 2, 3], dash: 'dash' },
    { name: 'particles', x: [0, 1], y: [1.1, NaN], error: [0.1, null] },
  ],
  horizontal: [0.5],
  vertical: [1, 2],
};
const map: Chart = {
  title: 'right',
  x: 'x',
  y: 'y',
  curves: [{ name: 'theory', x: [0], y: [0] }],
  map: {
    x: [0, 1, 2],
    y: [0, 1],
    z: [
      [0, 1, null],
      [1, 2, 5],
    ],
    title: 'z',
  },
};

describe('figures of curves and maps of one’s own', () => {
  const figure = chartsFigure({ charts: [line, map] });

  it('has a trace of each curve and map in its panel; points where there are errors', () => {
    expect(figure.data).toMatchObject([
      { mode: 'lines', name: 'theory', xaxis: 'x', yaxis: 'y', line: { dash: 'dash' } },
      { mode: 'markers', name: 'particles', error_y: { array: [0.1, 0] } },
      { type: 'heatmap', xaxis: 'x2', yaxis: 'y2', coloraxis: 'coloraxis' },
      { mode: 'lines', xaxis: 'x2', showlegend: false },
    ]);
    expect(figure.layout).toMatchObject({ yaxis: { type: 'log' }, coloraxis: { cmin: 0, cmax: 5 } });
    expect(figure.title).toBe('left; right');
  });

  it('names a curve once in the legend, whatever the number of charts that have it', () => {
    const shown = figure.data.filter((trace) => 'showlegend' in trace && trace.showlegend === true);
    expect(shown.map(({ name }) => name)).toEqual(['theory', 'particles']);
  });

  it('draws thin lines across its panel alone', () => {
    expect(figure.layout.shapes).toMatchObject([
      { xref: 'x domain', yref: 'y', y0: 0.5, y1: 0.5 },
      { xref: 'x', yref: 'y domain', x0: 1, x1: 1 },
      { xref: 'x', yref: 'y domain', x0: 2, x1: 2 },
    ]);
  });

  it('has every number in its table, and none that is no number', () => {
    expect(figure.table.rows).toHaveLength(3 + 2 + 1 + 6);
    expect(figure.table.rows).toContainEqual(['left', 'particles', 1, null, null]);
    expect(figure.table.rows).toContainEqual(['right', 'z at y = 1', 2, 5, null]);
    expect(JSON.stringify(figure)).not.toMatch(/NaN|Infinity/);
  });

  it('stacks its panels on narrow screens', () => {
    const { layout, narrowLayout } = figure;
    expect(layout.xaxis2?.domain?.[0]).toBeGreaterThan(0.4);
    expect(narrowLayout.xaxis2?.domain).toEqual([0, 1]);
  });

  it.each([
    [[], /charts must be at least one chart/],
    [
      [{ ...line, curves: [{ x: [1, 2], y: [1] }] }],
      /charts\[0\]\.curves\[0\]\.y must be as long as x \(2\), got 1/,
    ],
    [
      [{ ...line, curves: [{ x: [1], y: [1], error: [] }] }],
      /charts\[0\]\.curves\[0\]\.error must be as long as x/,
    ],
    [[{ ...line, curves: undefined }], /charts\[0\]\.curves must be a list/],
  ])('refuses %j', (charts, message) => {
    expect(() => chartsFigure({ charts: charts as Chart[] })).toThrow(message);
  });
});
