import type { Crossing, CrossingKind } from '../../meanfield/solve.ts';
import type { TrajectoryRow } from '../../meanfield/trajectory.ts';
import type { ForwardProcess } from '../../process/process.ts';
import { finite, recordTable, type Figure, type FigureTable } from '../drawing/figure.ts';
import { figureOf, type Marks } from '../drawing/frame.ts';
import {
  axisTitle,
  ink,
  palette,
  referenceLine,
  sequence,
  shortNumber,
  simulationMark,
  sourceTitle,
  timeTitle,
} from '../drawing/theme.ts';
import { along, type KeyOf } from '../drawing/traces.ts';
import { transitionLook } from '../drawing/transition.ts';
import { className, classRows, startOfAxis, type TrajectoryPoint } from './trajectoryFigure.ts';

/** Input of {@link solutionFigure}. */
export interface SolutionInput {
  /** The path in the order of sampling; none where only simulations are drawn. */
  readonly rows: readonly TrajectoryRow[];
  readonly crossings: readonly Pick<Crossing, 'time' | 'kind' | 'm' | 'q'>[];
  readonly points: readonly TrajectoryPoint[];
  readonly sigma2: number;
  readonly process: ForwardProcess;
  /** Parameters, for the title: e.g. "ODE, α = 0.5, w = 1". */
  readonly label: string;
}

const pathName = 'mean field, d → ∞';

const crossingLook: Readonly<Record<CrossingKind, { readonly name: string; readonly colour: string }>> = {
  speciation: { name: 'into the phase of the class', colour: palette.vermillion },
  return: { name: 'back out of it', colour: palette.purple },
  condensation: { name: 'the other classes condense', colour: palette.orange },
  slidingStart: { name: 'onto the surface between the phases', colour: palette.green },
  slidingEnd: { name: 'off the surface', colour: palette.sky },
};

/** Colours of the simulations, apart from those of the lines. */
const pointColours = [palette.green, palette.orange, palette.purple, palette.sky, palette.vermillion];

/** One trajectory along sampling: overlap, variance, free energies and complexity, its crossings, and the simulations beside it. */
export function solutionFigure({ rows, crossings, points, sigma2, process, label }: SolutionInput): Figure {
  const times = [...rows, ...points].map(({ time }) => time);
  // All of what was recorded, where there is nothing else.
  const recorded = rows.length === 0 ? Math.max(0, ...times) : 0;
  const start = Math.max(1.02 * recorded, startOfAxis(times, crossings, process));
  const x = {
    title: { text: `${timeTitle[process.name]}: sampling runs →` },
    range: [start, -0.025 * start] as [number, number],
  };
  const shown = rows.filter(({ time }) => time <= 1.2 * start);
  const reference = classRows(
    referenceTimes(shown, start).filter((time) => time <= 1.2 * start),
    process,
    sigma2,
  );
  const marked = crossings.map((crossing) => ({ ...crossing, v: crossing.q - crossing.m ** 2 }));
  const runs = runsOf(points);
  const moments = [
    { title: 'overlap', y: axisTitle.m, value: 'm' },
    { title: 'variance across the class direction', y: axisTitle.v, value: 'v' },
  ] as const;
  const energies = [
    { name: 'ψ, guided class', value: 'psi', colour: palette.vermillion },
    { name: 'φ, all others', value: 'phi', colour: palette.sky },
  ] as const;
  const line = (name: string | null, colour: string, value: KeyOf<TrajectoryRow>): Marks => ({
    name: name ?? '',
    colour,
    inLegend: name !== null,
    ...along(shown, { x: 'time', y: value }),
    line: { width: 2.5 },
  });
  const has = (value: 'psi' | 'phi' | 'complexity') => shown.some((row) => finite(row[value]) !== null);
  return figureOf({
    id: rows.length === 0 ? 'simulation' : 'solution',
    title: `Order parameters along sampling (${label})`,
    caption: captionOf(label, rows.length > 0, points.length > 0),
    panels: [
      ...moments.map(({ title, y, value }) => ({
        title,
        x,
        y: { title: { text: y }, rangemode: 'tozero' as const },
        marks: [
          {
            name: className,
            colour: ink.muted,
            inLegend: true,
            ...along(reference, { x: 'time', y: value }),
            line: referenceLine,
          },
          shown.length > 0 && line(pathName, palette.blue, value),
          marked.map(({ kind, ...moment }) => ({
            name: crossingLook[kind].name,
            colour: crossingLook[kind].colour,
            inLegend: true,
            ...along([moment], { x: 'time', y: value, text: ({ time }) => `t = ${shortNumber(time, 4)}` }),
            mark: transitionLook(crossingLook[kind].colour),
          })),
          runs.map(({ name, colour, size, source, own }) => ({
            name,
            colour,
            inLegend: true,
            ...along(own, { x: 'time', y: value, error: `${value}Error` }),
            mark: simulationMark(source, colour, size),
          })),
        ],
      })),
      ...(has('psi') && has('phi')
        ? [
            {
              title: 'free energies per dimension',
              x,
              y: 'ψ, φ',
              marks: energies.map(({ name, value, colour }) => line(name, colour, value)),
            },
          ]
        : []),
      ...(has('complexity')
        ? [
            {
              title: 'complexity of the other classes',
              x,
              y: 'Σ',
              horizontal: [0],
              marks: complexityMarks(shown),
            },
          ]
        : []),
    ],
    columns: 2,
    heights: [280, 280],
    table: tableOf(shown, marked, points, reference),
  });
}

/** The complexity: in black while the other classes rule, after that, where it is of no effect, in grey. */
function complexityMarks(rows: readonly TrajectoryRow[]): Marks {
  const rules = rows.map(({ psi, phi }) => phi >= psi);
  // Each part keeps the rows at which the other begins, so that there is no gap.
  const partOf = (isCompeting: boolean) =>
    rows.map((row, i) => {
      const isShown = rules[i] === isCompeting || (rules[i - 1] ?? rules[i]) === isCompeting;
      return { time: row.time, complexity: isShown ? row.complexity : null };
    });
  return [
    {
      name: 'complexity after the transition, of no effect',
      colour: ink.muted,
      inLegend: rules.includes(false),
      ...along(partOf(false), { x: 'time', y: 'complexity' }),
      line: { width: 1.5, dash: 'dash' },
    },
    {
      name: '',
      colour: palette.black,
      inLegend: false,
      ...along(partOf(true), { x: 'time', y: 'complexity' }),
      line: { width: 2.5 },
    },
  ];
}

/** Times of the reference: those of the path, or even ones where there is none. */
function referenceTimes(rows: readonly TrajectoryRow[], start: number): number[] {
  const count = 60;
  if (rows.length > 0) return rows.map(({ time }) => time);
  return Array.from({ length: count + 1 }, (_, i) => (start * (count - i)) / count);
}

/** Points by source and dimension, each with its name and look. */
function runsOf(points: readonly TrajectoryPoint[]) {
  const keys = [...new Set(points.map(({ source, d }) => `${source} ${d}`))];
  return keys.map((key, i) => {
    const own = points.filter(({ source, d }) => `${source} ${d}` === key);
    const { source, d } = own[0]!;
    const colour = pointColours[i] ?? sequence[i % sequence.length]!;
    // Where they coincide, the larger ones show as rims.
    const size = Math.max(6, 12 - 4 * i);
    return { name: `${sourceTitle[source]}, d = ${d}`, colour, size, source, own };
  });
}

function tableOf(
  rows: readonly TrajectoryRow[],
  crossings: readonly (SolutionInput['crossings'][number] & { readonly v: number })[],
  points: readonly TrajectoryPoint[],
  reference: readonly { readonly time: number; readonly m: number; readonly v: number }[],
): FigureTable {
  return recordTable(
    ['source', 'd', 'time', 'm', 'mError', 'q', 'v', 'vError', 'psi', 'phi', 'complexity'],
    [
      ...rows.map((row) => ({ ...row, source: 'theory' })),
      ...crossings.map(({ kind, ...moment }) => ({ ...moment, source: kind })),
      ...points,
      ...reference.map((moment) => ({ ...moment, source: 'class' })),
    ],
  );
}

function captionOf(label: string, hasPath: boolean, hasPoints: boolean): string {
  return (
    `Order parameters along sampling (${label}). Time is the forward time and its axis is reversed: sampling starts as noise on the left and reaches the data at ` +
    't = 0 on the right. Dotted: the class itself, without guidance.' +
    (hasPath
      ? ' Lines: mean-field theory, d → ∞, with a bar where the trajectory changes its phase: there the free energies of the guided class, ψ, and of all others, φ, are equal, and the larger one rules. ' +
        'Where their complexity falls to 0 while they rule, the other classes condense.'
      : '') +
    (hasPoints ? ' Marks: particle simulations with standard errors.' : '')
  );
}
