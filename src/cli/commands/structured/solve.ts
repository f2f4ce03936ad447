import type { FigureTable } from '../../../figures/drawing/figure.ts';
import { samplerLabel } from '../../../guidance/sampler.ts';
import type { GuidanceText } from '../../../guidance/written.ts';
import type { StructuredState } from '../../../meanfield/structured/model.ts';
import {
  nodeError,
  solveStructured,
  type StructuredOptions,
  type StructuredSolution,
} from '../../../meanfield/structured/solve.ts';
import {
  coordinateDensity,
  type CoordinateDensityTable,
} from '../../../meanfield/structured/coordinateDensity.ts';
import { structuredTrajectory, type StructuredRow } from '../../../meanfield/structured/trajectory.ts';
import { innerVariance, type ClassLaw } from '../../../mixture/classLaw.ts';
import { ornsteinUhlenbeck, processes } from '../../../process/process.ts';
import {
  structuredInput,
  structuredRecord,
  structuredTitle,
  type StructuredModelOptions,
} from '../../frame/classes.ts';
import type { CommandContext, CommandResult } from '../../frame/command.ts';
import { aligned, columnTable, show, type Column, type Line } from '../../terminal/output.ts';

/** Options of `solve` that structured classes take. */
export interface StructuredSolveValues {
  readonly alpha: number;
  readonly model: StructuredModelOptions;
  readonly guidance: GuidanceText;
  readonly options: Partial<StructuredOptions>;
  /** Rows of the trajectory, or null. */
  readonly rows: number | null;
  /** Places of the density of a coordinate, or null. */
  readonly places: number | null;
  readonly notes: readonly string[];
}

const drawnPoints = 200;

/** `solve` for structured classes. */
export async function solveStructuredClasses(
  { alpha, model, guidance, options, rows, places, notes }: StructuredSolveValues,
  { folder }: CommandContext,
): Promise<CommandResult> {
  const solution = solveStructured(await structuredInput(model, alpha, guidance), options);
  const path = rows === null ? null : structuredTrajectory(solution, rows);
  const density =
    places === null || solution.final === null ? null : coordinateDensity(solution, { count: places });
  const error = nodeError(solution);
  const figures = folder === null ? null : await import('../../../figures/manyClasses/solutionFigure.ts');
  const condensed =
    solution.phase === 'condensed'
      ? ['the competing classes condense while they dominate: the mean-field equations do not close']
      : [];
  return {
    document: {
      ...solutionDocument(solution, path),
      ...(places === null ? {} : { coordinateDensity: density }),
      nodeError: error,
    },
    text: () => solutionText(solution, path),
    notes: [...notes, ...condensed, ...nodeNote(error)],
    record: {
      problem: structuredRecord(model, alpha, guidance),
      options: { ...solution.options, trajectory: rows, density: places },
      seed: null,
    },
    ...(figures === null
      ? {}
      : {
          figure: () =>
            figures.solutionFigure({
              rows: path ?? structuredTrajectory(solution, drawnPoints),
              crossings: solution.crossings.map(({ time, kind, state }) => ({
                time,
                kind,
                m: state.m,
                q: state.v + state.m ** 2,
              })),
              points: [],
              sigma2: innerVariance(model.law),
              process: processes[model.process],
              label: structuredTitle(model, alpha, guidance),
            }),
        }),
    tables: (): Record<string, FigureTable> => ({
      ...(path === null ? {} : { trajectory: trajectoryTable(path, solution.problem.law) }),
      ...(density === null ? {} : { density: densityTable(density) }),
    }),
  };
}

/** Note where the nodes of a law do not resolve its output. */
function nodeNote(error: ReturnType<typeof nodeError>): string[] {
  if (error === null || Math.max(error.m, error.v) <= 1e-5) return [];
  return [
    `the law of a coordinate is resolved to ${show(error.m, 2)} in m and ${show(error.v, 2)} in v/v only: take more nodes in the library (solveStructured, nodes)`,
  ];
}

/** The part of a document that holds what only structured classes have: bands, levels, a coordinate's law. */
export function structuredParts(
  law: ClassLaw,
  state: StructuredState | null,
  levelTimes: readonly (number | null)[] = [],
): Record<string, unknown> {
  if (law.kind === 'levels') {
    const known = law.towards ?? law.levels.length;
    return {
      levels: law.levels.map(({ alpha, r }, i) => ({
        alpha,
        r,
        m: i < known ? (state?.levels?.[i] ?? null) : null,
        speciationTime: finiteTime(levelTimes[i]),
      })),
    };
  }
  const bands =
    state?.bands ??
    law.bands.map(({ rho, c, weight }) => ({ rho, c: c as number, weight, m: null, v: null }));
  return {
    bands: bands.map(({ rho, c, weight, m, v }) => ({ rho, c, weight, m, v })),
    coordinate: state?.coordinate ?? null,
  };
}

const finiteTime = (time: number | null | undefined) =>
  time === undefined || time === Infinity ? null : time;

function solutionDocument(
  solution: StructuredSolution,
  path: readonly StructuredRow[] | null,
): Record<string, unknown> {
  const { final, crossings, problem } = solution;
  const { law, process } = problem;
  return {
    m: final?.m ?? null,
    q: final?.q ?? null,
    v: final?.v ?? null,
    ...structuredParts(law, final, solution.levelTimes),
    vParallel: solution.vParallel,
    speciationTime: solution.speciationTime,
    speciationProcessTime:
      solution.speciationTime === null
        ? null
        : process.timeAtNoiseToSignal(ornsteinUhlenbeck.noiseToSignal(solution.speciationTime)),
    phase: solution.phase,
    endsIn: endsIn(solution),
    crossings: crossings.map(({ time, ouTime, kind, from, to, state }) => ({
      time,
      ouTime,
      kind,
      levelsBefore: from,
      levelsAfter: to < 0 ? null : to,
      m: state.m,
      q: state.q,
    })),
    minComplexity: solution.minComplexity,
    staticClosure: null,
    distortion: solution.distortion,
    ...(path === null ? {} : { trajectory: path.map((row) => rowOf(row, law)) }),
  };
}

/** Phase at the data in the words of isotropic classes. */
function endsIn({ known, model, flow }: StructuredSolution): string | null {
  if (known === null) return null;
  if (flow.endMode.kind === 'sliding') return 'surface';
  return known === model.known.at(-1) ? 'guided' : 'competing';
}

/** A row of a trajectory by column: order parameters, those of bands or levels with their number, energies. */
function rowOf(row: StructuredRow, law: ClassLaw): Record<string, number | null> {
  const parts: [string, number | null][] =
    law.kind === 'levels'
      ? (row.levels ?? []).map((m, i) => [`m${i + 1}`, m])
      : row.bands.length === 1
        ? []
        : row.bands.flatMap(({ m, v }, i): [string, number | null][] => [
            [`m${i + 1}`, m],
            [`v${i + 1}`, v],
          ]);
  const { time, m, q, v, psi, phi, complexity } = row;
  return { time, m, q, v, ...Object.fromEntries(parts), psi, phi, complexity };
}

function densityTable({ x, density, classDensity }: CoordinateDensityTable): FigureTable {
  return {
    columns: ['x', 'density', 'classDensity'],
    rows: x.map((one, i) => [one, density[i]!, classDensity[i]!]),
  };
}

function trajectoryTable(path: readonly StructuredRow[], law: ClassLaw): FigureTable {
  const rows = path.map((row) => rowOf(row, law));
  const columns = Object.keys(rows[0] ?? {});
  return { columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
}

function solutionText(solution: StructuredSolution, path: readonly StructuredRow[] | null): string {
  const { final, problem, distortion, levelTimes } = solution;
  const { law } = problem;
  const lines: Line[] = [
    ['quantity', 'value', ''],
    ['phase', solution.phase, ''],
    ['sampler', samplerLabel(problem.sampler), ''],
    ['m', show(final?.m), 'overlap with the class centre (1: undistorted)'],
    ['v', show(final?.v), `variance per coordinate (inside a class: ${show(innerVariance(law))})`],
    ['vParallel', show(solution.vParallel), 'd times the variance of m'],
    ['speciation time', show(solution.speciationTime), 'OU time'],
    ['min complexity', show(solution.minComplexity), 'of the classes that dominate, per dimension'],
    ['mean shift', show(distortion?.meanShift), 'm - 1'],
    ['variance ratio', show(distortion?.varianceRatio), 'v over the variance inside a class'],
    ['KL/d', show(distortion?.klPerDimension), 'nats, output from class'],
    ['W2^2/d', show(distortion?.w2PerDimension), 'squared 2-Wasserstein distance from the class'],
    ...((final?.coordinate ?? null) === null
      ? []
      : ([
          ['coordinate', show(final?.coordinate?.mean), 'mean, where the class centre is positive'],
          ['', show(final?.coordinate?.variance), 'variance'],
          ['', show(final?.coordinate?.skewness), 'skewness'],
        ] as const)),
  ];
  const parts =
    law.kind === 'levels'
      ? columnTable(
          law.levels.map((level, i) => ({
            ...level,
            place: i + 1,
            m: final?.levels?.[i],
            time: levelTimes[i],
          })),
          [
            ['level', ({ place }) => String(place)],
            ['alpha', ({ alpha }) => show(alpha)],
            ['r', ({ r }) => show(r)],
            ['m', ({ m }) => show(m)],
            ['speciation time', ({ time }) => (time === Infinity ? 'from the start' : show(time))],
          ],
        )
      : columnTable(final?.bands ?? [], [
          ['rho', ({ rho }) => show(rho)],
          ['c', ({ c }) => show(c)],
          ['weight', ({ weight }) => show(weight)],
          ['m', ({ m }) => show(m)],
          ['v', ({ v }) => show(v)],
          ['v/c', ({ v, c }) => (c === 0 ? '-' : show(v / c))],
        ]);
  const rows = path === null ? [] : [pathText(path, law)];
  return [aligned(lines), ...(final === null && law.kind !== 'levels' ? [] : [parts]), ...rows].join('\n\n');
}

function pathText(path: readonly StructuredRow[], law: ClassLaw): string {
  const rows = path.map((row) => rowOf(row, law));
  const columns = Object.keys(rows[0] ?? {}).map((key): Column<Record<string, number | null>> => [
    key,
    (row) => show(row[key]),
  ]);
  return columnTable(rows, columns);
}
