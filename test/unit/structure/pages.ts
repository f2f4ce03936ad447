import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Line of its content's beginning, from 1. */
  readonly line: number;
  readonly language: string;
  readonly content: string;
  /** Text of the HTML comment in the line above, such as "slow: ten minutes". */
  readonly remark: string | null;
  /** Content of the ```text block that follows with nothing in between: what the block prints. */
  readonly output: string | null;
}

/** Pages written by hand below docs, by their path from the root; what is generated is left out. */
export function handwrittenPages(): string[] {
  return readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md') && !/(^|\/)(node_modules|\.vitepress)\/|^reference\//.test(name))
    .map((name) => `docs/${name}`)
    .sort();
}

/** Text of a file of the repository. */
export function textOf(page: string): string {
  return readFileSync(path.join(root, page), 'utf8');
}

/** The fenced blocks of a page. */
export function blocksOf(page: string, text = textOf(page)): Block[] {
  const found: { line: number; end: number; language: string; content: string; remark: string | null }[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const language = /^```(\w*)\s*$/.exec(lines[i]!)?.[1];
    if (language === undefined) continue;
    const end = lines.findIndex((line, j) => j > i && line.startsWith('```'));
    if (end < 0) throw new Error(`${page}:${i + 1}: a fence that does not end`);
    const remark = /^<!-- (.*) -->$/.exec(lines[i - 1] ?? '')?.[1] ?? null;
    found.push({ line: i + 2, end, language, content: lines.slice(i + 1, end).join('\n'), remark });
    i = end;
  }
  return found.map(({ end, ...block }, i) => {
    const next = found[i + 1];
    const between = lines.slice(end + 1, (next?.line ?? 0) - 2);
    const follows = next?.language === 'text' && between.every((line) => line.trim() === '');
    return { page, ...block, output: follows ? next.content : null };
  });
}

/** A page without its fenced blocks and inline code. */
export function proseOf(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

/** Words of a line of shell: quotes are taken off, a comment ends it. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/\s*(?:(#.*$)|((?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+))/g)) {
    if (match[2] === undefined) break;
    words.push(match[2].replace(/'([^']*)'|"([^"]*)"|\\(.)/g, '$1$2$3'));
  }
  return words;
}

/** Arguments of each command line of the program in a ```sh block. */
export function programLines(content: string): string[][] {
  return content
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const words = shellWords(line);
      const start = words[0] === 'npx' ? 1 : 0;
      const end = words.findIndex((word) => ['>', '|', '&&'].includes(word));
      return words[start] === 'cfg-dmft' ? [words.slice(start + 1, end < 0 ? words.length : end)] : [];
    });
}

/** Whether what was printed is what a page states; a line of three dots stands for any lines, blanks at the end do not count. */
export function printsAsStated(printed: string, stated: string): boolean {
  const clean = (text: string) => text.split('\n').map((line) => line.trimEnd());
  const pattern = clean(stated.trim())
    .map((line) => (line === '...' ? '(?:.*\\n)*?' : `${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${clean(printed.trim()).join('\n')}\n`);
}
