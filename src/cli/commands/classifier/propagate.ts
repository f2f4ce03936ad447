import {
  propagateBudget,
  propagateFamily,
  type FamilyPropagation,
} from '../../../classifier/propagate/propagate.ts';
import {
  allocationRow,
  overspent,
  propagationSlopes,
  propagationTable,
} from '../../../classifier/propagate/rows.ts';
import {
  classifierSamplingFigure,
  samplingPoint,
  sensitivityPoint,
} from '../../../figures/classifiers/classifierSamplingFigure.ts';
import { command } from '../../frame/command.ts';
import { show } from '../../terminal/output.ts';
import { classifierProblemRecord } from './problemOptions.ts';
import { propagateOptions, withUsualCentres } from './propagateOptions.ts';
import { propagateText } from './propagateText.ts';

/** `classifier propagate`: effect of a classifier's errors on samples. */
export const propagateCommand = command({
  name: 'propagate',
  summary:
    'What imperfect classifiers do to guided samples: error of the output against cross-entropy, by noise level, and under a budget.',
  example:
    'cfg-dmft classifier propagate --family temperature --parameters 0.2,0.05 --windows 0\n  parameter 0.2: KL 0.00215, output KL 0.052(15); 0.05: KL 0.000166, output KL 0.0047(12)',
  files: ['.csv', '.html'],
  prepare: withUsualCentres,
  options: { request: propagateOptions },
  run({ request: { problem, families, numerics, spending, cap } }, { progress }) {
    const { sampler, particles, steps, coarseSteps, time, windows, seed } = numerics;
    const { diffused, label, w, startTime, endTime } = problem;
    const total = families.length + (spending === null ? 0 : 1);
    const studies = families.map((sweep, i): FamilyPropagation => {
      progress.stage(sweep.family);
      const study = propagateFamily(problem, sweep, numerics);
      progress.update((i + 1) / total);
      return study;
    });
    if (spending !== null) progress.stage('budget');
    const budget =
      spending === null
        ? null
        : propagateBudget(problem, spending.family, { budget: spending.budget, cap }, numerics);
    const { classes, dimension } = diffused.mixture;
    return {
      document: {
        rows: studies.flatMap(propagationTable),
        slopes: studies.flatMap(propagationSlopes),
        budget:
          budget === null
            ? null
            : {
                family: budget.family,
                measure: budget.measure,
                budget: budget.budget,
                rows: budget.study.trials.map(allocationRow),
              },
      },
      text: propagateText(problem, studies, coarseSteps, budget),
      notes:
        budget === null
          ? []
          : overspent(budget.study.trials, budget.budget).map(
              ({ name, spent }) =>
                `the allocation ${name} spends ${show(spent, 3)}: errors of that size are no longer small, take a smaller budget`,
            ),
      record: {
        problem: { ...classifierProblemRecord({ diffused, label }), w },
        options: {
          families: families.map(({ family: name, parameters }) => ({ name, parameters })),
          ...{ sampler, particles, steps, coarseSteps, time, windows, startTime, endTime },
          ...{ budget: spending?.budget ?? null, cap },
        },
        seed,
      },
      figure: classifierSamplingFigure({
        points: studies.flatMap(({ family, rows }) => rows.map((row) => samplingPoint(family, row))),
        sensitivities: studies.flatMap(({ family, sensitivities }) =>
          (sensitivities?.windows ?? []).map((row) => sensitivityPoint(diffused.process, family, row)),
        ),
        label: `${classes} classes in d = ${dimension}, class ${label}, w = ${show(w)}, ${sampler.toUpperCase()}`,
        coarseSteps,
      }),
    };
  },
});
