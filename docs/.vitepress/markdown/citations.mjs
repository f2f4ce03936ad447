// Equations that are cited by their label, "(eq. flow-entropy)" or "(flow-entropy)", become links to them.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The page of each label, as an address of the site. */
function labelledPages(docs) {
  const pages = new Map();
  for (const name of readdirSync(path.join(docs, 'theory'), { recursive: true })) {
    if (!name.endsWith('.md')) continue;
    const text = readFileSync(path.join(docs, 'theory', name), 'utf8');
    for (const [, label] of text.matchAll(/\*\*\(([\w-]+)\)\*\*/g)) pages.set(label, `/theory/${name}`);
  }
  return pages;
}

// A label without a dash may be a word of the text unless "eq." stands before it.
const citation = /\beq\. ([\w-]+)|(?<=\()([a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?=[),])/g;

/** @param docs folder of the site */
export function equationCitations(docs) {
  const pages = labelledPages(docs);
  return (markdown) => {
    markdown.core.ruler.push('equation-citations', (state) => {
      for (const token of state.tokens) {
        if (token.type === 'inline') token.children = linked(token.children, pages, state.Token);
      }
    });
  };
}

function linked(tokens, pages, Token) {
  let inside = 0;
  return tokens.flatMap((token) => {
    if (/^(link|strong)_open$/.test(token.type)) inside++;
    if (/^(link|strong)_close$/.test(token.type)) inside--;
    return token.type === 'text' && inside === 0 ? pieces(token, pages, Token) : [token];
  });
}

function pieces(token, pages, Token) {
  const found = [];
  let end = 0;
  const text = (from, to) => {
    const piece = new Token('text', '', 0);
    piece.content = token.content.slice(from, to);
    return piece;
  };
  for (const match of token.content.matchAll(citation)) {
    const label = match[1] ?? match[2];
    if (!pages.has(label)) continue;
    const open = new Token('link_open', 'a', 1);
    open.attrSet('href', `${pages.get(label).replace(/README\.md$/, 'index.md')}#eq-${label}`);
    const after = match.index + match[0].length;
    found.push(text(end, match.index), open, text(match.index, after), new Token('link_close', 'a', -1));
    end = after;
  }
  return found.length === 0 ? [token] : [...found, text(end)];
}
