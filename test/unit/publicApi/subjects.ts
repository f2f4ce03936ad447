import * as api from './everything.ts';
import { made } from './badCalls.ts';

// Small problems and results that the examples share.

export const sde: api.Sampler = { eta: 1 };
export const ou = made({ ...api.ornsteinUhlenbeck });
export const ve = made({ ...api.varianceExploding });

export const formula = made(api.parseFormula('schedule', '1 + t', 't'));
export const context = { process: ou, sigma2: 0.25, startTime: null };
export const constant = made(api.constantSchedule(1));

export const guided: api.GuidedProblem = {
  alpha: 0.5,
  sigma2: 0.25,
  ensemble: 'gaussian',
  sampler: sde,
  process: ou,
  guidance: { w: 1 },
  startTime: null,
};

/** The problem without some of its keys. */
export function without<T extends object, K extends keyof T>(value: T, ...keys: K[]): Omit<T, K> {
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !keys.includes(key as K)),
  ) as unknown as Omit<T, K>;
}

export const solution = made(api.solveOrderParameters(guided));
export const isotropic: Parameters<typeof api.isotropicPhases>[0] = {
  alpha: 0.5,
  ensemble: 'gaussian',
  eta: 1,
  schedule: constant,
  average: 'quenched',
  closure: 'static',
};

export const particles: api.ParticleProblem = {
  dimension: 4,
  classes: 3,
  schedule: constant,
  sigma2: 0.25,
  ensemble: 'gaussian',
  sampler: sde,
  process: ou,
  startTime: null,
  guidedClass: 'typical',
};
export const few = { particles: 4, realizations: 2, steps: 2, seed: 1, grid: 'angle' } as const;
export const all: api.ParticleOptions = { ...api.particleDefaults, ...few };
export const plain = made(api.plainKernel);

export const mixture = made(api.labelledMixture({ centres: [[1], [-1]] }));
export const diffused = made(api.diffuseMixture(mixture));
export const exact = made(api.exactClassifier(diffused));
export const tempered = made(api.temperatureClassifier(exact, 1.2));

export const fewClass: api.FewClassProblem = {
  mixture,
  guidedClass: 0,
  sampler: { eta: 0 },
  process: ou,
  startTime: 3,
};
export const ddim: api.Discretization = { stepSize: 0.5, rule: 'ddim' };

/** Bad calls that leave out what a problem has a default for. */
export const byDefault = ['ensemble', 'sampler', 'eta', 'process', 'startTime'].flatMap((key) => [
  `${key}=undefined`,
  `${key}=missing`,
]);

export const design: api.DesignProblem = {
  alpha: 0.5,
  sigma2: 0.25,
  ensemble: 'gaussian',
  sampler: { eta: 0 },
  process: ou,
};
