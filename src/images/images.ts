import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { RunRecord } from '../problem/record.ts';
import { requireChoice, requirePositive } from '../numerics/checks.ts';
import type { Figure } from '../figures/drawing/figure.ts';
import { font, narrowWidth, wrapped } from '../figures/drawing/theme.ts';
import { plotlySource } from './plotly.ts';
import { pngWithText } from './png.ts';

/** Formats that take a browser. */
export const imageFormats = ['svg', 'png', 'pdf'] as const;

/** One of {@link imageFormats}. */
export type ImageFormat = (typeof imageFormats)[number];

/** Widths on paper: across both columns of a page, or one. */
export const imageWidths = ['page', 'column'] as const;

/** One of {@link imageWidths}. */
export type ImageWidth = (typeof imageWidths)[number];

/** A width on paper. */
export interface PaperWidth {
  readonly millimetres: number;
}

/** Millimetres of the named widths. */
export const paperWidths: Readonly<Record<ImageWidth, number>> = { page: 178, column: 85 };

const millimetresPerInch = 25.4;
const pointsPerInch = 72;
const screenPixelsPerInch = 96;
/** Pixels left above and below. */
const padding = 8;

/** An image to be drawn. */
export interface ImageRequest {
  /** On paper, where panels stand side by side from 125 mm on, or in pixels of a screen (96 to the inch). */
  readonly width: ImageWidth | PaperWidth | number;
  readonly formats: readonly ImageFormat[];
  /** Points of the axis titles on paper (default 8.3); lines, marks and the other letters scale along. */
  readonly fontSize?: number;
  /** Dots per inch of PNG files (default 300). */
  readonly resolution?: number;
  /** Problem, options and command, written into the files. */
  readonly record?: RunRecord;
}

/** Images by format: SVG as text, the others as bytes. */
export type Images = Partial<Record<ImageFormat, string | Uint8Array>>;

/** Draws images of figures in a headless browser, until it is closed. */
export interface ImageMaker {
  draw(figure: Figure, request: ImageRequest): Promise<Images>;
  close(): Promise<void>;
}

/** Dots per inch of PNG files. */
export const usualResolution = 300;

/** Points of the axis titles on paper; tick labels and legends then have 7.2, the numbers on contours 6.6. */
export const usualFontSize = 8.3;

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * A browser that draws figures as Plotly draws them, at their size on paper; or the reason why there is none. It needs Chromium (CHROMIUM
 * names its file) and the package playwright-core.
 * @example
 * const maker = await openImageMaker();
 * if ('missing' in maker) throw new Error(maker.missing);
 * const { svg } = await maker.draw(figure, { width: 'column', formats: ['svg'] });
 * await maker.close();
 */
export async function openImageMaker(): Promise<ImageMaker | { readonly missing: string }> {
  const executablePath = process.env['CHROMIUM'] ?? browsers.find((file) => existsSync(file));
  if (executablePath === undefined || !existsSync(executablePath)) {
    return {
      missing:
        executablePath === undefined
          ? 'Chromium is not installed (Debian package chromium; or set CHROMIUM to its path)'
          : `CHROMIUM is set to ${executablePath}, where there is no file`,
    };
  }
  let browser: Browser;
  try {
    const { chromium } = await import('playwright-core');
    // Signals end this process, which ends the browser.
    const own = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'], ...own });
  } catch (error) {
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n');
    return {
      missing: `the browser cannot be driven (${reason}); npm install playwright-core brings the driver`,
    };
  }
  try {
    const page = await browser.newPage();
    await page.setContent('<!doctype html><title>figure</title><div id="plot"></div>');
    await page.addScriptTag({ content: plotlySource() });
    const paperPage = await browser.newPage();
    return {
      draw: (figure, request) => draw(page, paperPage, figure, request),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function draw(
  page: Page,
  paperPage: Page,
  figure: Figure,
  { width, formats, record, resolution = usualResolution, fontSize = usualFontSize }: ImageRequest,
): Promise<Images> {
  for (const format of formats) requireChoice('formats', format, imageFormats);
  requirePositive('resolution', resolution);
  requirePositive('fontSize', fontSize);
  const { pixels, millimetres } = paperOf(width, fontSize);
  const isNarrow = pixels < narrowWidth && typeof width !== 'number';
  const own = withHeading(isNarrow ? figure.narrowLayout : figure.layout, figure.heading, pixels);
  const layout = { ...withoutBlank(own, await blankOf(page, figure, own, pixels)), width: pixels };
  const height = layout.height!;
  const scale = (millimetres / millimetresPerInch) * (resolution / pixels);
  const spec = { data: figure.data.map(unsimplified), layout };
  const image = async (format: 'svg' | 'png') => {
    const options = { format, width: pixels, height, scale: format === 'png' ? scale : 1 };
    // Plotly is a global of the page, of which this side knows nothing.
    const source = `Plotly.toImage(${JSON.stringify(spec)}, ${JSON.stringify(options)})`;
    return dataOf(await page.evaluate<string>(source));
  };
  const result: Images = {};
  if (formats.includes('png')) {
    result.png = pngWithText(await image('png'), { ...describe(figure, record), resolution });
  }
  if (!formats.includes('svg') && !formats.includes('pdf')) return result;
  const tall = (millimetres * height) / pixels;
  const size = { width: `${millimetres}mm`, height: `${tall.toFixed(2)}mm` };
  const svg = withSize((await image('svg')).toString('utf8'), size, describe(figure, record));
  if (formats.includes('svg')) result.svg = svg;
  if (formats.includes('pdf')) {
    await paperPage.setContent(
      `<!doctype html><title>${escapeXml(figure.title)}</title><style>@page { margin: 0 } body { margin: 0 } svg { display: block }</style>${svg}`,
    );
    result.pdf = await paperPage.pdf({ ...size, printBackground: true, pageRanges: '1' });
  }
  return result;
}

/** Width of a drawing in the pixels of its fonts, and on paper. */
function paperOf(width: ImageRequest['width'], fontSize: number) {
  if (typeof width === 'number') {
    requirePositive('width', width);
    return { pixels: width, millimetres: (width * millimetresPerInch) / screenPixelsPerInch };
  }
  if (typeof width === 'string') requireChoice('width', width, imageWidths);
  const millimetres = typeof width === 'string' ? paperWidths[width] : width.millimetres;
  requirePositive('width.millimetres', millimetres);
  const points = (millimetres * pointsPerInch) / millimetresPerInch;
  return { pixels: Math.round((points * font.size) / fontSize), millimetres };
}

const headingSize = 16;
const headingLine = 20;
/** Pixels from the uppermost panel to the heading: the panel's own title is between. */
const headingShift = 30;

/** The layout with a title above its panels. */
function withHeading(
  layout: Figure['layout'],
  heading: string | undefined,
  pixels: number,
): Figure['layout'] {
  if (heading === undefined) return layout;
  const room = pixels - (layout.margin?.l ?? 0) - (layout.margin?.r ?? 0);
  // Bold letters are wide: 0.58 of their size.
  const lines = wrapped(heading, Math.floor(room / (0.58 * headingSize)));
  const text = `<b>${lines}</b>`;
  const at = { xref: 'paper', yref: 'paper', x: 0, y: 1, xanchor: 'left', yanchor: 'bottom' } as const;
  const look = { align: 'left', showarrow: false, font: { size: headingSize } } as const;
  const above = headingLine * (lines.split('<br>').length - 1);
  const margin = { ...layout.margin, t: (layout.margin?.t ?? 0) + above };
  const annotations = [...(layout.annotations ?? []), { ...at, ...look, text, yshift: headingShift }];
  return { ...layout, height: layout.height! + above, margin, annotations };
}

/** A trace with all its points: on paper the corners would show that are left where Plotly drops what a screen cannot. */
function unsimplified(trace: Figure['data'][number]): Figure['data'][number] {
  if (!('line' in trace)) return trace;
  return { ...trace, line: { ...trace.line, simplify: false } } as typeof trace;
}

/** Pixels of a drawing that hold nothing. */
interface Blank {
  readonly above: number;
  readonly below: number;
}

/** Pages keep room for Plotly's buttons and for the longest legend; here their size is known. */
function withoutBlank(layout: Figure['layout'], { above, below }: Blank): Figure['layout'] {
  const [top, bottom] = [layout.margin?.t ?? 0, layout.margin?.b ?? 0];
  // Below 0 where a long title or legend needs more room than there is.
  const fromTop = Math.min(above - padding, top);
  const fromBottom = Math.min(below - padding, bottom);
  return {
    ...layout,
    height: layout.height! - fromTop - fromBottom,
    margin: { ...layout.margin, t: top - fromTop, b: bottom - fromBottom },
  };
}

/** Above the highest text or panel, and below the legend. */
async function blankOf(page: Page, figure: Figure, layout: Figure['layout'], width: number): Promise<Blank> {
  const spec = JSON.stringify({ data: figure.data, layout: { ...layout, width } });
  return page.evaluate<Blank>(`Plotly.newPlot('plot', ${spec}, { displayModeBar: false }).then((plot) => {
    const box = plot.getBoundingClientRect();
    const tops = [...plot.querySelectorAll('.annotation-text, .gridlayer, .xaxislayer-above, .yaxislayer-above, .colorbar, .cbtitle')]
      .map((part) => part.getBoundingClientRect())
      .filter(({ height }) => height > 0)
      .map(({ top }) => top - box.top);
    const legend = plot.querySelector('.legend');
    const below = legend === null ? ${padding} : box.bottom - legend.getBoundingClientRect().bottom;
    Plotly.purge(plot);
    return { above: Math.floor(Math.min(...tops)), below: Math.floor(below) };
  })`);
}

function dataOf(uri: string): Buffer {
  const comma = uri.indexOf(',');
  const text = uri.slice(comma + 1);
  return uri.slice(0, comma).endsWith(';base64')
    ? Buffer.from(text, 'base64')
    : Buffer.from(decodeURIComponent(text), 'utf8');
}

function describe({ title, caption }: Figure, record: RunRecord | undefined) {
  return { title, caption, command: record?.command ?? '', record: JSON.stringify(record ?? {}) };
}

/** The drawing in its size on paper, with title, caption, command and record for those who read the file. */
function withSize(
  svg: string,
  size: { readonly width: string; readonly height: string },
  about: ReturnType<typeof describe>,
): string {
  const metadata = `<title>${escapeXml(about.title)}</title><desc>${escapeXml(`${about.caption}\n${about.command}`)}</desc><metadata>${escapeXml(about.record)}</metadata>`;
  return svg.replace(/^<svg([^>]*)>/, (_, attributes: string) => {
    const others = attributes.replace(/\s(?:width|height)="[^"]*"/g, '');
    return `<svg${others} width="${size.width}" height="${size.height}">${metadata}`;
  });
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
