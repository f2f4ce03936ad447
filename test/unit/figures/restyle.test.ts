import { describe, expect, it } from 'vitest';
import { figureOf } from '../../../src/figures/drawing/frame.ts';
import { restyled } from '../../../src/figures/drawing/restyle.ts';
import { palette } from '../../../src/figures/drawing/theme.ts';
import { exampleFigures } from './examples.ts';
import { tracesOf } from './rules.ts';

const points = { x: [1, 2], y: [3, 4] };
const figure = figureOf({
  id: 'three',
  title: 'Three panels',
  caption: 'Panels of a test.',
  panels: [
    {
      title: 'first',
      x: 'x',
      y: 'y',
      marks: [
        { name: 'line', colour: palette.blue, inLegend: true, ...points, line: {} },
        { name: 'dots', colour: palette.green, ...points, error: [1, 1], mark: {} },
        { name: 'band', colour: 'rgba(0,114,178,0.25)', ...points, line: {}, fill: 'rgba(0,114,178,0.25)' },
      ],
    },
    {
      title: 'second',
      x: 'x',
      y: 'y',
      horizontal: [2],
      marks: [
        { name: 'line', colour: palette.blue, inLegend: true, ...points, line: {} },
        { trace: { type: 'heatmap', z: [[1]], coloraxis: 'coloraxis' } },
      ],
    },
    { title: '', x: { title: { text: 'below' }, matches: 'x2' }, y: 'y' },
    {
      title: 'third',
      x: 'x',
      y: 'y',
      marks: { trace: { type: 'heatmap', z: [[2]], coloraxis: 'coloraxis2' } },
    },
  ],
  marks: { name: 'above', colour: palette.orange, panel: 3, ...points, line: {} },
  keys: { key: 'key', line: { color: palette.blue } },
  columns: 2,
  heights: [300, 200],
  colourBars: [
    { key: 'coloraxis', title: 'one', scale: 'Viridis', range: [0, 1], first: 0, last: 1 },
    { key: 'coloraxis2', title: 'two', scale: 'Cividis', range: [0, 1], first: 3, last: 3 },
  ],
  shapes: [{ type: 'line', xref: 'x4', yref: 'y4' }],
  annotations: [{ text: 'note', xref: 'x2', yref: 'y2' }],
  table: { columns: ['x'], rows: [[1]] },
});

const text = (value: unknown) => JSON.stringify(value);

describe('colours', () => {
  it('of a set reach lines, marks, error bars, fills and keys, in place of those of the palette', () => {
    const { data } = restyled(figure, { colours: 'tol-bright' });
    expect(data[0]).toMatchObject({ line: { color: '#4477aa' } });
    expect(data[1]).toMatchObject({ marker: { color: '#228833' }, error_y: { color: '#228833' } });
    expect(data[2]).toMatchObject({ fillcolor: 'rgba(68,119,170,0.25)' });
    expect(data.at(-1)).toMatchObject({ name: 'key', line: { color: '#4477aa' } });
    expect(text(data)).not.toContain(palette.blue);
  });

  it('of a list take the place of those of the figure in the order in which they occur; the others stay', () => {
    const { data } = restyled(figure, { colours: ['red', '#123'] });
    expect(data[0]).toMatchObject({ line: { color: '#ff0000' } });
    expect(data[1]).toMatchObject({ marker: { color: '#112233' } });
    expect(data[2]).toMatchObject({ fillcolor: 'rgba(255,0,0,0.25)' });
    expect(text(data)).toContain(palette.orange);
  });

  it.each(Object.entries(exampleFigures()))('grey leaves no colour in %s', (_, one) => {
    const { data, layout, narrowLayout } = restyled(one, { colours: 'grey' });
    const all = text([data, layout, narrowLayout]);
    for (const [, digits] of all.matchAll(/"#([0-9a-f]{6})"/gi))
      expect(new Set(digits!.toLowerCase().match(/../g)).size, digits).toBe(1);
    expect(all).not.toMatch(/Viridis|Cividis/);
  });

  it('of the usual set are the figure, and numbers never change', () => {
    for (const one of Object.values(exampleFigures())) {
      expect(restyled(one, { colours: 'okabe-ito' }).data).toEqual(one.data);
      const grey = restyled(one, { colours: 'grey' });
      expect(tracesOf(grey).map(({ x, y, z }) => [x, y, z])).toEqual(
        tracesOf(one).map(({ x, y, z }) => [x, y, z]),
      );
    }
  });
});

describe('panels', () => {
  it('are kept in the order that is asked for, with what belongs to them and their own letters', () => {
    const { data, layout, narrowLayout } = restyled(figure, { panels: ['c', 'b'] });
    const titles = (layout.annotations ?? []).map(({ text: title }) => title);
    expect(titles).toEqual(['<b>(a)</b> third', '<b>(b)</b> second', 'note']);
    expect(layout).toHaveProperty('xaxis3');
    expect(layout).not.toHaveProperty('xaxis4');
    // The untitled panel goes with the one above it, and its axis matches that one's.
    expect(layout.xaxis3?.matches).toBe('x2');
    expect(layout.annotations?.at(-1)).toMatchObject({ xref: 'x2', yref: 'y2' });
    expect(layout.shapes).toMatchObject([{ xref: 'x2 domain' }, { xref: 'x', yref: 'y' }]);
    const traces = tracesOf({ ...figure, data });
    expect(traces.map(({ name, xaxis }) => [name, xaxis])).toEqual([
      [undefined, 'x'],
      ['line', 'x2'],
      [undefined, 'x2'],
      ['above', 'x'],
      ['key', undefined],
    ]);
    // A curve that an earlier panel named is named here.
    expect(traces[1]!.showlegend).toBe(true);
    // Each colour bar stands beside its own panel.
    expect(layout.coloraxis?.colorbar?.x).toBeGreaterThan(1);
    expect(layout.coloraxis2?.colorbar?.x).toBeLessThan(0.5);
    expect(narrowLayout.xaxis2?.domain).toEqual([0, 1]);
  });

  it('one alone has no letter, and no bar of another', () => {
    const { layout } = restyled(figure, { panels: ['a'] });
    expect(layout.annotations?.map(({ text: title }) => title)).toEqual(['first']);
    expect(layout).not.toHaveProperty('coloraxis2');
    expect(layout.shapes).toEqual([]);
  });

  it('that stand at a place move up to the first', () => {
    const place = (top: number) => ({ column: 0, top, height: 100 });
    const { layout } = restyled(
      figureOf({
        ...{ id: 'placed', title: 'Placed', caption: '', table: { columns: [], rows: [] } },
        columns: 1,
        panels: [0, 150, 300].map((top, i) => ({ title: `panel ${i}`, x: 'x', y: 'y', place: place(top) })),
      }),
      { panels: ['b', 'c'] },
    );
    expect(layout.yaxis?.domain?.[1]).toBe(1);
    expect(layout.yaxis2?.domain?.[0]).toBe(0);
    expect(layout.height).toBeLessThan(460);
  });

  it('keep the id, the title and the caption', () => {
    const named = { ...figure, id: 'other', caption: 'Its own.' };
    expect(restyled(named, { panels: ['b'] })).toMatchObject({ id: 'other', caption: 'Its own.' });
  });
});

describe('titles, fonts, and what is refused', () => {
  it('a title is that of the page, and the heading of images', () => {
    expect(restyled(figure, { title: 'New' })).toMatchObject({ title: 'New', heading: 'New' });
    expect(figure.heading).toBeUndefined();
  });

  it('a font comes before the usual ones in both layouts', () => {
    const { layout, narrowLayout } = restyled(figure, { font: 'Times New Roman' });
    for (const { font } of [layout, narrowLayout])
      expect(font?.family).toMatch(/^'Times New Roman', Helvetica/);
  });

  it.each([
    [{ panels: ['d'] }, 'panels must be among a, b, c (three), got "d"'],
    [{ panels: ['a', 'a'] }, 'panels must be different letters, got "a,a"'],
    [
      { colours: 'pink' },
      'colours must be okabe-ito, tol-bright, grey, or colours such as #0072b2 or red, got "pink"',
    ],
    [
      { colours: ['red', '#12'] },
      'colours must be okabe-ito, tol-bright, grey, or colours such as #0072b2 or red, got "#12"',
    ],
    [{ font: "x', y" }, 'font must be the name of a font, got "x\', y"'],
  ])('%j', (look, message) => {
    expect(() => restyled(figure, look)).toThrow(message);
  });

  it('a figure of one panel has the panel a', () => {
    const potential = exampleFigures().potential!;
    expect(restyled(potential, { panels: ['a'] })).toEqual(potential);
    expect(() => restyled(potential, { panels: ['b'] })).toThrow('panels must be a: there is one panel');
  });
});
