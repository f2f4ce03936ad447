import {
  checkFewClassProblem,
  usualStartTime,
  type FewClassProblem,
  type FewClassStart,
} from '../../../fewClass/problem.ts';
import { samplerLabel, samplers, type Sampler } from '../../../guidance/sampler.ts';
import { mixtureReach, type LabelledMixture } from '../../../mixture/labelled/mixture.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import type { FewClassSamplerName } from '../../../figures/fewClasses/fewClassLook.ts';
import { ornsteinUhlenbeck } from '../../../process/process.ts';
import type { CommandResult } from '../../frame/command.ts';
import { show, table } from '../../terminal/output.ts';
import type { FewClassPreset } from './presets.ts';

/** Start of the noise of the process. */
export const fromNoise: FewClassStart = { kind: 'normal' };

/** The problem with one sampler. @param usual its start time without --t-max */
export function problemOf(
  values: { readonly mixture: LabelledMixture; readonly class: number; readonly tMax: number | null },
  sampler: Sampler,
  usual = (mixture: LabelledMixture) => usualStartTime(mixtureReach(mixture)),
): FewClassProblem {
  const { mixture, class: guidedClass, tMax } = values;
  const startTime = tMax ?? usual(mixture);
  const problem = { mixture, guidedClass, sampler, process: ornsteinUhlenbeck, startTime };
  checkFewClassProblem(problem);
  return problem;
}

/** Requested samplers; a named figure may have both. */
export function samplersOf(values: {
  readonly sampler: Sampler | null;
  readonly figure: FewClassPreset | null;
}): readonly Sampler[] {
  if (values.sampler !== null) return [values.sampler];
  return values.figure?.bothSamplers === true ? [samplers.ode, samplers.sde] : [samplers.ode];
}

/** Throws unless the times or durations of an option lie in the run. */
export function requireInRun(name: 'step' | 'times', times: readonly number[], startTime: number): void {
  for (const time of times) {
    if (!(time > 0 && time <= startTime))
      throw new ParameterError(name, `in (0, t-max = ${startTime}]`, time);
  }
}

/** Note on centres that make one class, which are rarely meant. */
export function oneClassNotes({ classes, dimension, centres }: LabelledMixture): string[] {
  if (classes > 1 || dimension < 2) return [];
  const x = [...centres].map((one) => show(one));
  return [
    `--centres ${x.join(',')} is one class in ${dimension} dimensions; a semicolon separates classes: "${x.join(';')}"`,
  ];
}

/** Name of a sampler in labels: ODE, SDE, η = 0.5. */
export function samplerTitle(sampler: Sampler): string {
  const name = samplerLabel(sampler);
  return name.startsWith('eta') ? name.replace('eta=', 'η = ') : name.toUpperCase();
}

/** The problem in words, for titles of figures. */
export function problemLabel({ mixture, guidedClass }: FewClassProblem): string {
  const { classes, dimension } = mixture;
  return `${classes} classes in d = ${dimension}, class ${guidedClass} guided`;
}

/** A strength and its step size in words. */
export function whereText(w: number, stepSize: number | null): string {
  return `w = ${show(w)}${stepSize === null ? '' : `, step ${show(stepSize)}`}`;
}

/** Rows of numbers held one behind the other. */
export function rowsOf(flat: ArrayLike<number>, length: number): number[][] {
  return Array.from({ length: flat.length / length }, (_, i) =>
    Array.from({ length }, (_none, j) => flat[i * length + j]!),
  );
}

/** The record of a command that follows the sampler. @param options of the command alone */
export function samplingRecord(
  values: {
    readonly w: readonly number[];
    readonly sampling: { readonly count: number; readonly seed: number };
    readonly figure: FewClassPreset | null;
  },
  problem: FewClassProblem,
  start: FewClassStart,
  options: Readonly<Record<string, unknown>>,
): CommandResult['record'] {
  const { w, sampling, figure } = values;
  const { mixture, guidedClass, sampler, startTime } = problem;
  const { dimension, centres, weights, covariances } = mixture;
  return {
    problem: {
      centres: rowsOf(centres, dimension),
      weights: [...weights],
      covariance: covariances.map((one) => rowsOf(one, dimension)),
      class: guidedClass,
      w,
      eta: sampler.eta,
      process: 'ou',
      startTime,
      start,
    },
    options: { ...sampling, ...options, figure: figure?.name ?? null },
    seed: sampling.seed,
  };
}

/** A curve over strengths. */
export interface SamplerRows<R> {
  readonly sampler: Sampler;
  readonly rows: readonly R[];
}

/** Name and colour of a curve. */
export function curveLook({ sampler }: SamplerRows<unknown>): {
  readonly name: string;
  readonly sampler: FewClassSamplerName;
} {
  const { eta } = sampler;
  return { name: samplerTitle(sampler), sampler: eta === 0 ? 'ode' : eta === 1 ? 'sde' : 'other' };
}

/** Fields of rows as columns. */
export function columns<R>(
  rows: readonly R[],
  keys: readonly (keyof R & string)[],
): Record<string, unknown[]> {
  return Object.fromEntries(keys.map((key) => [key, rows.map((row) => row[key])]));
}

/** Table of curves over strengths. @param cells of a row behind its strength */
export function curvesText<R extends { readonly w: number }>(
  head: readonly string[],
  curves: readonly SamplerRows<R>[],
  cells: (row: R) => readonly string[],
): string {
  const lines = curves.flatMap(({ sampler, rows }) =>
    rows.map((row) => [samplerLabel(sampler), show(row.w), ...cells(row)]),
  );
  return table([['sampler', 'w', ...head], ...lines]);
}

/** Notes on rows of curves. @param text of a row; null for none */
export function curveNotes<R extends { readonly w: number }>(
  curves: readonly SamplerRows<R>[],
  text: (row: R) => string | null,
): string[] {
  return curves.flatMap(({ sampler, rows }) =>
    rows.flatMap((row) => {
      const words = text(row);
      return words === null ? [] : [`${samplerLabel(sampler)}, w = ${show(row.w)}: ${words}`];
    }),
  );
}
