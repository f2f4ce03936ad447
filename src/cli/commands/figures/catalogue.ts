import { claims } from '../../../claims/registry.ts';
import { fewClassPresets, type FewClassCommandName } from '../fewClass/presets.ts';
import { changed, type FigureChanges } from './changes.ts';
import { reportFigureIds, type ReportFigureId } from '../report/sections.ts';

/** A figure that the program can draw: the command that computes it, and which of that command's figures it is. */
export interface NamedFigure {
  /** Lower case, digits and hyphens; also the name of its files. */
  readonly id: string;
  readonly title: string;
  /** Heading that groups figures. */
  readonly topic: string;
  /** Command line after the program's name, without --only. */
  readonly args: readonly string[];
  /** Value of --only for the command; figures that differ in this alone are computed in one run. */
  readonly only?: string;
  /** Id of the figure among those of the command. */
  readonly source: string;
}

const reportTitles: Readonly<Record<ReportFigureId, string>> = {
  'phase-diagram': 'Phase diagram: overlap and variance over class rate and guidance',
  'trajectories-ode': 'Order parameters along sampling, ODE',
  'trajectories-sde': 'Order parameters along sampling, SDE',
  potential: 'Guided effective potential around the transition',
  distortion: 'Distortion against the class rate',
  'comparison-ode': 'Theory against simulation by dimension, ODE',
  'comparison-sde': 'Theory against simulation by dimension, SDE',
};

const compareArgs = ['schedule', 'compare', '--alpha', '0.5', '--sigma2', '0.25'];
const designArgs = ['schedule', 'design', '--alpha', '0.45', '--sigma2', '0.3', '--pareto', '8'];

const scheduleFigures: readonly NamedFigure[] = [
  {
    id: 'schedule-comparison',
    title: 'Named schedules at equal budget',
    topic: 'schedules',
    args: compareArgs,
    source: 'schedule-comparison',
  },
  {
    id: 'schedule-shapes',
    title: 'Shapes of the named schedules',
    topic: 'schedules',
    args: compareArgs,
    source: 'schedule-shapes',
  },
  {
    id: 'schedule-path',
    title: 'A designed schedule beside constant guidance: order parameters',
    topic: 'schedules',
    args: designArgs,
    source: 'schedule-path',
  },
  {
    id: 'schedule-design',
    title: 'A designed schedule beside constant guidance: shape',
    topic: 'schedules',
    args: designArgs,
    source: 'schedule-shape',
  },
  {
    id: 'schedule-front',
    title: 'Separation against diversity: the front of designs and the named schedules',
    topic: 'schedules',
    args: designArgs,
    source: 'schedule-pareto',
  },
];

/** Ids of the figures that the commands below `few-class` make. */
const fewClassSources: Readonly<Record<FewClassCommandName, string>> = {
  confidence: 'few-class-confidence',
  entropy: 'few-class-entropy',
  density: 'few-class-density',
  split: 'few-class-split',
};

const fewClassFigures: readonly NamedFigure[] = fewClassPresets.flatMap(({ name, title, commands }) =>
  commands.map((command) => ({
    id: `few-class-${name}${commands.length === 1 ? '' : `-${command}`}`,
    title: commands.length === 1 ? title : `${title}: ${command}`,
    topic: 'few classes',
    args: ['few-class', command, '--figure', name],
    source: name === 'wu-4' ? 'few-class-map' : fewClassSources[command],
  })),
);

const classifierFigures: readonly NamedFigure[] = [
  {
    id: 'classifier-error',
    title: 'Guidance error against cross-entropy: families of imperfect classifiers',
    topic: 'imperfect classifiers',
    args: ['classifier', 'measure'],
    source: 'classifier-error',
  },
  {
    id: 'classifier-counterexample',
    title: 'Perfect-looking probabilities, wild gradients',
    topic: 'imperfect classifiers',
    args: ['classifier', 'counterexample'],
    source: 'classifier-counterexample',
  },
  {
    id: 'classifier-sampling',
    title: 'Sampling error against cross-entropy, and the noise levels that matter',
    topic: 'imperfect classifiers',
    args: ['classifier', 'propagate'],
    source: 'classifier-sampling',
  },
  {
    id: 'classifier-calibration',
    title: 'Overlap and variance against the temperature of the classifier, many classes',
    topic: 'imperfect classifiers',
    args: [
      'classifier',
      'calibrate',
      ...'--alpha 0.45 --w 1 --sigma2 0.25 --temperature 0.7:1.6:13 --simulate full --d 16'.split(' '),
    ],
    source: 'classifier-calibration',
  },
];

/** All named figures, in the order in which they are listed. */
export const figureCatalogue: readonly NamedFigure[] = [
  ...reportFigureIds.map((id) => ({
    id,
    title: reportTitles[id],
    topic: 'many classes',
    args: ['report'],
    only: id,
    source: id,
  })),
  {
    id: 'validity',
    title: 'Where the mean field holds at finite dimension',
    topic: 'many classes',
    args: ['validity', ...'--alpha 0.1:1.4:14 --w 0.5:7.5:8 --d 16,24,36 --sigma2 0.25'.split(' ')],
    source: 'validity',
  },
  ...scheduleFigures,
  ...fewClassFigures,
  ...classifierFigures,
  ...claims.map(({ id, title }) => ({
    id: `claim-${id}`,
    title,
    topic: 'claims',
    args: ['validate'],
    only: id,
    source: id,
  })),
];

/** One run of the program for several figures. */
export interface FigureRun {
  readonly args: readonly string[];
  readonly figures: readonly NamedFigure[];
}

/** The runs that make some figures, each command line once; those of claims quick where that is asked for. */
export function figureRuns(
  figures: readonly NamedFigure[],
  { quick = false, changes = {} }: { readonly quick?: boolean; readonly changes?: FigureChanges } = {},
): FigureRun[] {
  const groups = new Map<string, NamedFigure[]>();
  for (const figure of figures) {
    const key = figure.args.join(' ');
    groups.set(key, [...(groups.get(key) ?? []), figure]);
  }
  return [...groups.values()].map((group) => {
    const { args } = group[0]!;
    const only = group.flatMap((figure) => figure.only ?? []);
    return {
      args: [
        ...changed(args, changes),
        ...(only.length === 0 ? [] : ['--only', only.join(',')]),
        ...(quick && args[0] === 'validate' ? ['--quick'] : []),
      ],
      figures: group,
    };
  });
}
