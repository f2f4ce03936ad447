import { ParameterError } from '../../../numerics/checks.ts';
import { didYouMean } from '../../../numerics/spelling.ts';
import { figureCsv, figureRecords, type Figure } from '../../../figures/drawing/figure.ts';
import { tableUnits } from '../../../figures/tables/typed.ts';
import { figurePage } from '../../../figures/drawing/page.ts';
import { imageFormats, type ImageMaker } from '../../../images/images.ts';
import { plotlySource } from '../../../images/plotly.ts';
import {
  command,
  type CommandContext,
  type CommandDefinition,
  type CommandResult,
  type ProgramCommand,
} from '../../frame/command.ts';
import type { FigureRun, NamedFigure } from './catalogue.ts';
import { imageFiles, imageNames, imagesOf, openMaker } from '../../frame/figureFiles.ts';
import { figureOptions, requireDrawing, styledBy, type FigureSettings } from '../../frame/figureOptions.ts';
import { flag, headed, optionName } from '../../frame/input.ts';
import { text } from '../../frame/options.ts';
import { namedCommand } from '../../frame/register.ts';
import { figuresOf } from '../../frame/run.ts';
import { tableFiles, tableFormatsOf, tableNames } from '../../frame/tableFiles.ts';
import { toJson } from '../../terminal/output.ts';
import { openResultFolder, type ResultFolder } from '../../terminal/resultFolder.ts';
import { changedOptions, type FigureChanges } from './changes.ts';
import { optionsOf, runInside, type InnerRun } from './runInside.ts';

const drawingOptions = figureOptions({
  formats: ['html', ...imageFormats, 'csv', 'json'],
  width: 'page,column',
});

type CommandsFor = (args: readonly string[]) => Promise<readonly ProgramCommand[]>;

// With the claims, which the help does without.
const loadCatalogue = () => import('./catalogue.ts');

type Catalogue = Awaited<ReturnType<typeof loadCatalogue>>;

/**
 * `figures`: lists the named figures, or computes and draws some.
 * @param commandsFor the commands of the program for a command line, which compute them
 */
export function figuresCommand(commandsFor: CommandsFor): CommandDefinition {
  return command({
    name: 'figures',
    summary:
      'Lists the named figures, or draws them (--only) to HTML, SVG, PNG and PDF with their data beside them.',
    example:
      'cfg-dmft figures --only phase-diagram,potential --out figures\n  cfg-dmft figures --only phase-diagram --sigma2 0.1 --format pdf --width 86mm\n  cfg-dmft figures --only all --quick',
    options: {
      only: text('draw these figures, a comma list; all for every one (without it: list them)', {
        as: 'ids',
        kind: 'texts',
        values: async () => ['all', ...(await loadCatalogue()).figureCatalogue.map(({ id }) => id)],
      }),
      quick: flag('figures of claims from the quick simulations of validate'),
      drawing: headed('Figure options, with --only:', drawingOptions),
      changes: headed('Options of the command that computes a figure, with --only:', changedOptions),
    },
    async run({ only, quick, drawing, changes }, context) {
      requireDrawing(context.raw, drawing, only === null ? '--only' : null);
      const catalogue = await loadCatalogue();
      if (only === null) return listed(changes, catalogue, context);
      const wanted = figuresNamed(only, catalogue.figureCatalogue);
      const runs = catalogue.figureRuns(wanted, { quick, changes });
      for (const run of runs) requireOptions(await commandsFor(run.args), run, changes);
      const names = wanted.flatMap(({ id }) => namesOf(id, drawing));
      context.folder?.reserve(names);
      const folder = context.folder ?? openResultFolder('figures', names, context.force);
      try {
        return await drawAll(commandsFor, runs, { drawing, changes, folder, context });
      } finally {
        if (context.folder === null) folder.close();
      }
    },
  });
}

interface Work {
  readonly drawing: FigureSettings;
  readonly changes: FigureChanges;
  readonly folder: ResultFolder;
  readonly context: CommandContext;
}

interface DrawnFigure {
  readonly id: string;
  readonly title: string;
  readonly command: string;
  readonly files: readonly string[];
}

/** Throws for an option that the command of a figure does not have. */
function requireOptions(
  commands: readonly ProgramCommand[],
  { args, figures }: FigureRun,
  changes: FigureChanges,
): void {
  const known = optionsOf(commands, args);
  for (const [key, value] of Object.entries(changes)) {
    if (known.includes(`--${optionName(key)}`)) continue;
    const names = namedCommand(commands, args).join(' ');
    const condition = `given for figures whose command has it, which ${names} (${figures[0]!.id}) has not`;
    throw new ParameterError(optionName(key), condition, value);
  }
}

/** Computes and draws run by run, and writes each before the next begins. */
async function drawAll(
  commandsFor: CommandsFor,
  runs: readonly FigureRun[],
  { drawing, changes, folder, context }: Work,
): Promise<CommandResult> {
  const { progress } = context;
  // Opened when there is a figure to draw.
  let opened: Awaited<ReturnType<typeof openMaker>> | null = null;
  const drawn: DrawnFigure[] = [];
  try {
    for (const { args, figures } of runs) {
      progress.stage(args.join(' '));
      const run = await runInside(await commandsFor(args), args, progress);
      const made = figuresOf(run.result);
      opened ??= await openMaker(drawing);
      for (const named of figures) {
        const found = made.find(({ id }) => id === named.source);
        if (found === undefined) throw new Error(`cfg-dmft ${args.join(' ')} draws no ${named.source}`);
        const figure = styledBy(drawing)({ ...found, id: named.id });
        const files = folder.write(await filesOf(figure, run, drawing, opened.maker));
        drawn.push({ id: named.id, title: figure.title, command: run.record.command, files });
      }
      if (folder.failure !== null) break;
    }
  } finally {
    await opened?.maker?.close();
  }
  const { maker = null, missing = null } = opened ?? {};
  return {
    document: { figures: drawn },
    text: drawn.map(({ id, files }) => `${id}: ${files.join(' ')}`).join('\n'),
    record: {
      problem: { figures: drawn.map(({ id }) => id), ...changes },
      options: {
        formats: drawing.formats,
        widths: drawing.widths.map(({ width }) => width),
        resolution: drawing.resolution,
        ...drawing.look,
        drawn: maker !== null,
      },
      seed: null,
    },
    notes: missing === null ? [] : [`no ${imagesOf(drawing).join(', ')}: ${missing}`],
    ...(context.folder === null && folder.failure !== null ? { failure: folder.failure } : {}),
  };
}

/** Files of a figure. */
async function filesOf(
  figure: Figure,
  { record }: InnerRun,
  drawing: FigureSettings,
  maker: ImageMaker | null,
): Promise<Readonly<Record<string, string | Uint8Array>>> {
  const { formats } = drawing;
  const { id, title, caption, table } = figure;
  return {
    ...(formats.includes('html')
      ? { [`${id}.html`]: figurePage(figure, record, plotlySource(), record.command) }
      : {}),
    ...(formats.includes('csv') ? { [`${id}.csv`]: figureCsv(table) } : {}),
    ...(formats.includes('json')
      ? {
          [`${id}.json`]: `${toJson({ id, title, caption, rows: figureRecords(table), record, units: tableUnits(table) }, 1)}\n`,
        }
      : {}),
    ...(await tableFiles(id, table, tableFormatsOf(formats), { title, record })),
    ...(maker === null ? {} : await imageFiles(maker, id, figure, drawing, record)),
  };
}

function namesOf(id: string, drawing: FigureSettings): string[] {
  const plain = (['html', 'csv', 'json'] as const).filter((format) => drawing.formats.includes(format));
  return [
    ...plain.map((format) => `${id}.${format}`),
    ...tableNames(`${id}.csv`, tableFormatsOf(drawing.formats)),
    ...imageNames(id, drawing),
  ];
}

/** The figures of --only. */
function figuresNamed(only: string, known: readonly NamedFigure[]): readonly NamedFigure[] {
  if (only === 'all') return known;
  const ids = known.map(({ id }) => id);
  const wanted = only.split(',').map((part) => part.trim().toLowerCase());
  const unknown = wanted.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    const advice = didYouMean(unknown, ids) ?? 'cfg-dmft figures lists them';
    throw new ParameterError('only', 'the names of figures', unknown, advice);
  }
  return known.filter(({ id }) => wanted.includes(id));
}

function listed(
  changes: FigureChanges,
  { figureCatalogue, figureRuns }: Catalogue,
  { folder }: CommandContext,
): CommandResult {
  for (const [key, given] of Object.entries({ out: folder?.directory, ...changes })) {
    const option = optionName(key);
    if (given !== undefined)
      throw new ParameterError(option, 'given with --only', given, '--only all draws every figure');
  }
  const lines = figureCatalogue.map(({ id, title, topic }) => ({ id, title, topic }));
  const width = Math.max(...lines.map(({ id }) => id.length));
  let last = '';
  const text = lines.flatMap(({ id, title, topic }) => {
    const heading = topic === last ? [] : [`${last === '' ? '' : '\n'}${topic}`];
    last = topic;
    return [...heading, `  ${id.padEnd(width)}  ${title}`];
  });
  return {
    document: {
      figures: figureCatalogue.map((figure) => ({
        id: figure.id,
        title: figure.title,
        topic: figure.topic,
        command: ['cfg-dmft', ...figureRuns([figure])[0]!.args].join(' '),
        files: [],
      })),
    },
    text: text.join('\n'),
    record: { problem: { figures: lines.map(({ id }) => id) }, options: { list: true }, seed: null },
  };
}
