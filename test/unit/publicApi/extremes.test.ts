import { describe, expect, it } from 'vitest';
import * as api from './everything.ts';
import { diffused, exact, fewClass, guided, tempered, ve } from './subjects.ts';

// Ends of the range of numbers, where an earlier search found a RangeError, a TypeError, a NaN or no end.

const sampling: api.SamplingProblem = { diffused, label: 0, w: 1, startTime: 2, endTime: 0.1 };
const few = { particles: 4, steps: 4, seed: 1 };
const interpolated: api.FewClassProblem = { ...fewClass, process: api.linearInterpolant, startTime: 0.9 };
const points = api.quadraturePoints(diffused, 0.5, 4);
const ripple = { label: 0, amplitude: 0.1, frequency: 3 };
const range = { from: -1, to: 1, perWave: 4, least: 10 };
const disorder = { steps: 3, particles: 2, classesPerParticle: 2, seed: 1 };

/** Numbers at the points: a single one that is not 0. */
function single(value: number): Float64Array {
  const values = new Float64Array(points.count);
  values[0] = value;
  return values;
}

function fieldOf(part: 'f' | 'generator', value: number): Parameters<typeof api.inequalitySides>[1] {
  const none = single(0);
  return { f: none, gradientSquare: none, generator: none, [part]: single(value) };
}

describe('ends of the range of numbers', () => {
  it.each<[string, () => unknown, string]>([
    [
      'path KL from a start without signal',
      () => api.pathKl({ ...sampling, startTime: 1e308 }, tempered, few),
      'startTime must be a time at which b^2/a^2 is above 0 and at most 1e+250, got 1e+308',
    ],
    [
      'windows from a start without signal',
      () => api.evenWindows({ ...sampling, startTime: 2 ** 53 }, 2),
      'startTime must be a time at which b^2/a^2',
    ],
    [
      'path KL with no noise that shows',
      () => api.pathKl(sampling, tempered, { ...few, eta: 5e-324 }),
      'eta must be such that (1 + eta^2)^2/eta^2 is a finite number',
    ],
    [
      'path KL with noise whose square is no number',
      () => api.pathKl(sampling, tempered, { ...few, eta: 1e308 }),
      'eta must be such that',
    ],
    [
      'an average to less than rounding',
      () => api.flowEntropy(fewClass, 1, { averageTolerance: 5e-324 }),
      'averageTolerance must be at least 1e-14, got 5e-324',
    ],
    [
      'a start before which there is no noise',
      () => api.flowDensity1d({ ...interpolated, startTime: 5e-324 }, 1, Float64Array.of(0)),
      'startTime must be late enough for the noise to be a number, got 5e-324',
    ],
    [
      'steps of DDIM from a start without signal',
      () => api.discreteRun({ ...fewClass, startTime: 360 }, 1, { stepSize: 1, rule: 'ddim' }),
      'startTime must be a time at which the rule ddim has some signal, got 360',
    ],
    [
      'exponential steps from a start without signal',
      () => api.discreteTimes({ ...fewClass, startTime: 1e308 }, { stepSize: 1e306, rule: 'exponential' }),
      'startTime must be a time at which the rule exponential has some signal',
    ],
    [
      'a step between times without signal',
      () => api.linearStep(api.ornsteinUhlenbeck, 0, 'ddim', 1e308, 1),
      'from must be a time at which a step of the rule ddim has finite numbers',
    ],
    [
      'steps far shorter than the way',
      () => api.discreteTimes({ ...fewClass, startTime: 1e308 }, { stepSize: 5e-324, rule: 'euler' }),
      'stepSize must be at least',
    ],
    [
      'a noise level whose square is no number',
      () => api.discreteTimes({ ...fewClass, sampler: { eta: 1e308 } }, { stepSize: 0.5, rule: 'euler' }),
      'sampler.eta must be at most 1e+70, got 1e+308',
    ],
    [
      'a wave whose exponential is no number',
      () => api.predictRipple(diffused, { ...ripple, amplitude: 1e308 }, { time: 0.5 }),
      'amplitude must be at most 700, got 1e+308',
    ],
    [
      'a line through a wave whose slope is no number',
      () => api.rippleLine({ diffused, label: 0 }, 0.5, { ...ripple, frequency: 1e308 }, range),
      'frequency must be at most 1e+150, got 1e+308',
    ],
    [
      'variances beyond the largest',
      () => api.rescaledClassifier(diffused, 1e308),
      'factor must be of variances between 1e-200 and 1e200, got 1e+308',
    ],
    [
      'centres beyond the farthest',
      () => api.displacedClassifier(diffused, 1e308, 1),
      'distance must be at most 1e+100, got 1e+308',
    ],
  ])('%s: one line about the parameter', (_what, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(api.ParameterError);
  });

  it.each<[string, () => unknown, string]>([
    ['entropy of the flow at w = 1e308', () => api.flowEntropy(fewClass, 1e308), 'at w = 1e+308'],
    [
      'path KL at w = 1e308',
      () => api.pathKl({ ...sampling, w: 1e308 }, tempered, few),
      'the KL of the paths is beyond the range of numbers',
    ],
    [
      'error of the output at w = 1e308',
      () => api.outputErrors({ ...sampling, w: 1e308 }, [tempered], few),
      'the error of the output is beyond the range of numbers',
    ],
    [
      'mean square of 1e308',
      () => api.inequalitySides(points, fieldOf('f', 1e308)),
      'a mean square is beyond the range of numbers',
    ],
    [
      'mean square of a generator of -1e308',
      () => api.inequalitySides(points, fieldOf('generator', -1e308)),
      'a mean square is beyond the range of numbers',
    ],
    [
      'bound from a KL of 1e308',
      () => api.klBound(points, single(0), 1e308, 0.5, 1),
      'the bound from the KL is beyond the range of numbers',
    ],
    [
      'a guidance error of 1e308',
      () => api.rippleFor(diffused, { label: 0, time: 0.5, kl: 0.01, guidanceError: 1e308 }),
      'the wave number is beyond the range of numbers',
    ],
    [
      'a budget over a level of weight 1e308',
      () => api.spendCrossEntropy({ sensitivities: [1, 2], weights: [1, 1e308], caps: [1, 2], budget: 0.5 }),
      'an allocation is beyond the range of numbers',
    ],
    [
      'an effort of 5e-324',
      () => api.spendEffort({ sensitivities: [1, 2], weights: [1, 1], difficulties: [1, 1], effort: 5e-324 }),
      'an allocation is beyond the range of numbers',
    ],
    [
      'confidence from -1e308',
      () => api.compareConfidence(fewClass, 1, Float64Array.of(-1e308), [1, 0]),
      'the difference of two log-confidences is beyond the range of numbers',
    ],
    [
      'entropy of a density of 1e308',
      () => api.cellEntropy({ x: Float64Array.of(0, 1), density: Float64Array.of(1e308, 0.5), mass: 1 }),
      'the entropy of the cells is beyond the range of numbers',
    ],
    [
      'disorder at sigma2 = 5e-324',
      () => api.disorderCorrection({ ...guided, sigma2: 5e-324 }, 8, disorder),
      'the law of a class at x = ',
    ],
    [
      'disorder at w = -1e308',
      () => api.disorderCorrection({ ...guided, guidance: { w: -1e308 } }, 8, disorder),
      'the order parameters of a path are not finite',
    ],
  ])('%s: one line of failure', (_what, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(api.NumericalFailure);
  });

  it('exponential steps of a variance-exploding process are as long as they are, at any length', () => {
    expect(api.linearStep(ve, 0, 'exponential', 1e308, 0)).toMatchObject({ state: 1 });
    expect(api.linearStep(ve, 0, 'exponential', 1e308, 0).score / 0.5e308).toBeCloseTo(1, 12);
  });

  it('the flow from 1e308 is that from any time without signal', () => {
    const late = api.flowEnd({ ...fewClass, startTime: 1e308 }, 1, Float64Array.of(0.5))[0]!;
    const early = api.flowEnd({ ...fewClass, startTime: 40 }, 1, Float64Array.of(0.5))[0]!;
    expect(late).toBeCloseTo(early, 9);
  });

  it('a classifier of temperature 5e-324 is not asked: checkClassifier says that it gives no numbers', () => {
    expect(() => {
      api.checkClassifier(api.temperatureClassifier(exact, 5e-324), diffused, 0);
    }).toThrow(api.ParameterError);
  });
});
