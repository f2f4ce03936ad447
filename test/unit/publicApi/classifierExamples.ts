import * as api from './everything.ts';
import { made, options, type Examples } from './badCalls.ts';
import { ddim, diffused, exact, fewClass, mixture, ou, tempered } from './subjects.ts';

const points = made(api.quadraturePoints(diffused, 0.5, 4));
const field = made({
  f: new Float64Array(points.count),
  gradientSquare: new Float64Array(points.count),
  generator: new Float64Array(points.count),
});
const study: api.StudyProblem = { diffused, label: 0 };
const sampling: api.SamplingProblem = { diffused, label: 0, w: 1, startTime: 2, endTime: 0.1 };
const output = options({ particles: 4, steps: 4, seed: 1 });
const levels = { samples: 20, seed: 1, batches: 2 };
const window = { from: 0.1, to: 1 };
const ripple = { label: 0, amplitude: 0.1, frequency: 3 };
const measure = options({ samples: 20, seed: 1, panels: 2 });
const error = made(api.measureClassifier(diffused, tempered, 0, 0.5, measure));
const training = {
  kind: 'logistic',
  timeRange: { from: 0.1, to: 1 },
  seed: 1,
  samples: 16,
  steps: 2,
  batch: 8,
  heldOut: 8,
  rows: 1,
} as const;
const split = { distance: 3, variance: 1, startTime: 3, rule: 'ddim' } as const;
const splitting = options({ starts: 10, seed: 1 });
const end = { count: 4, seed: 1, discretization: ddim };
const x = Float64Array.of(0.5);
const ws = [0, 1];
const anyName = ['name=unknown'];
const byDefault = ['samples', 'seed'].flatMap(absent);
const inContinuousTime = ['options.discretization=null'];

/** Bad calls that leave out a key which may be left out. */
function absent(key: string): string[] {
  return [`${key}=undefined`, `${key}=missing`];
}

/** Classifiers, and few classes in low dimension. */
export const classifierExamples = {
  checkClassifier: [exact, diffused, 0, [0.5]],
  classGradients: { untried: 'evaluated at every point of every step' },
  classifierGuidedScore: [diffused, exact, 0, 1],
  exactClassifier: { args: [diffused, 'exact'], admits: anyName },
  biasedClassifier: [exact, [0.1, 0]],
  displacedClassifier: [diffused, 0.2, 1],
  perturbedClassifier: { args: ['other', exact, 1.2], admits: anyName },
  rescaledClassifier: [diffused, 1.2],
  temperatureClassifier: [exact, 1.2],
  fourierClassifier: [exact, { amplitude: 0.1, frequency: 2, features: 4, seed: 1 }],
  waveTerm: [[made({ label: 0, amplitude: 0.1, vector: x, phase: 0 })]],
  predictRipple: { args: [diffused, ripple, { time: 0.5, samples: 20, seed: 1 }], admits: byDefault },
  rippledClassifier: [exact, ripple],
  rippleFor: {
    args: [diffused, { label: 0, time: 0.5, kl: 0.01, guidanceError: 1, samples: 20, seed: 1 }],
    admits: byDefault,
  },
  inequalitySides: [points, field],
  klBound: [points, new Float64Array(points.count), 0.1, 0.5, 1],
  quadraturePoints: [diffused, 0.5, 4],
  samplePoints: [diffused, 0.5, 10, 1],
  measureClassifier: [diffused, tempered, 0, 0.5, measure],
  trainClassifier: {
    args: [mixture, ou, training],
    admits: ['samples', 'steps', 'batch', 'heldOut', 'rows'].flatMap(absent),
  },
  stepsOfEpochs: [2, 16, 8],
  trainedClassifier: [made(api.trainClassifier(mixture, ou, training).model)],
  classifierFamily: ['temperature'],
  familyTimeRange: [ou, 0.5],
  randomClasses: [{ dimension: 2, classes: 3, radius: 1, sigma2: 0.25, seed: 1 }],
  randomProblems: [{ dimensions: [1, 2], classes: 3, radius: 1, sigma2: 0.25, seed: 1, mixtures: 2 }, ou, 0],
  studyProblem: [mixture, ou, 0],
  classifierRows: {
    args: [study, tempered, { family: 'other', parameter: 1 }, [0.5], levels, () => undefined],
    admits: ['family=unknown', 'parameter=null'],
  },
  trainingRows: { untried: 'its parts are: trainClassifier, classifierRows' },
  studyFamilies: [study, [{ family: 'temperature', parameters: [1.2] }], [0.5], levels, () => undefined],
  studyRow: {
    args: ['temperature', 1.2, study, error],
    admits: ['family=unknown', 'parameter=null'],
  },
  familySlope: [[[{ kl: 0.1, meanSquare: 1, classMeanSquare: 1 }]], 'points'],
  rippleLine: [study, 0.5, ripple, { from: -1, to: 1, perWave: 4, least: 10 }],
  studyRipples: [study, 0.5, [{ kl: 0.01, guidanceError: 1 }], levels],
  rippleLadder: [1e-6, 1],
  rippleView: [study, 0.5, ripple],
  outputErrors: [sampling, [tempered], output],
  pathKl: [sampling, tempered, options({ particles: 4, steps: 4, seed: 1, eta: 1 })],
  evenWindows: [sampling, 2],
  windowClock: [ou, window],
  patchedClassifier: [exact, [{ window, classifier: tempered }]],
  windowedClassifier: [exact, tempered, window],
  spentCrossEntropy: [{ diffused }, tempered, window, options({ samples: 10, seed: 1, levels: 2 })],
  windowSensitivities: [
    sampling,
    [tempered],
    [window],
    options({
      sampling: options({ particles: 4, steps: 4 }),
      crossEntropy: options({ samples: 10, levels: 2 }),
    }),
  ],
  spendCrossEntropy: [{ sensitivities: [1, 2], weights: [1, 1], caps: [1, 1], budget: 0.5 }],
  spendEffort: [{ sensitivities: [1, 2], weights: [1, 1], difficulties: [1, 1], effort: 2 }],
  budgetStudy: { untried: 'its parts are: outputErrors, spentCrossEntropy, spendCrossEntropy' },
  meanLevelError: [sampling, tempered, { levels: 2, samples: 10, seed: 1 }],
  propagationRows: [
    sampling,
    [{ parameter: 1.2, classifier: tempered }],
    true,
    {
      sampling: { method: 'flow', eta: 0, particles: 4, steps: 4, seed: 1 },
      coarseSteps: 2,
      levels: 2,
      samples: 10,
    },
  ],
  propagationSlope: [
    [
      { kl: 0.1, value: 1 },
      { kl: 0.2, value: 2 },
    ],
  ],
  propagateFamily: [
    sampling,
    { family: 'temperature', parameters: [0.2] },
    { sampler: 'ode', particles: 4, steps: 4, coarseSteps: 2, seed: 1, time: 0.5, windows: 0 },
  ],
  propagateBudget: { untried: 'its parts are: propagateFamily, budgetStudy' },
  labelledMixture: {
    args: [{ centres: [[1], [-1]], weights: [0.5, 0.5], covariance: 1 }],
    admits: [...absent('weights'), ...absent('covariance')],
  },
  diffuseMixture: [mixture, ou],
  checkFewClassProblem: [fewClass],
  divergenceBound: [fewClass, 1],
  flowEnd: [fewClass, 1, x],
  flowEndWithDivergence: [fewClass, 1, x],
  flowMap: [fewClass, 1],
  flowMapWithDivergence: [fewClass, 1],
  flowPath: [fewClass, 1, x, [1, 0]],
  discreteRun: [fewClass, 1, ddim],
  discreteStep: [fewClass, 1, ddim],
  discreteTimes: [fewClass, ddim],
  linearStep: [ou, 0, 'ddim', 1, 0.5],
  simulateEndpoints: { args: [fewClass, 1, { kind: 'normal' }, end], admits: inContinuousTime },
  compareConfidence: [fewClass, 1, x, [1, 0], 'data'],
  confidenceAlongPath: [fewClass, 1, x, [1, 0], 'data'],
  confidenceCurve: { args: [fewClass, ws, { kind: 'normal' }, end], admits: inContinuousTime },
  confidences: { args: [mixture, 0, x], admits: ['x[0]=NaN'] },
  flowEntropy: [fewClass, 1, options({ averageTolerance: 1e-2, pathTolerance: 1e-3 })],
  gaussianEntropy: [2, 0.5],
  discreteEntropy: [fewClass, 1, ddim, options({ cells: 20 })],
  entropyLoweringStrength: [fewClass, ddim],
  cellEntropy: [made({ x: Float64Array.of(0, 1), density: Float64Array.of(0.5, 0.5), mass: 1 })],
  fokkerPlanckEntropy: [{ ...fewClass, sampler: { eta: 1 } }, 1, options({ cells: 50, steps: 20 })],
  resolvedDensity1d: [{ ...fewClass, sampler: { eta: 1 } }, 1, options({ cells: 50, steps: 20 })],
  sampleEntropy: {
    args: [fewClass, 1, { count: 100, seed: 1, discretization: ddim, estimator: 'vasicek' }],
    admits: inContinuousTime,
  },
  entropyCurve: { args: [fewClass, ws, options({ discretization: ddim })], admits: inContinuousTime },
  outputEntropy: { args: [fewClass, 1, options({ discretization: ddim })], admits: inContinuousTime },
  nearestNeighbourEntropy: [Float64Array.of(0, 1, 3, 4), 1, 1],
  vasicekEntropy: [Float64Array.of(0, 1, 3, 4), 1],
  flowDensity: [fewClass, 1, x, options({ tolerance: 1e-4 })],
  flowDensity1d: [fewClass, 1, Float64Array.of(-1, 0, 1), options({ tolerance: 1e-4 })],
  discreteDensity1d: [fewClass, 1, ddim, { cells: 20 }],
  mapFolds: [fewClass, 1, ddim],
  fokkerPlanckDensity1d: [{ ...fewClass, sampler: { eta: 1 } }, 1, options({ cells: 50, steps: 20 })],
  outputDensity2d: { untried: 'needs a plane and minutes; it reads its problem as outputEntropy does' },
  checkSplittingProblem: [split],
  frozenTwoCycle: { untried: 'takes a step that oneStepMap makes' },
  oneStepMap: [split, 0.5, 2],
  slopesAtCentre: [split, 0.5, 2],
  contractionThreshold: [split, 0.5],
  instabilityThreshold: [split, 0.5],
  expulsionConstant: [split],
  instabilityConstant: [split],
  splitOutcome: [split, 0.5, 2, splitting],
  splittingThreshold: [split, 0.5, 'first', splitting],
  splittingThresholds: [split, 0.5, splitting],
  splittingDiagram: [split, [1], [0.5], splitting],
  splittingProblemOf: [
    { ...fewClass, guidedClass: 1, mixture: made(api.labelledMixture({ centres: [[2], [0], [-2]] })) },
    'ddim',
  ],
} satisfies Partial<Examples>;
