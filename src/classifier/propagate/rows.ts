import type { FamilyName } from '../study/families.ts';
import type { AllocationTrial } from '../sampling/budgetStudy.ts';
import type { OutputError } from '../sampling/outputError.ts';
import type { WindowCosts, WindowSensitivity } from '../sampling/sensitivity.ts';
import { propagationSlope, type PropagationRow, type PropagationSlope } from '../sampling/study.ts';
import type { FamilyPropagation } from './propagate.ts';

/** Errors of the output as numbers, ready for a table; null where a measure does not exist. */
export interface OutputColumns {
  readonly outputKl: number | null;
  readonly outputKlError: number | null;
  /** Root mean square displacement of the coupled outputs: at least W2. */
  readonly w2Bound: number | null;
  readonly w2BoundError: number | null;
  readonly w2: number | null;
  readonly w2Error: number | null;
  /** With the imperfect classifier, and how much more than with the exact one. */
  readonly confidence: number | null;
  readonly confidenceChange: number | null;
  readonly confidenceChangeError: number | null;
  readonly accuracy: number | null;
  readonly accuracyChange: number | null;
  readonly accuracyChangeError: number | null;
}

/** Cross-entropy of a classifier against the error of its samples: all noise levels, or one window of them. */
export interface PropagationTableRow extends OutputColumns {
  readonly family: FamilyName;
  readonly parameter: number;
  /** Middle and ends of the window; null for all noise levels. */
  readonly time: number | null;
  readonly window: readonly [number, number] | null;
  /** Share of the window in the clock. */
  readonly weight?: number;
  readonly kl: number;
  readonly klError: number | null;
  readonly guidanceMse: number | null;
  /** Standard error of guidanceMse. */
  readonly standardError: number | null;
  readonly bound: number | null;
  readonly pathKl: number;
  readonly pathKlError: number | null;
  /** The sampler in coarse steps. */
  readonly stepped?: OutputColumns;
  /** Of the window. */
  readonly sensitivity?: WindowCosts;
}

/** An allocation of a budget, tried out. */
export interface AllocationRow extends OutputColumns {
  readonly allocation: AllocationTrial['name'];
  /** Wanted KL of the windows. */
  readonly kl: readonly number[];
  readonly spent: number;
  readonly expected: number;
  readonly coherent: number | null;
  readonly measured: number;
  readonly standardError: number | null;
  readonly pathKl: number;
  readonly pathKlError: number | null;
}

/** Rows of a family: a row for each member, then one for each window. */
export function propagationTable({
  family,
  rows,
  studied,
  sensitivities,
}: FamilyPropagation): PropagationTableRow[] {
  return [
    ...rows.map((row) => memberRow(family, row)),
    ...(sensitivities?.windows ?? []).map((row) => windowRow(family, studied, row)),
  ];
}

function memberRow(
  family: FamilyName,
  { parameter, levels, path, output, stepped }: PropagationRow,
): PropagationTableRow {
  return {
    family,
    parameter,
    time: null,
    window: null,
    kl: levels.kl.mean,
    klError: levels.kl.standardError,
    guidanceMse: levels.guidanceMse.mean,
    standardError: levels.guidanceMse.standardError,
    bound: levels.bound,
    pathKl: path.total.mean,
    pathKlError: path.total.standardError,
    ...outputColumns(output),
    stepped: outputColumns(stepped),
  };
}

function windowRow(family: FamilyName, parameter: number, row: WindowSensitivity): PropagationTableRow {
  const { window, weight, kl, pathKl, output, sensitivity } = row;
  return {
    family,
    parameter,
    time: 0.5 * (window.from + window.to),
    window: [window.from, window.to],
    weight,
    kl: kl.mean,
    klError: kl.standardError,
    guidanceMse: null,
    standardError: null,
    bound: null,
    pathKl: pathKl.mean,
    pathKlError: pathKl.standardError,
    ...outputColumns(output),
    sensitivity,
  };
}

/** Row of an allocation. */
export function allocationRow(trial: AllocationTrial): AllocationRow {
  const { name, allocation, spent, expected, coherent, output, path, measured } = trial;
  return {
    allocation: name,
    kl: allocation,
    spent,
    expected,
    coherent,
    measured: measured.mean,
    standardError: measured.standardError,
    pathKl: path.total.mean,
    pathKlError: path.total.standardError,
    ...outputColumns(output),
  };
}

function outputColumns(output: OutputError | null): OutputColumns {
  const { kl, coupling, w2, confidence, accuracy } = output ?? {};
  return {
    outputKl: kl?.mean ?? null,
    outputKlError: kl?.standardError ?? null,
    w2Bound: coupling?.mean ?? null,
    w2BoundError: coupling?.standardError ?? null,
    w2: w2?.mean ?? null,
    w2Error: w2?.standardError ?? null,
    confidence: confidence?.imperfect.mean ?? null,
    confidenceChange: confidence?.difference.mean ?? null,
    confidenceChangeError: confidence?.difference.standardError ?? null,
    accuracy: accuracy?.imperfect.mean ?? null,
    accuracyChange: accuracy?.difference.mean ?? null,
    accuracyChangeError: accuracy?.difference.standardError ?? null,
  };
}

const slopeOf = {
  outputKl: ({ output }: PropagationRow) => output?.kl?.mean,
  w2Bound: ({ output }: PropagationRow) => output?.coupling.mean,
  confidenceChange: ({ output }: PropagationRow) => Math.abs(output?.confidence.difference.mean ?? NaN),
  pathKl: ({ path }: PropagationRow) => path.total.mean,
  steppedW2Bound: ({ stepped }: PropagationRow) => stepped.coupling.mean,
} as const;

/** Errors of the samples whose exponents are found. */
export type SlopeMeasure = keyof typeof slopeOf;

/** All of {@link SlopeMeasure}. */
export const slopeMeasures = Object.keys(slopeOf) as SlopeMeasure[];

/** Exponent of a measure along a family. */
export interface MeasureSlope extends PropagationSlope {
  readonly family: FamilyName;
  readonly measure: SlopeMeasure;
}

/** Exponents against the conditional KL along a family; a measure that is not above 0 for two members has none. */
export function propagationSlopes({
  family,
  rows,
}: Pick<FamilyPropagation, 'family' | 'rows'>): MeasureSlope[] {
  return slopeMeasures.flatMap((measure) => {
    const points = rows.flatMap((row) => {
      const value = slopeOf[measure](row);
      return value === undefined || !(value > 0) ? [] : [{ kl: row.levels.kl.mean, value }];
    });
    const slope = propagationSlope(points);
    return slope === null ? [] : [{ family, measure, ...slope }];
  });
}

/** Relative deviation from the budget above which the quadratic law of small errors no longer holds. */
const spentTolerance = 0.15;

/** Allocations that spend noticeably more or less than the budget: errors of that size are not small. */
export function overspent(trials: readonly AllocationTrial[], budget: number): AllocationTrial[] {
  return trials.filter(({ spent }) => Math.abs(spent / budget - 1) > spentTolerance);
}
