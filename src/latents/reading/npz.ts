import { inflateSync } from 'fflate';
import { ParameterError } from '../../numerics/checks.ts';
import { memoryBytes, partOf, readInside, type ByteSource } from './bytes.ts';

/** Sizes of 4 bytes that stand for one of 8 bytes in the extra field (zip64). */
const elsewhere = 0xffffffff;
const endOfDirectory = 0x06054b50;
const endOfDirectory64 = 0x06064b50;
const locator64 = 0x07064b50;
const longestComment = 65_535;
/** Most bytes of a compressed array, which is inflated in memory. */
const mostInflated = 2 ** 30;

/** True for bytes that begin as a zip archive does. */
export function isZip(source: ByteSource): boolean {
  if (source.size < 4) return false;
  const start = source.read(0, 2);
  return start[0] === 0x50 && start[1] === 0x4b;
}

/**
 * The arrays of a file .npz by name, each opened when it is asked for. Arrays of `np.savez` are read in place; those of `np.savez_compressed`
 * are inflated in memory, up to 1 GiB each.
 * @throws ParameterError for a file that is no archive, is truncated, or holds larger compressed arrays
 */
export function openNpz(source: ByteSource, name: string): ReadonlyMap<string, () => ByteSource> {
  const tail = Math.min(source.size, longestComment + 22);
  const end = viewOf(readInside(source, name, source.size - tail, tail).slice());
  let at = tail - 22;
  while (at >= 0 && end.getUint32(at, true) !== endOfDirectory) at--;
  if (at < 0)
    throw new ParameterError('file', `complete (${name} lacks its directory)`, `${source.size} bytes`);
  let count = end.getUint16(at + 10, true);
  let offset = end.getUint32(at + 16, true);
  if (at >= 20 && end.getUint32(at - 20, true) === locator64) {
    const place = Number(end.getBigUint64(at - 12, true));
    const record = viewOf(readInside(source, name, place, 56).slice());
    if (record.getUint32(0, true) === endOfDirectory64) {
      count = Number(record.getBigUint64(32, true));
      offset = Number(record.getBigUint64(48, true));
    }
  }
  const entries = new Map<string, () => ByteSource>();
  for (let i = 0; i < count; i++) {
    const head = viewOf(readInside(source, name, offset, 46).slice());
    const nameLength = head.getUint16(28, true);
    const extraLength = head.getUint16(30, true);
    const words = readInside(source, name, offset + 46, nameLength + extraLength).slice();
    const entry = new TextDecoder().decode(words.subarray(0, nameLength));
    const sizes = sizesOf(head, viewOf(words.subarray(nameLength)));
    const method = head.getUint16(10, true);
    entries.set(entry.replace(/\.npy$/, ''), () => entryBytes(source, `${entry} of ${name}`, method, sizes));
    offset += 46 + nameLength + extraLength + head.getUint16(32, true);
  }
  return entries;
}

interface EntrySizes {
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

function sizesOf(head: DataView, extra: DataView): EntrySizes {
  let [packed, size, offset] = [head.getUint32(20, true), head.getUint32(24, true), head.getUint32(42, true)];
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const length = extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === 1) {
      let from = at + 4;
      const next = () => {
        from += 8;
        return Number(extra.getBigUint64(from - 8, true));
      };
      if (size === elsewhere) size = next();
      if (packed === elsewhere) packed = next();
      if (offset === elsewhere) offset = next();
    }
    at += 4 + length;
  }
  return { packed, size, offset };
}

function entryBytes(source: ByteSource, name: string, method: number, sizes: EntrySizes): ByteSource {
  const local = viewOf(readInside(source, name, sizes.offset, 30).slice());
  const start = sizes.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + sizes.packed > source.size)
    throw new ParameterError('file', `complete (${name} is truncated)`, `${source.size} bytes`);
  if (method === 0) return partOf(source, start, sizes.size);
  if (method !== 8) throw new ParameterError('file', 'an archive of NumPy', `${name} by method ${method}`);
  if (sizes.size > mostInflated)
    throw new ParameterError(
      'file',
      'compressed arrays of at most 1 GiB',
      `${name} of ${sizes.size} bytes`,
      'save it with np.savez',
    );
  const out = new Uint8Array(sizes.size);
  return memoryBytes(inflateSync(source.read(start, sizes.packed).slice(), { out }));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
