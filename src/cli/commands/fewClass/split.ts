import { splittingDiagram, type SplittingDiagram } from '../../../fewClass/splitting/diagram.ts';
import { oneStepMap } from '../../../fewClass/splitting/map.ts';
import { splitTimes, type SplittingProblem } from '../../../fewClass/splitting/record.ts';
import { NumericalFailure, ParameterError } from '../../../numerics/checks.ts';
import { figureCsv, type Figure } from '../../../plots/figure.ts';
import { fewClassMapFigure, type OneStepPanel } from '../../../plots/fewClassMapFigure.ts';
import { fewClassSplitFigure } from '../../../plots/fewClassSplitFigure.ts';
import { figurePage } from '../../../plots/page.ts';
import { shortNumber } from '../../../plots/theme.ts';
import type { CommandDefinition, CommandResult } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import { requiredText, type RawOptions } from '../../options.ts';
import { show, table } from '../../output.ts';
import { parseRange } from '../../ranges.ts';
import { titled, withPreset, type FewClassPreset } from './presets.ts';
import { addMixtureOptions, addStepRuleOptions, readStrengths } from './problemOptions.ts';
import { readLocated, readSplitting } from './splitProblem.ts';
import { splitThresholds, thresholdsText, type SplitThresholds } from './splitThresholds.ts';

const csvName = 'few-class-split.csv';
const pageName = 'few-class-split.html';
/** Points of a line of the one-step map. */
const mapPoints = 241;
/** Number of strengths with a separate column: a line has 80 characters. */
const mostColumns = 7;

interface Split {
  readonly problem: SplittingProblem;
  readonly w: readonly number[];
  readonly stepSizes: readonly number[];
  readonly thresholds: readonly SplitThresholds[];
  readonly diagram: SplittingDiagram | null;
  readonly panels: readonly OneStepPanel[];
}

/** `few-class split`: where finite steps tear the middle one of three classes in two. */
export const splitCommand: CommandDefinition = {
  name: 'split',
  summary:
    'Splitting of the middle one of three classes by finite steps: thresholds, phase diagram, one-step map.',
  example:
    'cfg-dmft few-class split --distance 3 --step 0.05\n  step 0.05: no split below w = 33.474, linear instability at 43.209, visible split in [116.76, 116.8]',
  fileNames: [csvName, pageName],
  configure: (command) =>
    addStepRuleOptions(
      addMixtureOptions(command, 'split').option(
        '--distance <MU>',
        'three classes at -MU, 0 and MU, the middle one guided, in place of --centres',
      ),
      'step sizes in process time: a range',
    )
      .option(
        '--locate <N>',
        'step sizes, spread over --step, at which the split is located by running the sampler (default: all up to 6)',
      )
      .option('--times <list>', 'also the one-step map from these process times, at one --step'),
  run(given, { progress }) {
    const { raw, preset } = withPreset(given, 'split');
    const problem = readSplitting(raw);
    const stepSizes = readSteps(raw, problem);
    const w = raw['w'] === undefined && raw['scale'] === undefined ? [] : readStrengths(raw);
    const located = readLocated(raw, stepSizes);
    const times = readTimes(raw, problem, stepSizes, w);
    progress.stage('thresholds');
    const thresholds = stepSizes.map((step, i) => {
      progress.update(i / stepSizes.length);
      return splitThresholds(problem, step, located.includes(step));
    });
    progress.stage('phase diagram');
    const diagram = w.length === 0 ? null : splittingDiagram(problem, w, stepSizes);
    const cells = diagram?.labels.flat() ?? [];
    if (cells.length > 0 && cells.every((label) => label === 'diverged')) {
      const [from, to] = [show(w[0]), show(w.at(-1))];
      throw new NumericalFailure(
        `the sampler diverges at ${w.length === 1 ? `w = ${from}` : `every w from ${from} to ${to}`}`,
        'take smaller steps or weaker guidance',
      );
    }
    const panels = times === null ? [] : mapPanels(problem, stepSizes[0]!, w, times, thresholds[0]!);
    const split = { problem, w, stepSizes, thresholds, diagram, panels };
    return Promise.resolve({
      document: splitDocument(split),
      text: splitText(split),
      notes: divergedNotes(diagram),
      record: {
        problem: { ...problem, w: [...w] },
        options: { stepSizes, located, times, figure: preset?.name ?? null },
        seed: null,
      },
      ...splitFiles(split, preset),
    });
  },
};

function readSteps(raw: RawOptions, { startTime }: SplittingProblem): number[] {
  const steps = parseRange('step', requiredText(raw, 'step', 'step'));
  for (const step of steps) {
    if (!(step > 0 && step <= startTime))
      throw new ParameterError('step', `in (0, t-max = ${startTime}]`, step);
  }
  return steps;
}

/** Process times of --times, each moved to the nearest step. */
function readTimes(
  raw: RawOptions,
  { startTime }: SplittingProblem,
  stepSizes: readonly number[],
  w: readonly number[],
): number[] | null {
  const text = raw['times'];
  if (typeof text !== 'string') return null;
  if (stepSizes.length > 1) throw new ParameterError('times', 'given with one --step', text);
  if (w.length === 0) throw new ParameterError('times', 'given with --w', text);
  const steps = splitTimes(startTime, stepSizes[0]!).subarray(0, -1);
  return parseRange('times', text).map((time) => {
    if (!(time > 0 && time <= startTime))
      throw new ParameterError('times', `in (0, t-max = ${startTime}]`, time);
    return steps.reduce((near, step) => (Math.abs(step - time) < Math.abs(near - time) ? step : near));
  });
}

function mapPanels(
  problem: SplittingProblem,
  stepSize: number,
  w: readonly number[],
  times: readonly number[],
  { instability, visible }: SplitThresholds,
): OneStepPanel[] {
  const steps = [...splitTimes(problem.startTime, stepSize)];
  const reach = 1.5 * problem.distance;
  const x = Array.from({ length: mapPoints }, (_, i) => (reach * i) / (mapPoints - 1));
  return w.map((strength) => {
    const h = oneStepMap(problem, stepSize, strength);
    return {
      w: strength,
      place: placeOf(strength, instability.w, visible?.w ?? null),
      lines: times.map((time) => ({ time, x, next: x.map((v) => h(v, steps.indexOf(time))) })),
    };
  });
}

function placeOf(w: number, instability: number, visible: number | null): string {
  if (w < instability) return 'below the linear instability';
  if (visible === null) return 'above the linear instability';
  return w < visible ? 'unstable, no visible split' : 'above the visible split';
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

function splitText({ w, stepSizes, thresholds, diagram }: Split): string {
  const parts = [thresholdsText(thresholds)];
  if (diagram !== null) {
    const few = w.length <= mostColumns;
    const rows = stepSizes.map((step, i) => {
      const row = diagram.labels[i]!;
      const onset = (name: string) => show(w[row.findIndex((label) => label === name)], 4);
      return few
        ? [show(step, 4), ...row]
        : [show(step, 4), onset('unstable'), onset('partial'), onset('split'), onset('diverged')];
    });
    const head = few
      ? ['step', ...w.map((one) => `w ${show(one, 4)}`)]
      : ['step', 'unstable from w', 'partial from w', 'split from w', 'diverged from w'];
    parts.push(table([head, ...rows]));
  }
  return parts.join('\n\n');
}

function divergedNotes(diagram: SplittingDiagram | null): string[] {
  if (diagram === null) return [];
  const lost = diagram.labels.flatMap((row, i) => {
    const j = row.indexOf('diverged');
    return j < 0 ? [] : [`step ${show(diagram.stepSizes[i], 4)} from w = ${show(diagram.ws[j], 4)}`];
  });
  return lost.length === 0 ? [] : [`the sampler diverges at ${lost.join(', ')}`];
}

function splitFiles(split: Split, preset: FewClassPreset | null): Pick<CommandResult, 'figures' | 'files'> {
  const plain = splitFigure(split);
  if (plain === null) return {};
  const figure = titled(plain, preset);
  return {
    figures: () => [figure],
    files: (record) => ({
      [csvName]: figureCsv(figure.table),
      [pageName]: figurePage(figure, record, plotlySource(), record.command),
    }),
  };
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
