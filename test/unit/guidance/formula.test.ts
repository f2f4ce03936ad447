import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';

const parse = (text: string, variable = 't') => parseFormula('schedule', text, variable);

const legitimate: [string, (t: number) => number][] = [
  ['3', () => 3],
  ['-1.5e-3', () => -1.5e-3],
  ['.5', () => 0.5],
  ['t', (t) => t],
  ['(((t)))', (t) => t],
  ['1 + 2*t - t/4', (t) => 1 + 2 * t - t / 4],
  ['2 t', (t) => 2 * t],
  ['3(t + 1)', (t) => 3 * (t + 1)],
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
    expect(() => parse('2*tau', 't')).toThrow(/formula in t .*the symbol tau is unknown/);
    expect(() => parse('2*t', 'tau')).toThrow(/formula in tau .*the symbol t is unknown/);
    expect(() => parse('T', 't')).toThrow(ParameterError);
  });

  it('records one function per comparison, of its difference', () => {
    const { comparisons } = parse('(t < 0.3 and t^2 >= 0.5 ? 1 : 0) + 2*(1 > t)');
    expect(comparisons).toHaveLength(3);
    const at = (t: number) => comparisons.map((comparison) => comparison(t)).sort((a, b) => a - b);
    for (const t of [0.1, 0.8]) expect(at(t)).toEqual([t - 0.3, t ** 2 - 0.5, 1 - t].sort((a, b) => a - b));
    expect(parse('abs(t) + max(t, 1)').comparisons).toHaveLength(0);
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

describe('parseFormula refuses with a ParameterError', () => {
  it.each(Object.entries(refused))('%s', (_title, texts) => {
    for (const text of texts) {
      const act = () => parse(text);
      expect(act, text).toThrow(ParameterError);
      expect(act, text).toThrow(/^schedule must be a formula in t made of numbers/);
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
