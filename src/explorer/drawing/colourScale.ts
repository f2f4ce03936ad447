/** Sequential scales that survive every kind of colour blindness, as in the library's figures. */
const stops = {
  viridis: ['440154', '472d7b', '3b528b', '2c728e', '21918c', '28ae80', '5ec962', 'addc30', 'fde725'],
  cividis: ['00224e', '123570', '3b496c', '575d6d', '707173', '8a8678', 'a59c74', 'c3b369', 'fee838'],
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
  viridis: parse(stops.viridis),
  cividis: parse(stops.cividis),
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
