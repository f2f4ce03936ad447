import * as api from './everything.ts';
import { made, options, type Examples } from './badCalls.ts';
import { byDefault, design, few, guided, particles, plain, sde, solution, without } from './subjects.ts';

const target: api.DesignTarget = { overlap: 1.1, decision: null };
const search = options({ family: 'two-level', seed: 1 } as const);
const written = { schedule: '1 + t', clock: 't' } as const;
const row = made<api.ComparisonRow>({
  alpha: 0.5,
  w: 1,
  d: 8,
  observable: 'm',
  source: 'full',
  value: 1.2,
  standardError: 0.1,
});
const theory = made<api.ComparisonRow>({ ...row, source: 'theory', standardError: null });
const small = options({ ...few });
const result = made(api.simulateReduced(particles, small));
const sizes = [8, 16, 32, 64].map((size) => ({ size, value: 1 + 1 / size, standardError: 0.01 }));
const powers = [1, 2, 4, 8].map((x) => ({ x, value: x ** 2, standardError: 0.01 }));
const curve = (size: number) =>
  made({
    size,
    points: [-0.5, 0, 0.25, 0.5, 1].map((x) => ({
      x,
      value: Math.tanh((x - 0.3) * size ** 0.5),
      standardError: 0.01,
    })),
  });
const curves = [curve(4), curve(8), curve(16)];
const disorder = options({ steps: 3, particles: 2, classesPerParticle: 2, seed: 1 });
const bootstrap = options({ replicates: 50, confidence: 0.9, seed: 1 });
const claim = made({ ...api.claims[0]! });
const check = {
  label: 'a',
  test: 'identity',
  expected: 1,
  measured: 1,
  standardError: null,
  margin: 1,
} as const;
const builder = { untried: 'draws what the commands computed: tables and solutions, not input' };

/** Design of schedules, comparisons, claims and figures. */
export const comparisonExamples = {
  discretisedOutcome: {
    args: [without(design, 'process'), [1, 1, 1], api.noiseLevels('karras', 3), 1],
    admits: byDefault,
  },
  restoredCoefficients: {
    args: [without(design, 'process'), [1, -0.1, -0.1], api.noiseLevels('karras', 3), 1, -1],
    admits: ['centreScale=null', ...byDefault],
  },
  replaceConstant: { args: [design, 1, search], admits: byDefault, isLong: true },
  scheduleOutcome: { args: [design, written, 1], admits: ['decisionTime=null', ...byDefault] },
  designSchedule: { args: [design, target, search], admits: byDefault, isLong: true },
  defaultTarget: { args: [design, 1.1, 2], admits: byDefault },
  robustnessOf: { args: [design, written, { alpha: 0.1, sigma2: 0.1 }], admits: byDefault },
  dominance: [[], [], 1, 'overlap'],
  frontAtLoss: { args: [design, target, search, 0.1, 'overlap'], admits: byDefault },
  paretoFront: { args: [design, target, search, 2, 'overlap'], admits: byDefault },
  standardOutcomes: { args: [design, [1], 1], admits: ['decisionTime=null', ...byDefault], isLong: true },
  deviation: [row, theory],
  particleRows: {
    args: [result, { alpha: 0.5, w: 1, d: 4, source: 'reduced' }],
    admits: ['at.alpha=Infinity', 'at.w=null'],
  },
  theoryRows: { args: [solution, 1], admits: ['w=null'] },
  solveTemperatures: { args: [guided, [1.2], 0], admits: byDefault },
  temperatureLine: [[0.5, 1], 3],
  predictedError: { args: [guided, 8, disorder], admits: ['steps=null', ...byDefault], isLong: true },
  requiredDimension: {
    args: [guided, 0.1, 64, disorder],
    admits: ['steps=null', ...byDefault],
    isLong: true,
  },
  validityMap: {
    args: [{ alpha: [0.5], w: [1], d: [8], sampler: sde, sigma2: 0.25, ensemble: 'gaussian' }, disorder],
    admits: ['alpha[0]=Infinity', 'steps=null', ...byDefault],
  },
  measureDisorderShift: { args: [particles, small, plain], admits: ['kernel=null'] },
  fitInverseDimension: [sizes, options({ order: 1, confidence: 0.9 })],
  linearFit: [
    [
      [1, 0],
      [1, 1],
      [1, 2],
    ],
    [1, 2, 3],
    [0.1, 0.1, 0.1],
  ],
  fitCorrectedPowerLaw: [powers, 1, bootstrap],
  fitPowerLaw: [powers, bootstrap],
  localExponents: [powers],
  crossingPoints: [curves, options({ degree: 1, window: 3, ...bootstrap })],
  fitCollapse: {
    args: [curves, { exponent: [0.3, 0.7], centre: 0, drift: 0, ...bootstrap }],
    admits: ['drift=missing', 'drift=undefined', ...Object.keys(bootstrap).map((key) => `${key}=missing`)],
  },
  collapseQuality: [curves, { exponent: 0.5, centre: 0, drift: 0 }, 1],
  chiSquareSurvival: { args: [1, 2], admits: ['x=Infinity'] },
  normalCdf: { args: [0.5], admits: ['x=Infinity'] },
  normalQuantile: [0.7],
  studentTCdf: { args: [0.5, 3], admits: ['x=Infinity', 'degreesOfFreedom=Infinity'] },
  studentTQuantile: { args: [0.7, 3], admits: ['degreesOfFreedom=Infinity'] },
  twoSidedPower: { args: [4, 2, 10], admits: ['degreesOfFreedom=Infinity'] },
  parametricBootstrap: [made([1]), (stream) => [stream.nextNormal()], bootstrap],
  resamplingBootstrap: [made([1, 2, 3]), (sample) => sample.length, bootstrap],
  requestOf: [{ mode: 'reduced', d: 8, alpha: 0.5, guidance: 1, sampler: 'sde' }, options({ particles: 4 })],
  measureClaim: { untried: 'a claim is code, and its results are those of planSimulations' },
  planSimulations: [[claim], 'quick', 1],
  judge: [made({ checks: [check], panels: [], findings: [] })],
  figureCsv: builder,
  tableFile: {
    args: [{ columns: ['m'], rows: [[1]] }, 'npz', { title: 'overlap' }],
    admits: ['about={}', 'title=undefined', 'title=missing', 'title=unknown'],
  },
  figureRecords: builder,
  phaseDiagramFigure: builder,
  singlePhaseDiagramFigure: builder,
  trajectoryFigure: builder,
  potentialFigure: builder,
  distortionFigure: builder,
  comparisonFigure: builder,
  scheduleBudgetFigure: builder,
  scheduleGridFigure: builder,
  scheduleParetoFigure: builder,
  schedulePathFigure: builder,
  scheduleShapeFigure: builder,
  fewClassCurveFigure: builder,
  fewClassDensityFigure: builder,
  fewClassLineFigure: builder,
  fewClassMapFigure: builder,
  fewClassSplitFigure: builder,
  classifierErrorFigure: builder,
  classifierCounterexampleFigure: builder,
  classifierSamplingFigure: builder,
  classifierCalibrationFigure: builder,
  validityFigure: builder,
  claimFigure: builder,
  claimsPage: builder,
  figurePage: builder,
  restyled: builder,
  reportPage: builder,
  plotConfig: builder,
} satisfies Partial<Examples>;
