import { describe, expect, it } from 'vitest';
import { fewClassFigures } from './fewClassExamples.ts';
import { itKeepsTheRules, tracesOf } from './rules.ts';

const figures = fewClassFigures();

describe('figures of few classes', () => {
  itKeepsTheRules(figures, { id: /^few-class-[a-z]+$/ });

  it('a density is drawn in units of its largest value, one panel for each strength and step size', () => {
    const drawn = tracesOf(figures['density']!).filter(({ type }) => type === 'contour');
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
    const legend = tracesOf(figures['line']!).filter(({ showlegend }) => showlegend === true);
    expect(legend.map(({ name }) => name)).toEqual(['w = 0', 'w = 3', 'centres of the classes']);
  });

  it('only the quantiles that exist make a band, which is closed', () => {
    const bands = tracesOf(figures['confidence']!).filter(({ fill }) => fill === 'toself');
    expect(bands).toHaveLength(1);
    expect(bands[0]!.x).toEqual([0, 1, 1, 0]);
    expect(bands[0]!.y).toEqual([0.99, 0.99, 0.30000000000000004, 0.2]);
    expect(tracesOf(figures['entropy']!).some(({ fill }) => fill === 'toself')).toBe(false);
  });

  it('the phase diagram names its cells, and the legend those that occur', () => {
    const [cells] = tracesOf(figures['split']!);
    expect(cells!.text![1]).toEqual(['one class', 'centre unstable for a while, class whole', 'diverged']);
    const legend = tracesOf(figures['split']!)
      .filter(({ showlegend }) => showlegend === true)
      .map(({ name }) => name);
    expect(legend).toContain('split in two');
    expect(legend).toContain('diverged');
    expect((figures['split']!.layout as { xaxis: { type: string } }).xaxis.type).toBe('log');
  });
});
