import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, root, shellWords } from '../unit/structure/pages.ts';

// Debian's Python, which has the packages.
const python = '/usr/bin/python3';
const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-alpha-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' };
const run = (args: readonly string[]) => spawnSync(python, args, { cwd: folder, env, encoding: 'utf8' });
const blocks = blocksOf('docs/how-to/what-is-my-alpha.md');
const commands = blocks.filter(({ content }) => content.startsWith('python3 '));
const missing = [
  ...(run(['-c', 'import numpy, sklearn']).status === 0 ? [] : ['python3-sklearn']),
  ...(existsSync('/usr/share/datasets/fashion-mnist') ? [] : ['dataset-fashion-mnist']),
];
if (missing.length > 0) process.stdout.write(`alpha: left out, missing ${missing.join(', ')}\n`);

/** Words of a text without its numbers, and the numbers, each with one unit of its last digit. */
function parts(text: string) {
  const pattern = /\d+(?:\.(\d+))?/g;
  return {
    words: text.replace(pattern, '#').replace(/ +/g, ' '),
    numbers: [...text.matchAll(pattern)].map(([digits, decimals = '']) => ({
      value: Number(digits),
      unit: 10 ** -decimals.length,
    })),
  };
}

describe.skipIf(missing.length > 0)('what is my alpha', () => {
  beforeAll(() => {
    cpSync(path.join(root, 'docs/how-to/what_is_my_alpha.py'), path.join(folder, 'what_is_my_alpha.py'));
    const data = blocks.find(({ language }) => language === 'python')!;
    expect(run(['-c', data.content])).toMatchObject({ status: 0, stderr: '' });
  });

  it('has two data sets', () => {
    expect(commands).toHaveLength(2);
  });

  // Sums round differently under another BLAS: one unit of the last digit.
  it.each(commands)('$content prints what the page states', ({ content, output }) => {
    const { status, stdout, stderr } = run(shellWords(content).slice(1));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [printed, stated] = [parts(stdout.trim()), parts(output!.trim())];
    expect(printed.words).toBe(stated.words);
    for (const [i, { value, unit }] of stated.numbers.entries())
      expect(Math.abs(printed.numbers[i]!.value - value), output!).toBeLessThanOrEqual(1.01 * unit);
  });
});
