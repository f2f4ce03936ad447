/** A formula as messages show it: one short line, that with its quotes they do not cut. */
export function formulaExcerpt(text: string): string {
  return text.length > 78 ? `${text.slice(0, 50)}... (${text.length} characters)` : text;
}
