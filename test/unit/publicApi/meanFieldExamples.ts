import * as api from './everything.ts';
import { made, options, type Examples } from './badCalls.ts';
import { byDefault, constant, guided, isotropic, ou, sde, solution, without } from './subjects.ts';

const centres = made({ dimension: 2, centres: Float64Array.of(1, 0, 0, 1) });
const point = Float64Array.of(0.5, 0.2);
const solve = options({ relativeTolerance: 1e-6, fluctuations: false });
const phases = made(api.isotropicPhases(isotropic));
const moment = { clock: 0, signalScale: 0.7, withinClassVariance: 0.5, v: 0.4, w: 1, driftWeight: -0.3 };
const dynamics = made(api.isotropicDynamics({ ...isotropic, closure: 'stopAtCondensation' }));
const flow = {
  dynamics,
  startClock: -5,
  endClock: 0,
  startState: Float64Array.of(0.1, 0),
  breakpoints: [],
};
const rule = made(
  api.compileForm({ kind: 'rescaled', phi: 0.7, prediction: 'data' }, { process: ou, sigma2: 0.25 })!,
);

/** Mixtures of many classes, the mean field and the phase diagram. */
export const meanFieldExamples = {
  drawCentres: [
    { ensemble: 'gaussian', classes: 3, dimension: 4, seed: 1, realization: 0, guidedClass: 'typical' },
  ],
  conditionalScore: [point, centres, 0.7, 0.5],
  logDensity: [point, centres, 0.7, 0.5],
  posterior: [point, centres, 0.7, 0.5],
  posteriorMean: [point, centres, 0.7, 0.5],
  unconditionalScore: [point, centres, 0.7, 0.5],
  guidedProblem: {
    args: [
      {
        alpha: 0.5,
        sigma2: 0.25,
        ensemble: 'gaussian',
        process: 'ou',
        eta: 1,
        guidance: { w: 1 },
        startTime: null,
      },
    ],
    admits: ['data.alpha=Infinity', ...byDefault],
  },
  solveOrderParameters: { args: [guided, solve], admits: byDefault },
  trajectory: [solution, 5],
  trajectoryRow: [solution, 0],
  defaultPotentialTimes: [solution, 3],
  potentialTable: [solution, [0.1, 1], [0.5, 1]],
  guidedPotential: [phases, moment, 1],
  phaseGap: [phases, moment, 1],
  gradientFlow: [1, 1.5, [0.1, 0.2]],
  symbolicFreeEnergy: ['gaussian'],
  symbolicGuidedPotential: ['gaussian'],
  composeDynamics: [
    {
      dimension: 2,
      phases,
      guided: 0,
      scoreRate: 1,
      coefficients: () => undefined,
      drift: () => undefined,
      diffusion: () => undefined,
    },
  ],
  formDynamics: [{ ...isotropic, rule }],
  formPhases: [isotropic, 0.1],
  integratePiecewise: [flow, api.solverDefaults],
  covarianceEntry: [Float64Array.of(0, 0, 1, 0, 2), 2, 0, 1],
  withFluctuations: [flow, [1, 0, 2]],
  competingClasses: { args: ['gaussian', 0.5, 'quenched'], admits: ['alpha=Infinity'] },
  isotropicDynamics: [isotropic],
  isotropicDynamicsFromPhases: [isotropic],
  isotropicPhases: [isotropic],
  smoothedMeanField: {
    args: [{ ...guided, alpha: 0.1 }, 8, options({ method: 'single', relativeTolerance: 1e-4 })],
    admits: byDefault,
  },
  finiteSizeCoefficients: {
    args: [{ ...guided, alpha: 0.5, sampler: { eta: 0 } }, 8],
    admits: ['dimension=undefined', 'dimension=null', ...byDefault],
  },
  disorderCorrection: {
    args: [guided, 8, options({ steps: 3, particles: 2, classesPerParticle: 2, seed: 1 })],
    admits: ['steps=null', ...byDefault],
  },
  disorderRate: { args: [guided], admits: byDefault },
  criticalClassRate: { args: [without(guided, 'alpha'), solve], admits: byDefault },
  criticalLine: {
    args: [without(guided, 'alpha', 'guidance'), [0.5], solve],
    admits: byDefault,
  },
  phaseDiagram: {
    args: [without(guided, 'alpha', 'guidance'), [0.5], [1], solve, () => undefined],
    admits: ['onRow=undefined', ...byDefault],
  },
  universalBoundary: [1, [0.5], 'gaussian', sde, solve],
  isCalibrated: [{ temperature: 1.2, bias: 0 }],
  requireMiscalibrated: [{ temperature: 1.2, bias: 0 }],
  solveMiscalibrated: { args: [guided, { temperature: 1.2, bias: 0 }, solve], admits: byDefault },
  guidedDirection: [0.5, 1, 1, sde],
  guidedGaussian: [
    {
      conditionalMean: [1, 0],
      conditionalCovariance: [
        [1, 0],
        [0, 1],
      ],
      unconditionalMean: [0, 0],
      unconditionalCovariance: [
        [2, 0],
        [0, 3],
      ],
    },
    1,
    sde,
  ],
  overlapRatio: [0.5, 1, sde, 0.5],
  varianceRatio: [0.5, 1, sde, 0.5],
  classRateAtTransition: [0.5, 1, sde, 0.5],
  speciationTime: [0.5, 1, 0.25, sde, ou],
  transitionRatio: [0.5, 1, sde],
  closedFormCriticalClassRate: [1, 0.25, sde],
  complexity: [0.5, 0.5, 1, sde, 0.5],
  minimumComplexity: [0.5, 1, 0.25, sde],
  finalState: [0.5, 1, 0.25, sde],
  bandsFinalState: { args: [[{ weight: 1, rho: 1, c: 0.25 }], 0.5, 1, sde], admits: ['alpha=Infinity'] },
  bandRateAtTransition: [[{ weight: 1, rho: 1, c: 0.25 }], 0.5, 1, sde],
  levelsFinalState: [[{ alpha: 0.5, r: 1 }], 1, 0.25, sde],
  smallAlphaBands: [{ kind: 'bands', bands: [{ weight: 1, rho: 1, c: 0.25 }] }, 0.01, 1, sde],
  cumulantRateShift: [1, -2, 1, 10],
  infiniteClasses: [1, 0.25, sde],
  smallAlphaDivergence: [10, 4, 1, 0.25, sde],
  smallAlphaMeanShift: [0.01, 1, 0.25, sde],
  smallAlphaParallelVariance: [0.01, 1, 0.25, sde],
  smallAlphaShare: [0.01, 1],
  smallAlphaVarianceShift: [0.01, 1, 0.25, sde],
  scheduledOverlap: [constant, sde, 0, 1],
  scheduledOverlapExcess: [constant, sde, 0],
  scheduledShortfall: [constant, sde, 0],
  scheduledVarianceRatio: [constant, sde, 0, 1],
  earliestNeutralRatio: [0.8],
  largestNeutralOverlap: [{ positive: 2, negative: -0.5 }, 0.25, sde],
  leastCoefficientAtTransition: [0.5, 0.1, sde],
  neutralDecision: [0.3, { positive: 2, negative: -0.4 }, sde],
  neutralStep: [{ positive: 2, negative: -0.5 }, 0.3, sde],
  neutralTransition: [0.3, 0.7],
  twoLevelMoments: [{ positive: 2, negative: -0.5 }, 0.7, 0.3, sde],
  effectiveGuidanceSlopes: [4, 1],
  miscalibratedOverlapRatio: [4, 1, 1.2, sde],
  miscalibratedVarianceRatio: [4, 1, 1.2, sde],
  neutralTemperature: [1, 0.25, sde],
} satisfies Partial<Examples>;
