import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openResultFolder } from '../../../src/cli/terminal/resultFolder.ts';
import { program } from './run.ts';

const home = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-result-'));
afterAll(() => {
  rmSync(home, { recursive: true });
});
let count = 0;
const fresh = () => path.join(home, String((count += 1)), 'deep');
const solve = ['solve', '--alpha', '0.5', '--w', '1', '--sigma2', '0.25'];

describe('a result folder', () => {
  it('takes all files of a run or none, and is removed if it was made for nothing', () => {
    const directory = fresh();
    const folder = openResultFolder(directory, ['a', 'b'], false);
    writeFileSync(path.join(directory, 'b'), 'of another run');
    expect(folder.write({ a: '1', b: '2' })).toEqual([]);
    expect(folder.failure).toMatch(/^no files written to .*another run has written b/);
    folder.close();
    expect(readdirSync(directory)).toEqual(['b']);
    expect(readFileSync(path.join(directory, 'b'), 'utf8')).toBe('of another run');

    const unused = fresh();
    openResultFolder(unused, ['a'], false).close();
    expect(existsSync(path.dirname(unused))).toBe(false);
  });

  it('can be opened by one run at a time, unless by force or after a run that was killed', () => {
    const directory = fresh();
    const first = openResultFolder(directory, ['a'], false);
    expect(() => openResultFolder(directory, ['b'], false)).toThrow(
      /out must be a folder that no other run writes to, got .*; if process .* is gone, delete \.cfg-dmft\.run/,
    );
    openResultFolder(directory, ['b'], true).close();
    first.close();
    const claim = path.join(directory, '.cfg-dmft.run');
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    mkdirSync(directory, { recursive: true });
    writeFileSync(claim, `${hostname()} ${gone}`);
    openResultFolder(directory, ['a'], false).close();
    expect(existsSync(claim)).toBe(false);
    writeFileSync(claim, 'elsewhere 1');
    expect(() => openResultFolder(directory, ['a'], false)).toThrow(/process elsewhere 1/);
  });

  it('refuses a folder by the name of a file even by force, and cleans what a killed run has left', () => {
    const directory = fresh();
    mkdirSync(path.join(directory, 'a'), { recursive: true });
    expect(() => openResultFolder(directory, ['a'], true)).toThrow(
      /out must be a folder without the folder a/,
    );
    writeFileSync(path.join(directory, 'b.123.part'), 'half');
    writeFileSync(path.join(directory, 'mine.123.part'), 'half');
    openResultFolder(directory, ['b'], false).close();
    expect(readdirSync(directory).sort()).toEqual(['a', 'mine.123.part']);
  });

  it.skipIf(process.platform !== 'linux')('below /proc is refused at once', () => {
    expect(() => openResultFolder('/proc/x/y', ['a'], false)).toThrow(
      'out must be a folder that can be written to (ENOENT), got "/proc/x/y"',
    );
  });
});

describe.skipIf(process.platform !== 'linux')('where there is no room', () => {
  const limited = (command: string, line = solve) =>
    spawnSync('bash', ['-c', `ulimit -f 8; exec "$0" "$@" ${command}`, process.execPath, program, ...line], {
      encoding: 'utf8',
    });

  it('for the files: the result is on stdout, one line says so, nothing is half-written, exit code 1', () => {
    const directory = fresh();
    const { status, stdout, stderr } = limited(`--trajectory 900 --out ${directory}`);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^m +1\.27754/m);
    expect(stderr).toMatch(
      /^error: no files written to .* \(EFBIG\): free space there, or give another --out\n$/,
    );
    expect(existsSync(path.dirname(directory))).toBe(false);
  });

  it('for stdout: one line says so, the files are written all the same, exit code 1', () => {
    const directory = fresh();
    // It writes no page, which would not fit.
    const small = ['transition', '--w', '1', '--sigma2', '0.25'];
    const full = limited(`--out ${directory} > /dev/full`, small);
    expect(full.status).toBe(1);
    expect(full.stderr).toContain('error: the result could not be written to standard output (ENOSPC)\n');
    expect(readdirSync(directory)).toEqual(['transition.json']);
    // A file that takes a part of it: 8 kB.
    const cut = limited(`--trajectory 900 --json > ${path.join(home, 'cut')}`);
    expect(cut.status).toBe(1);
    expect(cut.stderr).toBe('error: the result could not be written to standard output (EFBIG)\n');
  });
});

describe('a terminal that is closed', () => {
  it('ends a simulation with its checkpoint written and the command that resumes', async () => {
    const file = path.join(home, 'hangup');
    const model = ['--d', '16', '--alpha', '0.6', '--w', '1', '--sigma2', '0.25', '--particles', '4096'];
    const child = spawn(process.execPath, [
      program,
      'simulate',
      ...model,
      '--workers',
      '1',
      '--checkpoint',
      file,
    ]);
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGHUP');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(130);
    expect(said).toMatch(/^interrupted: what was finished is kept; resume with: cfg-dmft simulate --d 16/);
  });
});
