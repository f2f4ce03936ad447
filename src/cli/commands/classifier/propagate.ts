import { classifierFamily, type FamilyName } from '../../../classifier/families.ts';
import { budgetStudy } from '../../../classifier/sampling/budgetStudy.ts';
import { windowSensitivities } from '../../../classifier/sampling/sensitivity.ts';
import { propagationRows } from '../../../classifier/sampling/study.ts';
import { evenWindows } from '../../../classifier/sampling/windows.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { classifierSamplingFigure } from '../../../plots/classifiers/classifierSamplingFigure.ts';
import { figureCsv } from '../../../plots/drawing/figure.ts';
import { figurePage } from '../../../plots/drawing/page.ts';
import type { CommandDefinition } from '../../command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import { show } from '../../output.ts';
import { classifierProblemRecord } from './problemOptions.ts';
import { addPropagateOptions, readPropagate, type PropagateRequest } from './propagateOptions.ts';
import {
  familySlopes,
  memberRow,
  propagateText,
  samplingPoint,
  sensitivityPoint,
  trialRow,
  windowRow,
  type BudgetResult,
  type FamilyStudy,
} from './propagateRows.ts';

const csvName = 'classifier-propagate.csv';
const pageName = 'classifier-propagate.html';
/** Noise levels of the means over all of them, and samples at each. */
const levels = { levels: 6, samples: 500 } as const;
/** An independent wave in every window, so that errors do not add up coherently. */
const windowSeeds = 1000;
/** Relative deviation of an allocation's spending from the budget above which a note is given. */
const spentTolerance = 0.15;

/** `classifier propagate`: effect of a classifier's errors on samples. */
export const propagateCommand: CommandDefinition = {
  name: 'propagate',
  summary:
    'What imperfect classifiers do to guided samples: error of the output against cross-entropy, by noise level, and under a budget.',
  example:
    'cfg-dmft classifier propagate --family temperature --parameters 0.2,0.05 --windows 0\n  T 1.2: KL 0.00215, output KL 0.052(15); T 1.05: KL 0.000166, output KL 0.0047(12)',
  fileNames: [csvName, pageName],
  configure: addPropagateOptions,
  run(raw, { progress }) {
    const request = readPropagate(raw);
    const { problem, families, sampler, particles, steps, coarseSteps, seed, time, windows } = request;
    const total = families.length + (request.budget === null ? 0 : 1);
    const studies = families.map(({ name, parameters }, i): FamilyStudy => {
      progress.stage(name);
      const study = familyStudy(request, name, parameters);
      progress.update((i + 1) / total);
      return study;
    });
    if (request.budget !== null) progress.stage('budget');
    const budget = request.budget === null ? null : runBudget(request, request.budget);
    const label =
      `${problem.diffused.mixture.classes} classes in d = ${problem.diffused.mixture.dimension}, ` +
      `class ${problem.label}, w = ${show(problem.w)}, ${sampler.toUpperCase()}`;
    const figure = classifierSamplingFigure({
      points: studies.flatMap(({ family, rows }) => rows.map((row) => samplingPoint(family, row))),
      sensitivities: studies.flatMap(({ family, sensitivities }) =>
        (sensitivities?.windows ?? []).map((row) => sensitivityPoint(problem, family, row)),
      ),
      label,
      coarseSteps,
    });
    return Promise.resolve({
      document: {
        rows: studies.flatMap(({ family, rows, sensitivities }) => [
          ...rows.map((row) => memberRow(family, row)),
          ...(sensitivities?.windows ?? []).map((row) =>
            windowRow(family, sensitivityParameter(request, family), row),
          ),
        ]),
        slopes: studies.flatMap(familySlopes),
        budget:
          budget === null
            ? null
            : { ...budget.about, rows: budget.study.trials.map((trial) => trialRow(trial)) },
      },
      text: propagateText(problem, studies, coarseSteps, budget),
      notes: (budget?.study.trials ?? [])
        .filter(({ spent }) => Math.abs(spent / request.budget! - 1) > spentTolerance)
        .map(
          ({ name, spent }) =>
            `the allocation ${name} spends ${show(spent, 3)}: errors of that size are no longer small, take a smaller budget`,
        ),
      record: {
        problem: { ...classifierProblemRecord(request.base), w: problem.w },
        options: {
          ...{ families, sampler, particles, steps, coarseSteps, time, windows },
          ...{
            startTime: problem.startTime,
            endTime: problem.endTime,
            budget: request.budget,
            cap: request.cap,
          },
        },
        seed,
      },
      figures: () => [figure],
      files: (record) => ({
        [csvName]: figureCsv(figure.table),
        [pageName]: figurePage(figure, record, plotlySource(), record.command),
      }),
    });
  },
};

function samplingOf({ sampler, particles, steps, seed }: PropagateRequest) {
  return sampler === 'ode'
    ? ({ method: 'flow', eta: 0, steps, particles, seed } as const)
    : ({ method: 'diffusion', eta: 1, steps, particles, seed } as const);
}

/** Windows are studied at the second parameter of the sweep: small, but not tiny. */
function sensitivityParameter({ families }: PropagateRequest, name: FamilyName): number {
  const { parameters } = families.find((one) => one.name === name)!;
  return parameters[Math.min(1, parameters.length - 1)]!;
}

function familyStudy(
  request: PropagateRequest,
  name: FamilyName,
  parameters: readonly number[],
): FamilyStudy {
  const { problem, time, seed, coarseSteps } = request;
  const family = classifierFamily(name);
  const members = parameters.map((parameter) => ({
    parameter,
    classifier: family.make(problem.diffused, problem.label, parameter, { time, seed }),
  }));
  const sampling = samplingOf(request);
  const rows = propagationRows(problem, members, family.smooth, { sampling, coarseSteps, ...levels });
  const studied = members[Math.min(1, members.length - 1)]!;
  const sensitivities =
    request.windows === 0 || !family.smooth
      ? null
      : windowSensitivities(problem, studied.classifier, evenWindows(problem, request.windows), {
          sampling,
          crossEntropy: { seed },
        });
  return { family: name, rows, sensitivities };
}

function runBudget(request: PropagateRequest, budget: number): BudgetResult {
  const { problem, families, sampler, time, seed, cap } = request;
  const usable = ['fourier', 'temperature', 'bias', 'centres', 'variance'] as const;
  const family = usable.find((one) => families.some(({ name }) => name === one));
  if (family === undefined) {
    throw new ParameterError('budget', `given with a family of ${usable.join(', ')}`, budget);
  }
  const measure = sampler === 'ode' ? 'outputKl' : 'couplingSquare';
  const member = classifierFamily(family);
  const study = budgetStudy(
    problem,
    {
      ...{ budget, cap, measure },
      windows: evenWindows(problem, request.windows),
      make: (window, size) =>
        member.make(problem.diffused, problem.label, size, { time, seed: windowSeeds * (seed + 1) + window }),
      referenceSize: 0.05,
    },
    { sampling: samplingOf(request), crossEntropy: { seed } },
  );
  return { about: { family, measure, budget }, study };
}
