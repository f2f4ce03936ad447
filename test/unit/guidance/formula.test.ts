import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { variableOver } from '../../../src/numerics/enclosure.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';

const parse = (text: string, variable = 't') => parseFormula('schedule', text, variable);

const legitimate: [string, (t: number) => number][] = [
  ['3', () => 3],
  ['-1.5e-3', () => -1.5e-3],
  ['.5', () => 0.5],
  ['t', (t) => t],
  ['(((t)))', (t) => t],
  ['1 + 2*t - t/4', (t) => 1 + 2 * t - t / 4],
  ['2*t', (t) => 2 * t],
  ['3*(t + 1)', (t) => 3 * (t + 1)],
  ['1.e0 + 5. + 1E-2*t', (t) => 6 + 0.01 * t],
  ['-t^2', (t) => -(t ** 2)],
  ['2^t^2', (t) => 2 ** (t ** 2)],
  ['t^-1', (t) => 1 / t],
  ['1 - 2 - 3', () => -4],
  ['8/4/2', () => 1],
  ['+t', (t) => t],
  ['--t', (t) => t],
  ['pi*e', () => Math.PI * Math.E],
  ['exp(-t)', (t) => Math.exp(-t)],
  ['log(1 + t)', (t) => Math.log(1 + t)],
  ['sqrt(t) + abs(t - 1)', (t) => Math.sqrt(t) + Math.abs(t - 1)],
  ['sin(pi*t)^2 + cos(t) + tan(t/4)', (t) => Math.sin(Math.PI * t) ** 2 + Math.cos(t) + Math.tan(t / 4)],
  ['sinh(t) - cosh(t) + tanh(t) + atan(t)', (t) => Math.sinh(t) - Math.cosh(t) + Math.tanh(t) + Math.atan(t)],
  ['min(t, 1) + max(t, 0.3, 2 - t)', (t) => Math.min(t, 1) + Math.max(t, 0.3, 2 - t)],
  ['max(t)', (t) => t],
  ['pow(t, 1.5)', (t) => t ** 1.5],
  ['t < 0.5 ? 3 : -1', (t) => (t < 0.5 ? 3 : -1)],
  ['t < 0.3 ? 1 : t < 0.9 ? 2 : 3', (t) => (t < 0.3 ? 1 : t < 0.9 ? 2 : 3)],
  ['3*(t >= 0.3 and t <= 0.9)', (t) => (t >= 0.3 && t <= 0.9 ? 3 : 0)],
  ['(t < 0.3) + (t > 0.9)', (t) => Number(t < 0.3 || t > 0.9)],
  ['t < 0.3 or t > 0.9 ? 5 : 0', (t) => (t < 0.3 || t > 0.9 ? 5 : 0)],
  ['not (t > 0.5)', (t) => Number(!(t > 0.5))],
  // As in Python: weaker than comparisons, stronger than and, or, ?.
  ['not t > 0.5 ? 3 : 0', (t) => (t > 0.5 ? 0 : 3)],
  ['not 2*t + 1 <= 2', (t) => Number(!(2 * t + 1 <= 2))],
  ['not -t < -0.5', (t) => Number(!(-t < -0.5))],
  ['not not t^2 > 0.5', (t) => Number(t ** 2 > 0.5)],
  ['not(t)*2 > 1', (t) => Number(!(t * 2 > 1))],
  ['t > 0.2 and not t > 0.5 or not t < 0.9', (t) => Number((t > 0.2 && !(t > 0.5)) || !(t < 0.9))],
  ['1 + (not (t > 0.5 and t < 1))', (t) => 1 + Number(!(t > 0.5 && t < 1))],
  ['t > 0.5 and 0', () => 0],
];

describe('parseFormula accepts', () => {
  it.each(legitimate)('%s, with the value of the same expression in code (1e-15)', (text, expected) => {
    const formula = parse(text);
    expect(formula.text).toBe(text);
    expect(formula.variable).toBe('t');
    for (const t of [0.1, 0.3, 0.5, 0.72, 0.9, 1.9]) {
      const value = expected(t);
      expect(Math.abs(formula.evaluate(t) - value)).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(value)));
    }
  });

  it('any variable by its name, and nothing else by that name', () => {
    for (const variable of ['t', 'tau', 'logsnr', 'progress']) {
      expect(parse(`2*${variable} + 1`, variable).evaluate(3)).toBe(7);
    }
    expect(() => parse('2*tau', 't')).toThrow(/formula in t: the symbol tau is unknown/);
    expect(() => parse('2*t', 'tau')).toThrow(/formula in tau: the symbol t is unknown/);
    expect(() => parse('T', 't')).toThrow(ParameterError);
  });

  it('records one switch per comparison, abs, min and max, of the difference that decides', () => {
    const { bounds } = parse('(t < 0.3 and t^2 >= 0.5 ? 1 : 0) + 2*(1 > t) + abs(t - 7) + max(t, 2)');
    const signs = new Int8Array(bounds.switches.length);
    for (const t of [0.1, 0.8]) {
      const at = bounds.switches.map(({ over }) => over(variableOver(t, t), signs).lo).sort((a, b) => a - b);
      expect(at).toEqual([t - 0.3, t ** 2 - 0.5, 1 - t, t - 7, t - 2].sort((a, b) => a - b));
    }
  });

  it('500 characters, and 200 terms', () => {
    expect(parse('t'.padEnd(500)).evaluate(2)).toBe(2);
    // n terms and n - 1 operators.
    expect(parse(Array.from({ length: 100 }, () => 't').join('+')).evaluate(2)).toBe(200);
    expect(() => parse(Array.from({ length: 101 }, () => 't').join('+'))).toThrow(/more than 200 terms/);
  });
});

const refused: Record<string, string[]> = {
  "mathjs's own doors": [
    'config',
    'config({})',
    'evaluate("1")',
    'parser()',
    'parse("t")',
    'compile("t")',
    'createUnit("foo")',
    'import({a: 1})',
    'simplify("t")',
    'derivative("t^2", "t")',
    'help(exp)',
    'typed("f", 1)',
    'chain(3)',
    'print("a", 1)',
    'format(t)',
    'resolve(t)',
    'random()',
    'version',
  ],
  'statements, assignments and definitions': [
    'x = 3',
    't = 3',
    'exp = 3',
    'f(x) = x',
    't; 2',
    't\n2',
    'a.b = 3',
    't += 1',
  ],
  'values that are not numbers': [
    '"abc"',
    "'abc'",
    '[1, 2]',
    '[t]',
    '[1, 2; 3, 4]',
    '{a: 1}',
    '{}',
    'true',
    'null',
    'undefined',
    'i',
    '3 i',
    'sqrt("4")',
    'max([1, t])',
    '1n',
  ],
  'large or endless objects': [
    '1:1e12',
    't:10',
    '1:1:1e12',
    'ones(1e9, 1e9)',
    'zeros(1e9)',
    'range(0, 1e12)',
    'identity(1e6)',
  ],
  'object access': [
    'a.b',
    't.constructor',
    't["constructor"]',
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'toString()',
    'hasOwnProperty(t)',
    'valueOf()',
    'constructor("return 1")()',
    'exp.constructor("return 1")()',
    'cos.constructor("return process")()',
    't.exp(t)',
    'foo.exp(t)',
    '"abc".exp(t)',
    '{exp: 1}.exp(t)',
    'foo["exp"](t)',
    'a[1]',
  ],
  'units and operators outside the list': [
    '2 cm',
    '2 cm to inch',
    '3!',
    't!',
    'factorial(3)',
    "t'",
    '5 % 2',
    't mod 2',
    't .^ 2',
    't .* t',
    '~t',
    't & 1',
    't | 1',
    't << 2',
    't xor 1',
    't == 1',
    't != 1',
    't to 3',
    't ?? 1',
  ],
  'unknown symbols and functions': [
    'x',
    'T',
    'Pi',
    'exp',
    'sin^2(t)',
    'gamma(t)',
    'round(t)',
    'erf(t)',
    'log10(t)',
    't(2)',
    '(t)(u)',
    'ans',
    'end',
    'π',
  ],
  'products without their sign': [
    '2t',
    '2 t',
    't 2 t',
    '1/2t',
    't/2t',
    '3(t + 1)',
    '(t)(t)',
    '2(3)',
    '2pi',
    't exp(t)',
    '3e',
    '1e',
    '3.e.5',
    't\u00a02',
  ],
  'other notations of numbers, and numbers beyond double precision': [
    '0x10',
    '0b11',
    '0o7',
    '1_000',
    '1e400',
    '1e-400',
    '10%',
    '3 + 10%',
    '5%2',
    '2**3',
    '2* *3',
    't − 1',
    '2×t',
  ],
  comments: ['3 # t', 't # ignored', '# t'],
  'not of a number, and beside arithmetic': [
    'not t',
    'not 0',
    'not (t)',
    'not (t > 1) + 1',
    'not (1 + (t > 1))',
    '3*not (t > 1)',
    '-not t > 1',
    '1 < not t',
    'not t ? 1 : 2',
    'not',
  ],
  'chained comparisons': ['0 < t < 1', '1 >= t > 0', '0 < t <= 1 ? 1 : 0'],
  'wrong numbers of arguments': [
    'exp()',
    'exp(1, 2)',
    'pow(2)',
    'pow(1, 2, 3)',
    'min()',
    'max(1,2,3,4,5,6,7,8,9)',
  ],
  'text that does not parse': [
    '1 +',
    '(t',
    't)',
    't ? 1',
    '1..2',
    'exp(t',
    'exp(...t)',
    't,t',
    't\\2',
    '`t`',
    '1 2',
    '=',
    '#',
  ],
  'nothing at all': ['', ' ', '\t\n', '()'],
};

describe('evaluateWithin', () => {
  it('decides a comparison that x stands on within the margin as equality, any other as evaluate does', () => {
    const at = (text: string, x: number, margin = 1e-15) => parse(text).evaluateWithin(x, margin);
    const above = 0.3 + 2 ** -52;
    for (const x of [0.3, above, 0.1 + 0.2]) {
      expect([at('t > 0.3', x), at('t >= 0.3', x), at('t < 0.3', x), at('t <= 0.3', x)]).toEqual([
        0, 1, 0, 1,
      ]);
      expect(at('1 - t/3 < 0.9', x)).toBe(0);
      expect(at('(t - 0.3)*(t - 0.7) < 0', x)).toBe(0);
      expect(at('not t <= 0.3', x)).toBe(0);
    }
    expect(parse('t > 0.3').evaluate(0.1 + 0.2)).toBe(1);
    for (const x of [0.3 - 1e-13, 0.3 + 1e-13])
      expect(at('t > 0.3 ? 5*t : t', x)).toBe(parse('t > 0.3 ? 5*t : t').evaluate(x));
    expect(at('t > 1e300*1e10 ? 1 : 2', 1)).toBe(2);
    // Rounding of the formula itself, however well x is known.
    for (let i = 1; i < 1000; i++) expect(at(`1 - t < ${(1000 - i) / 1000}`, i / 1000, 0)).toBe(0);
    // Comparisons inside comparisons take no longer than their number.
    const deep = `${'('.repeat(60)}t${' > 0.3)'.repeat(60)}`;
    expect(at(deep, 0.3)).toBe(0);
  });
});

describe('parseFormula refuses with a ParameterError', () => {
  it.each(Object.entries(refused))('%s', (_title, texts) => {
    for (const text of texts) {
      const act = () => parse(text);
      expect(act, text).toThrow(ParameterError);
      expect(act, text).toThrow(/^schedule must be a formula in t: .*, got/);
    }
  });

  it('the same inside a legitimate formula', () => {
    for (const text of Object.values(refused).flat()) {
      // Inside parentheses a line break is a blank, and a comment hides the rest.
      if (text.trim() === '' || text.startsWith('#') || text.includes('\n')) continue;
      for (const inside of [`exp(${text})`, `1 + (${text})`, `t < 1 ? (${text}) : 0`]) {
        expect(() => parse(inside), inside).toThrow(ParameterError);
      }
    }
  });

  it('with the reason', () => {
    const reasons: [string, RegExp][] = [
      ['max(1,2,3,4,5,6,7,8,9)', /: max takes 1 to 8 arguments, not 9, got/],
      ['exp(1, 2)', /: exp takes 1 argument, not 2, got/],
      ['pow(2)', /: pow takes 2 arguments, not 1, got/],
      ['2 t', /: a product is written with \*, got/],
      ['t/2t', /: a product is written with \*, 2\*t, got/],
      ['0x10', /: 0x10 is not a decimal number, got/],
      ['3 + 10%', /: "%" is not allowed \(a percentage is written as a number: 0\.1 for 10%\), got/],
      ['3 # c', /: "#" is not allowed \(comments are not allowed\), got/],
      ['t ** 2', /: a power is written with \^, got/],
      ['not t', /: not takes a comparison: not \(t > 1\), got/],
      ['3*not t > 1', /: not beside arithmetic needs parentheses: \(not \(t > 1\)\), got/],
      ['1e400', /: 1e400 is beyond double precision, got/],
    ];
    for (const [text, reason] of reasons) expect(() => parse(text), text).toThrow(reason);
  });

  it('what is not text', () => {
    for (const value of [undefined, null, 3, {}, ['t']]) {
      expect(() => parse(value as string)).toThrow(ParameterError);
    }
  });
});

describe('parseFormula and hostile sizes', () => {
  it('501 characters', () => {
    expect(() => parse('t'.padEnd(501))).toThrow(/longer than 500 characters/);
  });

  it.each([
    ['10^4 open parentheses', '('.repeat(1e4)],
    ['10^4 nested parentheses', `${'('.repeat(1e4)}t${')'.repeat(1e4)}`],
    ['10^4 signs', `${'-'.repeat(1e4)}t`],
    ['a megabyte of terms', 't+'.repeat(5e5) + 't'],
    ['a megabyte of blanks', ' '.repeat(1e6)],
    ['a megabyte of one name', 'a'.repeat(1e6)],
    ['499 open parentheses', '('.repeat(499)],
    ['249 nested parentheses', `${'('.repeat(249)}t${')'.repeat(249)}`],
    ['499 signs', `${'-'.repeat(499)}t`],
    ['124 nested conditions', `${'1?t:'.repeat(124)}t`],
    ['249 nested powers', `${'t^'.repeat(249)}t`],
    ['499 open brackets', '['.repeat(499)],
    ['166 open braces', '{a:'.repeat(166)],
  ])('%s: refused within 50 ms, with a short message', (_title, text) => {
    let caught: unknown;
    let quickest = Infinity;
    // The best of three: the machine may be busy with something else.
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      try {
        parse(text);
      } catch (error) {
        caught = error;
      }
      quickest = Math.min(quickest, performance.now() - start);
    }
    expect(quickest).toBeLessThan(50);
    expect(caught).toBeInstanceOf(ParameterError);
    expect((caught as Error).message.length).toBeLessThan(1500);
  });

  it('99 nested calls are accepted: cos(cos(...)) at its fixed point (1e-15)', () => {
    const deep = `${'cos('.repeat(99)}t${')'.repeat(99)}`;
    expect(Math.abs(parse(deep).evaluate(0.7) - 0.7390851332151607)).toBeLessThan(1e-15);
  });
});

describe('bounds at a single point', () => {
  it('are the value, on a threshold too', () => {
    for (const operator of ['<', '<=', '>', '>=']) {
      for (const at of [0.5, 1, 2]) {
        const formula = parseFormula('schedule', `t ${operator} 1 ? 2 : 3`, 't');
        const signs = new Int8Array(formula.bounds.switches.length);
        const { lo, hi } = formula.bounds.over(variableOver(at, at), signs);
        expect([lo, hi]).toEqual([formula.evaluate(at), formula.evaluate(at)]);
      }
    }
  });
});
