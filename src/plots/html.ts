import type { FigureCell, FigureTable } from './figure.ts';

/** Text as HTML text or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A value as JSON that can stand inside a script element: no `<` is left that could close it. NaN and infinities become null. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/**
 * JavaScript source that can stand inside a script element. `<` of a closing tag or a comment can only stand in a
 * string, a regular expression or a template there, where \x3c means the same.
 */
export function scriptSource(source: string): string {
  return source.replace(/<(?=\/script|!--|script)/gi, '\\x3c');
}

/** A link target that holds a file's text. */
export function dataUri(mediaType: string, text: string): string {
  return `data:${mediaType};charset=utf-8,${encodeURIComponent(text).replaceAll("'", '%27')}`;
}

/** A table with a header row, the first column of words as row headers. Numbers show six digits; the CSV has them all. */
export function htmlTable(table: FigureTable, caption: string): string {
  const head = table.columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const body = table.rows.map((row) => `<tr>${row.map(htmlCell).join('')}</tr>`).join('\n');
  return (
    '<div class="scroll" tabindex="0"><table>' +
    `<caption>${escapeHtml(caption)}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody></table></div>`
  );
}

function htmlCell(cell: FigureCell, column: number): string {
  if (typeof cell === 'string') {
    const text = escapeHtml(cell);
    return column === 0 ? `<th scope="row">${text}</th>` : `<td>${text}</td>`;
  }
  if (cell === null || !Number.isFinite(cell)) return '<td class="number">–</td>';
  return `<td class="number">${String(Number(cell.toPrecision(6))).replace('-', '−')}</td>`;
}
