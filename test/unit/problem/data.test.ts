import { describe, expect, it } from 'vitest';
import { infiniteClasses } from '../../../src/closedForms/afterTransition.ts';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { guidedProblem, type ProblemData } from '../../../src/problem/data.ts';
import { varianceExploding } from '../../../src/process/process.ts';

const data: ProblemData = {
  alpha: 0.5,
  sigma2: 0.3,
  ensemble: 'spherical',
  process: 've',
  eta: 0.4,
  guidance: { schedule: '2*exp(-t)', clock: 't' },
  startTime: 20,
};

/** Data as it comes back from a file. */
const through = (value: unknown) => JSON.parse(JSON.stringify(value)) as ProblemData;

describe('a problem as plain data', () => {
  it('has the solution of the problem made of objects, to the last bit, also after JSON', async () => {
    const made = {
      alpha: 0.5,
      sigma2: 0.3,
      ensemble: 'spherical',
      process: varianceExploding,
      sampler: { eta: 0.4 },
      guidance: { formula: parseFormula('schedule', '2*exp(-t)', 't'), clock: 't' },
      startTime: 20,
    } as const;
    const { final } = solveOrderParameters(await guidedProblem(through(data)));
    expect(final).toEqual(solveOrderParameters(made).final);
  });

  it('carries a guidance form', async () => {
    const [linear, power] = await Promise.all(
      [undefined, { kind: 'power', exponent: 0.5, dimension: 100, prediction: 'score' } as const].map(
        async (form) => {
          const problem = await guidedProblem(through({ ...data, ensemble: 'gaussian', form }));
          return solveOrderParameters(problem).final!.v;
        },
      ),
    );
    expect(Math.abs(power! / linear! - 1)).toBeGreaterThan(0.01);
  });

  it('says infinity for infinitely many classes, as JSON has no number for it', async () => {
    const problem = await guidedProblem(
      through({
        ...data,
        alpha: 'infinity',
        ensemble: 'gaussian',
        process: 'ou',
        eta: 1,
        guidance: { w: 2 },
        startTime: null,
      }),
    );
    const { final } = solveOrderParameters(problem);
    expect(final!.v / infiniteClasses(2, 0.3, { eta: 1 }).v).toBeCloseTo(1, 9);
  });

  it.each([
    ['alpha', -1],
    ['alpha', 'many'],
    ['sigma2', 0],
    ['process', 'edm'],
    ['eta', -0.1],
    ['startTime', 0],
    ['guidance', { w: NaN }],
    ['guidance', { schedule: 'x + 1', clock: 't' }],
    ['form', { kind: 'quadratic' }],
    ['temperature', 1],
  ])('refuses %s = %j', async (key, value) => {
    await expect(guidedProblem({ ...data, [key]: value })).rejects.toThrow(/must be/);
  });
});
