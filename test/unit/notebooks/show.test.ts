import { afterEach, describe, expect, it, vi } from 'vitest';
import { lines, table, withError, type Bundle, type Shown } from '../../../notebooks/show.ts';

const bundle = (shown: Shown) => shown[Symbol.for('Jupyter.display')]!(); // at once, outside of Deno's kernel

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('what notebooks show', () => {
  it('a figure is a page in a frame where there is no browser, and has numbers of five digits', async () => {
    vi.stubEnv('CHROMIUM', '/nowhere/chromium');
    const draw = (shift: number) =>
      bundle(
        lines([{ name: 'a < b', x: [0, 1, 2], y: [0.1, 0.3 + shift, NaN] }], 'x', 'y'),
      ) as Promise<Bundle>;
    const shown = await draw(0);
    expect(Object.keys(shown)).toEqual(['text/html', 'application/vnd.plotly.v1+json', 'text/plain']);
    expect(shown['text/html']).toMatch(
      /^<iframe srcdoc="&lt;!doctype html&gt;[^"<>]*" width="100%" height="\d+"/,
    );
    const { data } = shown['application/vnd.plotly.v1+json'] as { data: { y: number[] }[] };
    expect(data[0]!.y).toEqual([0.1, 0.3, null]);
    expect((await draw(1e-12))['application/vnd.plotly.v1+json']).toEqual({
      data,
      layout: expect.anything() as object,
    });
    expect(shown['text/plain']).toBe('y against x');
  });

  it('a table has its cells as HTML and as text; errors are in units of the last digits', () => {
    const rows = [
      { d: 12, v: 0.163456 },
      { d: 16, v: null },
    ];
    const shown = bundle(table(rows)) as Bundle;
    expect(shown['text/plain']).toBe(' d       v\n12  0.1635\n16       –');
    expect(shown['text/html']).toContain('<td>0.1635</td>');
    expect(withError(1.27754, 0.0031)).toBe('1.2775(31)');
    expect(withError(1.27754, 0.0000996)).toBe('1.27754(10)');
    expect(withError(-1.5, null)).toBe('−1.5');
  });
});
