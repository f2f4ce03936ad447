// npm run docs:picture: draws the README's picture from the page of `npm start`, at twice the resolution of the screen.
// node test/system/picture.mjs claims DIR: draws docs/figures/claims/<id>.png from DIR/validate.html, the page of
// `cfg-dmft validate --out DIR`, 900 px wide; pictures of claims that are no longer on the page stay.
// node test/system/picture.mjs schedules DIR: draws docs/figures/schedule-{compare,path,front}.png from the pages of
// `cfg-dmft schedule compare --alpha 0.5 --sigma2 0.25 --out DIR` and `... design --alpha 0.45 --sigma2 0.3 --pareto 8 --out DIR`.
// node test/system/picture.mjs few-classes DIR: draws docs/figures/few-class-{density,split}.png from the pages of
// `cfg-dmft few-class density --figure wu-3 --out DIR` and `... split --figure phase-diagram --out DIR`.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [mode = 'page', folder = ''] = process.argv.slice(2);
const pictures = {
  schedules: [
    ['schedule-compare', 0, 'schedule-compare'],
    ['schedule-design', 0, 'schedule-path'],
    ['schedule-design', 2, 'schedule-front'],
  ],
  'few-classes': [
    ['few-class-density', 0, 'few-class-density'],
    ['few-class-split', 0, 'few-class-split'],
  ],
};
if (mode !== 'page' && ((mode !== 'claims' && pictures[mode] === undefined) || folder === ''))
  fail('usage: picture.mjs [claims DIR | schedules DIR | few-classes DIR]');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

if (mode === 'claims') await drawClaims(path.resolve(folder, 'validate.html'));
else if (mode !== 'page') await drawFigures(path.resolve(folder), pictures[mode]);
else await drawPage(`${root}report/index.html`);

async function drawPage(page) {
  await withTab(page, 'npm start', { width: 1100, height: 900 }, 2, async (tab) => {
    const figure = tab.locator('.js-plotly-plot').first();
    await figure.locator('.main-svg').first().waitFor();
    await figure.screenshot({ path: `${root}docs/figures/phase-diagram.png` });
  });
}

async function drawClaims(page) {
  const target = `${root}docs/figures/claims`;
  mkdirSync(target, { recursive: true });
  // 900 px of figure between the margins of the page.
  await withTab(page, `cfg-dmft validate --out ${folder}`, { width: 940, height: 1200 }, 1, async (tab) => {
    const plots = tab.locator('section:has(.js-plotly-plot)');
    for (let i = 0; i < (await plots.count()); i++) {
      const id = await plots.nth(i).getAttribute('id');
      const figure = plots.nth(i).locator('.js-plotly-plot');
      await figure.locator('.main-svg').first().waitFor();
      const file = `${target}/${id}.png`;
      await figure.screenshot({ path: file });
      console.log(`${path.relative(root, file)} ${Math.ceil(statSync(file).size / 1000)} kB`);
    }
  });
}

async function drawFigures(directory, wanted) {
  for (const [command, index, name] of wanted) {
    const page = path.join(directory, `${command}.html`);
    await withTab(page, `cfg-dmft ${command}`, { width: 940, height: 1200 }, 1, async (tab) => {
      const figure = tab.locator('.js-plotly-plot').nth(index);
      await figure.locator('.main-svg').first().waitFor();
      await figure.screenshot({ path: `${root}docs/figures/${name}.png` });
    });
  }
}

async function withTab(page, maker, viewport, deviceScaleFactor, draw) {
  if (!existsSync(page)) fail(`missing: ${page} (${maker} makes it)`);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const tab = await browser.newPage({ viewport, deviceScaleFactor });
    await tab.goto(pathToFileURL(page).href);
    await tab.locator('.js-plotly-plot .main-svg').first().waitFor();
    await tab.mouse.move(0, 0);
    await tab.addStyleTag({ content: '.modebar { display: none !important; }' });
    await draw(tab);
  } finally {
    await browser.close();
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
