import type { RunRecord } from '../../problem/record.ts';
import type { Figure, FigureTable } from '../../figures/drawing/figure.ts';
import { plotlySource } from '../../images/plotly.ts';
import type { CommandDefinition, CommandResult } from './command.ts';
import { imageFiles, imageNames, imagesOf, isFigureFormat, openMaker } from './figureFiles.ts';
import {
  drawingOptions,
  givenOption,
  requireDrawing,
  styledBy,
  type FigureSettings,
} from './figureOptions.ts';
import { optionName, type RawOptions } from './input.ts';
import { isTable, tableFiles, tableFormatsOf, tableNames, tableOptions, textFiles } from './tableFiles.ts';
import { makeRecord } from '../terminal/environment.ts';
import type { Progress } from '../terminal/progress.ts';
import { openResultFolder } from '../terminal/resultFolder.ts';

/** The surroundings of a run: a terminal, or a program that asks. */
export interface Surroundings {
  /** Command line after the program's name, for the record. */
  readonly args: readonly string[];
  readonly progress: Progress;
  /** Characters of a line of the text. */
  readonly width: number;
  /** A line about the files, for people. */
  readonly say: (line: string) => void;
  /** Takes the folder that the run has to itself from then on. */
  readonly opened?: (directory: string) => void;
  /** Takes the result before any file is written, so that a write that fails does not lose it. @param document with the record */
  readonly finished: (result: CommandResult, document: Readonly<Record<string, unknown>>) => void;
}

/** The end of a run. */
export interface RunEnd {
  /** Reasons why it did not reach all that was asked for: exit code 1. */
  readonly failures: readonly string[];
  readonly afterwards?: () => Promise<void>;
}

/** All figures of a result. */
export function figuresOf({ figures, figure }: CommandResult): readonly Figure[] {
  if (figures !== undefined) return figures();
  return figure === undefined ? [] : [typeof figure === 'function' ? figure() : figure];
}

/** The table of a result, of its file .csv: its own, or that of its figure. */
export function tableOf(result: CommandResult, figures?: readonly Figure[]): FigureTable | undefined {
  // Without a need for it no figure is drawn: one may take as long as the result.
  return result.csv ?? (result.figure === undefined ? undefined : (figures ?? figuresOf(result))[0]?.table);
}

/** True for a command whose figures the frame draws: those with a page, or with figures by name. */
export const drawsFigures = ({ fileNames, figureIds }: CommandDefinition): boolean =>
  figureIds !== undefined || fileNames.includes('.html');

/**
 * Runs a command: its options are read, its result is handed over, its files are written.
 * @param name of the JSON document, without its ending
 * @throws ParameterError, NumericalFailure
 */
export async function runCommand(
  definition: CommandDefinition,
  name: string,
  raw: RawOptions,
  { args, progress, width, say, opened, finished }: Surroundings,
): Promise<RunEnd> {
  const jsonName = `${name}.json`;
  const out = raw['out'] ?? definition.defaultOut;
  const draws = drawsFigures(definition);
  const hasTable = definition.fileNames.some(isTable);
  const drawing = draws ? drawingOptions.read(raw, 'drawing') : null;
  const { formats } = drawing ?? (hasTable ? tableOptions.read(raw, 'files') : { formats: [] });
  if (draws || hasTable) requireDrawing(raw, { formats }, out === undefined ? '--out' : null);
  const tableFormats = tableFormatsOf(formats);
  const { figureIds, moreFigures = [] } = definition;
  const ids = typeof figureIds === 'function' ? await figureIds() : figureIds;
  const hasPage = drawing?.formats.includes('html') ?? true;
  const [json, force] = [raw['json'] === true, raw['force'] === true];
  const ownNames = definition.fileNames.map((file) => (file.startsWith('.') ? `${name}${file}` : file));
  const fileNames = [
    ...[...ownNames, ...moreFigures.map((id) => `${id}.html`)].filter(
      (file) => hasPage || !file.endsWith('.html'),
    ),
    ...ownNames.flatMap((file) => tableNames(file, tableFormats)),
    ...(drawing === null
      ? []
      : (ids ?? [name, ...moreFigures]).flatMap((figure) => imageNames(figure, drawing))),
  ];
  const folder = typeof out === 'string' ? openResultFolder(out, [jsonName, ...fileNames], force) : null;
  if (folder !== null) opened?.(folder.directory);
  const styled = drawing === null ? (figure: Figure) => figure : styledBy(drawing);
  const recordOf = (parts: CommandResult['record']) => makeRecord(args, parts);
  let result: CommandResult;
  try {
    const context = { raw, progress, folder, json, force, width, record: recordOf, styled, hasPage };
    result = await definition.run(raw, { ...context, tableFormats });
  } catch (error) {
    progress.done();
    folder?.close();
    throw error;
  }
  progress.done();
  const record = recordOf(result.record);
  const document = { ...result.document, record };
  finished(result, document);
  let missing: string | null = null;
  if (folder !== null) {
    const drawsAny = drawing?.formats.some(isFigureFormat) ?? false;
    const needsFigure = drawsAny || (result.csv === undefined && result.figure !== undefined);
    const figures = needsFigure ? figuresOf(result) : [];
    const ignored = !drawsAny || figures.length > 0 ? undefined : givenOption(raw);
    if (ignored !== undefined)
      say(`note: this result has no figure, to which --${optionName(ignored)} could apply`);
    const table = tableOf(result, figures);
    const tables = {
      ...(table !== undefined && definition.fileNames.includes('.csv') ? { [name]: table } : {}),
      ...result.tables?.(),
    };
    if (tableFormats.length > 0 && Object.keys(tables).length === 0)
      say(`note: this result has no table to write as ${tableFormats.join(', ')}`);
    let data: Record<string, string | Uint8Array> = await textFiles(jsonName, document, tables);
    try {
      for (const [file, one] of Object.entries(tables)) {
        const about = {
          title: figures[0]?.title ?? definition.summary,
          record,
          ...(file === name ? { document: result.document } : {}),
        };
        data = { ...data, ...(await tableFiles(file, one, tableFormats, about)) };
      }
      const own = Object.entries(result.files?.(record, styled) ?? {});
      const drawn = drawing === null ? null : await drawnFiles(name, definition, figures, drawing, record);
      missing = drawn?.missing ?? null;
      folder.write({
        ...data,
        ...drawn?.files,
        ...Object.fromEntries(own.filter(([file]) => hasPage || !file.endsWith('.html'))),
      });
    } catch (error) {
      // A panel that the figure does not have: the numbers are kept.
      folder.write(data);
      throw error;
    } finally {
      folder.close();
    }
    if (folder.failure === null) say(`wrote ${folder.written.length} files to ${folder.directory}`);
  }
  return {
    failures: [result.failure, folder?.failure, missing].filter((one) => typeof one === 'string'),
    ...(result.afterwards === undefined ? {} : { afterwards: result.afterwards }),
  };
}

/** The page and the images of a result's figures; `missing` says which could not be drawn, and why. */
async function drawnFiles(
  name: string,
  { fileNames, figureIds, moreFigures = [] }: CommandDefinition,
  figures: readonly Figure[],
  drawing: FigureSettings,
  record: RunRecord,
): Promise<{
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly missing: string | null;
}> {
  const styled = styledBy(drawing);
  const files: Record<string, string | Uint8Array> = {};
  const named = figures.map((figure, i) => ({
    figure,
    own: figureIds === undefined ? [name, ...moreFigures][i]! : figure.id,
  }));
  const hasOwnPage = figureIds === undefined && fileNames.includes('.html');
  if (figures.length > 0 && hasOwnPage && drawing.formats.includes('html')) {
    const { figurePage } = await import('../../figures/drawing/page.ts');
    for (const { figure, own } of named)
      files[`${own}.html`] = figurePage(styled(figure), record, plotlySource(), record.command);
  }
  const { maker, missing } = await openMaker(drawing);
  try {
    for (const { figure, own } of maker === null ? [] : named)
      Object.assign(files, await imageFiles(maker!, own, styled(figure), drawing, record));
  } finally {
    await maker?.close();
  }
  return { files, missing: missing === null ? null : `no ${imagesOf(drawing).join(', ')}: ${missing}` };
}
