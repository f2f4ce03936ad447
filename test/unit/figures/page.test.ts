import { describe, expect, it } from 'vitest';
import type { Figure } from '../../../src/figures/drawing/figure.ts';
import { scriptJson, scriptSource } from '../../../src/figures/drawing/html.ts';
import { figurePage, reportPage } from '../../../src/figures/drawing/page.ts';
import { exampleFigures } from './examples.ts';

const figures = Object.values(exampleFigures());
const plotlySource =
  'var Plotly = { url: "https://plotly.invalid", end: "</script><!-- x", react: function () {} };';

const page = reportPage({
  title: 'Report <of> & "all"',
  intro: ['First.', 'Second.'],
  sections: figures.map((figure, i) => ({ heading: `Part ${i + 1}`, figure, text: 'Text.' })),
  summaryTable: {
    caption: 'Summary',
    table: { columns: ['name', 'm'], rows: [['ODE', 1.2775434080020136]] },
  },
  record: { problem: { alpha: Infinity }, seed: 1 },
  command: 'npx cfg-dmft report --alpha "<0.5>"',
  plotlySource,
});

function withText(text: string): Figure {
  const first = figures[0]!;
  return {
    ...first,
    caption: text,
    table: { columns: ['name'], rows: [[text]] },
    data: [{ type: 'scatter', name: text }],
  };
}

describe('report page', () => {
  it('asks nothing of the network: no address but in the plotting library itself', () => {
    const own = page.replace(scriptSource(plotlySource), '');
    expect(own).not.toMatch(/https?:\/\//);
    expect(own).not.toMatch(/@import|\burl\(|<link(?! rel="icon" href="data:,")/);
    for (const [, target] of page.matchAll(/\b(?:src|href)="([^"]*)"/g)) expect(target).toMatch(/^(#|data:)/);
    expect(page).toContain("default-src 'none'");
  });

  it('closes a script element only where it means to', () => {
    const hostile = figurePage(withText('</script><script>alert(1)</script><!--'), {}, plotlySource);
    for (const html of [page, hostile]) {
      const opened = html.match(/<script[\s>]/gi)!.length;
      expect(html.match(/<\/script/gi)).toHaveLength(opened);
      expect(html).not.toContain('<!--');
    }
    expect(hostile).not.toContain('alert(1)</');
  });

  it('escapes without changing what is meant', () => {
    const value = { text: '</script><!-- & "', list: [1, null] };
    expect(JSON.parse(scriptJson(value))).toEqual(value);
    expect(scriptSource('a = "</script>"; b = /<!--/; c < d')).toBe(
      'a = "\\x3c/script>"; b = /\\x3c!--/; c < d',
    );
    // Running the escaped source is the point: it must still mean the same.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    expect(new Function(`return ${scriptSource('"</script><!--"')}`)()).toBe('</script><!--');
  });

  it('holds every figure as JSON that parses, with its numbers as CSV', () => {
    const specs = [...page.matchAll(/<script type="application\/json" id="[^"]*">([^<]*)<\/script>/g)];
    expect(specs).toHaveLength(figures.length);
    specs.forEach(([, text], i) => {
      const spec = JSON.parse(text!) as Record<string, unknown>;
      const { data, layout, narrowLayout } = figures[i]!;
      expect(spec).toMatchObject(JSON.parse(JSON.stringify({ data, layout, narrowLayout })) as object);
    });
    const files = [...page.matchAll(/download="[^"]*" href="data:text\/csv;charset=utf-8,([^"]*)"/g)];
    expect(files).toHaveLength(figures.length + 1);
    expect(decodeURIComponent(files[0]![1]!)).toBe('name,m\r\nODE,1.2775434080020136\r\n');
  });

  it('can be read without seeing: language, headings, a contents list, labels and table scopes', () => {
    expect(page).toContain('<html lang="en">');
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page.match(/role="img" aria-label="[^"]{80,}"/g)).toHaveLength(figures.length);
    for (const [, id] of page.matchAll(/href="#([^"]*)"/g)) expect(page).toContain(`id="${id!}"`);
    expect(page).toContain('<th scope="col">m</th>');
    expect(page).toContain('<th scope="row">ODE</th>');
    const ids = [...page.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says how it was made, infinities included', () => {
    expect(page).toContain('npx cfg-dmft report --alpha &quot;&lt;0.5&gt;&quot;');
    expect(page).toContain('&quot;alpha&quot;: &quot;Infinity&quot;');
    expect(page).toContain('<title>Report &lt;of&gt; &amp; &quot;all&quot;</title>');
  });
});
