import type { ColumnWords } from '../../../figures/drawing/columnWords.ts';
import { lawDiagramFigure } from '../../../figures/manyClasses/lawDiagramFigure.ts';
import {
  exponentGrid,
  lawDiagram,
  levelRateGrid,
  type LawDiagram,
  type LawGrid,
} from '../../../meanfield/transition/lawDiagram.ts';
import type { SolveOptions } from '../../../meanfield/problem.ts';
import type { ClassLaw } from '../../../mixture/classLaw.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { processes } from '../../../process/process.ts';
import { structuredRecord, structuredTitle, type ClassModelOptions } from '../../frame/classes.ts';
import type { CommandContext, CommandResult } from '../../frame/command.ts';
import { nonNegative } from '../../frame/options.ts';
import { parseRange } from '../../frame/ranges.ts';
import { show, table } from '../../terminal/output.ts';

/** Axes of a diagram over class laws, as they are typed; null: a diagram over (alpha, w). */
export interface LawAxes {
  readonly levelRates: string | null;
  readonly exponent: readonly number[] | null;
}

/** Values of `phase-diagram` over class laws. */
interface LawDiagramValues extends LawAxes {
  readonly alpha: readonly number[] | null;
  readonly w: readonly number[];
  readonly model: ClassModelOptions;
  readonly solver: Partial<SolveOptions>;
}

/** A grid and its axes: keys in the document, and titles. */
interface NamedGrid {
  readonly grid: LawGrid;
  readonly keys: readonly [x: string, y: string];
  readonly titles: readonly [x: string, y: string];
  /** Number of levels; null for bands. */
  readonly levels: number | null;
}

/** `phase-diagram` over the rates of two levels, or over class rate and exponent of the spectrum. */
export function lawDiagramResult(values: LawDiagramValues, { progress, raw }: CommandContext): CommandResult {
  const { w, model, solver } = values;
  if (model.law === undefined) throw new ParameterError('spectrum', 'given with --exponent', undefined);
  const { law, sampler, startTime, process } = model;
  const [strength] = w;
  if (w.length !== 1 || strength === undefined)
    throw new ParameterError(
      raw['w'] === undefined ? 'scale' : 'w',
      `one value with --${values.exponent === null ? 'level-rates' : 'exponent'}`,
      w,
    );
  const named = gridOf(law, values, raw['spectrum']);
  progress.stage('phase diagram');
  const diagram = lawDiagram(
    { guidance: { w: strength }, sampler, startTime, process: processes[process] },
    named.grid,
    solver,
    (rows) => {
      progress.update(rows / named.grid.y.length);
    },
  );
  const title = structuredTitle(model, null, { w: strength });
  return {
    document: documentOf(diagram, named, strength),
    text: textOf(diagram, named),
    record: {
      problem: {
        ...structuredRecord(model, null, { w: strength }),
        [named.keys[0]]: diagram.x,
        [named.keys[1]]: diagram.y,
      },
      options: solver,
      seed: null,
    },
    figure: () =>
      lawDiagramFigure({
        diagram,
        xTitle: named.titles[0],
        yTitle: named.titles[1],
        levels: named.levels,
        title,
      }),
    csv: tableOf(diagram, named, strength),
  };
}

function gridOf(
  law: ClassLaw,
  { levelRates, exponent, alpha }: LawDiagramValues,
  spectrum: string | boolean | undefined,
): NamedGrid {
  if (levelRates !== null && law.kind === 'levels') {
    const [first, second] = levelRatesOf(levelRates, law.levels.length);
    return {
      grid: levelRateGrid(law, first, second),
      keys: ['alpha1', 'alpha2'],
      titles: ['class rate α<sub>1</sub> of the first level', 'class rate α<sub>2</sub>'],
      levels: law.towards ?? law.levels.length,
    };
  }
  if (law.kind !== 'bands' || !/^\s*power\s*:/.test(String(spectrum)))
    throw new ParameterError('exponent', 'given with --spectrum power:EXPONENT:C', exponent);
  const [band] = law.bands;
  return {
    grid: exponentGrid(
      {
        c: band!.c as number,
        bands: law.bands.length,
        ...(band!.centres === undefined ? {} : { centres: band!.centres }),
      },
      alpha!,
      exponent!,
    ),
    keys: ['alpha', 'exponent'],
    titles: ['class rate α = log K / d', 'exponent of the spectrum'],
    levels: null,
  };
}

/** Rates of the first two levels. @throws ParameterError in the words of the option */
function levelRatesOf(typed: string, levels: number): [number[], number[]] {
  const name = 'level-rates';
  if (levels < 2) throw new ParameterError(name, 'given with two --levels at least', typed);
  const [first, second, ...more] = typed.split(';');
  if (first === undefined || second === undefined || more.length > 0)
    throw new ParameterError(name, 'two ranges with a semicolon between them', typed);
  const rates = (text: string) => {
    const values = parseRange(name, text);
    for (const value of values) nonNegative.require(name, value);
    return values;
  };
  return [rates(first), rates(second)];
}

/** Times of a document: a level that is known from the start has none. */
const timeOf = (time: number | null | undefined) => (time === undefined || time === Infinity ? null : time);

function documentOf(diagram: LawDiagram, { keys, levels }: NamedGrid, w: number): Record<string, unknown> {
  const { x, y, levels: overlaps, levelTimes, ...matrices } = diagram;
  return {
    [keys[0]]: x,
    [keys[1]]: y,
    w,
    ...matrices,
    ...(levels === null
      ? {}
      : {
          levels: overlaps,
          levelTimes: levelTimes.map((row) => row.map((times) => times.map(timeOf))),
        }),
  };
}

/** Meanings of the columns that no other command has. */
function wordsOf(each: readonly number[]): Readonly<Record<string, ColumnWords>> {
  const number = (meaning: string): ColumnWords => ({ unit: '1', meaning });
  return {
    alpha1: number('class rate of the first level'),
    alpha2: number('class rate of the second level'),
    exponent: number('exponent of the power-law spectrum'),
    ...Object.fromEntries(
      each.flatMap((l): [string, ColumnWords][] => [
        [`m${l + 1}`, number(`overlap with the part of the centre at level ${l + 1}`)],
        [`speciationTime${l + 1}`, { unit: 'OU time', meaning: `level ${l + 1} is first known` }],
      ]),
    ),
  };
}

/** One row per point, x running fastest. */
function tableOf(diagram: LawDiagram, { keys, levels }: NamedGrid, w: number) {
  const each = Array.from({ length: levels ?? 0 }, (_, l) => l);
  const { x, y, m, v, speciationTime, phase, minComplexity } = diagram;
  return {
    columns: [
      ...keys,
      'w',
      'm',
      'v',
      ...each.map((l) => `m${l + 1}`),
      ...each.map((l) => `speciationTime${l + 1}`),
      'speciationTime',
      'phase',
      'minComplexity',
    ],
    words: wordsOf(each),
    rows: y.flatMap((ordinate, j) =>
      x.map((abscissa, i) => [
        abscissa,
        ordinate,
        w,
        m[j]![i]!,
        v[j]![i]!,
        ...each.map((l) => diagram.levels[j]![i]?.[l] ?? null),
        ...each.map((l) => timeOf(diagram.levelTimes[j]![i]![l])),
        speciationTime[j]![i]!,
        phase[j]![i]!,
        minComplexity[j]![i]!,
      ]),
    ),
  };
}

function textOf({ x, y, m, v, phase }: LawDiagram, { keys }: NamedGrid): string {
  const count = (row: readonly string[], name: string) => String(row.filter((one) => one === name).length);
  const last = `${keys[0]} = ${show(x.at(-1))}`;
  return table([
    [keys[1], 'speciated', 'condensed', 'unspeciated', `m at ${last}`, `v at ${last}`],
    ...y.map((one, j) => [
      show(one),
      count(phase[j]!, 'speciated'),
      count(phase[j]!, 'condensed'),
      count(phase[j]!, 'unspeciated'),
      show(m[j]!.at(-1)),
      show(v[j]!.at(-1)),
    ]),
  ]);
}
