// Files of the site beside its pages: the explorer, as it was built in the root, scripts of the how-to pages, and the notebooks, with a page that lists them.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const explorer = at('../dist/explorer');
if (!existsSync(`${explorer}/index.html`)) {
  console.error('the explorer is not built: run npm run build in the root of the repository');
  process.exit(1);
}
rmSync(at('public'), { recursive: true, force: true });
cpSync(explorer, at('public/explorer'), { recursive: true });

const scripts = readdirSync(at('how-to')).filter((name) => name.endsWith('.py'));
for (const name of scripts) cpSync(at(`how-to/${name}`), at(`public/how-to/${name}`));

mkdirSync(at('public/notebooks'), { recursive: true });
const notebooks = readdirSync(at('../notebooks')).filter((name) => name.endsWith('.ipynb'));
for (const name of notebooks) cpSync(at(`../notebooks/${name}`), at(`public/notebooks/${name}`));
// Its first section is for readers, the second for writers.
const [about] = readFileSync(at('../notebooks/README.md'), 'utf8').split('\n## ');
mkdirSync(at('reference/notebooks'), { recursive: true });
writeFileSync(
  at('reference/notebooks/index.md'),
  // A download is a link of HTML: the site's own links lead to pages.
  `${about.replace(/\[([\w-]+\.ipynb)\]\([^)]*\)/g, '<a href="../../notebooks/$1" download>$1</a>').trim()}\n`,
);
console.log(`explorer and ${notebooks.length} notebooks`);
