/**
 * Plain data as one line of printable ASCII text and back, exactly: JSON with typed arrays in base64 (little-endian
 * bytes) and the numbers that JSON cannot say (NaN, infinities, -0) by name. Plain data are null, booleans, numbers,
 * text, typed arrays, and arrays and objects of plain data; keys whose value is undefined are omitted.
 */

const arrayTypes = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
} as const;

type ArrayName = keyof typeof arrayTypes;

const specialNumbers: Readonly<Record<string, number>> = {
  NaN,
  Infinity,
  '-Infinity': -Infinity,
  '-0': -0,
};

/**
 * Text of plain data.
 * @throws TypeError for anything else: functions, dates, maps, keys that begin with $
 */
export function plainDataText(value: unknown): string {
  return JSON.stringify(packed(value)).replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Plain data from its text. @throws Error if it is not the text of any */
export function parsePlainData(text: string): unknown {
  return unpacked(JSON.parse(text));
}

function packed(value: unknown): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { $number: '-0' };
    return Number.isFinite(value) ? value : { $number: String(value) };
  }
  if (Array.isArray(value)) return value.map(packed);
  if (ArrayBuffer.isView(value)) {
    const name = value.constructor.name;
    if (!(name in arrayTypes)) throw new TypeError(`${name} is not plain data`);
    return { $array: name, bytes: base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  }
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value) as null)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => {
          if (key.startsWith('$')) throw new TypeError(`the key ${key} is not plain data`);
          return [key, packed(item)];
        }),
    );
  }
  throw new TypeError(`a ${typeof value} is not plain data`);
}

function unpacked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(unpacked);
  const { $number, $array, bytes } = value as { $number?: string; $array?: string; bytes?: string };
  if ($number !== undefined) {
    const number = specialNumbers[$number];
    if (number === undefined) throw new SyntaxError(`no number is called ${$number}`);
    return number;
  }
  if ($array !== undefined) {
    const type = arrayTypes[$array as ArrayName] as (typeof arrayTypes)[ArrayName] | undefined;
    if (type === undefined || bytes === undefined) throw new SyntaxError(`no array is called ${$array}`);
    return new type(bytesOf(bytes).buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpacked(item)]));
}

/** Bytes turned into text at a time: an argument list has a limit. */
const portion = 8192;

function base64(bytes: Uint8Array): string {
  const parts = [];
  for (let at = 0; at < bytes.length; at += portion) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + portion)));
  }
  return btoa(parts.join(''));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
