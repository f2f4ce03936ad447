import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryPoints } from '../unit/structure/entryPoints.ts';
import {
  blocksOf,
  handwrittenPages,
  printsAsStated,
  programLines,
  root,
  type Block,
} from '../unit/structure/pages.ts';
import { launch } from './browser.ts';
import { serveFolder } from './site.ts';

const docs = path.join(root, 'docs');
const built = path.join(docs, '.vitepress/dist');
const scratch = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-docs-'));
/** Folder for screenshots of the pages below, if one is wanted. */
const pictures = process.env['DOCS_PICTURES'];

/** One page of each type, with a text that it must show. */
const shownPages = [
  ['/', 'Mean-field theory of guided diffusion'],
  ['/quick-start.html', 'One trajectory'],
  ['/tutorials/first-phase-diagram.html', 'critical class rate'],
  ['/how-to/guidance-scale.html', 'guidance scale'],
  ['/how-to/from-python.html', 'NumPy'],
  ['/theory/potential.html', 'random energy model'],
  ['/theory/few-classes.html', 'Few classes'],
  ['/theory/claims/critical-rate.html', 'Critical class rate'],
  ['/notation.html', 'Image tools'],
  ['/reference/command-line/schedule.html', 'cfg-dmft schedule design'],
  ['/reference/notebooks/', '05-schedules.ipynb'],
  ['/reference/library/cfg-dmft.html', 'solveOrderParameters'],
] as const;

let browser: Browser;
let server: Server;
let origin = '';
let seconds = 0;

beforeAll(async () => {
  const began = performance.now();
  const result = spawnSync('npm', ['run', '--silent', 'build'], { cwd: docs, encoding: 'utf8' });
  seconds = (performance.now() - began) / 1000;
  if (result.status !== 0) throw new Error(`${result.stdout}${result.stderr}`);
  ({ server, origin } = await serveFolder(built));
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  server.close();
  rmSync(scratch, { recursive: true });
});

describe('the documentation site', () => {
  it('builds without a dead link, and every page of docs is in it', () => {
    process.stdout.write(`docs: built in ${seconds.toFixed(1)} s\n`);
    const pages = readdirSync(built, { recursive: true, encoding: 'utf8' });
    for (const page of handwrittenPages()) {
      const html = page
        .replace(/^docs\//, '')
        .replace(/README\.md$/, 'index.md')
        .replace(/md$/, 'html');
      expect(pages).toContain(html);
    }
  });

  it('has no formula that was left as TeX, and blanks between formulas', () => {
    const pages = readdirSync(path.join(built, 'theory'), { recursive: true, encoding: 'utf8' });
    for (const name of pages.filter((page) => page.endsWith('.html'))) {
      const html = readFileSync(path.join(built, 'theory', name), 'utf8');
      expect(html, 'two formulas without a blank between them').not.toMatch(
        /[,;]<\/span><span (class="unbroken"|v-pre)/,
      );
      const text = html
        .replace(/<(script|style|pre|code|annotation)\b[\s\S]*?<\/\1>/g, '')
        .replace(/<[^>]*>/g, '');
      expect(text.match(/.{0,40}(\$|\\(frac|alpha|sigma)).{0,40}/)?.[0], name).toBeUndefined();
      expect(text, name).not.toContain('katex-error');
    }
  });

  const cases = shownPages.flatMap(([page, text]) => [1200, 400].map((width) => ({ page, text, width })));
  it.each(cases)(
    '$page at $width px: no error, no other host, nothing wider than the window, every picture there',
    async ({ page: address, text, width }) => {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      const errors: string[] = [];
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('response', (response) => {
        if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
      });
      await page.goto(origin + address, { waitUntil: 'networkidle' });
      expect(await page.locator('body').innerText()).toContain(text);
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: path.join(pictures, `${address.replace(/\W+/g, '-')}${width}.png`) });
      }
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
      ).toBeLessThanOrEqual(0);
      const wide = await page.evaluate(() => {
        const scrolls = (element: Element | null): boolean =>
          element !== null &&
          (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
        return [...document.querySelectorAll('.vp-doc *')]
          .filter(
            (element) => element.getBoundingClientRect().right > window.innerWidth + 1 && !scrolls(element),
          )
          .map((element) => element.textContent.slice(0, 60));
      });
      expect(wide).toEqual([]);
      const broken = await page.evaluate(async () => {
        const images = [...document.images];
        for (const image of images) image.loading = 'eager';
        await Promise.allSettled(images.map((image) => image.decode()));
        return images.filter((image) => image.naturalWidth === 0).map((image) => image.src);
      });
      expect(broken).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(origin) && !url.startsWith('data:'))).toEqual([]);
      expect(errors).toEqual([]);
      await page.close();
    },
  );

  it('has equations with their labels as anchors, which the library pages link', async () => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await page.goto(`${origin}/theory/potential.html#eq-psi`, { waitUntil: 'networkidle' });
    const label = page.locator('#eq-psi');
    expect(await label.innerText()).toBe('(psi)');
    const equation = page.locator('p:has(#eq-psi) .katex-display');
    const [labelBox, equationBox] = [await label.boundingBox(), await equation.boundingBox()];
    expect(labelBox!.x).toBeGreaterThan(equationBox!.x);
    expect(await page.locator('.katex').count()).toBeGreaterThan(50);
    await page.goto(`${origin}/reference/library/closed-forms.html`, { waitUntil: 'networkidle' });
    await page.locator('a[href*="#eq-"]').first().click();
    await page.waitForURL(/theory\/.*#eq-/);
    expect(await page.locator(new URL(page.url()).hash).innerText()).toMatch(/^\([\w-]+\)$/);
    await page.close();
  });

  it.each([
    ['complexity', 4, 'complexity'],
    ['pandas', 1, 'into pandas'],
    ['SDXL', 1, 'guidance scale'],
  ])('finds "%s" without a network', async (word, least, title) => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`${origin}/notation.html`, { waitUntil: 'networkidle' });
    await page.locator('.DocSearch-Button').first().click();
    await page.locator('#localsearch-input').fill(word);
    await page.locator('.VPLocalSearchBox .result').first().waitFor();
    const found = await page.locator('.VPLocalSearchBox .result').allInnerTexts();
    if (pictures !== undefined) await page.screenshot({ path: path.join(pictures, `search-${word}.png`) });
    expect(found.length).toBeGreaterThanOrEqual(least);
    expect(found.join(' ').toLowerCase()).toContain(title);
    expect(requests.filter((url) => !url.startsWith(origin) && !url.startsWith('data:'))).toEqual([]);
    await page.close();
  });

  it('has the formulas of headings as text in the outline', async () => {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    for (const [address, heading] of [
      ['/theory/process.html', 'The frame x/a'],
      ['/theory/dynamics.html', 'The law at small α, ODE'],
      ['/theory/particles.html', 'Of order 1/d'],
    ] as const) {
      await page.goto(origin + address);
      const outline = page.locator('.VPDocAsideOutline .outline-link');
      await outline.first().waitFor();
      const texts = await outline.allInnerTexts();
      expect(texts).toContain(heading);
      expect(texts.filter((text) => /[\\$]/.test(text))).toEqual([]);
    }
    if (pictures !== undefined) await page.screenshot({ path: path.join(pictures, 'outline.png') });
    await page.close();
  });

  it('breaks no name of an option, at 1200 and 390 px', async () => {
    const page = await browser.newPage();
    for (const width of [1200, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const address of [
        '/cli.html',
        '/how-to/guidance-scale.html',
        '/reference/command-line/schedule.html',
      ]) {
        await page.goto(origin + address);
        const names = (await page.evaluate(`(() => {
          const range = document.createRange();
          const walker = document.createTreeWalker(document.querySelector('.vp-doc'), NodeFilter.SHOW_TEXT);
          const found = [];
          for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
            for (const match of node.data.matchAll(/--[a-z][a-z0-9-]*/g)) {
              range.setStart(node, match.index);
              range.setEnd(node, match.index + match[0].length);
              found.push([match[0], new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size]);
            }
          }
          return found;
        })()`)) as [string, number][];
        expect(names.length).toBeGreaterThan(5);
        expect(
          names.filter(([, lines]) => lines > 1),
          `${address} at ${width} px`,
        ).toEqual([]);
      }
    }
    await page.close();
  });

  it('has the explorer on the home page, in a frame and behind a link, and the notebooks as files', async () => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await page.goto(origin);
    const frame = page.locator('iframe.explorer');
    await frame.scrollIntoViewIfNeeded();
    await page.frameLocator('iframe.explorer').locator('html[data-shown]').waitFor();
    if (pictures !== undefined) await page.screenshot({ path: path.join(pictures, 'home-explorer.png') });
    await page.locator('.vp-doc a[href="explorer/index.html"]').click();
    await page.waitForSelector('html[data-shown]');
    expect(new URL(page.url()).pathname).toBe('/explorer/index.html');
    await page.goto(`${origin}/reference/notebooks/`);
    const files = page.locator('.vp-doc a[download]');
    const notebooks = readdirSync(path.join(root, 'notebooks')).filter((name) => name.endsWith('.ipynb'));
    expect(await files.count()).toBe(notebooks.length);
    const address = await files.first().evaluate((link) => (link as HTMLAnchorElement).href);
    expect(Object.keys((await (await page.request.get(address)).json()) as object)).toContain('cells');
    await page.close();
  });

  it('has its navigation on a phone', async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    await page.goto(`${origin}/quick-start.html`, { waitUntil: 'networkidle' });
    await page.click('.VPNavBarHamburger');
    const menu = page.locator('.VPNavScreenMenu a');
    expect(await menu.allInnerTexts()).toEqual(
      expect.arrayContaining(['Quick start', 'Theory', 'Commands', 'Library', 'Notebooks', 'Explorer']),
    );
    if (pictures !== undefined) await page.screenshot({ path: path.join(pictures, 'phone-menu.png') });
    await menu.filter({ hasText: 'Notebooks' }).click();
    await page.waitForURL(/reference\/notebooks/);
    await page.click('.VPLocalNav .menu');
    expect(await page.locator('.VPSidebar').isVisible()).toBe(true);
    await page.goto(origin);
    expect(await page.locator('iframe.explorer').isVisible()).toBe(false);
    expect(await page.locator('.vp-doc a[href="explorer/index.html"]').isVisible()).toBe(true);
    await page.close();
  });
});

/** Runs a ts block as a module in which 'cfg-dmft' and its subpaths, and './src/...', are the built package. */
function runModule(block: Block): string {
  const { outputText } = ts.transpileModule(block.content, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const file = path.join(scratch, 'block.mjs');
  const text = entryPoints().reduce(
    (code, { specifier, built }) => code.replaceAll(`'${specifier}'`, `'${pathToFileURL(built).href}'`),
    outputText,
  );
  const built = pathToFileURL(path.join(root, 'dist/')).href;
  writeFileSync(file, text.replace(/'\.\/src\/([^']*)\.ts'/g, `'${built}$1.js'`));
  return run([file]);
}

function run(args: readonly string[]): string {
  const result = spawnSync(process.execPath, args, { cwd: scratch, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stdout;
}

describe('what the pages say can be run', () => {
  const stated = [
    'README.md',
    ...handwrittenPages().filter((page) => /^docs\/(quick-start|tutorials|how-to)/.test(page)),
  ];
  const blocks = stated.flatMap((page) => blocksOf(page));
  const modules = blocks.filter(({ language }) => language === 'ts');
  const commands = blocks.filter(
    ({ language, content }) => language === 'sh' && programLines(content).length > 0,
  );

  it.each(modules)('$page:$line, TypeScript', (block) => {
    const printed = runModule(block);
    const remark = /console\.log.*\/\/ ([\d.]+(?: [\d.]+)*)/.exec(block.content)?.[1]?.trim();
    if (block.output !== null) expect(printsAsStated(printed, block.output), printed).toBe(true);
    else if (remark !== undefined) expect(printed.trim()).toBe(remark);
  });

  it.each(
    commands.filter(({ page, remark }) => page !== 'README.md' && remark?.startsWith('slow: ') !== true),
  )('$page:$line, commands', (block) => {
    const cli = path.join(root, 'dist/cli/main.js');
    const printed = programLines(block.content).map((args) => run([cli, ...args]));
    if (block.output !== null)
      expect(printsAsStated(printed.join(''), block.output), printed.join('')).toBe(true);
  });

  it('slow commands say why they are left out', () => {
    const slow = commands.filter(({ remark }) => remark?.startsWith('slow: ') === true);
    expect(slow.length).toBeLessThan(8);
    for (const { remark } of slow) expect(remark!.length).toBeGreaterThan(15);
  });
});
