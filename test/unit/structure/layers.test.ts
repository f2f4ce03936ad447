import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { entryPoints } from './entryPoints.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const source = path.join(root, 'src');

/** Rank of each folder of src: a file imports only from its own folder or from a lower rank. */
const ranks: Readonly<Record<string, number>> = {
  numerics: 0,
  process: 1,
  mixture: 2,
  guidance: 3,
  sampler: 4,
  classifier: 5,
  problem: 6,
  meanfield: 7,
  closedForms: 7,
  particles: 7,
  fewClass: 7,
  design: 8,
  latents: 8,
  finiteSize: 9,
  claims: 10,
  figures: 11,
  images: 12,
  threads: 11,
  public: 13,
  cli: 14,
  explorer: 14,
  // Asks the command line, in another language.
  python: 15,
};
/** Folders that run on Node only. */
const onNode = ['threads', 'images', 'cli'];
const barrel = 'index.ts';
const mostLines = 400;
const forbiddenNames = /^(utils?|helpers?|core|base)$/i;

interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Everything a file names as a module: import and export ... from, import(), import types, and new URL(..., import.meta.url). */
function importsOf(name: string, text: string): Import[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, module: ts.Node): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    // A module that is not a literal cannot be ranked: it is listed by its text, which no rule lets through.
    found.push({ specifier: ts.isStringLiteralLike(module) ? module.text : `(${module.getText()})`, line });
  };
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      add(node, node.moduleSpecifier);
    } else if (ts.isCallExpression(node)) {
      const [argument] = node.arguments;
      const loads =
        node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require';
      if (loads && argument) add(node, argument);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal);
    } else if (ts.isExternalModuleReference(node)) {
      add(node, node.expression);
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
      const [argument, base] = node.arguments ?? [];
      if (argument && base?.getText() === 'import.meta.url') add(node, argument);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** What is wrong with the imports of a file of src (its path relative to src, with /); empty if nothing is. */
function violationsOf(name: string, text: string): string[] {
  const found: string[] = [];
  const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');
  const folder = folderOf(name);
  const rank = ranks[folder];
  if (folder === '' ? name !== barrel : rank === undefined) found.push(`${name}: its folder has no rank`);
  for (const { specifier, line } of importsOf(name, text)) {
    const refuse = (why: string): void => {
      found.push(`${name}:${line} imports ${specifier}: ${why}`);
    };
    if (!specifier.startsWith('.')) {
      const bare = specifier.replace(/^node:/, '');
      const builtin = specifier.startsWith('node:') || builtinModules.includes(bare);
      if (specifier.startsWith('(')) refuse('not a literal');
      if (builtin && !onNode.includes(folder)) refuse(`only ${onNode.join(', ')} touch node:*`);
      if (builtin && !specifier.startsWith('node:')) refuse('built-in modules are written node:*');
      continue;
    }
    // What a compiler made of the C sources stands beside the compiled package.
    if (folder === 'threads' && specifier.endsWith('dist/native/kernel.node')) continue;
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(name), specifier));
    const targetFolder = folderOf(target);
    if (target.startsWith('..')) refuse('outside src');
    else if (targetFolder === '') {
      // The server of the command line hands out the whole library.
      if (folder !== 'cli') refuse('nothing below the barrel imports it');
    } else if (!/\.\w+$/.test(target)) refuse('without its extension');
    else if (targetFolder === folder) continue;
    else if (ranks[targetFolder] === undefined) refuse(`the folder ${targetFolder} has no rank`);
    else if (folder === '') {
      if (ranks[targetFolder] === ranks['cli']) refuse('the faces are not part of the library');
    } else if (ranks[targetFolder] >= (rank ?? -1)) {
      refuse(ranks[targetFolder] === rank ? 'equal ranks never see each other' : 'from a higher rank');
    }
  }
  return found;
}

/** Folders on a circle of imports, or between two circles, each with what it imports there. */
function circlesOf(sources: readonly { readonly name: string; readonly text: string }[]): string[] {
  const imported = new Map<string, Set<string>>();
  for (const { name, text } of sources) {
    const from = path.posix.dirname(name);
    const own = imported.get(from) ?? new Set<string>();
    imported.set(from, own);
    for (const { specifier } of importsOf(name, text)) {
      const to = path.posix.dirname(path.posix.join(from, specifier));
      if (specifier.startsWith('.') && to !== from) own.add(to);
    }
  }
  // A folder that imports from none that is left, or is imported by none, is on no circle.
  for (let left = Infinity; imported.size < left;) {
    left = imported.size;
    for (const [folder, own] of [...imported]) {
      const isImported = [...imported.values()].some((other) => other.has(folder));
      if (!isImported || ![...own].some((other) => imported.has(other))) imported.delete(folder);
    }
  }
  return [...imported].map(
    ([folder, own]) => `${folder} imports ${[...own].filter((other) => imported.has(other)).join(', ')}`,
  );
}

/** Lines of a file (relative to src) that use console outside cli; comments and text do not count. */
function consoleUsesOf(name: string, text: string): string[] {
  if (name.startsWith('cli/')) return [];
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const used = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
    if (used && node.expression.getText() === 'console') {
      found.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/**
 * What in src is not a module of the package: AssemblyScript, scripts that compile the kernels with the compiler they need,
 * and what they made.
 */
const otherFiles =
  /node_modules\/|^particles\/kernels\/(wasm\/assembly\/|wasm\/binaries\.ts$|\w+\/build\.mjs$)/;

const paths = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => !otherFiles.test(name));
const files = paths
  .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(path.join(source, name), 'utf8') }));

describe('layers of src', () => {
  it('the files were found, and their imports (at least one in most of them)', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(files.filter(({ name, text }) => importsOf(name, text).length > 0).length).toBeGreaterThan(
      files.length / 2,
    );
    const known = importsOf(
      'cashKarp.ts',
      readFileSync(path.join(source, 'numerics/ode/cashKarp.ts'), 'utf8'),
    );
    expect(known.map(({ specifier }) => specifier)).toEqual(['ode45-cash-karp', './integrator.ts']);
  });

  it('every file imports only from its own folder or from a lower rank', () => {
    expect(files.flatMap(({ name, text }) => violationsOf(name, text))).toEqual([]);
  });

  it('no folders import each other, at any depth', () => {
    expect(circlesOf(files)).toEqual([]);
  });

  it('every folder of src has a rank', () => {
    const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => ranks[name] === undefined)).toEqual([]);
  });

  it('barrels are the entry points that package.json exports and no others; none says export *', () => {
    const entries = entryPoints().map((entry) => path.relative(path.join(root, 'src'), entry.source));
    expect(entries).toContain(barrel);
    const forwards = files.filter(({ name, text }) =>
      ts
        .createSourceFile(name, text, ts.ScriptTarget.Latest)
        .statements.some((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier),
    );
    const names = [
      ...forwards.map(({ name }) => name),
      ...paths.filter((name) => /(^|\/)index\.\w+$/.test(name)),
    ];
    expect(names.filter((name) => /\.ts$/.test(name) && !entries.includes(name))).toEqual([]);
    for (const { name, text } of forwards) expect(text, name).not.toMatch(/^export \*/m);
  });

  it(`no file is longer than ${mostLines} lines, but for the barrel, a list of names`, () => {
    const long = files.map(({ name, text }) => ({ name, lines: text.trimEnd().split('\n').length }));
    expect(long.filter(({ name, lines }) => lines > mostLines && name !== barrel)).toEqual([]);
  });

  it('nothing outside cli prints', () => {
    expect(files.flatMap(({ name, text }) => consoleUsesOf(name, text))).toEqual([]);
  });

  it('no file or folder is called utils, helpers, core or base', () => {
    const parts = (name: string) => name.split('/').map((part) => part.replace(/\..*$/, ''));
    expect(paths.filter((name) => parts(name).some((part) => forbiddenNames.test(part)))).toEqual([]);
  });
});

describe('the rules themselves catch', () => {
  it.each([
    ['an import from a higher rank', 'process/a.ts', "import { x } from '../mixture/score.ts';"],
    ['a type import from a higher rank', 'process/a.ts', "import type { X } from '../mixture/score.ts';"],
    ['an import of an equal rank', 'meanfield/a.ts', "import { x } from '../particles/full.ts';"],
    [
      'the same from a deeper folder',
      'meanfield/competing/a.ts',
      "import '../../closedForms/transition.ts';",
    ],
    ['one face importing the other', 'explorer/a.ts', "import { x } from '../cli/main.ts';"],
    ['a dynamic import', 'process/a.ts', "const x = await import('../figures/a.ts');"],
    ['an import type', 'process/a.ts', "type X = import('../figures/a.ts').X;"],
    ['a re-export', 'process/a.ts', "export { x } from '../figures/a.ts';"],
    ['a worker by URL', 'meanfield/a.ts', "new Worker(new URL('../particles/worker.ts', import.meta.url));"],
    [
      'the transition importing particles',
      'meanfield/transition/a.ts',
      "import type { X } from '../../particles/problem/problem.ts';",
    ],
    [
      'node:* outside the folders that run on Node',
      'finiteSize/a.ts',
      "import { readFileSync } from 'node:fs';",
    ],
    ['a built-in module by its bare name', 'cli/a.ts', "import fs from 'fs/promises';"],
    ['a folder without a rank', 'extras/a.ts', 'export const x = 1;'],
    ['an import from a folder without a rank', 'cli/a.ts', "import { x } from '../extras/a.ts';"],
    ['a second file at the top', 'setup.ts', 'export const x = 1;'],
    ['an import of the barrel', 'threads/a.ts', "import { x } from '../index.ts';"],
    ['an import from outside src', 'cli/a.ts', "import { x } from '../../test/a.ts';"],
    ['the barrel exporting a face', 'index.ts', "export { x } from './cli/main.ts';"],
    ['an import that is not a literal', 'cli/a.ts', 'await import(name);'],
  ])('%s', (_title, name, text) => {
    expect(violationsOf(name, text)).toHaveLength(1);
  });

  it('a circle of folders, and not what hangs on it', () => {
    const sources = [
      { name: 'a/a.ts', text: "import '../a/b/b.ts'; import '../c/c.ts';" },
      { name: 'a/b/b.ts', text: "import '../d/d.ts';" },
      { name: 'a/d/d.ts', text: "import type { X } from '../a.ts';" },
      { name: 'c/c.ts', text: '' },
      { name: 'e/e.ts', text: "import '../a/a.ts';" },
    ];
    expect(circlesOf(sources)).toEqual(['a imports a/b', 'a/b imports a/d', 'a/d imports a']);
    expect(circlesOf(sources.filter(({ name }) => name !== 'a/d/d.ts'))).toEqual([]);
  });

  it('and let through what is allowed', () => {
    for (const [name, text] of [
      [
        'finiteSize/a.ts',
        "import { x } from '../particles/full.ts'; import '../meanfield/a.ts'; import './b.ts';",
      ],
      ['meanfield/competing/a.ts', "import { x } from '../phases.ts'; import '../../numerics/checks.ts';"],
      [
        'cli/a.ts',
        "import fs from 'node:fs'; import { Command } from 'commander'; import '../figures/a.ts';",
      ],
      ['index.ts', "export { x } from './finiteSize/a.ts';"],
      ['numerics/a.ts', "// import '../figures/a.ts'\nconst text = \"import '../figures/a.ts'\";"],
    ] as const) {
      expect(violationsOf(name, text)).toEqual([]);
    }
    expect(consoleUsesOf('figures/a.ts', 'console.log(1);')).toEqual(['figures/a.ts:1']);
    expect(consoleUsesOf('figures/a.ts', "// console.log\nconst x = 'console.log';")).toEqual([]);
    expect(consoleUsesOf('cli/a.ts', 'console.log(1);')).toEqual([]);
  });
});
