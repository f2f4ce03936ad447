// $...$ and $$...$$ as on GitHub, set by KaTeX while the site is built: pages carry HTML and MathML, no script.
import katex from 'katex';

/** Source of the maths that begins at a position of a text, or null: { tex, display, end }. */
export function mathsAt(text, start) {
  const display = text.startsWith('$$', start);
  const fence = display ? '$$' : '$';
  const from = start + fence.length;
  if (!display && /\s/.test(text[from] ?? ' ')) return null;
  for (let at = text.indexOf(fence, from); at >= 0; at = text.indexOf(fence, at + 1)) {
    if (text[at - 1] === '\\' || at === from) continue;
    if (!display && (/\s/.test(text[at - 1]) || /\d/.test(text[at + 1] ?? ''))) continue;
    return { tex: text.slice(from, at), display, end: at + fence.length };
  }
  return null;
}

/** @param tex what KaTeX cannot set fails the build */
function typeset(tex, display) {
  return katex.renderToString(tex, {
    displayMode: display,
    throwOnError: true,
    strict: 'error',
    trust: false,
  });
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

/** A formula as text: its signs, in their order. */
export function textOfMaths(tex) {
  return katex
    .renderToString(tex, { output: 'html', throwOnError: true, strict: 'error', trust: false })
    .replace(/<[^>]*>/g, '')
    .replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole)
    .replaceAll('\u200b', '')
    .trim();
}

/**
 * Adds the rules to a markdown-it. With `plainMaths` in its environment (search index) maths stays TeX, but in headings, which
 * the search and the outline show, it is text.
 */
export function maths(markdown) {
  markdown.core.ruler.push('maths-of-headings', (state) => {
    state.tokens.forEach((token, i) => {
      if (state.tokens[i - 1]?.type !== 'heading_open') return;
      for (const child of token.children ?? []) if (child.type === 'math_inline') child.meta.heading = true;
    });
  });
  markdown.inline.ruler.before('escape', 'maths', (state, silent) => {
    if (state.src[state.pos] !== '$') return false;
    const found = mathsAt(state.src, state.pos);
    if (found === null) return false;
    if (!silent) {
      const token = state.push('math_inline', 'math', 0);
      token.content = found.tex;
      token.meta = { display: found.display };
    }
    state.pos = found.end;
    return true;
  });
  // Vue drops a line break between two elements, such as two formulas; a blank it keeps.
  markdown.renderer.rules.softbreak = () => ' ';
  markdown.renderer.rules.math_inline = (tokens, index, options, environment) => {
    const { content, meta } = tokens[index];
    const plain = meta.heading === true ? markdown.utils.escapeHtml(textOfMaths(content)) : null;
    if (environment?.plainMaths === true) return plain ?? markdown.utils.escapeHtml(content);
    const html = typeset(content, meta.display);
    // The outline leaves out what has this class, and takes the hidden text.
    if (plain !== null) return `<span v-pre class="ignore-header">${html}</span><span hidden>${plain}</span>`;
    return meta.display ? `<span v-pre class="display-maths">${html}</span>` : `<span v-pre>${html}</span>`;
  };
}

/** Paragraphs that begin with **(label)**: the label becomes an anchor, eq-label, and stands beside the equation. */
export function equationLabels(markdown) {
  markdown.core.ruler.push('equation-labels', (state) => {
    state.tokens.forEach((token, i) => {
      if (token.type !== 'inline' || state.tokens[i - 1]?.type !== 'paragraph_open') return;
      const [open, text, close] = (token.children ?? []).filter(
        ({ type, content }) => type !== 'text' || content !== '',
      );
      if (open?.type !== 'strong_open' || close?.type !== 'strong_close') return;
      const label = /^\(([\w-]+)\)$/.exec(text?.content ?? '')?.[1];
      if (label === undefined) return;
      const shown = token.children.some(({ type, meta }) => type === 'math_inline' && meta.display);
      state.tokens[i - 1].attrJoin('class', shown ? 'equation' : 'labelled');
      open.attrSet('id', `eq-${label}`);
      open.attrSet('class', 'equation-label');
    });
  });
}
