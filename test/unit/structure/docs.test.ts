import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { NamedOption } from '../../../src/cli/frame/input.ts';
import { allCommands, buildProgram } from '../../../src/cli/program.ts';
import { entryPoints } from './entryPoints.ts';
import {
  blocksOf,
  handwrittenPages,
  printsAsStated,
  programLines,
  proseOf,
  root,
  shellWords,
  textOf,
} from './pages.ts';

const pages = handwrittenPages();
const sitePages = pages.filter((page) => page !== 'docs/index.md');
const linked = ['README.md', 'notebooks/README.md', ...pages];

interface SidebarGroup {
  readonly pages: readonly string[];
  /** A page whose links into its own folder follow. */
  readonly listedIn?: string;
}
interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly source: string | readonly string[] }[];
}

/** Anchors of a page: its headings as GitHub and the site write them, and the labels of equations. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(
    ([, heading]) =>
      heading!
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/[`*$\\]/g, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
  );
  const labels = [...text.matchAll(/\*\*\(([\w-]+)\)\*\*/g)].map(([, label]) => `eq-${label!}`);
  return new Set([...headings, ...labels]);
}

/** Relative links of a page that lead nowhere. What is generated at build time counts if its generator makes it. */
function brokenLinks(page: string, text: string): string[] {
  const targets = [...proseOf(text).matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1]!);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [name = '', anchor] = target.split('#');
    const file = name === '' ? page : path.posix.join(path.posix.dirname(page), name);
    if (file.startsWith('docs/reference/')) return !generated.has(file) || anchor !== undefined;
    if (!existsSync(path.join(root, file))) return true;
    if (anchor === undefined || statSync(path.join(root, file)).isDirectory()) return false;
    return !anchorsOf(textOf(file)).has(anchor);
  });
}

let program: Command;
const generated = new Set(
  ['command-line', 'library', 'notebooks'].map((folder) => `docs/reference/${folder}/index.md`),
);

generated.add('docs/reference/command-line/columns.md');

beforeAll(async () => {
  program = buildProgram(await allCommands(), []);
  for (const command of program.commands) generated.add(`docs/reference/command-line/${command.name()}.md`);
  for (const { name } of entryPoints()) generated.add(`docs/reference/library/${name}.md`);
});

describe('links of the documentation', () => {
  it('every relative link and anchor of a page leads somewhere', () => {
    const broken = linked.flatMap((page) =>
      brokenLinks(page, textOf(page)).map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('and every one of a notebook', () => {
    const notebooks = readdirSync(path.join(root, 'notebooks')).filter((name) => name.endsWith('.ipynb'));
    expect(notebooks.length).toBeGreaterThan(0);
    const broken = notebooks.flatMap((name) => {
      const { cells } = JSON.parse(textOf(`notebooks/${name}`)) as Notebook;
      const text = cells
        .filter(({ cell_type }) => cell_type === 'markdown')
        .map(({ source }) => (typeof source === 'string' ? source : source.join('')))
        .join('\n\n');
      return brokenLinks(`notebooks/${name}`, text).map((target) => `${name}: ${target}`);
    });
    expect(broken).toEqual([]);
  });

  it('the test would find a missing page, a missing anchor and a missing equation', () => {
    const text =
      '[a](missing.md) [b](cli.md#nowhere) [c](cli.md#formulas) [d](theory/potential.md#eq-psi) [e](theory/potential.md#eq-no)';
    expect(brokenLinks('docs/x.md', text)).toEqual([
      'missing.md',
      'cli.md#nowhere',
      'theory/potential.md#eq-no',
    ]);
  });

  it('every page is in the sidebar, once', () => {
    const groups = JSON.parse(textOf('docs/.vitepress/sidebar.json')) as SidebarGroup[];
    const listed = groups.flatMap(({ pages: own, listedIn }) => {
      if (listedIn === undefined) return own.map((page) => `docs/${page}`);
      const links = [...textOf(`docs/${listedIn}`).matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name!);
      const folder = path.posix.dirname(listedIn);
      return [...own, ...new Set(links.map((name) => `${folder}/${name}`))].map((page) => `docs/${page}`);
    });
    expect([...listed].sort()).toEqual(sitePages);
  });
});

describe('how to cite', () => {
  it('CITATION.cff and the page have the version of the package', () => {
    const { version } = JSON.parse(textOf('package.json')) as { readonly version: string };
    expect(/^version: (.*)$/m.exec(textOf('CITATION.cff'))?.[1]).toBe(version);
    expect(textOf('docs/how-to-cite.md')).toContain(`version = {${version}}`);
  });

  it('CITATION.cff has every paper that the theory names as a source', () => {
    const sources = [...textOf('docs/theory/README.md').matchAll(/^\| \[\w+\] \|.*?arXiv (\d+\.\d+)/gm)];
    expect(sources.length).toBeGreaterThan(3);
    for (const [, id] of sources) expect(textOf('CITATION.cff')).toContain(`arXiv:${id!}`);
  });
});

describe('code of the documentation', () => {
  it('every ts block of README and docs compiles against src', () => {
    const blocks = ['README.md', ...pages]
      .flatMap((page) => blocksOf(page))
      .filter(({ language }) => language === 'ts');
    expect(blocks.length).toBeGreaterThan(5);
    const wrong = {
      name: 'a wrong one',
      content: "import { solve } from 'cfg-dmft';\nconst x: string = 1;\n",
    };
    const texts = blocks.map(({ page, line, content }) => ({ name: `${page}:${line}`, content }));
    expect(compileErrors([...texts, wrong])).toEqual([
      expect.stringMatching(/^a wrong one: .* no exported member.*solve/),
      expect.stringMatching(/^a wrong one: .* not assignable to type 'string'/),
    ]);
  }, 120_000);

  it('every command line of README and docs parses with the options of the program', () => {
    const lines = ['README.md', ...pages]
      .flatMap((page) => blocksOf(page))
      .filter(({ language }) => language === 'sh')
      .flatMap(({ page, line, content }) =>
        programLines(content).map((args) => ({ place: `${page}:${line}`, args })),
      );
    expect(lines.length).toBeGreaterThan(30);
    const refused = lines.flatMap(({ place, args }) => {
      const reason = refusal(program, args);
      return reason === null ? [] : [`${place}: cfg-dmft ${args.join(' ')}: ${reason}`];
    });
    expect(refused).toEqual([]);
  });

  it('an unknown command, an unknown option and a missing one are refused', () => {
    expect(refusal(program, ['solve', '--alpha', '1', '--w', '1', '--sigma2', '1'])).toBeNull();
    expect(refusal(program, ['solved'])).toMatch(/unknown command/);
    expect(refusal(program, ['schedule', 'designs'])).toMatch(/unknown command/);
    expect(refusal(program, ['solve', '--alpha', '1', '--sigma2', '1', '--widest'])).toMatch(
      /unknown option/,
    );
    expect(refusal(program, ['schedule', 'compare', '--alpha', '1'])).toBe('--sigma2 is required');
  });

  it('blocks, command lines and outputs are read as they are written', () => {
    const text =
      '<!-- slow: hours -->\n```sh\nnpx cfg-dmft a --b "c d" \\\n  --e # f\nls\n```\n\n```text\n1\n```\n\nx\n\n```text\n```\n';
    const [block, , last] = blocksOf('page', text);
    expect(block).toMatchObject({ language: 'sh', line: 3, remark: 'slow: hours', output: '1' });
    expect(programLines(block!.content)).toEqual([['a', '--b', 'c d', '--e']]);
    expect(last).toMatchObject({ content: '', output: null });
    expect(shellWords("a --b='t > 1 ? 2 : 0' \\$c # d")).toEqual(['a', '--b=t > 1 ? 2 : 0', '$c']);
    expect(printsAsStated('a\nb  \nc\n', '...\nb\n...')).toBe(true);
    expect(printsAsStated('a\nb\nc\n', 'a\nc')).toBe(false);
  });
});

/** Errors of some texts as modules of one program in which 'cfg-dmft' and its subpaths are their sources. */
function compileErrors(texts: readonly { readonly name: string; readonly content: string }[]): string[] {
  const config = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => readFileSync(file, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const files = new Map(
    texts.map(({ name, content }, i) => [path.join(root, `block-${i}.ts`), { name, content }]),
  );
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  host.readFile = (file) => files.get(file)?.content ?? disk.readFile(file);
  host.fileExists = (file) => files.has(file) || disk.fileExists(file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const content = files.get(file)?.content;
    if (content === undefined) return disk.getSourceFile(file, languageVersion, ...rest);
    return ts.createSourceFile(file, `${content}\nexport {};\n`, languageVersion);
  };
  const compiled = ts.createProgram(
    [...files.keys(), path.join(root, 'src/numerics/ode/ode45-cash-karp.d.ts')],
    // Each block is checked for what it says, not for what it leaves unused.
    {
      ...options,
      noUnusedLocals: false,
      paths: Object.fromEntries(entryPoints().map(({ specifier, source }) => [specifier, [source]])),
    },
    host,
  );
  return [...files.entries()].flatMap(([file, { name }]) => {
    const source = compiled.getSourceFile(file);
    const found = [...compiled.getSyntacticDiagnostics(source), ...compiled.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}

/** Why the program would refuse some arguments before it computes anything; null if it would not. */
function refusal(above: Command, args: readonly string[]): string | null {
  const [name, ...rest] = args;
  const command = above.commands.find((one) => one.name() === name);
  if (command === undefined) return name?.startsWith('-') === true ? null : `unknown command ${name ?? ''}`;
  if (command.commands.length > 0) return refusal(command, rest);
  // A copy with the same options, which does nothing: parsing leaves its traces in a command.
  const copy = new Command(command.name())
    .exitOverride()
    .configureOutput({ writeOut: quiet, writeErr: quiet });
  for (const option of command.options) copy.addOption(option);
  for (const argument of command.registeredArguments) copy.addArgument(argument);
  try {
    copy.parse(rest, { from: 'user' });
    const missing = command.options.find(
      (option) =>
        option instanceof NamedOption &&
        option.neededText === 'required' &&
        copy.opts()[option.attributeName()] === undefined,
    );
    return missing === undefined ? null : `${missing.long!} is required`;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? null : error.message;
    throw error;
  }
}

function quiet(): void {
  // Nothing is printed.
}
