import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseBytes } from '../../../src/cli/frame/simulation.ts';
import { cliHere, jsonHere, type Run } from './inProcess.ts';
import { cli, json, program } from './run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-simulate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const small =
  'simulate --d 10 --alpha 0.4 --w 1 --sigma2 0.25 --eta 1 --particles 100 --realizations 3 --steps 10 --backend plain'.split(
    ' ',
  );
/** Seconds of work for one thread, in tasks of a fraction of a second. */
const long =
  'simulate --d 12 --alpha 0.5 --w 1 --sigma2 0.25 --particles 250 --realizations 4 --steps 20 --backend plain'.split(
    ' ',
  );

/** Enough classes for several to share, with the engine that this machine offers. */
const many =
  'simulate --d 20 --classes 20000 --w 1 --sigma2 0.25 --particles 40 --realizations 2 --steps 5'.split(' ');

/** The result without what it cost. */
function resultOf(document: Record<string, unknown>): Record<string, unknown> {
  const costs = 'record,seconds,pairsPerSecond,pairsEvaluated,workers,resumed,share,centres,centresBytes';
  return Object.fromEntries(Object.entries(document).filter(([key]) => !costs.includes(key)));
}

/** Result of `small` on one thread. */
const smallResult = resultOf(await jsonHere(...small, '--workers', '1'));

function cliWith(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  return { status, stdout, stderr };
}

/** Starts a simulation and signals it as soon as its checkpoint holds something. */
async function interrupted(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL', file: string, args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args, '--checkpoint', file]);
  let stderr = '';
  let stdout = '';
  child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
  child.stdout.on('data', (data: Buffer) => (stdout += String(data)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const before = finishedIn(file);
  while (child.exitCode === null && finishedIn(file) <= before) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill(signal);
  return { code: await ended, stderr, stdout };
}

function finishedIn(file: string): number {
  return existsSync(file) ? readFileSync(file, 'latin1').split('"kind":"finished"').length - 1 : 0;
}

describe('simulate --checkpoint', () => {
  it('interrupted by SIGINT, SIGTERM and a kill, resumed with other numbers of workers: the same bits', async () => {
    const whole = await jsonHere(...long, '--workers', '2');
    const file = path.join(folder, 'long');
    const first = await interrupted('SIGINT', file, [...long, '--workers', '2']);
    expect(first).toMatchObject({ code: 130, stdout: '' });
    expect(first.stderr).toBe(
      `interrupted: what was finished is kept; resume with: cfg-dmft ${long.join(' ')} --workers 2 --checkpoint ${file}\n`,
    );
    const second = await interrupted('SIGTERM', file, [...long, '--workers', '1']);
    expect(second).toMatchObject({ code: 130, stdout: '' });
    const third = await interrupted('SIGKILL', file, [...long, '--workers', '3']);
    expect(third).toMatchObject({ code: null, stdout: '' });
    const kept = finishedIn(file);
    expect(kept).toBeGreaterThanOrEqual(3);
    const resumed = json(...long, '--workers', '3', '--checkpoint', file);
    expect(resultOf(resumed)).toEqual(resultOf(whole));
    expect(resumed['resumed']).toBeGreaterThan(0);
    expect(resumed['resumed']).toBeLessThan(1);
    expect(resultOf(await jsonHere(...long, '--checkpoint', file))).toEqual(resultOf(whole));
    expect(readdirSync(folder).filter((name) => name !== 'long' && !name.includes('.part'))).toEqual([]);
  });

  it('refuses a damaged file, one of another simulation, and one that is something else: exit 2, one line, file untouched', async () => {
    const file = path.join(folder, 'whole');
    expect((await cliHere(...small, '--checkpoint', file)).status).toBe(0);
    const content = readFileSync(file);
    const flipped = Buffer.from(content);
    flipped[100]! ^= 16;
    const refused = async (bytes: Buffer, args: readonly string[], line: RegExp) => {
      writeFileSync(file, bytes);
      const { status, stdout, stderr } = await cliHere(...args, '--checkpoint', file);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toMatch(line);
      expect(readFileSync(file).equals(bytes)).toBe(true);
    };
    const whole = /--checkpoint must be a whole checkpoint/;
    await refused(flipped, small, whole);
    await refused(content.subarray(0, 100), small, whole);
    await refused(Buffer.alloc(0), small, whole);
    await refused(Buffer.from('{"m": 1}'), small, whole);
    await refused(content, [...small, '--seed', '2'], /its options.seed is 1, here it is 2/);
    await refused(content, small.with(6, '2'), /its problem.guidance.w is 1, here it is 2/);
    await refused(content, small.with(12, '101'), /its options.particles is 100, here it is 101/);
  });

  it('goes on from a file that a crash has cut short in its last line: a note, and the same bits', async () => {
    const file = path.join(folder, 'torn');
    const whole = await cliHere(...small, '--checkpoint', file, '--json');
    const content = readFileSync(file);
    writeFileSync(file, content.subarray(0, content.length - 40));
    const again = await cliHere(...small, '--checkpoint', file, '--json');
    expect(again.status).toBe(0);
    expect(again.stderr).toBe(
      'note: the end of the checkpoint is damaged: what was written last is done again\n',
    );
    const parsed = ({ stdout }: { stdout: string }) =>
      resultOf(JSON.parse(stdout) as Record<string, unknown>);
    expect(parsed(again)).toEqual(parsed(whole));
  });
});

describe('workers of simulate', () => {
  const separate = json(...many, '--workers', '2', '--share', 'particles');

  it('1, 2 and 3 give the same bits', () => {
    for (const workers of ['2', '3'])
      expect(resultOf(json(...small, '--workers', workers))).toEqual(smallResult);
  });

  it('each with its particles, sharing the classes, or making them at every pass: the same bits', async () => {
    expect(separate).toMatchObject({ share: 'particles', centres: 'memory', workers: 2 });
    for (const args of [
      ['--workers', '2', '--share', 'classes'],
      ['--workers', '3', '--share', 'classes', '--classes-from', 'stream'],
      ['--workers', '1', '--classes-from', 'stream'],
      ['--workers', '2', '--memory-limit', '1MB'],
    ]) {
      // One thread does what this one does.
      const document = args[1] === '1' ? await jsonHere(...many, ...args) : json(...many, ...args);
      expect(resultOf(document), args.join(' ')).toEqual(resultOf(separate));
      expect(document['centres']).toBe(args[3] === 'classes' && args.length === 4 ? 'memory' : 'stream');
    }
  });

  it('one of several that share the classes dies while the others wait for it: the same bits', () => {
    const { status, stdout, stderr } = cliWith(
      { CFG_DMFT_TEST_CRASH: '1:0:1' },
      ...many,
      ...['--workers', '2', '--share', 'classes', '--json'],
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/^note: a worker died: it ended with code 3; another takes its place.*\n$/);
    expect(resultOf(JSON.parse(stdout) as Record<string, unknown>)).toEqual(resultOf(separate));
  });

  it('one that dies is reported, its task done again, the result the same', () => {
    const { status, stdout, stderr } = cliWith(
      { CFG_DMFT_TEST_CRASH: '1:32:1' },
      ...small,
      '--workers',
      '2',
      '--json',
    );
    expect(status).toBe(0);
    expect(stderr).toBe(
      'note: a worker died: it ended with code 3; another takes its place and does its task again\n',
    );
    expect(resultOf(JSON.parse(stdout) as Record<string, unknown>)).toEqual(smallResult);
  });

  it('one that dies twice over the same task stops the run: exit 1, one line, what was finished is kept', async () => {
    const file = path.join(folder, 'crashed');
    const { status, stdout, stderr } = cliWith(
      { CFG_DMFT_TEST_CRASH: '2:64:2' },
      ...small,
      '--workers',
      '2',
      '--checkpoint',
      file,
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.split('\n').slice(1)).toEqual([
      'error: a worker died again: it ended with code 3; try fewer --workers',
      '',
    ]);
    expect(finishedIn(file)).toBeGreaterThan(0);
    const resumed = await jsonHere(...small, '--checkpoint', file);
    expect(resumed['resumed']).toBeGreaterThan(0);
    expect(resultOf(resumed)).toEqual(smallResult);
  });
});

describe('what simulate prints', () => {
  it('a series at --times in the order given, each with its own numbers, and histograms', async () => {
    const simulate = (times: string) =>
      jsonHere(...small, '--times', times, '--histogram', 'm:0:2:8', '--histogram', 'v:0:1:4');
    const document = await simulate('0.3,1,0');
    type Row = { time: number; m: { mean: number }; v: { mean: number } };
    const series = document['series'] as Row[];
    expect(series.map(({ time }) => time)).toEqual([0.3, 1, 0]);
    expect(series[2]!.m).toEqual(document['m']);
    const inOrder = (await simulate('1,0.3,0'))['series'] as Row[];
    expect(inOrder).toEqual([1, 0.3, 0].map((time) => series.find((row) => row.time === time)));
    // Noise leaves as the data come nearer: the variance of the process at time t is 1 - (1 - v) e^(-2t), unguided.
    const variances = inOrder.map(({ v }) => v.mean);
    expect(variances).toEqual([...variances].sort((a, b) => b - a));
    expect(new Set(variances).size).toBe(3);
    const histograms = document['histograms'] as { observable: string; counts: number[] }[];
    expect(histograms.map(({ observable, counts }) => [observable, counts.length])).toEqual([
      ['m', 8],
      ['v', 4],
    ]);
    expect(document).toMatchObject({ backend: 'plain', share: 'particles', resumed: 0 });
  });

  it('one realisation: errors over its particles, and says so', async () => {
    const single = [...small];
    single[single.indexOf('--realizations') + 1] = '1';
    const { stdout, stderr } = await cliHere(...single);
    expect(stdout).toMatch(/mean \+- error over particles\nm +[\d.]+ \+- [\d.]+\n/);
    expect(stderr).toContain('errors are those over its particles');
    const { m } = (await jsonHere(...single)) as {
      m: { standardError: number | null; particleError: number };
    };
    expect(m.standardError).toBeNull();
    expect(m.particleError).toBeGreaterThan(0.001);
  });

  it('guidance at which the error of the steps has no estimate: one note', async () => {
    const strong = 'simulate --d 8 --alpha 0.5 --w 1e4 --sigma2 0.25 --particles 20 --realizations 2'.split(
      ' ',
    );
    const { status, stdout, stderr } = await cliHere(...strong);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\nsteps +\d+, .*, error unknown\n/);
    expect(stderr).toBe(
      'note: the error of the time steps is unknown: its estimate leaves the range of numbers; compare with twice the --steps\n',
    );
  });

  it('a runtime without SIMD falls back to the plain engine, says so, and gives its numbers', async () => {
    // Without a compiler of its own V8 has no WebAssembly at all.
    const few = [...small.slice(0, -2), '--particles', '8', '--steps', '4', '--json', '--backend'];
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--jitless', program, ...few, 'auto'], {
      encoding: 'utf8',
      env: { ...process.env, CFG_DMFT_NATIVE: '0' },
    });
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/note: no SIMD in this runtime: the plain engine is used/);
    const parsed = JSON.parse(stdout) as Record<string, unknown>;
    expect(resultOf(parsed)).toEqual(resultOf(await jsonHere(...few, 'plain')));
  });

  it('two classes need no --alpha; their overlap is -1 unless it is given', async () => {
    const two = 'simulate --mode two-class --d 12 --w 1 --sigma2 0.25 --particles 200 --realizations 2'.split(
      ' ',
    );
    const document = await jsonHere(...two, '--steps', '20');
    expect(document).toMatchObject({ classes: 2, backend: null, pairsPerSecond: null, timeSteps: 20 });
    expect(resultOf(await jsonHere(...two, '--steps', '20', '--centre-overlap', '-1'))).toEqual(
      resultOf(document),
    );
    const nearer = await jsonHere(...two, '--steps', '20', '--centre-overlap', '0.5');
    expect(nearer['m']).not.toEqual(document['m']);
    expect((await cliHere(...two, '--centre-overlap', '1')).stderr).toMatch(
      /--centre-overlap must be in \[-1, 1\)/,
    );
  });

  it('a table of a few aligned lines; progress and notes on stderr', async () => {
    const { stdout, stderr } = await cliHere(...small, '--progress');
    expect(stdout).toMatch(/^at the data +mean \+- standard error\nm +1\.\d+ \+- 0\.\d+\n/);
    expect(stdout).toMatch(/\nspeed +[\d.]+ \w+ pairs\/s, plain\npairs looked at +100 %\n$/);
    expect(stderr).toMatch(/^full simulation\nfull simulation \d+ %/);
  });
});

describe('misuse of simulate: exit 2, one line that names the option', () => {
  /** One starts the program; the others run in this process. */
  const bad: readonly [readonly string[], RegExp, Run?][] = [
    [['--steps', '5', '--tolerance', '0.01'], /--tolerance must be given without --steps/, cli],
    [['--tolerance', '2'], /--tolerance must be/],
    [['--memory-limit', '5XB'], /--memory-limit must be a size such as .*, got "5XB"/],
    [
      ['--memory-limit', '1kB', '--classes-from', 'memory'],
      /--classes must be at most .* 1000 bytes.*stream/,
    ],
    [['--histogram', 'm:0:2'], /--histogram must be observable:from:to:bins/],
    [['--histogram', 'z:0:2:9'], /--histogram must be one of m, q/],
    [['--histogram', 'm:2:0:9'], /--histogram must be a range with to > from/],
    [['--histogram', 'm:0:2:0.5'], /--histogram must be of an integer number of bins/],
    [['--times', '-1'], /--times must be in \[0, /],
    [['--times', '1,50'], /--times must be in \[0, /],
    [['--times', '1,1'], /--times must be different times/],
    [['--mode', 'reduced', '--share', 'classes'], /--share must be particles or auto/],
    [['--mode', 'two-class'], /--alpha must be given without --mode two-class/],
    [['--mode', 'two-class', '--classes', '3'], /--classes must be 2 in --mode two-class/],
    [['--skip-tolerance', '-1'], /--skip-tolerance must be in/],
    [['--skip-tolerance', '1'], /--skip-tolerance must be in/],
    [['--centre-overlap', '0'], /--centre-overlap must be given with --mode two-class/],
    [['--method', 'ddpm'], /--eta must be 1 with the method ddpm/],
    [['--backend', 'gpu'], /--backend/],
    [['--classes-from', 'disk'], /--classes-from/],
    [['--share', 'all'], /--share/],
    [['--checkpoint', ''], /--checkpoint must be the path of a file/],
    [['--checkpoint', '/dev/null/file'], /--checkpoint must be a file that can be/],
  ];

  it.each(bad)('%j', async (args, line, run = cliHere) => {
    const without = '--d 8 --alpha 0.4 --w 1 --sigma2 0.25'.split(' ');
    const { status, stdout, stderr } = await run('simulate', ...without, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(line);
  });
});

describe('sizes in bytes', () => {
  it('with decimal and binary units, or none', () => {
    const texts = ['1', '1500', '500MB', '2 gb', '1GiB', '1.5KiB', '10B', '0.5tb'];
    expect(texts.map((text) => parseBytes('x', text))).toEqual([1, 1500, 5e8, 2e9, 2 ** 30, 1536, 10, 5e11]);
    for (const text of ['', 'MB', '-1', '1e9', '0', '1.2.3', '5 m', 'Infinity', '0.1', '1e99GB']) {
      expect(() => parseBytes('x', text), text).toThrow(/x must be a size/);
    }
  });
});
