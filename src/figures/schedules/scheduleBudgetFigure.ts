import type { Annotation } from 'plotly.js-dist-min';
import { extent, finite, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf } from '../drawing/frame.ts';
import { axisName } from '../drawing/panels.ts';
import { scheduleColour, scheduleKindTitle, scheduleSymbol, type ScheduleKind } from './scheduleLook.ts';
import { axisTitle, ink, shortNumber, smallSize, type MarkerLook, referenceLine } from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';

/** Outcome of a schedule at a given budget. */
export interface BudgetRow {
  readonly id: string;
  readonly title: string;
  readonly kind: ScheduleKind;
  /** Strength that gives it the budget, or null where none does. */
  readonly w: number | null;
  /** Null where the trajectory condenses. */
  readonly m: number | null;
  readonly varianceRatio: number | null;
  readonly klPerDimension: number | null;
  readonly speciationTime: number | null;
  readonly minComplexity: number | null;
  /** Reason for missing numbers, in a word, or null. */
  readonly mark: string | null;
}

/** Input of {@link scheduleBudgetFigure}. */
export interface BudgetInput {
  /** Rows from top to bottom. */
  readonly rows: readonly BudgetRow[];
  /** Parameters common to all rows: e.g. "ODE, α = 0.5, σ² = 0.25, progress budget 1". */
  readonly label: string;
}

const undistorted = 'undistorted';
const rowHeight = 22;
const narrowRowHeight = 16;
const panels = [
  { title: 'variance', x: axisTitle.vRatio, quantity: 'varianceRatio' },
  { title: 'overlap', x: axisTitle.m, quantity: 'm' },
] as const;

/** v/sigma2 and m of all schedules at the same budget, one row each. */
export function scheduleBudgetFigure({ rows, label }: BudgetInput): Figure {
  // Category axes count from below.
  const categories = rows.map(({ id }) => id).reverse();
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const marked = rows.filter(({ mark }) => mark !== null);
  const height = Math.max(160, rowHeight * rows.length);
  const axes = (isStacked: boolean) =>
    panels.map(({ title, x, quantity }, panel) => ({
      title,
      x: { title: { text: x }, ...reach(rows, quantity) },
      y: {
        type: 'category' as const,
        categoryorder: 'array' as const,
        categoryarray: categories,
        range: [-0.7, rows.length - 0.3] as [number, number],
        showticklabels: isStacked || panel === 0,
        showgrid: true,
        dtick: 1,
      },
    }));
  return figureOf({
    id: 'schedule-comparison',
    title: `Schedules at equal budget (${label})`,
    caption:
      `Variance v/σ² and overlap m at the data of every schedule, each at the strength that gives it the same guidance budget (${label}). Left of the dotted line in ` +
      '(a) the output has lost diversity; right of it in (b) the output overshoots its class. A schedule that is never negative stays left of the line in (a), or reaches ' +
      'it only by coming after the transition, where guidance does nothing; a negative window can cross it.' +
      (marked.length > 0 ? ' Rows with words have no numbers: the words say why.' : ''),
    panels: axes(false).map((panel, k) => {
      const { quantity } = panels[k]!;
      return {
        ...panel,
        marks: [
          rows.length > 0 && {
            name: undistorted,
            colour: ink.muted,
            ...along([categories[0], categories.at(-1)], { x: () => 1, y: (id) => id }),
            line: referenceLine,
            decoration: true,
          },
          kinds.map((kind) => {
            const own = rows.filter((row) => row.kind === kind && finite(row[quantity]) !== null);
            return (
              own.length > 0 && {
                name: scheduleKindTitle[kind],
                colour: scheduleColour[kind],
                ...along(own, { x: quantity, y: 'id', text: hover }),
                mark: kindMark(kind),
              }
            );
          }),
        ],
      };
    }),
    keys: [
      kinds.map((kind) => ({
        key: scheduleKindTitle[kind],
        mark: { ...kindMark(kind), color: scheduleColour[kind] },
      })),
      { key: undistorted, line: referenceLine },
    ],
    heights: [height, height],
    columnGap: 0.05,
    annotations: panels.flatMap((_, panel) => marked.map((row) => wordIn(row, panel))),
    narrow: { panels: axes(true), panelHeight: Math.max(120, narrowRowHeight * rows.length) },
    table: recordTable(
      [
        'schedule',
        'title',
        'w',
        'm',
        'varianceRatio',
        'klPerDimension',
        'speciationTime',
        'minComplexity',
        'mark',
      ],
      rows.map((row) => ({ ...row, schedule: row.id })),
    ),
  });
}

/** Why a row has no numbers, at the left end of the row. */
const wordIn = ({ id, mark }: BudgetRow, panel: number): Annotation => ({
  text: mark!,
  x: 0.02,
  xref: `${axisName('x', panel)} domain` as NonNullable<Annotation['xref']>,
  y: id,
  yref: axisName('y', panel) as NonNullable<Annotation['yref']>,
  xanchor: 'left',
  yanchor: 'middle',
  showarrow: false,
  bgcolor: ink.paper,
  font: { size: smallSize, color: ink.muted },
});

const kindMark = (kind: ScheduleKind): MarkerLook => ({
  symbol: scheduleSymbol[kind],
  size: 10,
  line: { width: 1, color: ink.paper },
});

/** Range of an axis with room around its marks and the value without distortion. */
function reach(rows: readonly BudgetRow[], quantity: 'varianceRatio' | 'm'): { range: [number, number] } {
  const [low, high] = extent([1, ...rows.map((row) => finite(row[quantity]))]);
  const room = 0.07 * Math.max(0.1, high - low);
  return { range: [low - room, high + room] };
}

function hover({ title, w, m, varianceRatio, speciationTime }: BudgetRow): string {
  const say = (name: string, value: number | null) =>
    value === null ? [] : [`${name} = ${shortNumber(value, 4)}`];
  return [
    title,
    ...say('w', w),
    ...say('m', m),
    ...say('v/σ²', varianceRatio),
    ...say('t*', speciationTime),
  ].join('<br>');
}
