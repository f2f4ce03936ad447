// What a line must not break: short inline code, which browsers break at its dashes, and a short formula with the
// punctuation behind it.
const longestCode = 24;
const longestFormula = 40;

/** Short inline code gets a class. */
export function unbrokenCode(markdown) {
  const { code_inline: render } = markdown.renderer.rules;
  markdown.renderer.rules.code_inline = (tokens, index, ...rest) => {
    if (tokens[index].content.length <= longestCode) tokens[index].attrJoin('class', 'unbroken');
    return render(tokens, index, ...rest);
  };
}

/** Short formulas keep the punctuation that follows them. */
export function unbrokenFormulas(markdown) {
  const { math_inline: render } = markdown.renderer.rules;
  markdown.renderer.rules.math_inline = (tokens, index, ...rest) => {
    const html = render(tokens, index, ...rest);
    const { content, meta } = tokens[index];
    const next = tokens[index + 1];
    const mark = next?.type === 'text' ? (/^[.,;:)?!]+/.exec(next.content)?.[0] ?? '') : '';
    if (meta.display || mark === '' || content.length > longestFormula) return html;
    next.content = next.content.slice(mark.length);
    return `<span class="unbroken">${html}${mark}</span>`;
  };
}
