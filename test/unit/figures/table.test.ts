import { describe, expect, it } from 'vitest';
import { cellEdges, condensedCells, contourStep } from '../../../src/figures/manyClasses/diagramCells.ts';
import { isGeometric } from '../../../src/figures/drawing/digitTicks.ts';
import { figureCsv, figureRecords, finite, ratio } from '../../../src/figures/drawing/figure.ts';
import { shortNumber } from '../../../src/figures/drawing/theme.ts';

describe('figure tables', () => {
  it('quote CSV fields that need it, keep full precision and leave nulls empty', () => {
    const table = {
      columns: ['name', 'value, with comma'],
      rows: [
        ['say "m"', 0.1 + 0.2],
        ['two\nlines', null],
        ['plain', NaN],
      ],
    };
    expect(figureCsv(table)).toBe(
      'name,"value, with comma"\r\n"say ""m""",0.30000000000000004\r\n"two\nlines",\r\nplain,\r\n',
    );
    expect(figureRecords(table)[2]).toEqual({ name: 'plain', 'value, with comma': null });
  });

  it('keep a spreadsheet from computing a text, and leave numbers and other texts as they are', () => {
    const texts = ['=1+1', '+a', '-0.5*t', '@x', '-0.5', 'a=b', '\tx'];
    const table = { columns: ['text'], rows: [...texts.map((text) => [text]), [-1e-10], [1e21]] };
    expect(figureCsv(table)).toBe(
      ['text', "'=1+1", "'+a", "'-0.5*t", "'@x", '-0.5', 'a=b', "'\tx", '-1e-10', '1e+21', ''].join('\r\n'),
    );
  });

  it('turn what is not finite into null', () => {
    expect([finite(NaN), finite(Infinity), finite(undefined), finite(null), finite(-0.5)]).toEqual([
      null,
      null,
      null,
      null,
      -0.5,
    ]);
    expect([ratio(1, 0), ratio(null, 2), ratio(3, 2)]).toEqual([null, null, 1.5]);
  });

  it('shorten numbers for labels', () => {
    expect([0.46224251, 1, -0.05, 1.2162376].map((value) => shortNumber(value))).toEqual([
      '0.462',
      '1',
      '−0.05',
      '1.22',
    ]);
  });
});

describe('cells of a diagram', () => {
  it('have edges at midpoints, geometric ones on a logarithmic axis', () => {
    expect(cellEdges([0, 1, 3], false)).toEqual([-0.5, 0.5, 2, 4]);
    cellEdges([0.01, 0.1, 1], true).forEach((edge, i) => {
      expect(edge).toBeCloseTo(10 ** (-2.5 + i), 12);
    });
    expect(cellEdges([2], false)).toEqual([1.5, 2.5]);
    expect(isGeometric([0.001, 0.01, 0.1, 1])).toBe(true);
    expect(isGeometric([0.02, 0.5, 1])).toBe(false);
    expect(isGeometric([0, 0.01, 1])).toBe(false);
  });

  it('join runs of condensed cells in a row', () => {
    const edges = { alpha: [0, 1, 2, 3], w: [0, 1, 2], logAlpha: false };
    const phase = [
      ['speciated', 'condensed', 'condensed'],
      ['condensed', 'speciated', 'condensed'],
    ] as const;
    const { x, y } = condensedCells(phase, edges);
    expect(x.filter((value) => value === null)).toHaveLength(3);
    expect([x.slice(0, 5), y.slice(0, 5)]).toEqual([
      [1, 3, 3, 1, 1],
      [0, 0, 1, 1, 0],
    ]);
  });

  it('have round contour levels inside the values, and none for a constant', () => {
    const levels = contourStep([1, null, 2.06])!;
    expect(levels.size).toBeCloseTo(0.2, 12);
    expect(levels.start).toBeCloseTo(1.2, 12);
    expect(levels.end).toBeCloseTo(2, 12);
    expect(contourStep([1, 1 + 1e-9])).toBeNull();
    expect(contourStep([null])).toBeNull();
  });
});
