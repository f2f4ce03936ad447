import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { npyBytes } from '../../../src/figures/tables/npy.ts';
import { memoryBytes } from '../../../src/latents/reading/bytes.ts';
import { openLatents, type Latents } from '../../../src/latents/reading/latents.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';

/** A file .npy of any dtype, from the bytes of its entries. */
function npyOf(descr: string, shape: string, data: Uint8Array, { isFortran = false, major = 1 } = {}) {
  const header = new TextEncoder().encode(
    `{'descr': '${descr}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': ${shape}, }\n`,
  );
  const prefix = [
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    major,
    0,
    header.length & 0xff,
    header.length >> 8,
  ];
  if (major > 1) prefix.push(0, 0);
  return Uint8Array.from([...prefix, ...header, ...data]);
}

function entries(
  bytes: number,
  values: readonly number[],
  set: (view: DataView, at: number, x: number) => void,
) {
  const view = new DataView(new ArrayBuffer(bytes * values.length));
  values.forEach((value, i) => {
    set(view, i * bytes, value);
  });
  return new Uint8Array(view.buffer);
}

function read(latents: Latents) {
  const { dimension } = latents;
  const rows: number[] = [];
  const labels: (string | number)[] = [];
  latents.scan((values, own, count) => {
    labels.push(...own);
    rows.push(...values.subarray(0, count * dimension));
  });
  return { rows, labels };
}

const named = (name: string, bytes: Uint8Array) => ({ name, bytes: memoryBytes(bytes) });
const numbers = [1, -2, 3.5, 0.25, 1024, -0.5];
const labels = named('labels.npy', npyBytes({ kind: 'text', values: ['cat', 'dog', 'cat'], shape: [3] }));
const f8 = entries(8, numbers, (view, at, x) => {
  view.setFloat64(at, x, true);
});

describe('files .npy', () => {
  it.each([
    ['float64', npyOf('<f8', '(3, 2)', f8)],
    ['float64 of format 2', npyOf('<f8', '(3, 2)', f8, { major: 2 })],
    [
      'float32',
      npyOf(
        '<f4',
        '(3, 2)',
        entries(4, numbers, (view, at, x) => {
          view.setFloat32(at, x, true);
        }),
      ),
    ],
    [
      'big endian',
      npyOf(
        '>f8',
        '(3, 2)',
        entries(8, numbers, (view, at, x) => {
          view.setFloat64(at, x);
        }),
      ),
    ],
    ['more axes', npyOf('<f8', '(3, 1, 2)', f8)],
    [
      'Fortran order',
      npyOf(
        '<f8',
        '(3, 2)',
        entries(8, [1, 3.5, 1024, -2, 0.25, -0.5], (view, at, x) => {
          view.setFloat64(at, x, true);
        }),
        { isFortran: true },
      ),
    ],
    // 1, -2, 3.5, 0.25, 1024, -0.5 in binary16.
    [
      'float16',
      npyOf(
        '<f2',
        '(3, 2)',
        entries(2, [0x3c00, 0xc000, 0x4300, 0x3400, 0x6400, 0xb800], (view, at, x) => {
          view.setUint16(at, x, true);
        }),
      ),
    ],
  ])('%s', (_what, bytes) => {
    expect(read(openLatents(named('x.npy', bytes), labels))).toEqual({
      rows: numbers,
      labels: ['cat', 'dog', 'cat'],
    });
  });

  it('integers, and labels as numbers or lines of text', () => {
    const whole = [1, 200, 3, 4, 5, 255];
    const bytes = npyOf('|u1', '(3, 2)', Uint8Array.from(whole));
    const i8 = npyOf(
      '<i8',
      '(3,)',
      entries(8, [7, -1, 7], (view, at, x) => {
        view.setBigInt64(at, BigInt(x), true);
      }),
    );
    expect(read(openLatents(named('x.npy', bytes), named('y.npy', i8)))).toEqual({
      rows: whole,
      labels: [7, -1, 7],
    });
    const lines = named('y.txt', new TextEncoder().encode('a\r\nb\na\n'));
    expect(read(openLatents(named('x.npy', bytes), lines)).labels).toEqual(['a', 'b', 'a']);
  });

  it.each([
    ['objects', npyOf('|O', '(3, 2)', f8), 'Python objects'],
    ['fewer bytes than its shape', npyOf('<f8', '(3, 2)', f8.subarray(0, 40)), 'truncated'],
    ['a vector', npyOf('<f8', '(3,)', f8), 'shape (3)'],
    ['complex numbers', npyOf('<c16', '(3, 1)', f8), '<c16'],
  ])('with %s are refused', (_what, bytes, words) => {
    expect(() => openLatents(named('x.npy', bytes), labels)).toThrow(words);
    expect(() => openLatents(named('x.npy', bytes), labels)).toThrow(ParameterError);
  });

  it('need labels, one for each row', () => {
    const x = named('x.npy', npyOf('<f8', '(2, 3)', f8));
    expect(() => openLatents(x, null)).toThrow('labels must be a file of labels for x.npy');
    expect(() => openLatents(x, labels)).toThrow('labels must be one for each of 2 rows, got "3 labels"');
  });
});

describe('files .npz', () => {
  const parts = {
    'latents.npy': npyOf('<f8', '(3, 2)', f8),
    'labels.npy': npyBytes({ kind: 'text', values: ['cat', 'dog', 'cat'], shape: [3] }),
  };

  it.each([0, 6] as const)('at compression %d', (level) => {
    const bytes = zipSync(parts, { level });
    expect(read(openLatents(named('x.npz', bytes), null))).toEqual({
      rows: numbers,
      labels: ['cat', 'dog', 'cat'],
    });
  });

  it('that are truncated, or leave open which array is meant, are refused', () => {
    const bytes = zipSync(parts, { level: 0 });
    expect(() => openLatents(named('x.npz', bytes.subarray(0, 150)), null)).toThrow('lacks its directory');
    const two = zipSync({ ...parts, 'other.npy': parts['latents.npy'] });
    expect(() => openLatents(named('x.npz', two), null)).toThrow('one matrix of latents');
  });
});

describe('tables', () => {
  const text = (lines: readonly string[]) => named('x.csv', new TextEncoder().encode(lines.join('\n')));

  it('with labels in any column, longer than what is read at once', () => {
    const lines = Array.from({ length: 90_000 }, (_, n) => `${n},c${n % 3},${-n / 8}`);
    const latents = openLatents(text(['x,Label,y', ...lines]), null);
    expect(latents.dimension).toBe(2);
    let count = 0;
    latents.scan((values, own, many) => {
      for (let n = 0; n < many; n++, count++) {
        if (values[2 * n] !== count || values[2 * n + 1] !== -count / 8 || own[n] !== `c${count % 3}`)
          throw new Error(`row ${count}`);
      }
    });
    expect(count).toBe(90_000);
  });

  it('without labels, or with rows of another length, are refused', () => {
    expect(() => openLatents(text(['x,z', '1,2']), null)).toThrow('a column label');
    const wrong = openLatents(text(['x,label', '1,a', '1,2,a']), null);
    expect(() => read(wrong)).toThrow('line 3 of x.csv with 3');
  });
});
