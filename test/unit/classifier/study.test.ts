import { describe, expect, it } from 'vitest';
import { classifierFamily, familyNames, familyTimeRange } from '../../../src/classifier/study/families.ts';
import { predictRipple, rippleFor } from '../../../src/classifier/counterexample.ts';
import { exactClassifier } from '../../../src/classifier/exact.ts';
import { waveTerm } from '../../../src/classifier/fourier.ts';
import { perturbedClassifier } from '../../../src/classifier/perturbations.ts';
import { measureClassifier } from '../../../src/classifier/measure.ts';
import { NoiseLevel, studyDefaults } from '../../../src/classifier/study/noiseLevel.ts';
import { randomClasses } from '../../../src/classifier/study/randomClasses.ts';
import { rippleLine, studyRipples } from '../../../src/classifier/study/rippleStudy.ts';
import { familySlope } from '../../../src/classifier/study/slope.ts';
import { studyFamilies, studyRow } from '../../../src/classifier/study/study.ts';
import { diffuseMixture } from '../../../src/mixture/labelled/diffused.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { processes } from '../../../src/process/process.ts';
import { line } from './problems.ts';

const time = 0.3;
const classesIn = (dimension: number, seed = 1) =>
  diffuseMixture(randomClasses({ dimension, classes: 4, radius: 2, sigma2: 0.5, seed }));
const onLine = { diffused: line, label: 1 };
const smooth = ['temperature', 'bias', 'centres', 'variance', 'fourier'] as const;

describe('families', () => {
  it.each(smooth)('%s: slope 1 within 0.01 at its two smallest parameters, by quadrature', (family) => {
    const parameters = classifierFamily(family).parameters.slice(-2);
    const { slopes, rows } = studyFamilies(onLine, [{ family, parameters }], [time], studyDefaults);
    expect(Math.abs(slopes[0]!.slope - 1)).toBeLessThan(0.01);
    expect(Math.abs(slopes[0]!.ofClass.slope - 1)).toBeLessThan(0.01);
    expect(slopes[0]!.lower).toBeNull();
    for (const row of rows) expect(row.guidanceMse).toBeLessThan(row.bound);
  });

  it('wave: slope 1/2 within 1e-4, at least 0.998 of its bound; ripple: slope 0 within 1e-4 and E|grad f|^2 = 1 (1e-4)', () => {
    const sweep = (family: 'wave' | 'ripple') => ({ family, parameters: [1e-5, 1e-6] });
    const { slopes, rows } = studyFamilies(onLine, [sweep('wave'), sweep('ripple')], [time], studyDefaults);
    expect(Math.abs(slopes[0]!.slope - 0.5)).toBeLessThan(1e-4);
    expect(Math.abs(slopes[1]!.slope)).toBeLessThan(1e-4);
    for (const row of rows.slice(0, 2)) expect(row.guidanceMse / row.bound).toBeGreaterThan(0.998);
    for (const row of rows.slice(2)) expect(Math.abs(row.guidanceMse - 1)).toBeLessThan(1e-4);
    for (const row of rows) expect(Math.abs(row.kl / row.parameter! - 1)).toBeLessThan(1e-4);
  });

  it('are functions of their seed, and every one fits its mixture', () => {
    const diffused = classesIn(3);
    for (const name of smooth) {
      const family = classifierFamily(name);
      const kl = (seed: number): number =>
        measureClassifier(
          diffused,
          family.make(diffused, 0, family.parameters[1]!, { time, seed }),
          0,
          time,
          {
            samples: 200,
          },
        ).conditionalKl.mean;
      expect(kl(3)).toBe(kl(3));
      if (name !== 'temperature' && name !== 'variance') expect(kl(3)).not.toBe(kl(4));
    }
  });

  it('trained ones know all times from the data to OU time 4 in every process, and beyond if asked', () => {
    for (const process of Object.values(processes)) {
      const { from, to } = familyTimeRange(process, 0);
      expect(from).toBe(0);
      expect(Math.log1p(process.noiseToSignal(to)) / 2).toBeCloseTo(4, 9);
    }
    expect(familyTimeRange(processes.ou, 7).to).toBe(7);
  });

  it('refuse parameters outside their domain', () => {
    const options = { time, seed: 1 };
    for (const name of familyNames) {
      for (const bad of [NaN, -2, Infinity]) {
        expect(() => classifierFamily(name).make(line, 1, bad, options), name).toThrow(/parameters must be/);
      }
    }
    expect(() => classifierFamily('other' as 'bias')).toThrow(/family must be one of/);
  });
});

describe('noise level', () => {
  it('measures what measureClassifier does, to the bit, and its groups sum to the same averages (1e-12)', () => {
    const diffused = classesIn(4);
    const classifier = classifierFamily('fourier').make(diffused, 2, 0.1, { time, seed: 5 });
    const options = { samples: 500, seed: 9, batches: 7 };
    const { error, groups } = new NoiseLevel({ diffused, label: 2 }, time, options).measure(classifier);
    expect(error).toEqual(measureClassifier(diffused, classifier, 2, time, { samples: 500, seed: 9 }));
    expect(groups).toHaveLength(7);
    const sum = (key: 'kl' | 'meanSquare' | 'classMeanSquare') =>
      groups.reduce((total, group) => total + group[key], 0);
    expect(sum('kl') / error.conditionalKl.mean).toBeCloseTo(1, 12);
    expect(sum('meanSquare') / error.mixture.meanSquare.mean).toBeCloseTo(1, 12);
    expect(sum('classMeanSquare') / error.ofClass.meanSquare.mean).toBeCloseTo(1, 12);
  });

  it('quadrature follows the wave number: a ripple of KL 1e-7 has E|grad f|^2 = 1 within 1e-5', () => {
    const family = classifierFamily('ripple');
    const options = { time, seed: 1 };
    const frequency = family.frequency!(line, 1, 1e-7, options);
    expect(frequency).toBeGreaterThan(300);
    const level = new NoiseLevel(onLine, time, studyDefaults);
    const { error } = level.measure(family.make(line, 1, 1e-7, options), frequency);
    expect(Math.abs(error.mixture.meanSquare.mean - 1)).toBeLessThan(1e-5);
    expect(() => level.measure(family.make(line, 1, 1e-7, options), 1e9)).toThrow(/panels/);
  });

  it('refuses sizes out of range', () => {
    expect(() => new NoiseLevel(onLine, time, { ...studyDefaults, samples: 1 })).toThrow(/samples/);
    expect(() => new NoiseLevel(onLine, time, { ...studyDefaults, batches: 1 })).toThrow(/batches/);
    expect(() => new NoiseLevel({ diffused: line, label: 3 }, time, studyDefaults)).toThrow(/label/);
  });
});

describe('slopes', () => {
  const sums = (kl: number, meanSquare: number) => ({ kl, meanSquare, classMeanSquare: 2 * meanSquare });

  it('power law without noise: its exponent to 1e-12, no error, no residual', () => {
    const members = [1, 0.1, 0.001].map((kl) => [sums(kl, 3 * kl ** 0.7), sums(kl, 3 * kl ** 0.7)]);
    const found = familySlope(members, 'points')!;
    expect(found.slope).toBeCloseTo(0.7, 12);
    expect(found.standardError).toBeLessThan(1e-12);
    expect(found.residual).toBeLessThan(1e-12);
    for (const one of found.local) expect(one).toBeCloseTo(0.7, 12);
    expect(familySlope(members.slice(0, 1), 'points')).toBeNull();
    expect(familySlope([members[0]!, members[0]!], 'points')).toBeNull();
  });

  it("points: half-widths are tabulated Student's t of one degree of freedom less than there are groups (1e-3)", () => {
    const stream = new RandomStream(9, 1998);
    for (const [groups, t] of [
      [2, 12.706],
      [3, 4.303],
      [4, 3.182],
      [6, 2.571],
    ] as const) {
      const members = [1, 0.1, 0.01].map((kl) =>
        Array.from({ length: groups }, () => sums(kl, kl * (1 + 0.2 * stream.nextNormal()))),
      );
      const { ofClass, ...own } = familySlope(members, 'points')!;
      for (const { lower, upper, standardError } of [own, ofClass]) {
        expect(Math.abs((upper! - lower!) / (2 * standardError!) / t - 1)).toBeLessThan(1e-3);
      }
    }
  });

  it('points: 95 % intervals of 400 synthetic studies hold the exponent in 95 +- 4.4 % (4 standard errors)', () => {
    const stream = new RandomStream(7, 1998);
    let inside = 0;
    for (let study = 0; study < 400; study++) {
      const members = [1, 0.1, 0.01].map((kl) =>
        Array.from({ length: 20 }, () => sums(kl / 20, (kl / 20) * (1 + 0.2 * stream.nextNormal()))),
      );
      const { lower, upper } = familySlope(members, 'points')!;
      if (lower! < 1 && upper! > 1) inside++;
    }
    expect(Math.abs(inside / 400 - 0.95)).toBeLessThan(4.4e-2);
  });

  it('trainings: intervals from the scatter of 5 members hold the exponent in 95 +- 4.4 %', () => {
    const stream = new RandomStream(8, 1998);
    let inside = 0;
    for (let study = 0; study < 400; study++) {
      const members = [1, 0.3, 0.1, 0.03, 0.01].map((kl) => {
        const error = kl ** 0.5 * Math.exp(0.3 * stream.nextNormal());
        return [sums(kl / 2, error / 2), sums(kl / 2, error / 2)];
      });
      const { lower, upper } = familySlope(members, 'trainings')!;
      if (lower! < 0.5 && upper! > 0.5) inside++;
    }
    expect(Math.abs(inside / 400 - 0.95)).toBeLessThan(4.4e-2);
  });

  it.each([2, 8, 32])(
    'd = %i, sampled: fourier, wave and ripple at 1, 1/2 and 0 within 5 standard errors (each below 0.02) + 0.005',
    (d) => {
      const sweeps = [
        { family: 'fourier', parameters: [0.01, 0.001] },
        { family: 'wave', parameters: [1e-6, 1e-8] },
        { family: 'ripple', parameters: [1e-6, 1e-8] },
      ] as const;
      const problem = { diffused: classesIn(d), label: 0 };
      const { slopes } = studyFamilies(problem, sweeps, [time], { samples: 1500, seed: 2, batches: 20 });
      [1, 0.5, 0].forEach((expected, i) => {
        const { slope, standardError } = slopes[i]!;
        expect(standardError!).toBeLessThan(0.02);
        expect(Math.abs(slope - expected)).toBeLessThan(5 * standardError! + 0.005);
      });
    },
  );
});

describe('a study', () => {
  it('trained: more data, less KL at every noise level; one training for all of them', () => {
    const problem = { diffused: classesIn(2), label: 0 };
    const sweep = { family: 'logistic', parameters: [100, 10_000] } as const;
    const counts: number[] = [];
    const { rows, slopes } = studyFamilies(
      problem,
      [sweep],
      [0.2, 0.6],
      { samples: 1000, seed: 1, batches: 10 },
      (count) => counts.push(count),
    );
    expect(counts).toEqual([1, 2, 3, 4]);
    expect(rows.map(({ parameter, time: at }) => [parameter, at])).toEqual([
      [100, 0.2],
      [100, 0.6],
      [10_000, 0.2],
      [10_000, 0.6],
    ]);
    expect(rows[2]!.kl).toBeLessThan(0.3 * rows[0]!.kl);
    expect(rows[3]!.kl).toBeLessThan(0.3 * rows[1]!.kl);
    // Two members leave no degree of freedom for their scatter.
    for (const { lower } of slopes) expect(lower).toBeNull();
  });

  it('rows hold what was measured', () => {
    const classifier = classifierFamily('bias').make(line, 1, 0.1, { time, seed: 1 });
    const error = measureClassifier(line, classifier, 1, time, { method: 'quadrature' });
    expect(studyRow('bias', 0.1, onLine, error)).toMatchObject({
      family: 'bias',
      parameter: 0.1,
      dimension: 1,
      time,
      kl: error.conditionalKl.mean,
      klError: null,
      guidanceMse: error.mixture.meanSquare.mean,
      bound: error.mixture.bound.mean,
      klBound: error.fromKl.bound,
    });
  });
});

describe('random classes', () => {
  it('mean squared length of 4000 centres: radius^2 within 4 standard errors; centre k does not depend on K', () => {
    const shape = { dimension: 5, radius: 2, sigma2: 0.5, seed: 3 };
    const { centres } = randomClasses({ ...shape, classes: 4000 });
    const mean = centres.reduce((sum, value) => sum + value * value, 0) / 4000;
    expect(Math.abs(mean - 4)).toBeLessThan(4 * 4 * Math.sqrt(2 / 5 / 4000));
    expect([...randomClasses({ ...shape, classes: 3 }).centres]).toEqual([...centres.subarray(0, 15)]);
    expect(() => randomClasses({ ...shape, classes: 1 })).toThrow(/classes/);
    expect(() => randomClasses({ ...shape, classes: 3, radius: 0 })).toThrow(/radius/);
  });
});

describe('ripples', () => {
  it('for other mixtures and dimensions: KL below 1e-6 and error above 0.9, both as predicted within 5 standard errors', () => {
    for (const dimension of [2, 5]) {
      const problem = { diffused: classesIn(dimension, 20 + dimension), label: 1 };
      const request = { kl: 5e-7, guidanceError: 1 };
      const { rows } = studyRipples(problem, time, [request], { samples: 4000, seed: 3, batches: 20 });
      const [row] = rows;
      expect(row!.kl + 4 * row!.klError!).toBeLessThan(1e-6);
      expect(row!.guidanceMse - 4 * row!.standardError!).toBeGreaterThan(0.9);
      expect(row!.predictedMse).toBeCloseTo(1, 9);
      expect(Math.abs(row!.guidanceMse - 1)).toBeLessThan(5 * row!.standardError!);
      expect(Math.abs(row!.kl - row!.predictedKl)).toBeLessThan(5 * row!.klError!);
    }
  });

  it('a wave that is given: prediction and quadrature agree to 1e-6 of the KL', () => {
    const { rows, slope } = studyRipples(onLine, time, [{ amplitude: 0.5, frequency: 60 }], studyDefaults);
    expect(Math.abs(rows[0]!.kl / rows[0]!.predictedKl - 1)).toBeLessThan(1e-6);
    expect(Math.abs(rows[0]!.guidanceMse / rows[0]!.predictedMse - 1)).toBeLessThan(1e-3);
    expect(slope).toBeNull();
  });

  it.each([2, 8, 32])(
    'd = %i: one wave along every axis, Hessian below 10: error ~ sqrt(d KL) as predicted (8 %), at its bound (8 %)',
    (dimension) => {
      const problem = { diffused: classesIn(dimension), label: 0 };
      const { amplitude } = rippleFor(problem.diffused, { label: 0, time, kl: 1e-6, guidanceError: 1 });
      // d waves of amplitude A/sqrt(d) have the KL of one of amplitude A; |q| ~ A^(-1/2) bounds the Hessian of each.
      const each = amplitude / Math.sqrt(dimension);
      const frequency = 3 / Math.sqrt(each);
      const waves = Array.from({ length: dimension }, (_, axis) => {
        const vector = new Float64Array(dimension);
        vector[axis] = frequency;
        return { label: 0, amplitude: each, vector, phase: axis };
      });
      const classifier = perturbedClassifier('waves', exactClassifier(problem.diffused), 1, waveTerm(waves));
      const options = { samples: 4000, seed: 4 };
      const { mixture, conditionalKl, curvature } = measureClassifier(
        problem.diffused,
        classifier,
        0,
        time,
        options,
      );
      const { guidanceError } = predictRipple(problem.diffused, { label: 0, amplitude, frequency }, { time });
      expect(mixture.meanSquare.standardError!).toBeLessThan(0.02 * guidanceError);
      expect(Math.abs(mixture.meanSquare.mean / guidanceError - 1)).toBeLessThan(0.08);
      expect(Math.abs(mixture.meanSquare.mean / mixture.bound.mean - 1)).toBeLessThan(0.08);
      expect(conditionalKl.mean).toBeLessThan(1.15e-6);
      expect(curvature).toBeLessThan(10);
    },
  );

  it('line: probabilities within A c(1 - c) (1 + A) of the truth, slopes up to A |q| (1 - c) off it', () => {
    const ripple = rippleFor(line, { label: 1, time, kl: 1e-6, guidanceError: 1 });
    const range = { from: 0, to: 1, perWave: 16, least: 100 };
    const { x, exact, rippled, exactSlope, rippledSlope } = rippleLine(onLine, time, ripple, range);
    const { amplitude: a, frequency: q } = ripple;
    let largest = 0;
    x.forEach((_, n) => {
      const c = exact[n]!;
      expect(Math.abs(rippled[n]! - c)).toBeLessThanOrEqual(a * c * (1 - c) * (1 + a));
      const reach = Math.abs(rippledSlope[n]! - exactSlope[n]!) / (a * q * (1 - c));
      largest = Math.max(largest, reach);
    });
    expect(largest).toBeGreaterThan(0.97);
    expect(largest).toBeLessThan(1.03);
    expect(() => rippleLine(onLine, time, { ...ripple, frequency: 1e9 }, range)).toThrow(/points/);
  });
});
