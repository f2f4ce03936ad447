import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.resolve('.');
const folder = path.join(root, 'notebooks');
const results = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-notebooks-'));
afterAll(() => {
  rmSync(results, { recursive: true });
});

interface Cell {
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly outputs?: readonly { readonly output_type: string; readonly data?: Record<string, unknown> }[];
}
const notebooks = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
const stored = (name: string) =>
  JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as {
    readonly cells: readonly Cell[];
    readonly metadata: { readonly kernelspec: { readonly name: string } };
  };
const cells = (name: string) => stored(name).cells;
const kernel = (name: string) => stored(name).metadata.kernelspec.name;
const codeCells = (name: string) => cells(name).filter((cell) => cell.cell_type === 'code');

describe('notebooks', () => {
  it('there are six or more, and one for Python', () => {
    expect(notebooks.length).toBeGreaterThanOrEqual(6);
    expect(notebooks.map(kernel)).toContain('python3');
  });

  it('their code is typed as strictly as the library', () => {
    for (const name of notebooks.filter((one) => kernel(one) === 'deno')) {
      const code = codeCells(name).map((cell) => cell.source.join(''));
      // Its imports are relative to notebooks/.
      const text = code.join('\n').replace(/ from '(\.[^']*)'/g, (_whole, from: string) => {
        return ` from '${path.resolve(folder, from)}'`;
      });
      writeFileSync(path.join(results, name.replace('.ipynb', '.ts')), text + '\nexport {};\n');
    }
    const compilerOptions = {
      rewriteRelativeImportExtensions: false,
      typeRoots: [path.join(root, 'node_modules/@types')],
    };
    const include = [path.join(results, '*.ts'), path.join(root, 'src/**/*.d.ts')];
    writeFileSync(path.join(results, 'package.json'), '{ "type": "module" }');
    const config = { extends: path.join(root, 'tsconfig.json'), include, exclude: [], compilerOptions };
    writeFileSync(path.join(results, 'tsconfig.json'), JSON.stringify(config));
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [compiler, '--noEmit', '-p', results], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  it.each(notebooks)('%s: cells of at most 15 lines, pictures as SVG, no errors stored', (name) => {
    const lengths = codeCells(name).map((cell) => cell.source.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(15);
    const outputs = codeCells(name).flatMap((cell) => cell.outputs ?? []);
    expect(outputs.filter((output) => output.output_type === 'error')).toEqual([]);
    expect(outputs.some((output) => output.data?.['image/svg+xml'] !== undefined)).toBe(true);
  });

  it.each(notebooks)(
    '%s, executed from scratch by nbconvert with its kernel, gives the outputs that are stored with it',
    (name) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [path.join(folder, 'execute.mjs'), '--check', name],
        { encoding: 'utf8' },
      );
      expect({ status, stderr, stdout }).toEqual({
        status: 0,
        stderr: '',
        stdout: expect.stringContaining('as stored') as string,
      });
    },
  );
});
