import { describe, expect, it } from 'vitest';
import { fitted, lineWidth } from '../../../src/cli/terminal/fitting.ts';
import { table } from '../../../src/cli/terminal/output.ts';
import { RandomStream } from '../../../src/numerics/random.ts';

const widest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));
const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

describe('the width of a line', () => {
  it('is that of the terminal, and 80 in a pipe or a terminal that does not say', () => {
    expect(lineWidth({ isTTY: true, columns: 132 })).toBe(132);
    expect(lineWidth({ isTTY: true, columns: 0 })).toBe(80);
    expect(lineWidth({ isTTY: false, columns: 132 })).toBe(80);
  });
});

describe('a result that fits its lines', () => {
  it('is left as it is where it fits, and without a width', () => {
    const text = 'a  b\n1  2\n\na line';
    expect(fitted(text, 6)).toBe(text);
    expect(fitted('x'.repeat(400), Infinity)).toBe('x'.repeat(400));
  });

  it('a table is folded, each block with the column that tells its rows apart', () => {
    const text = table([
      ['id', 'first', 'second', 'third'],
      ['a', '1', '2', '3'],
      ['b', '4', '5', '6'],
    ]);
    expect(fitted(text, 18)).toBe(
      'id  first  second\na       1       2\nb       4       5\n\nid  third\na       3\nb       6',
    );
  });

  it('with as many columns as tell the rows apart, if they leave room', () => {
    const rows = [
      ['x', 'w', 'value', 'error'],
      ['1', '0', '0.5', '0.1'],
      ['1', '2', '0.7', '0.2'],
    ];
    expect(fitted(table(rows), 14)).toBe(
      'x  w  value\n1  0    0.5\n1  2    0.7\n\nx  w  error\n1  0    0.1\n1  2    0.2',
    );
    rows[0]![1] = 'weight';
    expect(fitted(table(rows), 11).split('\n\n').at(-1)).toBe('x  error\n1    0.1\n1    0.2');
  });

  it('random tables lose no cell and stay below the width (200 tables)', () => {
    const stream = new RandomStream(7, 1);
    const cell = () => String(Math.floor(10 ** (6 * stream.nextUniform())));
    for (let i = 0; i < 200; i++) {
      const columns = 2 + Math.floor(12 * stream.nextUniform());
      const rows = Array.from({ length: 3 }, (_, row) =>
        Array.from({ length: columns }, (_none, j) => (j === 0 ? `row${row}` : cell())),
      );
      const shown = fitted(table(rows), 24);
      expect(widest(shown)).toBeLessThanOrEqual(24);
      const blocks = shown.split('\n\n').map((block) => block.split('\n').map(words));
      const joined = rows.map((row, r) => [row[0]!, ...blocks.flatMap((block) => block[r]!.slice(1))]);
      expect(joined).toEqual(rows);
    }
  });

  it('words of a last column are wrapped below themselves', () => {
    const text = 'm        1.2775  overlap with the class centre (1: undistorted)\nKL/d     0.1975  nats';
    expect(fitted(text, 42)).toBe(
      'm        1.2775  overlap with the class\n                 centre (1: undistorted)\nKL/d     0.1975  nats',
    );
  });

  it('a line of words is wrapped with its indent, and a value stays with its error', () => {
    expect(fitted('  one two three', 9)).toBe('  one two\n  three');
    expect(fitted('claim: measured 1.25 +- 0.02 here', 21)).toBe('claim: measured\n    1.25 +- 0.02 here');
  });
});
