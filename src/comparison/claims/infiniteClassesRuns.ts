import type { SamplerName } from '../../guidance/sampler.ts';
import type { Effort, SimulationRequest } from './claim.ts';
import { requestOf } from './requests.ts';

/** log K so large that the guided class has no weight anywhere: the single Gaussian as unconditional model. */
const infinite = 1e6;
/** Dimensions of the reduced simulation. */
export const dimensions = [2, 8, 64, 1000] as const;
/** Guidance coefficients. */
export const coefficients = [1, 3] as const;
/** Explicit classes at low dimension, on the way to infinitely many. */
export const growing = { w: 1, dimensions: [2, 4], classes: [100, 1000, 10_000, 30_000] } as const;
/** Exponentially many above the critical rate, with classes so wide that the rate is low enough to simulate. */
export const above = { w: 1, sigma2: 1, alpha: 1, d: 10 } as const;
/** Dimensions of the Gaussian pair. */
export const pairDimensions = [2, 16] as const;
/** Both samplers. */
export const samplerNames: readonly SamplerName[] = ['ode', 'sde'];

/** Particles and realisations of an effort. */
export const sizes = {
  quick: { particles: 80, realizations: 24, full: 20, pair: 60 },
  default: { particles: 700, realizations: 48, full: 80, pair: 300 },
  thorough: { particles: 5000, realizations: 96, full: 600, pair: 1000 },
} as const satisfies Record<Effort, unknown>;

/** Relative error of m and v that 80 steps leave (docs/theory/claims/infinite-classes.md). */
export const stepError = { m: 5e-4, v: 5e-3 } as const;

/** Name of a simulation without weight of the guided class. */
export function reducedName(sampler: SamplerName, w: number, d: number): string {
  return `reduced ${sampler} w=${w} d=${d}`;
}

/** Name of a simulation with explicit classes. */
export function growingName(sampler: SamplerName, d: number, classes: number): string {
  return `full ${sampler} d=${d} K=${classes}`;
}

/** All simulations of an effort. */
export function infiniteRequests(effort: Effort): Record<string, SimulationRequest> {
  const { particles, realizations, full } = sizes[effort];
  const requests: Record<string, SimulationRequest> = {};
  for (const sampler of samplerNames) {
    for (const guidance of coefficients) {
      for (const d of dimensions) {
        requests[reducedName(sampler, guidance, d)] = requestOf(
          { mode: 'reduced', d, logClasses: infinite, guidance, sampler },
          // Few coordinates: few squares to average over in each particle.
          { realizations, particles: d === 2 ? 4 * particles : particles, steps: 80 },
        );
      }
    }
    const options = { realizations, particles: full, steps: 24 };
    for (const d of growing.dimensions) {
      for (const classes of growing.classes) {
        requests[growingName(sampler, d, classes)] = requestOf(
          { mode: 'full', d, classes, guidance: growing.w, sampler },
          options,
        );
      }
    }
    const { w: guidance, ...physics } = above;
    requests[`above ${sampler}`] = requestOf({ mode: 'full', ...physics, guidance, sampler }, options);
  }
  return requests;
}
