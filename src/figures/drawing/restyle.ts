import { ParameterError } from '../../numerics/checks.ts';
import { colourSets, recoloured, requireColours } from './colours.ts';
import type { Figure } from './figure.ts';
import { font as usualFont } from './theme.ts';

/** Changes to the look of a figure. What is absent stays as it is. */
export interface FigureLook {
  /** Title in place of the figure's own; images have it above the panels. */
  readonly title?: string;
  /** Family of the letters, taken where the machine has it. */
  readonly font?: string;
  /** Set of colours (okabe-ito, tol-bright, grey), or colours for those of the figure in the order in which they occur. */
  readonly colours?: string | readonly string[];
  /** Letters of the panels that are kept, in their new order. */
  readonly panels?: readonly string[];
}

const letterOf = (panel: number) => String.fromCharCode(97 + panel);

/**
 * A figure with another look: some of its panels, other colours, another font, another title. Its numbers are the same.
 * @throws ParameterError for a panel that the figure does not have, or for what is no colour or no name of a font
 * @example
 * restyled(figure, { colours: 'grey', font: 'Times New Roman', panels: ['b'] });
 */
export function restyled(figure: Figure, look: FigureLook): Figure {
  const { title, font, colours, panels } = look;
  const kept = panels === undefined ? figure : withPanels(figure, panels);
  const coloured = colours === undefined ? kept : withColours(kept, colours);
  const lettered = font === undefined ? coloured : withFont(coloured, requireFont('font', font));
  return title === undefined ? lettered : { ...lettered, title, heading: title };
}

/** The name of a font as it stands in a list of families. */
export function requireFont(name: string, font: string): string {
  if (typeof font !== 'string' || !/^[\p{L}\d][\p{L}\d .-]*$/u.test(font.trim()))
    throw new ParameterError(name, 'the name of a font', font);
  return font.trim();
}

function withPanels(figure: Figure, letters: readonly string[]): Figure {
  const count = figure.panels?.count ?? 1;
  const known = Array.from({ length: count }, (_, i) => letterOf(i));
  const wanted = letters.map((letter) => {
    const panel = known.indexOf(letter);
    if (panel < 0) {
      const condition = count === 1 ? 'a: there is one panel' : `among ${known.join(', ')}`;
      throw new ParameterError('panels', `${condition} (${figure.id})`, letter);
    }
    return panel;
  });
  if (new Set(wanted).size < wanted.length)
    throw new ParameterError('panels', 'different letters', letters.join(','));
  if (figure.panels === undefined) return figure;
  const { id, title, caption } = figure;
  return { ...figure.panels.keep(wanted), id, title, caption };
}

function withColours(figure: Figure, colours: string | readonly string[]): Figure {
  const isSet = typeof colours === 'string' && colourSets.includes(colours);
  const own = isSet ? colours : requireColours('colours', [colours].flat());
  const { data, layout, narrowLayout } = figure;
  return { ...figure, ...recoloured({ data, layout, narrowLayout }, own, data) };
}

function withFont(figure: Figure, family: string): Figure {
  const own = <T extends Figure['layout']>(layout: T): T => ({
    ...layout,
    font: { ...layout.font, family: `'${family}', ${usualFont.family}` },
  });
  return { ...figure, layout: own(figure.layout), narrowLayout: own(figure.narrowLayout) };
}
