import { ParameterError } from '../../numerics/checks.ts';
import { didYouMean } from '../../numerics/spelling.ts';
import { readValue } from './arrays.ts';

type Library = Readonly<Record<string, unknown>>;

/** The library by the subpaths of the package. */
export const libraries: Readonly<Record<string, () => Promise<Library>>> = {
  'cfg-dmft': () => import('../../index.ts'),
  guidance: () => import('../../public/guidance.ts'),
  'closed-forms': () => import('../../public/closedForms.ts'),
  particles: () => import('../../public/particles.ts'),
  'finite-size': () => import('../../public/finiteSize.ts'),
  structured: () => import('../../public/structured.ts'),
  latents: () => import('../../public/latents.ts'),
  'few-classes': () => import('../../public/fewClasses.ts'),
  classifiers: () => import('../../public/classifiers.ts'),
  design: () => import('../../public/design.ts'),
  claims: () => import('../../public/claims.ts'),
  figures: () => import('../../public/figures.ts'),
  images: () => import('../../images/index.ts'),
  threads: () => import('../../threads/index.ts'),
};

/** A class, which is no function of data. */
const isClass = (value: unknown) => typeof value === 'function' && /^class\b/.test(String(value));

/** Names of the functions and values of the library, each after its subpath: `closed-forms.smallAlphaMeanShift`. */
export async function functionNames(): Promise<string[]> {
  const names = await Promise.all(
    Object.entries(libraries).map(async ([subpath, load]) =>
      Object.entries(await load()).flatMap(([name, value]) => (isClass(value) ? [] : [`${subpath}.${name}`])),
    ),
  );
  return names.flat();
}

/**
 * The value of a library function for arguments of plain data, or a value of the library.
 * @param method subpath and name: `closed-forms.smallAlphaMeanShift`
 * @throws ParameterError for an unknown function, or one that gives no plain data
 */
export async function callFunction(method: string, args: unknown): Promise<unknown> {
  const at = method.indexOf('.');
  const load = Object.hasOwn(libraries, method.slice(0, at)) ? libraries[method.slice(0, at)] : undefined;
  const library = await load?.();
  const name = method.slice(at + 1);
  if (library === undefined || !Object.hasOwn(library, name) || isClass(library[name])) {
    const known = await functionNames();
    throw new ParameterError('method', 'a function of the library', method, didYouMean(method, known));
  }
  if (!Array.isArray(args))
    throw new ParameterError('params', 'the list of the arguments of a function', args);
  const value = library[name];
  if (typeof value !== 'function') {
    if (args.length > 0) throw new ParameterError('params', `empty for ${method}, which is a value`, args);
    requirePlain(method, value);
    return value;
  }
  const given = args.map((argument, i) => readValue(`params[${i}]`, argument));
  const result: unknown = await (value as (...given: unknown[]) => unknown)(...given);
  requirePlain(method, result);
  return result;
}

/** Throws unless a value is plain data: numbers, texts, lists and objects of them. */
function requirePlain(method: string, value: unknown): void {
  const isPlain = (one: unknown): boolean => {
    if (typeof one === 'function' || typeof one === 'symbol' || typeof one === 'bigint') return false;
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) return true;
    if (Array.isArray(one)) return one.every(isPlain);
    const prototype: unknown = Object.getPrototypeOf(one);
    return (prototype === Object.prototype || prototype === null) && Object.values(one).every(isPlain);
  };
  if (isPlain(value)) return;
  throw new ParameterError(
    'method',
    'a function that gives plain data',
    method,
    'its result has functions in it, which a message cannot carry: a command says what it is for',
  );
}
