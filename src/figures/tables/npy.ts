/** Entries of an array: numbers (null is NaN), texts (null is empty) or truth values. */
export type NpyEntries =
  | { readonly kind: 'number'; readonly values: readonly (number | null)[] }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }
  | { readonly kind: 'boolean'; readonly values: readonly boolean[] };

/** An array of NumPy: its shape, and its entries with the last index running fastest. A scalar has the shape []. */
export type NpyArray = NpyEntries & { readonly shape: readonly number[] };

/** Bytes of a file .npy (format 1.0): float64, `<U` or bool, little endian. */
export function npyBytes(array: NpyArray): Uint8Array {
  const { descr, data } = encoded(array);
  const shape = array.shape.length === 1 ? `${array.shape[0]!},` : array.shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  // The entries begin at a multiple of 64 bytes, and a newline ends the header.
  const prefix = 10;
  const header = text.padEnd(Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix - 1) + '\n';
  const bytes = new Uint8Array(prefix + header.length + data.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), prefix);
  bytes.set(data, prefix + header.length);
  return bytes;
}

function encoded(array: NpyArray): { readonly descr: string; readonly data: Uint8Array } {
  switch (array.kind) {
    case 'boolean':
      return { descr: '|b1', data: Uint8Array.from(array.values, Number) };
    case 'number': {
      const view = new DataView(new ArrayBuffer(8 * array.values.length));
      array.values.forEach((value, i) => {
        view.setFloat64(8 * i, value ?? NaN, true);
      });
      return { descr: '<f8', data: new Uint8Array(view.buffer) };
    }
    case 'text': {
      // One place of four bytes for each character; NumPy takes none of width 0.
      const texts = array.values.map((value) => Array.from(value ?? '', (letter) => letter.codePointAt(0)!));
      const width = texts.reduce((most, { length }) => Math.max(most, length), 1);
      const view = new DataView(new ArrayBuffer(4 * width * texts.length));
      texts.forEach((letters, i) => {
        letters.forEach((letter, k) => {
          view.setUint32(4 * (i * width + k), letter, true);
        });
      });
      return { descr: `<U${width}`, data: new Uint8Array(view.buffer) };
    }
  }
}
