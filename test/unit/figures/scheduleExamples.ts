import type { Figure } from '../../../src/figures/drawing/figure.ts';
import { scheduleBudgetFigure, type BudgetRow } from '../../../src/figures/schedules/scheduleBudgetFigure.ts';
import { scheduleGridFigure } from '../../../src/figures/schedules/scheduleGridFigure.ts';
import {
  scheduleParetoFigure,
  type ParetoPoint,
} from '../../../src/figures/schedules/scheduleParetoFigure.ts';
import {
  schedulePathFigure,
  type SchedulePathRow,
} from '../../../src/figures/schedules/schedulePathFigure.ts';
import {
  scheduleShapeFigure,
  type ScheduleValue,
} from '../../../src/figures/schedules/scheduleShapeFigure.ts';

const from = 1.8;
// Down to just before the data, where the log-SNR is infinite.
const times = Array.from({ length: 37 }, (_, i) => (from * (36 - i)) / 36 + 0.001);
const step = (time: number) => (time > 0.95 ? 1.45 : -0.53);

function value(time: number): ScheduleValue {
  return { time, logSnr: -Math.log(Math.expm1(2 * time)), w: step(time) };
}

/** Made up, with the shape of the real thing. */
function row(time: number): SchedulePathRow {
  const early = Math.exp(-time);
  return { time, w: step(time), overlap: 1 + 0.4 * early, variance: 1 - 0.3 * early * Math.min(1, time) };
}

const budgetRow = (id: string, kind: BudgetRow['kind'], m: number | null, v: number | null): BudgetRow => ({
  id,
  title: `The ${id} schedule`,
  kind,
  w: 1.25,
  m,
  varianceRatio: v,
  klPerDimension: m === null ? null : 0.1,
  speciationTime: m === null ? null : 0.46,
  minComplexity: 0.05,
  mark: m === null ? 'condensed' : null,
});

/** Rows with a schedule that condenses and one that no strength brings to the budget. */
export const budgetRows: readonly BudgetRow[] = [
  budgetRow('constant', 'constant', 1.2775, 0.639),
  budgetRow('cosine', 'nonNegative', 1.31, 0.61),
  budgetRow('late', 'nonNegative', 1.12, 0.83),
  budgetRow('window', 'signed', 1.05, 1.004),
  budgetRow('deep', 'signed', null, null),
];

const pareto = (
  name: string,
  kind: ParetoPoint['kind'],
  m: number | null,
  v: number | null,
): ParetoPoint => ({
  name,
  kind,
  m,
  varianceRatio: v,
  note: kind === 'designed' ? '' : 'w = 1',
  isAside: name === 'cosine',
});

/** One figure of every kind of schedule figure. */
export function scheduleFigures(): Record<string, Figure> {
  const rows = times.map(value);
  return {
    shape: scheduleShapeFigure({
      curves: [
        { name: 'designed, "quoted"', kind: 'designed', rows, transition: value(0.342) },
        { name: 'constant', kind: 'constant', rows: rows.map((one) => ({ ...one, w: 1 })), transition: null },
      ],
      process: 'ou',
      from,
    }),
    sameKind: scheduleShapeFigure({
      curves: ['one', 'two'].map((name) => ({ name, kind: 'nonNegative' as const, rows, transition: null })),
      process: 'flow',
      from: 0.8,
    }),
    grid: scheduleGridFigure({
      curves: [
        { name: 'designed', kind: 'designed', rows, transition: value(0.342) },
        ...['a', 'b', 'c', 'd'].map((name) => ({
          name,
          kind: 'nonNegative' as const,
          rows,
          transition: null,
        })),
      ],
      process: 've',
      from,
      label: 'ODE',
    }),
    path: schedulePathFigure({
      paths: [
        {
          name: 'designed',
          kind: 'designed',
          rows: times.map(row),
          transition: row(0.342),
          points: [
            { d: 20, time: 0.5, overlap: 1.24, overlapError: 0.01, variance: 0.9, varianceError: null },
            { d: 24, time: 0.001, overlap: 1.4, overlapError: null, variance: 1, varianceError: 0.02 },
          ],
        },
        { name: 'constant', kind: 'constant', rows: times.map(row), transition: null, points: [] },
      ],
      process: 'ou',
      from,
      label: 'ODE, α = 0.45, σ² = 0.3',
    }),
    budget: scheduleBudgetFigure({ rows: budgetRows, label: 'ODE, α = 0.5, progress budget 1' }),
    pareto: scheduleParetoFigure({
      front: [
        pareto('a', 'designed', 1.3, 1.02),
        pareto('b', 'designed', 1.1, 1),
        pareto('c', 'designed', null, null),
      ],
      standards: [
        pareto('constant', 'constant', 1.28, 0.64),
        pareto('cosine', 'nonNegative', 1.31, 0.61),
        pareto('deep', 'signed', null, null),
      ],
      chosen: pareto('b', 'designed', 1.1, 1),
      label: 'ODE, α = 0.45, σ² = 0.3',
    }),
  };
}
