import { ink, smallSize } from '../../src/plots/theme.ts';
import type { AxisSpec, Coordinate } from './spec.ts';
import { place, text, textWidth } from './text.ts';

/** An axis of a panel: where a coordinate lies in pixels, and its ticks. */
export interface Axis {
  readonly spec: AxisSpec;
  readonly log: boolean;
  readonly categories: readonly string[] | null;
  /** Ends in the axis's own measure: decadic logarithms on a logarithmic axis. */
  readonly range: readonly [number, number];
  readonly pixels: readonly [number, number];
  readonly ticks: readonly Tick[];
  /** Pixel of a coordinate; null where it has none (0 on a logarithmic axis). */
  at(value: Coordinate): number | null;
}

export interface Tick {
  readonly measure: number;
  readonly label: string;
}

/** An axis for the values drawn on it. @param padded whether the values keep a distance from the ends */
export function makeAxis(
  spec: AxisSpec,
  values: readonly Coordinate[],
  pixels: readonly [number, number],
  padded: boolean,
): Axis {
  const log = spec.type === 'log';
  const names = values.filter((value) => typeof value === 'string');
  const categories = names.length > 0 || spec.type === 'category' ? [...new Set(names)] : null;
  const measure = (value: Coordinate): number | null => {
    if (typeof value === 'string') return categories?.indexOf(value) ?? null;
    if (value === null || !Number.isFinite(value)) return null;
    if (!log) return value;
    return value > 0 ? Math.log10(value) : null;
  };
  const range = spec.range ?? autoRange(values, measure, spec, padded, categories);
  const [low, high] = range;
  const scale = (pixels[1] - pixels[0]) / (high - low);
  return {
    spec,
    log,
    categories,
    range,
    pixels,
    ticks: ticksOf(spec, range, log, categories, Math.abs(pixels[1] - pixels[0])),
    at: (value) => {
      const m = measure(value);
      return m === null ? null : pixels[0] + (m - low) * scale;
    },
  };
}

function autoRange(
  values: readonly Coordinate[],
  measure: (value: Coordinate) => number | null,
  spec: AxisSpec,
  padded: boolean,
  categories: readonly string[] | null,
): [number, number] {
  if (categories !== null) return orient([-0.5, categories.length - 0.5], spec);
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    const m = measure(value);
    if (m === null) continue;
    low = Math.min(low, m);
    high = Math.max(high, m);
  }
  if (low > high) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const pad = padded ? 0.06 * (high - low) : 0;
  const fromZero = spec.rangemode === 'tozero' && low >= 0 && spec.type !== 'log';
  return orient([fromZero ? 0 : low - pad, high + pad], spec);
}

function orient(range: [number, number], spec: AxisSpec): [number, number] {
  return spec.autorange === 'reversed' ? [range[1], range[0]] : range;
}

function ticksOf(
  spec: AxisSpec,
  range: readonly [number, number],
  log: boolean,
  categories: readonly string[] | null,
  length: number,
): Tick[] {
  const low = Math.min(...range);
  const high = Math.max(...range);
  const slack = 1e-9 * (high - low);
  const inside = (tick: Tick) => tick.measure >= low - slack && tick.measure <= high + slack;
  if (categories !== null) return categories.map((label, measure) => ({ measure, label })).filter(inside);
  if (spec.tickvals !== undefined) {
    return spec.tickvals
      .filter((value) => typeof value === 'number')
      .map((value, i) => ({
        measure: log ? Math.log10(value) : value,
        label: spec.ticktext?.[i] ?? plainNumber(value),
      }))
      .filter(inside);
  }
  if (log) return logTicks(low, high, length).filter(inside);
  const wanted = Math.max(2, Math.min(spec.nticks ?? 8, Math.floor(length / 55)));
  const step = spec.dtick ?? roundStep((high - low) / wanted);
  const ticks: Tick[] = [];
  for (let k = Math.ceil((low - slack) / step); k * step <= high + slack; k++) {
    ticks.push({ measure: k * step, label: fixed(k * step, step) });
  }
  return ticks;
}

function roundStep(step: number): number {
  const decade = 10 ** Math.floor(Math.log10(step));
  const digit = [1, 2, 2.5, 5, 10].find((candidate) => candidate * decade >= step * 0.999) ?? 10;
  return digit * decade;
}

function logTicks(low: number, high: number, length: number): Tick[] {
  const ticks: Tick[] = [];
  const span = high - low;
  const each = Math.max(1, Math.ceil(span / Math.max(2, length / 45)));
  const digits = span < 1 ? [1, 2, 3, 5, 7] : span < 2.2 ? [1, 2, 5] : [1];
  for (let k = Math.floor(low); k <= high + 1e-9; k += 1) {
    if (k % each !== 0) continue;
    for (const digit of digits) {
      const value = digit * 10 ** k;
      const plain = digits.length > 1 || (low >= -2 && high <= 3);
      const label = plain ? plainNumber(value) : `10<sup>${String(k).replace('-', '−')}</sup>`;
      ticks.push({ measure: k + Math.log10(digit), label });
    }
  }
  return ticks;
}

function fixed(value: number, step: number): string {
  const digits = Math.max(
    0,
    Math.min(8, Math.ceil(-Math.log10(step) - 1e-9) + (/^2\.5/.test(mantissa(step)) ? 1 : 0)),
  );
  const label = value.toFixed(digits);
  return (Number(label) === 0 ? (0).toFixed(digits) : label).replace('-', '−');
}

function mantissa(step: number): string {
  return step.toExponential(1);
}

function plainNumber(value: number): string {
  return String(Number(value.toPrecision(6))).replace('-', '−');
}

const tickLength = 5;

/** Room in pixels that the tick labels of a vertical axis take. */
export function labelRoom(axis: Axis): number {
  if (axis.spec.showticklabels === false) return 0;
  return Math.max(0, ...axis.ticks.map(({ label }) => textWidth(label, smallSize))) + tickLength + 3;
}

/** Frame, grid, ticks and titles of a panel: what lies below the data, and what lies above. */
export function drawAxes(x: Axis, y: Axis, titleSize: number): { below: string; above: string } {
  const [left, right] = x.pixels;
  const [bottom, top] = y.pixels;
  let grid = '';
  let ticks = '';
  let labels = '';
  for (const tick of x.ticks) {
    const at = place(measureAt(x, tick.measure));
    grid += `M${at} ${place(bottom)}V${place(top)}`;
    ticks += `M${at} ${place(bottom)}v${tickLength}`;
    if (x.spec.showticklabels !== false) {
      labels += text(Number(at), bottom + tickLength + smallSize, tick.label, {
        size: smallSize,
        anchor: 'middle',
      });
    }
  }
  let rows = '';
  for (const tick of y.ticks) {
    const at = place(measureAt(y, tick.measure));
    rows += `M${place(left)} ${at}H${place(right)}`;
    ticks += `M${place(left)} ${at}h-${tickLength}`;
    if (y.spec.showticklabels !== false) {
      labels += text(left - tickLength - 3, Number(at) + 0.35 * smallSize, tick.label, {
        size: smallSize,
        anchor: 'end',
      });
    }
  }
  const drawn = (x.spec.showgrid === false ? '' : grid) + (y.spec.showgrid === false ? '' : rows);
  const below = drawn === '' ? '' : `<path d="${drawn}" stroke="${ink.grid}"/>`;
  const frame = `M${place(left)} ${place(bottom)}H${place(right)}V${place(top)}H${place(left)}Z`;
  let titles = '';
  const xTitle = x.spec.title?.text ?? '';
  if (xTitle !== '') {
    titles += text((left + right) / 2, bottom + tickLength + smallSize + 8 + titleSize, xTitle, {
      size: titleSize,
      anchor: 'middle',
    });
  }
  const yTitle = y.spec.title?.text ?? '';
  if (yTitle !== '') {
    const lines = yTitle.split('<br>').length;
    const at = left - labelRoom(y) - 9 - (lines - 1) * 1.25 * titleSize;
    titles += text(at, (top + bottom) / 2, yTitle, { size: titleSize, anchor: 'middle', turn: -90 });
  }
  return { below, above: `<path d="${frame}${ticks}" stroke="${ink.text}" fill="none"/>${labels}${titles}` };
}

export function measureAt(axis: Axis, measure: number): number {
  const [low, high] = axis.range;
  return axis.pixels[0] + ((measure - low) / (high - low)) * (axis.pixels[1] - axis.pixels[0]);
}
