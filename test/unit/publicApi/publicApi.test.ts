import { describe, expect, it } from 'vitest';
import * as api from './everything.ts';
import { badCalls, faultOf, nanIn, type BadCall, type Example, type FunctionName } from './badCalls.ts';
import { examples } from './examples.ts';

type Call = (...args: never[]) => unknown;

interface Tried {
  readonly name: FunctionName;
  readonly call: Call;
  readonly args: readonly unknown[];
  readonly admits: readonly string[];
  readonly isLong: boolean;
}

const entries = Object.entries(examples) as [FunctionName, Example<readonly unknown[]>][];

const tried = entries.flatMap(([name, entry]): Tried[] => {
  if ('untried' in entry) return [];
  const call = api[name] as Call;
  if (!('args' in entry)) return [{ name, call, args: entry, admits: [], isLong: false }];
  return [{ name, call, args: entry.args, admits: entry.admits, isLong: entry.isLong === true }];
});

/** What is no bad value wherever it is admitted. */
const meant = [
  'startTime=null',
  'problem.alpha=Infinity',
  'parameters.alpha=Infinity',
  'onProgress=undefined',
  'decision=null',
];

function isAdmitted({ label }: BadCall, admits: readonly string[]): boolean {
  const last = label.slice(label.lastIndexOf('.') + 1);
  return [label, last].some((one) => admits.includes(one) || meant.includes(one));
}

/** Faults of a function in the face of bad calls. */
async function faultsOf({ call, args, admits, isLong }: Tried): Promise<string[]> {
  const faults: string[] = [];
  for (const bad of badCalls(call, args)) {
    const admitted = isAdmitted(bad, admits);
    if (admitted && isLong) continue;
    const fault = await faultOf(call, bad, admitted);
    if (fault !== null) faults.push(fault);
  }
  return faults;
}

describe('public functions', () => {
  it('all have an example', () => {
    const functions = Object.entries(api).filter(
      ([, value]) => typeof value === 'function' && !/^class\b/.test(value.toString()),
    );
    expect(Object.keys(examples).sort()).toEqual(functions.map(([name]) => name).sort());
  });

  it.each(tried.filter(({ isLong }) => !isLong))('$name takes its example', async ({ call, args }) => {
    const value: unknown = await (call as (...args: readonly unknown[]) => unknown)(...args);
    expect(nanIn(value)).toBeNull();
  });

  it.each(tried)(
    '$name refuses by name what is of a wrong type, not finite, missing or misspelt',
    async (entry) => {
      expect(await faultsOf(entry)).toEqual([]);
    },
  );
});

describe('bad calls of the library', () => {
  const problem: api.GuidedProblem = {
    alpha: 0.5,
    sigma2: 0.25,
    ensemble: 'gaussian',
    sampler: api.probabilityFlow,
    process: api.ornsteinUhlenbeck,
    guidance: { w: 1 },
    startTime: null,
  };

  it.each<[string, () => unknown, string]>([
    [
      'process by a name that is none',
      () => api.solveOrderParameters({ ...problem, process: 'vp' as never }),
      'process must be one of ou, ve, flow, got "vp"',
    ],
    [
      'guidance as a number',
      () => api.solveOrderParameters({ ...problem, guidance: 1 as never }),
      'guidance must be an object, got 1',
    ],
    [
      'a sampler that is none',
      () => api.solveOrderParameters({ ...problem, sampler: null as never }),
      'sampler must be an object, got null',
    ],
    ['a form that is no text', () => api.parseForm(1 as never), 'form must be a text, got 1'],
    [
      'complexity at alpha = NaN',
      () => api.complexity(0.5, NaN, 1, api.reverseSde),
      'alpha must be a finite number, got NaN',
    ],
    ['distortion at m = NaN', () => api.distortion(NaN, 0.25, 0.25), 'm must be a finite number, got NaN'],
    [
      'tasks without end',
      () => api.planTasks({ ...api.particleDefaults, realizations: Infinity }),
      'realizations must be an integer in [1, 1000000], got Infinity',
    ],
    [
      'a class rate below the range of numbers',
      () => api.finalState(5e-324, 1, 0.25, api.probabilityFlow),
      'alpha must be at least 1e-300 (1 + |w|), got 5e-324; smallAlphaShare is exact there',
    ],
  ])('%s: one line', (_what, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(api.ParameterError);
  });
});
