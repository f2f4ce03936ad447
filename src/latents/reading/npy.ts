import { ParameterError } from '../../numerics/checks.ts';
import { readInside, type ByteSource } from './bytes.ts';

/** An array of NumPy that is read in parts. */
export interface NpyReader {
  readonly shape: readonly number[];
  /** True for entries that are text. */
  readonly isText: boolean;
  /** Rows [from, to) of the array seen as shape[0] rows of the product of all other lengths, into `out` row by row. */
  rows(from: number, to: number, out: Float64Array): void;
  /** The entries of a vector as text or numbers: labels. */
  labels(): (string | number)[];
}

type NumberReader = (view: DataView, offset: number, isLittle: boolean) => number;

const numberReaders: Readonly<Record<string, NumberReader>> = {
  f2: (view, offset, isLittle) => halfFloat(view.getUint16(offset, isLittle)),
  f4: (view, offset, isLittle) => view.getFloat32(offset, isLittle),
  f8: (view, offset, isLittle) => view.getFloat64(offset, isLittle),
  i1: (view, offset) => view.getInt8(offset),
  i2: (view, offset, isLittle) => view.getInt16(offset, isLittle),
  i4: (view, offset, isLittle) => view.getInt32(offset, isLittle),
  i8: (view, offset, isLittle) => Number(view.getBigInt64(offset, isLittle)),
  u1: (view, offset) => view.getUint8(offset),
  u2: (view, offset, isLittle) => view.getUint16(offset, isLittle),
  u4: (view, offset, isLittle) => view.getUint32(offset, isLittle),
  u8: (view, offset, isLittle) => Number(view.getBigUint64(offset, isLittle)),
  b1: (view, offset) => view.getUint8(offset),
};

/** Value of 16 bits of IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The first bytes of a file .npy. */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** True for bytes that begin as a file .npy does. */
export function isNpy(source: ByteSource): boolean {
  if (source.size < magic.length) return false;
  const start = source.read(0, magic.length);
  return magic.every((byte, i) => start[i] === byte);
}

/**
 * Opens a file .npy (format 1 to 3): numbers of any kind, truth values, or text; in C or Fortran order, either byte order. It is not read as a
 * whole.
 * @param name of the array, for messages
 * @throws ParameterError for another file, one that is truncated, and objects, which only Python's pickle can read
 */
export function openNpy(source: ByteSource, name: string): NpyReader {
  if (!isNpy(source)) throw new ParameterError('file', 'a file .npy of NumPy', name);
  const major = readInside(source, name, 0, 8)[6]!;
  const isShort = major === 1;
  const prefix = isShort ? 10 : 12;
  const lengths = readInside(source, name, 8, prefix - 8);
  const length = isShort
    ? lengths[0]! + 256 * lengths[1]!
    : new DataView(lengths.buffer, lengths.byteOffset).getUint32(0, true);
  const header = new TextDecoder().decode(readInside(source, name, prefix, length));
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const isFortran = /'fortran_order':\s*True/.test(header);
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (shapeText === undefined) throw new ParameterError('file', 'a file .npy with a header of NumPy', name);
  const shape = shapeText
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(Number);
  if (descr !== undefined && /O/.test(descr))
    throw new ParameterError(
      'file',
      'an array of numbers',
      `${name} holds Python objects`,
      'save it with a dtype of numbers',
    );
  const parts = /^([<>|=])([a-zA-Z])(\d+)$/.exec(descr ?? '');
  const kind = parts === null ? '' : `${parts[2]!}${parts[3]!}`;
  const isText = parts?.[2] === 'U' || parts?.[2] === 'S';
  const readNumber = numberReaders[kind];
  if (parts === null || (readNumber === undefined && !isText))
    throw new ParameterError(
      'file',
      'an array of numbers or texts',
      `${name} of dtype ${descr ?? 'with fields'}`,
    );
  const isLittle = parts[1] !== '>';
  const bytes = parts[2] === 'U' ? 4 * Number(parts[3]) : Number(parts[3]);
  const start = prefix + length;
  const count = shape.reduce((product, one) => product * one, 1);
  if (start + count * bytes > source.size)
    throw new ParameterError(
      'file',
      `complete (${name} is truncated: ${start + count * bytes} bytes are due)`,
      `${source.size} bytes`,
    );
  const total = shape[0] ?? 1;
  const width = total === 0 ? 0 : count / total;
  const readRun = (first: number, many: number, out: Float64Array, at: number, stride: number) => {
    const raw = source.read(start + first * bytes, many * bytes);
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    for (let i = 0; i < many; i++) out[at + i * stride] = readNumber!(view, i * bytes, isLittle);
  };
  return {
    shape,
    isText,
    rows(from, to, out) {
      if (readNumber === undefined)
        throw new ParameterError('file', 'an array of numbers', `${name} of text`);
      if (!isFortran || shape.length < 2) readRun(from * width, (to - from) * width, out, 0, 1);
      // Only matrices: the order of further axes does not matter to a covariance, as long as all rows have the same.
      else for (let j = 0; j < width; j++) readRun(j * total + from, to - from, out, j, width);
    },
    labels() {
      if (!isText) {
        const values = new Float64Array(count);
        readRun(0, count, values, 0, 1);
        return Array.from(values);
      }
      const raw = source.read(start, count * bytes);
      return Array.from({ length: count }, (_, i) =>
        textOf(raw.subarray(i * bytes, (i + 1) * bytes), parts[2] === 'U', isLittle),
      );
    },
  };
}

function textOf(raw: Uint8Array, isWide: boolean, isLittle: boolean): string {
  if (!isWide) return new TextDecoder().decode(raw).replace(/\0+$/, '');
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  let text = '';
  for (let i = 0; i + 4 <= raw.length; i += 4) {
    const point = view.getUint32(i, isLittle);
    if (point === 0) break;
    text += String.fromCodePoint(point);
  }
  return text;
}
