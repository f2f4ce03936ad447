/** Characters of other notations, and how a formula says the same. */
const notations: readonly (readonly [RegExp, string])[] = [
  [/%/, 'a percentage is written as a number: 0.1 for 10%'],
  [/#/, 'comments are not allowed'],
  [/[&|]/, 'write "and", "or"'],
  [/!/, 'write "not (...)"'],
  [/[=≤≥]/, 'comparisons are <, <=, >, >='],
  [/[−–]/, 'the minus sign is -'],
  [/[×·∙]/, 'a product is written with *'],
];

/** Blanks, decimal numbers, names, and signs of the language; pairs of signs that mathjs would read as one are excluded. */
const token = /\s+|((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|[A-Za-z_]\w*|[<>]=?|\*(?!\s*\*)|[-+/^?:(),]/y;

/**
 * Reason why a text is not a formula, before it is parsed: a character outside the language (percent signs and comments among
 * them), a number that is not decimal (0x10), runs into a name (2t) or is beyond double precision. Null: none.
 */
export function foreignToken(text: string): string | null {
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (found === null) {
      if (text[at] === '*') return 'a power is written with ^';
      const character = String.fromCodePoint(text.codePointAt(at)!);
      const hint = notations.find(([known]) => known.test(character))?.[1];
      return `${JSON.stringify(character)} is not allowed${hint === undefined ? '' : ` (${hint})`}`;
    }
    const number = found[1];
    if (number === undefined) continue;
    const run = /^[\w.]*/.exec(text.slice(token.lastIndex, token.lastIndex + 20))![0];
    if (run !== '') return `${number}${run} is not a decimal number (a product is written with *)`;
    const value = Number(number);
    if (value === Infinity || (value === 0 && /^[0.]*[1-9]/.test(number)))
      return `${number} is beyond double precision`;
  }
  return null;
}

/** A node of the syntax tree by the fields that mathjs documents; it types them by classes. */
export interface SyntaxNode {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: string;
  readonly fn?: unknown;
  readonly args?: readonly SyntaxNode[];
  readonly implicit?: boolean;
  readonly content?: SyntaxNode;
  readonly condition?: SyntaxNode;
  readonly trueExpr?: SyntaxNode;
  readonly falseExpr?: SyntaxNode;
}

/** Name of the operator that a node is, outside parentheses; null for anything else. */
export function operatorName({ type, fn }: SyntaxNode): string | null {
  return type === 'OperatorNode' ? String(fn) : null;
}

/**
 * The left side of a comparison without the `not` that it begins with, which mathjs binds to its first operand and a reader to
 * the comparison: not 2*t > 1 is not (2*t > 1). Null if it begins with none.
 */
export function withoutNot(node: SyntaxNode): SyntaxNode | null {
  const { args } = node;
  const name = operatorName(node);
  if (name === 'not') return args![0]!;
  if (name === null || args!.length !== 2) return null;
  const first = withoutNot(args![0]!);
  return first === null ? null : { type: node.type, fn: node.fn, args: [first, args![1]!] };
}
