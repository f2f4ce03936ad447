import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { ByteSource } from '../latents/reading/bytes.ts';
import { ParameterError } from '../numerics/checks.ts';
import { reasonOf } from './wholeFile.ts';

/** A file that is open for reading in parts. */
export interface FileBytes extends ByteSource {
  close(): void;
}

/**
 * Opens a file to read it in parts, so that it may be larger than memory.
 * @param parameter name used in error messages
 * @throws ParameterError for a file that cannot be read
 * @example openLatents({ name: 'latents.npy', bytes: fileBytes('latents.npy') }, null)
 */
export function fileBytes(file: string, parameter = 'file'): FileBytes {
  let handle: number;
  try {
    // Opening a pipe without a writer would block.
    if (!statSync(file).isFile()) throw Object.assign(new Error(), { code: 'it is no regular file' });
    handle = openSync(file, 'r');
  } catch (error) {
    throw new ParameterError(parameter, `a file that can be read (${reasonOf(error)})`, file);
  }
  let buffer = new Uint8Array(0);
  return {
    size: fstatSync(handle).size,
    read(offset, length) {
      if (buffer.length < length) buffer = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const read = readSync(handle, buffer, done, length - done, offset + done);
        if (read === 0)
          throw new ParameterError(parameter, 'a file that does not change while it is read', file);
        done += read;
      }
      return buffer.subarray(0, length);
    },
    close() {
      closeSync(handle);
    },
  };
}
