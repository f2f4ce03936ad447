import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const theory = 'docs/theory';

const label = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*';
const definition = new RegExp(`\\*\\*\\((${label})\\)\\*\\*`, 'g');
const one = new RegExp(`\\beqs?\\.\\s+(${label})(?![\\w(])`, 'g');
const further = new RegExp(`^(?:,? and |, )(${label})(?![\\w(])`);

interface Place {
  readonly label: string;
  readonly file: string;
}

/**
 * Labels that a text cites: "eq. label", and "eqs. first, second and third". A later item of such a list counts if
 * it has a dash or is a known label, so that "eqs. a-b, which ..." does not cite "which". Line breaks inside
 * comments are blanks.
 */
function citedIn(text: string, isKnown: (name: string) => boolean): string[] {
  const flat = text.replace(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, ' ');
  const found: string[] = [];
  for (const match of flat.matchAll(one)) {
    found.push(match[1]!);
    let rest = flat.slice(match.index + match[0].length);
    if (!match[0].startsWith('eqs')) continue;
    for (;;) {
      const next = further.exec(rest);
      if (next === null || !(next[1]!.includes('-') || isKnown(next[1]!))) break;
      found.push(next[1]!);
      rest = rest.slice(next[0].length);
    }
  }
  return found;
}

const definedIn = (text: string): string[] => [...text.matchAll(definition)].map((match) => match[1]!);

function textsUnder(folder: string, ending: string): { name: string; text: string }[] {
  const directory = path.join(root, folder);
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => ({
      name: path.posix.join(folder, name.replaceAll('\\', '/')),
      text: readFileSync(path.join(directory, name), 'utf8'),
    }));
}

const sources = textsUnder('src', '.ts');
const pages = textsUnder(theory, '.md');
const defined: Place[] = pages.flatMap(({ name, text }) =>
  definedIn(text).map((label) => ({ label, file: name })),
);
const known = new Set(defined.map((place) => place.label));
const cited: Place[] = sources.flatMap(({ name, text }) =>
  citedIn(text, (word) => known.has(word)).map((label) => ({ label, file: name })),
);
const show = ({ label, file }: Place): string => `${label} (${file})`;

describe('equation labels', () => {
  it('were found on both sides', () => {
    expect(cited.length).toBeGreaterThan(20);
    expect(defined.length).toBeGreaterThan(5);
  });

  it('every label cited in src is defined in docs/theory', () => {
    const missing = cited.filter((place) => !known.has(place.label));
    expect([...new Set(missing.map(show))].sort()).toEqual([]);
  });

  it('every label defined in docs/theory is cited in src', () => {
    const used = new Set(cited.map((place) => place.label));
    expect(defined.filter((place) => !used.has(place.label)).map(show)).toEqual([]);
  });

  it('every label is defined once', () => {
    const twice = defined.filter(
      (place, i) => defined.findIndex((other) => other.label === place.label) !== i,
    );
    expect(twice.map(show)).toEqual([]);
  });

  it('nothing in bold parentheses in docs/theory only looks like a label', () => {
    for (const { name, text } of pages) {
      const bold = [...text.matchAll(/\*\*\s*\(([^)]*)\)\s*\*\*/g)].map((match) => match[0]);
      expect(bold, name).toEqual(definedIn(text).map((label) => `**(${label})**`));
    }
  });

  it('every page of the docs that src refers to exists', () => {
    const references = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/\bdocs\/[\w/.-]+\.md\b/g)].map((match) => ({ label: match[0], file: name })),
    );
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((place) => !existsSync(path.join(root, place.label))).map(show)).toEqual([]);
  });

  it('are read as they are written', () => {
    const cite = (text: string) => citedIn(text, (word) => word === 'psi');
    expect(cite('(eq. guided-flow)')).toEqual(['guided-flow']);
    expect(cite('eq. psi, docs/theory/x.md')).toEqual(['psi']);
    expect(cite('eq. w2-law.')).toEqual(['w2-law']);
    expect(cite('eq. a-b, c-d')).toEqual(['a-b']);
    expect(cite('eqs. a-b, psi and c-d; docs/x.md')).toEqual(['a-b', 'psi', 'c-d']);
    expect(cite('eqs. a-b, c-d, and psi')).toEqual(['a-b', 'c-d', 'psi']);
    expect(cite('eqs. a-b, which is not')).toEqual(['a-b']);
    expect(cite(' * see eqs.\n * a-b,\n * c-d')).toEqual(['a-b', 'c-d']);
    expect(cite('// eq.\n  // a-b\n  code()')).toEqual(['a-b']);
    expect(cite('eq. a-b (page), eq. c-d')).toEqual(['a-b', 'c-d']);
    expect(cite('requireInteger(x); seq. x; (eq. 3) eq. Foo; eq. foo(x)')).toEqual([]);
    expect(definedIn('**(a-b)**\n**(psi)** $x$ **(A)** (c-d) **c-d**')).toEqual(['a-b', 'psi']);
  });
});
