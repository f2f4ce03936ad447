/**
 * Pictures and tables for the notebooks: no physics. A value that they return, last in a cell, is shown as SVG, drawn by Plotly in Chromium
 * (without one: as a page in a frame), and as a Plotly figure (where there is Plotly); a table as HTML and as text.
 */
import { openImageMaker, plotlySource } from '../src/images/index.ts';
import {
  chartsFigure,
  figurePage,
  palette,
  type Chart,
  type Curve,
  type Figure,
} from '../src/public/figures.ts';

export { palette };

/** Media types with their contents. */
export type Bundle = Readonly<Record<string, unknown>>;

/** Anything that the Deno kernel shows. */
export interface Shown {
  readonly [display: symbol]: () => Bundle | Promise<Bundle>;
}

interface Kernel {
  broadcast(type: 'display_data', content: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Milliseconds after which a message has left the kernel. */
const leaveTime = 50;

/**
 * Deno's kernel may say that a cell is done before it has sent the cell's result, and nbconvert then drops the result. So in the kernel
 * the bundle is sent as a display, and the cell's own result, which is empty, waits until that has left.
 */
function shown(make: () => Bundle | Promise<Bundle>): Shown {
  const { Deno } = globalThis as { Deno?: { jupyter?: Kernel } };
  const kernel = Deno?.jupyter;
  const send = async (to: Kernel) => {
    await to.broadcast('display_data', { data: await make(), metadata: {}, transient: {} });
    await new Promise((resolve) => setTimeout(resolve, leaveTime));
    return {};
  };
  return { [Symbol.for('Jupyter.display')]: () => (kernel === undefined ? make() : send(kernel)) };
}

/** The browser that draws, opened with the first figure. */
let browser: ReturnType<typeof openImageMaker> | undefined;

/** One of the library's figures. */
export function show(figure: Figure, width = pageWidth): Shown {
  return shown(async () => {
    browser ??= openImageMaker();
    const maker = await browser;
    const page = 'missing' in maker ? { 'text/html': inFrame(figure) } : {};
    const image =
      'missing' in maker
        ? {}
        : { 'image/svg+xml': (await maker.draw(figure, { width, formats: ['svg'] })).svg };
    return {
      ...image,
      ...page,
      'application/vnd.plotly.v1+json': rounded({ data: figure.data, layout: figure.layout }),
      'text/plain': figure.title,
    };
  });
}

/** Widths in pixels of several charts, and of a single one. */
const pageWidth = 1000;
const singleWidth = 720;

/** Where there is no browser to draw with: the page of the figure, which draws itself. */
function inFrame(figure: Figure): string {
  const height = (figure.layout.height ?? 450) + 200;
  const page = escape(figurePage(figure, {}, plotlySource()));
  return `<iframe srcdoc="${page}" width="100%" height="${height}" style="border: 0"></iframe>`;
}

/** Numbers of a JSON value with five digits: their last bits differ between machines. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(5)) : null;
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => [key, rounded(entry)]),
  );
}

/** Curves in one chart. */
export function lines(
  curves: readonly Curve[],
  x: Chart['x'],
  y: Chart['y'],
  extra: Omit<Chart, 'curves' | 'x' | 'y'> = {},
): Shown {
  return panels([{ curves, x, y, ...extra }]);
}

/** Charts side by side with one legend. */
export function panels(charts: readonly Chart[], columns = charts.length, panelHeight = 330): Shown {
  return show(chartsFigure({ charts, columns, panelHeight }), charts.length === 1 ? singleWidth : pageWidth);
}

/** Values of a function at evenly spaced points, for {@link lines}. */
export function sampled(
  f: (x: number) => number | null,
  from: number,
  to: number,
  count = 121,
): { x: number[]; y: (number | null)[] } {
  const x = Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  return { x, y: x.map(f) };
}

/** Cells of a table: numbers with four significant digits, unless they are text already. */
export type TableCell = string | number | boolean | null | undefined;

/** Rows with the same keys as a table. */
export function table(
  rows: readonly Readonly<Record<string, TableCell>>[] | Readonly<Record<string, TableCell>>,
  digits = 4,
): Shown {
  const list = Array.isArray(rows)
    ? (rows as readonly Readonly<Record<string, TableCell>>[])
    : [rows as Readonly<Record<string, TableCell>>];
  const columns = [...new Set(list.flatMap((row) => Object.keys(row)))];
  const cells = list.map((row) => columns.map((column) => cellText(row[column], digits)));
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padStart(widths[i]!)).join('  ');
  const markup = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return shown(() => ({
    'text/html': `<table><thead>${markup('th', columns)}</thead><tbody>${cells.map((row) => markup('td', row)).join('')}</tbody></table>`,
    'text/plain': [columns, ...cells].map(line).join('\n'),
  }));
}

function cellText(cell: TableCell, digits: number): string {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell !== 'number') return String(cell);
  if (cell !== 0 && (Math.abs(cell) < 1e-4 || Math.abs(cell) >= 1e6))
    return cell
      .toExponential(Math.max(0, digits - 3))
      .replaceAll('-', '−')
      .replace('e+', 'e');
  return shortNumber(cell, digits);
}

/** A number with its standard error in units of the last digits: 1.2775(31). */
export function withError(mean: number, error: number | null): string {
  if (error === null || !(error > 0)) return shortNumber(mean, 4);
  // Two digits of the error; log10 of its rounded value, so that 0.0996 is 0.10 and not 0.100.
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Number(error.toPrecision(2)))));
  const inDigits = Math.round(error * 10 ** digits);
  return `${mean.toFixed(digits).replace('-', '−')}(${inDigits})`;
}

/** A number with a few digits: 0.4622 rather than 0.46224251937902866, 1 rather than 1.000. */
function shortNumber(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits))).replace('-', '−');
}

/** A text in HTML. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
