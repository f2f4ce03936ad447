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
    if (run !== '') {
      const isProduct = number !== '0' && /^[A-Za-z]/.test(run);
      return isProduct
        ? `a product is written with *, ${number}*${run}`
        : `${number}${run} is not a decimal number`;
    }
    const value = Number(number);
    if (value === Infinity || (value === 0 && /^[0.]*[1-9]/.test(number)))
      return `${number} is beyond double precision`;
  }
  return null;
}

/** Complaints of the parser, which counts characters from 1, and what they say to someone who wrote a formula. */
const complaints: readonly (readonly [RegExp, (at: string, part: string) => string])[] = [
  [/^Parenthesis \) expected/, (at) => `a parenthesis is not closed (character ${at})`],
  [/^Unexpected part "(.*?)"/, (at, part) => `there is no operator before ${part} (character ${at})`],
  [/^Unexpected operator (\S+)/, (at, part) => `the operator ${part} is out of place (character ${at})`],
  [/^False part of conditional/, () => 'a condition needs both values, c ? a : b'],
  [
    /^Unexpected end of expression|^Value expected/,
    (at) => `a number or a name is missing (character ${at})`,
  ],
];

/** Reason why a text does not parse, in words of the formula. @param message of the parser */
export function syntaxReason(message: string): string {
  const at = /\(char (\d+)\)$/.exec(message)?.[1] ?? '';
  for (const [pattern, reason] of complaints) {
    const found = pattern.exec(message);
    if (found !== null) return reason(at, found[1] ?? '');
  }
  return message;
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
