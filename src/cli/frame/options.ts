import { Argument } from 'commander';
import {
  requireChoice,
  requireInteger,
  requireNonNegative,
  requirePositive,
  ParameterError,
} from '../../numerics/checks.ts';
import { parseNumber, parseRange, parseRate } from './ranges.ts';
import {
  mapped,
  NamedOption,
  option,
  optionName,
  type Input,
  type OptionWords,
  type ReadAs,
} from './input.ts';

/** Numbers that an option takes. */
export interface Domain {
  /** Its words in the help; null where the help says enough. */
  readonly text: string | null;
  /** Throws ParameterError for a number outside. */
  readonly require: (name: string, value: number) => void;
}

export const positive: Domain = { text: '> 0', require: requirePositive };
export const nonNegative: Domain = { text: '>= 0', require: requireNonNegative };

/** Integers from `least` to `most`. */
export function integer(least: number, most?: number): Domain {
  return {
    text: null,
    require: (name, value) => {
      requireInteger(name, value, least, most);
    },
  };
}

/** An interval as it is written: `(0, 1)`, `[-1, 1)`. */
export function interval(text: string): Domain {
  const [, open, low, high, close] = /^([[(])(.+), (.+)([\])])$/.exec(text)!;
  const [least, most] = [Number(low), Number(high)];
  return {
    text: `in ${text}`,
    require: (name, value) => {
      const isAbove = open === '[' ? value >= least : value > least;
      const isBelow = close === ']' ? value <= most : value < most;
      if (!(isAbove && isBelow)) throw new ParameterError(name, `in ${text}`, value);
    },
  };
}

interface NumberWords extends OptionWords {
  readonly domain?: Domain;
}

const within = (help: string, { domain }: NumberWords) =>
  domain === undefined || domain.text === null ? help : `${help}, ${domain.text}`;

/** A number. */
export function number<const W extends NumberWords>(
  help: string,
  words: W = {} as W,
): Input<ReadAs<number, W>> {
  return option<number, W>(within(help, words), { as: 'X', kind: 'number', ...words }, (name, text) => {
    const value = parseNumber(name, text);
    words.domain?.require(name, value);
    return value;
  });
}

/** A class rate: a number >= 0, or infinity. */
export function rate<const W extends OptionWords>(
  help: string,
  words: W = {} as W,
): Input<ReadAs<number, W>> {
  return option<number, W>(help, { as: 'A', kind: 'number', ...words }, parseRate);
}

/** Increasing numbers: start:stop:count[:log], or a comma list. */
export function range<const W extends NumberWords>(
  help: string,
  words: W = {} as W,
): Input<ReadAs<number[], W>> {
  return option<number[], W>(
    within(help, words),
    { as: 'range', kind: 'numbers', ...words },
    (name, text) => {
      const values = parseRange(name, text);
      for (const value of values) words.domain?.require(name, value);
      return values;
    },
  );
}

/** Numbers in any order: a comma list, or where it has a colon a range. */
export function numbers<const W extends NumberWords>(
  help: string,
  words: W = {} as W,
): Input<ReadAs<number[], W>> {
  return option<number[], W>(within(help, words), { as: 'list', kind: 'numbers', ...words }, (name, text) => {
    const values = text.includes(':') ? parseRange(name, text) : parseVector(name, text);
    for (const value of values) words.domain?.require(name, value);
    return values;
  });
}

/** Coordinates by comma. */
export function parseVector(name: string, text: string): number[] {
  return text.split(',').map((part) => parseNumber(name, part));
}

interface ChoiceWords<C> extends OptionWords {
  /** Other names of the words, in lower case. */
  readonly aliases?: Readonly<Record<string, C>>;
}

/** One of some words, in any case; the help lists them after its text. */
export function choice<C extends string, const W extends ChoiceWords<C>>(
  help: string,
  choices: readonly C[],
  words: W = {} as W,
): Input<ReadAs<C, W>> {
  return oneOf<C, W>(`${help}: ${choices.join(', ')}`, choices, words);
}

/** One of so many words that the help does not list them. */
export function oneOf<C extends string, const W extends ChoiceWords<C>>(
  help: string,
  choices: readonly C[],
  words: W = {} as W,
): Input<ReadAs<C, W>> {
  return option<C, W>(help, { as: 'name', kind: 'choice', values: choices, ...words }, (name, text) =>
    chosen(name, text, choices, words.aliases),
  );
}

/** Words by comma, in the order in which they are known. */
export function choices<C extends string, const W extends OptionWords>(
  help: string,
  known: readonly C[],
  words: W = {} as W,
): Input<ReadAs<readonly C[], W>> {
  return option<readonly C[], W>(help, { ...listWords, values: known, ...words }, (name, text) => {
    const wanted = parseChoices(name, text, known);
    return known.filter((one) => wanted.includes(one));
  });
}

const listWords = { as: 'names', kind: 'choices' } as const;

/** Words by comma, in the order in which they are typed. */
export function listOf<C extends string, const W extends OptionWords>(
  help: string,
  known: readonly C[],
  words: W = {} as W,
): Input<ReadAs<readonly C[], W>> {
  return option<readonly C[], W>(help, { ...listWords, values: known, ...words }, (name, text) =>
    parseChoices(name, text, known),
  );
}

/** The words of a list by comma. */
export function parseChoices<C extends string>(name: string, text: string, known: readonly C[]): C[] {
  return text.split(',').map((part) => chosen(name, part.trim(), known));
}

function chosen<C extends string>(
  name: string,
  text: string,
  known: readonly C[],
  aliases: Readonly<Record<string, C>> = {},
): C {
  const lower = text.trim().toLowerCase();
  const found = known.find((one) => one.toLowerCase() === lower) ?? aliases[lower];
  if (found !== undefined) return found;
  requireChoice(name, text, known);
  return text;
}

/** Any text. */
export function text<const W extends OptionWords>(
  help: string,
  words: W = {} as W,
): Input<ReadAs<string, W>> {
  return option<string, W>(help, { as: 'text', kind: 'text', ...words }, (_, typed) => typed);
}

/** The path of a file: any text but a blank one. */
export function file<const W extends OptionWords>(
  help: string,
  words: W = {} as W,
): Input<ReadAs<string, W>> {
  return option<string, W>(help, { as: 'file', kind: 'file', ...words }, (name, typed) => {
    if (typed.trim() === '') throw new ParameterError(name, 'the path of a file', typed);
    return typed;
  });
}

/** An option that may be given several times; its values, none without it. */
export function repeated<T>(
  help: string,
  words: { readonly as: string },
  parse: (name: string, text: string) => T,
): Input<T[]> {
  return {
    declare: (command, key) => {
      const declared = new NamedOption(`--${optionName(key)} <${words.as}>`, help);
      declared.kind = 'repeated';
      command.addOption(
        declared.argParser((value, before: string | undefined) =>
          before === undefined ? value : `${before} ${value}`,
        ),
      );
    },
    read: (raw, key) => {
      const typed = raw[key];
      return typeof typed === 'string' ? typed.split(' ').map((one) => parse(optionName(key), one)) : [];
    },
  };
}

/** A word after the command's name, without dashes. */
export function argument<C extends string>(help: string, known: readonly C[]): Input<C> {
  return {
    declare: (command, key) => {
      const declared = new Argument(`<${key}>`, help);
      declared.argChoices = [...known];
      command.addArgument(declared);
    },
    read: (raw, key) => chosen(key, String(raw[key]), known),
  };
}

/** A file after the command's name, without dashes. */
export function fileArgument(help: string): Input<string> {
  return {
    declare: (command, key) => {
      command.addArgument(new Argument(`<${key}>`, help));
    },
    read: (raw, key) => String(raw[key]),
  };
}

/** A number with a unit of time: 90s, 3min, 2h; seconds without one. */
export function duration<const W extends OptionWords>(
  help: string,
  words: W = {} as W,
): Input<ReadAs<number, W>> {
  return option<number, W>(help, { as: 'time', kind: 'text', ...words }, (name, typed) => {
    const [, amount, unit] = /^([\d.]+)(s|min|h|)$/.exec(typed.trim()) ?? [];
    const seconds = Number(amount) * ({ min: 60, h: 3600 }[unit ?? ''] ?? 1);
    if (!(seconds > 0 && Number.isFinite(seconds)))
      throw new ParameterError(name, 'a time above 0 as 90s, 3min or 2h', typed);
    return seconds;
  });
}

/** Texts by key of key=value,key=value; none without the option. */
export function settings(
  help: string,
  words: Pick<OptionWords, 'with' | 'without'> = {},
): Input<Readonly<Record<string, string>>> {
  const list = option(help, { as: 'list', kind: 'settings', ...words }, (name, typed) => {
    const found: Record<string, string> = {};
    for (const part of typed.split(',')) {
      const [key, value, ...rest] = part.split('=').map((piece) => piece.trim());
      if (key === undefined || key === '' || value === undefined || rest.length > 0)
        throw new ParameterError(name, 'key=value,key=value', typed);
      if (Object.hasOwn(found, key)) throw new ParameterError(name, 'a list that names no key twice', typed);
      found[key] = value;
    }
    return found;
  });
  return mapped(list, (found) => found ?? {});
}

/** Result of `make`, whose refusal of a key of {@link settings} is told as a part of their option: `set fraction`. */
export function withSettings<T>(name: string, keys: readonly string[], make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ParameterError) || !keys.includes(error.parameter)) throw error;
    const { parameter, condition, value, remedy } = error;
    const again = new ParameterError(`${name} ${parameter}`, condition, value, remedy ?? undefined);
    again.message = `${name} ${error.message}`;
    throw again;
  }
}
