import { measureAt, type Axis } from './axes.ts';
import { colourAt, stopsOf } from './colours.ts';
import { stroke } from './marks.ts';
import { numbered, type ColourAxisSpec, type LayoutSpec, type TraceSpec } from './spec.ts';
import { place } from './text.ts';

const shades = 64;

/** A heatmap: cells of one shade make one path. */
export function drawHeatmap(trace: TraceSpec, layout: LayoutSpec, x: Axis, y: Axis): string {
  const colour = colouring(trace, layout);
  const columns = edges(pixels(trace.x, x));
  const rows = edges(pixels(trace.y, y));
  const byColour = new Map<string, string>();
  (trace.z ?? []).forEach((row, j) => {
    for (let i = 0; i < row.length;) {
      const value = row[i] ?? null;
      const shade = value === null ? null : colour(value);
      let end = i + 1;
      while (end < row.length && (row[end] ?? null) !== null && shade !== null && colour(row[end]!) === shade)
        end++;
      if (shade !== null) {
        const cell = `M${place(columns[i]!)} ${place(rows[j]!)}H${place(columns[end]!)}V${place(rows[j + 1]!)}H${place(columns[i]!)}Z`;
        byColour.set(shade, (byColour.get(shade) ?? '') + cell);
      }
      i = end;
    }
  });
  const paths = [...byColour].map(([shade, d]) => `<path d="${d}" fill="${shade}"/>`);
  return `<g shape-rendering="crispEdges">${paths.join('')}</g>`;
}

/** Contours: lines, or bands of colour between them. */
export function drawContours(trace: TraceSpec, layout: LayoutSpec, x: Axis, y: Axis): string {
  const { start = 0, end = 1, size = 0.1, coloring = 'fill' } = trace.contours ?? {};
  const levels: number[] = [];
  for (let k = 0; start + k * size <= end + 1e-9 * size; k++) levels.push(start + k * size);
  const px = pixels(trace.x, x);
  const py = pixels(trace.y, y);
  const filled = coloring === 'fill' ? bands(trace, layout, levels, px, py) : '';
  const drawn = levels.map((level) => isoline(trace.z ?? [], level, px, py)).join('');
  const lines = drawn === '' ? '' : `<path d="${drawn}" ${stroke(trace.line, '#444444')}/>`;
  return filled + lines;
}

function pixels(values: TraceSpec['x'], axis: Axis): number[] {
  return (values ?? []).map((value) => axis.at(value) ?? measureAt(axis, axis.range[0]));
}

function edges(centres: readonly number[]): number[] {
  if (centres.length === 1) return [centres[0]! - 20, centres[0]! + 20];
  const inner = centres.slice(1).map((value, i) => 0.5 * (value + centres[i]!));
  return [2 * centres[0]! - inner[0]!, ...inner, 2 * centres.at(-1)! - inner.at(-1)!];
}

function colouring(trace: TraceSpec, layout: LayoutSpec): (value: number) => string {
  const shared =
    trace.coloraxis === undefined ? undefined : (numbered(layout, trace.coloraxis) as ColourAxisSpec);
  const stops = stopsOf(shared?.colorscale ?? trace.colorscale);
  const low = shared?.cmin ?? trace.zmin ?? 0;
  const high = shared?.cmax ?? trace.zmax ?? 1;
  return (value) => {
    const share = (value - low) / (high - low);
    return colourAt(stops, (Math.min(shades - 1, Math.max(0, Math.floor(share * shades))) + 0.5) / shades);
  };
}

/** Bands between levels, interpolated between the grid values, as runs of small cells. */
function bands(
  trace: TraceSpec,
  layout: LayoutSpec,
  levels: readonly number[],
  px: readonly number[],
  py: readonly number[],
): string {
  const z = trace.z ?? [];
  if (px.length < 2 || py.length < 2) return '';
  const colour = colouring(trace, layout);
  const middle = (band: number) =>
    band === 0
      ? levels[0]! - 0.5 * (levels[1]! - levels[0]!)
      : levels[band - 1]! + 0.5 * (levels[1]! - levels[0]!);
  const cell = 3;
  const [left, right] = [px[0]!, px.at(-1)!];
  const [bottom, top] = [py[0]!, py.at(-1)!];
  const columns = Math.max(1, Math.round(Math.abs(right - left) / cell));
  const rows = Math.max(1, Math.round(Math.abs(top - bottom) / cell));
  const byBand = new Map<number, string>();
  for (let j = 0; j < rows; j++) {
    const y0 = bottom + ((top - bottom) * j) / rows;
    const y1 = bottom + ((top - bottom) * (j + 1)) / rows;
    let begin = 0;
    let current: number | null = null;
    for (let i = 0; i <= columns; i++) {
      const at =
        i === columns
          ? null
          : interpolate(z, px, py, left + ((right - left) * (i + 0.5)) / columns, 0.5 * (y0 + y1));
      const band: number | null = at === null ? null : levels.filter((level) => at >= level).length;
      if (i < columns && band === current) continue;
      if (current !== null && i > begin) {
        const from = place(left + ((right - left) * begin) / columns);
        const run = `M${from} ${place(y0)}H${place(left + ((right - left) * i) / columns)}V${place(y1)}H${from}Z`;
        byBand.set(current, (byBand.get(current) ?? '') + run);
      }
      begin = i;
      current = band;
    }
  }
  const paths = [...byBand].map(([band, d]) => `<path d="${d}" fill="${colour(middle(band))}"/>`);
  return `<g shape-rendering="crispEdges">${paths.join('')}</g>`;
}

type Grid = readonly (readonly (number | null)[])[];

function interpolate(
  z: Grid,
  px: readonly number[],
  py: readonly number[],
  x: number,
  y: number,
): number | null {
  const [i, fx] = bracket(px, x);
  const [j, fy] = bracket(py, y);
  const corners = [z[j]?.[i], z[j]?.[i + 1], z[j + 1]?.[i], z[j + 1]?.[i + 1]];
  if (corners.some((value) => value === null || value === undefined)) return null;
  const [a, b, c, d] = corners as number[];
  return (1 - fy) * ((1 - fx) * a! + fx * b!) + fy * ((1 - fx) * c! + fx * d!);
}

function bracket(pixelsOf: readonly number[], at: number): [number, number] {
  const up = pixelsOf.at(-1)! > pixelsOf[0]!;
  let i = 0;
  while (i < pixelsOf.length - 2 && (up ? pixelsOf[i + 1]! < at : pixelsOf[i + 1]! > at)) i++;
  return [i, (at - pixelsOf[i]!) / (pixelsOf[i + 1]! - pixelsOf[i]!)];
}

/** Marching squares: a segment for each cell that the level crosses, two at a saddle. */
function isoline(z: Grid, level: number, px: readonly number[], py: readonly number[]): string {
  let drawn = '';
  for (let j = 0; j + 1 < py.length; j++) {
    for (let i = 0; i + 1 < px.length; i++) {
      const corner = [
        [i, j],
        [i + 1, j],
        [i + 1, j + 1],
        [i, j + 1],
      ] as const;
      const values = corner.map(([a, b]) => z[b]?.[a] ?? null);
      if (values.includes(null)) continue;
      const cut: string[] = [];
      for (let k = 0; k < 4; k++) {
        const [v0, v1] = [values[k]!, values[(k + 1) % 4]!];
        if (v0 >= level === v1 >= level) continue;
        const f = (level - v0) / (v1 - v0);
        const [a, b] = [corner[k]!, corner[(k + 1) % 4]!];
        cut.push(
          `${place(px[a[0]]! + f * (px[b[0]]! - px[a[0]]!))} ${place(py[a[1]]! + f * (py[b[1]]! - py[a[1]]!))}`,
        );
      }
      for (let k = 0; k + 1 < cut.length; k += 2)
        if (cut[k] !== cut[k + 1]) drawn += `M${cut[k]!}L${cut[k + 1]!}`;
    }
  }
  return drawn;
}
