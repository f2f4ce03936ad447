// Pages of the library from its docstrings: one for each section of src/index.ts, and one for cfg-dmft/threads.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';

const at = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const root = at('../');
const out = at('reference/library');
const entries = at('reference/entries');

/** Sections of src/index.ts: a comment line, then its exports. */
function sections() {
  const found = [];
  for (const line of readFileSync(`${root}src/index.ts`, 'utf8').split('\n')) {
    const title = /^\/\/ (.+)$/.exec(line)?.[1];
    if (title !== undefined) found.push({ title: title.replace(/[,:].*$/, ''), lines: [] });
    else found.at(-1)?.lines.push(line.replace(`'./`, `'../../../src/`));
  }
  const threads = readFileSync(`${root}src/threads/index.ts`, 'utf8').replaceAll(
    `'./`,
    `'../../../src/threads/`,
  );
  found.push({ title: 'Threads', lines: threads.split('\n').filter((line) => line.startsWith('export ')) });
  return found;
}

const idOf = (title) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

rmSync(entries, { recursive: true, force: true });
rmSync(out, { recursive: true, force: true });
mkdirSync(entries, { recursive: true });
const parts = sections();
for (const { title, lines } of parts)
  writeFileSync(`${entries}/${idOf(title)}.ts`, `/** @module ${idOf(title)} */\n${lines.join('\n')}`);
writeFileSync(
  `${entries}/tsconfig.json`,
  JSON.stringify({
    extends: '../../../tsconfig.json',
    compilerOptions: { typeRoots: ['../../../node_modules/@types'] },
    include: ['.', '../../../src/**/*.d.ts'],
    exclude: [],
  }),
);
const application = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: parts.map(({ title }) => `${entries}/${idOf(title)}.ts`),
  tsconfig: `${entries}/tsconfig.json`,
  out,
  router: 'module',
  outputFileStrategy: 'modules',
  readme: 'none',
  disableSources: true,
  excludeInternal: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  entryFileName: 'index',
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  useCodeBlocks: true,
  expandObjects: false,
  validation: { notExported: false, invalidLink: true },
  groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases'],
  logLevel: 'Warn',
});
const project = await application.convert();
if (project === undefined) throw new Error('typedoc could not read src/index.ts');
await application.generateOutputs(project);
if (application.logger.hasErrors()) throw new Error('typedoc failed');
rmSync(entries, { recursive: true });

/** Docstrings are plain text: a < that opens no anchor of typedoc is a sign. Code stays as it is. */
const withoutTags = (text) =>
  text
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((piece, i) => (i % 2 === 1 ? piece : piece.replace(/(?<!\\)<(?!a id="[^"]*">|\/a>)/g, '&lt;')))
    .join('');

for (const { title } of parts) {
  const file = `${out}/${idOf(title)}.md`;
  const text = withoutTags(readFileSync(file, 'utf8')).replace(/^# .*$/m, `# ${title}`);
  writeFileSync(file, text);
}
const rows = parts.map(({ title }) => `- [${title}](${idOf(title)}.md)`);
writeFileSync(
  path.join(out, 'index.md'),
  [
    '# Library',
    '',
    "Everything that `import … from 'cfg-dmft'` gives, and `cfg-dmft/threads` (Node only), from the comments of the source.",
    '',
    ...rows,
    '',
  ].join('\n'),
);
console.log(`library: ${parts.length} pages`);
