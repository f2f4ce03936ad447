import { ink, smallSize, font } from '../../src/plots/theme.ts';
import { makeAxis } from './axes.ts';
import type { ColourAxisSpec, Stops } from './spec.ts';
import { place, text, textWidth } from './text.ts';

const even = (colours: readonly string[]): Stops =>
  colours.map((colour, i) => [i / (colours.length - 1), colour] as const);

const scales: Readonly<Record<string, Stops>> = {
  Viridis: even([
    '#440154',
    '#48186a',
    '#472d7b',
    '#424086',
    '#3b528b',
    '#33638d',
    '#2c728e',
    '#26828e',
    '#21918c',
    '#1fa088',
    '#28ae80',
    '#3fbc73',
    '#5ec962',
    '#84d44b',
    '#addc30',
    '#d8e219',
    '#fde725',
  ]),
  Cividis: even([
    '#00224e',
    '#123570',
    '#3b496c',
    '#575d6d',
    '#707173',
    '#8a8678',
    '#a59c74',
    '#c3b369',
    '#e1cc55',
    '#fee838',
  ]),
  Greys: even(['#ffffff', '#222222']),
};

/** A colour scale of Plotly by name or by its stops. */
export function stopsOf(scale: string | Stops | undefined): Stops {
  if (scale === undefined) return scales['Viridis']!;
  return typeof scale === 'string' ? (scales[scale] ?? scales['Viridis']!) : scale;
}

/** Colour at a share of a scale. */
export function colourAt(stops: Stops, share: number): string {
  const s = Math.max(0, Math.min(1, share));
  const i = Math.max(
    1,
    stops.findIndex(([stop], k) => k > 0 && stop >= s),
  );
  const [s0, c0] = stops[i - 1]!;
  const [s1, c1] = stops[i]!;
  const f = s1 === s0 ? 1 : (s - s0) / (s1 - s0);
  const from = channels(c0);
  const to = channels(c1);
  return (
    '#' +
    from
      .map((value, k) =>
        Math.round(value + f * (to[k]! - value))
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')
  );
}

function channels(colour: string): number[] {
  const rgb = /^rgba?\(([^)]*)\)/.exec(colour);
  if (rgb !== null) return rgb[1]!.split(',').slice(0, 3).map(Number);
  const hex = colour.length === 4 ? colour.slice(1).replace(/./g, '$&$&') : colour.slice(1);
  return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

/** A colour bar at the right of a panel. */
export function drawColourBar(spec: ColourAxisSpec, left: number, top: number, height: number): string {
  const stops = stopsOf(spec.colorscale);
  const width = 14;
  const range = [spec.cmin ?? 0, spec.cmax ?? 1] as const;
  const bar = spec.colorbar;
  const axis = makeAxis(
    {
      range,
      ...(bar?.tickvals === undefined ? {} : { tickvals: bar.tickvals }),
      ...(bar?.ticktext === undefined ? {} : { ticktext: bar.ticktext }),
    },
    [],
    [top + height, top],
    false,
  );
  const steps = 48;
  let body = '';
  for (let i = 0; i < steps; i++) {
    const y = top + ((steps - 1 - i) * height) / steps;
    body += `<rect x="${place(left)}" y="${place(y)}" width="${width}" height="${place(height / steps + 0.6)}" fill="${colourAt(stops, (i + 0.5) / steps)}"/>`;
  }
  body += `<rect x="${place(left)}" y="${place(top)}" width="${width}" height="${place(height)}" fill="none" stroke="${ink.text}"/>`;
  let room = 0;
  for (const tick of axis.ticks) {
    const y = axis.at(tick.measure)!;
    body += `<path d="M${place(left + width)} ${place(y)}h5" stroke="${ink.text}"/>`;
    body += text(left + width + 8, y + 0.35 * smallSize, tick.label, { size: smallSize });
    room = Math.max(room, textWidth(tick.label, smallSize));
  }
  const title = bar?.title?.text ?? '';
  if (title !== '') {
    body += text(left + width + room + 14 + font.size, top + height / 2, title, {
      size: font.size,
      anchor: 'middle',
      turn: -90,
    });
  }
  return body;
}
