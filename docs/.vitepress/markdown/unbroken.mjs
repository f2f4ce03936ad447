// What a line must not break: short inline code and names of options, which browsers break at their dashes, and a short
// formula with the punctuation behind it.
const longestCode = 24;
const longestFormula = 40;

const optionName = /(?<![\w-])--[a-z][\w-]*/g;
const whole = (html) => html.replace(optionName, '<span class="unbroken">$&</span>');

/** Short inline code gets a class; in longer code and in text the names of options do. */
export function unbrokenCode(markdown) {
  const { code_inline: code, text } = markdown.renderer.rules;
  markdown.renderer.rules.code_inline = (tokens, index, ...rest) => {
    if (tokens[index].content.length > longestCode) return whole(code(tokens, index, ...rest));
    tokens[index].attrJoin('class', 'unbroken');
    return code(tokens, index, ...rest);
  };
  markdown.renderer.rules.text = (tokens, index, ...rest) => whole(text(tokens, index, ...rest));
}

/** Short formulas keep the punctuation that follows them. */
export function unbrokenFormulas(markdown) {
  const { math_inline: render } = markdown.renderer.rules;
  markdown.renderer.rules.math_inline = (tokens, index, ...rest) => {
    const html = render(tokens, index, ...rest);
    const { content, meta } = tokens[index];
    const next = tokens[index + 1];
    const mark = next?.type === 'text' ? (/^[.,;:)?!]+/.exec(next.content)?.[0] ?? '') : '';
    if (meta.display || meta.heading === true || mark === '' || content.length > longestFormula) return html;
    next.content = next.content.slice(mark.length);
    return `<span class="unbroken">${html}${mark}</span>`;
  };
}
