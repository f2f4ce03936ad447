import * as api from './everything.ts';
import { made, options, type Examples } from './badCalls.ts';
import { all, byDefault, constant, few, ou, particles, plain, sde, without } from './subjects.ts';

const onProgress = () => undefined;
const small = options({ ...few });
const plan = made(api.planSimulation(particles, 'reduced', all));
const full = made(api.planSimulation(particles, 'full', all));
const task = { realization: 0, begin: 0, end: 4 };
const ranges = api.planTasks(all).map((one) => made(api.runRange(plan, one)));
const spec: api.SimulationSpec = {
  mode: 'full',
  dimension: 4,
  classes: 3,
  logClasses: null,
  sigma2: 0.25,
  ensemble: 'gaussian',
  eta: 1,
  process: 'ou',
  guidance: { w: 1 },
  startTime: null,
  guidedClass: 'typical',
};
const specDefaults = [
  ...byDefault,
  ...['mode', 'logClasses', 'guidedClass'].flatMap((key) => [`${key}=missing`, `${key}=undefined`]),
];
const pair = api.infiniteClassesPair(2, 0.25);
const pairProblem = { ...pair, schedule: constant, sampler: sde, process: ou, startTime: null };
const pairOptions = options({ particles: 2, realizations: 2, steps: 2, seed: 1 });
const pairResult = made(api.simulateGaussianPair(pairProblem, pairOptions));
const twoClasses = { ...without(particles, 'classes'), classes: 2 };

/** Simulations of particles. */
export const particleExamples = {
  simulateFull: [particles, small, onProgress, plain],
  simulateReduced: [particles, small, onProgress],
  simulateTwoClasses: [twoClasses, small, onProgress, -0.5],
  timeGrid: [particles, all],
  mergeTasks: [particles, all, ranges],
  planTasks: [all, 2],
  planSimulation: [twoClasses, 'two-class', small, -0.5],
  runRange: {
    args: [full, task, onProgress, options({ kernel: plain })],
    admits: ['parts.kernel=null'],
  },
  openEngine: [full, 0, plain, options({})],
  chooseKernel: ['plain', null],
  nativeKernel: { untried: 'takes the compiled addon, which the installation builds' },
  wasmKernel: [false],
  wasmSupport: [],
  particleProblem: { args: [spec], admits: specDefaults },
  simulateSpec: { args: [spec, small, plain, onProgress], admits: ['kernel=undefined', ...specDefaults] },
  simulateGaussianPair: [pairProblem, pairOptions, onProgress],
  infiniteClassesPair: [2, 0.25],
  pairReferenceVariance: [pair],
  projectGaussianPair: [pairResult, { conditionalMean: [1, 0], unconditionalMean: [0, 0] }, [1, 0]],
  gaussianPairSchemeMoments: [pairProblem, options({ steps: 2 })],
} satisfies Partial<Examples>;
