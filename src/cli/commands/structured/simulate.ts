import { finite, type FigureTable } from '../../../figures/drawing/figure.ts';
import type { GuidanceText } from '../../../guidance/written.ts';
import type { GuidedClass } from '../../../mixture/centres.ts';
import { rateOfLevels, type ClassLaw } from '../../../mixture/classLaw.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import type { Estimate } from '../../../numerics/statistics.ts';
import type { KernelName } from '../../../particles/kernels/choose.ts';
import { structuredGrids, type StructuredGrid } from '../../../particles/structured/options.ts';
import type { ParticleOptions } from '../../../particles/problem/problem.ts';
import type { StructuredResult } from '../../../particles/structured/result.ts';
import type {
  StructuredInput as StructuredSimulation,
  StructuredMode,
} from '../../../particles/structured/spec.ts';
import { runStructured } from '../../../threads/structured.ts';
import { structuredRecord, type StructuredModelOptions } from '../../frame/classes.ts';
import type { CommandContext, CommandResult } from '../../frame/command.ts';
import type { RawOptions } from '../../frame/input.ts';
import { columnTable, showWithError, show, table } from '../../terminal/output.ts';
import { showRate } from '../../terminal/progress.ts';

/** Options of `simulate` that structured classes take. */
export interface StructuredSimulateValues {
  readonly mode: StructuredMode;
  readonly dimension: number;
  readonly alpha: number | null;
  readonly classes: number | null;
  readonly model: StructuredModelOptions;
  readonly guidance: GuidanceText;
  readonly guidedClass: GuidedClass;
  readonly numerics: Partial<ParticleOptions>;
  readonly backend: KernelName;
  readonly workers: number;
}

/** Options that say nothing about structured classes. */
const foreign = [
  'form',
  'times',
  'histogram',
  'tolerance',
  'checkpoint',
  'share',
  'classesFrom',
  'centreOverlap',
];

/** The simulation of a model as the library takes it. */
export function structuredSimulation(
  mode: StructuredMode,
  { law, sampler, process, startTime }: StructuredModelOptions,
  dimension: number,
  count: { readonly alpha: number | null; readonly classes: number | null },
  guidance: GuidanceText,
  guidedClass: GuidedClass,
): StructuredSimulation {
  const own = law.kind === 'levels' ? { alpha: null, classes: null } : count;
  return { mode, law, dimension, ...own, eta: sampler.eta, process, startTime, guidance, guidedClass };
}

/** Throws for an option that structured classes have no use for. */
export function requireOwnOptions(raw: RawOptions): void {
  for (const key of foreign) {
    if (raw[key] === undefined) continue;
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new ParameterError(name, 'left out with structured classes', raw[key]);
  }
}

/** `simulate` for structured classes. */
export async function simulateStructuredClasses(
  values: StructuredSimulateValues,
  { progress, raw }: CommandContext,
): Promise<CommandResult> {
  requireOwnOptions(raw);
  const { mode, dimension, alpha, classes, model, guidance, guidedClass, backend } = values;
  const { particles, realizations, steps, seed, method, skipTolerance, memoryLimit } = values.numerics;
  const grid = raw['grid'] === undefined ? 'angle' : evenGrid(String(raw['grid']));
  const given = {
    particles,
    realizations,
    steps: steps ?? undefined,
    seed,
    method,
    ...(mode === 'full' ? { skipTolerance, memoryLimit } : {}),
    grid,
  };
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { workers } = values;
  progress.stage(`${mode} simulation`);
  const notes: string[] = [];
  const begin = performance.now();
  const result = await runStructured(
    structuredSimulation(mode, model, dimension, { alpha, classes }, guidance, guidedClass),
    options,
    {
      workers,
      backend,
      onProgress: (fraction) => {
        progress.update(fraction);
      },
      onNote: (note) => notes.push(note),
    },
  );
  const seconds = (performance.now() - begin) / 1000;
  const { pairs, pairsEvaluated, pairsPrecise, classes: count } = result;
  const logClasses =
    count === null ? logClassesOf(model.law, { alpha, classes, dimension }) : Math.log(count);
  return {
    document: {
      classes: count,
      logClasses,
      alpha: logClasses / dimension,
      ...particleParts(model.law, result),
      series: [],
      timeSteps: result.steps,
      timeGrid: grid,
      discretization: null,
      ...(mode === 'full' ? { backend } : {}),
      workers,
      ...(mode === 'full'
        ? {
            pairs,
            pairsPerSecond: pairs / seconds,
            pairsEvaluated: pairsEvaluated / pairs,
            pairsPrecise: pairsPrecise / pairs,
          }
        : {}),
      seconds,
    },
    text: [
      table([
        ['at the data', 'mean +- standard error'],
        ...observables(result).map(([name, value]) => [name, showEstimate(value)]),
        ...coordinateLines(result),
      ]),
      partsText(model.law, result),
      table([
        ['classes', count === null ? `averaged, log K = ${show(logClasses)}` : String(count)],
        ['particles', `${result.realizations} x ${result.particles}`],
        ['steps', `${result.steps}, grid ${grid}`],
        ['time', `${seconds.toPrecision(3)} s`],
        ...(mode === 'full' ? [['speed', `${showRate(pairs / seconds)} pairs/s`]] : []),
      ]),
    ].join('\n\n'),
    notes: [
      ...notes,
      ...(result.realizations === 1 ? ['one realisation: its result has no standard error'] : []),
    ],
    record: {
      problem: {
        dimension,
        classes,
        ...structuredRecord(model, classes === null ? rateOf(model.law, alpha) : null, guidance),
        guidedClass,
      },
      options: { mode, ...options, workers, ...(mode === 'full' ? { backend } : {}) },
      seed: seed ?? null,
    },
    csv: resultTable(result),
  };
}

/** log K of a reduced simulation. */
function logClassesOf(
  law: ClassLaw,
  { alpha, classes, dimension }: Pick<StructuredSimulateValues, 'alpha' | 'classes' | 'dimension'>,
): number {
  return classes === null ? rateOf(law, alpha)! * dimension : Math.log(classes);
}

const rateOf = (law: ClassLaw, alpha: number | null) => (law.kind === 'levels' ? rateOfLevels(law) : alpha);

function evenGrid(name: string): StructuredGrid {
  const found = structuredGrids.find((one) => one === name);
  if (found === undefined)
    throw new ParameterError('grid', `${structuredGrids.join(', ')} with structured classes`, name);
  return found;
}

const observables = ({ m, q, v, vParallel, speciatedFraction, guidedWeight }: StructuredResult) =>
  [
    ['m', m],
    ['q', q],
    ['v', v],
    ['vParallel', vParallel],
    ['speciated fraction', speciatedFraction],
    ['weight of the guided class', guidedWeight],
  ] as const;

/** The part of a document with the estimates: of all coordinates, of bands, levels, a coordinate's law. */
export function particleParts(law: ClassLaw, result: StructuredResult): Record<string, unknown> {
  const { m, q, v, vParallel, speciatedFraction, guidedWeight, bands, levels, coordinate } = result;
  const parts =
    law.kind === 'levels'
      ? {
          levels: law.levels.map(({ alpha, r }, i) => ({
            alpha,
            r,
            m: levels[i]?.m ?? null,
            vParallel: levels[i]?.vParallel ?? null,
            speciationTime: null,
          })),
        }
      : {
          bands: bands.map((band) => ({
            rho: law.bands[band.band]!.rho,
            c: band.c,
            weight: band.coordinates / result.dimension,
            m: band.m,
            v: band.v,
            vParallel: band.vParallel,
          })),
          coordinate,
        };
  return { m, q, v, vParallel, speciatedFraction, guidedWeight, ...parts };
}

function showEstimate(value: Estimate | null): string {
  return value === null ? '-' : showWithError(value.mean, value.standardError);
}

function coordinateLines({ coordinate }: StructuredResult): string[][] {
  if (coordinate === null) return [];
  return [
    ['coordinate, mean', showEstimate(coordinate.mean)],
    ['coordinate, variance', showEstimate(coordinate.variance)],
    ['coordinate, skewness', showEstimate(coordinate.skewness)],
  ];
}

function partsText(law: ClassLaw, result: StructuredResult): string {
  if (law.kind === 'levels')
    return columnTable(
      law.levels.map((level, i) => ({ ...level, place: i + 1, m: result.levels[i]?.m ?? null })),
      [
        ['level', ({ place }) => String(place)],
        ['alpha', ({ alpha }) => show(alpha)],
        ['r', ({ r }) => show(r)],
        ['m', ({ m }) => showEstimate(m)],
      ],
    );
  return columnTable(result.bands, [
    ['rho', ({ band }) => show(law.bands[band]!.rho)],
    ['c', ({ c }) => show(c)],
    ['coordinates', ({ coordinates }) => show(coordinates)],
    ['m', ({ m }) => showEstimate(m)],
    ['v', ({ v }) => showEstimate(v)],
  ]);
}

/** One row: the estimates with their errors. */
function resultTable(result: StructuredResult): FigureTable {
  const cells = [
    ...observables(result),
    ...result.bands.flatMap(({ m, v }, i) => [[`m${i + 1}`, m] as const, [`v${i + 1}`, v] as const]),
    ...result.levels.map((level, i) => [`m${i + 1}`, level?.m ?? null] as const),
  ];
  const key = (name: string) =>
    name.replace(/ (?:of the )?(\w)/g, (_, letter: string) => letter.toUpperCase());
  return {
    columns: cells.flatMap(([name]) => [key(name), `${key(name)}Error`]),
    rows: [cells.flatMap(([, value]) => [finite(value?.mean ?? null), finite(value?.standardError ?? null)])],
  };
}
