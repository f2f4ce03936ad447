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
  ];
  it.each(wanted)('%s: the message says how a formula writes it', (text, reason) => {
    expect(() => parseFormula('schedule', text, 't')).toThrow(`${text}"; ${reason}`);
  });

  it('a text is asked for', () => {
    for (const text of [5, null, ['t']]) {
      expect(() => parseFormula('schedule', text as unknown as string, 't')).toThrow(ParameterError);
    }
  });
});
