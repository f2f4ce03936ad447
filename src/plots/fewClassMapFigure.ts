import type { Data } from 'plotly.js-dist-min';
import { thinReference } from './fewClassLook.ts';
import { finite, type Figure } from './figure.ts';
import { panelLayout, type Panel } from './panels.ts';
import { sequence, shortNumber } from './theme.ts';
import { legendKey, lineTrace } from './traces.ts';

/** The one-step map of the sampler at one strength. */
export interface OneStepPanel {
  readonly w: number;
  /** Where the strength lies: "below the threshold", in words for the title. */
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

const identityName = 'where it was: v';
const mirrorName = 'opposite side: −v';

/** The one-step map h(v, k) of the positive half-line at weak and strong guidance, one line for each time. */
export function fewClassMapFigure({ panels, stepSize, label }: OneStepInput): Figure {
  const data: Data[] = [];
  const times = [...new Set(panels.flatMap(({ lines }) => lines.map(({ time }) => time)))];
  panels.forEach(({ lines }, panel) => {
    const last = lines.flatMap(({ x }) => [...x]).reduce((a, b) => Math.max(a, b), 0);
    const mirror = { ...thinReference, dash: 'dash' } as const;
    for (const [name, sign, look] of [
      [identityName, 1, thinReference],
      [mirrorName, -1, mirror],
    ] as const) {
      data.push({
        ...lineTrace({ name, panel, colour: look.color }, { x: [0, last], y: [0, sign * last] }, look),
        hoverinfo: 'skip',
        meta: { decoration: true },
      });
    }
    for (const { time, x, next } of lines) {
      const colour = sequence[times.indexOf(time) % sequence.length]!;
      data.push(
        lineTrace(
          { name: timeName(time), panel, colour },
          { x: x.map(finite), y: next.map(finite) },
          { width: 2.5 },
        ),
      );
    }
  });
  times.forEach((time, i) => {
    const color = sequence[i % sequence.length]!;
    data.push(legendKey(timeName(time), { mode: 'lines', line: { color, width: 2.5 } }));
  });
  data.push(
    legendKey(identityName, { mode: 'lines', line: thinReference }),
    legendKey(mirrorName, { mode: 'lines', line: { ...thinReference, dash: 'dash' } }),
  );
  const entries = times.length + 2;
  const drawn = panels.map(({ w, place }): Panel => ({
    title: `w = ${shortNumber(w)}, ${place}`,
    x: { title: { text: 'v, distance from the centre' } },
    y: { title: { text: 'h(v), after one step' }, nticks: 7 },
  }));
  return {
    id: 'few-class-map',
    title: 'One step of the sampler below and above the splitting',
    caption:
      `Position after one step of size ${shortNumber(stepSize)} against the position before it, along the line through the classes and seen from the centre of the guided one (${label}), ` +
      'at several process times. A line between the two diagonals brings the particle nearer to the centre; below the lower one it lands farther away ' +
      'on the opposite side, and the class splits in two.',
    data,
    layout: panelLayout(drawn, { columns: 2, panelHeight: 330, legendRows: Math.ceil(entries / 4) }),
    narrowLayout: panelLayout(drawn, { columns: 1, panelHeight: 270, legendRows: Math.ceil(entries / 2) }),
    table: {
      columns: ['w', 'time', 'v', 'next'],
      rows: panels.flatMap(({ w, lines }) =>
        lines.flatMap(({ time, x, next }) => x.map((v, i) => [w, time, v, finite(next[i])])),
      ),
    },
  };
}

function timeName(time: number): string {
  return `t = ${shortNumber(time)}`;
}
