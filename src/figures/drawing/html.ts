import type { FigureTable } from './figure.ts';

/** Text as HTML text or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A value as JSON that is safe inside a script element: no `<` is left that could close it. NaN and infinities become null. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/**
 * JavaScript source that is safe inside a script element. The `<` of a closing tag or a comment can only occur in a
 * string, a regular expression or a template there, where \x3c is equivalent.
 */
export function scriptSource(source: string): string {
  return source.replace(/<(?=\/script|!--|script)/gi, '\\x3c');
}

/** A link target that holds a file's text. */
export function dataUri(mediaType: string, text: string): string {
  return `data:${mediaType};charset=utf-8,${encodeURIComponent(text).replaceAll("'", '%27')}`;
}

/** Look of a table. */
export interface TableLook {
  /** Words that are shown as a mark where they fill a cell. */
  readonly marks?: Readonly<Record<string, MarkKind>>;
  /** Digits that numbers show, by column (default six); files have them all. */
  readonly digits?: Readonly<Record<string, number>>;
  /** Anchors on the page that the row headers lead to, one per row. */
  readonly anchors?: readonly string[];
}

/** Meaning of a mark, shown by a colour and a sign besides its word. */
export type MarkKind = 'good' | 'bad' | 'open';

/** Characters from which on a row header is a sentence, which gets some width. */
const longName = 24;

/** A table with a header row, the first column of words as row headers. */
export function htmlTable(table: FigureTable, caption: string, look: TableLook = {}): string {
  const { columns, rows } = table;
  const hasLongNames = rows.some(([first]) => typeof first === 'string' && first.length > longName);
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const body = rows
    .map((row, i) => {
      const cells = row.map((cell, j) =>
        typeof cell === 'string'
          ? wordCell(cell, j, look, look.anchors?.[i])
          : numberCell(cell, look.digits?.[columns[j]!] ?? 6),
      );
      return `<tr>${cells.join('')}</tr>`;
    })
    .join('\n');
  return (
    `<div class="scroll" tabindex="0"><table${hasLongNames ? ' class="wordy"' : ''}>` +
    `<caption><span>${escapeHtml(caption)}</span></caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody></table></div>`
  );
}

/** A word, marked if it is one of those to be marked. */
export function markedWord(word: string, marks: Readonly<Record<string, MarkKind>>): string {
  const kind = marks[word];
  return kind === undefined ? escapeHtml(word) : `<span class="mark mark-${kind}">${escapeHtml(word)}</span>`;
}

function wordCell(
  word: string,
  column: number,
  { marks = {} }: TableLook,
  anchor: string | undefined,
): string {
  const text = markedWord(word, marks);
  if (column > 0) return `<td>${text}</td>`;
  const linked = anchor === undefined ? text : `<a href="#${escapeHtml(anchor)}">${text}</a>`;
  return `<th scope="row">${linked}</th>`;
}

function numberCell(value: number | null, digits: number): string {
  if (value === null || !Number.isFinite(value)) return '<td class="number">–</td>';
  return `<td class="number">${String(Number(value.toPrecision(digits))).replace('-', '−')}</td>`;
}
