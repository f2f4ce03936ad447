// node test/bench/engineScaling.mjs [kernel ...]: how the cost of a score grows with the number of particles N, of
// classes K and with the dimension d, for the kernels named (default: native and wasm-relaxed). Prints exponents as a
// Markdown table and draws docs/figures/engine-scaling.png (needs Chromium and what test/system installs).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ink, palette, font, axisStyle } from '../../dist/figures/drawing/theme.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const names = process.argv.slice(2);
const kernels = names.length > 0 ? names : ['native', 'wasm-relaxed'];
const base = { particles: 128, classes: 2 ** 16, dimension: 24 };
const doubling = (from, to) => Array.from({ length: Math.log2(to / from) + 1 }, (_, i) => from * 2 ** i);
const ranges = [
  { key: 'particles', letter: 'N', title: 'particles N', values: doubling(16, 1024) },
  { key: 'classes', letter: 'K', title: 'classes K', values: doubling(2 ** 12, 2 ** 20) },
  { key: 'dimension', letter: 'd', title: 'dimension d', values: [8, 12, 16, 24, 32, 48, 64, 96] },
];
const rounds = 7;
const secondsEach = 0.1;

const server = spawn(process.execPath, [`${root}test/bench/engineServer.mjs`], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
async function ask(job) {
  server.stdin.write(`${JSON.stringify(job)}\n`);
  const answer = JSON.parse((await lines.next()).value);
  if (answer.fault !== undefined) throw new Error(answer.fault);
  return answer;
}

/** Straight line through (x, y) by least squares: intercept and slope with its standard error. */
function line(x, y) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const sxx = x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
  const slope = x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0) / sxx;
  const intercept = my - slope * mx;
  const residual = x.reduce((sum, value, i) => sum + (y[i] - intercept - slope * value) ** 2, 0);
  return { slope, intercept, error: Math.sqrt(residual / (x.length - 2) / sxx) };
}

/** Seconds per evaluation of every kernel at a point: medians over rounds in which the kernels take turns. */
async function measure(point) {
  // A variance like d leaves the log-weights as they are: else all classes fall below the cut in high dimension.
  await ask({ command: 'prepare', ...point, variance: point.dimension / base.dimension, seed: 1 });
  const seconds = kernels.map(() => []);
  for (const peer of kernels) await ask({ command: 'tune', peer, threads: 1 });
  for (let round = 0; round < rounds; round++) {
    for (const [i, peer] of kernels.entries()) {
      seconds[i].push((await ask({ command: 'time', peer, threads: 1, seconds: secondsEach })).seconds);
    }
  }
  return seconds.map((list) => list.sort((a, b) => a - b)[(rounds - 1) / 2]);
}

const series = [];
const table = [];
for (const { key, letter, values } of ranges) {
  const points = [];
  for (const value of values) points.push(await measure({ ...base, [key]: value }));
  for (const [i, kernel] of kernels.entries()) {
    const seconds = points.map((point) => point[i]);
    const fit = line(values.map(Math.log), seconds.map(Math.log));
    series.push({ key, kernel, values, seconds, fit });
    const { slope, intercept } = line(
      values,
      seconds.map((time, n) => (1e9 * time) / pairsAt(key, values[n])),
    );
    const affine = key === 'dimension' ? `${intercept.toFixed(3)} + ${slope.toFixed(4)} d` : '';
    const range = `${values[0]} to ${values.at(-1)}`;
    table.push([kernel, letter, range, `${fit.slope.toFixed(3)} ± ${fit.error.toFixed(3)}`, affine]);
  }
}
server.stdin.end();

function pairsAt(key, value) {
  const { particles, classes } = { ...base, [key]: value };
  return particles * classes;
}

const row = (cells) => `| ${cells.join(' | ')} |`;
console.log(`base: N = ${base.particles}, K = ${base.classes}, d = ${base.dimension}; one thread\n`);
console.log(row(['kernel', 'varied', 'range', 'exponent', 'ns per pair']));
console.log(row(['---', '---', '---', '---', '---']));
for (const cells of table) console.log(row(cells));

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const playwright = `${root}test/system/node_modules/playwright-core`;
if (!existsSync(executablePath) || !existsSync(playwright)) {
  console.error('no picture: it needs Chromium and playwright-core (npm run test:system installs them)');
  process.exit(0);
}

const looks = [
  { color: palette.blue, symbol: 'circle' },
  { color: palette.vermillion, symbol: 'diamond' },
  { color: palette.green, symbol: 'square' },
  { color: palette.purple, symbol: 'triangle-up' },
];
const axisName = (letter, index) => `${letter}${index === 0 ? '' : index + 1}`;
const data = series.flatMap(({ key, kernel, values, seconds, fit }) => {
  const index = ranges.findIndex((range) => range.key === key);
  const { color, symbol } = looks[kernels.indexOf(kernel) % looks.length];
  const axes = { xaxis: axisName('x', index), yaxis: axisName('y', index), legendgroup: kernel };
  const fitted = values.map((value) => Math.exp(fit.intercept) * value ** fit.slope);
  const marker = { color, symbol, size: 9 };
  const stroke = { color, width: 1.5 };
  return [
    { ...axes, x: values, y: fitted, mode: 'lines', line: stroke, showlegend: false },
    { ...axes, x: values, y: seconds, mode: 'markers', marker, name: kernel, showlegend: index === 0 },
  ];
});
const annotations = series.map(({ key, kernel, fit }) => {
  const index = ranges.findIndex((range) => range.key === key);
  const place = kernels.indexOf(kernel);
  return {
    text: `${ranges[index].letter}<sup>${fit.slope.toFixed(2)}</sup>`,
    font: { color: looks[place % looks.length].color, size: 17 },
    ...{ xref: `${axisName('x', index)} domain`, yref: `${axisName('y', index)} domain` },
    ...{
      x: 0.95,
      y: 0.04 + 0.11 * (kernels.length - 1 - place),
      xanchor: 'right',
      yanchor: 'bottom',
      showarrow: false,
    },
  };
});
const extremes = series.flatMap(({ seconds }) => seconds).map(Math.log10);
const span = [Math.min(...extremes) - 0.15, Math.max(...extremes) + 0.15];
const layout = {
  ...{ width: 1000, height: 400, font, annotations, paper_bgcolor: ink.paper, plot_bgcolor: ink.paper },
  grid: { rows: 1, columns: 3, pattern: 'independent', xgap: 0.08 },
  margin: { l: 80, r: 20, t: 50, b: 60 },
  legend: { orientation: 'h', x: 0.5, xanchor: 'center', y: 1.03, yanchor: 'bottom' },
};
for (const [index, { title, values }] of ranges.entries()) {
  const ticks = someOf(values);
  layout[`xaxis${index === 0 ? '' : index + 1}`] = {
    ...axisStyle,
    ...{ type: 'log', title: { text: title }, tickvals: ticks, ticktext: ticks.map(tickText) },
  };
  const title1 = index === 0 ? { title: { text: 'seconds for all scores' } } : { showticklabels: false };
  layout[`yaxis${index === 0 ? '' : index + 1}`] = {
    ...axisStyle,
    type: 'log',
    range: span,
    dtick: 1,
    ...title1,
  };
}

/** Large powers of two as such. */
function tickText(value) {
  return value >= 2 ** 12 ? `2<sup>${Math.log2(value)}</sup>` : String(value);
}

/** At most five of them. */
function someOf(values) {
  const every = Math.ceil(values.length / 5);
  return values.filter((_, i) => i % every === 0);
}

const { chromium } = createRequire(`${root}test/system/package.json`)('playwright-core');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1000, height: 420 }, deviceScaleFactor: 2 });
await page.setContent('<body style="margin:0"><div id="figure"></div></body>');
await page.addScriptTag({ path: `${root}node_modules/plotly.js-dist-min/plotly.min.js` });
await page.evaluate(
  ([traces, look]) => globalThis.Plotly.newPlot('figure', traces, look, { staticPlot: true }),
  [data, layout],
);
await page.locator('#figure').screenshot({ path: `${root}docs/figures/engine-scaling.png` });
await browser.close();
