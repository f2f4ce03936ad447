import type { DesignAnswer } from '../../../design/designJob.ts';
import type { DesignResult, DesignedSchedule, RobustnessRow } from '../../../design/design.ts';
import { designDefaults } from '../../../design/problem.ts';
import { scaleFromCoefficient } from '../../../guidance/coefficient.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { defaultHorizon } from '../../../guidance/schedules/horizon.ts';
import { schedulePoints } from '../../../guidance/schedules/points.ts';
import { processes } from '../../../process/process.ts';
import type { Dominance } from '../../../design/pareto.ts';
import { designInThread } from '../../../threads/designThread.ts';
import { command } from '../../frame/command.ts';
import { rate } from '../../frame/options.ts';
import { asymptoticModelOptions, problemRecord } from '../../frame/physics.ts';
import { aligned, leftAligned, pick, show, table } from '../../terminal/output.ts';
import { designOptions, paretoOption, targetOptions } from './designOptions.ts';
import {
  scriptFiles,
  stepFileNames,
  stepList,
  stepOptions,
  stepScript,
  stepsText,
  stepTables,
} from './stepOptions.ts';
import { budgetLines, dominanceText, momentLines, problemLabel } from './text.ts';

const tableName = 'schedule-table';
const pageName = 'schedule-design.html';

/** Class rate below which the transition is lost in the rounding of its place, at infinite noise. */
const leastAlpha = 1e-9;

/** `schedule design`: the schedule that keeps classes apart without losing diversity. */
export const designCommand = command({
  name: 'design',
  summary: 'Design a schedule that keeps the variance of the class and its separation from the others.',
  example:
    'cfg-dmft schedule design --alpha 0.45 --sigma2 0.3\n  w(t) = t > 2.00458 ? 2.99775 : -0.0927734, m 1.19199, v/sigma2 1, min complexity 0.0519653',
  files: [`${tableName}.csv`, ...stepFileNames, pageName],
  figureIds: ['schedule-path', 'schedule-shape', 'schedule-pareto'],
  options: {
    alpha: rate('class rate log(K)/d, > 0, or infinity', { required: true }),
    model: asymptoticModelOptions,
    target: targetOptions,
    options: designOptions,
    pareto: paretoOption,
    request: stepOptions('mean'),
  },
  async run(
    { alpha, model, target: asked, options: typed, pareto: designs, request },
    { progress, folder, record: recordOf },
  ) {
    if (alpha > 0 && alpha < leastAlpha) throw new ParameterError('alpha', `at least ${leastAlpha}`, alpha);
    const { sigma2, ensemble, sampler } = model;
    const problem = { alpha, sigma2, ensemble, sampler, process: processes[model.process] };
    const { target, replaces } = asked;
    const largest =
      typed.limits.largest ?? (replaces === null ? designDefaults.limits.largest : 2 * replaces);
    const options = { ...typed, limits: { ...typed.limits, largest } };
    const pareto = designs ?? 0;
    const answer = await designInThread(
      {
        problem: { ...problem, process: model.process },
        target,
        options,
        pareto,
        ...(replaces === null ? {} : { replaces }),
      },
      { onStage: progress.stage.bind(progress) },
    );
    const { result, front, standards } = answer;
    const { best, closedForm } = result;
    const replaced = replaces === null ? null : replacedConstant(replaces, result);
    const [{ compileForBudget }, { designPage, drawnSections }] = await Promise.all([
      import('../../../guidance/schedules/budget.ts'),
      import('./designPage.ts'),
    ]);
    const { process } = problem;
    const context = { process, sigma2, horizon: defaultHorizon(process) };
    const { schedule: formula, clock } = best.schedule;
    const schedule = compileForBudget(best.schedule, context);
    const points = schedulePoints(schedule, context);
    const { least } = options.limits;
    const steps = stepList(request, { schedule, clock, isLinear: true }, model, alpha, least);
    const wanted = targetText(answer);
    const page = { answer, model, alpha, label: problemLabel(model, alpha), target: wanted, steps };
    const isReplaced =
      replaces === null &&
      ((result.target.decision === null) !== (target.decision === null) ||
        result.target.overlap !== target.overlap);
    const record = {
      problem: { ...problemRecord(model, alpha, null), target: result.target },
      options: { ...options, pareto, ...(steps === null ? {} : { steps: steps.record }) },
      seed: options.seed,
    };
    const script = stepScript(steps, recordOf(record).command);
    return {
      document: {
        ...pick(best, outcomeKeys),
        ...pick(result, ['reached', 'unmet']),
        schedule: {
          formula,
          clock,
          family: options.family,
          parameters: best.parameters,
          table: points,
          steps: steps?.rows ?? null,
          sampled: steps?.sampled ?? null,
        },
        steps: steps?.rows ?? null,
        sampled: steps?.sampled ?? null,
        script,
        target: result.target,
        replaced,
        pareto: pareto === 0 ? null : front.map(designDocument),
        standards: standards.map(standardDocument),
        robustness: result.robustness,
        closedForm: closedForm === null ? null : designDocument(closedForm),
        evaluations: result.evaluations,
      },
      // Without a folder a script is what stdout is for.
      ...(script !== null && folder === null ? { verbatim: true as const } : {}),
      text:
        script !== null && folder === null
          ? script.trimEnd()
          : [
              `w(${clock}) = ${formula}`,
              designText(answer, sigma2),
              ...(replaced === null ? [] : [replacedText(replaced, best)]),
              robustnessText(result.robustness),
              ...(pareto === 0 ? [] : [`${frontText(front)}\n${dominanceText(standards)}`]),
              ...stepsText(steps),
            ].join('\n\n'),
      notes: [
        ...(isReplaced ? [`no guidance at all would do what is asked for; instead: ${wanted}`] : []),
        ...(steps?.notes ?? []),
      ],
      ...(result.reached ? {} : { failure: failureText(answer) }),
      record,
      figures: () => drawnSections(page).flatMap(({ figure }) => figure ?? []),
      tables: () => ({ [tableName]: { columns: ['t', 'w'], rows: points }, ...stepTables(steps) }),
      files: (full, styled) => ({
        ...scriptFiles(steps, script),
        [pageName]: designPage(page, full, styled),
      }),
    };
  },
});

/** Constant guidance that a design takes the place of. */
interface ReplacedConstant {
  readonly scale: number;
  readonly w: number;
  readonly m: number | null;
  readonly varianceRatio: number | null;
  readonly decidedAt: number | null;
}

function replacedConstant(w: number, { replaced }: DesignResult): ReplacedConstant {
  return { scale: scaleFromCoefficient(w), w, ...pick(replaced!, ['m', 'varianceRatio', 'decidedAt']) };
}

/** The exchange in words: what the constant does to the class, and what the design does. */
function replacedText(
  { scale, m, varianceRatio, decidedAt }: ReplacedConstant,
  best: DesignedSchedule,
): string {
  return aligned([
    [`instead of scale ${show(scale)}`, 'constant', 'designed'],
    ['class decided at t', show(decidedAt), show(best.decidedAt)],
    ['m', show(m), show(best.m)],
    ['v/sigma2', show(varianceRatio), show(best.varianceRatio)],
  ]);
}

const outcomeKeys = [
  'm',
  'v',
  'varianceRatio',
  'meanShift',
  'phase',
  'speciationTime',
  'minComplexity',
  'margin',
  'decisionLogOdds',
  'budget',
] as const;

function designDocument(design: DesignedSchedule): Record<string, unknown> {
  const { schedule, parameters } = design;
  return {
    schedule: { formula: schedule.schedule, clock: schedule.clock, parameters },
    ...pick(design, outcomeKeys),
  };
}

function standardDocument({ standard, dominatedBy, comparable }: Dominance): Record<string, unknown> {
  const outcome = pick(standard, ['w', 'm', 'varianceRatio', 'phase', 'minComplexity', 'largest']);
  return { name: standard.id, ...outcome, comparable, dominatedBy };
}

function targetText({ result: { target } }: DesignAnswer): string {
  const { overlap, decision } = target;
  const separation = `m >= ${show(overlap)}`;
  if (decision === null) return separation;
  const odds = decision.logOdds === 0 ? 'decided' : `log-odds ${show(decision.logOdds, 4)} per dimension`;
  return `${separation}, class ${odds} by t = ${show(decision.time)}`;
}

/** Failure message in one line: the unmet requirements and the best design found. */
function failureText({ result: { best, unmet } }: DesignAnswer): string {
  const requirements = unmet.map((one) => one.replace(/\.$/, '')).join('; ');
  return `the target is out of reach: ${requirements}; the best that was found has v/sigma2 = ${show(best.varianceRatio, 4)}, m = ${show(best.m, 4)}`;
}

function designText({ result }: DesignAnswer, sigma2: number): string {
  const { best, closedForm, evaluations } = result;
  const { decision } = result.target;
  return aligned([
    ['quantity', 'value', ''],
    ...momentLines(best, sigma2),
    ['phase', best.phase, ''],
    ['speciation time', show(best.speciationTime), 'OU time at which the class is decided'],
    ['min complexity', show(best.minComplexity), 'of the competing classes on the way'],
    ['margin', show(best.margin), 'of it above the limit'],
    ...(best.decisionLogOdds === null || decision === null
      ? []
      : [
          [
            'log-odds',
            show(best.decisionLogOdds),
            `of the class per dimension at t = ${show(decision.time)}`,
          ] as const,
        ]),
    ...budgetLines(best.budget),
    ...(closedForm === null
      ? []
      : [
          [
            'closed form m',
            show(closedForm.m),
            `two-level schedule of least effort: ${closedForm.schedule.schedule}`,
          ] as const,
        ]),
    ['trajectories', String(evaluations), 'integrated by the search'],
  ]);
}

function robustnessText(rows: readonly RobustnessRow[]): string {
  return table([
    ['robustness: alpha', 'sigma2', 'm', 'v/sigma2', 'phase', 'min complexity'],
    ...rows.map(({ alpha, sigma2, m, varianceRatio, phase, minComplexity }) => [
      show(alpha),
      show(sigma2),
      show(m, 5),
      show(varianceRatio, 5),
      phase,
      show(minComplexity, 4),
    ]),
  ]);
}

function frontText(front: readonly DesignedSchedule[]): string {
  return leftAligned([
    ['front: m', 'v/sigma2', 'min complexity', 'w(t)'],
    ...front.map(({ m, varianceRatio, minComplexity, schedule }) => [
      show(m, 5),
      show(varianceRatio, 5),
      show(minComplexity, 4),
      schedule.schedule,
    ]),
  ]);
}
