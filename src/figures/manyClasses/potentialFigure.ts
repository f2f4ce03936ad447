import type { Annotation } from 'plotly.js-dist-min';
import type { PotentialTable } from '../../meanfield/potentialTable.ts';
import { extent, finite, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
import { axisTitle, ink, shortNumber, smallSize, type MarkerLook } from '../drawing/theme.ts';
import { along } from '../drawing/traces.ts';

/** Input of {@link potentialFigure}. */
export interface PotentialInput {
  readonly table: PotentialTable;
  /** Parameters of the potential, for the title: e.g. "ODE, α = 0.5, w = 1". */
  readonly label: string;
  /** Process time of the transition, or null. */
  readonly transitionTime: number | null;
}

type Mark = 'state' | 'kink' | 'minimum';

const markTitle: Readonly<Record<Mark, string>> = {
  state: 'samples at that time',
  kink: 'kink ψ = φ',
  minimum: 'local minimum',
};

interface Curve {
  readonly time: number;
  readonly colour: string;
  readonly m: readonly number[];
  /** Potential less its value at the state, plus the curve's offset. */
  readonly shown: readonly (number | null)[];
  readonly potential: readonly number[];
  readonly marks: readonly {
    readonly kind: Mark;
    readonly m: number;
    readonly potential: number;
    readonly shown: number;
  }[];
}

/** The guided effective potential along m at several times, one above the other, with its kink, the state and local minima. */
export function potentialFigure(input: PotentialInput): Figure {
  const { table, label, transitionTime } = input;
  const curves = drawnCurves(table);
  const kinds = (['state', 'kink', 'minimum'] as const).filter((kind) =>
    curves.some((curve) => curve.marks.some((mark) => mark.kind === kind)),
  );
  const range = shownRange(curves);
  return figureOf({
    id: 'potential',
    title: `Guided effective potential and its moving kink (${label})`,
    caption: caption(transitionTime),
    panels: [
      {
        title: label,
        x: { title: { text: axisTitle.m }, range: [table.m[0] ?? 0, table.m.at(-1) ?? 1] },
        y: { title: { text: 'potential U(m, t) per dimension, shifted' }, range },
        marks: [
          curves.map(({ time, colour, m, shown, potential }) => ({
            name: `t = ${shortNumber(time)}`,
            colour,
            x: m,
            y: shown,
            text: m.map(
              (at, i) =>
                `t = ${shortNumber(time, 4)}<br>m = ${shortNumber(at, 4)}<br>U = ${shortNumber(potential[i]!, 4)}`,
            ),
            line: { width: 2.5 },
          })),
          kinds.map((kind) => [
            curves.map((curve) => marksOf(curve, kind)),
            { key: markTitle[kind], mark: look(kind, ink.text) },
          ]),
        ],
      },
    ],
    heights: [520, 460],
    legendRows: [1, kinds.length],
    annotations: timeLabels(curves, range, transitionTime),
    rightMargin: 92,
    narrow: { rightMargin: 88 },
    table: recordTable(
      ['kind', 'time', 'm', 'potential', 'shown'],
      curves.flatMap(({ time, m, potential, shown, marks }) => [
        ...m.map((at, i) => ({ kind: 'curve', time, m: at, potential: potential[i], shown: shown[i] })),
        ...marks.map((mark) => ({ ...mark, time })),
      ]),
    ),
  });
}

function marksOf({ time, colour, marks }: Curve, kind: Mark): Marks {
  const own = marks.filter((mark) => mark.kind === kind);
  const text = ({ m }: { m: number }) =>
    `${markTitle[kind]}<br>t = ${shortNumber(time, 4)}<br>m = ${shortNumber(m, 4)}`;
  return (
    own.length > 0 && {
      name: markTitle[kind],
      colour,
      ...along(own, { x: 'm', y: 'shown', text }),
      mark: look(kind, colour),
    }
  );
}

function drawnCurves(table: PotentialTable): Curve[] {
  const order = table.time.map((_, i) => i).sort((a, b) => table.time[b]! - table.time[a]!);
  const origins = order.map((i) => originOf(table, i));
  // Distance between neighbouring curves: a share of their change from the state to the right end.
  const rises = order.map((i, place) => Math.abs((table.potential[i]?.at(-1) ?? 0) - origins[place]!));
  const offset = 0.4 * Math.max(...rises.filter(Number.isFinite), 1e-3);
  return order.map((i, place) => {
    const potential = table.potential[i] ?? [];
    const at = (m: number) => interpolate(table.m, potential, m);
    const state = table.state[i];
    const origin = origins[place]!;
    const show = (value: number) => value - origin + offset * place;
    const marks = [
      ...(state === undefined ? [] : [{ kind: 'state' as const, m: state.m, potential: at(state.m) }]),
      ...(table.kink[i] ?? []).map((m) => ({ kind: 'kink' as const, m, potential: at(m) })),
      ...(table.minima[i] ?? []).map((minimum) => ({ kind: 'minimum' as const, ...minimum })),
    ];
    return {
      time: table.time[i]!,
      colour: timeColour(order.length === 1 ? 0 : place / (order.length - 1)),
      m: table.m,
      potential,
      shown: potential.map((value) => finite(show(value))),
      marks: marks.flatMap((mark) =>
        mark.potential === null ? [] : [{ ...mark, potential: mark.potential, shown: show(mark.potential) }],
      ),
    };
  });
}

/** Potential at the state, or the smallest one when the state is not in the table's range. */
function originOf(table: PotentialTable, i: number): number {
  const potential = table.potential[i] ?? [];
  const state = table.state[i];
  const here = state === undefined ? null : interpolate(table.m, potential, state.m);
  return here ?? Math.min(...potential.filter(Number.isFinite));
}

/** A label with the time at the right end of each curve; neighbours keep a line's distance. */
function timeLabels(
  curves: readonly Curve[],
  range: readonly [number, number],
  transitionTime: number | null,
): Annotation[] {
  const gap = 0.034 * (range[1] - range[0]);
  let previous = -Infinity;
  return curves
    .flatMap((curve) => {
      const y = curve.shown.at(-1);
      return typeof y === 'number' ? [{ curve, y: Math.min(y, range[1] - gap) }] : [];
    })
    .sort((a, b) => a.y - b.y)
    .map(({ curve, y }) => {
      const isTransition =
        transitionTime !== null && Math.abs(curve.time - transitionTime) < 1e-9 * Math.max(1, transitionTime);
      previous = Math.max(y, previous + gap);
      return {
        text: `${isTransition ? 't*' : 't'} = ${shortNumber(curve.time)}`,
        x: curve.m[curve.m.length - 1]!,
        y: previous,
        xanchor: 'left',
        yanchor: 'middle',
        xshift: 6,
        showarrow: false,
        font: { size: smallSize, color: curve.colour },
      };
    });
}

/** Linear interpolation in a table; null outside it. */
function interpolate(x: readonly number[], y: readonly number[], at: number): number | null {
  for (let i = 1; i < x.length; i++) {
    const [left, right] = [x[i - 1]!, x[i]!];
    if (at < left || at > right) continue;
    return finite(y[i - 1]! + ((at - left) / (right - left)) * (y[i]! - y[i - 1]!));
  }
  return null;
}

/** Up to the marks and the right ends: on the left the potential of late times is steep and of no interest. */
function shownRange(curves: readonly Curve[]): [number, number] {
  const marks = curves.flatMap((curve) => curve.marks.map((mark) => mark.shown));
  const [low] = extent([0, ...marks, ...curves.flatMap(({ shown }) => shown)]);
  const [, high] = extent([0, ...marks, ...curves.flatMap(({ shown }) => shown.slice(-1))]);
  return [low - 0.1, high + 0.25];
}

/** Viridis without its palest end, which white paper swallows. */
function timeColour(share: number): string {
  const stops = [
    [68, 1, 84],
    [59, 82, 139],
    [33, 145, 140],
    [94, 180, 72],
    [190, 170, 20],
  ];
  const position = share * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(position));
  const mix = stops[i]!.map((value, k) => Math.round(value + (position - i) * (stops[i + 1]![k]! - value)));
  return `rgb(${mix.join(',')})`;
}

function look(kind: Mark, colour: string): MarkerLook {
  switch (kind) {
    case 'state':
      return { symbol: 'circle', size: 11, color: colour, line: { width: 1, color: ink.paper } };
    case 'kink':
      return { symbol: 'square-open', size: 15, color: colour, line: { width: 2, color: colour } };
    case 'minimum':
      return { symbol: 'triangle-up-open', size: 10, color: colour, line: { width: 2, color: colour } };
  }
}

function caption(transitionTime: number | null): string {
  return (
    'The guided effective potential per dimension along the overlap m, at the variance v(t) of the trajectory; its slope at the dot drives m. Each curve is shifted ' +
    'to its own zero at the samples (dots) and later stages of sampling (smaller t) are stacked higher. The kink (squares), where the guided class and all the others together weigh the same (ψ = φ), moves to ' +
    'smaller m as sampling proceeds: left of it guidance acts, right of it guidance has switched itself off. ' +
    (transitionTime === null
      ? 'It does not reach the samples before t = 0.'
      : `It passes through the samples at the transition, t* = ${shortNumber(transitionTime)}.`)
  );
}
