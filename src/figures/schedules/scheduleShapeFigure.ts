import type { ProcessName } from '../../process/process.ts';
import { extent, recordTable, type Figure, type FigureTable } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
import { scheduleColour, scheduleLine, type ScheduleKind } from './scheduleLook.ts';
import { axisTitle, ink, sequence, timeTitle } from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';
import { transitionLook, transitionPoint } from '../drawing/transition.ts';

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
  /** Time at which the trajectory reaches the guided class's phase and the schedule stops to matter, or null. */
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
const seriesWidths = 2;

/** w against process time and against log-SNR, for one schedule or several; sampling runs to the right. */
export function scheduleShapeFigure({ curves, process, from }: ScheduleShapeInput): Figure {
  const colours = coloursOf(curves);
  const shown = curves.map((curve, i) => ({
    ...curve,
    colour: colours[i]!,
    rows: curve.rows.filter(({ time }) => time <= from),
  }));
  const marked = shown.some(({ transition }) => transition !== null);
  const marksOf = (x: 'time' | 'logSnr'): Marks => {
    const ends = shown.flatMap(({ rows }) => along(rows, { x, y: 'w' }).x);
    return [
      ends.some((end) => end !== null) && {
        name: 'w = 0',
        colour: ink.muted,
        x: extent(ends),
        y: [0, 0],
        line: { width: 1, dash: 'dot' },
        decoration: true,
      },
      shown.map(({ name, kind, colour, rows }) => ({
        name,
        colour,
        inLegend: true,
        ...along(rows, { x, y: 'w' }),
        line: curves.length > 1 ? { ...scheduleLine[kind], width: seriesWidths } : scheduleLine[kind],
      })),
      shown.map(({ transition, colour }) => transitionPoint(transitionName, colour, transition, x, 'w')),
    ];
  };
  return figureOf({
    id: 'schedule-shape',
    title: curves.length === 1 ? `Guidance schedule: ${curves[0]!.name}` : 'Guidance schedules',
    caption:
      'Guidance coefficient w along sampling (scale 1 + w), against the time of the forward process, which runs backwards here, and against the ' +
      'log-SNR. Above 0 the sample is pushed away from the unconditional model, below 0 towards it, and not guided at all at 0.' +
      (marked
        ? ' At the bar the trajectory reaches the phase of the guided class: the two scores agree from there on, and nothing right of it matters.'
        : ''),
    panels: [
      {
        title: 'against time',
        x: { title: { text: `${timeTitle[process]}: sampling runs →` }, range: [from, -0.02 * from] },
        y: axisTitle.w,
        marks: marksOf('time'),
      },
      {
        title: 'against log-SNR',
        x: 'log-SNR, log(a²/b²): sampling runs →',
        y: axisTitle.w,
        marks: marksOf('logSnr'),
      },
    ],
    keys: marked && { key: transitionName, mark: transitionLook(ink.text) },
    heights: [320, 260],
    table: valueTable(shown),
  });
}

/** By kind; kinds that occur more than once give way to the sequence. */
function coloursOf(curves: readonly ScheduleCurve[]): string[] {
  const kinds = curves.map(({ kind }) => kind);
  const distinct = new Set(kinds).size === kinds.length;
  return kinds.map((kind, i) => (distinct ? scheduleColour[kind] : sequence[i % sequence.length]!));
}

/** The numbers of schedules, with their transitions. */
export function valueTable(curves: readonly ScheduleCurve[]): FigureTable {
  return recordTable(
    ['schedule', 'point', 'time', 'logSnr', 'w'],
    curves.flatMap(({ name: schedule, rows, transition }) => [
      ...rows.map((value) => ({ ...value, schedule, point: 'schedule' })),
      ...(transition === null ? [] : [{ ...transition, schedule, point: 'transition' }]),
    ]),
  );
}
