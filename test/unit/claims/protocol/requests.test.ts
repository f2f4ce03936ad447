import { describe, expect, it } from 'vitest';
import {
  problemOf,
  requestKey,
  requestOf,
  requestSeed,
  type SharedPhysics,
  writtenProblemOf,
} from '../../../../src/claims/protocol/requests.ts';
import { logClassCount } from '../../../../src/particles/problem/problem.ts';
import { particleProblem } from '../../../../src/particles/simulationSpec.ts';
import { tinyRequest } from '../tinyClaims.ts';

describe('a simulation request', () => {
  it('in the fewest words: gaussian, sigma2 = 0.25, OU, asymptotic start, typical class', () => {
    const { spec, options } = requestOf(
      { mode: 'full', d: 12, classes: 7, guidance: 2, sampler: 'sde' },
      { steps: 5 },
    );
    expect(spec).toEqual({
      mode: 'full',
      dimension: 12,
      classes: 7,
      logClasses: null,
      sigma2: 0.25,
      ensemble: 'gaussian',
      eta: 1,
      process: 'ou',
      guidance: { w: 2 },
      startTime: null,
      guidedClass: 'typical',
    });
    expect(options).toEqual({ steps: 5 });
  });

  it('names a classifier only where one guides', () => {
    const physics = { mode: 'full', d: 12, alpha: 0.5, guidance: 2, sampler: 'ode' } as const;
    const classifier = { temperature: 1.5, bias: 0 };
    const plain = requestOf(physics, {});
    expect(plain.spec).not.toHaveProperty('classifier');
    expect(requestOf({ ...physics, classifier }, {})).toEqual({
      ...plain,
      spec: { ...plain.spec, classifier },
    });
  });

  it('takes K, log K or a class rate', async () => {
    const physics = { mode: 'reduced', d: 20, guidance: 1, sampler: 'ode' } as const;
    const counts = await Promise.all(
      [{ classes: 100 }, { logClasses: Math.log(100) }, { alpha: Math.log(100) / 20 }].map(async (classes) =>
        logClassCount(await particleProblem(requestOf({ ...physics, ...classes }, {}).spec)),
      ),
    );
    for (const count of counts) expect(count).toBeCloseTo(Math.log(100), 14);
  });
});

describe('the key of a request', () => {
  const request = tinyRequest();

  it('is the same for the same content, in whatever order and with whatever left undefined', () => {
    const { spec, options } = request;
    const reversed = Object.fromEntries(Object.entries(spec).reverse()) as unknown as typeof spec;
    expect(requestKey({ options, spec: reversed })).toBe(requestKey(request));
    const extended = { spec: { ...spec, centreOverlap: undefined } as unknown as typeof spec, options };
    expect(requestKey(extended)).toBe(requestKey(request));
  });

  it('differs where anything does, also inside lists and schedules', () => {
    const { spec, options } = request;
    const others = [
      tinyRequest(21),
      tinyRequest(20, 11),
      { spec, options: { ...options, clocks: [1, 2] } },
      { spec, options: { ...options, clocks: [1, 2.5] } },
      { spec, options: { ...options, clocks: [12] } },
      { spec: { ...spec, guidance: { schedule: 't', clock: 't' } as const }, options },
      { spec: { ...spec, guidance: { schedule: 't', clock: 'tau' } as const }, options },
      { spec: { ...spec, classes: 5, logClasses: null }, options },
    ];
    const keys = [request, ...others].map(requestKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the seed of a request', () => {
  it('depends on the run and on the request, is the same every time, and fits 32 bits', () => {
    const keys = Array.from({ length: 500 }, (_, i) => requestKey(tinyRequest(20 + i)));
    const seeds = [1, 2].flatMap((seed) => keys.map((key) => requestSeed(key, seed)));
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
    // FNV-1a of "1|" + "a": a changed hash would silently change every number of every claim.
    expect(requestSeed('a', 1)).toBe(fnv1a('1|a'));
    expect(requestSeed('', 0)).toBe(fnv1a('0|'));
  });
});

/** FNV-1a in whole-number arithmetic. */
function fnv1a(text: string): number {
  let hash = 2166136261n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 16777619n) % 2n ** 32n;
  return Number(hash);
}

describe('the mean-field problem of physics', () => {
  it('has the sampler by its name, as it is given, or at the noise level in place of it', () => {
    const samplerOfProblem = (physics: Pick<SharedPhysics, 'sampler' | 'eta'>) =>
      problemOf({ guidance: 1, ...physics }).sampler;
    expect(samplerOfProblem({ sampler: 'sde' })).toEqual({ eta: 1 });
    expect(samplerOfProblem({ sampler: { eta: 0.3 } })).toEqual({ eta: 0.3 });
    expect(samplerOfProblem({ sampler: 'sde', eta: 0.3 })).toEqual({ eta: 0.3 });
  });
});

describe('the mean-field problem of physics with a schedule as text', () => {
  const physics = { alpha: 0.4, sampler: 'sde', sigma2: 1 } as const;

  it('has the parsed schedule, and everything else as problemOf has it', async () => {
    const problem = await writtenProblemOf({ ...physics, guidance: { schedule: '2*t', clock: 't' } });
    const { guidance } = problem;
    expect('formula' in guidance && [guidance.formula.text, guidance.clock]).toEqual(['2*t', 't']);
    expect({ ...problem, guidance: { w: 2 } }).toEqual(problemOf({ ...physics, guidance: 2 }));
  });

  it('is that of problemOf for a constant', async () => {
    expect(await writtenProblemOf({ ...physics, guidance: 2 })).toEqual(
      problemOf({ ...physics, guidance: 2 }),
    );
  });
});
