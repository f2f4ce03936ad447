// npm run docs:picture: draws the README's picture from the page of `npm start`, at twice the resolution of the screen.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = `${root}report/index.html`;
if (!existsSync(page)) {
  console.error('missing: report/index.html (npm start makes it)');
  process.exit(1);
}
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const tab = await browser.newPage({ viewport: { width: 1100, height: 900 }, deviceScaleFactor: 2 });
await tab.goto(pathToFileURL(page).href);
const figure = tab.locator('.js-plotly-plot').first();
await figure.locator('.main-svg').first().waitFor();
await tab.mouse.move(0, 0);
await tab.addStyleTag({ content: '.modebar { display: none !important; }' });
await figure.screenshot({ path: `${root}docs/figures/phase-diagram.png` });
await browser.close();
