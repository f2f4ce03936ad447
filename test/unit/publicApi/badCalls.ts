import * as api from './everything.ts';

type Api = typeof api;
type Call = (...args: never[]) => unknown;

/** Every exported function of the library. */
export type FunctionName = { [K in keyof Api]: Api[K] extends Call ? K : never }[keyof Api];

/**
 * Valid arguments of a function, with the bad calls that it admits ("name=kind") or the reason for not trying any. What takes long
 * (`isLong`) is called with what it must refuse only.
 */
export type Example<Args extends readonly unknown[]> =
  | Args
  | { readonly args: Args; readonly admits: readonly string[]; readonly isLong?: boolean }
  | { readonly untried: string };

/** Examples of some functions, or of all of them. */
export type Examples<Names extends FunctionName = FunctionName> = {
  readonly [Name in Names]: Example<Parameters<Api[Name]>>;
};

const results = new WeakSet();
const optionSets = new WeakSet();

/** An object that another function of the library made: it is replaced by other values, and taken as it is inside. */
export function made<const T extends object>(value: T): T {
  results.add(value);
  return value;
}

/** Options: each has a default, so that it may be missing. */
export function options<const T extends object>(value: T): T {
  optionSets.add(value);
  return value;
}

/** A call with one value replaced. */
export interface BadCall {
  /** "name=kind" or "name.key=kind". */
  readonly label: string;
  /** Words of which an error must have one. */
  readonly words: readonly string[];
  readonly args: readonly unknown[];
}

const absent = ['undefined', undefined] as const;

/** Values that are no numbers of the kind that `value` is, or no values of its type. */
function wrongValues(value: unknown): (readonly [string, unknown])[] {
  const other: (readonly [string, unknown])[] = [absent, ['null', null], ['NaN', NaN], ['{}', {}]];
  // Null stands for a number or an object that is not wanted: those are no wrong values.
  if (value === null) return [absent, ['NaN', NaN], ['text', 'text']];
  if (typeof value === 'number') return [...other, ['Infinity', Infinity], ['text', '1']];
  if (typeof value === 'string') return [...other, ['number', 1], ['unknown', 'no-such']];
  return [...other, ['number', 1], ['text', 'text']];
}

function isOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null && optionSets.has(value);
}

function withKey(object: object, key: string, value: unknown): object {
  return { ...object, [key]: value };
}

function withoutKey(object: object, key: string): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** The value with something wrong one level inside. */
function wrongInside(value: unknown): { path: string; key: string; value: unknown }[] {
  if (typeof value !== 'object' || value === null || results.has(value)) return [];
  if (value instanceof Float64Array) {
    return [NaN, Infinity].map((bad) => {
      const copy = value.slice();
      copy[0] = bad;
      return { path: `[0]=${bad}`, key: '', value: copy };
    });
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return [];
    return wrongValues(value[0]).map(([kind, bad]) => {
      return { path: `[0]=${kind}`, key: '', value: [bad, ...(value.slice(1) as unknown[])] };
    });
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const wrong = wrongValues(inner)
      .filter(([kind]) => !(kind === '{}' && isOptions(inner)))
      .map(([kind, bad]) => {
        return { path: `.${key}=${kind}`, key, value: withKey(value, key, bad) };
      });
    const misspelt = withKey(withoutKey(value, key), `${key}s`, inner);
    return [
      ...wrong.filter(({ path }) => !optionSets.has(value) || !path.endsWith('=undefined')),
      ...(optionSets.has(value) ? [] : [{ path: `.${key}=missing`, key, value: withoutKey(value, key) }]),
      { path: `.${key}=misspelt`, key, value: misspelt },
    ];
  });
}

/** Names and defaults of a function's parameters, from its text; a destructured one has no name. */
function parametersOf(call: Call): { name: string; hasDefault: boolean }[] {
  const text = call.toString();
  const parameters: string[] = [''];
  let depth = 0;
  for (const letter of text.slice(text.indexOf('('))) {
    if ('([{'.includes(letter)) depth += 1;
    if (')]}'.includes(letter)) depth -= 1;
    if (depth === 0) break;
    if (letter === ',' && depth === 1) parameters.push('');
    else parameters.push((parameters.pop() ?? '') + letter);
  }
  return parameters.map((parameter, i) => {
    const [name = '', ...rest] = parameter.replace(/^\(/, '').split('=');
    const isName = /^\w+$/.test(name.trim());
    return { name: isName ? name.trim() : `argument ${i + 1}`, hasDefault: isName && rest.length > 0 };
  });
}

/** What errors call a parameter instead, mostly because the option of the command line is called so. */
const alsoCalled: Readonly<Record<string, readonly string[]>> = {
  count: ['trajectory'],
  grid: ['noise'],
  id: ['name'],
  kind: ['budget'],
  name: ['backend'],
  overlaps: ['m must', 'm['],
  text: ['guidance', 'form', 'schedule', 'spectrum', 'levels', 'centres-law'],
  'argument 1': ['spectrum'],
  transitionClock: ['clock'],
  values: ['parameters of'],
};

/** All bad calls that follow from a valid one. */
export function badCalls(call: Call, args: readonly unknown[]): BadCall[] {
  const parameters = parametersOf(call);
  return args.flatMap((value, i) => {
    const { name = '', hasDefault = false } = parameters[i] ?? {};
    // Only the name under which errors speak of another parameter.
    if (name === 'parameter' && typeof value === 'string') return [];
    const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    const words = [name, ...keys, ...(alsoCalled[name] ?? [])];
    const replaced = (bad: unknown) => args.map((other, j) => (j === i ? bad : other));
    return [
      ...wrongValues(value)
        .filter(([kind]) => !(kind === 'undefined' && hasDefault))
        .filter(([kind]) => !(kind === '{}' && isOptions(value)))
        .map(([kind, bad]) => ({
          label: `${name}=${kind}`,
          words,
          args: replaced(bad),
        })),
      ...wrongInside(value).map((inside) => ({
        label: `${name}${inside.path}`,
        words: [name, inside.key, ...(alsoCalled[name] ?? [])].filter((word) => word !== ''),
        args: replaced(inside.value),
      })),
    ];
  });
}

/** Where a NaN is in a value, or null. */
export function nanIn(value: unknown, depth = 4): string | null {
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN' : null;
  if (typeof value !== 'object' || value === null || depth === 0) return null;
  if (value instanceof Float64Array) return value.some(Number.isNaN) ? 'NaN in an array' : null;
  for (const [key, inner] of Object.entries(value)) {
    const found = nanIn(inner, depth - 1);
    if (found !== null) return `${key}: ${found}`;
  }
  return null;
}

/** What is wrong with the outcome of a bad call; null if it was refused as it should be, or is admitted and gives numbers. */
export async function faultOf(
  call: Call,
  { args, words, label }: BadCall,
  isAdmitted: boolean,
): Promise<string | null> {
  const began = performance.now();
  let outcome: string | null;
  try {
    const value: unknown = await (call as (...args: readonly unknown[]) => unknown)(...args);
    const nan = nanIn(value);
    // A NaN that a function takes it gives back.
    const isNanMeant = isAdmitted && label.endsWith('=NaN');
    outcome = nan !== null && !isNanMeant ? `returned ${nan}` : isAdmitted ? null : 'accepted';
  } catch (error) {
    if (error instanceof api.ParameterError) {
      const isNamed = words.some((word) => error.message.includes(word));
      outcome = isNamed ? null : `named neither ${words.join(' nor ')}: ${error.message}`;
    } else if (error instanceof api.NumericalFailure) outcome = null;
    else outcome = String(error);
  }
  const seconds = (performance.now() - began) / 1000;
  if (seconds > 2) outcome ??= `took ${seconds.toFixed(1)} s`;
  return outcome === null ? null : `${label}: ${outcome}`;
}
