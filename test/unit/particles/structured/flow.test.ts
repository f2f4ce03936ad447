import { describe, expect, it } from 'vitest';
import type { ClassLaw } from '../../../../src/mixture/classLaw.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';
import { startStream } from '../../../../src/particles/problem/streams.ts';
import { simulateStructured, structuredPlan } from '../../../../src/particles/structured/simulate.ts';
import { processOf, type ProcessName } from '../../../../src/process/process.ts';
import { stepMethods, type StepMethod } from '../../../../src/sampler/sequence.ts';
import { allLaws, draw, laws, scoreOf, structuredInput, writtenClasses } from './laws.ts';

/** Guidance that grows from 0 to 3. */
const growing = { schedule: '3 * progress', clock: 'progress' } as const;

/**
 * The guided flow of one particle from a finite start, from the definition: x by the classical fourth-order rule in the process's own time,
 * dx = [-f x + g^2/2 s] dtau, s = s_c + w (s_c - s_u) with scores summed over classes and coordinates, w = 3 progress.
 */
async function flowOf(
  law: ClassLaw,
  name: ProcessName,
  start: number,
  steps: number,
  rule: 'euler' | 'runge-kutta',
) {
  const input = structuredInput(law, { process: name, startTime: start, guidance: growing });
  const options = { particles: 1, realizations: 1, seed: 3 };
  const { problem } = await structuredPlan(input, options);
  const classes = draw(problem);
  const written = writtenClasses(problem, classes);
  const process = processOf(name);
  const drift = (x: Float64Array, t: number): Float64Array => {
    const a = process.signalScale(t);
    const y = x.map((value) => value / a);
    const tau = process.noiseToSignal(t);
    const guided = scoreOf(written, problem.size.guidedClasses, y, tau).score;
    const whole = scoreOf(written, classes.classes, y, tau).score;
    const w = 3 * (1 - t / start);
    return x.map(
      (value, i) =>
        -process.driftRate(t) * value +
        (process.squaredDiffusion(t) * ((1 + w) * guided[i]! - w * whole[i]!)) / (2 * a),
    );
  };
  const x = new Float64Array(8);
  new RandomStream(3, startStream).normals(x, 0, 8);
  const spread = Math.sqrt(process.priorVariance(start));
  for (let i = 0; i < 8; i++) x[i]! *= spread;
  const h = start / steps;
  for (let n = 0; n < steps; n++) {
    const t = start - n * h;
    const k1 = drift(x, t);
    if (rule === 'euler') {
      for (let i = 0; i < 8; i++) x[i]! += h * k1[i]!;
      continue;
    }
    const k2 = drift(
      x.map((value, i) => value + (h / 2) * k1[i]!),
      t - h / 2,
    );
    const k3 = drift(
      x.map((value, i) => value + (h / 2) * k2[i]!),
      t - h / 2,
    );
    const k4 = drift(
      x.map((value, i) => value + h * k3[i]!),
      Math.max(0, t - h),
    );
    for (let i = 0; i < 8; i++) x[i]! += (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!);
  }
  const centre = new Float64Array(8);
  for (const part of classes.parts) for (let i = 0; i < 8; i++) centre[i]! += part[i]!;
  const product = (p: Float64Array, q: Float64Array) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  return { input, options, m: product(x, centre) / product(centre, centre), q: product(x, x) / 8 };
}

describe('the flow of one particle', () => {
  it.each(allLaws)(
    '%s: end point of the guided flow by another integrator in the time of each process, m and q within 2e-3',
    async (_name, law) => {
      for (const [process, start] of [
        ['ou', 1.2],
        ['ve', 6],
        ['flow', 0.7],
      ] as const) {
        const { input, options, m, q } = await flowOf(law, process, start, 400, 'runge-kutta');
        const result = await simulateStructured(input, { ...options, steps: 400 });
        expect(Math.abs(result.m.mean - m), process).toBeLessThan(2e-3);
        expect(Math.abs(result.q.mean / q - 1), process).toBeLessThan(2e-3);
      }
    },
  );

  it.each(allLaws)('%s: three Euler steps as they are written, 1e-4', async (_name, law) => {
    const { input, options, m, q } = await flowOf(law, 'ou', 0.8, 3, 'euler');
    const result = await simulateStructured(input, { ...options, steps: 3, method: 'euler', grid: 'time' });
    expect(result.steps).toBe(3);
    expect(result.m.mean / m).toBeCloseTo(1, 4);
    expect(result.q.mean / q).toBeCloseTo(1, 4);
  });

  it.each(allLaws)('%s: from pure noise, the limit of early starts, 3e-4', async (_name, law) => {
    const run = (startTime: number | null) =>
      simulateStructured(structuredInput(law, { process: 've', startTime, guidance: { w: 3 } }), {
        particles: 1,
        realizations: 1,
        steps: 400,
      });
    const [limit, early] = [await run(null), await run(1e12)];
    expect(Math.abs(limit.m.mean / early.m.mean - 1)).toBeLessThan(3e-4);
    expect(Math.abs(limit.q.mean / early.q.mean - 1)).toBeLessThan(3e-4);
  });

  it.each(allLaws)(
    '%s: second order in the step, and the same end for every method and grid',
    async (_name, law) => {
      const input = structuredInput(law, { startTime: 1.5, guidance: growing });
      const end = async (options: object) =>
        (await simulateStructured(input, { particles: 3, realizations: 2, ...options })).q.mean;
      const limit = await end({ steps: 800 });
      const coarse = Math.abs((await end({ steps: 50 })) / limit - 1);
      const fine = Math.abs((await end({ steps: 100 })) / limit - 1);
      expect(coarse).toBeLessThan(0.02);
      expect(fine).toBeLessThan(0.4 * coarse + 1e-5);
      for (const method of stepMethods.filter((name) => name !== 'ddpm')) {
        const grid = method === 'heun' ? 'time' : 'logsnr';
        expect(Math.abs((await end({ method, grid, steps: 1200 })) / limit - 1), method).toBeLessThan(0.01);
      }
    },
  );

  it('a jump of w is on a node of the steps, which see w from inside; multistep methods start afresh there', async () => {
    for (const [, law] of laws) {
      const guidance = { schedule: 't < 0.7 ? 1 : 3', clock: 't' } as const;
      const input = structuredInput(law, { guidance, startTime: 1.5 });
      const { noise, w, steps } = await structuredPlan(input, { method: 'exponential-multistep' });
      const node = noise.findIndex((tau) => Math.abs(tau - Math.expm1(1.4)) < 1e-9);
      expect(w[node - 1]).toEqual({ begin: 3, end: 3 });
      expect(w[node]).toEqual({ begin: 1, end: 1 });
      for (const [, sequence] of steps) {
        expect(sequence[node]!.corrector).not.toBeNull();
        expect(sequence[node - 1]!.corrector).toBeNull();
      }
      const end = async (method: StepMethod) =>
        (await simulateStructured(input, { particles: 2, realizations: 1, steps: 600, method })).q.mean;
      expect((await end('exponential-multistep')) / (await end('exponential-heun'))).toBeCloseTo(1, 3);
    }
  });
});
