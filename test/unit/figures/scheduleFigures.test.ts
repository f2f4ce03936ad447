import { describe, expect, it } from 'vitest';
import { scheduleColour } from '../../../src/figures/schedules/scheduleLook.ts';
import { scheduleParetoFigure } from '../../../src/figures/schedules/scheduleParetoFigure.ts';
import { scheduleShapeFigure } from '../../../src/figures/schedules/scheduleShapeFigure.ts';
import { budgetRows, scheduleFigures } from './scheduleExamples.ts';
import { itKeepsTheRules, tracesOf, type Drawn } from './rules.ts';

const figures = scheduleFigures();

describe('schedule figures', () => {
  itKeepsTheRules(figures, { id: /^schedule-[a-z]+$/ });

  it('sampling runs to the right, with the transition on the curve', () => {
    for (const name of ['shape', 'path', 'grid']) {
      const { layout, table } = figures[name]!;
      const { range } = (layout as { xaxis: { range: [number, number] } }).xaxis;
      expect(range[0]).toBeGreaterThan(range[1]);
      const marks = table.rows.filter((row) => row.includes('transition'));
      expect(marks).toHaveLength(1);
      expect(marks[0]).toContain(0.342);
    }
  });

  it('what kind of schedule it is decides the colour, in every figure', () => {
    for (const name of ['shape', 'path', 'grid']) {
      const line = tracesOf(figures[name]!).find((trace) => trace.name?.startsWith('designed') === true);
      expect(line?.line?.color).toBe(scheduleColour.designed);
    }
    const marks = tracesOf(figures.budget!).filter(
      (trace) => trace.mode === 'markers' && trace.x?.[0] !== null,
    );
    expect(new Set(marks.map((trace) => trace.marker?.color))).toEqual(
      new Set([scheduleColour.constant, scheduleColour.nonNegative, scheduleColour.signed]),
    );
  });

  it('two schedules of one kind get colours of their own', () => {
    const lines = tracesOf(figures.sameKind!).filter((trace) => ['one', 'two'].includes(trace.name ?? ''));
    expect(new Set(lines.map((trace) => trace.line?.color)).size).toBe(2);
  });

  it('a schedule without numbers has its word in its own row, and no point', () => {
    const { data, layout } = figures.budget!;
    const words = (layout.annotations ?? []).filter(({ text }) => text === 'condensed');
    expect(words).toHaveLength(2);
    for (const word of words) expect(word.y).toBe('deep');
    const drawn = (data as Drawn[]).flatMap((trace) =>
      trace.mode === 'markers' ? [...(trace.y ?? [])] : [],
    );
    expect(drawn).not.toContain('deep');
    expect(drawn.filter((id) => id !== null)).toHaveLength(2 * (budgetRows.length - 1));
  });

  it('the front is drawn from left to right without designs that condense', () => {
    const line = tracesOf(figures.pareto!).find((trace) => trace.mode === 'lines')!;
    expect(line.x).toEqual([1.1, 1.3]);
    expect(line.y![0]).toBe(0);
    expect(line.y![1]).toBeCloseTo(0.02, 12);
  });

  it('nothing to draw draws nothing', () => {
    const shape = scheduleShapeFigure({ curves: [], process: 'ou', from: 1.8 });
    expect(shape.table.rows).toEqual([]);
    const pareto = scheduleParetoFigure({ front: [], standards: [], chosen: null, label: 'nothing' });
    expect(pareto.data).toEqual([]);
  });
});
