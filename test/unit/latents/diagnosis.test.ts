import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { noiseLevels } from '../../../src/guidance/schedules/noiseLevels.ts';
import { fitClasses } from '../../../src/latents/covariances.ts';
import { latentScaleOf, planDiagnosis, predictClass } from '../../../src/latents/diagnosis.ts';
import { classGaussianity } from '../../../src/latents/gaussianity.ts';
import { classMoments } from '../../../src/latents/moments.ts';
import { diagnosisWarnings } from '../../../src/latents/warnings.ts';
import { fileBytes } from '../../../src/threads/fileBytes.ts';
import { runDiagnosis } from '../../../src/threads/latents.ts';
import { latentsOf, threeClasses } from './samples.ts';

const fitted = fitClasses(classMoments(latentsOf(threeClasses(200))));
const { mixture } = fitted;
const levels = noiseLevels('karras', 8, { sigmaMax: 10, sigmaMin: 0.02 });
const run = {
  mixture,
  latentScale: latentScaleOf(fitted),
  levels,
  sampler: 'euler' as const,
  scales: [1, 3],
  seed: 5,
};

describe('a diagnosis', () => {
  it('is the prediction of every class at every scale, in order, whatever is sampled beside it', async () => {
    const fractions: number[] = [];
    const all = await runDiagnosis(
      { ...run, classes: [2, 0], particles: 60 },
      { onProgress: (fraction) => fractions.push(fraction) },
    );
    expect(all.map((one) => [one.class, one.scale])).toEqual([
      [2, 1],
      [2, 3],
      [0, 1],
      [0, 3],
    ]);
    expect(fractions).toEqual([0.25, 0.5, 0.75, 1]);
    const { latentScale, sampler, seed } = run;
    const steps = { mixture, latentScale, levels, sampler, particles: 60, seed };
    expect(all[3]).toEqual(predictClass(steps, 0, 3));
  });

  it('says that a wide class widens and narrow ones shrink, and the mean field agrees', async () => {
    const [narrow, wide] = await runDiagnosis({ ...run, scales: [4], classes: [0, 1], particles: 2000 });
    expect(narrow!.outcome.varianceRatio.value!).toBeLessThan(0.95);
    expect(wide!.outcome.varianceRatio.value!).toBeGreaterThan(narrow!.outcome.varianceRatio.value! + 0.05);
    for (const { outcome, theory } of [narrow!, wide!]) {
      expect(outcome.meanShift.value!).toBeGreaterThan(0.02);
      expect(Math.abs(outcome.meanShift.value! - theory.meanShift.value!)).toBeLessThan(0.1);
    }
  });

  /** A clock by which the mean field takes 1 s, the steps 2 s and a sample 0.01 s. */
  const clock = () => {
    const times = [0, 1000, 1000, 3040, 3040, 5440];
    return () => times.shift()!;
  };

  it('takes the samples that 1 % needs where they fit, and says how long', () => {
    const plan = planDiagnosis(run, { seconds: 1e9, workers: 2 }, clock());
    // The leading band of an isotropic class has one or two of three directions.
    expect(plan.wanted).toBeGreaterThan(9000);
    expect(plan.wanted).toBeLessThan(20_001);
    expect(plan).toEqual({
      classes: [0, 1, 2],
      particles: plan.wanted,
      wanted: plan.wanted,
      seconds: expect.closeTo(3 * (3 + 0.01 * plan.wanted), 6) as number,
    });
  });

  it('takes fewer samples, then fewer classes, to fit a budget', () => {
    const some = planDiagnosis(run, { seconds: 3 * 8.05, workers: 2 }, clock());
    expect([some.classes.length, some.particles]).toEqual([3, 500]);
    expect(some.seconds).toBeLessThanOrEqual(3 * 8.05);
    const few = planDiagnosis(run, { seconds: 6.01, workers: 2 }, clock());
    expect([few.classes, few.particles]).toEqual([[0], 300]);
    // One class is always taken.
    const one = planDiagnosis(run, { seconds: 0.1, workers: 1 }, clock());
    expect([one.classes, one.particles]).toEqual([[0], 200]);
  });

  it('refuses what is no run, and settings that are none', async () => {
    const whole = { ...run, classes: [0], particles: 60 };
    await expect(runDiagnosis({ ...whole, particles: 10 })).rejects.toThrow('samples');
    await expect(runDiagnosis({ ...whole, scales: [NaN] })).rejects.toThrow('scale must be');
    await expect(runDiagnosis({ ...whole, classes: [7] })).rejects.toThrow('guidedClass');
    await expect(runDiagnosis(whole, { workers: 0 })).rejects.toThrow('workers');
    expect(() => planDiagnosis(run, { seconds: 0, workers: 1 })).toThrow('seconds');
  });
});

describe('gaussianity of classes', () => {
  const kurtosisOf = (shape: (z: number) => number) => {
    const latents = latentsOf(threeClasses(2000, shape));
    return classGaussianity(latents, fitClasses(classMoments(latents)));
  };

  it('is 1 within its error for Gaussians, more for heavy tails, less for two modes', () => {
    for (const { kurtosis, standardError } of kurtosisOf((z) => z)) {
      expect(Math.abs(kurtosis - 1)).toBeLessThan(4 * standardError);
      expect(standardError).toBeCloseTo(Math.sqrt(8 / (2000 * 15)), 12);
    }
    for (const { kurtosis } of kurtosisOf((z) => z * Math.abs(z))) expect(kurtosis).toBeGreaterThan(1.5);
    for (const { kurtosis } of kurtosisOf((z) => Math.sign(z) + 0.1 * z)) expect(kurtosis).toBeLessThan(0.7);
  });
});

describe('warnings of a diagnosis', () => {
  const gaussian = fitted.labels.map((label) => ({ label, kurtosis: 1.02, standardError: 0.05 }));
  const plan = { classes: [0, 1, 2], particles: 1000, wanted: 1000 };
  const predictions = [{ scale: 3 }] as unknown as Parameters<typeof diagnosisWarnings>[3];

  it('are none where nothing is left out', () => {
    expect(diagnosisWarnings(fitted, gaussian, plan, predictions)).toEqual([]);
  });

  it.each([
    [
      'classes that are not Gaussian',
      () =>
        diagnosisWarnings(
          fitted,
          gaussian.map((one, k) => (k === 1 ? { ...one, kurtosis: 1.4 } : one)),
          plan,
          predictions,
        ),
      "1 of 3 classes are not Gaussian: kurtosis over a Gaussian's dog 1.40",
    ],
    [
      'few samples',
      () => diagnosisWarnings({ ...fitted, counts: [3, 50, 2] }, gaussian, plan, predictions),
      '2 of 3 classes have no more samples than directions (3)',
    ],
    [
      'components',
      () => diagnosisWarnings({ ...fitted, explained: 0.97 }, gaussian, plan, predictions),
      '97.0 % of the variance',
    ],
    [
      'classes left out',
      () => diagnosisWarnings(fitted, gaussian, { ...plan, classes: [0] }, predictions),
      '1 of 3 classes are sampled',
    ],
    [
      'samples left out',
      () => diagnosisWarnings(fitted, gaussian, { ...plan, particles: 400 }, predictions),
      '400 samples a class; an error of 1 % in every band takes 1000',
    ],
    [
      'large scales',
      () =>
        diagnosisWarnings(fitted, gaussian, plan, [{ scale: 7.5 }] as unknown as Parameters<
          typeof diagnosisWarnings
        >[3]),
      'scale 7.5: above about 4',
    ],
  ])('name %s', (_, warn, words) => {
    const warnings = warn();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(words);
  });
});

describe('bytes of a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cfg-dmft-bytes-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are read in parts', () => {
    const file = path.join(folder, 'x');
    writeFileSync(
      file,
      Uint8Array.from({ length: 100 }, (_, i) => i),
    );
    const bytes = fileBytes(file);
    expect(bytes.size).toBe(100);
    expect([...bytes.read(90, 3)]).toEqual([90, 91, 92]);
    expect([...bytes.read(0, 2)]).toEqual([0, 1]);
    expect(() => bytes.read(99, 2)).toThrow('does not change');
    bytes.close();
  });

  it('of what is no file are refused under the name of the option', () => {
    expect(() => fileBytes(path.join(folder, 'none'))).toThrow(
      'file must be a file that can be read (ENOENT)',
    );
    expect(() => fileBytes(folder, 'labels')).toThrow('labels must be a file that can be read');
  });
});
