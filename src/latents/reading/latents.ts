import { ParameterError, requireKnownKeys, requireMembers } from '../../numerics/checks.ts';
import type { ByteSource } from './bytes.ts';
import { scanCsv } from './csv.ts';
import { isNpy, openNpy, type NpyReader } from './npy.ts';
import { isZip, openNpz } from './npz.ts';

/** Rows of latents as they are read: `values` holds `count` rows of d numbers, and is used again by the next call. */
export type RowVisitor = (values: Float64Array, labels: readonly (string | number)[], count: number) => void;

/** Latents with labels, in a file that is read from beginning to end. */
export interface Latents {
  /** Numbers of a row. */
  readonly dimension: number;
  /** Reads all rows once, in their order. */
  scan(visit: RowVisitor): void;
}

/** A file by name. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: ByteSource;
}

/** Bytes of rows that are held at once. */
const chunkBytes = 8 * 2 ** 20;

/**
 * Opens latents: .npy with labels in a file of their own (.npy or .txt, one a line), .npz with two arrays, .csv with a column `label`. An
 * array of more than two axes is a list of rows as well, its first axis the samples.
 * @param labels file of the labels; not for .csv
 * @throws ParameterError for a file of another kind, or labels that do not fit
 * @example openLatents({ name: 'latents.npz', bytes: memoryBytes(bytes) }, null)
 */
export function openLatents(file: NamedBytes, labels: NamedBytes | null): Latents {
  requireFile('file', file);
  if (labels !== null) requireFile('labels', labels);
  const { name, bytes } = file;
  if (isNpy(bytes)) {
    if (labels === null)
      throw new ParameterError('labels', `a file of labels for ${name}`, 'none', 'give --labels FILE');
    return ofArray(openNpy(bytes, name), name, labelsOf(labels));
  }
  if (isZip(bytes)) {
    const arrays = [...openNpz(bytes, name)].map(([key, open]) => ({ key, array: openNpy(open(), key) }));
    const matrices = arrays.filter(({ array }) => array.shape.length > 1 && !array.isText);
    const vectors = arrays.filter(({ array }) => array.shape.length === 1);
    const keys = arrays.map(({ key }) => key).join(', ');
    if (matrices.length !== 1)
      throw new ParameterError('file', 'an archive with one matrix of latents', `${name} with ${keys}`);
    const { array, key } = matrices[0]!;
    if (labels !== null) return ofArray(array, `${key} of ${name}`, labelsOf(labels));
    if (vectors.length !== 1)
      throw new ParameterError('file', 'an archive with one vector of labels', `${name} with ${keys}`);
    return ofArray(array, `${key} of ${name}`, vectors[0]!.array.labels());
  }
  if (labels !== null) throw new ParameterError('labels', 'a column of the file for .csv', labels.name);
  return scanCsv(bytes, name);
}

function requireFile(parameter: string, file: NamedBytes): void {
  requireMembers(parameter, file, { name: 'text', bytes: 'object' });
  requireKnownKeys(parameter, file, ['name', 'bytes']);
  requireMembers(`${parameter}.bytes`, file.bytes, { size: 'number', read: 'function' });
}

function labelsOf({ name, bytes }: NamedBytes): (string | number)[] {
  if (isNpy(bytes)) return openNpy(bytes, name).labels();
  const lines = new TextDecoder()
    .decode(bytes.read(0, bytes.size))
    .split(/\r?\n/)
    .map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

function ofArray(array: NpyReader, name: string, labels: readonly (string | number)[]): Latents {
  const rows = array.shape[0] ?? 0;
  const dimension = array.shape.slice(1).reduce((product, one) => product * one, 1);
  if (array.shape.length < 2 || rows === 0 || dimension === 0)
    throw new ParameterError('file', 'a matrix of latents, one row a sample', `${name}: ${shapeText(array)}`);
  if (labels.length !== rows)
    throw new ParameterError('labels', `one for each of ${rows} rows`, `${labels.length} labels`);
  const held = Math.max(1, Math.min(rows, Math.floor(chunkBytes / (8 * dimension))));
  return {
    dimension,
    scan(visit) {
      const values = new Float64Array(held * dimension);
      for (let from = 0; from < rows; from += held) {
        const to = Math.min(rows, from + held);
        array.rows(from, to, values);
        visit(values, labels.slice(from, to), to - from);
      }
    },
  };
}

const shapeText = ({ shape }: NpyReader) => `shape (${shape.join(', ')})`;
