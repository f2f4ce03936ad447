import type { ProcessName } from '../../process/process.ts';
import { recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf } from '../drawing/frame.ts';
import { scheduleColour, scheduleLine, type ScheduleKind } from './scheduleLook.ts';
import { ink, shortNumber, simulationMark, sourceTitle, timeTitle, referenceLine } from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';
import { transitionLook, transitionPoint } from '../drawing/transition.ts';

/** The state along sampling, relative to the forward process of the guided class. */
export interface SchedulePathRow {
  /** Process time. */
  readonly time: number;
  readonly w: number;
  /** m/a: 1 undistorted. */
  readonly overlap: number;
  /** v/Gamma: 1 undistorted. */
  readonly variance: number;
}

/** Simulated counterpart of {@link SchedulePathRow}, with standard errors where there are several realisations. */
export interface SchedulePathPoint extends Omit<SchedulePathRow, 'w'> {
  readonly overlapError: number | null;
  readonly varianceError: number | null;
  readonly d: number;
}

/** The trajectory of one schedule. */
export interface SchedulePath {
  readonly name: string;
  readonly kind: ScheduleKind;
  /** In the order of sampling; both sides of a jump of w. Up to a condensation, if there is one. */
  readonly rows: readonly SchedulePathRow[];
  readonly transition: SchedulePathRow | null;
  /** Full simulations. */
  readonly points: readonly SchedulePathPoint[];
}

/** Input of {@link schedulePathFigure}. */
export interface SchedulePathInput {
  readonly paths: readonly SchedulePath[];
  readonly process: ProcessName;
  /** Earliest process time that is drawn. */
  readonly from: number;
  /** Parameters common to all trajectories: e.g. "ODE, α = 0.5, σ² = 0.25". */
  readonly label: string;
}

const undistorted = 'the class itself';
const transitionName = 'transition';
const panels = [
  { title: 'schedule', y: 'coefficient w', value: 'w', level: 0, error: null },
  { title: 'overlap', y: 'm/a', value: 'overlap', level: 1, error: 'overlapError' },
  { title: 'variance across μ<sub>c</sub>', y: 'v/Γ', value: 'variance', level: 1, error: 'varianceError' },
] as const;

/** w, m/a and v/Gamma along sampling, with the transition and simulation points; sampling runs to the right. */
export function schedulePathFigure({ paths, process, from, label }: SchedulePathInput): Figure {
  const shown = paths.map((path) => ({
    ...path,
    colour: scheduleColour[path.kind],
    rows: path.rows.filter(({ time }) => time <= from),
    points: path.points.filter(({ time }) => time <= from),
  }));
  const marked = shown.some(({ transition }) => transition !== null);
  const dimensions = [...new Set(shown.flatMap(({ points }) => points.map(({ d }) => d)))];
  return figureOf({
    id: 'schedule-path',
    title: `Order parameters along the schedule (${label})`,
    caption:
      `Guidance coefficient, and the order parameters relative to the forward process of the class itself (${label}): overlap m/a and variance v/Γ, both 1 ` +
      'where guidance distorts nothing. Sampling runs from noise on the left to the data at t = 0. Positive w pushes the overlap up and shrinks the ' +
      'variance; only a window of negative w, before the transition (bar), lets the variance grow back. Behind the transition guidance has switched ' +
      'itself off.' +
      (dimensions.length > 0 ? ' Marks: full simulation at finite dimension with standard errors.' : ''),
    panels: panels.map(({ title, y, value, level, error }) => ({
      title,
      x: { title: { text: timeTitle[process] }, range: [from, -0.025 * from], nticks: 6 },
      y,
      marks: [
        {
          name: undistorted,
          colour: ink.muted,
          inLegend: true,
          x: [from, 0],
          y: [level, level],
          line: referenceLine,
          decoration: true,
        },
        shown.map(({ name, kind, colour, rows }) => ({
          name,
          colour,
          inLegend: true,
          ...along(rows, { x: 'time', y: value }),
          line: scheduleLine[kind],
        })),
        shown.map(({ colour, transition, points }) => [
          transitionPoint(transitionName, colour, transition, 'time', value),
          error !== null &&
            points.length > 0 && {
              name: sourceTitle.full,
              colour,
              ...along(points, {
                x: 'time',
                y: value,
                error,
                text: (point) =>
                  `full simulation, d = ${point.d}<br>t = ${shortNumber(point.time)}: ${shortNumber(point[value], 4)}`,
              }),
              mark: simulationMark('full', colour, 8),
            },
        ]),
      ],
    })),
    keys: [
      marked && { key: transitionName, mark: transitionLook(ink.text) },
      dimensions.length > 0 && {
        key: `${sourceTitle.full}, d = ${dimensions.join(', ')}`,
        mark: simulationMark('full', ink.text, 8),
      },
    ],
    heights: [320, 240],
    columnGap: 0.09,
    table: recordTable(
      ['schedule', 'source', 'd', 'time', 'w', 'overlap', 'overlapError', 'variance', 'varianceError'],
      shown.flatMap(({ name: schedule, rows, transition, points }) => [
        ...rows.map((row) => ({ ...row, schedule, source: 'theory' })),
        ...(transition === null ? [] : [{ ...transition, schedule, source: 'transition' }]),
        ...points.map((point) => ({ ...point, schedule, source: 'full' })),
      ]),
    ),
  });
}
