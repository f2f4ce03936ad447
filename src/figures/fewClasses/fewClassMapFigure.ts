import { ownColumnWords } from '../drawing/columnWords.ts';
import { finite, recordTable, type Figure } from '../drawing/figure.ts';
import { figureOf } from '../drawing/frame.ts';
import { referenceLine, sequence, shortNumber } from '../drawing/theme.ts';

/** The one-step map of the sampler at one strength. */
export interface OneStepPanel {
  readonly w: number;
  /** Place of the strength in words, for the title: "below the threshold". */
  readonly place: string;
  readonly lines: readonly {
    /** Process time from which the step is made. */
    readonly time: number;
    readonly x: readonly number[];
    readonly next: readonly number[];
  }[];
}

/** Input of {@link fewClassMapFigure}. */
export interface OneStepInput {
  readonly panels: readonly OneStepPanel[];
  readonly stepSize: number;
  readonly label: string;
}

const diagonals = [
  { key: 'where it was: v', sign: 1, line: referenceLine },
  { key: 'opposite side: −v', sign: -1, line: { ...referenceLine, dash: 'dash' } },
] as const;

/** The one-step map h(v, k) of the positive half-line at weak and strong guidance, one line for each time. */
export function fewClassMapFigure({ panels, stepSize, label }: OneStepInput): Figure {
  const times = [...new Set(panels.flatMap(({ lines }) => lines.map(({ time }) => time)))];
  const timeName = (time: number) => `t = ${shortNumber(time)}`;
  const colourOf = (time: number) => sequence[times.indexOf(time) % sequence.length]!;
  return figureOf({
    id: 'few-class-map',
    title: 'One step of the sampler below and above the splitting',
    caption:
      `Position after one step of size ${shortNumber(stepSize)} against the position before it, along the line through the classes and seen from the centre of the guided one (${label}), ` +
      'at several process times. A line between the two diagonals brings the particle nearer to the centre; below the lower one it lands farther away ' +
      'on the opposite side, and the class splits in two.',
    panels: panels.map(({ w, place, lines }) => {
      const last = lines.flatMap(({ x }) => [...x]).reduce((a, b) => Math.max(a, b), 0);
      return {
        title: `w = ${shortNumber(w)}, ${place}`,
        x: 'v, distance from the centre',
        y: { title: { text: 'h(v), after one step' }, nticks: 7 },
        marks: [
          diagonals.map(({ key, sign, line }) => ({
            name: key,
            colour: line.color,
            x: [0, last],
            y: [0, sign * last],
            line,
            decoration: true,
          })),
          lines.map(({ time, x, next }) => ({
            name: timeName(time),
            colour: colourOf(time),
            x: x.map(finite),
            y: next.map(finite),
            line: { width: 2.5 },
          })),
        ],
      };
    }),
    keys: [
      times.map((time) => ({ key: timeName(time), line: { color: colourOf(time), width: 2.5 } })),
      diagonals.map(({ key, line }) => ({ key, line })),
    ],
    columns: 2,
    perRow: [4, 2],
    heights: [330, 270],
    table: {
      ...recordTable(
        ['w', 'time', 'v', 'next'],
        panels.flatMap(({ w, lines }) =>
          lines.flatMap(({ time, x, next }) => x.map((v, i) => ({ w, time, v, next: next[i] }))),
        ),
      ),
      words: ownColumnWords.map,
    },
  });
}
