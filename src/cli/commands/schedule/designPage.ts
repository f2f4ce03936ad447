import type { RunRecord } from '../../../problem/record.ts';
import type { DesignAnswer } from '../../../design/designJob.ts';
import type { DesignedSchedule } from '../../../design/design.ts';
import { solveSchedule } from '../../../design/outcome.ts';
import type { Figure } from '../../../figures/drawing/figure.ts';
import type { ReportSection } from '../../../figures/drawing/page.ts';
import { scheduleParetoFigure, type ParetoPoint } from '../../../figures/schedules/scheduleParetoFigure.ts';
import { figureFrom, jumpTimes, solutionFigures } from '../../../figures/schedules/scheduleSeries.ts';
import { processes } from '../../../process/process.ts';
import type { ModelOptions } from '../../frame/physics.ts';
import { show } from '../../terminal/output.ts';
import { recordPage } from './pages.ts';
import { stepsSections, type StepList } from './stepOptions.ts';
import { dominanceText } from './text.ts';

/** Content of a design page. */
export interface DesignPage {
  readonly answer: DesignAnswer;
  readonly model: ModelOptions;
  readonly alpha: number;
  /** Parameters common to all figures: sampler, class rate, variance. */
  readonly label: string;
  /** The target in words. */
  readonly target: string;
  /** Steps of a pipeline, if requested. */
  readonly steps: StepList | null;
}

/** The page: the path of the design beside constant guidance, its shape, the front, robustness, steps. */
export function designPage(page: DesignPage, record: RunRecord, styled: (figure: Figure) => Figure): string {
  const { answer, label, steps } = page;
  const { best, reached, unmet, closedForm } = answer.result;
  const fits = reached ? 'It meets the target' : `It does not meet the target (${unmet.join('; ')})`;
  return recordPage(record, {
    styled,
    title: 'Designed guidance schedule',
    intro: [
      `w(t) = ${best.schedule.schedule}, for ${label}. Target: ${page.target}. ${fits}: overlap m = ${show(best.m, 5)}, variance v/σ² = ${show(best.varianceRatio, 5)}.`,
      ...(closedForm === null
        ? []
        : [
            `Two-level schedule of least effort, in closed form: w(t) = ${closedForm.schedule.schedule}, m = ${show(closedForm.m, 5)}.`,
          ]),
    ],
    sections: [...drawnSections(page), robustnessSection(answer), ...stepsSections(steps)],
  });
}

/** Path, shape and, if requested, the front. */
export function drawnSections(page: DesignPage): ReportSection[] {
  const { answer, label } = page;
  return [...pathSections(page), ...(answer.front.length === 0 ? [] : [frontSection(answer, label)])];
}

function pathSections({ answer, model, alpha, label }: DesignPage): ReportSection[] {
  const { sigma2, ensemble, sampler } = model;
  const process = processes[model.process];
  const problem = { alpha, sigma2, ensemble, sampler, process };
  const designed = solveSchedule(problem, answer.result.best.schedule);
  // Constant guidance beside it: w = 1, a scale of 2.
  const constant = solveSchedule(problem, { schedule: '1', clock: 't' });
  const times = [designed, constant].flatMap(({ crossings }) => crossings.map(({ time }) => time));
  const from = figureFrom(process, [...times, ...jumpTimes(problem, designed.start.schedule)], Infinity);
  const { path, shape } = solutionFigures(
    [
      { name: 'designed', kind: 'designed', solution: designed },
      { name: 'constant w = 1', kind: 'constant', solution: constant },
    ],
    from,
    label,
  );
  return [
    { heading: 'Order parameters along sampling', figure: path },
    { heading: 'Shape of the schedule', figure: shape },
  ];
}

function frontSection({ front, standards, result }: DesignAnswer, label: string): ReportSection {
  const designed = ({ schedule, m, varianceRatio }: DesignedSchedule): ParetoPoint => ({
    name: schedule.schedule,
    kind: 'designed',
    m,
    varianceRatio,
    note: '',
    isAside: false,
  });
  return {
    heading: 'Separation against diversity',
    text: dominanceText(standards),
    figure: scheduleParetoFigure({
      front: front.map(designed),
      standards: standards.map(({ standard, comparable }) => ({
        name: standard.title,
        kind: standard.id === 'constant' ? 'constant' : 'nonNegative',
        m: standard.m,
        varianceRatio: standard.varianceRatio,
        note: `w = ${show(standard.w)}`,
        isAside: !comparable,
      })),
      chosen: designed(result.best),
      label,
    }),
  };
}

function robustnessSection({ result: { robustness } }: DesignAnswer): ReportSection {
  return {
    heading: 'Robustness',
    text: 'The same schedule, fixed in time, where the class rate α or the variance σ² inside a class is not the one it was designed for.',
    figure: null,
    table: {
      name: 'robustness',
      caption: 'What the schedule does where alpha and sigma2 are off.',
      table: {
        columns: ['alpha', 'sigma2', 'm', 'v/sigma2', 'phase', 'min complexity'],
        rows: robustness.map(({ alpha, sigma2, m, varianceRatio, phase, minComplexity }) => [
          alpha === Infinity ? 'infinity' : alpha,
          sigma2,
          m,
          varianceRatio,
          phase,
          minComplexity,
        ]),
      },
    },
  };
}
