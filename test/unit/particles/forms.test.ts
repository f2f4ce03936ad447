import { describe, expect, it } from 'vitest';
import { measureDisorderShift } from '../../../src/finiteSize/disorderShift.ts';
import { parseForm } from '../../../src/guidance/forms/form.ts';
import { compileSchedule } from '../../../src/guidance/schedule.ts';
import { writeSchedule } from '../../../src/guidance/schedules/catalogue.ts';
import { guidanceOf } from '../../../src/guidance/written.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { posteriorMean } from '../../../src/mixture/score.ts';
import { fullCentres, type RangeState } from '../../../src/particles/fullRange.ts';
import { planSimulation } from '../../../src/particles/plan/plan.ts';
import type { ParticleOptions } from '../../../src/particles/problem/problem.ts';
import { resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { runRange } from '../../../src/particles/runRange.ts';
import { simulateFull, simulateReduced, simulateTwoClasses } from '../../../src/particles/simulate.ts';
import {
  particleProblem as problemOfSpec,
  simulateSpec,
  type SimulationSpec,
} from '../../../src/particles/simulationSpec.ts';
import { startStream } from '../../../src/particles/problem/streams.ts';
import { mergeTasks, planTasks } from '../../../src/particles/tasks.ts';
import { particleProblem } from './problems.ts';
import { fullRange } from './ranges.ts';

const spec: SimulationSpec = {
  mode: 'full',
  dimension: 6,
  classes: 20,
  logClasses: null,
  sigma2: 0.25,
  ensemble: 'gaussian',
  eta: 0.5,
  process: 'ou',
  guidance: { w: 1 },
  startTime: null,
  guidedClass: 'typical',
};

describe('forms in the particle simulations', () => {
  it.each([0, 1])(
    'eta = %i: power law of exponent 0 is linear guidance in all three simulations (1e-9)',
    (eta) => {
      const options: Partial<ParticleOptions> = { particles: 40, realizations: 2, steps: 25, seed: 3 };
      const linear = particleProblem(1.5, { classes: 30, sampler: { eta }, startTime: 3 });
      const form = parseForm('power:exponent=0');
      for (const run of [simulateFull, simulateReduced] as const) {
        const [a, b] = [run(linear, options), run({ ...linear, form }, options)];
        expect(Math.abs(a.m.mean - b.m.mean)).toBeLessThan(1e-9);
        expect(Math.abs(a.v.mean - b.v.mean)).toBeLessThan(1e-9);
      }
      const two = { ...linear, classes: 2 };
      const [a, b] = [simulateTwoClasses(two, options), simulateTwoClasses({ ...two, form }, options)];
      expect(Math.abs(a.m.mean - b.m.mean)).toBeLessThan(1e-9);
      expect(Math.abs(a.vParallel.mean - b.vParallel.mean)).toBeLessThan(1e-9);
    },
  );

  it.each(['power:exponent=0.9,dimension=20', 'nonlinear:phi=x/(1 + x)', 'feedback:mixing=0.6,dimension=20'])(
    '%s: two classes in their plane against explicit centres, m and vParallel at d = 20 (6 s.e. over 6 realisations)',
    async (text) => {
      const two: SimulationSpec = {
        ...spec,
        mode: 'two-class',
        dimension: 20,
        classes: 2,
        guidance: { w: 4 },
        eta: 0.7,
      };
      const options = { particles: 250, realizations: 6, steps: 40, seed: 5 };
      const form = parseForm(text);
      const plane = await simulateSpec({ ...two, form }, { ...options, particles: 2000 });
      const problem = await problemOfSpec({ ...two, form });
      const centres = new Float64Array(40);
      centres[0] = Math.sqrt(20);
      centres[20] = -Math.sqrt(20);
      const resolved = resolveParticleOptions(options);
      const plan = planSimulation(problem, 'full', resolved);
      const ranges = planTasks(resolved).map((task) => runRange(plan, task, undefined, { centres }));
      const full = mergeTasks(problem, resolved, ranges);
      for (const key of ['m', 'v', 'vParallel', 'guidedWeight'] as const) {
        const error = Math.hypot(full[key].standardError!, plane[key].standardError!);
        expect(Math.abs(full[key].mean - plane[key].mean)).toBeLessThan(6 * error + 1e-9);
      }
      const linear = await simulateSpec(two, { ...options, particles: 2000 });
      expect(Math.abs(plane.m.mean - linear.m.mean)).toBeGreaterThan(
        6 * Math.hypot(plane.m.standardError!, linear.m.standardError!),
      );
    },
  );

  it.each([
    'power',
    'rescaled',
    'projected',
    'feedback',
    'zero-star',
    'autoguidance:against=mixture',
    'tcfg',
    'adg',
    'mambo-g',
    'vags',
    'pmc',
  ])('%s: a range that is stopped and continued, and one that is split, give the same bits', (text) => {
    const problem = particleProblem(1.5, { classes: 30, sampler: { eta: 0.6 }, form: parseForm(text) });
    const options = resolveParticleOptions({ particles: 12, realizations: 1, steps: 9, clocks: [0] });
    const states: RangeState[] = [];
    const whole = fullRange(problem, options, 0, 0, 12, undefined, {
      onState: (current) => states.push(structuredClone(current())),
    });
    const resumed = fullRange(problem, options, 0, 0, 12, undefined, { state: states[4]! });
    expect(resumed.final).toEqual(whole.final);
    const halves = [fullRange(problem, options, 0, 0, 6), fullRange(problem, options, 0, 6, 12)];
    const results = [[whole], halves].map((ranges) => mergeTasks(problem, options, ranges));
    expect(results[1]!.m).toEqual(results[0]!.m);
    expect(results[1]!.series).toEqual(results[0]!.series);
  });

  it.each([
    'rescaled:prediction=velocity',
    'zero-star',
    'autoguidance:against=mixture',
    'power',
    'tcfg',
    'adg',
    'vags',
    'pmc:cap=1.2',
  ])('%s: all methods converge to the same m and v, d = 400 reduced (0.004)', (text) => {
    const problem = particleProblem(1, {
      dimension: 400,
      logClasses: 180,
      startTime: 3.5,
      form: parseForm(text),
    });
    const run = (method: ParticleOptions['method'], steps: number) =>
      simulateReduced(problem, { method, steps, particles: 60, realizations: 4, seed: 2 });
    const reference = run('exponential-heun', 60);
    for (const [method, steps] of [
      ['exponential-multistep', 60],
      ['ddim', 400],
      ['heun', 120],
    ] as const) {
      const result = run(method, steps);
      // The same starts: the difference is that of the methods.
      expect(Math.abs(result.m.mean - reference.m.mean)).toBeLessThan(0.004);
      expect(Math.abs(result.v.mean - reference.v.mean)).toBeLessThan(0.004);
    }
  });

  it('a spec with a form is plain data, and a formula in it is parsed where it runs', async () => {
    const form = parseForm('nonlinear:phi=min(x, 2)/(1 + x)');
    const sent = structuredClone({ ...spec, form });
    expect(JSON.parse(JSON.stringify(sent))).toEqual(sent);
    const options = { particles: 20, realizations: 2, steps: 8 };
    const result = await simulateSpec(sent, options);
    expect(result.m.mean).toBeGreaterThan(0);
    expect((await simulateSpec({ ...sent, mode: 'reduced' }, options)).v.mean).toBeGreaterThan(0);
    await expect(
      simulateSpec({ ...sent, form: { ...form, phi: 'z' } as typeof form }, options),
    ).rejects.toThrow(/unknown/);
  });

  it('refuses forms where they cannot be run', () => {
    const two = particleProblem(1, { classes: 2, form: parseForm('rescaled') });
    expect(() => simulateTwoClasses(two)).toThrow(/one of linear, power, nonlinear, feedback/);
    expect(() => measureDisorderShift(particleProblem(1, { classes: 9, form: parseForm('power') }))).toThrow(
      /linear here/,
    );
    const steep = particleProblem(1, { classes: 9, form: parseForm('power:exponent=-0.5') });
    expect(() => simulateReduced(steep, { particles: 2, realizations: 1 })).toThrow(
      /bounded at infinite noise/,
    );
  });
});

describe('CFG++ is linear guidance with a schedule', () => {
  it('a CFG++ sampler written by hand and DDIM with the equivalent schedule give the same overlap (1e-8)', async () => {
    const [steps, horizon, lambda, sigma2] = [12, 3, 0.6, 0.25];
    const written = writeSchedule('cfg-plus-plus', 0, { lambda, steps, horizon });
    const base = particleProblem(0, { classes: 6, startTime: horizon });
    const schedule = compileSchedule(await guidanceOf(written), base);
    const problem = { ...base, schedule };
    const options = resolveParticleOptions({
      particles: 5,
      realizations: 1,
      steps,
      method: 'ddim',
      grid: 'time',
      seed: 9,
    });
    const range = fullRange(problem, options, 0, 0, 5);
    const d = base.dimension;
    const centres = fullCentres(problem, options, 0);
    const guided = centres.slice(0, d);
    const a = Math.exp(-horizon);
    const draws = new RandomStream(options.seed, startStream);
    let mean = 0;
    for (let particle = 0; particle < 5; particle++) {
      const y = new Float64Array(d);
      draws.moveTo(0, particle);
      draws.normals(y, 0, d);
      for (let i = 0; i < d; i++) y[i] = y[i]! / a;
      for (let n = 0; n < steps; n++) {
        // In the frame y = x/a: denoise with eps_u + lambda (eps_c - eps_u), renoise with eps_u.
        const sigma = Math.sqrt(Math.expm1(2 * horizon * (1 - n / steps)));
        const next = n === steps - 1 ? 0 : Math.sqrt(Math.expm1(2 * horizon * (1 - (n + 1) / steps)));
        const Gamma = sigma2 + sigma * sigma;
        const average = posteriorMean(y, { centres, dimension: d }, 1, Gamma);
        for (let i = 0; i < d; i++) {
          const noiseOfClass = (-sigma * (guided[i]! - y[i]!)) / Gamma;
          const noiseOfAll = (-sigma * (average[i]! - y[i]!)) / Gamma;
          const denoised = y[i]! - sigma * (noiseOfAll + lambda * (noiseOfClass - noiseOfAll));
          y[i] = denoised + next * noiseOfAll;
        }
      }
      for (let i = 0; i < d; i++) mean += (y[i]! * guided[i]!) / range.guidedNorm / 5;
    }
    const result = mergeTasks(problem, options, [range]);
    // The schedule is read 1e-9 of a step inside it.
    expect(Math.abs(result.m.mean - mean)).toBeLessThan(1e-8);
    // It is not what linear guidance at the same mean strength does.
    expect(
      Math.abs(simulateFull({ ...base, schedule: particleProblem(1, {}).schedule }, options).m.mean - mean),
    ).toBeGreaterThan(1e-3);
  });
});
