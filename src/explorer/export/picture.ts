import Plotly from 'plotly.js-dist-min';
import type { Figure } from '../../figures/drawing/figure.ts';
import { figureWidth } from '../../figures/drawing/theme.ts';

const buttonRoom = 30;

/** A figure of the library as a picture. */
export async function pictureOf(figure: Figure, format: 'svg' | 'png'): Promise<Blob> {
  // Above the panels the library leaves room for Plotly's buttons, which a picture does not have.
  const { margin } = figure.layout;
  const height = (figure.layout.height ?? 500) - buttonRoom;
  const size = { width: figure.layout.width ?? figureWidth, height };
  const layout = { ...figure.layout, ...size, margin: { ...margin, t: (margin?.t ?? 60) - buttonRoom } };
  const address = await Plotly.toImage(
    { data: figure.data, layout },
    { format, ...size, ...(format === 'png' ? { scale: 2 } : {}) },
  );
  const type = format === 'svg' ? 'image/svg+xml' : 'image/png';
  const comma = address.indexOf(',');
  const content = address.slice(comma + 1);
  // The page may connect to nothing, not even to an address that holds its own data: it is decoded here.
  if (!address.slice(0, comma).endsWith(';base64')) return new Blob([decodeURIComponent(content)], { type });
  return new Blob([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], { type });
}
