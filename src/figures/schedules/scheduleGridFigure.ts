import type { ProcessName } from '../../process/process.ts';
import { extent, finite, type Figure } from '../drawing/figure.ts';
import { figureOf } from '../drawing/frame.ts';
import { cellPanels, smallTitle } from '../drawing/panels.ts';
import { scheduleColour, scheduleKindTitle, scheduleLine } from './scheduleLook.ts';
import { valueTable, type ScheduleCurve } from './scheduleShapeFigure.ts';
import { ink, timeTitle } from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';
import { transitionLook } from '../drawing/transition.ts';

/** Input of {@link scheduleGridFigure}. */
export interface ScheduleGridInput {
  readonly curves: readonly ScheduleCurve[];
  readonly process: ProcessName;
  /** Earliest process time that is drawn. */
  readonly from: number;
  /** Parameters common to all schedules, for the caption. */
  readonly label: string;
}

const transitionName = 'transition: guidance ends';
const transitionSize = 16;
const cellHeight = 90;
const narrowCellHeight = 42;

/** w against process time for many schedules, a small panel for each, all with the same axes. */
export function scheduleGridFigure({ curves, process, from, label }: ScheduleGridInput): Figure {
  const shown = curves.map((curve) => ({ ...curve, rows: curve.rows.filter(({ time }) => time <= from) }));
  const kinds = [...new Set(shown.map(({ kind }) => kind))];
  const [low, high] = extent([0, ...shown.flatMap(({ rows }) => rows.map(({ w }) => finite(w)))]);
  const room = 0.1 * Math.max(0.1, high - low);
  const axes = {
    x: { range: [from, -0.03 * from] as [number, number], nticks: 4 },
    y: { range: [low - room, high + room] as [number, number], nticks: 4 },
  };
  const cells = (columns: number, height: number) => ({
    panels: cellPanels(
      shown.map(() => axes),
      columns,
      height,
      [timeTitle[process]],
    ),
    columns,
    columnGap: columns > 2 ? 0.03 : 0.06,
  });
  const wide = cells(4, cellHeight);
  return figureOf({
    ...wide,
    id: 'schedule-shapes',
    title: 'Shapes of the schedules',
    caption:
      `Guidance coefficient w along sampling of every schedule (${label}); time runs backwards, from noise on the left to the data on the right, and all panels have the ` +
      'same axes. At the bar the trajectory reaches the phase of the guided class: what is right of it does nothing.',
    panels: wide.panels.map((panel, k) => {
      const { name, kind, rows, transition } = shown[k]!;
      const colour = scheduleColour[kind];
      return {
        ...panel,
        marks: [
          {
            name: 'w = 0',
            colour: ink.muted,
            x: [from, 0],
            y: [0, 0],
            line: { width: 1, dash: 'dot' },
            decoration: true,
          },
          {
            name,
            legendGroup: kind,
            colour,
            ...along(rows, { x: 'time', y: 'w' }),
            line: { ...scheduleLine[kind], width: 2, dash: 'solid' },
          },
          transition && {
            name: transitionName,
            colour,
            x: [transition.time],
            y: [transition.w],
            mark: transitionLook(colour, transitionSize),
          },
        ],
      };
    }),
    keys: [
      kinds.map((kind) => ({
        key: scheduleKindTitle[kind],
        line: { color: scheduleColour[kind], width: 2 },
      })),
      { key: transitionName, mark: transitionLook(ink.text, transitionSize) },
    ],
    annotations: shown.map(({ name }, panel) => smallTitle(name, panel)),
    narrow: cells(2, narrowCellHeight),
    table: valueTable(shown),
  });
}
