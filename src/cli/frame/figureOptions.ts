import { ParameterError } from '../../numerics/checks.ts';
import { colourSets, requireColours } from '../../figures/drawing/colours.ts';
import { requireFont, restyled, type FigureLook } from '../../figures/drawing/restyle.ts';
import type { Figure } from '../../figures/drawing/figure.ts';
import { imageFormats, usualFontSize, usualResolution } from '../../images/images.ts';
import { group, option, optionName, type Input, type RawOptions } from './input.ts';
import { choices, integer, interval, number } from './options.ts';
import { parseNumber } from './ranges.ts';
import { dataFormats } from './tableFiles.ts';

/** A width on paper, with the name that files have it by. */
export interface NamedWidth {
  readonly width: 'page' | 'column' | { readonly millimetres: number };
  /** Follows the name of an image: empty for the width of a page. */
  readonly suffix: string;
}

/** Formats of figures and of their numbers. */
const fileFormats = ['html', ...imageFormats, ...dataFormats] as const;

/** A format of {@link fileFormats}. */
export type FileFormat = (typeof fileFormats)[number];

/** Files and look of the figures of a command line. */
export interface FigureSettings {
  readonly formats: readonly FileFormat[];
  readonly widths: readonly NamedWidth[];
  readonly resolution: number;
  readonly fontSize: number;
  readonly look: FigureLook;
}

/** Widths on paper in millimetres. */
const [narrowest, widest] = [50, 1000];
const units: Readonly<Record<string, number>> = { mm: 1, cm: 10, in: 25.4 };

function parseWidth(name: string, text: string): NamedWidth {
  const typed = text.trim();
  if (typed === 'page') return { width: 'page', suffix: '' };
  if (typed === 'column') return { width: 'column', suffix: '-column' };
  const [, length, unit] = /^([\d.]+) ?(mm|cm|in)$/.exec(typed) ?? [];
  if (unit === undefined)
    throw new ParameterError(name, 'page, column, or a length such as 86mm, 8.6cm or 3.4in', text);
  const millimetres = Number((parseNumber(name, length!) * units[unit]!).toFixed(1));
  if (!(millimetres >= narrowest && millimetres <= widest))
    throw new ParameterError(name, `a length from ${narrowest}mm to ${widest}mm`, text);
  return { width: { millimetres }, suffix: `-${millimetres}mm` };
}

const parseWidths = (name: string, text: string): NamedWidth[] => {
  const widths = text.split(',').map((part) => parseWidth(name, part));
  return widths.filter(({ suffix }, i) => widths.findIndex((other) => other.suffix === suffix) === i);
};

function parseColours(name: string, text: string): string | readonly string[] {
  return colourSets.includes(text) ? text : requireColours(name, text.split(','));
}

function parsePanels(name: string, text: string): readonly string[] {
  const letters = text.split(',').map((part) => part.trim());
  for (const letter of letters)
    if (!/^[a-z]$/.test(letter))
      throw new ParameterError(name, 'letters of panels by comma, such as a,c', text);
  return letters;
}

const lookOptions = {
  title: option(
    'title of the figure, which images have above their panels',
    { as: 'text', kind: 'text' },
    (name, typed) => {
      if (typed.trim() === '') throw new ParameterError(name, 'a text', typed);
      return typed;
    },
  ),
  font: option('font of its letters, where the machine has it', { as: 'name', kind: 'text' }, requireFont),
  colours: option(
    `${colourSets.join(', ')}, or colours by comma for those of the figure in their order (#0072b2, red)`,
    { as: 'list', kind: 'texts', usual: colourSets[0]! },
    parseColours,
  ),
  panels: option(
    'panels that are kept, in their new order: a,c',
    { as: 'letters', kind: 'texts', usual: 'all' },
    parsePanels,
  ),
} as const;

/** The look that was asked for, without what was not. */
const look = group(lookOptions, (given): FigureLook =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
);

/**
 * Formats, widths and look of figures.
 * @param usual formats and widths without the options, and a remark on what is written besides
 */
export function figureOptions({
  formats: usual,
  always = '',
  width: usualWidth,
}: {
  readonly formats: readonly FileFormat[];
  readonly always?: string;
  readonly width: string;
}): Input<FigureSettings> {
  return group(
    {
      format: choices(
        `formats of the figure and its numbers, a comma list of ${fileFormats.join(', ')}${always}`,
        fileFormats,
        { usual: usual.join(',') },
      ),
      width: option(
        'width of images: page (178 mm), column (85 mm) or a length (86mm, 8.6cm, 3.4in), or several by comma',
        { as: 'widths', kind: 'texts', default: usualWidth },
        parseWidths,
      ),
      resolution: number('dots per inch of PNG files', {
        as: 'D',
        default: usualResolution,
        domain: integer(30, 2400),
      }),
      fontSize: number('points of the axis titles of images; marks and lines scale along', {
        as: 'P',
        default: usualFontSize,
        domain: interval('[5, 14]'),
      }),
      look,
    },
    ({ format, width, ...rest }): FigureSettings => ({
      ...rest,
      formats: format ?? usual,
      widths: width,
    }),
  );
}

/** The options of every command that draws figures into --out. */
export const drawingOptions = figureOptions({
  formats: ['html'],
  always: '; csv and json are always written',
  width: 'page',
});

/** Keys of the options of figures. */
const keys = ['format', 'width', 'resolution', 'fontSize', ...Object.keys(lookOptions)];

/** The first option of figures that is given. */
export const givenOption = (raw: RawOptions, among: readonly string[] = keys): string | undefined =>
  among.find((key) => raw[key] !== undefined);

/** Throws for an option of figures that says nothing: without a folder, or of images where there are none. */
export function requireDrawing(
  raw: RawOptions,
  { formats }: Pick<FigureSettings, 'formats'>,
  needed: string | null,
): void {
  const refuse = (refused: readonly string[], condition: string) => {
    const key = givenOption(raw, refused);
    if (key !== undefined) throw new ParameterError(optionName(key), condition, raw[key]);
  };
  if (needed !== null) refuse(keys, `given with ${needed}`);
  if (!formats.includes('png')) refuse(['resolution'], 'given with --format png');
  if (!imageFormats.some((format) => formats.includes(format)))
    refuse(['width', 'fontSize'], `given with --format ${imageFormats.join(', ')}`);
}

/** A figure with the look that was asked for. */
export const styledBy =
  ({ look: wanted }: Pick<FigureSettings, 'look'>) =>
  (figure: Figure): Figure =>
    restyled(figure, wanted);
