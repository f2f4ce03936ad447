/** A formula as messages show it: one short line. */
export function formulaExcerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 60)}... (${text.length} characters)` : text;
}
