import { readFileSync } from 'node:fs';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shown } from '../../src/explorer/drawing/numbers.ts';
import {
  criticalClassRate,
  ornsteinUhlenbeck,
  probabilityFlow,
  reverseSde,
  solveOrderParameters,
  type GuidedProblem,
} from '../../src/index.ts';
import { distortion } from '../../src/guidance/distortion.ts';
import { trajectoryRow } from '../../src/meanfield/trajectory.ts';
import { launch } from './browser.ts';
import {
  axeFile,
  close,
  looks,
  openExplorer,
  openSite,
  settle,
  viewNames,
  type Site,
  type ViewName,
} from './explorerPage.ts';

let browser: Browser;
let site: Site;
beforeAll(async () => {
  site = await openSite();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** Sets a range or number input as a person would, in one go. */
async function put(page: Page, selector: string, value: number | string): Promise<void> {
  await page.fill(selector, String(value));
}

describe('a control changes the views that depend on it, and no others', () => {
  const physics: ViewName[] = ['potential', 'order', 'energies', 'readouts'];
  const wholeModel: ViewName[] = ['diagram', 'potential', 'order', 'energies', 'samples', 'readouts'];
  const check = (page: Page, id: string) =>
    page.locator(`#${id}`).evaluate((input) => (input as HTMLInputElement).click());
  const cases: readonly (readonly [
    name: string,
    views: ViewName[],
    act: (page: Page) => Promise<unknown>,
  ])[] = [
    ['alpha', [...physics, 'samples'], (page) => put(page, '#alpha-number', 0.4)],
    ['w', [...physics, 'samples'], (page) => put(page, '#w-number', 2)],
    ['sigma2', wholeModel, (page) => put(page, '#sigma2-number', 0.4)],
    ['sampler', wholeModel, (page) => check(page, 'sampler-sde')],
    ['ensemble', wholeModel, (page) => check(page, 'ensemble-spherical')],
    // The samples and the numbers at the data do not depend on the process, nor does the complexity; the drawn m, v and U do.
    ['process', ['potential', 'order'], (page) => page.selectOption('#process', 've')],
    [
      'schedule from the list',
      [...physics, 'samples'],
      async (page) => {
        await check(page, 'schedule-kind-named');
        await page.selectOption('#schedule-name', 'cosine');
      },
    ],
    [
      'schedule as a formula',
      // Where w is the schedule's, the map marks the class rate by a line.
      [...physics, 'samples', 'diagram'],
      async (page) => {
        await check(page, 'schedule-kind-formula');
        await put(page, '#formula', 't < 1 ? 2 : 0.5');
      },
    ],
    [
      'schedule drawn by hand',
      [...physics, 'samples', 'diagram'],
      async (page) => {
        await check(page, 'schedule-kind-drawn');
        await page.locator('.handle-schedule').nth(1).press('Shift+ArrowUp');
      },
    ],
    ['dimension', ['samples'], (page) => put(page, '#dimension-number', 12)],
    ['time', ['potential', 'order', 'energies'], (page) => put(page, '#time', 3)],
    ['seed', ['samples'], (page) => put(page, '#seed', 7)],
    ['mixture of a few classes', ['few'], (page) => page.selectOption('#few-mixture', 'pair')],
    ['strength for a few classes', ['few'], (page) => put(page, '#few-w-number', 6)],
    ['quantity of the diagram', ['diagram'], (page) => check(page, 'diagram-quantity-v')],
  ];
  it.each(cases)('%s', async (_name, views, act) => {
    const explorer = await openExplorer(browser, site);
    const { page, errors } = explorer;
    const before = await settle(page);
    await act(page);
    const after = await settle(page);
    const changed = viewNames.filter((view) => before[view] !== after[view]);
    for (const view of views) expect(changed, view).toContain(view);
    for (const view of viewNames.filter((name) => !views.includes(name))) {
      // A process may move the samples' kernels in the last digits: they are drawn from their own times.
      if (_name === 'process' && ['samples', 'energies', 'readouts'].includes(view)) continue;
      expect(changed).not.toContain(view);
    }
    expect(errors).toEqual([]);
    await close(explorer);
  });
});

describe('numbers', () => {
  const problems: readonly { alpha: number; w: number; sigma2: number; sampler: 'ode' | 'sde' }[] = [
    { alpha: 0.5, w: 1, sigma2: 0.25, sampler: 'ode' },
    { alpha: 0.31, w: 3, sigma2: 0.4, sampler: 'sde' },
    { alpha: 1.5, w: 2, sigma2: 0.25, sampler: 'ode' },
  ];
  it.each(problems)(
    'equal the library’s to the digits shown: $sampler, alpha = $alpha, w = $w',
    async (state) => {
      const { sampler, ...numbers } = state;
      const hash = `${Object.entries(numbers)
        .map(([key, value]) => `${key}=${value}`)
        .join('&')}&sampler=${sampler}&time=0.7`;
      const explorer = await openExplorer(browser, site, hash);
      const { page } = explorer;
      const problem: GuidedProblem = {
        alpha: state.alpha,
        sigma2: state.sigma2,
        ensemble: 'gaussian',
        sampler: sampler === 'ode' ? probabilityFlow : reverseSde,
        process: ornsteinUhlenbeck,
        guidance: { w: state.w },
        startTime: null,
      };
      const { final, vParallel, speciationTime, minComplexity } = solveOrderParameters(problem);
      const { alpha: _alpha, ...rateFree } = problem;
      const expected = {
        m: shown(final!.m),
        v: shown(final!.v / state.sigma2),
        vParallel: shown(vParallel! / state.sigma2),
        speciation: speciationTime === null ? 'none' : shown(speciationTime),
        critical: shown(criticalClassRate(rateFree).criticalAlpha),
        kl: shown(distortion(final!.m, final!.v, state.sigma2).klPerDimension),
        complexity: shown(minComplexity),
      };
      for (const [id, text] of Object.entries(expected))
        expect(await page.textContent(`#value-${id}`), id).toBe(text);
      const clock = Math.log(1 / (state.sigma2 + Math.expm1(1.4)));
      const row = trajectoryRow(solveOrderParameters(problem), clock);
      const values = await page.textContent('#values');
      for (const part of [
        `m = ${shown(row.m)}`,
        `v = ${shown(row.v)}`,
        `ψ = ${shown(row.psi)}`,
        `φ = ${shown(row.phi)}`,
      ])
        expect(values).toContain(part);
      await close(explorer);
    },
  );
});

describe('address', () => {
  it('a state goes into the address and comes back from it', async () => {
    const explorer = await openExplorer(browser, site);
    const { page } = explorer;
    await put(page, '#alpha-number', 0.8);
    await page.waitForTimeout(900);
    await put(page, '#w-number', 2.5);
    await page.waitForTimeout(900);
    await page.selectOption('#process', 'flow');
    await put(page, '#seed', 42);
    await page.waitForTimeout(900);
    const hash = new URL(page.url()).hash;
    expect(hash).toBe('#alpha=0.8&w=2.5&process=flow&seed=42');
    const again = await openExplorer(browser, site, hash.slice(1));
    await put(page, '#time', 2);
    await put(again.page, '#time', 2);
    expect(await settle(again.page)).toEqual(await settle(page));
    await close(again);
    await close(explorer);
  });

  it('back and forward go through the changes', async () => {
    const explorer = await openExplorer(browser, site);
    const { page } = explorer;
    await put(page, '#alpha-number', 0.8);
    await page.waitForTimeout(900);
    await put(page, '#w-number', 2.5);
    await page.waitForTimeout(900);
    await page.goBack();
    expect(await page.inputValue('#w-number')).toBe('1');
    expect(await page.inputValue('#alpha-number')).toBe('0.8');
    await page.goBack();
    expect(await page.inputValue('#alpha-number')).toBe('0.5');
    await page.goForward();
    expect(await page.inputValue('#alpha-number')).toBe('0.8');
    await close(explorer);
  });

  it('a broken address falls back and says so', async () => {
    const explorer = await openExplorer(browser, site, 'alpha=nonsense&w=2&bogus=1');
    expect(await explorer.page.textContent('#notice')).toMatch(/alpha must be .*nonsense.*bogus/);
    expect(await explorer.page.inputValue('#w-number')).toBe('2');
    expect(await explorer.page.inputValue('#alpha-number')).toBe('0.5');
    await close(explorer);
  });
});

describe('refusals', () => {
  it('a formula that fails keeps the last good curves and says so at the field', async () => {
    const explorer = await openExplorer(browser, site, 'schedule=t%3A2');
    const { page, errors } = explorer;
    await settle(page);
    const before = await looks(page);
    await put(page, '#formula', '2 *');
    await page.waitForSelector('#formula[aria-invalid="true"]');
    expect(await page.textContent('#formula-error')).not.toBe('');
    expect((await looks(page)).order).toBe(before.order);
    await put(page, '#formula', '3');
    await page.waitForSelector('#formula:not([aria-invalid])');
    expect((await settle(page)).order).not.toBe(before.order);
    expect(errors).toEqual([]);
    await close(explorer);
  });

  it('particles beyond what a browser can do are refused with the limit', async () => {
    const explorer = await openExplorer(browser, site, 'alpha=1&dimension=300', { particles: true });
    const { page } = explorer;
    await page.waitForFunction(
      () => document.getElementById('particle-error')?.textContent !== '',
      undefined,
      {
        timeout: 60_000,
      },
    );
    expect(await page.textContent('#particle-error')).toMatch(/\d/);
    await close(explorer);
  });
});

describe('particles', () => {
  it('fall on the theory: all recorded points within 6 standard errors and 5 %', async () => {
    const explorer = await openExplorer(
      browser,
      site,
      'alpha=0.3&w=1&dimension=20&particles=200&realizations=6',
    );
    const { page, errors } = explorer;
    await page.click('#run');
    await page.waitForFunction(
      () => /full: 6 of 6/.test(document.getElementById('particle-status')?.textContent ?? ''),
      undefined,
      { timeout: 120_000 },
    );
    expect(await page.textContent('#particle-status')).toMatch(/million pairs\/s/);
    expect(Number(await page.getAttribute('#order .card-body', 'data-points'))).toBeGreaterThan(5);
    const saved = await save(page, 'order', 'json');
    const { rows } = JSON.parse(saved.toString('utf8')) as { rows: Record<string, unknown>[] };
    const solution = solveOrderParameters({
      alpha: 0.3,
      sigma2: 0.25,
      ensemble: 'gaussian',
      sampler: probabilityFlow,
      process: ornsteinUhlenbeck,
      guidance: { w: 1 },
      startTime: null,
    });
    const points = rows.filter(({ source }) => source === 'full');
    expect(points.length).toBeGreaterThan(5);
    for (const point of points) {
      const theory = trajectoryRow(solution, Math.log(1 / (0.25 + Math.expm1(2 * Number(point['time'])))));
      const bound = (error: unknown, value: number) => 6 * Number(error) + 0.05 * value;
      expect(Math.abs(Number(point['m']) - theory.m)).toBeLessThan(bound(point['mError'], theory.m));
      expect(Math.abs(Number(point['v']) - theory.v)).toBeLessThan(bound(point['vError'], theory.v));
    }
    expect(errors).toEqual([]);
    await close(explorer);
  });
});

/** Saves a view through its menu. */
async function save(page: Page, view: string, format: string): Promise<Buffer> {
  if (!(await page.locator(`#${view} .export`).evaluate((menu) => (menu as HTMLDetailsElement).open)))
    await page.click(`#${view} .export summary`);
  const [download] = (await Promise.all([
    page.waitForEvent('download'),
    page.click(`#${view} [data-format="${format}"]`),
  ])) as [Download, void];
  return readFileSync(await download.path());
}

describe('export', () => {
  it.each(['diagram', 'potential', 'order', 'energies', 'samples', 'few'])('%s', async (view) => {
    const explorer = await openExplorer(browser, site);
    const { page, errors } = explorer;
    await settle(page);
    const svg = (await save(page, view, 'svg')).toString('utf8');
    expect(svg).toMatch(/^<svg[^>]*>[\s\S]*<\/svg>\s*$/);
    const png = await save(page, view, 'png');
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(['samples', 'few'].includes(view) ? 1280 : 2000);
    const csv = (await save(page, view, 'csv')).toString('utf8').trim().split('\r\n');
    const json = JSON.parse((await save(page, view, 'json')).toString('utf8')) as {
      rows: unknown[];
      record: { command: string };
    };
    expect(csv.length).toBe(json.rows.length + 1);
    const command = await page.textContent(`#${view} .export code`);
    expect(command).toMatch(/^npx cfg-dmft /);
    expect(json.record.command).toBe(command);
    expect(errors).toEqual([]);
    await close(explorer);
  });
});

describe('accessibility', () => {
  const modes = ['light', 'dark'].flatMap((colorScheme) =>
    [1280, 390].map((width) => ({ colorScheme: colorScheme as 'light' | 'dark', width })),
  );
  it.each(modes)('axe finds nothing: $colorScheme, $width px', async ({ colorScheme, width }) => {
    // A chapter in the light, a task with a pin in the dark.
    const opened = colorScheme === 'light' ? 'exponential' : 'task-noise';
    const explorer = await openExplorer(browser, site, `preset=${opened}&schedule=drawn%3A0%2C0%3B1%2C2`, {
      colorScheme,
      viewport: { width, height: 844 },
    });
    const { page } = explorer;
    await page.evaluate(() => {
      for (const part of document.querySelectorAll('details.group')) (part as HTMLDetailsElement).open = true;
    });
    await page.click('#diagram .export summary');
    await page.evaluate(readFileSync(axeFile(), 'utf8'));
    const violations = (await page.evaluate(
      `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' | ')))`,
    )) as string[];
    expect(violations).toEqual([]);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0);
    await close(explorer);
  });

  it('the point of the diagram and those of a schedule move with the arrow keys', async () => {
    const explorer = await openExplorer(browser, site);
    const { page } = explorer;
    await page.locator('.handle-point').press('ArrowRight');
    expect(await page.inputValue('#alpha-number')).toBe('0.51');
    await page.locator('.handle-point').press('Shift+ArrowUp');
    expect(await page.inputValue('#w-number')).toBe('2');
    await page.evaluate(() => {
      location.hash = 'schedule=drawn%3A0%2C0%3B1%2C2';
    });
    await page.locator('.handle-schedule').nth(1).press('ArrowUp');
    await page.waitForTimeout(900);
    expect(decodeURIComponent(new URL(page.url()).hash)).toContain('1,2.1');
    await close(explorer);
  });
});
