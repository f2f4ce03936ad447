import type { Annotation, Data } from 'plotly.js-dist-min';
import { finite, type Figure } from './figure.ts';
import { axisName, panelLayout, type Panel } from './panels.ts';
import {
  referenceLine,
  scheduleColour,
  scheduleKindTitle,
  scheduleSymbol,
  type ScheduleKind,
} from './scheduleLook.ts';
import { axisTitle, ink, shortNumber, smallSize } from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

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
const quantities = ['varianceRatio', 'm'] as const;

/** v/sigma2 and m of all schedules at the same budget, one row each. */
export function scheduleBudgetFigure({ rows, label }: BudgetInput): Figure {
  // Category axes count from below.
  const categories = rows.map(({ id }) => id).reverse();
  const y = (labelled: boolean): Panel['y'] => ({
    type: 'category',
    categoryorder: 'array',
    categoryarray: categories,
    range: [-0.7, rows.length - 0.3],
    showticklabels: labelled,
    showgrid: true,
    dtick: 1,
  });
  const panelsOf = (stacked: boolean): Panel[] => [
    {
      title: 'variance',
      x: { title: { text: axisTitle.vRatio }, ...reach(rows, 'varianceRatio') },
      y: y(true),
    },
    { title: 'overlap', x: { title: { text: axisTitle.m }, ...reach(rows, 'm') }, y: y(stacked) },
  ];
  const data: Data[] = [];
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  quantities.forEach((quantity, panel) => {
    if (rows.length > 0) {
      data.push({
        ...lineTrace(
          { name: undistorted, panel, colour: ink.muted },
          { x: [1, 1], y: [categories[0] as never, categories.at(-1) as never] },
          referenceLine,
        ),
        meta: { decoration: true },
        hoverinfo: 'skip',
      });
    }
    for (const kind of kinds) {
      const own = rows.filter((row) => row.kind === kind && finite(row[quantity]) !== null);
      if (own.length === 0) continue;
      data.push(
        markerTrace(
          { name: scheduleKindTitle[kind], panel, colour: scheduleColour[kind] },
          // Plotly's types know numbers only, its axes names too.
          {
            x: own.map((row) => finite(row[quantity])),
            y: own.map(({ id }) => id) as never[],
            text: own.map(hover),
          },
          { symbol: scheduleSymbol[kind], size: 10, line: { width: 1, color: ink.paper } },
        ),
      );
    }
  });
  for (const kind of kinds) {
    data.push(
      legendKey(scheduleKindTitle[kind], {
        mode: 'markers',
        marker: {
          symbol: scheduleSymbol[kind],
          size: 10,
          color: scheduleColour[kind],
          line: { width: 1, color: ink.paper },
        },
      }),
    );
  }
  data.push(legendKey(undistorted, { mode: 'lines', line: referenceLine }));
  const marked = rows.filter(({ mark }) => mark !== null);
  const annotations = quantities.flatMap((_, panel) =>
    marked.map((row): Annotation => ({
      text: row.mark!,
      x: 0.02,
      xref: `${axisName('x', panel)} domain` as NonNullable<Annotation['xref']>,
      y: row.id,
      yref: axisName('y', panel) as NonNullable<Annotation['yref']>,
      xanchor: 'left',
      yanchor: 'middle',
      showarrow: false,
      bgcolor: ink.paper,
      font: { size: smallSize, color: ink.muted },
    })),
  );
  const entries = kinds.length + 1;
  const panelHeight = Math.max(160, rowHeight * rows.length);
  return {
    id: 'schedule-comparison',
    title: `Schedules at equal budget (${label})`,
    caption:
      `Variance v/σ² and overlap m at the data of every schedule, each at the strength that gives it the same guidance budget (${label}). Left of the dotted line in ` +
      '(a) the output has lost diversity; right of it in (b) the output overshoots its class. A schedule that is never negative stays left of the line in (a), or reaches ' +
      'it only by coming after the transition, where guidance does nothing; a negative window can cross it.' +
      (marked.length > 0 ? ' Rows with words have no numbers: the words say why.' : ''),
    data,
    layout: panelLayout(panelsOf(false), {
      panelHeight,
      columns: 2,
      columnGap: 0.05,
      legendRows: Math.ceil(entries / 4),
      annotations,
    }),
    narrowLayout: panelLayout(panelsOf(true), { panelHeight, columns: 1, legendRows: entries, annotations }),
    table: {
      columns: [
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
      rows: rows.map((row) => [
        row.id,
        row.title,
        finite(row.w),
        finite(row.m),
        finite(row.varianceRatio),
        finite(row.klPerDimension),
        finite(row.speciationTime),
        finite(row.minComplexity),
        row.mark,
      ]),
    },
  };
}

/** Range of an axis with room around its marks and the value without distortion. */
function reach(
  rows: readonly BudgetRow[],
  quantity: (typeof quantities)[number],
): { range: [number, number] } {
  const values = rows.map((row) => finite(row[quantity])).filter((value) => value !== null);
  const [low, high] = [Math.min(1, ...values), Math.max(1, ...values)];
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
