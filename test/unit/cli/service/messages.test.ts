import { describe, expect, it } from 'vitest';
import { readValue, written } from '../../../../src/cli/service/arrays.ts';
import { batchColumns, joinBatches } from '../../../../src/cli/service/batch.ts';
import { lineReader } from '../../../../src/cli/service/lines.ts';
import { idOf, plainError, readMessage } from '../../../../src/cli/service/protocol.ts';

const base64 = { arrays: 'base64', special: false } as const;

describe('arrays', () => {
  it('come back as they were sent, each bit of them', () => {
    const numbers = [0, -0, 5e-324, Math.PI, -1.7976931348623157e308];
    const sent = written(numbers, base64) as { $array: string; shape: number[] };
    expect(sent.shape).toEqual([5]);
    expect(sent.$array).toBe(Buffer.from(new Float64Array(numbers).buffer).toString('base64'));
    expect(readValue('x', sent)).toEqual(new Float64Array(numbers));
  });

  it('have a shape, row by row, and NaN for null', () => {
    const sent = written(
      {
        m: [
          [1, null],
          [3, 4],
          [5, 6],
        ],
      },
      base64,
    ) as { m: { shape: number[] } };
    expect(sent.m.shape).toEqual([3, 2]);
    expect(readValue('m', sent)).toEqual({
      m: [new Float64Array([1, NaN]), new Float64Array([3, 4]), new Float64Array([5, 6])],
    });
  });

  it.each([
    ['ragged', [[1, 2], [3]]],
    ['deeper in places', [[1], [[2]]]],
    ['shallower in places', [[[1]], [2]]],
    ['text', [1, 'a']],
    ['flags', [true]],
    ['empty', []],
    ['of empty lists', [[], []]],
  ])('are not made of lists that are %s', (_, list) => {
    expect(Array.isArray(written(list, base64))).toBe(true);
  });

  it('stay lists unless they are asked for', () => {
    expect(written({ m: [1, NaN, Infinity] }, { arrays: 'lists', special: false })).toEqual({
      m: [1, null, null],
    });
  });

  it('leave no number without a word where nulls would be wrong', () => {
    const values = { alpha: Infinity, low: -Infinity, none: NaN, x: 1 };
    const sent = written(values, { arrays: 'lists', special: true });
    expect(sent).toEqual({
      alpha: { $number: 'infinity' },
      low: { $number: '-infinity' },
      none: { $number: 'nan' },
      x: 1,
    });
    expect(readValue('x', sent)).toEqual(values);
  });

  it.each([
    [{ $array: 'AAAA', shape: [1] }, 'x must be an array of 8 bytes, as its shape says, got 3'],
    [{ $array: 'AAAA' }, 'x must be an array: base64'],
    [{ $array: 1, shape: [1] }, 'x must be an array: base64'],
    [{ $array: '', shape: [] }, 'x must be an array: base64'],
    [{ $array: '', shape: [-1] }, 'x must be an array: base64'],
    [{ $number: 'toString' }, 'x must be one of infinity, -infinity, nan, got "toString"'],
  ])('are refused where they are none: %j', (value, message) => {
    expect(() => readValue('x', value)).toThrow(message);
  });
});

describe('lines', () => {
  const read = (most: number, ...pieces: string[]) => {
    const events: string[] = [];
    const reader = lineReader(most, {
      line: (text) => events.push(text),
      tooLong: () => events.push('too long'),
    });
    for (const piece of pieces) reader.take(Buffer.from(piece));
    reader.end();
    return events;
  };

  it('may come in pieces, several in one, the last without its end', () => {
    expect(read(100, '{"a', '": 1}\n{"b": 2}\n\n{"c"', ': "é"}')).toEqual([
      '{"a": 1}',
      '{"b": 2}',
      '{"c": "é"}',
    ]);
  });

  it('too long are told once and read away', () => {
    expect(read(5, 'abcdefgh', 'ijk', 'lm\nabcde\nabcdef\n')).toEqual(['too long', 'abcde', 'too long']);
  });
});

describe('messages', () => {
  it('have defaults', () => {
    expect(readMessage('{"id": "a", "method": "solve"}')).toEqual({
      kind: 'request',
      request: {
        id: 'a',
        method: 'solve',
        params: {},
        batch: null,
        arrays: 'lists',
        progress: false,
        table: false,
      },
    });
    expect(readMessage('{"cancel": 3}')).toEqual({ kind: 'cancel', id: 3 });
  });

  it.each([
    ['nonsense', 'line must be one JSON document, got "nonsense"'],
    ['[1]', 'line must be an object, got [1]'],
    ['null', 'line must be an object, got null'],
    ['{"method": "solve"}', 'id must be a number or a text, got undefined'],
    ['{"id": null, "method": "solve"}', 'id must be a number or a text, got null'],
    ['{"id": 1}', 'method must be a text, got undefined'],
    ['{"id": 1, "method": "solve", "protocol": 2}', 'protocol must be 1, got 2'],
    ['{"id": 1, "method": "solve", "param": {}}', 'line must be a request with keys among'],
    ['{"id": 1, "method": "solve", "params": 3}', 'params must be an object or a list, got 3'],
    ['{"id": 1, "method": "solve", "batch": []}', 'batch must be an object, got []'],
    ['{"id": 1, "method": "solve", "arrays": "npy"}', 'arrays must be one of lists, base64, got "npy"'],
    ['{"id": 1, "method": "solve", "progress": 1}', 'progress must be true or false, got 1'],
    ['{"id": 1, "method": "solve", "table": "yes"}', 'table must be true or false, got "yes"'],
    ['{"cancel": 1, "id": 2}', 'cancel must be the only key, got "id"'],
    ['{"cancel": {}}', 'cancel must be the id of a request'],
  ])('that are none are refused: %s', (line, message) => {
    expect(() => readMessage(line)).toThrow(message);
  });

  it('are refused under their id where it can be read', () => {
    expect(idOf('{"id": 4, "method"')).toBe(null);
    expect(idOf('{"id": 4}')).toBe(4);
    expect(idOf('{"id": [4]}')).toBe(null);
  });
});

describe('a batch', () => {
  const error = plainError('failure', 'no');
  const first = batchColumns(
    { alpha: [1, 2, 3] },
    [
      { m: 1, distortion: { meanShift: 0.5 }, crossings: [{ m: 1 }], record: { problem: 1 } },
      null,
      { m: 3, distortion: null, crossings: [], record: { problem: 3 } },
    ],
    [{ index: 1, error }],
  );

  it('has the options, then the scalars of all runs, nested ones with a dot', () => {
    expect(first).toEqual({
      columns: {
        alpha: [1, 2, 3],
        m: [1, null, 3],
        'distortion.meanShift': [0.5, null, null],
        crossings: [[{ m: 1 }], null, []],
      },
      failures: [{ index: 1, error }],
      record: { problem: 1 },
    });
  });

  it('is joined of its parts, also where one has no run that did not fail', () => {
    const failed = batchColumns({ alpha: [4] }, [null], [{ index: 0, error }]);
    const joined = joinBatches([failed, first]);
    expect(joined.columns).toEqual({
      alpha: [4, 1, 2, 3],
      m: [null, 1, null, 3],
      'distortion.meanShift': [null, 0.5, null, null],
      crossings: [null, [{ m: 1 }], null, []],
    });
    expect(joined.failures.map(({ index }) => index)).toEqual([0, 2]);
    expect(joined.record).toEqual({ problem: 1 });
  });
});
