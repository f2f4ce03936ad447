import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = path.resolve('notebooks');
const results = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-notebooks-'));
afterAll(() => {
  rmSync(results, { recursive: true });
});

interface Output {
  readonly output_type: string;
  readonly text?: string | readonly string[];
  readonly data?: Record<string, unknown>;
}

interface Cell {
  readonly cell_type: string;
  readonly outputs?: readonly Output[];
}
const cells = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as { cells: Cell[] }).cells;
const notebooks = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));

describe('notebooks, executed from scratch by nbconvert with the Deno kernel', () => {
  it('there are some', () => {
    expect(notebooks.length).toBeGreaterThan(0);
  });

  // What a cell prints last may come after Deno's kernel has said that it is idle, and is then lost: tried again.
  const options = { retry: 3 };
  it.each(notebooks)(
    '%s runs without an error and gives the outputs that are stored with it',
    options,
    (name) => {
      const { status, stderr } = spawnSync(
        'jupyter-nbconvert',
        [
          '--to',
          'notebook',
          '--execute',
          '--ExecutePreprocessor.kernel_name=deno',
          '--ExecutePreprocessor.timeout=300',
          '--output-dir',
          results,
          name,
        ],
        {
          cwd: folder,
          encoding: 'utf8',
          env: {
            ...process.env,
            PATH: `${folder}/node_modules/.bin:${process.env['PATH'] ?? ''}`,
            JUPYTER_PATH: `${folder}/jupyter`,
            // Deno colours what it prints wherever FORCE_COLOR is set, whatever its value.
            NO_COLOR: '1',
            FORCE_COLOR: undefined,
            DENO_NO_UPDATE_CHECK: '1',
          },
        },
      );
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      const executed = cells(path.join(results, name));
      const stored = cells(path.join(folder, name));
      const outputs = executed.flatMap((cell) => cell.outputs ?? []);
      expect(outputs.some((output) => output.output_type === 'error')).toBe(false);
      expect(outputs.some((output) => output.data?.['image/svg+xml'] !== undefined)).toBe(true);
      // What a cell prints may arrive in one piece or in several: joined, it must be the text that is stored.
      const printed = (list: readonly Cell[]) =>
        list.map((cell) =>
          (cell.outputs ?? []).map((output) => [output.text ?? ''].flat().join('')).join(''),
        );
      expect(printed(executed)).toEqual(printed(stored));
      const shown = (list: readonly Cell[]) =>
        list.map((cell) =>
          (cell.outputs ?? [])
            .filter((output) => output.output_type !== 'stream')
            .map((output) => output.data),
        );
      expect(shown(executed)).toEqual(shown(stored));
    },
  );
});
