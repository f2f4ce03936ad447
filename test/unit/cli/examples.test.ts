import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  columnsWithoutUnits,
  helpExamples,
  missingNumbers,
  otherExamples,
  slowExamples,
  writingTo,
} from './examples.ts';
import { cliHere } from './inProcess.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-examples-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const examples = await helpExamples();
const quick = examples.filter(({ name }) => ![...slowExamples, ...otherExamples].includes(name));

describe('examples of the help', () => {
  it('every one states what it prints, or is run by a test of its own', () => {
    const names = examples.map(({ name }) => name);
    for (const name of [...slowExamples, ...otherExamples]) expect(names).toContain(name);
    for (const { name, lines, result } of examples) {
      expect(lines[0]!.join(' ')).toMatch(new RegExp(`^${name}`));
      if (!otherExamples.includes(name)) expect(result, name).not.toBe('');
    }
  });

  it.each(quick)(
    '$name prints the numbers that it states, and writes columns with units',
    async (example) => {
      let printed = '';
      const own = path.join(folder, example.name);
      for (const args of example.lines) {
        const { status, stdout } = await cliHere(...writingTo(own, example, args));
        expect(status).toBe(0);
        printed += stdout;
      }
      expect(missingNumbers(example, printed)).toEqual([]);
      expect(columnsWithoutUnits(own)).toEqual([]);
    },
  );

  it('a number that is not printed is found, to its last digit', () => {
    const example = {
      name: 'x',
      lines: [['x', '--w', '1']],
      result: 'w 1: m 1.2775, v 0.052(15), 16 %, -3',
      hasTable: false,
    };
    expect(missingNumbers(example, 'm 1.27754, 0.052(16), 16 %, d3 -3')).toEqual(['1.2775', '0.052(15)']);
    expect(missingNumbers(example, 'm 1.2775 0.052(15) 16 -3.')).toEqual([]);
  });
});
