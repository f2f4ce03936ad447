import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { changed } from '../../../src/cli/commands/figures/changes.ts';
import { imageNames } from '../../../src/cli/frame/figureFiles.ts';
import { drawingOptions } from '../../../src/cli/frame/figureOptions.ts';
import { cliHere, jsonHere } from './inProcess.ts';

const root = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-figure-options-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
// No browser: what it draws is looked at by the system tests.
beforeEach(() => {
  vi.stubEnv('CHROMIUM', path.join(root, 'no-such-browser'));
});

const model = ['--alpha', '0.5', '--w', '1', '--sigma2', '0.25'];
let runs = 0;
/** Files of a command line that writes to a folder of its own, and how it ended. */
async function written(...args: string[]) {
  const out = path.join(root, String(runs++));
  const ended = await cliHere(...args, '--out', out);
  // A page without the source of Plotly, and its JSON as it is written elsewhere.
  const read = (name: string) =>
    readFileSync(path.join(out, name), 'utf8')
      .replace(/<script>.*?<\/script>/gs, '')
      .replaceAll('\\u003c', '<');
  return { ...ended, names: existsSync(out) ? readdirSync(out).sort() : [], read };
}
const columns = (csv: string) => csv.split('\r\n', 1)[0]!;
const lines = (csv: string) => csv.trim().split('\r\n');

describe('options of figures', () => {
  it('a width is page, column or a length; several name their files', () => {
    const settings = drawingOptions.read({ format: 'pdf,svg', width: 'page,3.4in,8.6cm,86mm' }, '');
    expect(settings.widths.map(({ width }) => width)).toEqual([
      'page',
      { millimetres: 86.4 },
      { millimetres: 86 },
    ]);
    expect(imageNames('solve', settings)).toEqual([
      ...['solve.svg', 'solve-86.4mm.svg', 'solve-86mm.svg'],
      ...['solve.pdf', 'solve-86.4mm.pdf', 'solve-86mm.pdf'],
    ]);
  });

  it.each([
    [['--format', 'gif'], '--format must be one of html, svg, png, pdf, csv, json, npz, parquet, got "gif"'],
    [
      ['--format', 'svg', '--width', '86'],
      '--width must be page, column, or a length such as 86mm, 8.6cm or 3.4in, got "86"',
    ],
    [['--format', 'svg', '--width', '2cm'], '--width must be a length from 50mm to 1000mm, got "2cm"'],
    [['--width', '86mm'], '--width must be given with --format svg, png, pdf, got "86mm"'],
    [['--font-size', '9'], '--font-size must be given with --format svg, png, pdf, got "9"'],
    [['--format', 'svg', '--resolution', '600'], '--resolution must be given with --format png, got "600"'],
    [['--format', 'svg', '--font-size', '3'], '--font-size must be in [5, 14], got 3'],
    [
      ['--colours', 'red,pink'],
      '--colours must be okabe-ito, tol-bright, grey, or colours such as #0072b2 or red, got "pink"',
    ],
    [['--panels', '1'], '--panels must be letters of panels by comma, such as a,c, got "1"'],
    [['--title', ' '], '--title must be a text, got " "'],
    [['--font', 'a;b'], '--font must be the name of a font, got "a;b"'],
  ])('%j is refused in one line, before anything is computed', async (args, message) => {
    const { status, stderr, stdout, names } = await written('solve', ...model, ...args).catch(() => {
      throw new Error('computed');
    });
    expect([status, stdout, names]).toEqual([2, '', []]);
    expect(stderr).toContain(`error: ${message}`);
  });

  it('need a folder, except where there is one without --out', async () => {
    const { status, stderr } = await cliHere('solve', ...model, '--colours', 'grey');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('--colours must be given with --out, got "grey"'),
    ]);
  });

  it('look: the page has the title and the colours; the numbers are those of the result', async () => {
    const plain = await written('potential', ...model, '--m', '0:2:5');
    const look = ['--title', 'A title of its own', '--colours', 'grey', '--font', 'Times'];
    const other = await written('potential', ...model, '--m', '0:2:5', ...look);
    expect(other.names).toEqual(plain.names);
    expect(other.read('potential.csv')).toBe(plain.read('potential.csv'));
    const page = other.read('potential.html');
    expect(page).toContain('<h1>A title of its own</h1>');
    expect(page).toContain("'Times', Helvetica");
    expect(plain.read('potential.html')).toContain('rgb(68,1,84)');
    expect(page).not.toContain('rgb(68,1,84)');
  });

  it('pages of several figures are restyled too, and left out where no page is asked for', async () => {
    const command = [
      'schedule',
      'compare',
      '--alpha',
      '0.5',
      '--sigma2',
      '0.25',
      '--only',
      'constant,linear',
    ];
    const { read } = await written(...command, '--colours', 'grey');
    expect(read('schedule-compare.html')).toContain('#202020');
    const { names, status, stderr } = await written(...command, '--format', 'svg');
    expect(names).toEqual(['schedule-compare.csv', 'schedule-compare.json']);
    // The browser is missing: the data are written all the same.
    expect(status).toBe(1);
    expect(stderr).toContain('error: no svg: CHROMIUM is set to');
  });

  it('a panel that the figure does not have is refused when it is known, and the numbers are kept', async () => {
    const { status, stdout, stderr, names } = await written('solve', ...model, '--panels', 'b,f');
    expect([status, names]).toEqual([2, ['solve.csv', 'solve.json']]);
    expect(stdout).toContain('speciation time');
    expect(stderr).toContain('--panels must be among a, b, c, d (solution), got "f"');
  });

  it('say so where there is nothing to draw', async () => {
    const { status, stderr, names } = await written(
      'transition',
      '--w',
      '1',
      '--sigma2',
      '0.25',
      '--colours',
      'grey',
    );
    expect([status, names]).toEqual([0, ['transition.json']]);
    expect(stderr).toContain('note: this result has no figure, to which --colours could apply');
  });
});

describe('figures of one result', () => {
  it('solve: the path in as many rows as --trajectory has, or 200, with its crossing', async () => {
    const own = await written('solve', ...model, '--trajectory', '20');
    expect(own.names).toEqual(['solve.csv', 'solve.html', 'solve.json', 'trajectory.csv']);
    const rows = lines(own.read('solve.csv'));
    expect(columns(own.read('solve.csv'))).toBe('source,d,time,m,mError,q,v,vError,psi,phi,complexity');
    const [crossing] = rows.filter((row) => row.startsWith('speciation,'));
    expect(Number(crossing!.split(',')[2])).toBeCloseTo(0.46224252, 7);
    const theory = rows.filter((row) => row.startsWith('theory,')).map((row) => Number(row.split(',')[2]));
    const drawn = lines(own.read('trajectory.csv'))
      .slice(1)
      .map((row) => Number(row.split(',')[0]));
    expect(drawn).toEqual(expect.arrayContaining(theory));
    const plain = await written('solve', ...model);
    expect(lines(plain.read('solve.csv')).length).toBeGreaterThan(150);
  });

  it('solve --simulate: points with errors beside the path, within 5 standard errors and the order 1/d of it', async () => {
    const simulate = [
      '--simulate',
      '400',
      '--mode',
      'reduced',
      '--particles',
      '100',
      '--realizations',
      '8',
      '--workers',
      '1',
    ];
    const { read, status } = await written('solve', ...model, ...simulate);
    expect(status).toBe(0);
    const points = lines(read('solve.csv'))
      .filter((row) => row.startsWith('reduced,'))
      .map((row) => row.split(',').map(Number));
    expect(points).toHaveLength(10);
    const [, d, time, m, mError] = points.at(-1)!;
    expect([d, time]).toEqual([400, 0]);
    expect(Math.abs(m! - 1.27754)).toBeLessThan(5 * mError! + 0.01);
    const { simulations, record } = JSON.parse(read('solve.json')) as {
      simulations: { d: number; m: { mean: number } }[];
      record: { seed: number };
    };
    expect(simulations).toMatchObject([{ d: 400, m: { mean: m } }]);
    expect(record.seed).toBe(1);
  });

  it.each([
    [['--alpha', 'infinity', '--simulate', '16'], '--alpha must be finite in a simulation'],
    [['--alpha', '0.5', '--steps', '20'], '--steps must be given with --simulate'],
    [['--alpha', '0.5', '--mode', 'full'], '--mode must be given with --simulate'],
  ])('solve %j is refused', async (args, message) => {
    const { status, stderr } = await cliHere('solve', '--w', '1', '--sigma2', '0.25', ...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('simulate: the recorded series with its errors; without --times the moments at the data and no figure', async () => {
    const small = [
      '--d',
      '8',
      ...model,
      '--particles',
      '20',
      '--realizations',
      '3',
      '--steps',
      '10',
      '--workers',
      '1',
    ];
    const series = await written('simulate', ...small, '--times', '0.2,1,0');
    expect(series.names).toEqual(['simulate.csv', 'simulate.html', 'simulate.json']);
    const { series: rows } = JSON.parse(series.read('simulate.json')) as {
      series: { time: number; v: { mean: number; standardError: number } }[];
    };
    const table = lines(series.read('simulate.csv'));
    expect(table[0]).toMatch(/^time,m,mError,q,qError,v,vError,/);
    expect(
      table
        .slice(1)
        .map((row) => row.split(',').map(Number))
        .map((row) => [row[0], row[5], row[6]]),
    ).toEqual(rows.map(({ time, v }) => [time, v.mean, v.standardError]));
    const plain = await written('simulate', ...small);
    expect(plain.names).toEqual(['simulate.csv', 'simulate.json']);
    expect(lines(plain.read('simulate.csv'))).toHaveLength(2);
  });

  it('transition --w: the rows are those of single coefficients, as arrays, table, CSV and figure', async () => {
    const range = ['transition', '--w', '-1,0,1', '--alpha', '0.5', '--sigma2', '0.25'];
    const { read, names, stdout, stderr } = await written(...range);
    expect(names).toEqual(['transition.csv', 'transition.html', 'transition.json']);
    const one = await jsonHere('transition', '--w', '1', '--alpha', '0.5', '--sigma2', '0.25');
    const table = JSON.parse(read('transition.json')) as Record<string, unknown[]>;
    expect(table['w']).toEqual([-1, 0, 1]);
    for (const key of ['criticalAlpha', 'bracket', 'bracketPhases', 'speciationTime', 'r', 'phase'])
      expect(table[key]?.[2], key).toEqual(one[key]);
    expect(table['criticalAlpha']?.[0]).toBeNull();
    expect(stderr).toContain('note: w = -1: no class rate reaches the phase of the guided class');
    expect(stdout.split('\n')[0]).toMatch(/w +critical alpha +speciated at +unspeciated at +speciation time/);
    const csv = lines(read('transition.csv'));
    expect(csv).toHaveLength(4);
    expect(csv[3]!.split(',').slice(0, 2).map(Number)).toEqual([1, one['criticalAlpha']]);
    // The line of the figure has points of its own where it bends.
    expect(read('transition.html')).toContain('critical class rate α<sub>c</sub>(w)');
  });

  it('phase-diagram: the critical rate of each row in the CSV, and a line that is finer than the grid', async () => {
    const { read } = await written('phase-diagram', '--alpha', '0.5,1', '--w', '0,2', '--sigma2', '0.25');
    const rows = lines(read('phase-diagram.csv')).map((row) => row.split(','));
    const { criticalAlpha } = JSON.parse(read('phase-diagram.json')) as { criticalAlpha: number[] };
    expect(rows[0]!.at(-1)).toBe('criticalAlpha');
    expect(rows.slice(1).map((row) => Number(row.at(-1)))).toEqual([0, 0, 1, 1].map((i) => criticalAlpha[i]));
    const [, spec] = /<script type="application\/json" id="figure-spec">(.*?)<\/script>/s.exec(
      read('phase-diagram.html'),
    )!;
    const { data } = JSON.parse(spec!) as { data: { name?: string; y?: number[] }[] };
    const line = data.find(({ name }) => name?.startsWith('critical class rate') === true)!;
    expect(line.y!.length).toBeGreaterThan(6);
  });
});

describe('named figures of another problem', () => {
  it('options take the place of those of the command, and of those that say the same', () => {
    const args = ['schedule', 'design', '--alpha', '0.45', '--scale', '2', '--sampler', 'ode'];
    expect(changed(args, { alpha: '0.3', w: '-0.5', eta: '1', tMax: '3' })).toEqual(
      'schedule design --alpha 0.3 --w -0.5 --eta 1 --t-max 3'.split(' '),
    );
  });

  it('draws them, and records the command', async () => {
    const change = ['--sigma2', '0.5', '--process', 'flow', '--panels', 'a'];
    const drawn = await written('figures', '--only', 'potential', '--format', 'csv,html,npz', ...change);
    expect(drawn.names).toEqual(['figures.json', 'potential.csv', 'potential.html', 'potential.npz']);
    expect(drawn.read('potential.html')).toContain(
      'cfg-dmft report --sigma2 0.5 --process flow --only potential',
    );
    // Times of the process flow end at 1.
    const times = lines(drawn.read('potential.csv'))
      .slice(1)
      .map((row) => Number(row.split(',')[1]));
    expect(Math.max(...times)).toBeLessThan(1);
  });

  it.each([
    [
      ['--only', 'validity,potential', '--alpha', '0.5'],
      '--alpha must be given for figures whose command has it, which report (potential) has not, got "0.5"',
    ],
    [['--only', 'potential', '--sigma2', '0'], '--sigma2 must be a finite number > 0, got 0'],
    [['--sigma2', '0.5'], '--out must be given with --only'],
    [['--colours', 'grey'], '--colours must be given with --only, got "grey"'],
  ])('%j is refused', async (args, message) => {
    const { status, stderr } = await cliHere('figures', ...args, '--out', path.join(root, 'refused'));
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
