import * as api from './everything.ts';
import { made, options, type Examples } from './badCalls.ts';
import { constant, context, formula, ou, sde } from './subjects.ts';

const inner = { untried: 'evaluated in every integrand and at every step; NaN in, NaN out' };
const budget = { process: ou, sigma2: 0.25, horizon: 4 };
const table: api.TablePoint[] = [
  [0.5, 1],
  [1, 2],
];

/** Processes, samplers, guidance and its schedules. */
export const guidanceExamples = {
  clockAtInvariantRatio: inner,
  clockAtNoiseToSignal: inner,
  dataClock: inner,
  invariantRatio: inner,
  noiseToSignalAtClock: inner,
  samplerLabel: [sde],
  samplerWithEta: [0.5],
  coefficientFromScale: [2],
  scaleFromCoefficient: [1],
  parseFormula: { args: ['schedule', '1 + t', 't'], admits: ['variable=unknown'] },
  guidanceOf: [{ schedule: '1 + t', clock: 't' }],
  compileSchedule: [{ formula, clock: 't' }, context],
  constantSchedule: [1],
  domainText: [made({ name: 'a', meaning: 'b', default: 1, least: 0, largest: 2 })],
  parametersOf: [made({ ...api.scheduleEntry('limited-interval') }), options({ sigma_lo: 0.3 })],
  scheduleEntry: ['constant'],
  writeSchedule: ['limited-interval', 2, options({ sigma_lo: 0.3 })],
  clockAsFormula: ['tau', 'logsnr', ou, 4],
  scheduleInClock: {
    args: [{ schedule: '1 + t', clock: 't' }, 'tau', ou, 4],
    admits: ['schedule.schedule=unknown'],
  },
  defaultHorizon: [ou],
  writeEvenSteps: [table, 10],
  writeSigmaSteps: [table, 1],
  writeSigmaTable: [table, 1],
  writeTable: { args: [table, 't', 6], admits: ['digits=null'] },
  guidanceBudget: [constant, 'effective', budget],
  scheduleAtBudget: ['constant', options({}), 'effective', 1, budget],
  strengthAtBudget: ['constant', options({}), 'effective', 1, budget],
  listedNoiseLevels: { args: [[3, 2, 1]], admits: ['sigmas[0]=Infinity'] },
  modelGrid: { args: ['sdxl', 'karras'], admits: ['grid=null'] },
  pipelineScript: {
    args: [
      {
        steps: [{ step: 0, timestep: null, sigma: 1, scale: 2, w: 1 }],
        tool: 'diffusers',
        model: 'sdxl',
        command: 'cfg-dmft',
      },
    ],
    admits: ['request.model=null', 'request.command=unknown'],
  },
  listedFlowTimes: [[0.9, 0.5]],
  noiseGridDefaults: ['karras'],
  noiseLevels: ['karras', 5, options({ rho: 7 })],
  stepScales: {
    args: [constant, api.noiseLevels('karras', 5), 0.25, options({ centreScale: 1, reading: 'mean' })],
    admits: ['centreScale=null'],
  },
  unitVarianceCentreScale: [0.25],
  checkForm: [{ kind: 'rescaled', phi: 0.7, prediction: 'data' }, 'form'],
  formText: [{ kind: 'rescaled', phi: 0.7, prediction: 'data' }],
  parseForm: ['rescaled:phi=0.7', 'form'],
  resolveForm: [{ kind: 'nonlinear', phi: 'x', dimension: 3, prediction: 'data' }],
  formEntry: ['rescaled', 'form'],
  compileForm: {
    args: [
      { kind: 'rescaled', phi: 0.7, prediction: 'data' },
      { process: ou, sigma2: 0.25 },
    ],
    admits: ['form=undefined'],
  },
  distortion: [1.2, 0.2, 0.25, -0.3],
} satisfies Partial<Examples>;
