import { ParameterError } from '../../numerics/checks.ts';

/** Bytes that can be read in parts: a file, or an array in memory. */
export interface ByteSource {
  readonly size: number;
  /** The bytes [offset, offset + length), which lie inside. The array may be used again by the next call. */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes in memory. @throws ParameterError unless they are a Uint8Array @example memoryBytes(readFileSync('latents.npz')) */
export function memoryBytes(bytes: Uint8Array): ByteSource {
  if (!(bytes instanceof Uint8Array)) throw new ParameterError('bytes', 'a Uint8Array', bytes);
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** The part [offset, offset + size) of a source. */
export function partOf(source: ByteSource, offset: number, size: number): ByteSource {
  return { size, read: (from, length) => source.read(offset + from, length) };
}

/** {@link ByteSource.read}, refusing what lies beyond the end. @throws ParameterError that calls the file truncated */
export function readInside(source: ByteSource, name: string, offset: number, length: number): Uint8Array {
  if (offset + length > source.size)
    throw new ParameterError(
      'file',
      `complete (${name} is truncated: ${offset + length} bytes are due)`,
      `${source.size} bytes`,
    );
  return source.read(offset, length);
}
