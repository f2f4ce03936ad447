import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import {
  closedCriticalRate,
  closedGapSpread,
  quenchedSlope,
  type CriticalPoint,
} from '../../../../src/claims/transition/speciatedFraction.ts';
import { normalCdf } from '../../../../src/numerics/distributions.ts';
import type { ParticleResult } from '../../../../src/particles/tasks.ts';
import { syntheticResult } from '../synthetic.ts';

const slopes = new Map<string, number>();

/** quenchedSlope, remembered. */
function slopeAt(point: CriticalPoint, dimension: number): number {
  const key = JSON.stringify([point, dimension]);
  const slope = slopes.get(key) ?? quenchedSlope(point, dimension);
  slopes.set(key, slope);
  return slope;
}

/** What is wrong with a synthetic crossover. */
export interface Broken {
  /** Added to the critical rate. */
  readonly shift?: (request: SimulationRequest) => number;
  /** Exponent of 1/d of the width, matched at d = 50. */
  readonly exponent?: number;
  /** Factor of the width. */
  readonly factor?: (request: SimulationRequest) => number;
}

/** The Gaussian crossover of theory, or a broken one. */
export function crossover({ shift, exponent = 0.5, factor }: Broken = {}) {
  return (_name: string, request: SimulationRequest): ParticleResult => {
    const { dimension, logClasses, guidance, sigma2, eta, mode } = request.spec;
    const point = {
      w: 'w' in guidance ? guidance.w : NaN,
      sigma2,
      sampler: eta === 0 ? 'ode' : 'sde',
    } as const;
    const centre = closedCriticalRate(point) + (shift?.(request) ?? 0);
    const quenched = mode === 'full' ? 1 / (1 - slopeAt(point, dimension)) : 1;
    const width =
      closedGapSpread(point) *
      50 ** -0.5 *
      (dimension / 50) ** -exponent *
      quenched *
      (factor?.(request) ?? 1);
    const speciatedFraction = normalCdf((centre - logClasses! / dimension) / width);
    return syntheticResult({ speciatedFraction }, { relativeError: 1e-3 });
  };
}
