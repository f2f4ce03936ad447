import { create, parseDependencies, type MathNode } from 'mathjs/number';
import { ParameterError } from '../numerics/checks.ts';

/** A real function of one variable given as text. */
export interface Formula {
  readonly text: string;
  readonly variable: string;
  evaluate(x: number): number;
  /** One function per comparison in the formula; the formula may jump where one of them changes sign. */
  readonly comparisons: readonly ((x: number) => number)[];
}

const { parse } = create({ ...parseDependencies });

type Closure = (x: number) => number;

const functions: Readonly<
  Record<string, { arity: readonly [number, number]; apply: (...a: number[]) => number }>
> = {
  exp: { arity: [1, 1], apply: Math.exp },
  log: { arity: [1, 1], apply: Math.log },
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
const unary: Readonly<Record<string, (a: number) => number>> = {
  unaryMinus: (a) => -a,
  unaryPlus: (a) => a,
  not: (a) => Number(a === 0),
};
const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };
const longest = 500;
const mostNodes = 200;

/**
 * Parses a formula in one variable and compiles it to a closure. mathjs parses; only numbers, the variable, pi and
 * e, + - * / ^, comparisons, and, or, not, c ? a : b, and a fixed list of functions get through. Nothing is ever
 * evaluated by mathjs, whose own functions reach its parser and its configuration.
 * @param parameter name used in error messages
 * @throws ParameterError for anything outside the list
 */
export function parseFormula(parameter: string, text: string, variable: string): Formula {
  const refuse = (what: string): never => {
    throw new ParameterError(
      parameter,
      `a formula in ${variable} made of numbers, + - * / ^, comparisons, c ? a : b, pi, e and ${Object.keys(functions).join(', ')}`,
      typeof text === 'string' && text.length > longest ? `${text.slice(0, 40)}...` : text,
      what,
    );
  };
  if (typeof text !== 'string' || text.trim() === '') refuse('it is empty');
  if (text.length > longest) refuse(`it is longer than ${longest} characters`);
  let tree: MathNode;
  try {
    tree = parse(text);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'it does not parse');
  }
  const comparisons: Closure[] = [];
  let nodes = 0;
  const compile = (node: MathNode): Closure => {
    nodes += 1;
    if (nodes > mostNodes) refuse(`it has more than ${mostNodes} terms`);
    // mathjs types a node by its class; the tree is inspected by its documented fields.
    const raw = node as unknown as {
      type: string;
      value?: unknown;
      name?: string;
      fn?: unknown;
      args?: MathNode[];
      content?: MathNode;
      condition?: MathNode;
      trueExpr?: MathNode;
      falseExpr?: MathNode;
    };
    switch (raw.type) {
      case 'ConstantNode': {
        const { value } = raw;
        if (typeof value !== 'number') return refuse(`${JSON.stringify(value)} is not a number`);
        return () => value;
      }
      case 'ParenthesisNode':
        return compile(raw.content!);
      case 'SymbolNode': {
        const name = raw.name!;
        if (name === variable) return (x) => x;
        const constant = Object.hasOwn(constants, name) ? constants[name] : undefined;
        if (constant === undefined) return refuse(`the symbol ${name} is unknown`);
        return () => constant;
      }
      case 'ConditionalNode': {
        const condition = compile(raw.condition!);
        const yes = compile(raw.trueExpr!);
        const no = compile(raw.falseExpr!);
        return (x) => (condition(x) !== 0 ? yes(x) : no(x));
      }
      case 'OperatorNode': {
        const name = String(raw.fn);
        const args = raw.args!.map(compile);
        if (args.length === 1 && Object.hasOwn(unary, name)) {
          const apply = unary[name]!;
          const [a] = args;
          return (x) => apply(a!(x));
        }
        if (args.length !== 2 || !Object.hasOwn(binary, name))
          return refuse(`the operator ${name} is not allowed`);
        const apply = binary[name]!;
        const [a, b] = args;
        if (comparisonNames.has(name)) comparisons.push((x) => a!(x) - b!(x));
        return (x) => apply(a!(x), b!(x));
      }
      case 'RelationalNode': {
        return refuse('chained comparisons are not allowed: use "and"');
      }
      case 'FunctionNode': {
        // A method call a.b(x) is a FunctionNode too, with an AccessorNode for fn that answers to the name b.
        const called = raw.fn as { type: string; name?: string };
        if (called.type !== 'SymbolNode') return refuse(`calling a ${called.type} is not allowed`);
        const name = called.name ?? '';
        if (!Object.hasOwn(functions, name)) return refuse(`the function ${name} is not allowed`);
        const { arity, apply } = functions[name]!;
        const args = raw.args!.map(compile);
        if (args.length < arity[0] || args.length > arity[1]) refuse(`${name} takes ${arity[0]} argument(s)`);
        if (args.length === 1) {
          const [a] = args;
          return (x) => apply(a!(x));
        }
        return (x) => apply(...args.map((argument) => argument(x)));
      }
      default:
        return refuse(`${raw.type} is not allowed`);
    }
  };
  const evaluate = compile(tree);
  return { text, variable, evaluate, comparisons };
}
