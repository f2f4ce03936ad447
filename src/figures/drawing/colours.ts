import { ParameterError } from '../../numerics/checks.ts';
import { palette } from './theme.ts';

/** Red, green and blue from 0 to 255. */
type Rgb = readonly [number, number, number];

interface Colour {
  readonly rgb: Rgb;
  /** Opacity as it is written; null for a colour without one. */
  readonly alpha: string | null;
}

type PaletteKey = keyof typeof palette;

const greyName = 'grey';

/** Colour sets in place of the palette of Okabe and Ito. */
const replacements: Readonly<Record<string, Readonly<Record<PaletteKey, string>>>> = {
  'okabe-ito': palette,
  // Paul Tol's bright scheme.
  'tol-bright': {
    blue: '#4477aa',
    vermillion: '#ee6677',
    green: '#228833',
    purple: '#aa3377',
    orange: '#ccbb44',
    sky: '#66ccee',
    black: '#000000',
    yellow: '#bbbbbb',
  },
  [greyName]: {
    blue: '#202020',
    vermillion: '#8c8c8c',
    green: '#585858',
    purple: '#acacac',
    orange: '#9c9c9c',
    sky: '#bcbcbc',
    black: '#000000',
    yellow: '#cccccc',
  },
};

/** Names of the colour sets; the first is the one that figures have. */
export const colourSets: readonly string[] = Object.keys(replacements);

/** The seventeen colours that CSS 2.1 names. */
const named: Readonly<Record<string, string>> = {
  aqua: '#00ffff',
  black: '#000000',
  blue: '#0000ff',
  fuchsia: '#ff00ff',
  gray: '#808080',
  green: '#008000',
  lime: '#00ff00',
  maroon: '#800000',
  navy: '#000080',
  olive: '#808000',
  orange: '#ffa500',
  purple: '#800080',
  red: '#ff0000',
  silver: '#c0c0c0',
  teal: '#008080',
  white: '#ffffff',
  yellow: '#ffff00',
};

/** #rgb, #rrggbb, rgb(r,g,b) or rgba(r,g,b,a); null for any other text. */
function parsed(text: string): Colour | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  if (hex !== undefined) {
    const digits = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
    const [red, green, blue] = digits.match(/../g)!.map((pair) => parseInt(pair, 16));
    return { rgb: [red!, green!, blue!], alpha: null };
  }
  const parts = /^rgba?\((\d+), ?(\d+), ?(\d+)(?:, ?([\d.]+))?\)$/.exec(text);
  if (parts === null) return null;
  return { rgb: [Number(parts[1]), Number(parts[2]), Number(parts[3])], alpha: parts[4] ?? null };
}

const keyOf = ([red, green, blue]: Rgb) => (red << 16) + (green << 8) + blue;

const written = (key: number, alpha: string | null): string =>
  alpha === null
    ? `#${key.toString(16).padStart(6, '0')}`
    : `rgba(${key >> 16},${(key >> 8) & 255},${key & 255},${alpha})`;

const keyOfHex = (hex: string) => keyOf(parsed(hex)!.rgb);

const paletteColours = new Set<number>(Object.values(palette).map(keyOfHex));

/** Least difference between the components of a colour that is no grey. */
const leastChroma = 12;

const isGrey = (rgb: Rgb) => Math.max(...rgb) - Math.min(...rgb) < leastChroma;

/** The grey of the same luminance. */
function greyOf([red, green, blue]: Rgb): number {
  const luminance = Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  return keyOf([luminance, luminance, luminance]);
}

/** Colours as hexadecimal numbers, from a list in which the names of CSS 2.1 may stand. @throws ParameterError for any other */
export function requireColours(name: string, colours: readonly string[]): string[] {
  if (colours.length === 0) throw new ParameterError(name, 'at least one colour', []);
  return colours.map((colour) => {
    const text = typeof colour === 'string' ? colour.trim().toLowerCase() : '';
    const hex = Object.hasOwn(named, text) ? named[text]! : text;
    if (!hex.startsWith('#') || parsed(hex) === null) {
      const condition = `${colourSets.join(', ')}, or colours such as #0072b2 or red`;
      throw new ParameterError(name, condition, colour);
    }
    return written(keyOfHex(hex), null);
  });
}

/** Texts of a value and of all that it holds. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** A value with the texts in it replaced. */
function withTexts<T>(value: T, replace: (text: string) => unknown): T {
  const visit = (one: unknown): unknown => {
    if (typeof one === 'string') return replace(one);
    if (Array.isArray(one)) return one.map(visit);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(value) as T;
}

// As light and as dark as Viridis at its ends, so that white contours and labels show on it.
const greyScale = [
  [0, '#202020'],
  [1, '#d8d8d8'],
];
const colourScales = ['Viridis', 'Cividis'];

/**
 * Replaces the colours of drawn things, wherever they stand: lines, marks, error bars, fills, keys of the legend.
 * @param colours name of a set, or colours for those of the figure in the order in which they occur
 * @param traces in whose order they occur
 */
export function recoloured<T>(value: T, colours: string | readonly string[], traces: unknown): T {
  if (typeof colours !== 'string') {
    const own = textsOf(traces).flatMap((text) => {
      const colour = parsed(text);
      if (colour === null) return [];
      const key = keyOf(colour.rgb);
      return paletteColours.has(key) || !isGrey(colour.rgb) ? [key] : [];
    });
    return replaced(
      value,
      new Map([...new Set(own)].slice(0, colours.length).map((key, i) => [key, keyOfHex(colours[i]!)])),
    );
  }
  const set = replacements[colours];
  if (set === undefined) throw new ParameterError('colours', `one of ${colourSets.join(', ')}`, colours);
  const keys = Object.keys(palette) as PaletteKey[];
  const map = new Map(keys.map((key) => [keyOfHex(palette[key]), keyOfHex(set[key])]));
  return replaced(value, map, colours === greyName);
}

function replaced<T>(value: T, map: ReadonlyMap<number, number>, toGrey = false): T {
  return withTexts(value, (text) => {
    if (toGrey && colourScales.includes(text)) return greyScale;
    const colour = parsed(text);
    if (colour === null) return text;
    const found = map.get(keyOf(colour.rgb));
    if (found !== undefined) return written(found, colour.alpha);
    return toGrey && !isGrey(colour.rgb) ? written(greyOf(colour.rgb), colour.alpha) : text;
  });
}
