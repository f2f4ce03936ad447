import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openFile } from './browser.ts';

const project = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-pack-'));
const run = (command: string, args: readonly string[], cwd = project) => {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return result.stdout;
};

beforeAll(() => {
  // Without its scripts: they would build dist anew under the tests that run beside this one.
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], process.cwd());
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
  writeFileSync(
    path.join(project, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  );
  run('npm', ['install', '--no-audit', '--no-fund', `./${tarball}`]);
});
afterAll(() => {
  rmSync(project, { recursive: true });
});

describe('the packed package in an empty project', () => {
  it('is well formed (publint), and holds what a user needs: no sources, tests, notebooks or site', () => {
    const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
    run('npm', ['install', '--no-audit', '--no-fund', 'publint@0.3']);
    expect(run('npx', ['publint', tarball, '--strict'])).toMatch(/All good/);
    const folders = readdirSync(path.join(project, 'node_modules/cfg-dmft')).sort();
    expect(folders).toEqual(['CITATION.cff', 'LICENSE', 'README.md', 'dist', 'docs', 'package.json', 'src']);
    expect(readdirSync(path.join(project, 'node_modules/cfg-dmft/src'))).toEqual(['particles', 'python']);
    const docs = readdirSync(path.join(project, 'node_modules/cfg-dmft/docs'));
    expect(docs.filter((name) => !/\.md$|^(how-to|theory|tutorials)$/.test(name))).toEqual([]);
  });

  it('has the command', () => {
    const document = JSON.parse(
      run('npx', ['cfg-dmft', 'solve', '--alpha', '0.5', '--w', '1', '--sigma2', '0.25', '--json']),
    ) as { m: number; record: { gitHash: null } };
    expect(document.m).toBeCloseTo(1.277543408, 8);
    expect(document.record.gitHash).toBeNull();
  });

  it('parses formulas with a parser of its own, without loading all of mathjs', () => {
    const guidance = path.join(project, 'node_modules/cfg-dmft/dist/guidance');
    expect(readFileSync(path.join(guidance, 'parser.js'), 'utf8')).not.toMatch(
      /^(?:import|export .* from) /m,
    );
    expect(readFileSync(path.join(guidance, 'licences.txt'), 'utf8')).toMatch(/^mathjs .*Apache/m);
  });

  it('simulates on worker threads and writes a page with plotly in it', () => {
    run('npx', [
      'cfg-dmft',
      'simulate',
      '--d',
      '8',
      '--alpha',
      '0.4',
      '--w',
      '1',
      '--sigma2',
      '0.25',
      '--particles',
      '20',
      '--realizations',
      '2',
      '--steps',
      '10',
    ]);
    run('npx', [
      'cfg-dmft',
      'phase-diagram',
      '--alpha',
      '0.1:1:4',
      '--w',
      '0,1',
      '--sigma2',
      '0.25',
      '--out',
      'diagram',
    ]);
    expect(readdirSync(path.join(project, 'diagram')).sort()).toEqual([
      'phase-diagram.csv',
      'phase-diagram.html',
      'phase-diagram.json',
    ]);
  });

  it("runs the README's library example, with types", () => {
    const readme = readFileSync('README.md', 'utf8');
    const example = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
    expect(
      example
        .trim()
        .split('\n')
        .filter((line) => line.trim() !== '').length,
    ).toBeLessThanOrEqual(6);
    writeFileSync(path.join(project, 'example.ts'), example);
    const compilerOptions = {
      strict: true,
      target: 'es2022',
      module: 'nodenext',
      lib: ['es2023', 'dom'],
      types: [],
    };
    writeFileSync(
      path.join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['example.ts'] }),
    );
    const compiler = path.resolve('node_modules/typescript/bin/tsc');
    run(process.execPath, [compiler, '-p', project]);
    expect(run(process.execPath, ['example.js']).trim()).toBe('1.277543408 0.159765858');
  });

  it('bundled for a browser: solves the same trajectory there, with no error and no request', async () => {
    run('npm', ['install', '--no-audit', '--no-fund', 'esbuild@0.28.2']);
    const readme = readFileSync('README.md', 'utf8');
    const example = /```ts\n([\s\S]*?)```/
      .exec(readme)![1]!
      .replace(/console\.log\(([^;]*)\);.*/, 'document.title = [$1].join(" ");');
    writeFileSync(path.join(project, 'page.ts'), example);
    run('npx', ['esbuild', 'page.ts', '--bundle', '--minify', '--format=iife', '--outfile=page.js']);
    const script = readFileSync(path.join(project, 'page.js'), 'utf8');
    process.stdout.write(`browser bundle of the example: ${(script.length / 1e3).toFixed(0)} kB\n`);
    expect(script.length).toBeLessThan(150_000);
    // The helper waits for a figure.
    const page =
      '<!doctype html><title></title><div class="js-plotly-plot"><i class="main-svg"></i></div><script src="page.js"></script>';
    writeFileSync(path.join(project, 'page.html'), page);
    const browser = await launch();
    try {
      const opened = await openFile(browser, path.join(project, 'page.html'), 800);
      expect(await opened.page.title()).toBe('1.277543408 0.159765858');
      expect(opened.errors).toEqual([]);
      expect(opened.requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
