import { ParameterError, requireChoice } from '../../numerics/checks.ts';
import type { ComparisonRow } from '../../comparison/table.ts';
import { ensembles } from '../../mixture/ensemble.ts';
import { samplers, type SamplerName } from '../../guidance/sampler.ts';
import { comparisonFigure } from '../../plots/comparisonFigure.ts';
import { distortionFigure } from '../../plots/distortionFigure.ts';
import { figureCsv, figureRecords, type Figure, type FigureTable } from '../../plots/figure.ts';
import { reportPage, type ReportSection } from '../../plots/page.ts';
import { phaseDiagramFigure } from '../../plots/phaseDiagramFigure.ts';
import { potentialFigure } from '../../plots/potentialFigure.ts';
import { trajectoryFigure, type TrajectoryCurve } from '../../plots/trajectoryFigure.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { phaseDiagram } from '../../transition/phaseDiagram.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { plotlySource } from '../environment.ts';
import { integerOption, requiredText } from '../options.ts';
import { showCompact, toJson } from '../output.ts';
import { parseNumber } from '../ranges.ts';
import {
  comparison,
  dimensionWithin,
  distortionCurve,
  distortionPoints,
  regimesOf,
  reportPotential,
  trajectoryCurve,
  type ReportSettings,
} from '../reportParts.ts';
import { defaultWorkers } from '../workers/pool.ts';
import { comparisonText } from './compare.ts';

const samplerNames = ['ode', 'sde'] as const satisfies readonly SamplerName[];
const figureIds = [
  'phase-diagram',
  'trajectories-ode',
  'trajectories-sde',
  'potential',
  'distortion',
  'comparison-ode',
  'comparison-sde',
] as const;
const pageName = 'index.html';

/** `report`: the main job end to end, on one page. */
export const reportCommand: CommandDefinition = {
  name: 'report',
  summary:
    'Phase diagram, trajectories, potentials and their cross-check by simulation, on one self-contained page.',
  example: 'cfg-dmft report --out report',
  fileNames: [pageName, ...figureIds.flatMap((id) => [`${id}.csv`, `${id}.json`])],
  defaultOut: 'report',
  configure: (command) =>
    command
      .option('--sigma2 <S>', 'variance inside a class', '0.25')
      .option('--w <W>', 'guidance coefficient of the trajectories', '1')
      .option('--ensemble <name>', `class centres: ${ensembles.join(' or ')}`, 'gaussian')
      .option('--seed <I>', 'seed of the random numbers (default: 1)')
      .option('--workers <P>', `threads (default: all ${defaultWorkers()})`),
  async run(raw, context) {
    const sigma2 = parseNumber('sigma2', requiredText(raw, 'sigma2', 'sigma2'));
    if (!(sigma2 > 0)) throw new ParameterError('sigma2', 'a finite number > 0', sigma2);
    const w = parseNumber('w', requiredText(raw, 'w', 'w'));
    if (!(w >= 0))
      throw new ParameterError('w', 'a finite number >= 0', w, 'a report needs a critical class rate');
    const ensemble = requiredText(raw, 'ensemble', 'ensemble');
    requireChoice('ensemble', ensemble, ensembles);
    const settings: ReportSettings = {
      sigma2,
      w,
      ensemble,
      seed: integerOption(raw, 'seed', 'seed', 1),
      workers: integerOption(raw, 'workers', 'workers', defaultWorkers()),
    };
    const { rows, sections } = await buildSections(settings, context);
    const recordParts = {
      problem: { sigma2, w, ensemble, process: 'ou', samplers: samplerNames, startTime: 'asymptotic' },
      options: { workers: settings.workers, simulations: simulationSizes },
      seed: settings.seed,
    };
    const record = context.record(recordParts);
    const summary = rows.map(({ sampler, row }) => ({ sampler, ...row }));
    const folder = context.folder!;
    folder.write(
      pageName,
      reportPage({
        title: 'Guided diffusion on many classes: mean field and simulation',
        intro: introduction(settings),
        sections,
        summaryTable: {
          caption:
            'Mean field (d → ∞) and simulations at finite d; in parentheses the standard error over realisations of the classes, in units of the last digits.',
          table: summaryTable(rows),
        },
        record,
        command: record.command,
        plotlySource: plotlySource(),
      }),
    );
    const text = samplerNames
      .map((sampler) => {
        const own = rows.filter((entry) => entry.sampler === sampler).map((entry) => entry.row);
        return `${sampler.toUpperCase()}\n${comparisonText(own)}`;
      })
      .join('\n\n');
    return {
      document: { files: [...folder.written], summary },
      text: `${text}\n\npage: ${folder.directory}/${pageName}`,
      record: recordParts,
    };
  },
};

/** Sizes of the report's simulations: what fits in a minute on two cores. */
const simulationSizes = {
  trajectoryReduced: { particles: 500, realizations: 8, steps: 80 },
  trajectoryFull: { particles: 32, realizations: 24, steps: 40 },
  trajectoryReducedDimension: 1000,
  classesBelow: 3000,
  classesAbove: 20_000,
  distortionReduced: { particles: 500, realizations: 4, steps: 80 },
  distortionDimension: 10_000,
  comparison: [
    { classes: 410, options: { particles: 100, realizations: 64, steps: 40 } },
    { classes: 3000, options: { particles: 50, realizations: 64, steps: 40 } },
    { classes: 22_100, options: { particles: 40, realizations: 32, steps: 40 } },
  ],
} as const;

/** One line per sampler and observable: theory, then each simulation with its error. */
function summaryTable(rows: readonly SampledRow[]): FigureTable {
  const nameOf = ({ source, d }: ComparisonRow) => (d === null ? 'theory, d → ∞' : `${source}, d = ${d}`);
  const names = [...new Set(rows.map(({ row }) => nameOf(row)))];
  return {
    columns: ['sampler', 'observable', ...names],
    rows: samplerNames.flatMap((sampler) =>
      (['m', 'v', 'vParallel'] as const).map((observable) => [
        sampler.toUpperCase(),
        observable,
        ...names.map((name) => {
          const found = rows.find(
            ({ sampler: own, row }) =>
              own === sampler && row.observable === observable && nameOf(row) === name,
          )?.row;
          return found === undefined || found.value === null
            ? null
            : showCompact(found.value, found.standardError);
        }),
      ]),
    ),
  };
}

interface SampledRow {
  readonly sampler: SamplerName;
  readonly row: ComparisonRow;
}

async function buildSections(
  settings: ReportSettings,
  { progress, folder }: CommandContext,
): Promise<{ rows: SampledRow[]; sections: ReportSection[] }> {
  const sections: ReportSection[] = [];
  const rows: SampledRow[] = [];
  const finish = (id: (typeof figureIds)[number], heading: string, figure: Figure, text: string) => {
    const named = { ...figure, id };
    folder!.write(`${id}.csv`, figureCsv(named.table));
    folder!.write(
      `${id}.json`,
      `${toJson({ title: named.title, caption: named.caption, rows: figureRecords(named.table) }, 1)}\n`,
    );
    sections.push({ heading, figure: named, text });
  };
  const onProgress = (fraction: number) => {
    progress.update(fraction);
  };
  const { sigma2, w, ensemble } = settings;

  progress.stage('phase diagrams');
  const regimes = { ode: regimesOf(settings, 'ode'), sde: regimesOf(settings, 'sde') };
  if (regimes.ode === null || regimes.sde === null) {
    throw new ParameterError('w', 'such that a critical class rate exists', w);
  }
  const widest = 1.3 * Math.max(regimes.ode[1], regimes.sde[1]);
  const grid = (from: number, to: number, count: number) =>
    Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  const alphas = grid(0.02, Number(widest.toPrecision(2)), 60);
  const coefficients = grid(0, 8, 33);
  const diagrams = samplerNames.map((sampler, i) =>
    phaseDiagram(
      { sigma2, ensemble, sampler: samplers[sampler], process: ornsteinUhlenbeck, startTime: null },
      alphas,
      coefficients,
      {},
      (done) => {
        onProgress((i + done / coefficients.length) / 2);
      },
    ),
  );
  finish(
    'phase-diagram',
    'Phase diagram',
    phaseDiagramFigure({ ode: diagrams[0]!, sde: diagrams[1]!, sigma2, ensemble }),
    'Left of the critical line the samples reach the phase of the guided class before the end of sampling, guidance switches itself off, and the distortion heals in part. Right of it guidance acts down to the data.',
  );

  for (const sampler of samplerNames) {
    progress.stage(`trajectories, ${sampler}`);
    const names = ['below', 'at', 'above'] as const;
    const curves: TrajectoryCurve[] = [];
    for (const [i, alpha] of regimes[sampler]!.entries()) {
      const classes = i === 0 ? simulationSizes.classesBelow : simulationSizes.classesAbove;
      const simulations = [
        {
          mode: 'reduced',
          d: simulationSizes.trajectoryReducedDimension,
          options: simulationSizes.trajectoryReduced,
        },
        ...(sampler === 'ode' || i === 0
          ? [
              {
                mode: 'full',
                d: dimensionWithin(alpha, classes),
                options: simulationSizes.trajectoryFull,
              } as const,
            ]
          : []),
      ] as const;
      curves.push(
        await trajectoryCurve(settings, sampler, names[i]!, alpha, simulations, (fraction) => {
          onProgress((i + fraction) / 3);
        }),
      );
    }
    finish(
      `trajectories-${sampler}`,
      `Trajectories, ${sampler.toUpperCase()}`,
      trajectoryFigure({ curves, sigma2, label: `${sampler.toUpperCase()}, w = ${w}` }),
      'The lines are the mean field at d → ∞; the reduced simulation at large d must lie on them, the full one at small d differs by finite-size corrections.',
    );
  }

  progress.stage('potential');
  const alphaBelow = regimes.ode[0];
  const { table, transitionTime } = reportPotential(settings, alphaBelow);
  finish(
    'potential',
    'Effective potential',
    potentialFigure({ table, label: `ODE, α = ${alphaBelow}, w = ${w}`, transitionTime }),
    'The kink, where the guided class and all others weigh the same, moves through the state: that is the phase transition.',
  );

  progress.stage('distortion');
  const curves = samplerNames.map((sampler) => distortionCurve(settings, sampler, 2 * regimes[sampler]![1]));
  const pointAlphas = [0.003, 0.01, 0.03, 0.1, 0.3].filter((alpha) => alpha < regimes.ode![1]);
  const points = [];
  for (const [i, sampler] of samplerNames.entries()) {
    points.push(
      ...(await distortionPoints(
        settings,
        sampler,
        pointAlphas,
        simulationSizes.distortionDimension,
        simulationSizes.distortionReduced,
        (fraction) => {
          onProgress((i + fraction) / 2);
        },
      )),
    );
  }
  finish(
    'distortion',
    'Distortion against the class rate',
    distortionFigure({ w, sigma2, curves, points }),
    'Exponentially many classes (α > 0) distort; sub-exponentially many (α → 0) do not, with exponent 1/2 for the ODE and 1 for the SDE in the overlap.',
  );

  for (const sampler of samplerNames) {
    progress.stage(`cross-check, ${sampler}`);
    const alpha = alphaBelow;
    const runs = simulationSizes.comparison.map(({ classes, options }) => ({
      d: dimensionWithin(alpha, classes),
      options,
    }));
    const compared = await comparison(settings, sampler, alpha, runs, onProgress);
    rows.push(...compared.map((row) => ({ sampler, row })));
    finish(
      `comparison-${sampler}`,
      `Cross-check by simulation, ${sampler.toUpperCase()}`,
      comparisonFigure({ rows: compared, label: `${sampler.toUpperCase()}, σ² = ${sigma2}` }),
      'Explicit classes with the exact score against the mean field: the difference falls with the dimension.',
    );
  }
  return { rows, sections };
}

function introduction({ sigma2, w, ensemble }: ReportSettings): string[] {
  return [
    `Classifier-free guidance with coefficient w on a mixture of K = exp(α d) Gaussian classes of variance σ² = ${sigma2} (${ensemble} centres), sampled with its exact score. In high dimension the samples follow a few order parameters: the overlap m with the guided class and the variance v across it. Undistorted samples have m = 1 and v = σ².`,
    `Lines are the mean field at d → ∞; points are particle simulations with standard errors. Where one value of w is shown it is w = ${w}, a guidance scale of ${1 + w}.`,
  ];
}
