import { ParameterError } from '../../numerics/checks.ts';
import type { ByteSource } from './bytes.ts';
import type { Latents } from './latents.ts';

/** Names of a column of labels. */
const labelNames = ['label', 'labels', 'class', 'target', 'y'];
const partBytes = 2 ** 20;
const heldRows = 512;

/**
 * Latents in a table of comma-separated values with a header: the labels in a column called label, labels, class, target or y, numbers in
 * all others. Quotes are not taken.
 */
export function scanCsv(bytes: ByteSource, name: string): Latents {
  const first = linesOf(bytes).next();
  const header = first.done === true ? [] : first.value.split(',').map((one) => one.trim());
  const column = header.findIndex((one) => labelNames.includes(one.toLowerCase()));
  if (column < 0 || header.length < 2)
    throw new ParameterError(
      'file',
      'a .npy, .npz or .csv of latents, the .csv with a header and a column label',
      name,
    );
  const dimension = header.length - 1;
  return {
    dimension,
    scan(visit) {
      const values = new Float64Array(heldRows * dimension);
      let labels: string[] = [];
      let number = 0;
      for (const line of linesOf(bytes)) {
        number++;
        if (number === 1 || line.trim() === '') continue;
        const cells = line.split(',');
        if (cells.length !== header.length)
          throw new ParameterError(
            'file',
            `a table of ${header.length} columns`,
            `line ${number} of ${name} with ${cells.length}`,
          );
        let at = labels.length * dimension;
        cells.forEach((cell, i) => {
          const text = cell.trim();
          // An empty cell is a missing number, not 0.
          if (i !== column) values[at++] = text === '' ? NaN : Number(text);
        });
        labels.push(cells[column]!.trim());
        if (labels.length === heldRows) {
          visit(values, labels, labels.length);
          labels = [];
        }
      }
      if (labels.length > 0) visit(values, labels, labels.length);
    },
  };
}

/** The lines of a text, without their ends. */
function* linesOf(bytes: ByteSource): Generator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for (let at = 0; at < bytes.size; at += partBytes) {
    const length = Math.min(partBytes, bytes.size - at);
    rest += decoder.decode(bytes.read(at, length), { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  if (rest !== '') yield rest.replace(/\r$/, '');
}
