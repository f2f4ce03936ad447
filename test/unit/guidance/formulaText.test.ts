import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';

describe('signs of other notations', () => {
  const wanted: readonly [string, string][] = [
    ['10% + t', '"%" is not allowed (a percentage is written as a number: 0.1 for 10%)'],
    ['t # half', '"#" is not allowed (comments are not allowed)'],
    ['t > 1 & t < 2', '"&" is not allowed (write "and", "or")'],
    ['t > 1 | t < 2', '"|" is not allowed (write "and", "or")'],
    ['!t', '"!" is not allowed (write "not (...)")'],
    ['t = 1', '"=" is not allowed (comparisons are <, <=, >, >=)'],
    ['t ≤ 1', '"≤" is not allowed (comparisons are <, <=, >, >=)'],
    ['2 − t', '"−" is not allowed (the minus sign is -)'],
    ['2×t', '"×" is not allowed (a product is written with *)'],
    ['t @ 2', '"@" is not allowed'],
    ['2**t', 'a power is written with ^'],
    ['2t + 1', 'a product is written with *, 2*t'],
    ['0x10', '0x10 is not a decimal number'],
  ];
  it.each(wanted)('%s: the message says how a formula writes it', (text, reason) => {
    expect(() => parseFormula('schedule', text, 't')).toThrow(`formula in t: ${reason}, got`);
  });

  it.each([
    ['(t', 'a parenthesis is not closed (character 3)'],
    ['t)', 'the operator ) is out of place (character 2)'],
    ['2*', 'a number or a name is missing (character 3)'],
    ['t > 1 ? 2', 'a condition needs both values, c ? a : b'],
    ['1:3', 'a colon belongs to a condition, c ? a : b'],
    ['exp', 'the function exp needs its argument, exp(t)'],
    ['Exp(t)', 'the function Exp is unknown (did you mean exp?)'],
    ['ln(t)', 'the natural logarithm is log'],
    ['foo(t)', 'the function foo is not among exp, expm1, log,'],
    ['tau', 'the symbol tau is unknown: there are t, pi, e; tau belongs to the clock tau'],
    ['w*t', 'the symbol w is unknown: there are t, pi, e,'],
  ])('%s: the message says what is wrong before the formula', (text, reason) => {
    expect(() => parseFormula('schedule', text, 't')).toThrow(`formula in t: ${reason}`);
  });

  it('a text is asked for', () => {
    for (const text of [5, null, ['t']]) {
      expect(() => parseFormula('schedule', text as unknown as string, 't')).toThrow(ParameterError);
    }
  });
});
