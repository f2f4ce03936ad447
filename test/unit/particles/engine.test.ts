import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { NumericalFailure, ParameterError } from '../../../src/numerics/checks.ts';
import { abortCrew, crewBytes, joinCrew } from '../../../src/particles/engine/crew.ts';
import { openEngine, placeCentres } from '../../../src/particles/engine/engine.ts';
import type { RangeState } from '../../../src/particles/fullRange.ts';
import { fullCentres } from '../../../src/particles/fullRange.ts';
import { plainKernel } from '../../../src/particles/kernels/plainKernel.ts';
import { wasmKernel } from '../../../src/particles/kernels/wasmKernel.ts';
import { planSimulation } from '../../../src/particles/plan/plan.ts';
import { resolveParticleOptions } from '../../../src/particles/problem/problem.ts';
import { simulateFull } from '../../../src/particles/simulate.ts';
import { particleProblem } from './problems.ts';
import { fullRange } from './ranges.ts';

const wasm = await wasmKernel(false);

describe('plan of an engine', () => {
  const large = particleProblem(1, { dimension: 30, classes: 1e8 });

  it('holds the centres where they fit, else streams them, in a few MB', () => {
    const small = placeCentres(particleProblem(1, { classes: 1000 }), resolveParticleOptions(), wasm);
    expect(small.streamed).toBe(false);
    const plan = placeCentres(large, resolveParticleOptions({ particles: 8 }), wasm);
    expect(plan.streamed).toBe(true);
    expect(plan.bytes).toBeLessThan(10e6);
  });

  it('refuses to hold what does not fit, with the number and the remedy', () => {
    const options = resolveParticleOptions({ centres: 'memory' });
    expect(() => placeCentres(large, options, wasm)).toThrow(ParameterError);
    expect(() => placeCentres(large, options, wasm)).toThrow(/1\.\d+e\+10.*100000000.*streamed/);
    // Four threads that hold a quarter each take no more than one that holds all.
    const tight = resolveParticleOptions({ centres: 'memory', memoryLimit: 200e6 });
    const problem = particleProblem(1, { dimension: 24, classes: 1e6 });
    expect(placeCentres(problem, tight, wasm, 4, 4).streamed).toBe(false);
    expect(() => placeCentres(problem, tight, wasm, 4, 1)).toThrow(/memory limit/);
  });

  it('refuses more classes than there are counters, and given centres of another size', () => {
    const options = resolveParticleOptions();
    expect(() => placeCentres(particleProblem(1, { classes: 2 ** 33 }), options, wasm)).toThrow(/4294967296/);
    expect(() => placeCentres(particleProblem(1, { logClasses: 1e5 }), options, wasm)).toThrow(
      /exp\(100000\)/,
    );
    const centres = new Float64Array(12);
    const problem = particleProblem(1, { classes: 3 });
    const explicit = planSimulation(problem, 'full', options);
    expect(() => openEngine(explicit, 0, plainKernel, { centres })).toThrow(/centres\.length.*18/);
  });
});

describe('full simulation with the WebAssembly engine', () => {
  it.each([0, 1])('eta = %f: m and v within 3e-7 of the plain one, the same random numbers', (eta) => {
    const problem = particleProblem(1, { dimension: 10, classes: 400, sampler: { eta } });
    const options = { particles: 40, realizations: 2, steps: 20, clocks: [0] };
    const plain = simulateFull(problem, options);
    const fast = simulateFull(problem, options, undefined, wasm);
    for (const key of ['m', 'q', 'v', 'guidedWeight', 'vParallel'] as const) {
      expect(Math.abs(fast[key].mean - plain[key].mean)).toBeLessThan(3e-7);
      expect(Math.abs(fast.series[0]![key].mean - plain.series[0]![key].mean)).toBeLessThan(3e-7);
    }
    expect(fast.pairs).toBe(plain.pairs);
    expect(fast.pairsEvaluated).toBeLessThan(plain.pairsEvaluated);
  });

  it('sigma2 = 0.004: what single precision cannot give comes in double (3e-7)', () => {
    const problem = particleProblem(-0.5, { dimension: 4, classes: 5000, sigma2: 0.004 });
    const options = { particles: 24, realizations: 2, steps: 30, clocks: [0] };
    const plain = simulateFull(problem, options);
    const fast = simulateFull(problem, options, undefined, wasm);
    expect(fast.pairsPrecise).toBeGreaterThan(0);
    expect(Math.abs(fast.m.mean - plain.m.mean)).toBeLessThan(3e-7);
    expect(Math.abs(fast.v.mean - plain.v.mean)).toBeLessThan(3e-7);
  });

  it('a smaller skip tolerance changes m and v by less than a larger one allows', () => {
    const problem = particleProblem(1, { dimension: 12, classes: 400 });
    const run = (skipTolerance: number) =>
      simulateFull(problem, { particles: 32, realizations: 2, steps: 30, skipTolerance }, undefined, wasm);
    const exact = run(0);
    expect(exact.pairsEvaluated).toBe(exact.pairs);
    for (const tolerance of [1e-4, 1e-7]) {
      const r = run(tolerance);
      expect(r.pairsEvaluated).toBeLessThan(0.97 * r.pairs);
      expect(Math.abs(r.m.mean - exact.m.mean)).toBeLessThan(10 * tolerance);
      expect(Math.abs(r.v.mean - exact.v.mean)).toBeLessThan(10 * tolerance);
    }
  });

  it('streams with the bits of held centres, and given centres with those of drawn ones', () => {
    const problem = particleProblem(1, { dimension: 5, classes: 20_000, sampler: { eta: 1 } });
    const options = resolveParticleOptions({ particles: 9, realizations: 1, steps: 4, clocks: [0] });
    const held = fullRange(problem, options, 0, 0, 9, undefined, { kernel: wasm });
    const streaming = { ...options, centres: 'stream' as const };
    expect(fullRange(problem, streaming, 0, 0, 9, undefined, { kernel: wasm }).final).toEqual(held.final);
    const centres = fullCentres(problem, options, 0);
    expect(fullRange(problem, options, 0, 0, 9, undefined, { kernel: wasm, centres }).final).toEqual(
      held.final,
    );
  });
});

describe('interruption', () => {
  it.each(['exponential-heun', 'exponential-multistep'] as const)(
    '%s: a range continued from any of its states has the bits of an uninterrupted one',
    (method) => {
      const problem = particleProblem(1, {
        dimension: 9,
        classes: 90,
        sampler: { eta: method.endsWith('heun') ? 1 : 0 },
      });
      const options = resolveParticleOptions({
        particles: 300,
        realizations: 1,
        steps: 8,
        method,
        clocks: [0.2],
      });
      const states: RangeState[] = [];
      const whole = fullRange(problem, options, 0, 0, 300, undefined, {
        kernel: wasm,
        onState: (current) => states.push(structuredClone(current())),
      });
      // Two blocks of particles.
      expect(new Set(states.map(({ first }) => first)).size).toBe(2);
      for (const at of [0, 3, states.length - 2]) {
        const continued = fullRange(problem, options, 0, 0, 300, undefined, {
          kernel: wasm,
          state: states[at],
        });
        expect(continued.final).toEqual(whole.final);
        expect(continued.series).toEqual(whole.series);
        expect(continued.pairs).toBe(whole.pairs);
      }
    },
  );
});

describe('crew', () => {
  it('of one is nobody else, and regions take turns', () => {
    const crew = joinCrew(new SharedArrayBuffer(crewBytes(10)), 0, 1);
    const first = crew.region(10);
    crew.meet();
    const second = crew.region(10);
    crew.meet();
    expect(first.byteOffset).not.toBe(second.byteOffset);
    expect(crew.region(3).byteOffset).toBe(first.byteOffset);
    expect(() => crew.region(11)).toThrow(ParameterError);
    expect(() => joinCrew(new SharedArrayBuffer(crewBytes(1)), 2, 2)).toThrow(ParameterError);
  });

  it('waits for its members, and stops when it is given up', async () => {
    const buffer = new SharedArrayBuffer(crewBytes(4));
    const code = `
      const { workerData } = require('node:worker_threads');
      const header = new Int32Array(workerData, 0, 16);
      setTimeout(() => {
        // What the other member would do in meet(): arrive, and as the last one open the next round.
        Atomics.add(header, 0, 1); Atomics.store(header, 0, 0); Atomics.add(header, 1, 1); Atomics.notify(header, 1);
      }, 50);`;
    const crew = joinCrew(buffer, 0, 2);
    const worker = new Worker(code, { eval: true, workerData: buffer });
    crew.meet();
    await worker.terminate();
    abortCrew(buffer);
    expect(() => {
      crew.meet();
    }).toThrow(NumericalFailure);
  });
});
