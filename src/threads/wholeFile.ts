import {
  closeSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Replaces a file by new content such that at any moment, even after a power cut, the file is completely old or completely new.
 * @param parts of the content, one byte per character (Latin-1)
 */
export function writeWhole(file: string, parts: Iterable<string>): void {
  const temporary = `${file}.${process.pid}.part`;
  try {
    const handle = openSync(temporary, 'w');
    try {
      for (const part of parts) writeBytes(handle, part);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(path.dirname(path.resolve(file)));
}

/** Writes all of a text, one byte per character (Latin-1). @param at where in the file (default: where it stands) */
export function writeBytes(handle: number, text: string, at: number | null = null): void {
  const bytes = Buffer.from(text, 'latin1');
  for (let done = 0; done < bytes.length;) {
    done += writeSync(handle, bytes, done, bytes.length - done, at === null ? null : at + done);
  }
}

/** Makes a new name last; not every system can. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    fsyncSync(handle);
    closeSync(handle);
  } catch {
    // The file itself is safe.
  }
}

/**
 * Writes to stdout, all of it. Where stdout is a file, Node takes a write that was cut short (by a full disk, a limit) for a whole one.
 */
export function printWhole(text: string): void {
  if (!fstatSync(1).isFile()) {
    process.stdout.write(text);
    return;
  }
  const bytes = Buffer.from(text, 'utf8');
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
  } catch (error) {
    process.stdout.emit('error', error);
  }
}

/**
 * Content of a file, or null if there is none.
 * @throws the system's error; an Error with a code for anything but a regular file: a device may have no end
 */
export function contentOf(file: string): Buffer | null {
  let handle: number;
  try {
    // Opening a pipe without a writer would block.
    if (!statSync(file).isFile()) throw noFile();
    handle = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}

const mostInput = 2 ** 26;

/**
 * Content of a user's input: a file, or a pipe until it ends.
 * @throws the system's error; an Error with a code for more than 64 MiB: a device may have no end
 */
export function inputOf(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const parts: Buffer[] = [];
    for (let size = 0; size <= mostInput;) {
      const part = Buffer.alloc(2 ** 16);
      const read = readSync(handle, part);
      if (read === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, read));
      size += read;
    }
  } finally {
    closeSync(handle);
  }
  throw Object.assign(new Error(), { code: 'it is longer than 64 MiB' });
}

/** Lines of a file with their ends, one character per byte, or null if there is none. @param size bytes to read (default: all) */
export function linesOf(file: string, size = Infinity): Iterable<string> | null {
  const content = contentOf(file)?.subarray(0, size);
  return content === undefined ? null : split(content);
}

function* split(content: Buffer): Generator<string> {
  for (let from = 0; from < content.length;) {
    const end = content.indexOf(10, from);
    const to = end < 0 ? content.length : end + 1;
    yield content.toString('latin1', from, to);
    from = to;
  }
}

function noFile(): Error {
  return Object.assign(new Error(), { code: 'it is no regular file' });
}

const mostLinks = 40;

/** The file behind symbolic links, whether or not it is there yet: to replace the name would replace the link. */
export function linkTarget(file: string, links = 0): string {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() !== true) return file;
  if (links >= mostLinks) throw Object.assign(new Error(), { code: 'ELOOP' });
  return linkTarget(path.resolve(path.dirname(file), readlinkSync(file)), links + 1);
}

/** Short reason of a failed file operation. */
export function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
