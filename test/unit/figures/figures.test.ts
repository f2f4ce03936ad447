import { describe, expect, it } from 'vitest';
import { columnWords } from '../../../src/figures/drawing/columnWords.ts';
import { comparisonFigure } from '../../../src/figures/manyClasses/comparisonFigure.ts';
import { plotConfig, regimeColour } from '../../../src/figures/drawing/theme.ts';
import { trajectoryFigure } from '../../../src/figures/manyClasses/trajectoryFigure.ts';
import { comparisonRows, exampleFigures } from './examples.ts';
import { itKeepsTheRules, tracesOf } from './rules.ts';

const figures = exampleFigures();

describe('figures', () => {
  itKeepsTheRules(figures, { id: /^[a-z][a-z0-9-]*$/ });

  it('hatch condensed cells and leave them without a colour', () => {
    const figure = figures.phaseDiagram!;
    const hatched = tracesOf(figure).filter((trace) => trace.meta?.decoration === true);
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
    for (const trace of tracesOf(figure)) {
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
    const named = tracesOf(figure).filter((trace) => trace.name?.startsWith('α') === true);
    expect(new Set(named.map((trace) => trace.line?.color))).toEqual(
      new Set([regimeColour.below, regimeColour.above]),
    );
  });

  it('the table of validity has errors that are no standard errors', () => {
    expect(columnWords(figures.validity!.table, 'mError')?.meaning).toMatch(/^predicted relative error/);
  });

  it('have no button that sends data anywhere', () => {
    expect(plotConfig('x')).toMatchObject({
      showSendToCloud: false,
      plotlyServerURL: '',
      displaylogo: false,
    });
  });
});
