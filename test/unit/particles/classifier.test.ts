import { describe, expect, it } from 'vitest';
import type { MiscalibratedClassifier } from '../../../src/classifier/calibration.ts';
import { classifierGuidedScore, exactClassifier } from '../../../src/classifier/exact.ts';
import { biasedClassifier, temperatureClassifier } from '../../../src/classifier/perturbations.ts';
import { measureDisorderShift } from '../../../src/finiteSize/disorderShift.ts';
import { parseForm } from '../../../src/guidance/forms/form.ts';
import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { fullCentres, type RangeState } from '../../../src/particles/fullRange.ts';
import { chooseKernel } from '../../../src/particles/kernels/choose.ts';
import { resolveParticleOptions, type ParticleOptions } from '../../../src/particles/problem/problem.ts';
import { simulateFull, simulateReduced, simulateTwoClasses } from '../../../src/particles/simulate.ts';
import { simulateSpec, type SimulationSpec } from '../../../src/particles/simulationSpec.ts';
import { startStream } from '../../../src/particles/problem/streams.ts';
import { mergeTasks } from '../../../src/particles/tasks.ts';
import { particleProblem } from './problems.ts';
import { fullRange } from './ranges.ts';

const classifiers: readonly MiscalibratedClassifier[] = [
  { temperature: 0.6, bias: 0 },
  { temperature: 2, bias: 0.3 },
  { temperature: 1, bias: -0.4 },
];

describe('a mis-calibrated classifier in the particle simulations', () => {
  it.each([0, 1])('eta = %i: T = 1 without bias is linear guidance, full and reduced (1e-9)', (eta) => {
    const options: Partial<ParticleOptions> = { particles: 40, realizations: 2, steps: 25, seed: 3 };
    for (const startTime of [null, 3]) {
      for (const w of [-1, 0, 1.5]) {
        const linear = particleProblem(w, { classes: 30, sampler: { eta }, startTime });
        const classifier = { temperature: 1, bias: 0 };
        for (const run of [simulateFull, simulateReduced] as const) {
          // The same nodes: those of the other grid are chosen by errors that differ in their rounding.
          const fixed = { ...options, grid: 'angle' } as const;
          const [a, b] = [run(linear, fixed), run({ ...linear, classifier }, fixed)];
          expect(Math.abs(a.m.mean - b.m.mean)).toBeLessThan(1e-9);
          expect(Math.abs(a.v.mean - b.v.mean)).toBeLessThan(1e-9);
        }
      }
    }
  });

  it.each(classifiers)(
    'T = $temperature, bias $bias: Euler steps with the softmax of all logits, by hand, to 1e-9',
    (classifier) => {
      const [steps, horizon, w, d] = [24, 2, 1.5, 6];
      const problem = particleProblem(w, { classes: 25, startTime: horizon, classifier });
      const options = resolveParticleOptions({
        particles: 6,
        realizations: 1,
        steps,
        method: 'euler',
        grid: 'time',
        skipTolerance: 0,
        seed: 9,
      });
      const range = fullRange(problem, options, 0, 0, 6);
      const centres = fullCentres(problem, options, 0);
      const rows = Array.from({ length: 25 }, (_, k) => [...centres.subarray(k * d, (k + 1) * d)]);
      const diffused = diffuseMixture(
        labelledMixture({ centres: rows, covariance: problem.sigma2 }),
        problem.process,
      );
      const biases = rows.map((_, k) => (k === 0 ? classifier.bias * d : 0));
      const tempered = temperatureClassifier(exactClassifier(diffused), classifier.temperature);
      const scoreAt = classifierGuidedScore(diffused, biasedClassifier(tempered, biases), 0, w);
      const draws = new RandomStream(options.seed, startStream);
      const score = new Float64Array(d);
      let [mean, square] = [0, 0];
      for (let particle = 0; particle < 6; particle++) {
        const x = new Float64Array(d);
        draws.moveTo(0, particle);
        draws.normals(x, 0, d);
        for (let i = 0; i < d; i++) x[i]! *= Math.sqrt(problem.process.priorVariance(horizon));
        for (let n = 0; n < steps; n++) {
          scoreAt(horizon * (1 - n / steps))(x, score);
          for (let i = 0; i < d; i++) x[i]! += (horizon / steps) * (x[i]! + score[i]!);
        }
        for (let i = 0; i < d; i++) {
          mean += (x[i]! * rows[0]![i]!) / range.guidedNorm / 6;
          square += (x[i]! * x[i]!) / d / 6;
        }
      }
      const result = mergeTasks(problem, options, [range]);
      expect(Math.abs(result.m.mean - mean)).toBeLessThan(1e-9);
      expect(Math.abs(result.q.mean - square)).toBeLessThan(1e-9);
      const linear = particleProblem(w, { classes: 25, startTime: horizon });
      expect(Math.abs(simulateFull(linear, options).m.mean - mean)).toBeGreaterThan(1e-3);
    },
  );

  it.each(classifiers)(
    'T = $temperature, bias $bias: other engines agree with the plain one (2e-5); stopped, continued and split ranges give the same bits',
    async (classifier) => {
      const problem = particleProblem(1.5, {
        dimension: 10,
        classes: 300,
        sampler: { eta: 0.6 },
        classifier,
      });
      const options = resolveParticleOptions({ particles: 12, realizations: 1, steps: 12, clocks: [0] });
      const states: RangeState[] = [];
      const whole = fullRange(problem, options, 0, 0, 12, undefined, {
        onState: (current) => states.push(structuredClone(current())),
      });
      const resumed = fullRange(problem, options, 0, 0, 12, undefined, { state: states[4]! });
      expect(resumed.final).toEqual(whole.final);
      expect([resumed.pairs, resumed.pairsEvaluated]).toEqual([whole.pairs, whole.pairsEvaluated]);
      const halves = [fullRange(problem, options, 0, 0, 6), fullRange(problem, options, 0, 6, 12)];
      const [one, two] = [[whole], halves].map((ranges) => mergeTasks(problem, options, ranges));
      expect(two!.m).toEqual(one!.m);
      expect(two!.series).toEqual(one!.series);
      const { kernel } = await chooseKernel('wasm', null);
      const other = mergeTasks(problem, options, [
        fullRange(problem, options, 0, 0, 12, undefined, { kernel }),
      ]);
      expect(Math.abs(other.m.mean - one!.m.mean)).toBeLessThan(2e-5);
      expect(Math.abs(other.v.mean - one!.v.mean)).toBeLessThan(2e-5);
    },
  );

  it('full and reduced agree where the classes are many: d = 14, alpha = 0.45, T = 1.25 (4 s.e. + 0.01)', () => {
    const problem = particleProblem(1, {
      dimension: 14,
      logClasses: 6.3,
      classifier: { temperature: 1.25, bias: 0 },
    });
    const reduced = simulateReduced(problem, { particles: 400, realizations: 8, seed: 2 });
    const full = simulateFull(problem, { particles: 40, realizations: 8, steps: 30, seed: 2 });
    const error = (key: 'm' | 'v') => Math.hypot(full[key].standardError!, reduced[key].standardError!);
    expect(Math.abs(full.m.mean - reduced.m.mean)).toBeLessThan(0.01 + 4 * error('m'));
    expect(Math.abs(full.v.mean - reduced.v.mean)).toBeLessThan(0.01 + 4 * error('v'));
  });

  it('a spec with a classifier is plain data; a classifier is refused where it cannot be run', async () => {
    const plain: SimulationSpec = {
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
    const spec = { ...plain, classifier: { temperature: 1.5, bias: 0.1 } };
    expect(JSON.parse(JSON.stringify(structuredClone(spec)))).toEqual(spec);
    const options = { particles: 20, realizations: 2, steps: 8 };
    for (const mode of ['full', 'reduced'] as const) {
      const [with_, without] = [
        await simulateSpec({ ...spec, mode }, options),
        await simulateSpec({ ...plain, mode }, options),
      ];
      expect(Math.abs(with_.m.mean - without.m.mean)).toBeGreaterThan(1e-3);
    }
    await expect(simulateSpec({ ...spec, form: parseForm('rescaled') }, options)).rejects.toThrow(
      /linear with a classifier/,
    );
    await expect(simulateSpec({ ...spec, mode: 'two-class', classes: 2 }, options)).rejects.toThrow(
      /absent in a two-class simulation/,
    );
    await expect(
      simulateSpec({ ...spec, classifier: { temperature: -1, bias: 0 } }, options),
    ).rejects.toThrow(/classifier.temperature must be/);
    const problem = particleProblem(1, { classes: 9, classifier: { temperature: 2, bias: 0 } });
    expect(() => measureDisorderShift(problem)).toThrow(/absent here/);
    expect(() => simulateTwoClasses({ ...problem, classes: 2 })).toThrow(/two-class/);
  });
});
