import { describe, expect, it } from 'vitest';
import * as api from '../../../src/index.ts';
import { badCalls, faultOf, nanIn, type Example, type FunctionName } from './badCalls.ts';
import { examples } from './examples.ts';

type Call = (...args: never[]) => unknown;

const entries = Object.entries(examples) as [FunctionName, Example<readonly unknown[]>][];

const tried = entries.flatMap(([name, entry]) => {
  if ('untried' in entry) return [];
  const admits = 'args' in entry ? entry.admits : [];
  return [{ name, call: api[name] as Call, args: 'args' in entry ? entry.args : entry, admits }];
});

/** Bad values that are good ones wherever they are admitted at all. */
const meant = [
  'startTime=null',
  'problem.alpha=Infinity',
  'parameters.alpha=Infinity',
  'onProgress=undefined',
  'decision=null',
];

describe('public functions', () => {
  it('all have an example', () => {
    const functions = Object.entries(api).filter(
      ([, value]) => typeof value === 'function' && !/^class\b/.test(value.toString()),
    );
    expect(Object.keys(examples).sort()).toEqual(functions.map(([name]) => name).sort());
  });

  it.each(tried)('$name takes its example', async ({ call, args }) => {
    const value: unknown = await (call as (...args: readonly unknown[]) => unknown)(...args);
    expect(nanIn(value)).toBeNull();
  });

  it.each(tried)(
    '$name refuses values of a wrong type, NaN, missing and misspelt keys by name',
    async (entry) => {
      const faults: string[] = [];
      for (const bad of badCalls(entry.call, entry.args)) {
        const last = bad.label.slice(bad.label.lastIndexOf('.') + 1);
        const isAdmitted = [bad.label, last].some(
          (label) => entry.admits.includes(label) || meant.includes(label),
        );
        const fault = await faultOf(entry.call, bad, isAdmitted);
        if (fault !== null) faults.push(fault);
      }
      expect(faults).toEqual([]);
    },
  );
});
