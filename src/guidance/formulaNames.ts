import { didYouMean } from '../numerics/spelling.ts';
import { scheduleClocks } from './schedule.ts';

/** Functions of a formula, with the least and the largest number of their arguments. */
export const formulaFunctions: Readonly<
  Record<string, { arity: readonly [number, number]; apply: (...a: number[]) => number }>
> = {
  exp: { arity: [1, 1], apply: Math.exp },
  expm1: { arity: [1, 1], apply: Math.expm1 },
  log: { arity: [1, 1], apply: Math.log },
  log1p: { arity: [1, 1], apply: Math.log1p },
  sqrt: { arity: [1, 1], apply: Math.sqrt },
  abs: { arity: [1, 1], apply: Math.abs },
  sin: { arity: [1, 1], apply: Math.sin },
  cos: { arity: [1, 1], apply: Math.cos },
  tan: { arity: [1, 1], apply: Math.tan },
  atan: { arity: [1, 1], apply: Math.atan },
  sinh: { arity: [1, 1], apply: Math.sinh },
  cosh: { arity: [1, 1], apply: Math.cosh },
  tanh: { arity: [1, 1], apply: Math.tanh },
  min: { arity: [1, 8], apply: Math.min },
  max: { arity: [1, 8], apply: Math.max },
  pow: { arity: [2, 2], apply: Math.pow },
};

/** Constants of a formula. */
export const formulaConstants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

/** Names of all functions of a formula, tables among them. */
export const formulaFunctionNames: readonly string[] = [...Object.keys(formulaFunctions), 'interpolate'];

/** Reason why a name does not stand for a number. */
export function unknownSymbol(name: string, variable: string): string {
  if (formulaFunctionNames.includes(name))
    return `the function ${name} needs its argument, ${name}(${variable})`;
  const isClock = (scheduleClocks as readonly string[]).includes(name);
  const known = [variable, ...Object.keys(formulaConstants)].join(', ');
  return `the symbol ${name} is unknown: there are ${known}${isClock ? `; ${name} belongs to the clock ${name}` : ''}`;
}

/** Reason why a name does not stand for a function. */
export function unknownFunction(name: string): string {
  if (name === 'ln') return 'the natural logarithm is log';
  const advice = didYouMean(name, formulaFunctionNames);
  return advice === undefined
    ? `the function ${name} is not among ${formulaFunctionNames.join(', ')}`
    : `the function ${name} is unknown (${advice})`;
}
