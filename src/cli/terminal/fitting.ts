/** Characters of a line on stdout: those of the terminal, 80 where the output goes elsewhere. */
export function lineWidth({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number {
  return isTTY && columns > 0 ? columns : 80;
}

/**
 * A result in lines of at most this many characters, as far as its words allow. A table that is wider is folded as by R: its columns stand
 * in several blocks, each with the columns that tell the rows apart. A last column of words is wrapped below itself, and so is a line
 * without columns. Nothing is left out.
 */
export function fitted(text: string, width: number): string {
  const blocks = text.split('\n\n').map((block) => block.split('\n'));
  return blocks.flatMap((lines) => fittedBlock(lines, width)).join('\n\n');
}

/** Lines of one block as one or more blocks. */
function fittedBlock(lines: readonly string[], width: number): string[] {
  if (lines.every(({ length }) => length <= width)) return [lines.join('\n')];
  const columns = columnsOf(lines);
  const { start, cells } = columns.at(-1)!;
  if (columns.length === 1) return [lines.map((line) => wrapped(line, width)).join('\n')];
  const isText =
    cells.some((cell) => / /.test(cell.trim())) &&
    cells.every((cell) => cell === '' || !cell.startsWith(' '));
  if (isText && start <= width - narrowest)
    return [lines.map((line) => wrapped(line, width, start)).join('\n')];
  return folded(columns, width);
}

/** Characters below which words are not set in a column. */
const narrowest = 24;

interface TextColumn {
  readonly start: number;
  /** Cells by line, as wide as the column but for blanks at the end. */
  readonly cells: readonly string[];
  readonly width: number;
}

/** Columns of lines: what stands between the places where two blanks are in every line. */
function columnsOf(lines: readonly string[]): TextColumn[] {
  const length = Math.max(...lines.map((line) => line.length));
  const isBlank = (at: number) => lines.every((line) => (line[at] ?? ' ') === ' ');
  const columns: TextColumn[] = [];
  let start = 0;
  for (let at = 1; at <= length; at++) {
    const isEnd = at === length || (isBlank(at) && isBlank(at + 1));
    if (!isEnd) continue;
    const end = at;
    while (at < length && isBlank(at)) at++;
    columns.push({ start, width: end - start, cells: lines.map((line) => line.slice(start, end).trimEnd()) });
    start = at;
  }
  return columns;
}

/** Columns in blocks that fit, each with the first columns, which tell the rows apart. */
function folded(columns: readonly TextColumn[], width: number): string[] {
  const keys = columns.slice(0, keyCount(columns, width / 2));
  const blocks: TextColumn[][] = [];
  const taken = (block: readonly TextColumn[]) => block.reduce((sum, one) => sum + one.width + 2, -2);
  for (const column of columns.slice(keys.length)) {
    const last = blocks.at(-1);
    if (last !== undefined && taken([...last, column]) <= width) last.push(column);
    else blocks.push([...keys, column]);
  }
  return blocks.map((block) =>
    columns[0]!.cells
      .map((_, row) =>
        block
          .map((one) => one.cells[row]!.padEnd(one.width))
          .join('  ')
          .trimEnd(),
      )
      .join('\n'),
  );
}

/** Number of first columns in which no two rows agree, if they are not too wide; else one. */
function keyCount(columns: readonly TextColumn[], most: number): number {
  const rows = columns[0]!.cells.length;
  for (let count = 1; count < columns.length; count++) {
    const [first, last] = [columns[0]!, columns[count - 1]!];
    if (last.start + last.width - first.start > most) break;
    const keys = first.cells.map((_, row) =>
      columns
        .slice(0, count)
        .map(({ cells }) => cells[row])
        .join('\t'),
    );
    if (new Set(keys).size === rows) return count;
  }
  return 1;
}

/** A line wrapped at its blanks; a value stays with its error. @param from start of the column of words */
function wrapped(line: string, width: number, from = 0): string {
  const indent = ' '.repeat(from > 0 ? from : (/^ +/.exec(line)?.[0].length ?? 4));
  const lines: string[] = [];
  let current = line.slice(0, from);
  let isStart = true;
  for (const word of line.slice(from).split(/(?<=\S)(?<!\+-) (?!\+-)/)) {
    if (!isStart && current.length + 1 + word.length > width) {
      lines.push(current);
      current = `${indent}${word}`;
    } else current += isStart ? word : ` ${word}`;
    isStart = false;
  }
  return [...lines, current].join('\n');
}
