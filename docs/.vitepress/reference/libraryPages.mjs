// Pages of the library from its docstrings: one for each entry point of the package.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';

const at = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const root = at('../');
const out = at('reference/library');
const entries = at('reference/entries');

/** Entry points of the package: its own, and the subpaths. */
const parts = Object.entries(JSON.parse(readFileSync(`${root}package.json`, 'utf8')).exports)
  .filter(([, target]) => typeof target !== 'string')
  .map(([subpath, target]) => ({
    id: subpath === '.' ? 'cfg-dmft' : subpath.slice(2),
    specifier: `cfg-dmft${subpath.slice(1)}`,
    source: `${root}${target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`,
  }));

/** The docstring that an entry point opens with, as text. */
function introduction(source) {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(source, 'utf8'))?.[1];
  if (comment === undefined) throw new Error(`${source} does not open with a docstring`);
  return comment
    .replace(/^ *\* ?/gm, '')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .split(/\n@/)[0]
    .trim();
}

rmSync(entries, { recursive: true, force: true });
rmSync(out, { recursive: true, force: true });
mkdirSync(entries, { recursive: true });
for (const { id, source } of parts) {
  const folder = path.relative(entries, path.dirname(source)).replaceAll('\\', '/');
  const exports = readFileSync(source, 'utf8')
    .replace(/^\/\*\*[\s\S]*?\*\//, '')
    .replace(/from '(\.[^']*)'/g, (_, to) => `from '${path.posix.normalize(`${folder}/${to}`)}'`);
  writeFileSync(`${entries}/${id}.ts`, `/** @module ${id} */\n${exports}`);
}
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
  entryPoints: parts.map(({ id }) => `${entries}/${id}.ts`),
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
if (project === undefined) throw new Error('typedoc could not read the entry points');
await application.generateOutputs(project);
if (application.logger.hasErrors()) throw new Error('typedoc failed');
rmSync(entries, { recursive: true });

/** Docstrings are plain text: a < that opens no anchor of typedoc is a sign. Code stays as it is. */
const withoutTags = (text) =>
  text
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((piece, i) => (i % 2 === 1 ? piece : piece.replace(/(?<!\\)<(?!a id="[^"]*">|\/a>)/g, '&lt;')))
    .join('');

for (const { id, specifier, source } of parts) {
  const file = `${out}/${id}.md`;
  const heading = `# ${specifier}\n\n${withoutTags(introduction(source))}`;
  writeFileSync(
    file,
    withoutTags(readFileSync(file, 'utf8')).replace(/^# .*$/m, () => heading),
  );
}
const rows = parts.map(
  ({ id, specifier, source }) =>
    `- [\`${specifier}\`](${id}.md): ${withoutTags(
      introduction(source)
        .split(/:\s|\.\s/)[0]
        .replace(/\s+/g, ' '),
    )}`,
);
writeFileSync(
  path.join(out, 'index.md'),
  ['# Library', '', 'The modules of the package, from the comments of the source.', '', ...rows, ''].join(
    '\n',
  ),
);
console.log(`library: ${parts.length} pages`);
