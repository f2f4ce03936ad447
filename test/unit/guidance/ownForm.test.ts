import { describe, expect, it } from 'vitest';
import { compileForm } from '../../../src/guidance/forms/compile.ts';
import { formText, type OwnForm } from '../../../src/guidance/forms/form.ts';
import type { FormRule } from '../../../src/guidance/forms/rule.ts';
import { compileSchedule } from '../../../src/guidance/schedule.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { simulateReduced } from '../../../src/particles/simulate.ts';
import { simulateSpec } from '../../../src/particles/simulationSpec.ts';
import { processes } from '../../../src/process/process.ts';

const own = (target: FormRule['target'], change: Partial<FormRule> = {}): OwnForm => ({
  kind: 'own',
  name: 'mine',
  rule: () => ({ usesPosterior: true, usesInformation: false, shift: 0, target, ...change }),
});
const linear = own((_at, _variance, w, out) => {
  Object.assign(out, { centre: 1, guidance: w, state: 0 });
});
const autoguidance = own(
  (_at, variance, w, out) => {
    const contraction = (0.1 * w) / (variance + 0.1);
    Object.assign(out, { centre: 1 + contraction, guidance: 0, state: -contraction });
  },
  { usesPosterior: false },
);
const problem = { alpha: 0.5, sigma2: 0.25, guidance: { w: 1 } };

describe('a guidance form as code', () => {
  it('has the mean field of the same form of the catalogue (1e-8; autoguidance to the last bit)', () => {
    const [mine, plain] = [solveOrderParameters({ ...problem, form: linear }), solveOrderParameters(problem)];
    expect(Math.abs(mine.final!.m - plain.final!.m)).toBeLessThan(1e-8);
    const form = { kind: 'autoguidance', delta: 0.1, against: 'class' } as const;
    expect(solveOrderParameters({ ...problem, form: autoguidance }).final).toEqual(
      solveOrderParameters({ ...problem, form }).final,
    );
  });

  it('has the particles of the same form of the catalogue, to the last bit', () => {
    const physics = {
      sigma2: 0.25,
      ensemble: 'gaussian',
      sampler: { eta: 0 },
      process: processes.ou,
    } as const;
    const particles = {
      ...physics,
      startTime: null,
      dimension: 8,
      logClasses: 4,
      schedule: compileSchedule({ w: 1 }, { ...physics, startTime: null }),
      guidedClass: 'typical',
    } as const;
    const few = { particles: 8, realizations: 2, steps: 10, seed: 1 };
    const form = { kind: 'autoguidance', delta: 0.1, against: 'class' } as const;
    expect(simulateReduced({ ...particles, form: autoguidance }, few).m).toEqual(
      simulateReduced({ ...particles, form }, few).m,
    );
  });

  it('carries its name', () => {
    expect(formText(linear)).toBe('mine');
  });

  it.each<[OwnForm, RegExp]>([
    [
      own((_at, _variance, w, out) => Object.assign(out, { centre: 1 + w, guidance: 1 + w, state: 0 })),
      /rule of form mine must be conditional sampling at w = 0/,
    ],
    [own(() => undefined), /conditional sampling at w = 0.*NaN/],
    [own(() => undefined, { shift: -1 }), /rule of form mine: shift must be/],
    [own(null as never), /rule of form mine\.target must be a function/],
    [{ ...linear, rule: 1 as never }, /^form\.rule must be a function, got 1$/],
    [{ ...linear, name: 1 as never }, /^form\.name must be a text, got 1$/],
    [{ ...linear, names: 'x' } as never, /^form must be an object with keys among kind, name, rule/],
  ])('%# is refused', (form, message) => {
    expect(() => compileForm(form, { process: processes.ou, sigma2: 0.25 })).toThrow(message);
  });

  it('is refused where plain data is wanted', async () => {
    const spec = { dimension: 4, classes: 3, sigma2: 0.25, guidance: { w: 1 }, form: linear };
    await expect(simulateSpec(spec)).rejects.toThrow(
      /^form must be plain data here, got "mine"; simulateFull/,
    );
  });
});
