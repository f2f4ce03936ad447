import { Option, type Command } from 'commander';
import { ParameterError } from '../../numerics/checks.ts';

/** Options as commander hands them over: text, or a flag. */
export type RawOptions = Readonly<Record<string, string | boolean | undefined>>;

/** A part of a command line: the options that it declares, and the value that is read from them. */
export interface Input<T> {
  /** Declares its options, on a command that has it under this key. */
  readonly declare: (command: Command, key: string) => void;
  /** @throws ParameterError that names the option as it is typed */
  readonly read: (raw: RawOptions, key: string) => T;
}

/** Inputs by key: of an option, its name in camel case. */
export type Inputs = Readonly<Record<string, Input<unknown>>>;

/** Values of inputs. */
export type Values<I extends Inputs> = {
  readonly [Key in keyof I]: I[Key] extends Input<infer T> ? T : never;
};

/**
 * Kind of the value of an option, for completion and for callers that pass values in place of text. A list is written with
 * commas, rows with semicolons between them, matrices with |, several texts that each follow the option (repeated) with blanks.
 */
export type ValueKind =
  | 'flag'
  | 'number'
  | 'numbers'
  | 'rows'
  | 'matrices'
  | 'choice'
  | 'choices'
  | 'text'
  | 'texts'
  | 'repeated'
  | 'settings'
  | 'file'
  | 'folder';

/** An option that knows which parameters of the library it sets, so that a refusal further down can be told in its name. */
export class NamedOption extends Option {
  parameters: readonly string[] = [];
  kind: ValueKind = 'flag';
  /** Keys of the options that would do in its place, if it or one of them must be given; null if it may be left out. */
  needed: readonly string[] | null = null;
  /** Values that it takes, for completion; null for any text. */
  values: OptionWords['values'] | null = null;
  /** Default, in words, for the help; null without one. */
  usual: string | null = null;

  /** Reason why it must be given, for the help; null if it may be left out. */
  get neededText(): string | null {
    if (this.needed === null) return null;
    return this.needed.length === 0 ? 'required' : `required, ${alternatives(this.needed)}`;
  }

  /** Its line of the help. */
  helpText(): string {
    const remark = this.neededText ?? (this.usual === null ? null : `default: ${this.usual}`);
    return remark === null ? this.description : `${this.description} (${remark})`;
  }
}

/** Name of an option on the command line: tMax is t-max. */
export function optionName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Properties of an option beside its help. */
export interface OptionWords {
  /** Placeholder of the value in the help. */
  readonly as?: string;
  /** The option must be given. */
  readonly required?: true;
  /** Value without the option, as it would be typed. */
  readonly default?: string | number;
  /** Text of the help about the default, where it is none or has a better name. */
  readonly usual?: string;
  /** Parameters of the library that it sets, if they have other names. */
  readonly sets?: readonly string[];
  /** Key of an option without which it says nothing, or keys of several that each give it a meaning. */
  readonly with?: string | readonly string[];
  /** Keys of options that it excludes. */
  readonly without?: readonly string[];
  /** Keys of options of which one does in its place: the help says that it or one of them must be given. */
  readonly or?: readonly string[];
  /** Kind of its value, where its constructor has another. */
  readonly kind?: ValueKind;
  /** Values that it takes, for completion; a function if they take long to load. */
  readonly values?: readonly string[] | (() => Promise<readonly string[]>);
}

/** Value of an option: null if it may be left out. */
export type ReadAs<T, W extends OptionWords> = W extends
  { readonly required: true } | { readonly default: string | number }
  ? T
  : T | null;

/**
 * An option with a value.
 * @param parse its text as a value; throws ParameterError under the name that it is given
 */
export function option<T, const W extends OptionWords>(
  help: string,
  words: W & { readonly as: string; readonly kind: ValueKind },
  parse: (name: string, text: string) => T,
): Input<ReadAs<T, W>> {
  const usual = words.usual ?? words.default;
  return {
    declare: (command, key) => {
      const declared = new NamedOption(`--${optionName(key)} <${words.as}>`, help);
      declared.usual = usual === undefined ? null : String(usual);
      if (words.required === true || words.or !== undefined) declared.needed = words.or ?? [];
      declared.parameters = words.sets ?? [];
      declared.values = words.values ?? null;
      declared.kind = words.kind;
      command.addOption(declared);
    },
    read: (raw, key) => {
      const name = optionName(key);
      const typed = raw[key];
      const text = typed ?? words.default;
      if (text === undefined && words.required === true) throw missing(key);
      if (text === undefined) return null as ReadAs<T, W>;
      if (typed !== undefined) requireCompany(name, typed, words, raw);
      return parse(name, String(text));
    },
  };
}

/**
 * Refusal of an option that is not given.
 * @param others keys of the options that would do in its place
 * @param remark about the reason
 */
export function missing(key: string, others: readonly string[] = [], remark = ''): ParameterError {
  const refusal = new ParameterError(optionName(key), 'given', undefined);
  const instead = others.length === 0 ? '' : ` (${alternatives(others)})`;
  refusal.message = `${refusal.parameter} must be given${instead}${remark}`;
  return refusal;
}

const alternatives = (keys: readonly string[]) => keys.map((key) => `or --${optionName(key)}`).join(', ');

/** Throws unless the options that an option needs are given, and those that it excludes are not. */
function requireCompany(
  name: string,
  typed: string | boolean,
  { with: needed, without = [] }: OptionWords,
  raw: RawOptions,
): void {
  const company = needed === undefined ? [] : [needed].flat();
  if (company.length > 0 && company.every((key) => raw[key] === undefined)) {
    const options = company.map((key) => `--${optionName(key)}`);
    throw new ParameterError(name, `given with ${options.join(' or ')}`, typed);
  }
  const other = without.find((key) => raw[key] !== undefined);
  if (other !== undefined) throw new ParameterError(name, `given without --${optionName(other)}`, typed);
}

/** An option without a value. */
export function flag(help: string, words: Pick<OptionWords, 'with' | 'without'> = {}): Input<boolean> {
  return {
    declare: (command, key) => {
      command.addOption(new NamedOption(`--${optionName(key)}`, help));
    },
    read: (raw, key) => {
      const isGiven = raw[key] === true;
      if (isGiven) requireCompany(optionName(key), true, words, raw);
      return isGiven;
    },
  };
}

/** An option of another command that says nothing here without the option `needed`. */
export function onlyWith<T>(needed: string, input: Input<T>): Input<T> {
  return {
    declare: input.declare,
    read: (raw, key) => {
      if (raw[key] !== undefined) requireCompany(optionName(key), raw[key], { with: needed }, raw);
      return input.read(raw, key);
    },
  };
}

/**
 * Several options that make one value. Their keys name the options; the key of the group does not.
 * @param combine checks them against each other
 */
export function group<const I extends Inputs, T>(
  inputs: I,
  combine: (values: Values<I>, raw: RawOptions) => T,
): Input<T> {
  return {
    declare: (command) => {
      declareAll(command, inputs);
    },
    read: (raw) => combine(readAll(raw, inputs), raw),
  };
}

/** An input whose options stand under a heading of their own in the help. */
export function headed<T>(heading: string, input: Input<T>): Input<T> {
  return {
    declare: (command, key) => {
      command.optionsGroup(heading);
      input.declare(command, key);
      command.optionsGroup('');
    },
    read: input.read,
  };
}

/** An input with its value made into another. */
export function mapped<T, U>(input: Input<T>, to: (value: T) => U): Input<U> {
  return { declare: input.declare, read: (raw, key) => to(input.read(raw, key)) };
}

/**
 * An input that must have a value, from the option of its key or from another.
 * @param others keys of the options that would do in its place
 */
export function needed<T>(input: Input<T | null>, others: readonly string[] = []): Input<T> {
  return {
    declare: (command, key) => {
      input.declare(command, key);
      for (const one of command.options) {
        if (one.long === `--${optionName(key)}` && one instanceof NamedOption) one.needed = others;
      }
    },
    read: (raw, key) => {
      const value = input.read(raw, key);
      if (value === null) throw missing(key, others);
      return value;
    },
  };
}

/** Declares inputs on a command, in their order. */
export function declareAll(command: Command, inputs: Inputs): void {
  for (const [key, input] of Object.entries(inputs)) input.declare(command, key);
}

/** Reads inputs, in their order. @throws ParameterError of the first that is refused */
export function readAll<I extends Inputs>(raw: RawOptions, inputs: I): Values<I> {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, input]) => [key, input.read(raw, key)]),
  ) as Values<I>;
}
