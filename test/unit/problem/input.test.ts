import { describe, expect, it } from 'vitest';
import { designSchedule } from '../../../src/design/design.ts';
import { scheduleOutcome } from '../../../src/design/outcome.ts';
import { smoothedMeanField } from '../../../src/finiteSize/smoothed/smoothedMeanField.ts';
import { validityMap } from '../../../src/finiteSize/validity.ts';
import { solveMiscalibrated } from '../../../src/meanfield/calibration/solve.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { criticalClassRate } from '../../../src/meanfield/transition/criticalRate.ts';
import { phaseDiagram } from '../../../src/meanfield/transition/phaseDiagram.ts';
import { simulateSpec } from '../../../src/particles/simulationSpec.ts';
import { guidedProblem } from '../../../src/problem/data.ts';
import type { ProblemInput } from '../../../src/problem/input.ts';
import type { GuidedProblem } from '../../../src/problem/physics.ts';
import { linearInterpolant, ornsteinUhlenbeck } from '../../../src/process/process.ts';

const short = { sigma2: 0.25, guidance: { w: 1 } };
const model = { ensemble: 'gaussian', sampler: { eta: 0 }, process: ornsteinUhlenbeck } as const;
const full = { ...short, ...model, startTime: null };
const complete: GuidedProblem = { alpha: 0.5, ...full };

describe('defaults of the library', () => {
  it('are those of the command line: gaussian centres, ODE, Ornstein-Uhlenbeck, infinite noise (to the last bit)', () => {
    const { final, problem } = solveOrderParameters({ alpha: 0.5, ...short });
    expect(final).toEqual(solveOrderParameters(complete).final);
    expect(problem).toEqual(complete);
  });

  it('are the same for everything that takes a problem', async () => {
    expect(criticalClassRate(short)).toEqual(criticalClassRate(full));
    const free = { sigma2: 0.25, ...model, startTime: null };
    expect(phaseDiagram({ sigma2: 0.25 }, [0.5], [1])).toEqual(phaseDiagram(free, [0.5], [1]));
    expect(smoothedMeanField({ alpha: 0.5, ...short }, 16).m).toBe(smoothedMeanField(complete, 16).m);
    const biased = { temperature: 1.2, bias: 0 };
    expect(solveMiscalibrated({ alpha: 0.5, ...short }, biased).final).toEqual(
      solveMiscalibrated(complete, biased).final,
    );
    const cells = { alpha: [0.5], w: [1], d: [8], sigma2: 0.25 };
    expect(validityMap(cells)).toEqual(validityMap({ ...cells, ensemble: 'gaussian', sampler: 'ode' }));
    const design = { alpha: 0.45, sigma2: 0.3 };
    const written = { schedule: '1 + t', clock: 't' } as const;
    expect(scheduleOutcome(design, written)).toEqual(scheduleOutcome({ ...model, ...design }, written));
    const few = { particles: 4, realizations: 2, steps: 2, seed: 1 } as const;
    const spec = { dimension: 4, classes: 3, ...short };
    const { m } = await simulateSpec(spec, few);
    const asData = { mode: 'full', logClasses: null, ensemble: 'gaussian', eta: 0, process: 'ou' } as const;
    const whole = { ...spec, ...asData, startTime: null, guidedClass: 'typical' } as const;
    expect(m).toEqual((await simulateSpec(whole, few)).m);
    expect((await simulateSpec({ ...spec, sampler: 'sde' }, few)).m).not.toEqual(m);
  });

  it('give way to what is given, by name, as an object, or as eta', () => {
    const given: Partial<ProblemInput> = { ensemble: 'spherical', process: 'flow', startTime: 0.9 };
    const named = solveOrderParameters({ alpha: 0.5, ...short, ...given, sampler: 'sde' });
    expect(named.problem).toEqual({
      ...complete,
      ensemble: 'spherical',
      process: linearInterpolant,
      sampler: { eta: 1 },
      startTime: 0.9,
    });
    const noisy = solveOrderParameters({ alpha: 0.5, ...short, ...given, eta: 1 });
    expect(noisy.final).toEqual(named.final);
    expect(solveOrderParameters({ ...short, alpha: 'infinity' }).problem.alpha).toBe(Infinity);
  });

  it('leave a complete problem as it is', () => {
    expect(solveOrderParameters(complete).problem).toBe(complete);
  });
});

describe('problems that are refused', () => {
  const refused: [object, RegExp][] = [
    [{ sampler: 'sed' }, /^sampler must be one of ode, sde, got "sed"; .*sde/],
    [{ sampler: 'sde', eta: 1 }, /^eta must be given without sampler, got 1$/],
    [{ process: 'vp' }, /^process must be one of ou, ve, flow, got "vp"/],
    [{ ensemble: 'gauss' }, /^ensemble must be one of gaussian, spherical, got "gauss"/],
    [
      { guidance: { schedule: '1 + t', clock: 't' } },
      /await guidanceOf\({ schedule, clock }\).*await guidedProblem/,
    ],
    [{ guidance: { w: '1' } }, /^w must be a finite number, or a function of the process time, got "1"$/],
    [{ form: { kind: 'nonlinear', phi: 'x', dimension: 1, prediction: 'score' } }, /await guidedProblem/],
    [{ samplers: 'ode' }, /^problem must be an object with keys among .*sampler.*, got "samplers"$/],
  ];
  it.each(refused)('%j', (change, message) => {
    expect(() => solveOrderParameters({ alpha: 0.5, ...short, ...change })).toThrow(message);
  });

  it('a design with a word that is none', () => {
    const problem = { alpha: 0.45, sigma2: 0.3, sampler: 'ddim' as 'ode' };
    expect(() => designSchedule(problem, { overlap: 1, decision: null })).toThrow(
      /^sampler must be one of ode, sde/,
    );
  });
});

describe('guidedProblem', () => {
  it('reads a formula, with the defaults', async () => {
    const guidance = { schedule: '2*exp(-t)', clock: 't' } as const;
    const problem = await guidedProblem({ alpha: 0.5, sigma2: 0.25, sampler: 'sde', guidance });
    const code = {
      alpha: 0.5,
      sigma2: 0.25,
      sampler: 'sde',
      guidance: { w: (t: number) => 2 * Math.exp(-t) },
    } as const;
    const [text, own] = [solveOrderParameters(problem).final!, solveOrderParameters(code).final!];
    expect(own.m).toBeCloseTo(text.m, 9);
    expect(own.v).toBeCloseTo(text.v, 9);
  });

  it('takes numbers, functions and phi of a nonlinear form', async () => {
    const w = () => 1;
    expect((await guidedProblem({ alpha: 0.5, sigma2: 0.25, guidance: { w } })).guidance).toEqual({ w });
    const form = { kind: 'nonlinear', phi: '1', dimension: 1, prediction: 'score' } as const;
    const problem = await guidedProblem({ alpha: 0.5, ...short, form });
    expect(solveOrderParameters(problem).final!.m).toBeCloseTo(solveOrderParameters(complete).final!.m, 6);
  });
});
