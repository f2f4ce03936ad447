import { inFrame } from './dom.ts';

/** Canvas colours, read from the style sheet. */
export interface Colours {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly paper: string;
  readonly m: string;
  readonly v: string;
  readonly psi: string;
  readonly phi: string;
  readonly complexity: string;
  readonly guidance: string;
  readonly mark: string;
  readonly reference: string;
}

const names = [
  'text',
  'muted',
  'grid',
  'paper',
  'm',
  'v',
  'psi',
  'phi',
  'complexity',
  'guidance',
  'mark',
  'reference',
] as const;

function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<
    (typeof names)[number],
    string
  >;
}

let current: Colours | null = null;
const listeners: (() => void)[] = [];

/** The colours of the theme in use. */
export function colours(): Colours {
  current ??= readColours();
  return current;
}

/** True on dark paper. */
export function isDark(): boolean {
  return getComputedStyle(document.documentElement).colorScheme === 'dark';
}

/** Calls back when the theme changes. */
export function onTheme(listener: () => void): void {
  listeners.push(listener);
}

const changed = inFrame(() => {
  current = null;
  for (const listener of listeners) listener();
});

/** Shows the page in a theme; `auto` is what the system says. */
export function showTheme(theme: 'auto' | 'light' | 'dark'): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  changed();
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
