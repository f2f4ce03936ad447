import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { noiseLevels } from '../../../src/guidance/schedules/noiseLevels.ts';
import { matrixMeanField } from '../../../src/latents/matrixMeanField.ts';
import { bandsOf, classOutcome, gaussianOutcome } from '../../../src/latents/outcome.ts';
import { guidedSamples, type PipelineRun, type PipelineSampler } from '../../../src/latents/sampling.ts';
import { labelledMixture } from '../../../src/mixture/labelled/mixture.ts';
import { RandomStream } from '../../../src/numerics/random.ts';

const one = labelledMixture({
  centres: [[1.5], [-1], [0.2]],
  weights: [0.5, 0.3, 0.2],
  covariances: [0.2, 0.5, 0.1],
});

/** Guided score of the mixture in one dimension, from the densities themselves. */
function scoreAt(y: number, sigma: number, c: number, w: number): number {
  const parts = [0, 1, 2].map((k) => {
    const variance = one.covariances[k]![0]! + sigma * sigma;
    const lack = one.centres[k]! - y;
    return {
      density: (one.weights[k]! * Math.exp((-0.5 * lack * lack) / variance)) / Math.sqrt(variance),
      score: lack / variance,
    };
  });
  const all = parts.reduce((sum, { density }) => sum + density, 0);
  const unconditional = parts.reduce((sum, { density, score }) => sum + (density * score) / all, 0);
  return (1 + w) * parts[c]!.score - w * unconditional;
}

const levels = noiseLevels('karras', 12, { sigmaMax: 20, sigmaMin: 0.05 });
const coefficients = levels.map((_, i) => 0.5 + 0.1 * i);

describe('guided samples of a finite mixture', () => {
  it.each<PipelineSampler>(['euler', 'heun', 'ancestral'])('take the steps of %s, written out', (sampler) => {
    const latentScale = 0.7;
    const run = { mixture: one, guidedClass: 1, coefficients, levels, sampler, latentScale, seed: 4 };
    const samples = guidedSamples({ ...run, particles: 5 });
    for (let n = 0; n < 5; n++) {
      const sigmas = [...levels.map(({ sigma }) => sigma * latentScale), 0];
      let y = sigmas[0]! * new RandomStream(4, 172, n).nextNormal();
      coefficients.forEach((w, i) => {
        const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
        const slope = -sigma * scoreAt(y, sigma, 1, w);
        if (sampler === 'ancestral') {
          const up = Math.sqrt((next ** 2 * (sigma ** 2 - next ** 2)) / sigma ** 2);
          const down = Math.sqrt(next ** 2 - up ** 2);
          y += (down - sigma) * slope;
          if (up > 0) y += up * new RandomStream(4, 173, n, i).nextNormal();
        } else {
          const predicted = y + (next - sigma) * slope;
          const late = sampler === 'heun' && next > 0 ? -next * scoreAt(predicted, next, 1, w) : slope;
          y += (next - sigma) * 0.5 * (slope + late);
        }
      });
      expect(samples[n]).toBeCloseTo(y, 9);
    }
  });

  it('do not depend on how many there are', () => {
    const run = {
      mixture: one,
      guidedClass: 0,
      coefficients,
      levels,
      sampler: 'ancestral',
      latentScale: 1,
      seed: 2,
    } as const;
    expect([...guidedSamples({ ...run, particles: 3 })]).toEqual([
      ...guidedSamples({ ...run, particles: 8 }).subarray(0, 3),
    ]);
  });

  it('from pure noise land on the guided denoiser, and from timesteps start with the signal', () => {
    const flow = noiseLevels('flow', 2);
    const run = {
      mixture: one,
      guidedClass: 0,
      coefficients: [2, 0],
      levels: flow,
      sampler: 'euler',
      latentScale: 1,
      seed: 2,
    } as const;
    const mean = 0.5 * 1.5 - 0.3 + 0.2 * 0.2;
    const z = new RandomStream(2, 172, 0).nextNormal();
    const y = 3 * 1.5 - 2 * mean + z;
    expect(flow.map(({ sigma }) => sigma)).toEqual([Infinity, 1]);
    expect(guidedSamples({ ...run, particles: 1 })[0]).toBeCloseTo(y + scoreAt(y, 1, 0, 0), 12);
    const timed = {
      ...run,
      coefficients: [0],
      levels: [{ timestep: 9, sigma: 3 }],
      particles: 1,
      latentScale: 2,
    };
    const start = 2 * Math.hypot(3, 1) * z;
    expect(guidedSamples(timed)[0]).toBeCloseTo(start + 36 * scoreAt(start, 6, 0, 0), 9);
  });
});

/** Classes of 5 dimensions that are far apart, wide and narrow, none along the axes. */
function turned(distance: number) {
  const angle = (i: number, j: number) => Math.sin(1 + 3 * i + 5 * j);
  const factor = (k: number) =>
    new Matrix(
      Array.from({ length: 5 }, (_, i) =>
        Array.from({ length: 5 }, (__, j) => (angle(i + k, j + 2 * k) + (i === j ? 1 : 0)) * (0.2 + 0.2 * j)),
      ),
    );
  return labelledMixture({
    centres: Array.from({ length: 4 }, (_, k) =>
      Array.from({ length: 5 }, (__, i) => distance * Math.cos(2 * k + i * i)),
    ),
    covariances: Array.from({ length: 4 }, (_, k) => {
      const a = factor(k);
      return a
        .mmul(a.transpose())
        .add(Matrix.eye(5, 5, 0.02))
        .to2DArray();
    }),
  });
}

const within = (
  value: { value: number | null; standardError: number | null },
  expected: number,
  errors = 4,
) => {
  expect(Math.abs(value.value! - expected)).toBeLessThan(errors * value.standardError!);
};

describe('the matrix mean field', () => {
  const fine = noiseLevels('karras', 40, { sigmaMax: 60, sigmaMin: 0.01 });
  const runOf = (mixture: PipelineRun['mixture'], w: number, sampler: PipelineSampler) => ({
    mixture,
    guidedClass: 1,
    coefficients: fine.map(() => w),
    levels: fine,
    sampler,
    latentScale: 1,
  });

  it.each<PipelineSampler>(['euler', 'heun', 'ancestral'])(
    'is the law of the samples without guidance: %s',
    (sampler) => {
      const run = runOf(turned(2), 0, sampler);
      const theory = matrixMeanField(run).outcome;
      const measured = classOutcome(run.mixture, 1, guidedSamples({ ...run, particles: 4000, seed: 3 }));
      within(measured.varianceRatio, theory.varianceRatio.value!);
      measured.bands.forEach((band, b) => {
        within(band, theory.bands[b]!.value!);
      });
      within(measured.meanShift, theory.meanShift.value!);
      within(measured.entropyChange, theory.entropyChange.value!);
      within(measured.bures, theory.bures.value!);
    },
  );

  it('is one coordinate for each direction where all covariances commute', () => {
    const widths = [0.9, 0.3, 0.05];
    // All eight corners: the products of the centres' coordinates average to 0, and D is diagonal too.
    const doubled = labelledMixture({
      centres: [0, 1, 2, 3, 4, 5, 6, 7].map((s) => [s & 1 ? 1 : -1, s & 2 ? 2 : -2, s & 4 ? 0.3 : -0.3]),
      covariances: Array.from({ length: 8 }, () =>
        Matrix.diag(widths.map((width) => 0.5 * width)).to2DArray(),
      ),
    });
    const w = 1.5;
    const { outcome, decidedAt } = matrixMeanField({ ...runOf(doubled, w, 'euler') });
    // Class 1 has the centre (1, -2, -0.3).
    const centre = [1, -2, -0.3];
    const own = widths.map((width) => 0.5 * width);
    const m = [0, 0, 0];
    const v = [3600, 3600, 3600];
    let decided: number | null = null;
    [...fine.keys()].forEach((step) => {
      const [sigma, next] = [fine[step]!.sigma, fine[step + 1]?.sigma ?? 0];
      const tau = sigma * sigma;
      const sum = (variance: (i: number) => number, at: (i: number) => number) =>
        [0, 1, 2].reduce(
          (total, i) => total - 0.5 * (((m[i]! - at(i)) ** 2 + v[i]!) / variance(i) + Math.log(variance(i))),
          0,
        );
      const psi =
        sum(
          (i) => own[i]! + tau,
          (i) => centre[i]!,
        ) - Math.log(8);
      const phi = sum(
        (i) => own[i]! + centre[i]! ** 2 + tau,
        () => 0,
      );
      if (psi > phi) decided ??= sigma;
      else decided = null;
      const strength = psi > phi ? 0 : w;
      for (let i = 0; i < 3; i++) {
        const [gamma, all] = [own[i]! + tau, own[i]! + centre[i]! ** 2 + tau];
        const slope = -(1 + strength) / gamma + strength / all;
        const factor = 1 + sigma * (sigma - next) * slope;
        m[i] = factor * m[i]! + (sigma * (sigma - next) * (1 + strength) * centre[i]!) / gamma;
        v[i]! *= factor * factor;
      }
    });
    expect(decidedAt).toBe(decided);
    expect(decided).not.toBeNull();
    const square = centre.reduce((total, one) => total + one * one, 0);
    const along = m.reduce((total, one, i) => total + (one - centre[i]!) * centre[i]!, 0);
    expect(outcome.meanShift.value).toBeCloseTo(along / square, 10);
    expect(outcome.entropyChange.value).toBeCloseTo(
      v.reduce((total, one, i) => total + 0.5 * Math.log(one / own[i]!), 0),
      10,
    );
    const bures = m.reduce(
      (total, one, i) => total + (one - centre[i]!) ** 2 + (Math.sqrt(v[i]!) - Math.sqrt(own[i]!)) ** 2,
      0,
    );
    expect(outcome.bures.value).toBeCloseTo(bures / own.reduce((total, one) => total + one, 0), 9);
    expect(outcome.bands.map(({ directions }) => directions)).toEqual(bandsOf(doubled, 1));
  });

  it('is close to the samples of a mixture of many classes', () => {
    const d = 12;
    const stream = new RandomStream(11, 5);
    const mixture = labelledMixture({
      centres: Array.from({ length: 300 }, () => Array.from({ length: d }, () => stream.nextNormal())),
      covariance: 0.25,
    });
    const run = runOf(mixture, 1, 'heun');
    const theory = matrixMeanField(run).outcome;
    const measured = classOutcome(mixture, 1, guidedSamples({ ...run, particles: 200, seed: 3 }));
    expect(theory.meanShift.value).toBeGreaterThan(0.1);
    expect(Math.abs(1 + theory.meanShift.value! - 1 - measured.meanShift.value!)).toBeLessThan(0.06);
    expect(Math.abs(theory.varianceRatio.value! - measured.varianceRatio.value!)).toBeLessThan(0.12);
  });
});

describe('the outcome of a class', () => {
  const mixture = turned(1.5);

  function drawn(count: number, seed: number, shift = 0, widths = 1): Float64Array {
    const stream = new RandomStream(seed, 6);
    const { values, vectors } = mixture.spectra[2]!;
    const samples = new Float64Array(5 * count);
    const mean = [0, 1, 2, 3, 4].map((i) =>
      [0, 1, 2, 3].reduce((sum, k) => sum + mixture.centres[5 * k + i]! / 4, 0),
    );
    for (let n = 0; n < count; n++) {
      for (let j = 0; j < 5; j++) {
        const z = widths * Math.sqrt(values[j]!) * stream.nextNormal();
        for (let i = 0; i < 5; i++) samples[5 * n + i]! += vectors[5 * i + j]! * z;
      }
      for (let i = 0; i < 5; i++) {
        const own = mixture.centres[10 + i]!;
        samples[5 * n + i]! += own + shift * (own - mean[i]!);
      }
    }
    return samples;
  }

  it('of samples of the class itself is none, however few', () => {
    // Averages over 60 draws: a bias of a tenth of the standard error of one would show.
    const outcomes = Array.from({ length: 60 }, (_, s) => classOutcome(mixture, 2, drawn(60, s)));
    const average = (of: (outcome: (typeof outcomes)[number]) => number) => {
      const values = outcomes.map(of);
      const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
      const spread = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1);
      return { value: mean, standardError: Math.sqrt(spread / values.length) };
    };
    within(
      average(({ varianceRatio }) => varianceRatio.value!),
      1,
    );
    within(
      average(({ bands }) => bands.at(-1)!.value!),
      1,
    );
    within(
      average(({ meanShift }) => meanShift.value!),
      0,
    );
    within(
      average(({ entropyChange }) => entropyChange.value!),
      0,
    );
    within(
      average(({ bures }) => bures.value!),
      0,
    );
    // The errors that are told are those that the draws have.
    const told = Math.sqrt(average(({ varianceRatio }) => varianceRatio.standardError! ** 2).value);
    const had = average(({ varianceRatio }) => varianceRatio.value!).standardError * Math.sqrt(60);
    expect(told / had).toBeGreaterThan(0.75);
    expect(told / had).toBeLessThan(1.33);
  });

  it('of wider and shifted samples tells by how much', () => {
    const { varianceRatio, meanShift, entropyChange, bands, posterior, bures } = classOutcome(
      mixture,
      2,
      drawn(4000, 1, 0.3, 1.2),
    );
    within(varianceRatio, 1.44);
    bands.forEach((band) => {
      within(band, 1.44);
    });
    within(meanShift, 0.3);
    within(entropyChange, 5 * Math.log(1.2));
    expect(bands.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(bands.reduce((sum, { directions }) => sum + directions, 0)).toBe(5);
    expect(posterior!.value).toBeGreaterThan(0.5);
    const width = mixture.spectra[2]!.values.reduce((sum, one) => sum + one, 0);
    const mean = [0, 1, 2, 3, 4].map((i) =>
      [0, 1, 2, 3].reduce((sum, k) => sum + mixture.centres[5 * k + i]! / 4, 0),
    );
    const square = mean.reduce((sum, one, i) => sum + (mixture.centres[10 + i]! - one) ** 2, 0);
    within(bures, (0.09 * square) / width + 0.04);
    const covariance = Matrix.from1DArray(5, 5, [...mixture.covariances[2]!]).mul(1.44);
    const exact = gaussianOutcome(
      mixture,
      2,
      Float64Array.from(mean, (one, i) => mixture.centres[10 + i]! + 0.3 * (mixture.centres[10 + i]! - one)),
      covariance,
    );
    expect(exact.bures.value).toBeCloseTo((0.09 * square) / width + 0.04, 10);
    expect(exact.meanShift.value).toBeCloseTo(0.3, 12);
    expect(exact.entropyChange.value).toBeCloseTo(5 * Math.log(1.2), 10);
  });
});
