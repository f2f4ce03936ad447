import type { Data } from 'plotly.js-dist-min';
import type { ProcessName } from '../process/process.ts';
import { finite, type Figure, type FigureCell } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import {
  referenceLine,
  scheduleColour,
  scheduleLine,
  timeTitle,
  transitionMark,
  type ScheduleKind,
} from './scheduleLook.ts';
import { ink, shortNumber, simulationMark, sourceTitle } from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

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
const quantities = ['w', 'overlap', 'variance'] as const;

/** w, m/a and v/Gamma along sampling, with the transition and simulation points; sampling runs to the right. */
export function schedulePathFigure({ paths, process, from, label }: SchedulePathInput): Figure {
  const shown = paths.map((path) => ({
    ...path,
    rows: path.rows.filter(({ time }) => time <= from),
    points: path.points.filter(({ time }) => time <= from),
  }));
  const x = {
    title: { text: timeTitle[process] },
    range: [from, -0.025 * from] as [number, number],
    nticks: 6,
  };
  const panels: Panel[] = [
    { title: 'schedule', x, y: { title: { text: 'coefficient w' } } },
    { title: 'overlap', x, y: { title: { text: 'm/a' } } },
    { title: 'variance across μ<sub>c</sub>', x, y: { title: { text: 'v/Γ' } } },
  ];
  const data: Data[] = [];
  quantities.forEach((quantity, panel) => {
    const level = quantity === 'w' ? 0 : 1;
    data.push({
      ...lineTrace(
        { name: undistorted, panel, colour: ink.muted, inLegend: panel === 1 },
        { x: [from, 0], y: [level, level] },
        referenceLine,
      ),
      meta: { decoration: true },
      hoverinfo: 'skip',
    });
    for (const { name, kind, rows } of shown) {
      data.push(
        lineTrace(
          { name, panel, colour: scheduleColour[kind], inLegend: panel === 0 },
          { x: rows.map(({ time }) => finite(time)), y: rows.map((row) => finite(row[quantity])) },
          scheduleLine[kind],
        ),
      );
    }
    for (const { kind, transition, points } of shown) {
      const colour = scheduleColour[kind];
      if (transition !== null) {
        data.push(
          markerTrace(
            { name: transitionName, panel, colour },
            {
              x: [transition.time],
              y: [transition[quantity]],
              text: [`transition at t = ${shortNumber(transition.time, 4)}`],
            },
            { ...transitionMark, line: { width: 3, color: colour } },
          ),
        );
      }
      if (quantity === 'w' || points.length === 0) continue;
      data.push(
        markerTrace(
          { name: sourceTitle.full, panel, colour },
          {
            x: points.map(({ time }) => finite(time)),
            y: points.map((point) => finite(point[quantity])),
            error: points.map((point) =>
              finite(quantity === 'overlap' ? point.overlapError : point.varianceError),
            ),
            text: points.map(
              (point) =>
                `full simulation, d = ${point.d}<br>t = ${shortNumber(point.time)}: ${shortNumber(point[quantity], 4)}`,
            ),
          },
          simulationMark('full', colour, 8),
        ),
      );
    }
  });
  const marked = shown.some(({ transition }) => transition !== null);
  const dimensions = [...new Set(shown.flatMap(({ points }) => points.map(({ d }) => d)))];
  if (marked) {
    data.push(
      legendKey(transitionName, {
        mode: 'markers',
        marker: { ...transitionMark, line: { width: 3, color: ink.text } },
      }),
    );
  }
  if (dimensions.length > 0) {
    data.push(
      legendKey(`${sourceTitle.full}, d = ${dimensions.join(', ')}`, {
        mode: 'markers',
        marker: simulationMark('full', ink.text, 8),
      }),
    );
  }
  const entries = paths.length + 1 + Number(marked) + Number(dimensions.length > 0);
  return {
    id: 'schedule-path',
    title: `Order parameters along the schedule (${label})`,
    caption:
      `Guidance coefficient, and the order parameters relative to the forward process of the class itself (${label}): overlap m/a and variance v/Γ, both 1 ` +
      'where guidance distorts nothing. Sampling runs from noise on the left to the data at t = 0. Positive w pushes the overlap up and shrinks the ' +
      'variance; only a window of negative w, before the transition (bar), lets the variance grow back. Behind the transition guidance has switched ' +
      'itself off.' +
      (dimensions.length > 0 ? ' Marks: full simulation at finite dimension with standard errors.' : ''),
    data,
    layout: panelLayout(panels, {
      panelHeight: 320,
      columns: 3,
      columnGap: 0.09,
      legendRows: Math.ceil(entries / 4),
    }),
    narrowLayout: panelLayout(panels, { panelHeight: 240, columns: 1, legendRows: entries }),
    table: {
      columns: [
        'schedule',
        'source',
        'd',
        'time',
        'w',
        'overlap',
        'overlapError',
        'variance',
        'varianceError',
      ],
      rows: shown.flatMap(tableRows),
    },
  };
}

function tableRows({ name, rows, transition, points }: SchedulePath): FigureCell[][] {
  const row = (source: string, { time, w, overlap, variance }: SchedulePathRow): FigureCell[] => [
    name,
    source,
    null,
    finite(time),
    finite(w),
    finite(overlap),
    null,
    finite(variance),
    null,
  ];
  return [
    ...rows.map((one) => row('theory', one)),
    ...(transition === null ? [] : [row('transition', transition)]),
    ...points.map((point): FigureCell[] => [
      name,
      'full',
      point.d,
      finite(point.time),
      null,
      finite(point.overlap),
      finite(point.overlapError),
      finite(point.variance),
      finite(point.varianceError),
    ]),
  ];
}
