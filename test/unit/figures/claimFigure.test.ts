import { describe, expect, it } from 'vitest';
import type { EvidencePanel, EvidenceSeries } from '../../../src/claims/protocol/claim.ts';
import { measureClaim } from '../../../src/claims/protocol/validate.ts';
import { claimFigure } from '../../../src/figures/claims/claimFigure.ts';
import { legendRowsFor, residualsOf } from '../../../src/figures/claims/claimPanels.ts';
import { wrapped } from '../../../src/figures/drawing/theme.ts';
import { claimsPage } from '../../../src/figures/claims/claimsPage.ts';
import { samplerColour } from '../../../src/figures/drawing/theme.ts';
import { tinyClaim } from '../claims/tinyClaims.ts';

const line: EvidenceSeries = { label: 'ODE', source: 'theory', group: 'ode', x: [1, 2, 3], y: [1, null, 3] };
const points: EvidenceSeries = {
  label: 'ODE, d = 16',
  source: 'full',
  group: 'ode',
  x: [1, 2, 3],
  y: [1.1, 2.1, NaN],
  standardError: [0.1, 0.2, 0.1],
  expected: [1, 2.5, 3],
};
const bare: EvidenceSeries = { ...points, label: 'no expectation', expected: [null, null, null] };
const panel = (change: Partial<EvidencePanel>): EvidencePanel => ({
  title: 'overlap',
  x: { label: 'd' },
  y: { label: 'm' },
  series: [line, points],
  ...change,
});

interface Axis {
  readonly domain: readonly [number, number];
  readonly type?: string;
  readonly matches?: string;
  readonly showticklabels?: boolean;
  readonly range?: readonly number[];
  readonly title: { readonly text: string };
}

interface Trace {
  readonly name: string;
  readonly mode: string;
  readonly xaxis: string;
  readonly yaxis: string;
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  readonly showlegend: boolean;
  readonly marker?: { readonly color: string; readonly symbol: string };
  readonly line?: { readonly color: string; readonly dash: string };
  readonly error_y?: { readonly array: readonly number[] };
}

function draw(...panels: EvidencePanel[]) {
  const figure = claimFigure({ id: 'some-claim', title: 'Some claim' }, panels);
  return {
    ...figure,
    traces: figure.data as unknown as Trace[],
    axes: figure.layout as unknown as Readonly<Record<string, Axis>>,
    narrow: figure.narrowLayout as unknown as Readonly<Record<string, Axis>>,
    shapes: figure.layout.shapes!,
  };
}

describe('the figure of a claim', () => {
  it('draws what is no simulation as lines and simulations as points with errors', () => {
    const fit: EvidenceSeries = { ...line, label: 'fit', source: 'fit' };
    const { traces } = draw(panel({ series: [line, fit, points] }));
    const named = (name: string) => traces.filter((trace) => trace.name === name);
    expect(named('ODE')[0]).toMatchObject({ mode: 'lines', line: { dash: 'solid' }, y: [1, null, 3] });
    expect(named('fit')[0]).toMatchObject({ mode: 'lines', line: { dash: 'dash' } });
    const [main, residual] = named('ODE, d = 16');
    expect(main).toMatchObject({ mode: 'markers', marker: { symbol: 'circle' }, y: [1.1, 2.1, null] });
    expect(main!.error_y!.array).toEqual([0.1, 0.2, 0.1]);
    expect(residual!.error_y).toBeUndefined();
  });

  it('has residuals (y - expected)/s.e. beneath, on the same x axis, with a band of two', () => {
    expect(residualsOf(points)).toEqual([expect.closeTo(1, 12), expect.closeTo(-2, 12), null]);
    const { traces, axes, shapes, narrow } = draw(panel({}));
    const residual = traces.find(({ yaxis }) => yaxis === 'y2')!;
    expect(residual).toMatchObject({ name: 'ODE, d = 16', xaxis: 'x2', showlegend: false });
    expect(residual.y).toEqual(residualsOf(points));
    expect(shapes).toMatchObject([
      { y0: -2, y1: 2, yref: 'y2' },
      { y0: 0, y1: 0, yref: 'y2' },
    ]);
    for (const layout of [axes, narrow]) {
      expect(layout['xaxis2']!.matches).toBe('x');
      expect(layout['xaxis']!.showticklabels).toBe(false);
      expect(layout['xaxis2']!.title.text).toBe('d');
      expect(layout['xaxis']!.title.text).toBe('');
      const [low, high] = layout['yaxis2']!.domain;
      expect(high).toBeLessThan(layout['yaxis']!.domain[0]);
      expect(high - low).toBeLessThan(0.5 * (layout['yaxis']!.domain[1] - layout['yaxis']!.domain[0]));
    }
    expect(axes['yaxis2']!.range).toEqual([-3, 3]);
    const far = draw(panel({ series: [{ ...points, expected: [11.1, 2, 3] }] }));
    expect(far.axes['yaxis2']!.range![1]).toBeCloseTo(120, 9);
  });

  it('has no residuals where nothing is expected, and gives the panel their room', () => {
    const { axes, traces } = draw(panel({}), panel({ series: [line, bare] }));
    expect(traces.map(({ yaxis }) => yaxis)).toEqual(['y', 'y', 'y2', 'y3', 'y3']);
    expect(axes['yaxis4']).toBeUndefined();
    // Side by side: the second panel reaches from the top of the first to the bottom of its residuals.
    expect(axes['yaxis3']!.domain[0]).toBeCloseTo(axes['yaxis2']!.domain[0], 12);
    expect(axes['yaxis3']!.domain[1]).toBeCloseTo(axes['yaxis']!.domain[1], 12);
    expect(axes['xaxis3']!.domain[0]).toBeGreaterThan(axes['xaxis']!.domain[1]);
    const { layout } = draw(panel({ series: [bare] }));
    expect(layout.shapes).toEqual([]);
  });

  it('stacks panels that do not overlap: three in two rows, and one column on narrow screens', () => {
    const { axes, narrow, layout } = draw(panel({}), panel({}), panel({ title: 'third' }));
    for (const [set, count] of [
      [axes, 6],
      [narrow, 6],
    ] as const) {
      const boxes = Array.from({ length: count }, (_, i) => {
        const suffix = i === 0 ? '' : String(i + 1);
        return [set[`xaxis${suffix}`]!.domain, set[`yaxis${suffix}`]!.domain] as const;
      });
      boxes.forEach(([x, y], i) => {
        for (const value of [...x, ...y]) expect(value).toBeGreaterThanOrEqual(0);
        for (const [otherX, otherY] of boxes.slice(i + 1)) {
          const apart = x[1] < otherX[0] || otherX[1] < x[0] || y[1] < otherY[0] || otherY[1] < y[0];
          expect(apart).toBe(true);
        }
      });
    }
    expect(new Set(Array.from({ length: 3 }, (_, i) => narrow[`xaxis${2 * i + 2}`]!.domain[0])).size).toBe(1);
    const titles = layout.annotations!.map(({ text }) => text);
    expect(titles).toEqual(['<b>(a)</b> overlap', '<b>(b)</b> overlap', '<b>(c)</b> third']);
  });

  it('shows only positive values on logarithmic axes', () => {
    const log = { label: 'd', scale: 'log' } as const;
    const { axes, traces } = draw(
      panel({ x: log, y: log, series: [{ ...points, x: [0, 2, 1000], y: [1, -1, 5] }] }),
    );
    expect(axes['xaxis']!.type).toBe('log');
    expect(axes['xaxis2']!.type).toBe('log');
    expect(axes['yaxis']!.type).toBe('log');
    expect(axes['yaxis2']!.type).not.toBe('log');
    expect(traces[0]).toMatchObject({ x: [null, 2, 1000], y: [1, null, 5] });
  });

  it('gives the samplers their colours and other groups colours that are not theirs', () => {
    const groups = ['other', 'sde', 'ode', 'third'];
    const series = groups.map((group) => ({ ...line, label: group, group }));
    const { traces } = draw(panel({ series }));
    const colours = traces.map((trace) => trace.line!.color);
    expect(colours[1]).toBe(samplerColour.sde);
    expect(colours[2]).toBe(samplerColour.ode);
    expect(new Set(colours).size).toBe(4);
  });

  it('names each series once in the legend, also if it is in two panels', () => {
    const { traces } = draw(panel({}), panel({}));
    expect(traces.filter(({ showlegend }) => showlegend).map(({ name }) => name)).toEqual([
      'ODE',
      'ODE, d = 16',
    ]);
    expect(legendRowsFor(['a'.repeat(50), 'b', 'c'], 360)).toBe(2);
    expect(legendRowsFor([], 360)).toBe(0);
    expect(wrapped('one two three', 7)).toBe('one two<br>three');
  });

  it('has all numbers in its table, and says what its lines and marks are', () => {
    const { table, caption, id } = draw(panel({}));
    expect(id).toBe('some-claim');
    expect(table.columns).toEqual('panel,series,source,group,x,y,standardError,expected,residual'.split(','));
    expect(table.rows).toHaveLength(6);
    expect(table.rows[4]).toEqual([
      'overlap',
      'ODE, d = 16',
      'full',
      'ode',
      2,
      2.1,
      0.2,
      2.5,
      expect.closeTo(-2, 12),
    ]);
    expect(table.rows.flat().some((cell) => Number.isNaN(cell))).toBe(false);
    expect(caption).toMatch(
      /Solid lines: mean-field theory; marks: full simulation, with standard errors\. Beneath/,
    );
  });
});

describe('the page of claims', () => {
  it('has a table of verdicts that leads to a section per claim, with words, checks, figure and findings', async () => {
    const claims = [
      tinyClaim('right', {}, () => ({})),
      tinyClaim('wrong', {}, () => ({ measured: 7, label: 'a <number>' })),
    ];
    const results = await Promise.all(claims.map((claim) => measureClaim(claim, 'quick', 1, new Map())));
    const page = claimsPage({
      results: results.map((result) => ({ ...result, findings: ['Found & said.'] })),
      effort: 'quick',
      seed: 1,
      record: { seed: 1 },
      plotlySource: 'var Plotly = {};',
    });
    for (const id of ['right', 'wrong']) {
      expect(page).toContain(`<a href="#${id}">Title of ${id}</a>`);
      expect(page).toContain(`<section id="${id}">`);
      expect(page).toContain(`download="${id}-checks.csv"`);
    }
    expect(page).toContain('<h2>Title of wrong <span class="mark mark-bad">failed</span></h2>');
    expect(page).toContain('<h2>Title of right <span class="mark mark-good">passed</span></h2>');
    expect(page).toContain('a &lt;number&gt;');
    expect(page.match(/Found &amp; said\./g)).toHaveLength(2);
    expect(page.match(/<figure /g)).toHaveLength(2);
    expect(page).toMatch(/Result: 1 passed, 1 failed\. Effort quick, seed 1\./);
    expect(page).toContain('at most 0.001');
    const ids = [...page.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(page).not.toContain('aria-label="Contents"');
    expect(page).not.toMatch(/https?:\/\/|NaN|undefined/);
  });
});
