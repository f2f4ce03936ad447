import { divergence, usualStartTime } from '../../../fewClass/problem.ts';
import { splittingProblemOf } from '../../../fewClass/splitting/along.ts';
import { splittingDiagram, type SplittingDiagram } from '../../../fewClass/splitting/diagram.ts';
import { mapLines, nearestSteps } from '../../../fewClass/splitting/mapLines.ts';
import { etaOf, type SplittingProblem } from '../../../fewClass/splitting/record.ts';
import {
  exactThresholds,
  splittingThresholds,
  spreadSteps,
  type SplittingThreshold,
  type SplittingThresholds,
} from '../../../fewClass/splitting/threshold.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { fewClassMapFigure, type OneStepPanel } from '../../../figures/fewClasses/fewClassMapFigure.ts';
import { fewClassSplitFigure } from '../../../figures/fewClasses/fewClassSplitFigure.ts';
import type { Figure } from '../../../figures/drawing/figure.ts';
import { shortNumber } from '../../../figures/drawing/theme.ts';
import { command, type CommandResult } from '../../frame/command.ts';
import { group, missing, needed } from '../../frame/input.ts';
import { number, positive, range } from '../../frame/options.ts';
import { anySamplerOptions, someCoefficientsOptions } from '../../frame/physics.ts';
import { show, table } from '../../terminal/output.ts';
import { presetOption, titled, withPreset } from './presets.ts';
import { problemOf, requireInRun } from './problem.ts';
import { classOption, mixtureInputs, mixtureOf, ruleOption, startTimeOption } from './problemOptions.ts';

/** Number of step sizes up to which the split is located at all by default. */
const usuallyLocated = 6;
/** Number of strengths with a separate column: a line has 80 characters. */
const mostColumns = 7;

/** Strengths at which the class becomes unstable and splits at one step size; null for those not requested or nonexistent. */
interface StepThresholds extends SplittingThresholds {
  readonly stepSize: number;
}

interface Split {
  readonly problem: SplittingProblem;
  readonly w: readonly number[];
  readonly stepSizes: readonly number[];
  readonly thresholds: readonly StepThresholds[];
  readonly diagram: SplittingDiagram | null;
  readonly panels: readonly OneStepPanel[];
}

/** Three classes on a line, from --distance, or from --centres in any dimension. */
const splittingOptions = group(
  {
    ...mixtureInputs,
    class: classOption,
    distance: number('three classes at -MU, 0 and MU, the middle one guided, in place of --centres', {
      as: 'MU',
      domain: positive,
      without: ['centres'],
    }),
    tMax: startTimeOption(),
    sampler: anySamplerOptions,
    rule: ruleOption,
  },
  ({ centres, distance, sampler, rule, ...rest }): SplittingProblem => {
    const eta = etaOf({ rule, ...sampler });
    const { weights, sigma2: variance, tMax } = rest;
    if (centres !== null) {
      const mixture = mixtureOf({ ...rest, centres });
      return splittingProblemOf(problemOf({ ...rest, mixture }, { eta }), rule);
    }
    if (distance === null) throw missing('distance', ['centres', 'figure']);
    const startTime = tMax ?? usualStartTime({ radius: distance, deviation: Math.sqrt(variance) });
    return { distance, variance, startTime, rule, eta, ...(weights === null ? {} : { weights }) };
  },
);

/** `few-class split`: where finite steps tear the middle one of three classes in two. */
export const splitCommand = command({
  name: 'split',
  summary:
    'Splitting of the middle one of three classes by finite steps: thresholds, phase diagram, one-step map.',
  example:
    'cfg-dmft few-class split --distance 3 --step 0.05\n  step 0.05: no split below w = 33.474, linear instability at 43.209, visible split in [116.76, 116.8]',
  files: ['.csv', '.html'],
  prepare: withPreset('split'),
  options: {
    problem: splittingOptions,
    w: someCoefficientsOptions,
    figure: presetOption('split'),
    step: needed(range('step sizes in process time', { sets: ['stepSize', 'stepSizes'] })),
    locate: number(
      'number of step sizes, spread over --step, at which the split is located by running the sampler',
      { as: 'N', usual: `all up to ${usuallyLocated}`, sets: ['count'] },
    ),
    times: range('also the one-step map from these process times, at one --step'),
  },
  run({ problem, step: stepSizes, locate, figure: preset, ...values }, { progress }) {
    const { startTime } = problem;
    const w = values.w ?? [];
    requireInRun('step', stepSizes, startTime);
    const usual = stepSizes.length <= usuallyLocated ? stepSizes.length : 0;
    const located = spreadSteps(stepSizes, locate ?? usual);
    if (values.times !== null) {
      if (stepSizes.length > 1) throw new ParameterError('times', 'given with one --step', values.times);
      if (w.length === 0) throw new ParameterError('times', 'given with --w', values.times);
      requireInRun('times', values.times, startTime);
    }
    const times = values.times === null ? null : nearestSteps(startTime, stepSizes[0]!, values.times);
    progress.stage('thresholds');
    const thresholds = stepSizes.map((stepSize, i): StepThresholds => {
      progress.update(i / stepSizes.length);
      const find = located.includes(stepSize) ? splittingThresholds : exactThresholds;
      return { stepSize, ...find(problem, stepSize) };
    });
    progress.stage('phase diagram');
    const diagram = w.length === 0 ? null : splittingDiagram(problem, w, stepSizes);
    if (diagram?.labels.flat().every((label) => label === 'diverged') === true)
      throw divergence(
        w.length === 1 ? `w = ${show(w[0])}` : `every w from ${show(w[0])} to ${show(w.at(-1))}`,
      );
    const panels = (times === null ? [] : w).map((strength): OneStepPanel => ({
      w: strength,
      place: placeOf(strength, thresholds[0]!),
      lines: mapLines(problem, stepSizes[0]!, strength, times!),
    }));
    const split = { problem, w, stepSizes, thresholds, diagram, panels };
    const figure = splitFigure(split);
    return {
      document: splitDocument(split),
      text: [thresholdsText(thresholds), ...(diagram === null ? [] : [diagramText(diagram)])].join('\n\n'),
      notes: divergedNotes(diagram),
      record: {
        problem: { ...problem, w },
        options: { stepSizes, located, times, figure: preset?.name ?? null },
        seed: null,
      },
      ...(figure === null ? {} : { figure: titled(figure, preset) }),
    };
  },
});

function placeOf(w: number, { instability, visible }: SplittingThresholds): string {
  if (w < instability.w) return 'below the linear instability';
  if (visible === null) return 'above the linear instability';
  return w < visible.w ? 'unstable, no visible split' : 'above the visible split';
}

function splitDocument({ w, stepSizes, thresholds, diagram, panels }: Split): CommandResult['document'] {
  return {
    w,
    stepSizes,
    confidence: null,
    entropy: null,
    thresholds,
    labels: diagram?.labels ?? null,
    expelled: diagram?.expelled.map((row) => [...row]) ?? null,
    map: panels.length === 0 ? null : panels.map(({ w: at, lines }) => ({ w: at, lines })),
  };
}

/** Table of the thresholds and a separate one of the located brackets: each fits in 80 columns. */
function thresholdsText(thresholds: readonly StepThresholds[]): string {
  const bracket = (one: SplittingThreshold | null) =>
    one === null ? '-' : `[${one.bracket.map((w) => show(w, 5)).join(', ')}]`;
  const everywhere = table([
    ['step', 'no split below w', 'linear instability'],
    ...thresholds.map(({ stepSize, contraction, instability }) => [
      show(stepSize, 4),
      show(contraction.w, 5),
      `${show(instability.w, 5)} at t = ${show(instability.time, 3)}`,
    ]),
  ]);
  if (!thresholds.some(({ first, visible, certain }) => first ?? visible ?? certain)) return everywhere;
  const located = table([
    ['step', 'first split, w in', 'visible split, w in', 'centre thrown out, w in'],
    ...thresholds.map(({ stepSize, first, visible, certain }) => [
      show(stepSize, 4),
      bracket(first),
      bracket(visible),
      bracket(certain),
    ]),
  ]);
  return `${everywhere}\n\n${located}`;
}

/** Labels by step size and strength, or, of many strengths, where each label begins. */
function diagramText({ ws, stepSizes, labels }: SplittingDiagram): string {
  const isShort = ws.length <= mostColumns;
  const names = ['unstable', 'partial', 'split', 'diverged'] as const;
  return table([
    ['step', ...(isShort ? ws.map((w) => `w ${show(w, 4)}`) : names.map((name) => `${name} from w`))],
    ...stepSizes.map((step, i) => {
      const row = labels[i]!;
      return [show(step, 4), ...(isShort ? row : names.map((name) => show(ws[row.indexOf(name)], 4)))];
    }),
  ]);
}

function divergedNotes(diagram: SplittingDiagram | null): string[] {
  if (diagram === null) return [];
  const lost = diagram.labels.flatMap((row, i) => {
    const j = row.indexOf('diverged');
    return j < 0 ? [] : [`step ${show(diagram.stepSizes[i], 4)} from w = ${show(diagram.ws[j], 4)}`];
  });
  return lost.length === 0 ? [] : [`the sampler diverges at ${lost.join(', ')}`];
}

function splitFigure({ problem, w, stepSizes, thresholds, diagram, panels }: Split): Figure | null {
  const { distance, variance, rule } = problem;
  const label = `classes at −μ, 0, μ with μ = ${shortNumber(distance)}, σ² = ${shortNumber(variance)}, rule ${rule}`;
  if (panels.length > 0) return fewClassMapFigure({ panels, stepSize: stepSizes[0]!, label });
  if (diagram === null) return null;
  return fewClassSplitFigure({
    w,
    stepSizes,
    labels: diagram.labels,
    instability: [...diagram.instability],
    contraction: [...diagram.contraction],
    visible: thresholds.map(({ visible }) => visible?.w ?? null),
    label,
  });
}
