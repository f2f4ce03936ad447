/** Colours from the lower to the upper end, told apart by every kind of colour blindness. */
const stops = {
  cividis: ['00224e', '123570', '3b496c', '575d6d', '707173', '8a8678', 'a59c74', 'c3b369', 'fee838'],
  /** Blue below, orange above, and in the middle almost the paper: for light and for dark. */
  divergingLight: ['08306b', '2171b5', '6baed6', 'c6dbef', 'f6f6f4', 'fdd0a2', 'fd8d3c', 'd94801', '7f2704'],
  divergingDark: ['c6e6ff', '7cc0ee', '3a8fcd', '1f5480', '272d35', '7d4416', 'c4661c', 'f79a4e', 'ffe0c2'],
} as const;

/** Name of a scale. */
export type ScaleName = keyof typeof stops;

type Rgb = readonly [number, number, number];

function parse(list: readonly string[]): Rgb[] {
  return list.map((hex) => {
    const value = parseInt(hex, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  });
}

const parsed: Readonly<Record<ScaleName, readonly Rgb[]>> = {
  cividis: parse(stops.cividis),
  divergingLight: parse(stops.divergingLight),
  divergingDark: parse(stops.divergingDark),
};

/** Red, green and blue at a share of a scale, 0 to 255. */
export function colourAt(name: ScaleName, share: number): Rgb {
  const list = parsed[name];
  const position = Math.min(1, Math.max(0, share)) * (list.length - 1);
  const i = Math.min(list.length - 2, Math.floor(position));
  const [from, to] = [list[i]!, list[i + 1]!];
  const mix = (k: 0 | 1 | 2) => Math.round(from[k] + (position - i) * (to[k] - from[k]));
  return [mix(0), mix(1), mix(2)];
}

/** {@link colourAt} as a CSS colour. */
export function cssColourAt(name: ScaleName, share: number): string {
  return `rgb(${colourAt(name, share).join(',')})`;
}

const reaches = [0.05, 0.1, 0.2, 0.5, 1, 1.5, 2, 3, 4];

/**
 * Ends of a scale that is centred on the undistorted value 1: of the variance ratio always 0 and 2, of the overlap as far to
 * both sides as all but one in twenty of the values go.
 */
export function centredRange(quantity: 'm' | 'v', values: readonly number[]): readonly [number, number] {
  if (quantity === 'v') return [0, 2];
  const distances = values.map((value) => Math.abs(value - 1)).sort((a, b) => a - b);
  const most = distances[Math.ceil(0.95 * distances.length) - 1] ?? 0;
  const reach = reaches.find((one) => one >= most * (1 - 1e-9)) ?? Math.ceil(most);
  return [1 - reach, 1 + reach];
}
