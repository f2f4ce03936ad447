import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  columnsWithoutUnits,
  helpExamples,
  missingNumbers,
  slowExamples,
  writingTo,
} from '../unit/cli/examples.ts';
import { program } from '../unit/cli/run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-examples-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const examples = (await helpExamples()).filter(({ name }) => slowExamples.includes(name));

describe('examples of the help that take seconds', () => {
  it.each(examples)('$name prints the numbers that it states, and writes columns with units', (example) => {
    const own = path.join(folder, example.name);
    const printed = example.lines.map((args) => {
      const line = [program, ...writingTo(own, example, args)];
      const { status, stdout } = spawnSync(process.execPath, line, { encoding: 'utf8' });
      expect(status).toBe(0);
      return stdout;
    });
    expect(missingNumbers(example, printed.join('\n'))).toEqual([]);
    expect(columnsWithoutUnits(own)).toEqual([]);
  });
});
