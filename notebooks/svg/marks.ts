import { ink } from '../../src/plots/theme.ts';
import type { Axis } from './axes.ts';
import type { LineSpec, MarkerSpec, TraceSpec } from './spec.ts';
import { place } from './text.ts';

const dashes: Readonly<Record<string, (width: number) => string>> = {
  dash: (width) => `${place(3.5 * width)} ${place(3 * width)}`,
  dot: (width) => `${place(width)} ${place(1.7 * width)}`,
  dashdot: (width) => `${place(4 * width)} ${place(2 * width)} ${place(width)} ${place(2 * width)}`,
  longdash: (width) => `${place(6 * width)} ${place(3 * width)}`,
};

/** Attributes of a stroke. */
export function stroke(line: LineSpec | undefined, fallback: string): string {
  const width = line?.width ?? 2;
  const dash = dashes[line?.dash ?? 'solid'];
  const pattern = dash === undefined ? '' : ` stroke-dasharray="${dash(width)}"`;
  return `fill="none" stroke="${line?.color ?? fallback}" stroke-width="${width}" stroke-linejoin="round"${pattern}`;
}

/** Pixels of a trace's points in runs without gaps. */
function runs(trace: TraceSpec, x: Axis, y: Axis): [number, number][][] {
  const found: [number, number][][] = [[]];
  (trace.x ?? []).forEach((value, i) => {
    const px = x.at(value);
    const py = y.at(trace.y?.[i] ?? null);
    if (px === null || py === null) {
      if (found.at(-1)!.length > 0) found.push([]);
    } else found.at(-1)!.push([px, limit(py)]);
  });
  return found.filter((run) => run.length > 0);
}

/** Far outside the picture is as good as very far, and shorter. */
function limit(pixel: number): number {
  return Math.max(-2000, Math.min(4000, pixel));
}

function path(run: readonly (readonly [number, number])[], steps: boolean): string {
  const points: string[] = [];
  let last: readonly [number, number] | null = null;
  for (const [px, py] of run) {
    if (last !== null && steps) points.push(`${place(px)} ${place(last[1])}`);
    const point = `${place(px)} ${place(py)}`;
    if (point !== points.at(-1)) points.push(point);
    last = [px, py];
  }
  return `M${points.join('L')}`;
}

/** Lines, fillings, error bars and marks of a trace. */
export function drawScatter(trace: TraceSpec, x: Axis, y: Axis, clip: string, colour: string): string {
  const mode = trace.mode ?? 'lines+markers';
  const parts = runs(trace, x, y);
  const steps = trace.line?.shape === 'hv';
  let inside = '';
  if (trace.fill !== undefined && trace.fill !== 'none') {
    const filled = fillPath(trace.fill, parts, y, steps);
    const fill = trace.fillpattern === undefined ? (trace.fillcolor ?? colour) : 'url(#hatch)';
    if (filled !== '') inside += `<path d="${filled}" fill="${fill}"/>`;
  }
  if (mode.includes('lines') && trace.line?.width !== 0) {
    const drawn = parts.filter((run) => run.length > 1).map((run) => path(run, steps));
    if (drawn.length > 0) inside += `<path d="${drawn.join('')}" ${stroke(trace.line, colour)}/>`;
  }
  const marks = mode.includes('markers') ? errorBars(trace, x, y, colour) + markers(trace, x, y, colour) : '';
  const clipped = trace.cliponaxis === false ? inside : inside + marks;
  const free = trace.cliponaxis === false ? marks : '';
  return (clipped === '' ? '' : `<g clip-path="url(#${clip})">${clipped}</g>`) + free;
}

function fillPath(fill: string, parts: readonly [number, number][][], y: Axis, steps: boolean): string {
  if (fill === 'toself') return parts.map((run) => `${path(run, false)}Z`).join('');
  if (fill !== 'tozeroy') return '';
  const floor = Math.max(Math.min(...y.pixels), Math.min(Math.max(...y.pixels), y.at(0) ?? y.pixels[0]));
  return parts
    .map(
      (run) =>
        `${path(run, steps)}L${place(run.at(-1)![0])} ${place(floor)}L${place(run[0]![0])} ${place(floor)}Z`,
    )
    .join('');
}

function errorBars(trace: TraceSpec, x: Axis, y: Axis, colour: string): string {
  const bars = trace.error_y;
  if (bars?.array === undefined) return '';
  const cap = bars.width ?? 3;
  let drawn = '';
  (trace.x ?? []).forEach((value, i) => {
    const centre = trace.y?.[i];
    const up = bars.array?.[i] ?? 0;
    const down = bars.arrayminus?.[i] ?? up;
    const px = x.at(value);
    if (px === null || typeof centre !== 'number' || (up === 0 && down === 0)) return;
    const high = y.at(centre + up);
    const low = y.at(centre - down) ?? y.pixels[0];
    if (high === null) return;
    drawn += `M${place(px - cap)} ${place(high)}h${place(2 * cap)}M${place(px - cap)} ${place(low)}h${place(2 * cap)}M${place(px)} ${place(low)}V${place(high)}`;
  });
  if (drawn === '') return '';
  return `<path d="${drawn}" stroke="${bars.color ?? colour}" stroke-width="${bars.thickness ?? 1.5}" fill="none"/>`;
}

function markers(trace: TraceSpec, x: Axis, y: Axis, colour: string): string {
  return runs(trace, x, y)
    .flat()
    .map(([px, py]) => mark(px, py, trace.marker, colour))
    .join('');
}

/** One mark, centred. */
export function mark(px: number, py: number, marker: MarkerSpec | undefined, fallback: string): string {
  const symbol = marker?.symbol ?? 'circle';
  const open = symbol.endsWith('-open');
  const shape = symbol.replace(/-(open|thin)$/, '');
  const colour = marker?.color ?? fallback;
  const r = (marker?.size ?? 8) / 2;
  const thin = symbol.endsWith('-thin');
  const rim = marker?.line;
  const look =
    open || thin
      ? `fill="none" stroke="${rim?.color ?? colour}" stroke-width="${rim?.width ?? 2}"`
      : `fill="${colour}"` +
        ((rim?.width ?? 0) > 0 ? ` stroke="${rim?.color ?? ink.text}" stroke-width="${rim!.width!}"` : '');
  if (shape === 'circle') return `<circle cx="${place(px)}" cy="${place(py)}" r="${place(r)}" ${look}/>`;
  return `<path d="${outline(shape, px, py, r, thin)}" ${look}/>`;
}

function outline(shape: string, px: number, py: number, r: number, thin: boolean): string {
  const polygon = (points: readonly (readonly [number, number])[]) =>
    `M${points.map(([dx, dy]) => `${place(px + dx * r)} ${place(py + dy * r)}`).join('L')}Z`;
  switch (shape) {
    case 'square':
      return polygon([
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ]);
    case 'diamond':
      return polygon([
        [0, -1.3],
        [1.3, 0],
        [0, 1.3],
        [-1.3, 0],
      ]);
    case 'triangle-up':
      return polygon([
        [-1.15, 0.65],
        [1.15, 0.65],
        [0, -1.3],
      ]);
    case 'triangle-down':
      return polygon([
        [-1.15, -0.65],
        [1.15, -0.65],
        [0, 1.3],
      ]);
    case 'star':
      return polygon(
        Array.from({ length: 10 }, (_, i) => {
          const length = i % 2 === 0 ? 1.4 : 0.55;
          const angle = (Math.PI * i) / 5;
          return [length * Math.sin(angle), -length * Math.cos(angle)] as const;
        }),
      );
    case 'x':
      if (thin)
        return `M${place(px - r)} ${place(py - r)}L${place(px + r)} ${place(py + r)}M${place(px - r)} ${place(py + r)}L${place(px + r)} ${place(py - r)}`;
      return polygon([
        [-1, -0.5],
        [-0.5, -1],
        [0, -0.5],
        [0.5, -1],
        [1, -0.5],
        [0.5, 0],
        [1, 0.5],
        [0.5, 1],
        [0, 0.5],
        [-0.5, 1],
        [-1, 0.5],
        [-0.5, 0],
      ]);
    default:
      return polygon([
        [-1.2, -0.4],
        [-0.4, -0.4],
        [-0.4, -1.2],
        [0.4, -1.2],
        [0.4, -0.4],
        [1.2, -0.4],
        [1.2, 0.4],
        [0.4, 0.4],
        [0.4, 1.2],
        [-0.4, 1.2],
        [-0.4, 0.4],
        [-1.2, 0.4],
      ]);
  }
}
