import { ParameterError } from '../../numerics/checks.ts';

/** An array of numbers in a message: base64 of little-endian float64, row by row. */
interface WrittenArray {
  readonly $array: string;
  readonly shape: readonly number[];
}

/** A number that JSON has no word for. */
const special: Readonly<Record<string, number>> = { infinity: Infinity, '-infinity': -Infinity, nan: NaN };

const bytesOfNumber = 8;

/** Writing of values in answers. */
export interface Writing {
  /** Lists of numbers as `$array`, with NaN for null. */
  readonly arrays: 'base64' | 'lists';
  /** Infinity and NaN as `$number`; otherwise they are null, as in every document. */
  readonly special: boolean;
}

/** A value of JSON that is ready to be sent. */
export function written(value: unknown, how: Writing): unknown {
  if (typeof value === 'number') return writtenNumber(value, how);
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const list = Array.from(value as ArrayLike<unknown>);
    const array = how.arrays === 'base64' ? numericArray(list) : null;
    return array ?? list.map((entry) => written(entry, how));
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, written(entry, how)]));
}

function writtenNumber(value: number, how: Writing): unknown {
  if (Number.isFinite(value)) return value;
  if (!how.special) return null;
  return { $number: Number.isNaN(value) ? 'nan' : value > 0 ? 'infinity' : '-infinity' };
}

/** A rectangular list of numbers and nulls as an array; null for any other list. */
function numericArray(list: readonly unknown[]): WrittenArray | null {
  const shape: number[] = [];
  for (let level: unknown = list; isList(level); level = level[0]) shape.push(level.length);
  const size = shape.reduce((product, length) => product * length, 1);
  if (size === 0) return null;
  const numbers = new DataView(new ArrayBuffer(size * bytesOfNumber));
  let at = 0;
  const fill = (entry: unknown, depth: number): boolean => {
    if (depth < shape.length) {
      return (
        isList(entry) &&
        entry.length === shape[depth] &&
        Array.from(entry).every((one) => fill(one, depth + 1))
      );
    }
    if (typeof entry !== 'number' && entry !== null) return false;
    numbers.setFloat64(at, entry ?? NaN, true);
    at += bytesOfNumber;
    return true;
  };
  if (!fill(list, 0)) return null;
  return { $array: Buffer.from(numbers.buffer).toString('base64'), shape };
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || ArrayBuffer.isView(value);

/**
 * A value of a request with its arrays as Float64Array, or lists of them, and its numbers that JSON has no word for.
 * @param name of the parameter, for refusals
 * @throws ParameterError for an array that is none
 */
export function readValue(name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry, i) => readValue(`${name}[${i}]`, entry));
  if ('$array' in value) return readArray(name, value as WrittenArray);
  if ('$number' in value) return readSpecial(name, value.$number);
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, readValue(`${name}.${key}`, entry)]),
  );
}

function readSpecial(name: string, word: unknown): number {
  const value = typeof word === 'string' && Object.hasOwn(special, word) ? special[word] : undefined;
  if (value === undefined) throw new ParameterError(name, `one of ${Object.keys(special).join(', ')}`, word);
  return value;
}

function readArray(name: string, { $array, shape }: WrittenArray): unknown {
  if (typeof $array !== 'string' || !isShape(shape)) {
    const condition = 'an array: base64 of little-endian float64 in $array, its lengths in shape';
    throw new ParameterError(name, condition, { $array, shape });
  }
  const bytes = Buffer.from($array, 'base64');
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== size * bytesOfNumber) {
    throw new ParameterError(
      name,
      `an array of ${size * bytesOfNumber} bytes, as its shape says`,
      bytes.length,
    );
  }
  const numbers = Float64Array.from({ length: size }, (_, i) => bytes.readDoubleLE(i * bytesOfNumber));
  return nested(numbers, shape);
}

function isShape(shape: unknown): shape is readonly number[] {
  return Array.isArray(shape) && shape.length > 0 && shape.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function nested(numbers: Float64Array, [length, ...below]: readonly number[]): unknown {
  if (below.length === 0) return numbers;
  const size = numbers.length / length!;
  return Array.from({ length: length! }, (_, i) => nested(numbers.subarray(i * size, (i + 1) * size), below));
}
