import * as api from './everything.ts';
import { made, options, type Examples } from './badCalls.ts';
import { mixture } from './subjects.ts';

const rows = Array.from({ length: 24 }, (_, n) => [n % 2 === 0 ? 'a' : 'b', Math.sin(n), Math.cos(n * n)]);
const text = ['label,x,y', ...rows.map((row) => row.join(','))].join('\n');
const bytes = made(api.memoryBytes(new TextEncoder().encode(text)));
const latents = made(api.openLatents({ name: 'latents.csv', bytes }, null));
const moments = made(api.classMoments(latents));
const fitted = made(api.fitClasses(moments, { components: 2 }));
const gaussianity = made(api.classGaussianity(latents, fitted));
const levels = [
  { timestep: null, sigma: 3 },
  { timestep: null, sigma: 0.3 },
];
const run = {
  mixture,
  guidedClass: 0,
  coefficients: [1, 1],
  levels,
  sampler: 'heun' as const,
  latentScale: 1,
};

/** Data of one's own. */
export const latentExamples = {
  memoryBytes: [made(new TextEncoder().encode(text))],
  openLatents: { args: [{ name: 'latents.csv', bytes }, null], admits: ['labels=null', 'name=unknown'] },
  classMoments: [latents],
  fitClasses: { args: [moments, options({ components: 2 })], admits: ['components=null'] },
  guidedSamples: { args: [{ ...run, particles: 3, seed: 1 }], admits: ['timestep=NaN', 'timestep=Infinity'] },
  classOutcome: [mixture, 0, made(Float64Array.from({ length: 60 }, (_, n) => 1 + Math.sin(7 * n)))],
  latentScaleOf: [fitted],
  planDiagnosis: {
    args: [
      { mixture, latentScale: 1, levels, sampler: 'euler' as const, scales: [1, 2], seed: 1 },
      { seconds: 1, workers: 1 },
    ],
    admits: ['timestep=NaN', 'timestep=Infinity', 'run.classes=undefined', 'seconds=1e'],
  },
  classGaussianity: [latents, fitted],
  diagnosisWarnings: [fitted, gaussianity, made({ classes: [0], particles: 10, wanted: 20 }), made([])],
  diagnosisRows: [made(['a', 'b']), made([])],
  diagnosisFigure: [made([]), { sampler: 'euler', steps: 3, particles: 10 }],
  matrixMeanField: { args: [run], admits: ['timestep=NaN', 'timestep=Infinity'] },
} satisfies Partial<Examples>;
