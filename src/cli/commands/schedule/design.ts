import { ParameterError } from '../../../numerics/checks.ts';
import type { DesignedSchedule } from '../../../design/design.ts';
import { checkTarget, resolveDesignOptions } from '../../../design/problem.ts';
import { samplerLabel } from '../../../guidance/sampler.ts';
import { defaultHorizon } from '../../../guidance/schedules/horizon.ts';
import { figureCsv } from '../../../plots/drawing/figure.ts';
import { shortNumber } from '../../../plots/drawing/theme.ts';
import { processes } from '../../../process/process.ts';
import type { Dominance } from '../../../design/pareto.ts';
import type { CommandDefinition } from '../../command.ts';
import { addAsymptoticModelOptions, problemRecord, readAlpha, readModel } from '../../options.ts';
import { show, table } from '../../output.ts';
import { addDesignOptions, readDesignOptions, readPareto, readTarget } from './designOptions.ts';
import type { DesignAnswer } from './designJob.ts';
import { dominanceText } from './dominanceText.ts';
import { aligned, leftAligned } from './outcomeText.ts';
import { runDesign } from './runDesign.ts';
import { pointsOf } from './schedulePoints.ts';
import { addStepOptions, readSteps, stepsTable, stepsText } from './stepOptions.ts';

const tableName = 'schedule-table.csv';
const stepsName = 'schedule-steps.csv';
const pageName = 'schedule-design.html';

/** Class rate below which the transition is lost in the rounding of its place, at infinite noise. */
const leastAlpha = 1e-9;

/** `schedule design`: the schedule that keeps classes apart without losing diversity. */
export const designCommand: CommandDefinition = {
  name: 'design',
  summary: 'Design a schedule that keeps the variance of the class and its separation from the others.',
  example:
    'cfg-dmft schedule design --alpha 0.45 --sigma2 0.3\n  w(t) = t > 2.00454 ? 2.99754 : -0.0927734, m 1.19198, v/sigma2 1, min complexity 0.0519639',
  fileNames: [tableName, stepsName, pageName],
  configure: (command) =>
    addStepOptions(
      addDesignOptions(
        addAsymptoticModelOptions(
          command.requiredOption('--alpha <A>', 'class rate log(K)/d, > 0, or infinity'),
        ),
      ),
      'mean',
    ),
  async run(raw, { progress, given }) {
    const alpha = readAlpha(raw);
    if (alpha > 0 && alpha < leastAlpha) throw new ParameterError('alpha', `at least ${leastAlpha}`, alpha);
    const model = readModel(raw, given('sampler'));
    const { sigma2, ensemble, sampler, process } = model;
    const target = readTarget(raw);
    const options = readDesignOptions(raw);
    checkTarget(target);
    resolveDesignOptions(options);
    const pareto = readPareto(raw);
    const steps = readSteps(raw, given);
    const answer = await runDesign(
      { problem: { alpha, sigma2, ensemble, sampler, process }, target, options, pareto },
      progress.stage.bind(progress),
    );
    const { result, front } = answer;
    const { best } = result;
    const [{ compileForBudget }, { designPage, drawnSections }] = await Promise.all([
      import('../../../guidance/schedules/budget.ts'),
      import('./designPage.ts'),
    ]);
    const horizon = defaultHorizon(processes[process]);
    const compiled = compileForBudget(best.schedule, { process: processes[process], sigma2, horizon });
    const points = pointsOf(compiled, processes[process], sigma2, horizon);
    const rows = steps?.scales(compiled, sigma2) ?? null;
    const sampled = rows === null ? null : steps!.sampled({ alpha, sigma2, ensemble, sampler }, rows);
    const label = `${samplerLabel(sampler).toUpperCase()}, α = ${alpha === Infinity ? '∞' : shortNumber(alpha)}, σ² = ${shortNumber(sigma2)}`;
    const page = { answer, model, alpha, label, target: targetText(answer), steps: rows, sampled };
    const isReplaced =
      (result.target.decision === null) !== (target.decision === null) ||
      result.target.overlap !== target.overlap;
    return {
      document: {
        ...outcomeOf(best),
        reached: result.reached,
        unmet: result.unmet,
        schedule: {
          formula: best.schedule.schedule,
          clock: best.schedule.clock,
          family: options.family,
          parameters: best.parameters,
          table: points,
          steps: rows,
          sampled,
        },
        target: result.target,
        pareto: pareto === 0 ? null : front.map(designDocument),
        standards: answer.standards.map(standardDocument),
        robustness: result.robustness,
        closedForm: result.closedForm === null ? null : designDocument(result.closedForm),
        evaluations: result.evaluations,
      },
      text: [
        `w(${best.schedule.clock}) = ${best.schedule.schedule}`,
        designText(answer, sigma2),
        robustnessText(answer),
        ...(pareto === 0 ? [] : [`${frontText(front)}\n${dominanceText(answer.standards)}`]),
        ...(rows === null ? [] : [stepsText(rows, sampled)]),
      ].join('\n\n'),
      notes: [
        ...(isReplaced
          ? [`no guidance at all would do what is asked for; instead: ${targetText(answer)}`]
          : []),
      ],
      ...(result.reached ? {} : { failure: failureText(answer) }),
      record: {
        problem: { ...problemRecord(model, alpha, null), target: result.target },
        options: { ...options, pareto, ...(steps === null ? {} : { steps: steps.record }) },
        seed: options.seed,
      },
      figures: () => drawnSections(page).flatMap(({ figure }) => figure ?? []),
      files: (record) => ({
        [tableName]: figureCsv({ columns: ['t', 'w'], rows: points }),
        ...(rows === null ? {} : { [stepsName]: figureCsv(stepsTable(rows)) }),
        [pageName]: designPage({ ...page, record }),
      }),
    };
  },
};

function outcomeOf(design: DesignedSchedule): Record<string, unknown> {
  const { m, v, varianceRatio, meanShift, phase, speciationTime, minComplexity, margin } = design;
  const { decisionLogOdds, budget } = design;
  return {
    m,
    v,
    varianceRatio,
    meanShift,
    phase,
    speciationTime,
    minComplexity,
    margin,
    decisionLogOdds,
    budget,
  };
}

function designDocument(design: DesignedSchedule): Record<string, unknown> {
  const { schedule, parameters } = design;
  return {
    schedule: { formula: schedule.schedule, clock: schedule.clock, parameters },
    ...outcomeOf(design),
  };
}

function standardDocument({ standard, dominatedBy, comparable }: Dominance): Record<string, unknown> {
  const { id, w, m, varianceRatio, phase, minComplexity, largest } = standard;
  return { name: id, w, m, varianceRatio, phase, minComplexity, largest, comparable, dominatedBy };
}

function targetText({ result: { target } }: DesignAnswer): string {
  const { overlap, decision } = target;
  const separation = `m >= ${show(overlap)}`;
  if (decision === null) return separation;
  const odds = decision.logOdds === 0 ? 'decided' : `log-odds ${show(decision.logOdds, 4)} per dimension`;
  return `${separation}, class ${odds} by t = ${show(decision.time)}`;
}

/** Failure message in one line: the unmet requirements and the best design found. */
function failureText(answer: DesignAnswer): string {
  const { best, unmet } = answer.result;
  return `the target is out of reach: ${unmet.map((one) => one.replace(/\.$/, '')).join('; ')}; the best that was found has v/sigma2 = ${show(best.varianceRatio, 4)}, m = ${show(best.m, 4)}`;
}

function designText(answer: DesignAnswer, sigma2: number): string {
  const { best, closedForm, evaluations } = answer.result;
  return aligned([
    ['quantity', 'value', ''],
    ['m', show(best.m), 'overlap with the class centre (1: undistorted)'],
    ['v', show(best.v), `variance per coordinate (sigma2 = ${show(sigma2)})`],
    ['v/sigma2', show(best.varianceRatio), 'variance ratio (1: undistorted)'],
    ['phase', best.phase, ''],
    ['speciation time', show(best.speciationTime), 'OU time at which the class is decided'],
    ['min complexity', show(best.minComplexity), 'of the competing classes on the way'],
    ['margin', show(best.margin), 'of it above the limit'],
    ...(best.decisionLogOdds === null || answer.result.target.decision === null
      ? []
      : [
          [
            'log-odds',
            show(best.decisionLogOdds),
            `of the class per dimension at t = ${show(answer.result.target.decision.time)}`,
          ] as const,
        ]),
    ['progress budget', show(best.budget.progress), 'mean of w over sampling progress'],
    ['effective budget', show(best.budget.effective), 'Int w s dlambda down to the data'],
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

function robustnessText({ result: { robustness } }: DesignAnswer): string {
  return table([
    ['robustness: alpha', 'sigma2', 'm', 'v/sigma2', 'phase', 'min complexity'],
    ...robustness.map(({ alpha, sigma2, m, varianceRatio, phase, minComplexity }) => [
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
