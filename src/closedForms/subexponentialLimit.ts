import { NumericalFailure, requireNonNegative, requirePositive } from '../numerics/checks.ts';
import { logistic, logOneLess } from '../numerics/logSumExp.ts';
import { DormandPrince } from '../numerics/ode/dormandPrince.ts';
import type { VectorField } from '../numerics/ode/integrator.ts';
import { integrate } from '../numerics/quadrature.ts';

/**
 * Posterior weight P of all classes but the guided one for d -> infinity at a fixed number of classes, as a particle sees
 * it at X = (y - mu_c).mu_c/sqrt(d Gamma) and epsilon = sqrt(d/Gamma) (eq. sub-exponential-weight):
 *   log(P/(1 - P)) = log(K - 1) - epsilon X - epsilon^2/2.
 * It holds for many classes; and for K = 2, whatever the two centres are, with their difference in place of mu_c and
 * epsilon = |mu_c - mu_o|/sqrt(Gamma).
 */
export function othersLogOdds(logClasses: number): (X: number, epsilon: number) => number {
  requirePositive('logClasses', logClasses);
  const logOthers = logOneLess(logClasses);
  return (X, epsilon) => logOthers - epsilon * (X + 0.5 * epsilon);
}

/** An epsilon beyond which P is below 1e-13 on every path that counts. */
export function lastEpsilon(logClasses: number): number {
  return Math.sqrt(2 * (logClasses + 32)) + 8;
}

/** Output of the ODE along the class direction, X = sqrt(d) (m - 1)/sigma, for d -> infinity at a fixed number of classes. */
export interface ClassDirectionLimit {
  /** <X>: m - 1 -> sigma <X>/sqrt(d). */
  readonly mean: number;
  /** var X = vParallel/sigma2. */
  readonly variance: number;
  /** Divergence in nats of the Gaussian with these moments from N(0, 1), the law of X in the class. */
  readonly gaussianDivergence: number;
  /** Divergence of the law of X itself. */
  readonly divergence: number;
}

/** Standard normals z at which X is computed: the trapezoidal rule, which converges exponentially here. */
const reach = 7;
const spacing = 0.25;

/** Cache of limits: checks, lines and residuals of a claim need the same few. */
const limits = new Map<string, ClassDirectionLimit>();

/**
 * Solves eq. sub-exponential-ode, dX/d epsilon = w P(X, epsilon) with X(0) = z standard normal, for every z of a quadrature,
 * together with log(dX/dz). Relative accuracy of the moments: 1e-7.
 * @param w guidance coefficient, >= 0
 * @param logClasses log K, > 0
 * @throws ParameterError outside that domain; NumericalFailure if the integration breaks down
 */
export function classDirectionLimit(w: number, logClasses: number): ClassDirectionLimit {
  requireNonNegative('w', w);
  const key = `${w} ${logClasses}`;
  const known = limits.get(key);
  if (known !== undefined) return known;
  const logOdds = othersLogOdds(logClasses);
  const end = lastEpsilon(logClasses);
  const field: VectorField = (epsilon, state, out) => {
    const weight = logistic(logOdds(state[0]!, epsilon));
    out[0] = w * weight;
    out[1] = -w * epsilon * weight * (1 - weight);
  };
  const integrator = new DormandPrince(2, { relativeTolerance: 1e-8, absoluteTolerance: 1e-9 });
  let norm = 0;
  let first = 0;
  let second = 0;
  let information = 0;
  for (let z = -reach; z <= reach; z += spacing) {
    const [X, logStretch] = outputOf(integrator, field, end, z);
    const density = Math.exp(-0.5 * z * z);
    norm += density;
    first += density * X;
    second += density * X * X;
    // X has the density of z over dX/dz: the logarithm of its ratio to N(0, 1).
    information += density * (0.5 * (X * X - z * z) - logStretch);
  }
  const mean = first / norm;
  const variance = second / norm - mean * mean;
  const limit = {
    mean,
    variance,
    gaussianDivergence: 0.5 * (mean * mean + variance - 1 - Math.log(variance)),
    divergence: information / norm,
  };
  limits.set(key, limit);
  return limit;
}

/** X and log(dX/dz) at the data. */
function outputOf(integrator: DormandPrince, field: VectorField, end: number, z: number): [number, number] {
  integrator.restart(field, 0, Float64Array.of(z, 0), 0.01);
  while (integrator.time < end) {
    if (integrator.advance(end) !== 'ok') {
      throw new NumericalFailure(
        'the flow along the class direction cannot be integrated',
        'use a smaller w or fewer classes',
      );
    }
  }
  return [integrator.state[0]!, integrator.state[1]!];
}

/**
 * Mean that guidance leaves at the data with the reverse SDE, exactly: Y = lim epsilon <X>, so that
 * m - 1 = sigma2 Y/d for many classes and sigma2 Y/(2d) for two (eq. sub-exponential-sde). With n = 2w + 1,
 *   Y = (2w/n) [log K + int_(1/K)^1 (1 - t^(n-1))/(1 - t) dt + (1 - K^-n) int_0^1 t^(n-1)/(1 - t/K) dt]
 * -> (2w/n) [log K + H_2w + 1/n] for large K, H the harmonic numbers. Relative accuracy: 1e-9.
 * @param w guidance coefficient, >= 0
 * @param logClasses log K, > 0
 * @throws ParameterError outside that domain
 */
export function reverseSdeOvershoot(w: number, logClasses: number): number {
  requireNonNegative('w', w);
  requirePositive('logClasses', logClasses);
  const n = 2 * w + 1;
  const inverse = Math.exp(-logClasses);
  const options = { relativeTolerance: 1e-10 };
  const harmonic = integrate((t) => -Math.expm1((n - 1) * Math.log(t)) / (1 - t), inverse, 1, options).value;
  const rest = integrate((t) => t ** (n - 1) / (1 - inverse * t), 0, 1, options).value;
  return ((n - 1) / n) * (logClasses + harmonic - Math.expm1(-n * logClasses) * rest);
}

/** Factor c = (1 + w)/(1 + 2w) by which the ODE's switch contracts fluctuations along the class direction. */
function contraction(w: number): number {
  return (1 + w) / (1 + 2 * w);
}

/**
 * vParallel/sigma2 of the ODE with sub-exponentially many classes to first order in 1/log K (eq. parallel-correction):
 * c^2 - (1 - 1/(4 (1 + 2w))) w^2/((1 + 2w)^2 log K).
 */
export function parallelVarianceLaw(w: number, logClasses: number): number {
  const share = w / (1 + 2 * w);
  return contraction(w) ** 2 - ((1 - 0.25 / (1 + 2 * w)) * share * share) / logClasses;
}

/**
 * Divergence of the ODE's output from its class, total over dimensions, for d -> infinity up to terms in 1/log K
 * (eq. divergence-growth): w^2 log K/(2w+1) + w^2/(2 (2w+1)^2) + (w^2/(2w+1)) log(1/c) + (c^2 - 1)/2 + log(1/c).
 */
export function divergenceLaw(w: number, logClasses: number): number {
  const c = contraction(w);
  const growth = (w * w) / (2 * w + 1);
  return growth * (logClasses - Math.log(c)) + growth / (2 * (2 * w + 1)) + 0.5 * (c * c - 1) - Math.log(c);
}
