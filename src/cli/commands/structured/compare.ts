import { limitRows, type ObservedRow } from '../../../finiteSize/limits.ts';
import { comparedObservables, type ComparisonRow } from '../../../finiteSize/table.ts';
import { comparisonFigure } from '../../../figures/manyClasses/comparisonFigure.ts';
import { samplerLabel } from '../../../guidance/sampler.ts';
import type { GuidanceText } from '../../../guidance/written.ts';
import { solveStructured, type StructuredSolution } from '../../../meanfield/structured/solve.ts';
import type { ClassLaw } from '../../../mixture/classLaw.ts';
import type { Estimate } from '../../../numerics/statistics.ts';
import type { ParticleOptions } from '../../../particles/problem/problem.ts';
import type { StructuredResult } from '../../../particles/structured/result.ts';
import { runStructured } from '../../../threads/structured.ts';
import {
  lawTitle,
  structuredInput,
  structuredRecord,
  type StructuredModelOptions,
} from '../../frame/classes.ts';
import type { CommandContext, CommandResult } from '../../frame/command.ts';
import { show, showWithError, table } from '../../terminal/output.ts';
import { limitsText } from '../../terminal/limits.ts';
import { requireOwnOptions, particleParts, structuredSimulation } from './simulate.ts';
import { structuredParts } from './solve.ts';

/** A row of the table: an observable of all coordinates, of a band (m1, v1, ...) or of a level (m1, ...). */
type Row = ObservedRow;

const columns = ['alpha', 'w', 'd', 'observable', 'source', 'value', 'standardError'] as const;

/** Options of `compare` that structured classes take. */
export interface StructuredCompareValues {
  readonly alphas: readonly number[];
  readonly guidances: readonly GuidanceText[];
  readonly dimensions: readonly number[];
  readonly modes: readonly ('reduced' | 'full')[];
  readonly model: StructuredModelOptions;
  readonly options: Pick<ParticleOptions, 'particles' | 'realizations' | 'seed'> & { readonly steps: number };
  readonly workers: number;
}

/** `compare` for structured classes: mean field, reduced and full simulation. */
export async function compareStructuredClasses(
  { alphas, guidances, dimensions, modes, model, options, workers }: StructuredCompareValues,
  { progress, raw }: CommandContext,
): Promise<CommandResult> {
  requireOwnOptions(raw);
  const { law } = model;
  const rows: Row[] = [];
  const parts: Record<string, unknown>[] = [];
  for (const alpha of alphas) {
    for (const guidance of guidances) {
      const w = 'w' in guidance ? guidance.w : null;
      const solution = solveStructured(await structuredInput(model, alpha, guidance));
      const at = { alpha, w };
      rows.push(...theoryRows(solution, at));
      parts.push({
        ...at,
        d: null,
        source: 'theory',
        ...structuredParts(law, solution.final, solution.levelTimes),
      });
      for (const d of dimensions) {
        for (const source of modes) {
          progress.stage(
            `${source}, alpha = ${show(alpha)}, ${w === null ? 'scheduled w' : `w = ${show(w)}`}, d = ${d}`,
          );
          const count = { alpha, classes: null };
          const problem = structuredSimulation(source, model, d, count, guidance, 'typical');
          const result = await runStructured(problem, options, {
            workers,
            onProgress: (fraction) => {
              progress.update(fraction);
            },
          });
          rows.push(...particleRows(result, { ...at, d, source }));
          const { bands, levels, coordinate } = particleParts(law, result);
          parts.push({ ...at, d, source, ...(law.kind === 'levels' ? { levels } : { bands, coordinate }) });
        }
      }
    }
  }
  const isDrawn = (row: Row): row is ComparisonRow =>
    (comparedObservables as readonly string[]).includes(row.observable);
  const limits = limitRows(rows, options.realizations);
  return {
    document: { rows, limits, [law.kind === 'levels' ? 'levels' : 'bands']: parts },
    text: [rowsText(rows), ...limitsText(limits)].join('\n\n'),
    record: {
      problem: { ...structuredRecord(model, alphas, strengths(guidances)), d: dimensions },
      options: { modes, ...options, workers },
      seed: options.seed,
    },
    figures: () => [
      comparisonFigure({
        rows: rows.filter(isDrawn),
        label: `${samplerLabel(model.sampler).toUpperCase()}, ${lawTitle(law)}`,
      }),
    ],
    csv: { columns: [...columns], rows: rows.map((row) => columns.map((column) => row[column])) },
  };
}

function strengths(guidances: readonly GuidanceText[]): GuidanceText | { readonly w: readonly number[] } {
  const [first] = guidances;
  if (first !== undefined && !('w' in first)) return first;
  return { w: guidances.flatMap((guidance) => ('w' in guidance ? [guidance.w] : [])) };
}

function theoryRows({ final, vParallel, problem }: StructuredSolution, at: Pick<Row, 'alpha' | 'w'>): Row[] {
  const values: (readonly [string, number | null])[] = [
    ['m', final?.m ?? null],
    ['q', final?.q ?? null],
    ['v', final?.v ?? null],
    ['vParallel', vParallel],
    ...partNames(
      problem.law,
      (i) => [final?.bands[i]?.m ?? null, final?.bands[i]?.v ?? null],
      (l) => final?.levels?.[l] ?? null,
    ),
  ];
  return values.map(([observable, value]) => ({
    ...at,
    d: null,
    observable,
    source: 'theory',
    value,
    standardError: null,
  }));
}

/** Observables of bands, or levels, by name. */
function partNames<T>(
  law: ClassLaw,
  ofBand: (band: number) => readonly [m: T, v: T],
  ofLevel: (level: number) => T,
): (readonly [string, T])[] {
  if (law.kind === 'levels')
    return Array.from(
      { length: law.towards ?? law.levels.length },
      (_, i) => [`m${i + 1}`, ofLevel(i)] as const,
    );
  const groups = law.bands.flatMap(({ c }) => (typeof c === 'number' ? [c] : c.map(({ value }) => value)));
  if (groups.length === 1) return [];
  return groups.flatMap((_, i) => {
    const [m, v] = ofBand(i);
    return [[`m${i + 1}`, m] as const, [`v${i + 1}`, v] as const];
  });
}

function particleRows(result: StructuredResult, at: Pick<Row, 'alpha' | 'w' | 'd' | 'source'>): Row[] {
  const { m, q, v, vParallel, bands, levels } = result;
  const values: (readonly [string, Estimate | null])[] = [
    ['m', m],
    ['q', q],
    ['v', v],
    ['vParallel', vParallel],
    ...(bands.length < 2
      ? []
      : bands.flatMap((band, i) => [[`m${i + 1}`, band.m] as const, [`v${i + 1}`, band.v] as const])),
    ...levels.map((level, i) => [`m${i + 1}`, level?.m ?? null] as const),
  ];
  return values.map(([observable, value]) => ({
    ...at,
    observable,
    value: value?.mean ?? null,
    standardError: value?.standardError ?? null,
  }));
}

function rowsText(rows: readonly Row[]): string {
  const theoryOf = (row: Row) =>
    rows.find(
      (other) =>
        other.source === 'theory' &&
        other.alpha === row.alpha &&
        other.w === row.w &&
        other.observable === row.observable,
    );
  return table([
    ['observable', 'alpha', 'w', 'd', 'source', 'value', 'in s.e.'],
    ...rows.map((row) => {
      const theory = theoryOf(row)?.value ?? null;
      const error = row.standardError;
      const distance =
        row.source === 'theory' || theory === null || row.value === null || error === null || error === 0
          ? ''
          : ((row.value - theory) / error).toFixed(1);
      return [
        row.observable,
        show(row.alpha),
        show(row.w),
        row.d === null ? 'infinite' : String(row.d),
        row.source,
        row.value === null ? '-' : showWithError(row.value, error),
        distance,
      ];
    }),
  ]);
}
