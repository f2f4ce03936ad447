import type { Annotation, Data } from 'plotly.js-dist-min';
import type { ProcessName } from '../process/process.ts';
import { finite, type Figure } from './figure.ts';
import { axisName, panelLayout, type Panel, type PanelPlace } from './panels.ts';
import {
  scheduleColour,
  scheduleKindTitle,
  scheduleLine,
  timeTitle,
  transitionMark,
} from './scheduleLook.ts';
import type { ScheduleCurve } from './scheduleShapeFigure.ts';
import { ink, smallSize } from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

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
const cellHeight = 90;
const cellGap = 34;

/** w against process time for many schedules, a small panel for each, all with the same axes. */
export function scheduleGridFigure({ curves, process, from, label }: ScheduleGridInput): Figure {
  const shown = curves.map((curve) => ({ ...curve, rows: curve.rows.filter(({ time }) => time <= from) }));
  const values = shown.flatMap(({ rows }) => rows.map(({ w }) => finite(w))).filter((w) => w !== null);
  const [low, high] = [
    values.reduce((a, b) => Math.min(a, b), 0),
    values.reduce((a, b) => Math.max(a, b), 0),
  ];
  const room = 0.1 * Math.max(0.1, high - low);
  const data: Data[] = [];
  shown.forEach(({ name, kind, rows, transition }, panel) => {
    const colour = scheduleColour[kind];
    data.push(
      {
        ...lineTrace(
          { name: 'w = 0', panel, colour: ink.muted },
          { x: [from, 0], y: [0, 0] },
          { width: 1, dash: 'dot' },
        ),
        meta: { decoration: true },
        hoverinfo: 'skip',
      },
      lineTrace(
        { name, panel, colour, legendGroup: kind },
        { x: rows.map(({ time }) => finite(time)), y: rows.map(({ w }) => finite(w)) },
        { ...scheduleLine[kind], width: 2, dash: 'solid' },
      ),
    );
    if (transition !== null) {
      data.push(
        markerTrace(
          { name: transitionName, panel, colour },
          { x: [transition.time], y: [transition.w] },
          { ...transitionMark, size: 16, line: { width: 3, color: colour } },
        ),
      );
    }
  });
  const kinds = [...new Set(shown.map(({ kind }) => kind))];
  for (const kind of kinds) {
    data.push(
      legendKey(scheduleKindTitle[kind], { mode: 'lines', line: { color: scheduleColour[kind], width: 2 } }),
    );
  }
  data.push(
    legendKey(transitionName, {
      mode: 'markers',
      marker: { ...transitionMark, size: 16, line: { width: 3, color: ink.text } },
    }),
  );
  const grid = (columns: number, legendRows: number) => {
    const rows = Math.ceil(shown.length / columns);
    const panels = shown.map((_, k): Panel => {
      const place: PanelPlace = {
        column: k % columns,
        top: Math.floor(k / columns) * (cellHeight + cellGap),
        height: cellHeight,
      };
      const isLowest = k + columns >= shown.length;
      const isLeft = place.column === 0;
      return {
        title: '',
        place,
        x: {
          range: [from, -0.03 * from],
          nticks: 4,
          showticklabels: isLowest,
          ...(isLowest ? { title: { text: timeTitle[process] } } : {}),
        },
        y: { range: [low - room, high + room], nticks: 4, showticklabels: isLeft },
      };
    });
    return panelLayout(panels, {
      panelHeight: rows * (cellHeight + cellGap),
      columns,
      columnGap: columns > 2 ? 0.03 : 0.06,
      legendRows,
      annotations: shown.map(({ name }, panel) => titleOf(name, panel)),
    });
  };
  return {
    id: 'schedule-shapes',
    title: 'Shapes of the schedules',
    caption:
      `Guidance coefficient w along sampling of every schedule (${label}); time runs backwards, from noise on the left to the data on the right, and all panels have the ` +
      'same axes. At the bar the trajectory reaches the phase of the guided class: what is right of it does nothing.',
    data,
    layout: grid(4, Math.ceil((kinds.length + 1) / 4)),
    narrowLayout: grid(2, kinds.length + 1),
    table: {
      columns: ['schedule', 'point', 'time', 'logSnr', 'w'],
      rows: shown.flatMap(({ name, rows, transition }) => [
        ...rows.map(({ time, logSnr, w }) => [name, 'schedule', finite(time), finite(logSnr), finite(w)]),
        ...(transition === null
          ? []
          : [[name, 'transition', finite(transition.time), finite(transition.logSnr), finite(transition.w)]]),
      ]),
    },
  };
}

/** The name above a panel: the letters of larger panels would run out. */
function titleOf(text: string, panel: number): Annotation {
  return {
    text,
    xref: `${axisName('x', panel)} domain` as NonNullable<Annotation['xref']>,
    yref: `${axisName('y', panel)} domain` as NonNullable<Annotation['yref']>,
    x: 0,
    y: 1,
    xanchor: 'left',
    yanchor: 'bottom',
    yshift: 2,
    showarrow: false,
    font: { size: smallSize },
  };
}
