import { ParameterError } from '../../../numerics/checks.ts';
import type { RunRecord } from '../../../problem/record.ts';
import type { ComparisonRow } from '../../../finiteSize/table.ts';
import { figureCsv, figureRecords, type Figure, type FigureTable } from '../../../figures/drawing/figure.ts';
import { tableUnits } from '../../../figures/tables/typed.ts';
import { reportPage, type ReportSection } from '../../../figures/drawing/page.ts';
import { command, type CommandContext } from '../../frame/command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import { choices, number } from '../../frame/options.ts';
import { tableFiles } from '../../frame/tableFiles.ts';
import { ensembleOption, processOption, sigma2Domain } from '../../frame/physics.ts';
import { seedOption, workersOption } from '../../frame/beside.ts';
import { showCompact, toJson } from '../../terminal/output.ts';
import type { ReportSettings } from './parts.ts';
import {
  buildSection,
  reportFigureIds,
  reportRegimes,
  reportSamplers,
  simulationSizes,
  type ReportFigureId,
  type SampledRow,
} from './sections.ts';
import { comparisonText } from '../compare.ts';

const pageName = 'index.html';

/** `report`: the main job end to end, on one page. */
export const reportCommand = command({
  name: 'report',
  summary:
    'Phase diagram, trajectories, potentials and their cross-check by simulation, on one self-contained page.',
  example: 'cfg-dmft report --out report',
  files: [pageName, ...reportFigureIds.flatMap((id) => [`${id}.csv`, `${id}.json`])],
  defaultOut: 'report',
  figureIds: reportFigureIds,
  options: {
    sigma2: number('variance inside a class', { as: 'S', default: 0.25, domain: sigma2Domain }),
    w: number('guidance coefficient of the trajectories', { as: 'W', default: 1 }),
    ensemble: ensembleOption,
    process: processOption,
    only: choices(`these figures, a comma list of ${reportFigureIds.join(', ')}`, reportFigureIds, {
      as: 'ids',
    }),
    seed: seedOption,
    workers: workersOption,
  },
  async run({ only, ...settings }, context) {
    const { sigma2, w, ensemble, process } = settings;
    if (!(w >= 0))
      throw new ParameterError('w', 'a finite number >= 0', w, 'a report needs a critical class rate');
    const ids = only ?? reportFigureIds;
    const recordParts = {
      problem: { sigma2, w, ensemble, process, samplers: reportSamplers, startTime: 'asymptotic' },
      options: { workers: settings.workers, simulations: simulationSizes, only: ids },
      seed: settings.seed,
    };
    const record = context.record(recordParts);
    const { rows, sections, figures } = await buildSections(settings, ids, record, context);
    const { folder, hasPage } = context;
    const page = () =>
      reportPage({
        title: 'Guided diffusion on many classes: mean field and simulation',
        intro: introduction(settings),
        sections,
        styled: context.styled,
        ...(rows.length === 0
          ? {}
          : {
              summaryTable: {
                caption:
                  'Mean field (d → ∞) and simulations at finite d; in parentheses the standard error over realisations of the classes, in units of the last digits.',
                table: summaryTable(rows),
              },
            }),
        record,
        command: record.command,
        plotlySource: plotlySource(),
      });
    if (hasPage) folder?.write({ [pageName]: page() });
    const texts = reportSamplers.flatMap((sampler) => {
      const own = rows.filter((entry) => entry.sampler === sampler).map((entry) => entry.row);
      return own.length === 0 ? [] : [`${sampler.toUpperCase()}\n${comparisonText(own)}`];
    });
    return {
      document: {
        files: [...(folder?.written ?? [])],
        summary: rows.map(({ sampler, row }) => ({ sampler, ...row })),
      },
      text: [
        ...texts,
        ...(folder === null || folder.failure !== null || !hasPage ? [] : [`page: ${folder.directory}/${pageName}`]),
      ].join('\n\n'),
      figures: () => figures,
      record: recordParts,
    };
  },
});

/** Computes the sections one by one, and writes the numbers of each as soon as they are there. */
async function buildSections(
  settings: ReportSettings,
  ids: readonly ReportFigureId[],
  record: RunRecord,
  { progress, folder, tableFormats }: CommandContext,
): Promise<{ rows: SampledRow[]; sections: ReportSection[]; figures: Figure[] }> {
  const sections: ReportSection[] = [];
  const figures: Figure[] = [];
  const rows: SampledRow[] = [];
  const regimes = reportRegimes(settings);
  for (const id of ids) {
    progress.stage(id.replace('-', ' '));
    const built = await buildSection(id, settings, regimes, progress.update.bind(progress));
    const figure = { ...built.figure, id };
    const { title, caption, table } = figure;
    folder?.write({
      [`${id}.csv`]: figureCsv(table),
      [`${id}.json`]: `${toJson({ title, caption, rows: figureRecords(table), units: tableUnits(table) }, 1)}\n`,
      ...(await tableFiles(id, table, tableFormats, { title, record })),
    });
    figures.push(figure);
    sections.push({ heading: built.heading, figure, text: built.text });
    rows.push(...(built.rows ?? []));
  }
  return { rows, sections, figures };
}

/** One line per sampler and observable: theory, then each simulation with its error. */
function summaryTable(rows: readonly SampledRow[]): FigureTable {
  const nameOf = ({ source, d }: ComparisonRow) => (d === null ? 'theory, d → ∞' : `${source}, d = ${d}`);
  const names = [...new Set(rows.map(({ row }) => nameOf(row)))];
  return {
    columns: ['sampler', 'observable', ...names],
    rows: reportSamplers.flatMap((sampler) =>
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

function introduction({ sigma2, w, ensemble }: ReportSettings): string[] {
  return [
    `Classifier-free guidance with coefficient w on a mixture of K = exp(α d) Gaussian classes of variance σ² = ${sigma2} (${ensemble} centres), sampled with its exact score. In high dimension the samples follow a few order parameters: the overlap m with the guided class and the variance v across it. Undistorted samples have m = 1 and v = σ².`,
    `Lines are the mean field at d → ∞; points are particle simulations with standard errors. Where one value of w is shown it is w = ${w}, a guidance scale of ${1 + w}.`,
  ];
}
