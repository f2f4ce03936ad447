import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { serveFolder } from './site.ts';
import { watchCanvasText } from './textLayout.ts';

/** The explorer, built and served. */
export interface Site {
  readonly folder: string;
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Builds the explorer into a folder of its own and serves it, as any static server would. */
export async function openSite(): Promise<Site> {
  const folder = await mkdtemp(path.join(tmpdir(), 'explorer-'));
  await build({
    configFile: path.resolve('src/explorer/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  const { server, origin } = await serveFolder(folder);
  return {
    folder,
    origin,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

/** An opened explorer, with everything that went wrong on it. */
export interface Explorer {
  readonly page: Page;
  readonly errors: string[];
  readonly requests: string[];
}

/** Opens the explorer at a state and waits until its first curves and its diagram are there. */
export async function openExplorer(
  browser: Browser,
  site: Site,
  hash = '',
  options: BrowserContextOptions & { readonly particles?: boolean } = {},
): Promise<Explorer> {
  const { particles = false, ...own } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...own });
  await watchCanvasText(context);
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${site.origin}/${hash === '' ? '' : `#${hash}`}`);
  // Before the rest after which particles run by themselves is over.
  if (!particles) await holdParticles(page);
  await page.waitForSelector('html[data-shown]');
  await page.waitForSelector('#diagram[aria-busy="false"] canvas[data-pass]');
  return { page, errors, requests };
}

/** Closes an explorer with everything it has open. */
export function close({ page }: Explorer): Promise<void> {
  return page.context().close();
}

/** Views whose pictures are compared. */
export const viewNames = ['diagram', 'potential', 'order', 'energies', 'samples', 'few', 'readouts'] as const;

/** One of {@link viewNames}. */
export type ViewName = (typeof viewNames)[number];

/** What each view shows, as one text: pixels of its canvases, or its words. */
export async function looks(page: Page): Promise<Record<ViewName, string>> {
  // As text, so that nothing transforms it.
  return (await page.evaluate(`Object.fromEntries(${JSON.stringify(viewNames)}.map((name) => {
    const root = document.getElementById(name);
    const canvases = [...root.querySelectorAll('canvas')];
    const text = canvases.length === 0 ? root.textContent : canvases.map((canvas) => canvas.toDataURL()).join();
    let hash = 0;
    for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0;
    return [name, String(hash)];
  }))`)) as Record<ViewName, string>;
}

/** Waits until the page has nothing under way and looks the same for a while. */
export async function settle(page: Page): Promise<Record<ViewName, string>> {
  let last = await looks(page);
  let since = Date.now();
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    await page.waitForTimeout(100);
    const busy = await page.locator('[aria-busy="true"]').count();
    const open = (await page.textContent('#value-dimension')) === '…';
    const now = await looks(page);
    if (busy > 0 || open || JSON.stringify(now) !== JSON.stringify(last)) {
      last = now;
      since = Date.now();
    } else if (Date.now() - since > 350) return now;
  }
  throw new Error('the page does not come to rest');
}

/** Switches off particles that run by themselves. */
async function holdParticles(page: Page): Promise<void> {
  await page.locator('#automatic').evaluate((box) => {
    if ((box as HTMLInputElement).checked) (box as HTMLInputElement).click();
  });
}

/** Source of axe-core, where it is installed. */
export function axeFile(): string {
  return createRequire(import.meta.url).resolve('axe-core/axe.min.js');
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
