import type { Data } from 'plotly.js-dist-min';
import type { ProcessName } from '../process/process.ts';
import { finite, type Figure, type FigureCell } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import {
  scheduleColour,
  scheduleLine,
  timeTitle,
  transitionMark,
  type ScheduleKind,
} from './scheduleLook.ts';
import { axisTitle, ink, sequence, shortNumber } from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

/** A schedule at one moment. */
export interface ScheduleValue {
  /** Process time. */
  readonly time: number;
  /** log(a^2/b^2); infinite at the data, which the figure leaves out. */
  readonly logSnr: number;
  readonly w: number;
}

/** A schedule to draw. */
export interface ScheduleCurve {
  readonly name: string;
  readonly kind: ScheduleKind;
  /** In the order of sampling; both sides of a jump. */
  readonly rows: readonly ScheduleValue[];
  /** Where the trajectory reaches the guided class's phase and the schedule stops to matter, or null. */
  readonly transition: ScheduleValue | null;
}

/** Input of {@link scheduleShapeFigure}. */
export interface ScheduleShapeInput {
  readonly curves: readonly ScheduleCurve[];
  readonly process: ProcessName;
  /** Earliest process time that is drawn. */
  readonly from: number;
}

const transitionName = 'transition: guidance ends';
const zeroName = 'w = 0';
const seriesWidths = 2;

/** w against process time and against log-SNR, for one schedule or several; sampling runs to the right. */
export function scheduleShapeFigure({ curves, process, from }: ScheduleShapeInput): Figure {
  const shown = curves.map((curve) => ({ ...curve, rows: curve.rows.filter(({ time }) => time <= from) }));
  const panels: Panel[] = [
    {
      title: 'against time',
      x: {
        title: { text: `${timeTitle[process]}: sampling runs →` },
        range: [from, -0.02 * from] as [number, number],
      },
      y: { title: { text: axisTitle.w } },
    },
    {
      title: 'against log-SNR',
      x: { title: { text: 'log-SNR, log(a²/b²): sampling runs →' } },
      y: { title: { text: axisTitle.w } },
    },
  ];
  const colours = coloursOf(curves);
  const data: Data[] = [];
  for (const panel of [0, 1]) {
    const of = (row: ScheduleValue) => finite(panel === 0 ? row.time : row.logSnr);
    const ends = shown.flatMap(({ rows }) => rows.map(of)).filter((x) => x !== null);
    if (ends.length > 0) {
      const [low, high] = [ends.reduce((a, b) => Math.min(a, b)), ends.reduce((a, b) => Math.max(a, b))];
      data.push({
        ...lineTrace(
          { name: zeroName, panel, colour: ink.muted },
          { x: [low, high], y: [0, 0] },
          { width: 1, dash: 'dot' },
        ),
        meta: { decoration: true },
        hoverinfo: 'skip',
      });
    }
    shown.forEach((curve, i) => {
      data.push(
        lineTrace(
          { name: curve.name, panel, colour: colours[i]!, inLegend: panel === 0 },
          { x: curve.rows.map(of), y: curve.rows.map(({ w }) => finite(w)) },
          curves.length > 1 ? { ...scheduleLine[curve.kind], width: seriesWidths } : scheduleLine[curve.kind],
        ),
      );
    });
    shown.forEach(({ transition }, i) => {
      if (transition === null) return;
      data.push(
        markerTrace(
          { name: transitionName, panel, colour: colours[i]! },
          {
            x: [of(transition)],
            y: [transition.w],
            text: [`transition at t = ${shortNumber(transition.time, 4)}`],
          },
          { ...transitionMark, line: { width: 3, color: colours[i]! } },
        ),
      );
    });
  }
  const marked = shown.some(({ transition }) => transition !== null);
  if (marked) {
    data.push(
      legendKey(transitionName, {
        mode: 'markers',
        marker: { ...transitionMark, line: { width: 3, color: ink.text } },
      }),
    );
  }
  const entries = curves.length + Number(marked);
  return {
    id: 'schedule-shape',
    title: curves.length === 1 ? `Guidance schedule: ${curves[0]!.name}` : 'Guidance schedules',
    caption:
      'Guidance coefficient w along sampling (scale 1 + w), against the time of the forward process, which runs backwards here, and against the ' +
      'log-SNR. Above 0 the sample is pushed away from the unconditional model, below 0 towards it, and not guided at all at 0.' +
      (marked
        ? ' At the bar the trajectory reaches the phase of the guided class: the two scores agree from there on, and nothing right of it matters.'
        : ''),
    data,
    layout: panelLayout(panels, { panelHeight: 320, columns: 2, legendRows: Math.ceil(entries / 4) }),
    narrowLayout: panelLayout(panels, { panelHeight: 260, columns: 1, legendRows: entries }),
    table: { columns: ['schedule', 'point', 'time', 'logSnr', 'w'], rows: tableRows(shown) },
  };
}

/** By kind; kinds that occur more than once give way to the sequence. */
function coloursOf(curves: readonly ScheduleCurve[]): string[] {
  const kinds = curves.map(({ kind }) => kind);
  const distinct = new Set(kinds).size === kinds.length;
  return kinds.map((kind, i) => (distinct ? scheduleColour[kind] : sequence[i % sequence.length]!));
}

function tableRows(curves: readonly ScheduleCurve[]): FigureCell[][] {
  const row = (name: string, point: string, { time, logSnr, w }: ScheduleValue): FigureCell[] => [
    name,
    point,
    finite(time),
    finite(logSnr),
    finite(w),
  ];
  return curves.flatMap(({ name, rows, transition }) => [
    ...rows.map((value) => row(name, 'schedule', value)),
    ...(transition === null ? [] : [row(name, 'transition', transition)]),
  ]);
}
