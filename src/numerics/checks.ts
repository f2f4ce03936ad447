import { didYouMean } from './spelling.ts';

/** Misuse of a public function: a parameter outside its domain. The command line turns it into exit code 2. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  readonly parameter: string;
  /** Required condition, as it reads after "must be". */
  readonly condition: string;
  /** Given value. */
  readonly value: unknown;
  /** Advice, or null. */
  readonly remedy: string | null;

  /**
   * @param parameter name of the parameter, as the caller spells it
   * @param condition required condition, as it reads after "must be"
   * @param value given value
   * @param remedy advice (optional, one clause)
   */
  constructor(parameter: string, condition: string, value: unknown, remedy?: string) {
    super(
      `${parameter} must be ${condition}, got ${show(value)}${remedy === undefined ? '' : `; ${remedy}`}`,
    );
    this.parameter = parameter;
    this.condition = condition;
    this.value = value;
    this.remedy = remedy ?? null;
  }
}

/** A computation that could not be completed although its parameters were admissible. Exit code 1 on the command line. */
export class NumericalFailure extends Error {
  override readonly name = 'NumericalFailure';
  /** Remedy to try. */
  readonly remedy: string;

  /** @param problem description of the failure; @param advice remedy to try */
  constructor(problem: string, advice: string) {
    super(`${problem}; ${advice}`);
    this.remedy = advice;
  }
}

/** Throws NumericalFailure unless the numbers of a result are finite. @param what their name; @param advice remedy to try */
export function requireResult(what: string, values: Iterable<number>, advice: string): void {
  for (const value of values) {
    if (!Number.isFinite(value)) throw new NumericalFailure(`${what} is beyond the range of numbers`, advice);
  }
}

/** Characters of a value in a message. */
const mostShown = 80;

/** Words of a choice in a message that also knows the one that is meant. */
const mostListed = 10;

function show(value: unknown): string {
  const text = fullText(value);
  return text.length > mostShown ? `${text.slice(0, mostShown - 3)}...` : text;
}

function fullText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  if (value === null || value === undefined) return String(value);
  const text = JSON.stringify(value) as string | undefined;
  return text ?? typeof value;
}

/** Throws unless `value` is a number, which may be infinite. */
export function requireNumber(parameter: string, value: number): void {
  if (typeof value !== 'number' || Number.isNaN(value))
    throw new ParameterError(parameter, 'a number', value);
}

/** Throws unless `value` is a finite number. */
export function requireFinite(parameter: string, value: number): void {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new ParameterError(parameter, 'a finite number', value);
}

/** Throws unless `value` is finite and > 0. */
export function requirePositive(parameter: string, value: number): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    throw new ParameterError(parameter, 'a finite number > 0', value);
  }
}

/** Throws unless `value` is finite and >= 0. */
export function requireNonNegative(parameter: string, value: number): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new ParameterError(parameter, 'a finite number >= 0', value);
  }
}

/** Throws unless `value` is in (0, 1). */
export function requireFraction(parameter: string, value: number): void {
  if (typeof value !== 'number' || !(value > 0 && value < 1))
    throw new ParameterError(parameter, 'a number in (0, 1)', value);
}

/** Throws unless `value` is an integer in [min, max]. */
export function requireInteger(
  parameter: string,
  value: number,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const isUnlimited = max === Number.MAX_SAFE_INTEGER && !(value > max);
    const condition = isUnlimited ? `an integer >= ${min}` : `an integer in [${min}, ${max}]`;
    throw new ParameterError(parameter, condition, value);
  }
}

/** Throws unless `value` is one of `choices`. */
export function requireChoice<T extends string>(
  parameter: string,
  value: string,
  choices: readonly T[],
): asserts value is T {
  if (!(choices as readonly string[]).includes(value)) {
    const advice = typeof value === 'string' ? didYouMean(value, choices) : undefined;
    const isLong = advice !== undefined && choices.length > mostListed;
    const listed = isLong ? `${choices.length} words` : choices.join(', ');
    throw new ParameterError(parameter, `one of ${listed}`, value, advice);
  }
}

/** Throws unless `value` is true or false. */
export function requireFlag(parameter: string, value: boolean): void {
  if (typeof value !== 'boolean') throw new ParameterError(parameter, 'true or false', value);
}

/** Throws unless `value` is a text. */
export function requireText(parameter: string, value: string): void {
  if (typeof value !== 'string') throw new ParameterError(parameter, 'a text', value);
}

/** Throws unless `value` is a function; undefined passes where it is optional. */
export function requireFunction(parameter: string, value: unknown, use?: 'optional'): void {
  if (typeof value === 'function' || (value === undefined && use === 'optional')) return;
  throw new ParameterError(parameter, 'a function', value);
}

/** Throws unless `value` is an object (no list). */
export function requireObject(parameter: string, value: object): void {
  if (typeof value !== 'object' || (value as object | null) === null || isList(value))
    throw new ParameterError(parameter, 'an object', value);
}

/** Throws unless `value` is an array or typed array each entry of which passes `check` (called with "parameter[i]"). */
export function requireList<T>(
  parameter: string,
  value: ArrayLike<T>,
  check?: (parameter: string, entry: T) => void,
): void {
  if (!isList(value)) throw new ParameterError(parameter, 'a list', value);
  if (check === undefined) return;
  for (let i = 0; i < value.length; i++) check(`${parameter}[${i}]`, value[i]!);
}

/** Throws unless `value` is an array of finite numbers, none missing. */
export function requireNumbers(parameter: string, value: ArrayLike<number>): void {
  requireList(parameter, value);
  // No name is made for each entry: points may be many.
  for (let i = 0; i < value.length; i++) {
    if (!Number.isFinite(value[i])) requireFinite(`${parameter}[${i}]`, value[i]!);
  }
}

/** Throws unless `value` is a Float64Array of finite numbers, `length` of them if that is given. */
export function requireFloats(parameter: string, value: Float64Array, length?: number): void {
  if (!(value instanceof Float64Array)) throw new ParameterError(parameter, 'a Float64Array', value);
  if (length !== undefined && value.length !== length) {
    throw new ParameterError(parameter, `an array of ${length} numbers`, value.length);
  }
  requireNumbers(parameter, value);
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** Kind of a member of an interface. */
type MemberKind = 'function' | 'number' | 'text' | 'flag' | 'list' | 'object';

const kindChecks: Readonly<Record<MemberKind, (parameter: string, value: never) => void>> = {
  function: requireFunction,
  number: requireNumber,
  text: requireText,
  flag: requireFlag,
  list: requireList,
  object: requireObject,
};

/** Throws unless `value` is an object with the named members, each of its kind: an interface, as far as a program can see it. */
export function requireMembers<T extends object>(
  parameter: string,
  value: T,
  members: { readonly [K in keyof T]?: MemberKind },
): void {
  requireObject(parameter, value);
  for (const [name, kind] of Object.entries(members) as [keyof T & string, MemberKind][]) {
    kindChecks[kind](`${parameter}.${name}`, value[name] as never);
  }
}

/** Throws unless `given` is an object without a key that is not in `known`: a misspelt option is never ignored silently. */
export function requireKnownKeys(parameter: string, given: object, known: readonly string[]): void {
  requireObject(parameter, given);
  for (const key of Object.keys(given)) {
    if (!known.includes(key))
      throw new ParameterError(parameter, `an object with keys among ${known.join(', ')}`, key);
  }
}
