import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shown } from '../../src/explorer/drawing/numbers.ts';
import { defaultState } from '../../src/explorer/state/state.ts';
import { structuredLaw, structuredLaws } from '../../src/explorer/state/structuredLaws.ts';
import { samplers, type SamplerName } from '../../src/guidance/sampler.ts';
import { ornsteinUhlenbeck } from '../../src/index.ts';
import { solveStructured } from '../../src/public/structured.ts';
import { launch } from './browser.ts';
import { close, openExplorer, openSite, type Explorer, type Site } from './explorerPage.ts';
import { textFaults } from './textLayout.ts';

let browser: Browser;
let site: Site;
let explorer: Explorer;
beforeAll(async () => {
  site = await openSite();
  browser = await launch();
  explorer = await openExplorer(browser, site);
});
afterAll(async () => {
  await close(explorer);
  await browser.close();
  await site.close();
});

/** Texts of the card's table, row by row, once it is at rest. */
async function table(page: Page): Promise<string[][]> {
  // Longer than the rest before its work begins.
  await page.waitForTimeout(250);
  await page.waitForSelector('#structured[aria-busy="false"] canvas[data-mode]', { state: 'attached' });
  return page
    .locator('#structured-parts tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => Array.from(row.children, (cell) => (cell.textContent ?? '').trim())),
    );
}

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((text) => {
    location.hash = text;
  }, hash);
  await page.waitForTimeout(200);
}

/** Overlaps of the parts as the library has them and the card shows them. */
function overlaps(
  law: string,
  changes: { alpha?: number; w?: number; sampler?: SamplerName } = {},
): string[] {
  const { alpha, w, sampler, sigma2 } = { ...defaultState, ...changes };
  const classes = structuredLaw(law)!.law({ alpha, sigma2 });
  const { final } = solveStructured(
    {
      law: classes,
      ...(classes.kind === 'levels' ? {} : { alpha }),
      guidance: { w },
      process: ornsteinUhlenbeck,
      eta: samplers[sampler].eta,
    },
    { fluctuations: false },
  );
  return classes.kind === 'levels'
    ? [...final!.levels!, final!.m].map((m) => shown(m))
    : final!.bands.map(({ m }) => shown(m));
}
const second = (rows: string[][]) => rows.map((row) => row[1]);

describe('the card of structured classes', () => {
  it('loads and computes once it is seen', async () => {
    const { page, requests } = explorer;
    const isLoaded = () => requests.some((url) => url.includes('/structured-'));
    await page.waitForTimeout(500);
    expect(isLoaded()).toBe(false);
    expect(await page.locator('#structured-parts tr').count()).toBe(0);
    await page.locator('#structured').scrollIntoViewIfNeeded();
    expect(second(await table(page))).toEqual(overlaps('spectrum'));
    expect(isLoaded()).toBe(true);
  });

  it('its numbers are those of the library, for each law, and follow alpha, w and the sampler', async () => {
    const { page, errors } = explorer;
    const change = (id: string, value: number) => page.fill(`#${id}-number`, String(value));
    const sampler = (name: SamplerName) =>
      page.locator(`#sampler-${name}`).evaluate((input) => {
        (input as HTMLInputElement).click();
      });
    for (const { id, sentence } of structuredLaws) {
      await page.selectOption('#structured-law', id);
      expect(second(await table(page)), id).toEqual(overlaps(id));
      expect(await page.textContent('#structured-caption')).toBe(sentence);
      await change('alpha', 0.4);
      expect(second(await table(page)), id).toEqual(overlaps(id, { alpha: 0.4 }));
      await change('w', 2);
      await sampler('sde');
      expect(second(await table(page)), id).toEqual(overlaps(id, { alpha: 0.4, w: 2, sampler: 'sde' }));
      await change('alpha', defaultState.alpha);
      await change('w', defaultState.w);
      await sampler('ode');
    }
    expect(errors).toEqual([]);
  });

  it('comes to rest at the last of many changes in one go', async () => {
    const { page, errors } = explorer;
    await go(page, 'law=widths');
    for (const alpha of [0.3, 0.35, 0.4, 0.45, 0.55, 0.6]) {
      await page.fill('#alpha-number', String(alpha));
      await page.waitForTimeout(130);
    }
    expect(second(await table(page))).toEqual(overlaps('widths', { alpha: 0.6 }));
    expect(errors).toEqual([]);
  });

  it('says that the equations do not close, and draws and saves nothing then', async () => {
    const { page } = explorer;
    await go(page, 'w=-0.7');
    expect(await table(page)).toEqual([
      ['wide', '–', '–', '–', '–'],
      ['narrow', '–', '–', '–', '–'],
    ]);
    expect(await page.textContent('#structured-caption')).toMatch(/^The other classes condense/);
    await page.click('#structured .export summary');
    await page.click('#structured .export [data-format="csv"]');
    expect(await page.textContent('#structured .export [role="status"]')).toMatch(/nothing to save/);
    await page.keyboard.press('Escape');
  });
});

describe('its law', () => {
  it('is in the link, chosen by the keyboard, and back again', async () => {
    const { page } = explorer;
    await go(page, 'seed=8');
    await page.waitForTimeout(900);
    await page.locator('#structured-law').press('ArrowDown');
    await page.waitForFunction(() => location.hash.includes('law=signs'));
    expect(second(await table(page))).toEqual(overlaps('signs'));
    const again = await openExplorer(browser, site, 'seed=8&law=signs');
    await again.page.locator('#structured').scrollIntoViewIfNeeded();
    expect(await table(again.page)).toEqual(await table(page));
    expect(await again.page.inputValue('#structured-law')).toBe('signs');
    await close(again);
    await page.goBack();
    await page.waitForFunction(
      () => (document.getElementById('structured-law') as HTMLSelectElement).value === 'spectrum',
    );
    await go(page, 'law=nothing');
    expect(await page.textContent('#notice')).toMatch(/There is no law "nothing"/);
  });
});

describe('its export', () => {
  it('SVG, PNG, the numbers as CSV and JSON, and the command line', async () => {
    const { page, errors } = explorer;
    await go(page, 'law=signs');
    await table(page);
    const save = async (format: string): Promise<Buffer> => {
      if (!(await page.locator('#structured .export').evaluate((menu) => (menu as HTMLDetailsElement).open)))
        await page.click('#structured .export summary');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click(`#structured .export [data-format="${format}"]`),
      ]);
      expect(download.suggestedFilename()).toBe(`cfg-dmft-coordinate-density.${format}`);
      return readFileSync(await download.path());
    };
    const rows = (await save('csv')).toString('utf8').trim().split('\r\n');
    expect(rows[0]).toBe('x,density,classDensity');
    expect(rows).toHaveLength(202);
    const { rows: records, title } = JSON.parse((await save('json')).toString('utf8')) as {
      rows: { x: number }[];
      title: string;
    };
    expect(title).toMatch(/^Density of a coordinate: centres \+1 or −1/);
    expect(String(records[0]!.x)).toBe(rows[1]!.split(',')[0]);
    expect((await save('svg')).toString('utf8')).toContain('<svg');
    expect([...(await save('png')).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    expect(await page.textContent('#structured .export code')).toBe(
      'npx cfg-dmft solve --alpha 0.5 --w 1 --sigma2 0.25 --centres-law signs --density 201',
    );
    await page.keyboard.press('Escape');
    expect(errors).toEqual([]);
  });
});

describe('its layout', () => {
  it.each(['light', 'dark'] as const)(
    'no text lies on another or is cut, and nothing is wider than the page: 1440, 1024, 390 px, %s',
    async (colorScheme) => {
      const { page, errors } = explorer;
      await page.emulateMedia({ colorScheme });
      for (const { id } of structuredLaws) {
        await go(page, `law=${id}`);
        await table(page);
        for (const [width, height] of [
          [1440, 900],
          [1024, 768],
          [390, 844],
        ] as const) {
          await page.setViewportSize({ width, height });
          // Where the bar of the time lies on no view.
          await page.evaluate(() => {
            window.scrollTo(0, 0);
          });
          await page.waitForTimeout(100);
          const where = `${width} px, ${id}`;
          expect(await textFaults(page), where).toEqual([]);
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
            where,
          ).toBeLessThanOrEqual(0);
          const [card, parts] = await Promise.all(
            ['#structured', '#structured-parts'].map((selector) => page.locator(selector).boundingBox()),
          );
          expect(parts!.x + parts!.width, where).toBeLessThanOrEqual(card!.x + card!.width);
        }
      }
      await page.setViewportSize({ width: 1280, height: 900 });
      expect(errors).toEqual([]);
    },
  );

  it('the pointer reads both densities', async () => {
    const { page } = explorer;
    await go(page, 'law=spectrum');
    await table(page);
    const area = page.locator('#structured .plane-area').first();
    await area.scrollIntoViewIfNeeded();
    const box = (await area.boundingBox())!;
    await page.mouse.move(box.x + 0.45 * box.width, box.y + 0.5 * box.height);
    expect(await page.locator('#structured .hover-note').textContent()).toMatch(
      /^x = [\d.−]+: guided [\d.]+, class itself [\d.]+$/,
    );
    await page.mouse.move(1, 1);
  });
});
