import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { classDirectionLimit, reverseSdeOvershoot } from '../../../../src/closedForms/subexponentialLimit.ts';
import { syntheticResult, type SyntheticValues } from '../synthetic.ts';

/** m, v and vParallel of a simulation with sub-exponentially many classes, as the limit d -> infinity at fixed K has them. */
export function limitValues({
  spec,
}: SimulationRequest): Required<Pick<SyntheticValues, 'm' | 'v' | 'vParallel'>> {
  const { dimension: d, sigma2, eta, mode } = spec;
  const { w } = spec.guidance as { w: number };
  const logClasses = spec.logClasses ?? Math.log(spec.classes!);
  const sigma = Math.sqrt(sigma2);
  // Two classes: the line between them is along mu_c for opposite centres, at 45 degrees for explicit ones.
  const share = spec.classes === 2 && mode === 'full' ? 0.5 : 1;
  const v = spec.classes === 2 ? sigma2 : sigma2 * (1 - (w * logClasses) / ((w + 0.5) * d));
  // Between the samplers only the power of d is known.
  if (eta !== 0 && eta !== 1) {
    return { m: 1 + (sigma2 / d) ** (0.5 * (1 + eta * eta)), v, vParallel: sigma2 };
  }
  if (eta !== 0) {
    const half = spec.classes === 2 ? 0.5 : 1;
    return {
      m: 1 + (half * sigma2 * reverseSdeOvershoot(w, logClasses)) / d,
      v: (1 - 1e-9) * sigma2,
      vParallel: sigma2,
    };
  }
  const { mean, variance } = classDirectionLimit(w, logClasses);
  return {
    m: 1 + (Math.sqrt(share) * sigma * mean) / Math.sqrt(d),
    v,
    vParallel: sigma2 * (1 - share * (1 - variance)),
  };
}

/** A result with these values and errors of 1/300 of the fluctuations of m. */
export function limitResult(request: SimulationRequest, change: SyntheticValues = {}) {
  const relativeError = (0.003 * Math.sqrt(request.spec.sigma2)) / Math.sqrt(request.spec.dimension);
  return syntheticResult({ ...limitValues(request), ...change }, { relativeError });
}
