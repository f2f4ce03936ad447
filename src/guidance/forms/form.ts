import {
  ParameterError,
  requireFunction,
  requireKnownKeys,
  requireObject,
  requireText,
} from '../../numerics/checks.ts';
import type { Formula } from '../formula.ts';
import { formEntry } from './catalogue.ts';
import type { FormEntry } from './entry.ts';
import type { Prediction } from './predictions.ts';
import type { FormContext, FormRule } from './rule.ts';

/**
 * A guidance form: the rule that combines the class score s_c and the unconditional score s_u at a coefficient w
 * (docs/theory/guidance-forms.md).
 * Plain data, so that it can be sent to a worker and written to a file, but for one that is code ({@link OwnForm}). Every parameter is
 * present; {@link parseForm} fills in defaults.
 */
export type GuidanceForm =
  | { readonly kind: 'linear' }
  | {
      readonly kind: 'power';
      readonly exponent: number;
      readonly dimension: number;
      readonly prediction: Prediction | 'score';
    }
  | {
      readonly kind: 'nonlinear';
      /** Formula for phi in the variable x. */
      readonly phi: string;
      readonly dimension: number;
      readonly prediction: Prediction | 'score';
      /** phi, parsed: put there by resolveForm; a form with it cannot be sent to a worker. */
      readonly formula?: Formula;
    }
  | { readonly kind: 'rescaled'; readonly phi: number; readonly prediction: Prediction }
  | { readonly kind: 'renormalised'; readonly cap: number; readonly prediction: Prediction }
  | { readonly kind: 'projected'; readonly parallel: number; readonly threshold: number }
  | { readonly kind: 'feedback'; readonly mixing: number; readonly dimension: number }
  | { readonly kind: 'zero-star'; readonly prediction: Prediction }
  | { readonly kind: 'autoguidance'; readonly delta: number; readonly against: 'class' | 'mixture' }
  | { readonly kind: 'tcfg'; readonly prediction: Prediction }
  | { readonly kind: 'adg'; readonly limit: number }
  | { readonly kind: 'mambo-g'; readonly damping: number; readonly prediction: Prediction }
  | { readonly kind: 'vags'; readonly kappa: number; readonly prediction: Prediction }
  | { readonly kind: 'pmc'; readonly cap: number }
  | OwnForm;

/**
 * A guidance form of one's own, as code (docs/how-to/own-guidance.md). Mean field and particles of this thread take it; it is no plain data,
 * so that it can't be sent to a worker.
 * @example
 * // s_c + w (s_c - s_u)/(1 + |Delta|): weaker where the scores differ much.
 * const damped: OwnForm = {
 *   kind: 'own',
 *   name: 'damped',
 *   rule: () => ({
 *     usesPosterior: true,
 *     usesInformation: false,
 *     shift: 0,
 *     target({ difference }, _variance, w, out) {
 *       out.centre = 1;
 *       out.guidance = w / (1 + Math.sqrt(Math.max(0, difference)));
 *       out.state = 0;
 *     },
 *   }),
 * };
 */
export interface OwnForm {
  readonly kind: 'own';
  /** Name for messages and records. */
  readonly name: string;
  /** The rule for a problem: called once for each solution, its `target` at every step. */
  readonly rule: (context: FormContext) => FormRule;
}

/** Linear guidance s_c + w (s_c - s_u). */
export const linearForm: GuidanceForm = { kind: 'linear' };

/**
 * Reads a form: its id, then parameters as key=value with commas between them, all of which have defaults:
 * "linear", "power:exponent=0.9", "rescaled:phi=0.7,prediction=data".
 * @param parameter name used in error messages
 * @throws ParameterError for an unknown form or parameter, or a value outside its domain
 */
export function parseForm(text: string, parameter = 'form'): GuidanceForm {
  requireText(parameter, text);
  const [id = '', ...rest] = text.split(':');
  const entry = formEntry(id.trim(), parameter);
  const given = new Map<string, string>();
  for (const part of splitOutsideBrackets(rest.join(':'))) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(0, equals)).trim();
    if (equals < 0 || given.has(name)) {
      throw new ParameterError(parameter, 'ID or ID:key=value,key=value with each key once', text);
    }
    given.set(name, part.slice(equals + 1).trim());
  }
  const names = parameterNames(entry);
  for (const name of given.keys()) {
    if (!names.includes(name)) {
      const known = names.length === 0 ? 'no parameters' : `the parameters ${names.join(', ')}`;
      throw new ParameterError(parameter, `${entry.id} with ${known}`, name);
    }
  }
  const form: Record<string, unknown> = { kind: entry.id };
  for (const { name, default: value } of entry.parameters) {
    const written = given.get(name);
    form[name] = written === undefined ? value : written === '' ? NaN : Number(written);
  }
  for (const { name, default: value } of entry.choices) form[name] = given.get(name) ?? value;
  for (const { name, default: value } of entry.formulas) form[name] = given.get(name) ?? value;
  checkForm(form as GuidanceForm, parameter);
  return form as GuidanceForm;
}

/** The text of a form, with all its parameters; {@link parseForm} reads it. */
export function formText(form: GuidanceForm): string {
  checkForm(form);
  if (form.kind === 'own') return form.name;
  const values = form as unknown as Readonly<Record<string, string | number>>;
  const parts = parameterNames(formEntry(form.kind)).map((name) => `${name}=${values[name]!}`);
  return parts.length === 0 ? form.kind : `${form.kind}:${parts.join(',')}`;
}

/**
 * Checks a form.
 * @throws ParameterError for an unknown form or parameter, a missing one, or a value outside its domain
 */
export function checkForm(form: GuidanceForm, parameter = 'form'): void {
  requireObject(parameter, form);
  if (form.kind === 'own') {
    requireKnownKeys(parameter, form, ['kind', 'name', 'rule']);
    requireText(`${parameter}.name`, form.name);
    requireFunction(`${parameter}.rule`, form.rule);
    return;
  }
  const entry = formEntry(form.kind, parameter);
  const values = form as unknown as Readonly<Record<string, unknown>>;
  const known = ['kind', 'formula', ...parameterNames(entry)];
  for (const name of Object.keys(values)) {
    if (!known.includes(name))
      throw new ParameterError(parameter, `an object with keys among ${known.join(', ')}`, name);
  }
  for (const { name, least, largest, openLeast, openLargest } of entry.parameters) {
    const value = values[name];
    const above = typeof value === 'number' && (openLeast === true ? value > least : value >= least);
    if (!above || !(openLargest === true ? value < largest : value <= largest)) {
      const domain = `${openLeast === true ? '(' : '['}${least}, ${largest}${openLargest === true ? ')' : ']'}`;
      throw new ParameterError(`${parameter} ${entry.id}:${name}`, `a number in ${domain}`, value);
    }
  }
  for (const { name, values: choices } of entry.choices) {
    if (!choices.includes(values[name] as string)) {
      throw new ParameterError(
        `${parameter} ${entry.id}:${name}`,
        `one of ${choices.join(', ')}`,
        values[name],
      );
    }
  }
  for (const { name } of entry.formulas) {
    if (typeof values[name] !== 'string' || values[name].trim() === '') {
      throw new ParameterError(`${parameter} ${entry.id}:${name}`, 'a formula', values[name]);
    }
  }
}

/**
 * The form with what its text stands for: phi of a nonlinear form is parsed by the module that is loaded for it here (mathjs
 * is slow to load). Other forms are returned as they are.
 * @throws ParameterError for a formula that is not allowed
 */
export async function resolveForm(form: GuidanceForm): Promise<GuidanceForm> {
  checkForm(form);
  if (form.kind !== 'nonlinear' || form.formula !== undefined) return form;
  const { parseFormula } = await import('../formula.ts');
  return { ...form, formula: parseFormula('form nonlinear:phi', form.phi, 'x') };
}

function parameterNames({ parameters, choices, formulas }: FormEntry): string[] {
  return [...formulas, ...parameters, ...choices].map(({ name }) => name);
}

/** Parts between the commas that are not inside brackets. */
function splitOutsideBrackets(text: string): string[] {
  if (text.trim() === '') return [];
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  return parts;
}
