import * as api from './everything.ts';
import { made, options, type Examples } from './badCalls.ts';

const bands = [
  { weight: 0.5, rho: 1.5, c: 0.4 },
  { weight: 0.5, rho: 0.5, c: 0.1 },
];
const law = made({ kind: 'bands' as const, bands });
const levels = made({ kind: 'levels' as const, sigma2: 0.1, levels: [{ alpha: 0.2, r: 1 }] });
const problem = { law, alpha: 0.5, guidance: { w: 1 } };
const rough = options({ relativeTolerance: 1e-6, fluctuations: false });
const solution = made(api.solveStructured(problem, { fluctuations: false }));
// Infinity is a rate.
const admits = ['problem.alpha=Infinity'];

/** Structured classes. */
export const structuredExamples = {
  parseSpectrum: ['1.5:0.4:0.5,0.5:0.1:0.5', 'spectrum'],
  parseLevels: ['0.1:0.8,0.2:0.2', 'levels'],
  parseCentreLaw: { args: ['bernoulli-gauss:0.2', 'centres-law'], admits: ['text=unknown'] },
  valuesLaw: ['-1 1', 'centres-law'],
  powerLawBands: [{ exponent: 0.5, c: 0.1 }],
  marchenkoPasturBands: [{ ratio: 0.5, c: 0.1 }],
  solveStructured: { args: [problem, rough], admits },
  nodeError: [solution],
  coordinateDensity: [solution, options({ count: 5 })],
  structuredTrajectory: [solution, 3],
  structuredPotentialTimes: [solution, 2],
  structuredPotential: [solution, [0.1, 1], [0.5, 1]],
  levelTransitions: [{ law: levels, guidance: { w: 1 } }, rough],
  simulateStructured: {
    args: [
      { law, alpha: 0.3, dimension: 6, guidance: { w: 1 } },
      options({ particles: 4, realizations: 1, steps: 4 }),
    ],
    admits: ['problem.alpha=undefined'],
  },
} satisfies Partial<Examples>;
