import { ParameterError } from '../../../numerics/checks.ts';
import { didYouMean } from '../../../numerics/spelling.ts';
import { figureCsv, figureRecords, type Figure } from '../../../figures/drawing/figure.ts';
import { figurePage } from '../../../figures/drawing/page.ts';
import {
  command,
  figuresOf,
  type CommandContext,
  type CommandDefinition,
  type CommandResult,
  type ProgramCommand,
} from '../../frame/command.ts';
import { plotlySource } from '../../../images/plotly.ts';
import type { FigureRun, NamedFigure } from './catalogue.ts';
import {
  imageFormats,
  imageWidths,
  openImageMaker,
  usualResolution,
  type ImageFormat,
  type ImageMaker,
  type ImageWidth,
} from '../../../images/images.ts';
import { runInside, type InnerRun } from './runInside.ts';
import { flag } from '../../frame/input.ts';
import { choices, integer, number, text } from '../../frame/options.ts';
import { toJson } from '../../terminal/output.ts';
import { openResultFolder, type ResultFolder } from '../../terminal/resultFolder.ts';

const fileFormats = ['html', ...imageFormats, 'csv', 'json'] as const;
type FileFormat = (typeof fileFormats)[number];

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
      'cfg-dmft figures --only phase-diagram,potential --out figures\n  cfg-dmft figures --only all --quick',
    options: {
      only: text('draw these figures, a comma list; all for every one (without it: list them)', {
        as: 'ids',
        list: true,
        values: async () => ['all', ...(await loadCatalogue()).figureCatalogue.map(({ id }) => id)],
      }),
      format: choices(`a comma list of ${fileFormats.join(', ')}`, fileFormats, {
        usual: 'all',
      }),
      width: choices(
        'page (178 mm, panels side by side), column (85 mm, panels stacked), or both',
        imageWidths,
        {
          default: 'page,column',
        },
      ),
      resolution: number('dots per inch of PNG files', {
        as: 'D',
        default: usualResolution,
        domain: integer(30, 2400),
      }),
      quick: flag('figures of claims from the quick simulations of validate'),
    },
    async run({ only, format, width: widths, resolution, quick }, context) {
      const catalogue = await loadCatalogue();
      if (only === null) return listed(format, catalogue, context);
      const wanted = figuresNamed(only, catalogue.figureCatalogue);
      const formats = format ?? fileFormats;
      const runs = catalogue.figureRuns(wanted, quick ? { validate: ['--quick'] } : {});
      const names = wanted.flatMap(({ id }) => namesOf(id, formats, widths));
      context.folder?.reserve(names);
      const folder = context.folder ?? openResultFolder('figures', names, context.force);
      try {
        return await drawAll(commandsFor, runs, { formats, widths, resolution, folder, context });
      } finally {
        if (context.folder === null) folder.close();
      }
    },
  });
}

interface Drawing {
  readonly formats: readonly FileFormat[];
  readonly widths: readonly ImageWidth[];
  readonly resolution: number;
  readonly folder: ResultFolder;
  readonly context: CommandContext;
}

interface DrawnFigure {
  readonly id: string;
  readonly title: string;
  readonly command: string;
  readonly files: readonly string[];
}

/** Computes and draws run by run, and writes each before the next begins. */
async function drawAll(
  commandsFor: CommandsFor,
  runs: readonly FigureRun[],
  drawing: Drawing,
): Promise<CommandResult> {
  const { formats, folder, context } = drawing;
  const { progress } = context;
  const images = imageFormats.filter((format) => formats.includes(format));
  const opened = images.length === 0 ? null : await openImageMaker();
  const maker = opened !== null && 'draw' in opened ? opened : null;
  const missing = opened !== null && 'missing' in opened ? opened.missing : null;
  const drawn: DrawnFigure[] = [];
  try {
    for (const { args, figures } of runs) {
      progress.stage(args.join(' '));
      const run = await runInside(await commandsFor(args), args, progress);
      const made = figuresOf(run.result);
      for (const named of figures) {
        const found = made.find(({ id }) => id === named.source);
        if (found === undefined) throw new Error(`cfg-dmft ${args.join(' ')} draws no ${named.source}`);
        const files = await writeFigure({ ...found, id: named.id }, run, { ...drawing, maker, images });
        drawn.push({ id: named.id, title: found.title, command: run.record.command, files });
      }
      if (folder.failure !== null) break;
    }
  } finally {
    await maker?.close();
  }
  return {
    document: { figures: drawn },
    text: drawn.map(({ id, files }) => `${id}: ${files.join(' ')}`).join('\n'),
    record: {
      problem: { figures: drawn.map(({ id }) => id) },
      options: { formats, widths: drawing.widths, resolution: drawing.resolution, drawn: maker !== null },
      seed: null,
    },
    notes: missing === null ? [] : [`no ${images.join(', ')}: ${missing}`],
    ...(context.folder === null && folder.failure !== null ? { failure: folder.failure } : {}),
  };
}

async function writeFigure(
  figure: Figure,
  { record }: InnerRun,
  {
    formats,
    widths,
    resolution,
    folder,
    maker,
    images,
  }: Drawing & { readonly maker: ImageMaker | null; readonly images: readonly ImageFormat[] },
): Promise<readonly string[]> {
  const files: Record<string, string | Uint8Array> = {};
  const { id, title, caption, table } = figure;
  if (formats.includes('html')) {
    files[`${id}.html`] = figurePage(figure, record, plotlySource(), record.command);
  }
  if (formats.includes('csv')) files[`${id}.csv`] = figureCsv(table);
  if (formats.includes('json')) {
    files[`${id}.json`] = `${toJson({ id, title, caption, rows: figureRecords(table), record }, 1)}\n`;
  }
  for (const width of maker === null ? [] : widths) {
    const made = await maker!.draw(figure, { width, formats: images, record, resolution });
    for (const format of images) files[imageName(id, format, width)] = made[format]!;
  }
  return folder.write(files);
}

function imageName(id: string, format: ImageFormat, width: ImageWidth): string {
  return `${id}${width === 'column' ? '-column' : ''}.${format}`;
}

function namesOf(id: string, formats: readonly FileFormat[], widths: readonly ImageWidth[]): string[] {
  const isImage = (format: FileFormat): format is ImageFormat =>
    (imageFormats as readonly string[]).includes(format);
  return formats.flatMap((format) =>
    isImage(format) ? widths.map((width) => imageName(id, format, width)) : [`${id}.${format}`],
  );
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
  format: readonly FileFormat[] | null,
  { figureCatalogue, figureRuns }: Catalogue,
  { folder }: CommandContext,
): CommandResult {
  for (const [option, given] of Object.entries({ out: folder?.directory, format: format?.join(',') })) {
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
