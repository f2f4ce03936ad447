import {
  anything,
  constant,
  elementary,
  hull,
  multiple,
  negative,
  power,
  quotient,
  sum,
  tableOver,
  type Enclosure,
} from '../numerics/enclosure.ts';
import { withoutNot, type SyntaxNode } from './formulaText.ts';

/**
 * Signs of the switches of a formula on an interval, where they are known: 1 or -1, and 0 where they are not.
 * At a point the switches decide for themselves.
 */
export type SwitchSigns = Int8Array;

/** A part of a formula at which it changes its expression: a comparison, an abs, a min or max, a table. */
export interface FormulaSwitch {
  /** Bounds over an interval of the argument that is compared. */
  readonly over: (x: Enclosure, signs: SwitchSigns) => Enclosure;
  /** Values of the argument at which the expression changes, ascending: 0, or the points of a table. */
  readonly levels: readonly number[];
}

/** Bounds of a formula over intervals of its variable (guidance/resolution.ts). */
export interface FormulaBounds {
  readonly switches: readonly FormulaSwitch[];
  readonly over: (x: Enclosure, signs: SwitchSigns) => Enclosure;
}

type Over = FormulaSwitch['over'];

const comparisons = new Set(['smaller', 'smallerEq', 'larger', 'largerEq']);
const zero = [0];
const [no, yes, either] = [constant(0), constant(1), { ...anything, lo: 0, hi: 1 }];

/** Truth of an enclosure of a number: not 0, 0, or undecided. */
function truth({ lo, hi }: Enclosure): boolean | null {
  if (lo > 0 || hi < 0) return true;
  return lo === 0 && hi === 0 ? false : null;
}

/** 1 and 0 for a truth value. */
function asNumber(value: boolean | null): Enclosure {
  return value === null ? either : value ? yes : no;
}

/** Sign of a switch: as known, else as its bounds say, 0 if they do not. A point on the switch counts as `tie`. */
function signOf({ lo, hi }: Enclosure, known: number, tie: -1 | 0 | 1): number {
  if (lo === hi) return lo > 0 ? 1 : lo < 0 ? -1 : tie;
  if (known !== 0) return known;
  return lo > 0 ? 1 : hi < 0 ? -1 : 0;
}

/**
 * Bounds of a formula from its syntax tree, which `parseFormula` has admitted.
 * @param interpolate linear interpolation as the formula evaluates it
 */
export function formulaBounds(
  tree: SyntaxNode,
  variable: string,
  interpolate: (x: number, points: Float64Array, values: Float64Array) => number,
): FormulaBounds {
  const switches: FormulaSwitch[] = [];
  const addSwitch = (over: Over, levels: readonly number[]): number => switches.push({ over, levels }) - 1;

  const comparison = (name: string, a: Over, b: Over): Over => {
    const gap: Over = (x, signs) => sum(a(x, signs), negative(b(x, signs)));
    const index = addSwitch(gap, zero);
    const strict = name === 'smaller' || name === 'larger';
    const below = name === 'smaller' || name === 'smallerEq';
    const tie = strict === below ? 1 : -1;
    return (x, signs) => {
      const sign = signOf(gap(x, signs), signs[index]!, tie);
      return asNumber(sign === 0 ? null : sign < 0 === below);
    };
  };

  /** The larger of two (sign 1) or the smaller (sign -1). */
  const extreme = (a: Over, b: Over, sign: number): Over => {
    const gap: Over = (x, signs) => sum(a(x, signs), negative(b(x, signs)));
    const index = addSwitch(gap, zero);
    return (x, signs) => {
      const [u, v] = [a(x, signs), b(x, signs)];
      const side = sign * signOf(sum(u, negative(v)), signs[index]!, 1);
      if (side !== 0) return side > 0 ? u : v;
      const both = hull(u, v, true);
      return sign > 0 ? { ...both, lo: Math.max(u.lo, v.lo) } : { ...both, hi: Math.min(u.hi, v.hi) };
    };
  };

  const absolute = (a: Over): Over => {
    const index = addSwitch(a, zero);
    return (x, signs) => {
      const u = a(x, signs);
      const sign = signOf(u, signs[index]!, 1);
      if (sign !== 0) return sign > 0 ? u : negative(u);
      const either = hull(u, negative(u), true);
      return { ...either, lo: 0 };
    };
  };

  const operator = (name: string, args: readonly Over[]): Over => {
    const [a, b] = args as [Over, Over];
    switch (name) {
      case 'unaryMinus':
        return (x, signs) => negative(a(x, signs));
      case 'unaryPlus':
        return a;
      case 'not':
        return (x, signs) => {
          const value = truth(a(x, signs));
          return asNumber(value === null ? null : !value);
        };
      case 'add':
        return (x, signs) => sum(a(x, signs), b(x, signs));
      case 'subtract':
        return (x, signs) => sum(a(x, signs), negative(b(x, signs)));
      case 'multiply':
        return (x, signs) => multiple(a(x, signs), b(x, signs));
      case 'divide':
        return (x, signs) => quotient(a(x, signs), b(x, signs));
      case 'pow':
        return (x, signs) => power(a(x, signs), b(x, signs));
      case 'and':
      case 'or':
        return (x, signs) => {
          const [p, q] = [truth(a(x, signs)), truth(b(x, signs))];
          const decisive = name === 'or';
          if (p === decisive || q === decisive) return asNumber(decisive);
          return asNumber(p === null || q === null ? null : !decisive);
        };
      default:
        return comparison(name, a, b);
    }
  };

  /** A comparison, which takes the `not` that its left side begins with. */
  const compared = (name: string, left: SyntaxNode, right: SyntaxNode): Over => {
    const positive = withoutNot(left);
    if (positive === null) return comparison(name, compile(left), compile(right));
    const inner = compared(name, positive, right);
    return operator('not', [inner]);
  };

  const called = (name: string, args: readonly SyntaxNode[]): Over => {
    if (name === 'interpolate') return table(args);
    const overs = args.map(compile);
    const [first, second] = overs as [Over, Over];
    if (name === 'abs') return absolute(first);
    if (name === 'min' || name === 'max')
      return overs.reduce((a, b) => extreme(a, b, name === 'max' ? 1 : -1));
    if (name === 'pow') return operator('pow', [first, second]);
    const apply = elementary[name as keyof typeof elementary];
    return (x, signs) => apply(first(x, signs));
  };

  const table = ([argument, ...listed]: readonly SyntaxNode[]): Over => {
    const at = compile(argument!);
    const numbers = listed.map((node) => compile(node)(constant(0), new Int8Array()).lo);
    const points = Float64Array.from(numbers.filter((_, i) => i % 2 === 0));
    const values = Float64Array.from(numbers.filter((_, i) => i % 2 === 1));
    addSwitch(at, [...points]);
    const value = (x: number) => interpolate(x, points, values);
    return (x, signs) => tableOver(at(x, signs), points, values, value);
  };

  const compile = (node: SyntaxNode): Over => {
    switch (node.type) {
      case 'ConstantNode': {
        const value = constant(node.value as number);
        return () => value;
      }
      case 'ParenthesisNode':
        return compile(node.content!);
      case 'SymbolNode': {
        if (node.name === variable) return (x) => x;
        const value = constant(node.name === 'pi' ? Math.PI : Math.E);
        return () => value;
      }
      case 'ConditionalNode': {
        const [condition, a, b] = [node.condition!, node.trueExpr!, node.falseExpr!].map(compile) as [
          Over,
          Over,
          Over,
        ];
        return (x, signs) => {
          const value = truth(condition(x, signs));
          if (value === null) return hull(a(x, signs), b(x, signs), false);
          return value ? a(x, signs) : b(x, signs);
        };
      }
      case 'OperatorNode':
        return comparisons.has(String(node.fn))
          ? compared(String(node.fn), node.args![0]!, node.args![1]!)
          : operator(String(node.fn), node.args!.map(compile));
      default:
        return called((node.fn as { readonly name: string }).name, node.args!);
    }
  };
  const over = compile(tree);
  return { switches, over };
}
