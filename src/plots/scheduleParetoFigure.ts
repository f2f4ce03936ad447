import type { Data } from 'plotly.js-dist-min';
import { finite, type Figure, type FigureCell } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import { scheduleColour, scheduleKindTitle, scheduleSymbol, type ScheduleKind } from './scheduleLook.ts';
import { axisTitle, ink, shortNumber, type MarkerLook } from './theme.ts';
import { legendKey, lineTrace, markerTrace } from './traces.ts';

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
const chosenMark = {
  symbol: 'circle-open',
  size: 20,
  line: { width: 2, color: scheduleColour.designed },
} as const;

/** Lost or gained diversity |v/sigma2 - 1| against the overlap: designs and standard schedules. */
export function scheduleParetoFigure({ front, standards, chosen, label }: ParetoInput): Figure {
  const losses = [...front, ...standards].map(imbalance).filter((loss) => loss !== null);
  // Room below 0, where designs lie on the axis.
  const highest = losses.reduce((a, b) => Math.max(a, b), 0.01);
  const panels: Panel[] = [
    {
      title: '',
      x: { title: { text: `${axisTitle.m} at the data: separation →` } },
      y: { title: { text: '|v/σ² − 1|: lost diversity →' }, range: [-0.05 * highest, 1.08 * highest] },
    },
  ];
  const drawn = (points: readonly ParetoPoint[]) =>
    points.filter(({ m, varianceRatio }) => finite(m) !== null && finite(varianceRatio) !== null);
  const ordered = drawn(front).sort((a, b) => a.m! - b.m!);
  const designed = scheduleColour.designed;
  const data: Data[] = [];
  const kinds = [...new Set(drawn(standards).map(({ kind }) => kind))];
  for (const kind of kinds) {
    for (const isAside of [true, false]) {
      const own = drawn(standards).filter((point) => point.kind === kind && point.isAside === isAside);
      if (own.length === 0) continue;
      const name = isAside ? asideName : scheduleKindTitle[kind];
      data.push(
        markerTrace(
          { name, panel: 0, colour: scheduleColour[kind] },
          coordinates(own),
          standardMark(kind, isAside),
        ),
      );
    }
    data.push(
      legendKey(scheduleKindTitle[kind], {
        mode: 'markers',
        marker: { ...standardMark(kind, false), color: scheduleColour[kind] },
      }),
    );
  }
  const hasAside = drawn(standards).some(({ isAside }) => isAside);
  if (hasAside) {
    data.push(
      legendKey(asideName, {
        mode: 'markers',
        marker: { ...standardMark('nonNegative', true), color: ink.muted },
      }),
    );
  }
  if (ordered.length > 0) {
    data.push(
      lineTrace({ name: frontName, panel: 0, colour: designed }, coordinates(ordered), { width: 2 }),
      markerTrace({ name: frontName, panel: 0, colour: designed }, coordinates(ordered), {
        symbol: scheduleSymbol.designed,
        size: 11,
        line: { width: 1, color: ink.paper },
      }),
      legendKey(frontName, {
        mode: 'lines+markers',
        line: { color: designed, width: 2 },
        marker: { symbol: scheduleSymbol.designed, size: 11, color: designed },
      }),
    );
  }
  const marked = chosen === null ? [] : drawn([chosen]);
  if (marked.length > 0) {
    data.push(
      markerTrace(
        { name: chosenName, panel: 0, colour: designed, inLegend: true },
        coordinates(marked),
        chosenMark,
      ),
    );
  }
  const entries = kinds.length + Number(hasAside) + Number(ordered.length > 0) + marked.length;
  return {
    id: 'schedule-pareto',
    title: `Separation against diversity (${label})`,
    caption:
      `Each point is a schedule (${label}): its overlap m with the guided class at the data, and how far the variance across the class direction is from that of the class. ` +
      'Better is right and down. Designed schedules with a negative window (stars) keep the diversity at separations where every standard schedule that is never ' +
      'negative has lost some of it.' +
      (hasAside
        ? ' Open marks exceed the limits within which the front was designed, or end in another phase.'
        : ''),
    data,
    layout: panelLayout(panels, { panelHeight: 420, columns: 1, legendRows: Math.ceil(entries / 4) }),
    narrowLayout: panelLayout(panels, { panelHeight: 320, columns: 1, legendRows: entries }),
    table: {
      columns: ['set', 'schedule', 'kind', 'm', 'varianceRatio', 'imbalance', 'note'],
      rows: [
        ...front.map((point) => tableRow('front', point)),
        ...standards.map((point) => tableRow('standard', point)),
        ...(chosen === null ? [] : [tableRow('chosen', chosen)]),
      ],
    },
  };
}

function standardMark(kind: ScheduleKind, isAside: boolean): MarkerLook {
  return isAside
    ? { symbol: `${scheduleSymbol[kind]}-open`, size: 8, line: { width: 1.5 } }
    : { symbol: scheduleSymbol[kind], size: 9, line: { width: 1, color: ink.paper } };
}

function imbalance({ varianceRatio }: ParetoPoint): number | null {
  return varianceRatio === null ? null : finite(Math.abs(varianceRatio - 1));
}

function coordinates(points: readonly ParetoPoint[]) {
  return {
    x: points.map(({ m }) => finite(m)),
    y: points.map(imbalance),
    text: points.map(
      ({ name, m, varianceRatio, note }) =>
        `${name}<br>m = ${shortNumber(m!, 4)}, v/σ² = ${shortNumber(varianceRatio!, 4)}${note === '' ? '' : `<br>${note}`}`,
    ),
  };
}

function tableRow(set: string, point: ParetoPoint): FigureCell[] {
  const { name, kind, m, varianceRatio, note } = point;
  return [
    set,
    name,
    scheduleKindTitle[kind],
    finite(m),
    finite(varianceRatio),
    imbalance(point),
    note === '' ? null : note,
  ];
}
