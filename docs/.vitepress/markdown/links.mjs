// Links as they are written for a reader of the repository, turned into links of the site.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

/** README.md of a folder is its index; files outside the site (source, notebooks) have no page: their text stays. */
export function siteLinks(docs) {
  return (markdown) => {
    markdown.core.ruler.push('site-links', (state) => {
      const file = state.env.realPath ?? state.env.path;
      if (typeof file !== 'string') return;
      for (const { children } of state.tokens)
        if (children !== null) rewrite(children, path.dirname(file), docs);
    });
  };
}

function rewrite(tokens, folder, docs) {
  let outside = false;
  for (const token of tokens) {
    if (token.type === 'link_close' && outside) {
      Object.assign(token, { type: 'link_close', tag: 'span' });
      outside = false;
    }
    if (token.type !== 'link_open') continue;
    const [target = '', hash = ''] = (token.attrGet('href') ?? '').split(/(?=#)/);
    if (target === '' || /^[a-z]+:/.test(target)) continue;
    const file = path.resolve(folder, decodeURI(target));
    if (path.relative(docs, file).startsWith('..')) {
      Object.assign(token, { type: 'outside_open', tag: 'span', attrs: null });
      outside = true;
    } else if (existsSync(file) && statSync(file).isDirectory())
      token.attrSet('href', `${target.replace(/\/$/, '')}/index.md${hash}`);
    else token.attrSet('href', target.replace(/(^|\/)README\.md$/, '$1index.md') + hash);
  }
}
