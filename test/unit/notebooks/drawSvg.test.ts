import { describe, expect, it } from 'vitest';
import { lines, panels, show, table, withError, type Bundle, type Shown } from '../../../notebooks/show.ts';
import { drawSvg } from '../../../notebooks/svg/draw.ts';
import type { LayoutSpec, TraceSpec } from '../../../notebooks/svg/spec.ts';
import { exampleFigures } from '../plots/examples.ts';
import { fewClassFigures } from '../plots/fewClassExamples.ts';
import { scheduleFigures } from '../plots/scheduleExamples.ts';

const bundle = (shown: Shown) => shown[Symbol.for('Jupyter.display')]!() as Bundle; // at once, outside of Deno's kernel
const svgOf = (shown: Shown) => bundle(shown)['image/svg+xml'] as string;

describe('static pictures of the notebooks', () => {
  it('a point lies where its axes say, to a tenth of a pixel', () => {
    const layout = { height: 300, margin: { l: 100, r: 100, t: 50, b: 50 }, xaxis: { range: [0, 10] } };
    const logarithmic = { ...layout, yaxis: { type: 'log', range: [0, 2] } } as LayoutSpec;
    const data: TraceSpec[] = [{ mode: 'markers', x: [5], y: [10], marker: { size: 8 }, showlegend: false }];
    const svg = drawSvg(data, logarithmic, 600);
    const frame =
      /<clipPath id="panel0-[^"]*"><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/.exec(
        svg,
      );
    const [left, top, width, height] = frame!.slice(1).map(Number) as [number, number, number, number];
    const circle = /<circle cx="([\d.]+)" cy="([\d.]+)"/.exec(svg)!.slice(1).map(Number);
    expect(Math.abs(circle[0]! - (left + width / 2))).toBeLessThan(0.11);
    expect(Math.abs(circle[1]! - (top + height / 2))).toBeLessThan(0.11);
  });

  it('is well formed, with no number that is none, also where data are missing', () => {
    const curves = [
      { name: 'a < b & c', x: [0, 1, null, 3], y: [1, NaN, 2, Infinity], dash: 'dash' as const },
      { name: 'points', x: [1, 2], y: [0.5, 0.7], error: [0.1, null] },
    ];
    const map = {
      x: [0, 1, 2],
      y: [0, 1],
      z: [
        [0, 1, null],
        [1, 2, 3],
      ],
      title: 'z',
    };
    const svg = svgOf(
      panels([
        { title: 'α<sub>c</sub>', x: 'x', y: 'y', curves, horizontal: [0.5] },
        { x: { type: 'log', title: { text: 'x' } }, y: 'y', curves: [], map },
      ]),
    );
    expect(svg).not.toMatch(/NaN|undefined|Infinity|null/);
    const open: string[] = [];
    for (const [, end, name, alone] of svg.matchAll(/<(\/?)([a-zA-Z]+)[^<>]*?(\/?)>/g)) {
      if (end === '/') expect(open.pop()).toBe(name);
      else if (alone !== '/') open.push(name!);
    }
    expect(open).toEqual([]);
    expect(svg).toContain('a &lt; b &amp; c');
  });

  const figures = { ...exampleFigures(), ...fewClassFigures(), ...scheduleFigures() };
  it.each(Object.entries(figures))('draws the figure %s of the library', (_name, figure) => {
    const svg = svgOf(show(figure));
    expect(svg).not.toMatch(/NaN|undefined|Infinity|null/);
    expect(svg.match(/<clipPath/g)!.length).toBeGreaterThan(0);
    expect(svg).toMatch(/<(path|circle)[^>]*(stroke|fill)=/);
  });

  it('does not change with the last digits of the numbers, and names nothing twice on a page', () => {
    const draw = (shift: number) => lines([{ x: [0, 1, 2], y: [0.1, 0.3 + shift, 0.2] }], 'x', 'y');
    expect(bundle(draw(1e-12))).toEqual(bundle(draw(0)));
    const ids = [draw(0), draw(0.1)].flatMap((shown) =>
      [...svgOf(shown).matchAll(/id="([^"]*)"/g)].map((match) => match[1]),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('a table has its cells as HTML and as text; errors are in units of the last digits', () => {
    const shown = bundle(
      table([
        { d: 12, v: 0.163456 },
        { d: 16, v: null },
      ]),
    );
    expect(shown['text/plain']).toBe(' d       v\n12  0.1635\n16       –');
    expect(shown['text/html']).toContain('<td>0.1635</td>');
    expect(withError(1.27754, 0.0031)).toBe('1.2775(31)');
    expect(withError(1.27754, 0.0000996)).toBe('1.27754(10)');
    expect(withError(-1.5, null)).toBe('−1.5');
  });
});
