import { figureWidth, font, ink, sequence, smallSize } from '../../src/plots/theme.ts';
import { drawAxes, labelRoom, makeAxis, type Axis } from './axes.ts';
import { drawColourBar } from './colours.ts';
import { drawContours, drawHeatmap } from './maps.ts';
import { drawScatter, mark, stroke } from './marks.ts';
import {
  numbered,
  type AnnotationSpec,
  type AxisSpec,
  type ColourAxisSpec,
  type Coordinate,
  type LayoutSpec,
  type ShapeSpec,
  type TraceSpec,
} from './spec.ts';
import { fontFamily, labelLines, place, text, textWidth } from './text.ts';

interface PanelAxes {
  readonly x: Axis;
  readonly y: Axis;
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A Plotly specification as a static SVG picture: the same bytes on every machine. Draws what the figures of the library use: lines,
 * marks, error bars, heatmaps, contours, linear and logarithmic axes, several panels, a legend under them.
 */
export function drawSvg(data: readonly TraceSpec[], layout: LayoutSpec, width: number = figureWidth): string {
  const margin = { l: 64, r: 16, t: 60, b: 80, ...layout.margin };
  const plotHeight = (layout.height ?? 450) - margin.t - margin.b;
  const hasTitles = (layout.annotations ?? []).some(
    (note) => note.yref === 'paper' && Number(note.y) >= 0.999,
  );
  const top = hasTitles ? 34 : 14;
  const names = panelNames(data, layout);
  // The labels of the first column decide where the panels begin.
  const trial: Area = { left: margin.l, top, width: width - margin.l - margin.r, height: plotHeight };
  const room = Math.max(
    margin.l - 20,
    ...names.flatMap(([, y], k) => leftRoom(panelAxes(data, layout, names[k]!, trial), layout, y)),
  );
  const left = Math.ceil(room);
  const area: Area = { ...trial, left, width: width - left - margin.r };
  const colours = traceColours(data);
  const panels = new Map(names.map((name) => [name.join(), panelAxes(data, layout, name, area)]));
  let body = '';
  let defs =
    '<pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="#dcdcdc"/><path d="M0 0V8" stroke="#767676" stroke-width="2"/></pattern>';
  names.forEach((name, k) => {
    const { x, y } = panels.get(name.join())!;
    const clip = `panel${k}`;
    const frame = `x="${place(x.pixels[0])}" y="${place(y.pixels[1])}" width="${place(x.pixels[1] - x.pixels[0])}" height="${place(y.pixels[0] - y.pixels[1])}"`;
    defs += `<clipPath id="${clip}"><rect ${frame}/></clipPath>`;
    const { below, above } = drawAxes(x, y, font.size);
    const background = layout.plot_bgcolor ?? ink.paper;
    body += `<rect ${frame} fill="${background}"/>${below}`;
    body += shapesOf(layout, name, { x, y }, area, clip);
    data.forEach((trace, i) => {
      if ((trace.xaxis ?? 'x') !== name[0] || (trace.yaxis ?? 'y') !== name[1]) return;
      if (trace.type === 'heatmap')
        body += `<g clip-path="url(#${clip})">${drawHeatmap(trace, layout, x, y)}</g>`;
      else if (trace.type === 'contour')
        body += `<g clip-path="url(#${clip})">${drawContours(trace, layout, x, y)}</g>`;
      else body += drawScatter(trace, x, y, clip, colours[i]!);
    });
    body += above;
  });
  for (const note of layout.annotations ?? []) body += annotation(note, panels, area);
  for (const key of Object.keys(layout).filter((name) => name.startsWith('coloraxis'))) {
    const spec = numbered(layout, key) as ColourAxisSpec;
    const { x = 1, y = 0.5, len = 1 } = spec.colorbar ?? {};
    body += drawColourBar(
      spec,
      area.left + x * area.width,
      area.top + (1 - y - len / 2) * area.height,
      len * area.height,
    );
  }
  const offset = -(layout.legend?.y ?? -60 / plotHeight) * plotHeight;
  const legend =
    layout.showlegend === false
      ? { body: '', rows: 0 }
      : drawLegend(data, colours, { left, top: top + plotHeight + offset, width: width - left - 10 });
  const height = Math.ceil(top + plotHeight + offset + 24 * legend.rows + 6);
  const picture = `<defs>${defs}</defs><rect width="${width}" height="${height}" fill="${ink.paper}"/>${body}${legend.body}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" style="max-width:100%;height:auto" font-family="${fontFamily}" fill="${ink.text}">` +
    `${withOwnNames(picture)}</svg>`
  );
}

/** Several pictures may share a page, and a page has one name space: the names in a picture get a number made from its content. */
function withOwnNames(picture: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < picture.length; i++) hash = Math.imul(hash ^ picture.charCodeAt(i), 0x01000193);
  const own = (hash >>> 0).toString(36);
  return picture.replace(/(id="|url\(#)(panel\d+|hatch)/g, `$1$2-${own}`);
}

/** Pairs of axes that carry data, in the order of the panels. */
function panelNames(data: readonly TraceSpec[], layout: LayoutSpec): [string, string][] {
  const found = new Map<string, [string, string]>();
  for (const key of Object.keys(layout).filter((name) => name.startsWith('xaxis'))) {
    const k = key.slice(5);
    found.set(`x${k},y${k}`, [`x${k}`, `y${k}`]);
  }
  for (const trace of data) {
    const name: [string, string] = [trace.xaxis ?? 'x', trace.yaxis ?? 'y'];
    found.set(name.join(), name);
  }
  return [...found.values()];
}

function axisSpec(layout: LayoutSpec, name: string): AxisSpec {
  return (numbered(layout, `${name[0]!}axis${name.slice(1)}`) as AxisSpec | undefined) ?? {};
}

function panelAxes(
  data: readonly TraceSpec[],
  layout: LayoutSpec,
  [xName, yName]: [string, string],
  area: Area,
): PanelAxes {
  const onX = data.filter((trace) => (trace.xaxis ?? 'x') === xName);
  const onY = data.filter((trace) => (trace.yaxis ?? 'y') === yName);
  const xSpec = axisSpec(layout, xName);
  const ySpec = axisSpec(layout, yName);
  const [x0, x1] = xSpec.domain ?? [0, 1];
  const [y0, y1] = ySpec.domain ?? [0, 1];
  const isMap = (trace: TraceSpec) => trace.type === 'heatmap' || trace.type === 'contour';
  const withErrors = (trace: TraceSpec): Coordinate[] =>
    (trace.y ?? []).flatMap((value, i): Coordinate[] => {
      const error = trace.error_y?.array?.[i] ?? 0;
      return typeof value === 'number' ? [value - error, value + error] : [value];
    });
  const marked = onX.some(
    (trace) =>
      !isMap(trace) &&
      (trace.mode ?? '').includes('markers') &&
      (trace.x ?? []).some((value) => value !== null),
  );
  return {
    x: makeAxis(
      xSpec,
      onX.flatMap((trace) => trace.x ?? []),
      [area.left + x0 * area.width, area.left + x1 * area.width],
      marked,
    ),
    y: makeAxis(
      ySpec,
      onY.flatMap(withErrors),
      [area.top + (1 - y0) * area.height, area.top + (1 - y1) * area.height],
      !onY.some(isMap),
    ),
  };
}

/** Pixels that labels and title of a panel in the first column need at the left. */
function leftRoom({ y }: PanelAxes, layout: LayoutSpec, yName: string): number[] {
  const domain = axisSpec(layout, `x${yName.slice(1)}`).domain ?? [0, 1];
  if (domain[0] > 0.01) return [];
  const title = y.spec.title?.text ?? '';
  const lines = title === '' ? 0 : labelLines(title).length;
  return [labelRoom(y) + 8 + lines * 1.25 * font.size + 4];
}

function traceColours(data: readonly TraceSpec[]): string[] {
  return data.map((trace, i) => trace.line?.color ?? trace.marker?.color ?? sequence[i % sequence.length]!);
}

/** Pixel of a place in data coordinates, in a panel or in the picture. */
function pixelOf(
  letter: 'x' | 'y',
  ref: string,
  value: Coordinate,
  panels: ReadonlyMap<string, PanelAxes>,
  area: Area,
): number | null {
  const share = typeof value === 'number' ? value : 0;
  if (ref === 'paper')
    return letter === 'x' ? area.left + share * area.width : area.top + (1 - share) * area.height;
  const name = ref.split(' ')[0]!;
  const panel = [...panels].find(([key]) => key.split(',').includes(name))?.[1];
  if (panel === undefined) return null;
  const axis = panel[letter];
  return ref.endsWith('domain') ? axis.pixels[0] + share * (axis.pixels[1] - axis.pixels[0]) : axis.at(value);
}

function shapesOf(
  layout: LayoutSpec,
  [xName, yName]: [string, string],
  panel: PanelAxes,
  area: Area,
  clip: string,
): string {
  const panels = new Map([[`${xName},${yName}`, panel]]);
  const drawn = (layout.shapes ?? []).map((shape: ShapeSpec) => {
    const { xref = 'x', yref = 'y' } = shape;
    if (![xref, yref].some((ref) => [xName, yName].includes(ref.split(' ')[0]!))) return '';
    const x0 = pixelOf('x', xref, shape.x0 ?? null, panels, area);
    const x1 = pixelOf('x', xref, shape.x1 ?? null, panels, area);
    const y0 = pixelOf('y', yref, shape.y0 ?? null, panels, area);
    const y1 = pixelOf('y', yref, shape.y1 ?? null, panels, area);
    if (x0 === null || x1 === null || y0 === null || y1 === null) return '';
    if (shape.type === 'line')
      return `<path d="M${place(x0)} ${place(y0)}L${place(x1)} ${place(y1)}" ${stroke(shape.line, ink.muted)}/>`;
    const edge = (shape.line?.width ?? 0) > 0 ? ` stroke="${shape.line?.color ?? ink.muted}"` : '';
    return `<rect x="${place(Math.min(x0, x1))}" y="${place(Math.min(y0, y1))}" width="${place(Math.abs(x1 - x0))}" height="${place(Math.abs(y1 - y0))}" fill="${shape.fillcolor ?? 'none'}" fill-opacity="${shape.opacity ?? 1}"${edge}/>`;
  });
  const all = drawn.join('');
  return all === '' ? '' : `<g clip-path="url(#${clip})">${all}</g>`;
}

function annotation(note: AnnotationSpec, panels: ReadonlyMap<string, PanelAxes>, area: Area): string {
  const x = pixelOf('x', note.xref ?? 'x', note.x ?? null, panels, area);
  const y = pixelOf('y', note.yref ?? 'y', note.y ?? null, panels, area);
  if (x === null || y === null) return '';
  const size = note.font?.size ?? font.size;
  const lines = labelLines(note.text ?? '').length;
  const block = (lines - 1) * 1.25 * size;
  const rise =
    note.yanchor === 'bottom'
      ? -block - 0.2 * size
      : note.yanchor === 'top'
        ? 0.9 * size
        : 0.35 * size - block / 2;
  const anchor = note.xanchor === 'left' ? 'start' : note.xanchor === 'right' ? 'end' : 'middle';
  return text(x + (note.xshift ?? 0), y + rise - (note.yshift ?? 0), note.text ?? '', {
    size,
    anchor,
    colour: note.font?.color ?? ink.text,
  });
}

function drawLegend(
  data: readonly TraceSpec[],
  colours: readonly string[],
  at: { left: number; top: number; width: number },
): { body: string; rows: number } {
  const entries = data
    .map((trace, i) => ({ trace, colour: colours[i]!, rank: trace.legendrank ?? 1000 }))
    .filter(
      ({ trace }) =>
        (trace.type === undefined || trace.type === 'scatter'
          ? trace.showlegend !== false
          : trace.showlegend === true) && (trace.name ?? '') !== '',
    )
    .sort((a, b) => a.rank - b.rank);
  let x = at.left;
  let rows = entries.length > 0 ? 1 : 0;
  let body = '';
  for (const { trace, colour } of entries) {
    const label = trace.name!;
    const needed = 40 + textWidth(label, smallSize) + 22;
    if (x > at.left && x + needed > at.left + at.width) {
      x = at.left;
      rows += 1;
    }
    const y = at.top + 24 * (rows - 1) + 10;
    const mode = trace.mode ?? 'lines+markers';
    if (trace.fill !== undefined && trace.fill !== 'none') {
      body += `<rect x="${place(x + 4)}" y="${place(y - 7)}" width="24" height="13" fill="${trace.fillpattern === undefined ? (trace.fillcolor ?? colour) : 'url(#hatch)'}"/>`;
    }
    if (mode.includes('lines') && trace.line?.width !== 0)
      body += `<path d="M${place(x + 1)} ${place(y)}h30" ${stroke(trace.line, colour)}/>`;
    if (mode.includes('markers'))
      body += mark(x + 16, y, { ...trace.marker, size: Math.min(12, trace.marker?.size ?? 8) }, colour);
    body += text(x + 38, y + 0.35 * smallSize, label, { size: smallSize });
    x += needed;
  }
  return { body, rows };
}
