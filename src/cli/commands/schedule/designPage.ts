import type { RunRecord } from '../../../comparison/record.ts';
import type { DesignedSchedule } from '../../../design/design.ts';
import { solveSchedule } from '../../../design/outcome.ts';
import type { StepScale } from '../../../guidance/schedules/stepScales.ts';
import type { WrittenSchedule } from '../../../guidance/written.ts';
import { reportPage, type ReportSection } from '../../../plots/drawing/page.ts';
import type { ScheduleKind } from '../../../plots/schedules/scheduleLook.ts';
import { scheduleParetoFigure, type ParetoPoint } from '../../../plots/schedules/scheduleParetoFigure.ts';
import { schedulePathFigure } from '../../../plots/schedules/schedulePathFigure.ts';
import { scheduleShapeFigure } from '../../../plots/schedules/scheduleShapeFigure.ts';
import { processes } from '../../../process/process.ts';
import { plotlySource } from '../../../images/plotly.ts';
import type { ModelOptions } from '../../options.ts';
import { show } from '../../output.ts';
import type { DesignAnswer } from './designJob.ts';
import { dominanceText } from './dominanceText.ts';
import { figureFrom, jumpTimes, scheduleCurve, schedulePath } from './series.ts';
import { stepsSection, type SampledSteps } from './stepOptions.ts';

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
  readonly steps: readonly StepScale[] | null;
  readonly sampled: SampledSteps | null;
}

/** Constant guidance beside the design: w = 1, a scale of 2. */
const reference: WrittenSchedule = { schedule: '1', clock: 't' };

/** The page: the path of the design beside constant guidance, its shape, the front, robustness, steps. */
export function designPage(page: DesignPage & { readonly record: RunRecord }): string {
  const { answer, label, record, steps, sampled } = page;
  const { best, reached, unmet, closedForm } = answer.result;
  const fits = reached ? 'It meets the target' : `It does not meet the target (${unmet.join('; ')})`;
  return reportPage({
    title: 'Designed guidance schedule',
    intro: [
      `w(t) = ${best.schedule.schedule}, for ${label}. Target: ${page.target}. ${fits}: overlap m = ${show(best.m, 5)}, variance v/σ² = ${show(best.varianceRatio, 5)}.`,
      ...(closedForm === null
        ? []
        : [
            `Two-level schedule of least effort, in closed form: w(t) = ${closedForm.schedule.schedule}, m = ${show(closedForm.m, 5)}.`,
          ]),
    ],
    sections: [
      ...drawnSections(page),
      robustnessSection(answer),
      ...(steps === null ? [] : [stepsSection(steps, sampled)]),
    ],
    record,
    command: record.command,
    plotlySource: plotlySource(),
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
  const shown = [
    { name: 'designed', kind: 'designed', schedule: answer.result.best.schedule },
    { name: 'constant w = 1', kind: 'constant', schedule: reference },
  ] as const satisfies readonly { name: string; kind: ScheduleKind; schedule: WrittenSchedule }[];
  const solved = shown.map((one) => ({ ...one, solution: solveSchedule(problem, one.schedule) }));
  const times = solved.flatMap(({ solution }) => solution.crossings.map(({ time }) => time));
  const jumps = jumpTimes(problem, solved[0]!.solution.start.schedule);
  const from = figureFrom(process, [...times, ...jumps], Infinity);
  return [
    {
      heading: 'Order parameters along sampling',
      figure: schedulePathFigure({
        paths: solved.map(({ name, kind, solution }) => schedulePath(solution, name, kind, from, [])),
        process: model.process,
        from,
        label,
      }),
    },
    {
      heading: 'Shape of the schedule',
      figure: scheduleShapeFigure({
        curves: solved.map(({ name, kind, solution }) =>
          scheduleCurve(problem, name, kind, solution.start.schedule, from, solution.speciationClock),
        ),
        process: model.process,
        from,
      }),
    },
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
