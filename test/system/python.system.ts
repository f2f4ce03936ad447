import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { blocksOf, printsAsStated, programLines, root } from '../unit/structure/pages.ts';

// Debian's Python, for which Debian has NumPy and pandas.
const python = process.env['PYTHON'] ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3');
const tests = path.join(root, 'test/python');
const scratch = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-python-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function run(
  command: string,
  args: readonly string[],
  environment: Record<string, string> = {},
  cwd = tests,
) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...environment };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** Runs tests of test/python. @param flags of Python */
function unittests(command: string, flags: readonly string[], names: readonly string[], numpy: '0' | '1') {
  const { status, stderr } = run(command, [...flags, '-m', 'unittest', ...names], {
    CFG_DMFT_TEST_NUMPY: numpy,
  });
  expect(status, stderr).toBe(0);
  const [, count] = /^Ran (\d+) tests? in/m.exec(stderr) ?? [];
  expect(Number(count)).toBeGreaterThan(3);
}

/** The oldest and the newest of the other Pythons: on the PATH by version, and those of pyenv. */
function otherPythons(): string[] {
  const versions = path.join(process.env['PYENV_ROOT'] ?? path.join(homedir(), '.pyenv'), 'versions');
  const installed = existsSync(versions) ? readdirSync(versions) : [];
  const candidates = [
    ...['3.9', '3.10', '3.11', '3.12', '3.13', '3.14'].map((version) => `python${version}`),
    ...installed.map((version) => path.join(versions, version, 'bin/python')),
  ];
  const versionOf = (command: string) => {
    const { status, stdout } = run(command, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
    return status === 0 ? stdout.trim() : null;
  };
  const known = new Map([[versionOf(python), python]]);
  for (const candidate of candidates) {
    const version = versionOf(candidate);
    if (version !== null && Number(version.split('.')[1]) >= 9 && !known.has(version))
      known.set(version, candidate);
  }
  const minor = ([version]: [string | null, string]) => Number(version?.split('.')[1]);
  const others = [...known].filter(([, one]) => one !== python).sort((p, q) => minor(p) - minor(q));
  return [...new Set([others[0], others.at(-1)].flatMap((one) => one?.[1] ?? []))];
}

describe('the Python module', () => {
  it('gives the numbers of the command line, with NumPy and pandas', () => {
    unittests(python, ['-W', 'error::ResourceWarning'], ['test_results'], '1');
  });

  it('and without them', () => {
    unittests(python, ['-S'], ['test_results.Results', 'test_results.Batches', 'test_results.Values'], '0');
  });

  it('shares one process between threads, outlives its end, and leaves none behind', () => {
    unittests(python, ['-W', 'error::ResourceWarning'], ['test_server'], '1');
  });

  it('runs under the oldest and the newest other Python that are here', () => {
    for (const other of otherPythons()) {
      unittests(other, ['-S'], ['test_results.Batches', 'test_results.Results'], '0');
    }
  });

  it('is clean under mypy in strict mode, which refuses wrong uses', () => {
    const { status, stdout, stderr } = run('mypy', ['--strict', '--cache-dir', scratch, 'uses.py'], {
      MYPYPATH: path.join(root, 'src/python'),
    });
    expect(stdout + stderr).toMatch(/^Success/);
    expect(status).toBe(0);
  });
});

describe('Python on the pages', () => {
  for (const page of ['docs/how-to/from-python.md', 'docs/how-to/results-in-python.md']) {
    it(`${page} runs, and prints what it says`, () => {
      const all = blocksOf(page);
      const main = path.join(root, 'dist/cli/main.js');
      for (const { content } of all.filter(({ language }) => language === 'sh')) {
        for (const args of programLines(content)) {
          const { status, stderr } = run(process.execPath, [main, ...args], {}, scratch);
          expect(status, stderr).toBe(0);
        }
      }
      const blocks = all.filter(({ language, remark }) => language === 'python' && remark === null);
      expect(blocks.length).toBeGreaterThan(0);
      const script = path.join(scratch, 'page.py');
      const mark = '=== next ===';
      writeFileSync(
        script,
        blocks.map(({ content }) => `${content}\nprint(${JSON.stringify(mark)})\n`).join('\n'),
      );
      const { status, stdout, stderr } = run(
        python,
        [script],
        { PYTHONPATH: path.join(root, 'src/python'), MPLBACKEND: 'Agg' },
        scratch,
      );
      expect(status, stderr).toBe(0);
      const printed = stdout.split(`${mark}\n`);
      blocks.forEach(({ line, output }, i) => {
        if (output !== null)
          expect(printsAsStated(printed[i]!, output), `${page}:${line} prints\n${printed[i]!}`).toBe(true);
      });
    });
  }
});
