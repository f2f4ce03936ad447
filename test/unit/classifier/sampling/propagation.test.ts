import { describe, expect, it } from 'vitest';
import type { Classifier } from '../../../../src/classifier/classifier.ts';
import { rippledClassifier, rippleFor } from '../../../../src/classifier/counterexample.ts';
import { exactClassifier } from '../../../../src/classifier/exact.ts';
import { classifierFamily } from '../../../../src/classifier/study/families.ts';
import { measureClassifier } from '../../../../src/classifier/measure.ts';
import { biasedClassifier, temperatureClassifier } from '../../../../src/classifier/perturbations.ts';
import { budgetStudy } from '../../../../src/classifier/sampling/budgetStudy.ts';
import { spentCrossEntropy } from '../../../../src/classifier/sampling/crossEntropy.ts';
import { outputErrors } from '../../../../src/classifier/sampling/outputError.ts';
import { pathKl } from '../../../../src/classifier/sampling/pathKl.ts';
import { windowSensitivities } from '../../../../src/classifier/sampling/sensitivity.ts';
import { propagationSlope } from '../../../../src/classifier/sampling/study.ts';
import { evenWindows } from '../../../../src/classifier/sampling/windows.ts';
import type { Estimate } from '../../../../src/numerics/statistics.ts';
import { onLine, plane, problemOf } from './problems.ts';

const exact = exactClassifier(plane);
const problem = problemOf(plane);

/** Guidance wrong by a constant vector (not a classifier, but all that a path asks for is the gradient). */
function pushed(vector: readonly number[]): Classifier {
  return {
    ...exact,
    at(time) {
      const moment = exact.at(time);
      return {
        ...moment,
        gradient(k, x, out) {
          moment.gradient(k, x, out);
          for (let i = 0; i < x.length; i++) out[i]! += vector[i]!;
        },
      };
    },
  };
}

describe('KL of the paths', () => {
  it.each([1, 0.5])(
    'a constant error v of the guidance: (1 + eta^2)^2/(4 eta^2) (1 + w)^2 |v|^2 T for Ornstein-Uhlenbeck (1e-3), eta = %d',
    (eta) => {
      const { total, windows, profile } = pathKl(problem, pushed([0.3, -0.4]), {
        ...{ eta, particles: 4, steps: 150 },
        windows: evenWindows(problem, 4),
      });
      const wanted = ((1 + eta * eta) ** 2 / (4 * eta * eta)) * 4 * 0.25 * 3.5;
      expect(Math.abs(total.mean / wanted - 1)).toBeLessThan(1e-3);
      expect(Math.abs(windows.reduce((sum, one) => sum + one.mean, 0) / total.mean - 1)).toBeLessThan(1e-12);
      for (const { guidedMeanSquare, density } of profile) {
        expect(Math.abs(guidedMeanSquare.mean / 0.25 - 1)).toBeLessThan(1e-9);
        expect(Math.abs((density.mean * 3.5) / wanted - 1)).toBeLessThan(1e-9);
      }
    },
  );

  it('smooth families: the path KL and the output KL of the flow are linear in the cross-entropy, slopes within 0.08 of 1', () => {
    for (const name of ['temperature', 'bias', 'fourier'] as const) {
      const family = classifierFamily(name);
      const members = [0.1, 0.05, 0.025].map((size) => family.make(plane, 0, size, { time: 0.5, seed: 1 }));
      const { errors } = outputErrors(problem, members, { particles: 150, steps: 24 });
      const kls = members.map(
        (member) =>
          spentCrossEntropy(problem, member, { from: 0, to: 3.5 }, { samples: 400, levels: 8 }).mean,
      );
      const slope = (values: readonly number[]) =>
        propagationSlope(values.map((value, i) => ({ kl: kls[i]!, value })))!.slope;
      expect(Math.abs(slope(errors.map(({ kl }) => kl!.mean)) - 1)).toBeLessThan(0.08);
      expect(Math.abs(slope(errors.map(({ coupling }) => coupling.mean)) - 0.5)).toBeLessThan(0.05);
      const paths = members.map(
        (member) => pathKl(problem, member, { particles: 100, steps: 60 }).total.mean,
      );
      expect(Math.abs(slope(paths) - 1)).toBeLessThan(0.05);
    }
  });
});

describe('errors by noise level', () => {
  it('the diffusion forgets early errors, the flow does not (biases at the first of 5 windows: over 100 times more displacement)', () => {
    const windows = evenWindows(problem, 5);
    const classifier = biasedClassifier(exact, [0.1, -0.1, 0]);
    const run = (sampling: object) =>
      windowSensitivities(problem, classifier, windows, {
        sampling: { particles: 250, ...sampling },
        crossEntropy: { samples: 300 },
      });
    const flow = run({ steps: 30 });
    const diffusion = run({ method: 'diffusion', eta: 1, steps: 60 });
    const last = flow.windows.length - 1;
    expect(flow.windows[last]!.sensitivity.couplingSquare).toBeGreaterThan(
      100 * diffusion.windows[last]!.sensitivity.couplingSquare,
    );
    expect(Math.abs(flow.windows.reduce((sum, { weight }) => sum + weight, 0) - 1)).toBeLessThan(1e-12);
    // Errors in neighbouring windows of one classifier push alike.
    const coherence = flow.coherence!;
    const at = (i: number, j: number) => coherence[i * windows.length + j]!;
    expect(at(last, last - 1) / Math.sqrt(at(last, last) * at(last - 1, last - 1))).toBeGreaterThan(0.95);
    expect(diffusion.coherence).toBeNull();
  });

  it('the rate of forgetting is that of one Gaussian, e^(-2 theta) in the displacement squared (8 %)', () => {
    const windows = evenWindows({ ...problem, endTime: 1.5 }, 3);
    const { windows: rows } = windowSensitivities(problem, biasedClassifier(exact, [0.1, -0.1, 0]), windows, {
      sampling: { method: 'diffusion', eta: 1, steps: 80, particles: 400 },
      crossEntropy: { samples: 100 },
    });
    const forgotten = rows.map(({ sensitivity }) => sensitivity.couplingSquare / sensitivity.path);
    const length = windows[1]!.to - windows[1]!.from;
    expect(Math.abs((forgotten[2]! / forgotten[1]!) * Math.exp(2 * length) - 1)).toBeLessThan(0.08);
  });

  it('the flow at w = 0: a thin window costs 1/8 dlambda^2 scale^4 E_k (Lap f + grad f.s_k)^2, measured at its level within 4 standard errors (8 % each)', () => {
    const conditional = { ...problem, w: 0, startTime: 5 };
    const window = { from: 0.6, to: 0.64 };
    const { process } = plane;
    const classifier = temperatureClassifier(exact, 1.02);
    const { windows: rows } = windowSensitivities(conditional, classifier, [window], {
      sampling: { steps: 40, particles: 1200 },
      crossEntropy: { samples: 100 },
    });
    const gamma = (time: number) => 1 + process.noiseToSignal(time);
    const clock = Math.log(gamma(window.to) / gamma(window.from));
    const scale = process.signalScale(0.62) * Math.sqrt(gamma(0.62));
    const { ofClass } = measureClassifier(plane, classifier, 0, 0.62, { samples: 40_000 });
    const wanted = 0.125 * clock ** 2 * scale ** 4 * ofClass.generatorSquare.mean;
    const { kl } = rows[0]!.output;
    expect(kl!.standardError! / wanted).toBeLessThan(0.08);
    const error = Math.hypot(
      kl!.standardError!,
      (wanted / ofClass.generatorSquare.mean) * ofClass.generatorSquare.standardError!,
    );
    expect(Math.abs(kl!.mean - wanted)).toBeLessThan(4 * error);
  });
});

function apart(small: Estimate, large: Estimate): void {
  const error = Math.hypot(small.standardError!, large.standardError!);
  expect(large.mean - small.mean).toBeGreaterThan(4 * error);
}

describe('where to spend a budget of cross-entropy', () => {
  const windows = evenWindows(problem, 6);
  const family = classifierFamily('fourier');
  const study = (measure: 'path' | 'outputKl' | 'couplingSquare', method: 'flow' | 'diffusion') =>
    budgetStudy(
      problem,
      {
        ...{ windows, budget: 2e-4, cap: 2, measure, referenceSize: 0.03 },
        make: (window, size) => family.make(plane, 0, size, { time: 0.5, seed: 100 + window }),
      },
      {
        sampling: {
          method,
          eta: method === 'flow' ? 0 : 1,
          particles: 400,
          steps: method === 'flow' ? 30 : 60,
        },
        crossEntropy: { samples: 400 },
      },
    );

  it('Fourier features of their own in each window, path KL: ordered as predicted beyond 4 standard errors, and additive to 3 %', () => {
    const [rule, even, reverse] = study('path', 'diffusion').trials;
    apart(rule!.measured, even!.measured);
    apart(even!.measured, reverse!.measured);
    for (const trial of [rule!, even!, reverse!]) {
      expect(Math.abs(trial.spent / 2e-4 - 1)).toBeLessThan(0.02);
      expect(Math.abs(trial.measured.mean / trial.expected - 1)).toBeLessThan(0.03);
    }
  });

  it('displacement of the diffusion: its own sensitivities order it beyond 4 standard errors, those of the path KL the wrong way round', () => {
    const [rule, even, reverse] = study('couplingSquare', 'diffusion').trials;
    apart(rule!.measured, even!.measured);
    apart(even!.measured, reverse!.measured);
    expect(reverse!.measured.mean / rule!.measured.mean).toBeGreaterThan(10);
    apart(reverse!.path.total, even!.path.total);
    apart(even!.path.total, rule!.path.total);
  });

  it('output KL of the flow: rule and reverse apart by 4 standard errors; all three as the coherence of the windows says (15 %)', () => {
    const [rule, even, reverse] = study('outputKl', 'flow').trials;
    apart(rule!.measured, reverse!.measured);
    for (const trial of [rule!, even!, reverse!]) {
      expect(Math.abs(trial.measured.mean / trial.coherent! - 1)).toBeLessThan(0.15);
    }
  });
});

describe('samples that a ripple ruins', () => {
  const line = problemOf(onLine);
  const [kl, guidanceError] = [1e-7, 10];
  const ripple = rippledClassifier(
    exactClassifier(onLine),
    rippleFor(onLine, { label: 0, time: 0.3, kl, guidanceError }),
  );
  const smooth = temperatureClassifier(exactClassifier(onLine), 1.0024);
  const coarse = { method: 'coarse', steps: 50, particles: 2000 } as const;

  it('KL below 1e-6 and guidance error above 3 at all noise levels', () => {
    for (const time of [0, 0.2, 0.5, 1, 2, 3.5]) {
      const error = measureClassifier(onLine, ripple, 0, time, { samples: 2000 });
      expect(error.conditionalKl.mean).toBeLessThan(1e-6);
      expect(error.mixture.meanSquare.mean).toBeGreaterThan(3);
    }
  });

  it('50 steps: W2 above 0.3 and an accuracy lower by over 4 standard errors; at no less KL a temperature does not move it by 1e-3', () => {
    const [bad, good] = outputErrors(line, [ripple, smooth], coarse).errors;
    expect(bad!.w2!.mean).toBeGreaterThan(0.3);
    const { difference } = bad!.accuracy;
    expect(difference.mean).toBeLessThan(-4 * difference.standardError!);
    const whole = { from: 0, to: 3.5 };
    const [spentBad, spentGood] = [ripple, smooth].map((one) => spentCrossEntropy(line, one, whole).mean);
    expect(spentGood! / spentBad!).toBeGreaterThan(0.9);
    expect(good!.w2!.mean).toBeLessThan(1e-3);
    expect(Math.abs(good!.accuracy.difference.mean)).toBeLessThan(1e-12);
  });

  it('the flow resolved: pinned in the wells of f, the class is a coin flip (0.5 within 5 standard errors) at a KL of 2e-4', () => {
    const wide = rippleFor(onLine, { label: 0, time: 0.3, kl: 1e-4, guidanceError: 10 });
    const pinned = rippledClassifier(exactClassifier(onLine), wide);
    const { errors } = outputErrors(line, [pinned], { method: 'coarse', steps: 3200, particles: 100 });
    const { imperfect, exact: before } = errors[0]!.accuracy;
    expect(before.mean).toBe(1);
    expect(Math.abs(imperfect.mean - 0.5)).toBeLessThan(5 * 0.05);
  });

  it('the diffusion resolved: it runs through the waves; 16 times the steps, a displacement smaller by 2.5 to 7, whatever the path KL', () => {
    const [few, many] = [100, 1600].map(
      (steps) =>
        outputErrors(line, [ripple], {
          method: 'coarse',
          eta: 1,
          steps,
          particles: steps === 100 ? 1000 : 200,
        }).errors[0]!,
    );
    expect(few!.coupling.mean / many!.coupling.mean).toBeGreaterThan(2.5);
    expect(few!.coupling.mean / many!.coupling.mean).toBeLessThan(7);
    expect(pathKl(line, ripple, { particles: 50, steps: 40 }).total.mean).toBeGreaterThan(20);
  });
});
