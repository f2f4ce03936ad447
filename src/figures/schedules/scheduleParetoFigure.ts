import { finite, tableOf, type Figure } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
import { scheduleColour, scheduleKindTitle, scheduleSymbol, type ScheduleKind } from './scheduleLook.ts';
import { axisTitle, ink, shortNumber, type MarkerLook } from '../drawing/theme.ts';
import { along, type TracePoints } from '../drawing/traces.ts';

/** A schedule as a point: separation of the classes against diversity within one. */
export interface ParetoPoint {
  readonly name: string;
  readonly kind: ScheduleKind;
  /** Overlap at the data; null where the trajectory condenses. */
  readonly m: number | null;
  /** v/sigma2 at the data. */
  readonly varianceRatio: number | null;
  /** Further text shown on hover. */
  readonly note: string;
  /** Not to be compared with the front: beyond its limits, or in another phase. */
  readonly isAside: boolean;
}

/** Input of {@link scheduleParetoFigure}. */
export interface ParetoInput {
  readonly front: readonly ParetoPoint[];
  /** Schedules to compare with. */
  readonly standards: readonly ParetoPoint[];
  /** The one that was chosen. */
  readonly chosen: ParetoPoint | null;
  readonly label: string;
}

const frontName = 'designed front';
const asideName = 'beyond the limits of the front';
const chosenName = 'chosen design';
const designed = scheduleColour.designed;
const chosenMark = { symbol: 'circle-open', size: 20, line: { width: 2, color: designed } } as const;

/** Lost or gained diversity |v/sigma2 - 1| against the overlap: designs and standard schedules. */
export function scheduleParetoFigure({ front, standards, chosen, label }: ParetoInput): Figure {
  const losses = [...front, ...standards].map(imbalance).filter((loss) => loss !== null);
  // Room below 0, where designs lie on the axis.
  const highest = losses.reduce((a, b) => Math.max(a, b), 0.01);
  const drawn = (points: readonly ParetoPoint[]) =>
    points.filter(({ m, varianceRatio }) => finite(m) !== null && finite(varianceRatio) !== null);
  const shown = drawn(standards);
  const hasAside = shown.some(({ isAside }) => isAside);
  return figureOf({
    id: 'schedule-pareto',
    title: `Separation against diversity (${label})`,
    caption:
      `Each point is a schedule (${label}): its overlap m with the guided class at the data, and how far the variance across the class direction is from that of the class. ` +
      'Better is right and down. Designed schedules with a negative window (stars) keep the diversity at separations where every standard schedule that is never ' +
      'negative has lost some of it.' +
      (hasAside
        ? ' Open marks exceed the limits within which the front was designed, or end in another phase.'
        : ''),
    panels: [
      {
        title: '',
        x: `${axisTitle.m} at the data: separation →`,
        y: { title: { text: '|v/σ² − 1|: lost diversity →' }, range: [-0.05 * highest, 1.08 * highest] },
        marks: [
          [...new Set(shown.map(({ kind }) => kind))].map((kind) =>
            standardMarks(
              kind,
              shown.filter((point) => point.kind === kind),
            ),
          ),
          hasAside && {
            key: asideName,
            mark: { ...standardMark('nonNegative', true), color: ink.muted },
          },
          frontMarks(drawn(front).sort((a, b) => a.m! - b.m!)),
          chosen !== null &&
            drawn([chosen]).map((point) => ({
              name: chosenName,
              colour: designed,
              inLegend: true,
              ...coordinates([point]),
              mark: chosenMark,
            })),
        ],
      },
    ],
    heights: [420, 320],
    table: tableOf(
      [
        ...front.map((point) => ({ ...point, set: 'front' })),
        ...standards.map((point) => ({ ...point, set: 'standard' })),
        ...(chosen === null ? [] : [{ ...chosen, set: 'chosen' }]),
      ],
      {
        set: ({ set }) => set,
        schedule: ({ name }) => name,
        kind: ({ kind }) => scheduleKindTitle[kind],
        m: ({ m }) => m,
        varianceRatio: ({ varianceRatio }) => varianceRatio,
        imbalance,
        note: ({ note }) => (note === '' ? null : note),
      },
    ),
  });
}

/** Standard schedules of a kind, those beyond the limits below the others. */
function standardMarks(kind: ScheduleKind, points: readonly ParetoPoint[]): Marks {
  const colour = scheduleColour[kind];
  return [
    [true, false].map((isAside) => {
      const own = points.filter((point) => point.isAside === isAside);
      const name = isAside ? asideName : scheduleKindTitle[kind];
      return own.length > 0 && { name, colour, ...coordinates(own), mark: standardMark(kind, isAside) };
    }),
    { key: scheduleKindTitle[kind], mark: { ...standardMark(kind, false), color: colour } },
  ];
}

/** The front as stars on a line. */
function frontMarks(points: readonly ParetoPoint[]): Marks {
  const style = { name: frontName, colour: designed, ...coordinates(points) };
  const star = { symbol: scheduleSymbol.designed, size: 11 } as const;
  return (
    points.length > 0 && [
      { ...style, line: { width: 2 } },
      { ...style, mark: { ...star, line: { width: 1, color: ink.paper } } },
      { key: frontName, line: { color: designed, width: 2 }, mark: { ...star, color: designed } },
    ]
  );
}

function standardMark(kind: ScheduleKind, isAside: boolean): MarkerLook {
  return isAside
    ? { symbol: `${scheduleSymbol[kind]}-open`, size: 8, line: { width: 1.5 } }
    : { symbol: scheduleSymbol[kind], size: 9, line: { width: 1, color: ink.paper } };
}

function imbalance({ varianceRatio }: ParetoPoint): number | null {
  return varianceRatio === null ? null : finite(Math.abs(varianceRatio - 1));
}

function coordinates(points: readonly ParetoPoint[]): TracePoints {
  const text = ({ name, m, varianceRatio, note }: ParetoPoint) =>
    `${name}<br>m = ${shortNumber(m!, 4)}, v/σ² = ${shortNumber(varianceRatio!, 4)}${note === '' ? '' : `<br>${note}`}`;
  return along(points, { x: 'm', y: imbalance, text });
}
