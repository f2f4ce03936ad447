import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shown } from '../../src/explorer/drawing/numbers.ts';
import { ornsteinUhlenbeck, probabilityFlow, solveOrderParameters } from '../../src/index.ts';
import { launch } from './browser.ts';
import { close, looks, openExplorer, openSite, type Explorer, type Site } from './explorerPage.ts';
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

/** Opens a state in the page that is open, and lets it draw. */
async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((text) => {
    location.hash = text;
  }, hash);
  await page.waitForTimeout(200);
}

/** The overlap at the data of the state that opens, with another coefficient, as the page shows it. */
const m = (w: number): string =>
  shown(
    solveOrderParameters({
      alpha: 0.5,
      sigma2: 0.25,
      ensemble: 'gaussian',
      sampler: probabilityFlow,
      process: ornsteinUhlenbeck,
      guidance: { w },
      startTime: null,
    }).final?.m,
  );

const click = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => {
    (element as HTMLElement).click();
  });
const hashOf = (page: Page) => page.evaluate(() => location.hash);

describe('in front of a class', () => {
  const sizes = [
    [1440, 900],
    [1024, 768],
    [820, 1180],
    [390, 844],
  ] as const;
  const states = {
    light: ['', 'preset=negative-window', 'sigma2=2&w=7.8&alpha=0.012'],
    dark: ['preset=task-noise&sampler=sde'],
  };

  it.each(['light', 'dark'] as const)(
    'no text lies on another or is cut, and plots are beside sliders: 1440 to 390 px, %s',
    async (colorScheme) => {
      const { page, errors } = explorer;
      await page.emulateMedia({ colorScheme });
      for (const hash of states[colorScheme]) {
        await go(page, hash === '' ? 'seed=2' : hash);
        for (const [width, height] of sizes) {
          await page.setViewportSize({ width, height });
          await page.waitForTimeout(100);
          const where = `${width} px, #${hash}`;
          expect(await textFaults(page), where).toEqual([]);
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
            where,
          ).toBeLessThanOrEqual(0);
          if (width < 800 || hash !== '') continue;
          const [slider, plot] = await Promise.all(
            ['#alpha', '#diagram canvas'].map((selector) => page.locator(selector).boundingBox()),
          );
          expect(plot!.x, where).toBeGreaterThan(slider!.x + slider!.width);
          // At least half of the plot is on the first screen, with the slider.
          expect(plot!.y + plot!.height / 2, where).toBeLessThan(height);
          expect(slider!.y, where).toBeLessThan(height);
        }
      }
      await page.setViewportSize({ width: 1280, height: 900 });
      expect(errors).toEqual([]);
    },
  );

  it('the measure finds texts that lie on each other and that are cut', async () => {
    const { page } = explorer;
    await page.addStyleTag({
      content: '#value-m { margin-left: -60px } #diagram-title { width: 20px; overflow: hidden }',
    });
    const faults = await textFaults(page);
    await page.evaluate(() => document.head.lastElementChild?.remove());
    expect(faults.some((fault) => fault.includes('is cut by h2'))).toBe(true);
    expect(faults.some((fault) => fault.includes('lies on'))).toBe(true);
    expect(await textFaults(page)).toEqual([]);
  });
});

describe('scale and schedule', () => {
  it('the scale is 1 + w in the link, in its field and at the slider', async () => {
    const { page } = explorer;
    await go(page, 'scale=7.5');
    expect(await page.inputValue('#w-number')).toBe('6.5');
    expect(await page.inputValue('#scale')).toBe('7.5');
    await page.fill('#scale', '3');
    expect(await page.inputValue('#w')).toBe('2');
    await page.fill('#w-number', '0.5');
    expect(await page.inputValue('#scale')).toBe('1.5');
    await page.fill('#scale', '20');
    expect(await page.textContent('#scale-error')).toBe('scale must be from 0.2 to 9');
    await page.locator('#scale').blur();
    expect(await page.textContent('#scale-error')).toBe('');
    expect(await page.inputValue('#scale')).toBe('1.5');
  });

  it('where the schedule sets w, nothing else does', async () => {
    const { page } = explorer;
    await go(page, 'w=2&schedule=t%3A3');
    for (const id of ['w', 'w-number', 'scale'])
      expect(await page.locator(`#${id}`).isDisabled(), id).toBe(true);
    expect(await page.textContent('#scale-note')).toContain('formula');
    await page.locator('.handle-point').press('ArrowUp');
    await page.locator('.handle-point').press('ArrowRight');
    expect(await page.inputValue('#alpha-number')).toBe('0.51');
    await go(page, 'w=2&schedule=named%3Acosine');
    expect(await page.locator('#w').isDisabled()).toBe(false);
    expect(await page.inputValue('#w-number')).toBe('2');
  });

  it('a refusal goes with its cause', async () => {
    const { page } = explorer;
    await go(page, 'alpha=9&pin=w%3D77');
    expect(await page.textContent('#notice')).toMatch(/alpha must be .* In the pin: w must be/);
    await page.fill('#alpha-number', '0.6');
    expect(await page.textContent('#notice')).toBe('');
    await page.fill('#seed', '-1');
    expect(await page.textContent('#seed-error')).not.toBe('');
    await page.locator('#seed').blur();
    expect(await page.textContent('#seed-error')).toBe('');
    await go(page, 'schedule=t%3A2');
    await page.fill('#formula', '2 *');
    await page.waitForSelector('#formula[aria-invalid="true"]');
    await click(page, '#schedule-kind-constant');
    await page.waitForFunction(() => document.getElementById('formula-error')?.textContent === '');
  });
});

describe('what a link keeps', () => {
  it('the map and the theme', async () => {
    const { page } = explorer;
    await go(page, 'seed=3');
    await page.waitForTimeout(800);
    await click(page, '#diagram-quantity-v');
    await click(page, '#theme');
    await click(page, '#theme');
    await page.waitForFunction(() => location.hash === '#seed=3&map=v&theme=dark');
    expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
    await go(page, 'seed=3&theme=light');
    expect(await page.getAttribute('html', 'data-theme')).toBe('light');
    expect(await page.isChecked('#diagram-quantity-m')).toBe(true);
    await go(page, 'seed=4');
    expect(await page.getAttribute('html', 'data-theme')).toBeNull();
  });

  it('pinned curves stay beside those of the sliders, with their label, and a second press removes them', async () => {
    const { page } = explorer;
    await go(page, 'w=2');
    const data = (name: string) => page.getAttribute('#order .card-body', `data-${name}`);
    const shows = (name: string, value: string) =>
      page.waitForSelector(`#order .card-body[data-${name}="${value}"]`, { state: 'attached' });
    await shows('m', m(2));
    expect(await page.locator('#pinned').isVisible()).toBe(false);
    await page.click('#pin');
    await page.waitForFunction(() => location.hash.includes('pin=w%3D2'));
    await page.fill('#w-number', '1');
    await shows('m', m(1));
    expect(await data('pinned')).toBe(m(2));
    expect(await page.textContent('#pinned-name')).toBe('pinned: ODE, α = 0.5, w = 2, σ² = 0.25');
    expect(await page.textContent('#pinned-values')).toContain(`m = ${m(2)}`);
    await page.waitForTimeout(200);
    const { order: pair, energies } = await looks(page);
    const link = await hashOf(page);
    await page.click('#pin');
    await shows('pinned', '');
    expect(await page.locator('#pinned').isVisible()).toBe(false);
    expect(await hashOf(page)).not.toContain('pin');
    await page.waitForTimeout(200);
    const alone = await looks(page);
    expect(alone.order).not.toBe(pair);
    expect(alone.energies).not.toBe(energies);
    await go(page, link);
    await shows('pinned', m(2));
    await page.waitForTimeout(200);
    expect((await looks(page)).order).toBe(pair);
  });
});

describe('under the pointer', () => {
  it('the map, the potential, the charts and the planes say what is there', async () => {
    const { page } = explorer;
    await go(page, 'w=1.5');
    await page.waitForSelector('#samples[aria-busy="false"]');
    const notes: readonly (readonly [string, RegExp, number?])[] = [
      ['#diagram .plane-area', /^α = [\d.]+, w = [\d.]+: m = [\d.]+, v\/σ² = [\d.]+, (un)?speciated$/],
      ['#potential .plane-area', /^m = [\d.−]+, U − U\(state\) = [\d.−]+$/],
      ['#order .chart:nth-of-type(1) .u-over', /^t = [\d.]+: m = [\d.]+$/],
      ['#energies .chart:last-of-type .u-over', /^t = [\d.]+: Σ = [\d.]+$/],
      // After the transition the complexity of the others is grey: it is past.
      ['#energies .chart:last-of-type .u-over', /^t = 0\.[\d]+: Σ, past = −[\d.]+$/, 0.97],
      ['#samples .plane-area', /^along [\d.−]+, across [\d.−]+$/],
      ['#few .plane-area', /^x = [\d.−]+, y = [\d.−]+: .* of the largest density$/],
    ];
    for (const [selector, text, across = 0.45] of notes) {
      const area = page.locator(selector).first();
      await area.scrollIntoViewIfNeeded();
      const box = (await area.boundingBox())!;
      await page.mouse.move(box.x + across * box.width, box.y + 0.45 * box.height);
      const note = area.locator(
        'xpath=ancestor-or-self::*[*[contains(@class, "hover-note")]][1]/*[contains(@class, "hover-note")]',
      );
      expect(await note.textContent(), selector).toMatch(text);
      expect(await note.isVisible(), selector).toBe(true);
      await page.mouse.move(1, 1);
      await page.waitForFunction(() => document.querySelectorAll('.hover-note:not([hidden])').length === 0);
    }
  });
});

describe('story and worksheet', () => {
  it('a chapter opens where its effect is: its view comes first, and its button scrolls there', async () => {
    const { page } = explorer;
    await go(page, 'preset=sub-exponential');
    const tops = await page.locator('.card').evaluateAll((cards) =>
      cards.map((card) => ({
        id: card.id,
        place: card.getBoundingClientRect().top + card.getBoundingClientRect().left,
      })),
    );
    expect(tops.reduce((a, b) => (b.place < a.place ? b : a)).id).toBe('samples');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.click('.look');
    await page.waitForFunction(() => {
      const { top, bottom } = document.querySelector('#samples canvas')!.getBoundingClientRect();
      return top > 0 && bottom < window.innerHeight;
    });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('a task opens its state and hides its answer; a print has all five, and nothing else', async () => {
    const { page, errors } = explorer;
    await go(page, 'seed=5&theme=dark');
    await click(page, '#guide-worksheet');
    await click(page, '#preset-task-critical');
    await page.waitForFunction(() => location.hash === '#preset=task-critical&theme=dark');
    expect(await page.inputValue('#alpha-number')).toBe('1');
    const visible = page.locator('.task:visible');
    expect(await visible.count()).toBe(1);
    expect(await visible.locator('details p').first().isVisible()).toBe(false);
    await visible.locator('summary').click();
    expect(await visible.innerText()).toContain('1.216');
    await page.emulateMedia({ media: 'print' });
    expect(await visible.count()).toBe(5);
    for (const gone of ['#controls', '#views', '.story-steps', '.top', '.sheet-tools'])
      expect(await page.locator(gone).isVisible(), gone).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await click(page, '#guide-story');
    expect(await page.locator('#worksheet').isVisible()).toBe(false);
    expect(errors).toEqual([]);
  });
});
