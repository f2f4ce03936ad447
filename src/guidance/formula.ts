import { ParameterError } from '../numerics/checks.ts';
import { formulaExcerpt } from './excerpt.ts';
import { formulaBounds, type FormulaBounds } from './formulaBounds.ts';
import {
  formulaConstants as constants,
  formulaFunctions as functions,
  unknownFunction,
  unknownSymbol,
} from './formulaNames.ts';
import { foreignToken, operatorName, syntaxReason, withoutNot, type SyntaxNode } from './formulaText.ts';
import { parse } from './parser.ts';

const isName = /^[A-Za-z]\w*$/;

/** A real function of one variable given as text. */
export interface Formula {
  readonly text: string;
  readonly variable: string;
  evaluate(x: number): number;
  /**
   * The value at an x that is known within +-margin only: a comparison whose sides agree within that, or within rounding, is
   * decided as if they were equal. For the steps of a sampler that stand on a threshold.
   */
  evaluateWithin(x: number, margin: number): number;
  /** Bounds of the formula over intervals of the variable. */
  readonly bounds: FormulaBounds;
}

type Closure = (x: number) => number;

const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  pow: Math.pow,
  smaller: (a, b) => Number(a < b),
  smallerEq: (a, b) => Number(a <= b),
  larger: (a, b) => Number(a > b),
  largerEq: (a, b) => Number(a >= b),
  and: (a, b) => Number(a !== 0 && b !== 0),
  or: (a, b) => Number(a !== 0 || b !== 0),
};
const comparisonNames = new Set(['smaller', 'smallerEq', 'larger', 'largerEq']);
const truthNames = new Set([...comparisonNames, 'and', 'or', 'not']);
const unary: Readonly<Record<string, (a: number) => number>> = {
  unaryMinus: (a) => -a,
  unaryPlus: (a) => a,
  not: (a) => Number(a === 0),
};
const longest = 500;
const mostNodes = 200;
// The numbers of a table are not counted above: they cannot nest.
const longestWithTables = 100_000;
const mostPoints = 2048;
// Relative difference at which the sides of a comparison agree within rounding.
const rounding = 8 * Number.EPSILON;
const listedNumber = /,\s*(?:[-+]\s*)?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?=\s*[,)])/g;

/**
 * Parses a formula in one variable and compiles it to a closure. mathjs parses; only numbers, the variable, pi and
 * e, + - * / ^, comparisons, and, or, not, c ? a : b, a fixed list of functions, and
 *   interpolate(x, x0, w0, x1, w1, ...): linear between the points (x_i, w_i), constant beyond the first and the last; two
 *   points or more, numbers in ascending x
 * get through. A product needs its sign (2*t), numbers are decimal, `not` takes a comparison, which it may precede without
 * parentheses: not t > 1 is not (t > 1). Nothing is ever evaluated by mathjs, whose own functions reach its parser and its
 * configuration.
 * @param parameter name used in error messages
 * @throws ParameterError for anything outside the list
 */
export function parseFormula(parameter: string, text: string, variable: string): Formula {
  const refuse = (what: string): never => {
    throw new ParameterError(
      parameter,
      `a formula in ${variable}: ${what}`,
      typeof text === 'string' ? formulaExcerpt(text) : text,
    );
  };
  if (typeof text !== 'string' || text.trim() === '') refuse('it is empty');
  if (text.length > longestWithTables) refuse(`it is longer than ${longestWithTables} characters`);
  if (text.length > longest && text.replace(listedNumber, '').length > longest)
    refuse(`it is longer than ${longest} characters, not counting the numbers of tables`);
  if (typeof variable !== 'string' || !isName.test(variable))
    throw new ParameterError('variable', 'a name', variable);
  const foreign = foreignToken(text);
  if (foreign !== null) refuse(foreign);
  let tree: SyntaxNode;
  try {
    // mathjs types its nodes by their classes.
    tree = parse(text);
  } catch (error) {
    return refuse(error instanceof Error ? syntaxReason(error.message) : 'it does not parse');
  }
  let nodes = 0;
  // Of the x that is evaluated; null: x itself.
  let margin: number | null = null;
  const agree = (difference: Closure, x: number, a: number, b: number): boolean => {
    if (Math.abs(a - b) < rounding * Math.max(Math.abs(a), Math.abs(b))) return true;
    const around = margin!;
    margin = null;
    const turns = difference(x - around) >= 0 !== difference(x + around) >= 0;
    margin = around;
    return turns;
  };
  const compileComparison = (name: string, left: SyntaxNode, right: SyntaxNode): Closure => {
    const positive = withoutNot(left);
    if (positive !== null) {
      const compared = compileComparison(name, positive, right);
      return (x) => Number(compared(x) === 0);
    }
    const [a, b] = [compile(left), compile(right)];
    const difference: Closure = (x) => a(x) - b(x);
    const apply = binary[name]!;
    return (x) => {
      const [p, q] = [a(x), b(x)];
      return margin !== null && agree(difference, x, p, q) ? apply(0, 0) : apply(p, q);
    };
  };
  const compileTable = ([argument, ...listed]: readonly SyntaxNode[]): Closure => {
    if (listed.length < 4 || listed.length % 2 === 1 || listed.length > 2 * mostPoints)
      refuse(
        `interpolate takes x and two to ${mostPoints} points, interpolate(x, x0, w0, x1, w1), not ${listed.length} numbers`,
      );
    const numbers = listed.map((node) => {
      const value = literal(node);
      return value ?? refuse('the points of interpolate are numbers');
    });
    const points = Float64Array.from(numbers.filter((_, i) => i % 2 === 0));
    const values = Float64Array.from(numbers.filter((_, i) => i % 2 === 1));
    for (let i = 1; i < points.length; i++) {
      if (!(points[i]! > points[i - 1]!)) {
        throw new ParameterError(
          parameter,
          'a formula whose tables ascend in their first column',
          `${points[i - 1]}, ${points[i]}`,
          `points ${i} and ${i + 1} of interpolate are out of order${points[i] === points[i - 1] ? ' (a jump is written with a comparison: x < a ? b : c)' : ''}`,
        );
      }
    }
    const x = compile(argument!);
    return (at) => interpolate(x(at), points, values);
  };
  const compile = (node: SyntaxNode): Closure => {
    nodes += 1;
    if (nodes > mostNodes) refuse(`it has more than ${mostNodes} terms`);
    switch (node.type) {
      case 'ConstantNode': {
        const { value } = node;
        if (typeof value !== 'number') return refuse(`${JSON.stringify(value)} is not a number`);
        return () => value;
      }
      case 'ParenthesisNode':
        return compile(node.content!);
      case 'SymbolNode': {
        const name = node.name!;
        if (name === variable) return (x) => x;
        const constant = Object.hasOwn(constants, name) ? constants[name] : undefined;
        if (constant === undefined) return refuse(unknownSymbol(name, variable));
        return () => constant;
      }
      case 'ConditionalNode': {
        const condition = compile(node.condition!);
        const yes = compile(node.trueExpr!);
        const no = compile(node.falseExpr!);
        return (x) => (condition(x) !== 0 ? yes(x) : no(x));
      }
      case 'OperatorNode': {
        const name = String(node.fn);
        if (node.implicit === true) refuse('a product is written with *');
        const [first, second] = node.args!;
        if (name === 'not' && !isTruth(first!)) refuse(`not takes a comparison: not (${variable} > 1)`);
        const isComparison = comparisonNames.has(name) && second !== undefined;
        if (!truthNames.has(name) || isComparison) {
          const free = isComparison ? [second] : node.args!;
          if (free.some((operand) => operatorName(operand) === 'not'))
            refuse(`not beside arithmetic needs parentheses: (not (${variable} > 1))`);
        }
        if (isComparison) return compileComparison(name, first!, second);
        const args = node.args!.map(compile);
        if (args.length === 1 && Object.hasOwn(unary, name)) {
          const apply = unary[name]!;
          const [a] = args;
          return (x) => apply(a!(x));
        }
        if (args.length !== 2 || !Object.hasOwn(binary, name))
          return refuse(`the operator ${name} is not allowed`);
        const apply = binary[name]!;
        const [a, b] = args;
        return (x) => apply(a!(x), b!(x));
      }
      case 'RelationalNode': {
        return refuse('chained comparisons are not allowed: use "and"');
      }
      case 'FunctionNode': {
        // A method call a.b(x) is a FunctionNode too, with an AccessorNode for fn that answers to the name b.
        const called = node.fn as { type: string; name?: string };
        if (called.type !== 'SymbolNode') return refuse(`calling a ${called.type} is not allowed`);
        const name = called.name ?? '';
        if (name === 'interpolate') return compileTable(node.args!);
        if (!Object.hasOwn(functions, name)) return refuse(unknownFunction(name));
        const { arity, apply } = functions[name]!;
        const args = node.args!.map(compile);
        if (args.length < arity[0] || args.length > arity[1])
          refuse(`${name} takes ${arityText(arity)}, not ${args.length}`);
        if (args.length === 1) {
          const [a] = args;
          return (x) => apply(a!(x));
        }
        if (args.length === 2) {
          const [a, b] = args;
          return (x) => apply(a!(x), b!(x));
        }
        return (x) => apply(...args.map((argument) => argument(x)));
      }
      case 'RangeNode':
        return refuse('a colon belongs to a condition, c ? a : b');
      default:
        return refuse(`${node.type} is not allowed`);
    }
  };
  const evaluate = compile(tree);
  const evaluateWithin = (x: number, around: number): number => {
    margin = around;
    try {
      return evaluate(x);
    } finally {
      margin = null;
    }
  };
  return { text, variable, evaluate, evaluateWithin, bounds: formulaBounds(tree, variable, interpolate) };
}

/** The number of arguments that a function takes, in words. */
function arityText([least, most]: readonly [number, number]): string {
  const range = least === most ? `${least}` : `${least} to ${most}`;
  return `${range} argument${most === 1 ? '' : 's'}`;
}

/** True for a comparison, and for comparisons combined by and, or, not. */
function isTruth(node: SyntaxNode): boolean {
  const { type, content, trueExpr, falseExpr } = node;
  if (type === 'ParenthesisNode') return isTruth(content!);
  if (type === 'ConditionalNode') return isTruth(trueExpr!) && isTruth(falseExpr!);
  return truthNames.has(operatorName(node) ?? '');
}

/** The number that a node is, with its sign; undefined if it is anything else. */
function literal({ type, value, fn, args }: SyntaxNode): number | undefined {
  if (type === 'ConstantNode') return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  if (type !== 'OperatorNode' || args?.length !== 1) return undefined;
  const unsigned = literal(args[0]!);
  if (unsigned === undefined) return undefined;
  if (fn === 'unaryMinus') return -unsigned;
  return fn === 'unaryPlus' ? unsigned : undefined;
}

/** Linear interpolation by bisection; constant beyond the ends. NaN stays NaN. */
function interpolate(x: number, points: Float64Array, values: Float64Array): number {
  let lo = 0;
  let hi = points.length - 1;
  if (x <= points[0]!) return values[0]!;
  if (x >= points[hi]!) return values[hi]!;
  if (Number.isNaN(x)) return NaN;
  while (hi - lo > 1) {
    const middle = (lo + hi) >> 1;
    if (points[middle]! <= x) lo = middle;
    else hi = middle;
  }
  const share = (x - points[lo]!) / (points[hi]! - points[lo]!);
  // So that equal neighbours give a constant exactly.
  return values[lo]! + share * (values[hi]! - values[lo]!);
}
