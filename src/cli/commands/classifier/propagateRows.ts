import { classifierFamily, type FamilyName } from '../../../classifier/families.ts';
import type { AllocationTrial, BudgetStudy } from '../../../classifier/sampling/budgetStudy.ts';
import type { OutputError } from '../../../classifier/sampling/outputError.ts';
import type { SamplingProblem } from '../../../classifier/sampling/problem.ts';
import type {
  CostMeasure,
  SensitivityStudy,
  WindowSensitivity,
} from '../../../classifier/sampling/sensitivity.ts';
import { propagationSlope, type PropagationRow } from '../../../classifier/sampling/study.ts';
import type { SamplingPoint, SensitivityPoint } from '../../../plots/classifiers/classifierSamplingFigure.ts';
import { show, showCompact, table } from '../../output.ts';

type Row = Readonly<Record<string, unknown>>;

/** Result of one family. */
export interface FamilyStudy {
  readonly family: FamilyName;
  readonly rows: readonly PropagationRow[];
  readonly sensitivities: SensitivityStudy | null;
}

/** A budget study with its family, cost measure and budget. */
export interface BudgetResult {
  readonly about: { readonly family: FamilyName; readonly measure: CostMeasure; readonly budget: number };
  readonly study: BudgetStudy;
}

/** One classifier, with errors at all noise levels. */
export function memberRow(
  family: FamilyName,
  { parameter, levels, path, output, stepped }: PropagationRow,
): Row {
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

/** Errors in one window alone. */
export function windowRow(family: FamilyName, parameter: number, row: WindowSensitivity): Row {
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

/** One allocation of a budget. */
export function trialRow({
  name,
  allocation,
  spent,
  expected,
  coherent,
  output,
  path,
  measured,
}: AllocationTrial): Row {
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

function outputColumns(output: OutputError | null): Row {
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

const slopeMeasures = {
  outputKl: ({ output }: PropagationRow) => output?.kl?.mean,
  w2Bound: ({ output }: PropagationRow) => output?.coupling.mean,
  confidenceChange: ({ output }: PropagationRow) => Math.abs(output?.confidence.difference.mean ?? NaN),
  pathKl: ({ path }: PropagationRow) => path.total.mean,
  steppedW2Bound: ({ stepped }: PropagationRow) => stepped.coupling.mean,
} as const;

/** Exponents against the conditional KL along a family whose members change in size only. */
export function familySlopes({ family, rows }: FamilyStudy): Row[] {
  return Object.entries(slopeMeasures).flatMap(([measure, pick]) => {
    const points = rows.flatMap((row) => {
      const value = pick(row);
      return value === undefined || !(value > 0) ? [] : [{ kl: row.levels.kl.mean, value }];
    });
    const slope = propagationSlope(points);
    return slope === null ? [] : [{ family, measure, ...slope }];
  });
}

/** For the figure. */
export function samplingPoint(
  family: FamilyName,
  { parameter, levels, output, stepped }: PropagationRow,
): SamplingPoint {
  return {
    family,
    parameter,
    kl: levels.kl.mean,
    outputKl: output?.kl?.mean ?? null,
    outputKlError: output?.kl?.standardError ?? null,
    w2: output?.coupling.mean ?? null,
    w2Error: output?.coupling.standardError ?? null,
    steppedW2: stepped.coupling.mean,
    steppedW2Error: stepped.coupling.standardError,
  };
}

/** For the figure. */
export function sensitivityPoint(
  { diffused: { process } }: SamplingProblem,
  family: FamilyName,
  { window, sensitivity }: WindowSensitivity,
): SensitivityPoint {
  const clock = (time: number) => 0.5 * Math.log1p(process.noiseToSignal(time));
  return { family, clock: 0.5 * (clock(window.from) + clock(window.to)), ...sensitivity };
}

/** All results as readable text. */
export function propagateText(
  problem: SamplingProblem,
  studies: readonly FamilyStudy[],
  coarseSteps: number,
  budget: BudgetResult | null,
): string {
  const exact = studies[0]!.rows[0]!;
  const judged = exact.output ?? exact.stepped;
  const head = `exact guidance: confidence ${compact(judged.confidence.exact)}, accuracy ${compact(judged.accuracy.exact)}`;
  const members = table([
    [
      'family',
      'parameter',
      'KL',
      'guidance MSE',
      'output KL',
      'W2 <=',
      'confidence',
      `W2 <=, ${coarseSteps} steps`,
      'accuracy',
    ],
    ...studies.flatMap(({ family, rows }) =>
      rows.map(({ parameter, levels, output, stepped }) => [
        family,
        show(parameter, 4),
        show(levels.kl.mean, 3),
        show(levels.guidanceMse.mean, 3),
        output?.kl ? compact(output.kl) : '-',
        output === null ? '-' : compact(output.coupling),
        output === null ? '-' : signed(output.confidence.difference),
        compact(stepped.coupling),
        signed(stepped.accuracy.difference),
      ]),
    ),
  ]);
  const slopes = studies.flatMap(familySlopes);
  const slopeText = table([
    ['slope against KL', ...Object.keys(slopeMeasures)],
    ...studies.map(({ family }) => [
      family,
      ...Object.keys(slopeMeasures).map((measure) => {
        const found = slopes.find((one) => one['family'] === family && one['measure'] === measure);
        if (found === undefined) return '-';
        return showCompact(found['slope'] as number, found['standardError'] as number | null);
      }),
    ]),
  ]);
  return [head, members, slopeText, windowText(problem, studies), budget === null ? '' : budgetText(budget)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function windowText(problem: SamplingProblem, studies: readonly FamilyStudy[]): string {
  const rows = studies.flatMap(({ family, sensitivities }) =>
    (sensitivities?.windows ?? []).map(({ window, kl, sensitivity }) => [
      family,
      `${show(window.from, 3)} ... ${show(window.to, 3)}`,
      show(kl.mean, 3),
      show(sensitivity.outputKl, 3),
      show(sensitivity.couplingSquare, 3),
      show(sensitivity.path, 3),
    ]),
  );
  if (rows.length === 0) return '';
  const time = problem.diffused.process.name === 'ou' ? 'noise levels t' : 'process times';
  return table([['errors only at', time, 'KL there', 'output KL/KL', 'W2^2/KL', 'path KL/KL'], ...rows]);
}

function budgetText({ about, study }: BudgetResult): string {
  const head = `budget ${show(about.budget)}, ${classifierFamily(about.family).title}, sensitivities of ${about.measure}`;
  return `${head}\n${table([
    ['allocation', 'spent', 'additive', 'with coherence', 'measured', 'W2 <=', 'path KL'],
    ...study.trials.map(({ name, spent, expected, coherent, measured, output, path }) => [
      name,
      show(spent, 4),
      show(expected, 3),
      show(coherent, 3),
      compact(measured),
      compact(output.coupling),
      compact(path.total),
    ]),
  ])}`;
}

function compact({ mean, standardError }: { mean: number; standardError: number | null }): string {
  return Math.abs(mean) > 0 && Math.abs(mean) < 1e-3
    ? scientific(mean, standardError)
    : showCompact(mean, standardError);
}

/** A small number with its error in units of the last digit: 2.4e-5(3). */
function scientific(mean: number, standardError: number | null): string {
  if (standardError === null || !(standardError > 0)) return show(mean, 3);
  const decimals = Math.max(1, Math.ceil(Math.log10(Math.abs(mean) / standardError)));
  const [digits, exponent] = mean.toExponential(decimals).split('e');
  const error = Math.round((standardError / 10 ** Number(exponent)) * 10 ** decimals);
  return `${digits!}e${exponent!}(${error})`;
}

function signed(value: { mean: number; standardError: number | null }): string {
  return value.mean > 0 ? `+${compact(value)}` : compact(value);
}
