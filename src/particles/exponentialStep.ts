import type { CompiledSchedule } from '../guidance/compiled.ts';

/**
 * Exact integration of the linear part of the guided backward dynamics (eq. particle-step).
 *
 * In the frame y = x/a and the clock lambda = -log(Gamma), Gamma = sigma2 + tau, the guided sampler reads
 *   dy = (e/2)(G - y) dlambda + eta sqrt(Gamma) dB,   e = 1 + eta^2,   G = (1 + w) mu_c - w mubar(y),
 * mubar = sum_k p(k|y) mu_k. With z = sqrt(Gamma_1/Gamma) running from z_0 to 1 over a step, so that
 * e^(-(e/2)(lambda_1 - lambda)) = z^e,
 *   y_1 = z_0^e y_0 + Int_(z_0)^1 e z^(e-1) G dz + noise,   noise ~ N(0, Gamma_1 (1 - e^(-eta^2 h)) I), h the step in lambda.
 * For G constant that is exact (at w = 0 the whole simulation is). G taken linear in z between the ends makes
 * the method second order: z, unlike lambda, is a variable in which G is smooth all the way to pure noise (G
 * - const ~ y/D ~ 1/sqrt(Gamma)), so the first steps may span several units of lambda. For eta = 0 it is the
 * trapezoidal rule for d(y/sqrt(Gamma))/d(1/sqrt(Gamma)) = G.
 */
export interface ExponentialStep {
  /** Gamma at the beginning and at the end of the step. */
  readonly variance: number;
  readonly endVariance: number;
  /** z_0^e, the weight of y_0. */
  readonly decay: number;
  /** Int e z^(e-1) dz = 1 - z_0^e, the weight of G if it is constant. */
  readonly gain: number;
  /** Weight of G at the end of the step if G is linear in z; the beginning has gain - endGain. */
  readonly endGain: number;
  /** Standard deviation per coordinate of the noise increment. */
  readonly noise: number;
  /** Guidance coefficient at the beginning and at the end, from inside the step. */
  readonly w: number;
  readonly endW: number;
}

/**
 * Int_(z_0)^1 e z^(e-1) (z - z_0)/(1 - z_0) dz, the weight of the end value of a function linear in z; short
 * = 1 - z_0. The closed form cancels for short steps, where the binomial series in `short` is used instead.
 */
function endWeight(short: number, e: number): number {
  if (short > 0.1) {
    const z = 1 - short;
    return ((e / (e + 1)) * (1 - z ** (e + 1)) - z * (1 - z ** e)) / short;
  }
  let sum = 0;
  let binomial = 1;
  for (let n = 0; n < 14; n++) {
    sum += binomial / ((n + 1) * (n + 2));
    binomial *= (-short * (e - 1 - n)) / (n + 1);
  }
  return e * short * sum;
}

/** Coefficients of the step between two values of the solver clock. */
export function exponentialStep(
  from: number,
  to: number,
  eta: number,
  schedule: CompiledSchedule,
): ExponentialStep {
  const h = to - from;
  const e = 1 + eta * eta;
  // w may jump at a node: look at it from inside the step.
  const inside = 1e-9 * h;
  const endVariance = Math.exp(-to);
  return {
    variance: Math.exp(-from),
    endVariance,
    decay: Math.exp((-e * h) / 2),
    gain: -Math.expm1((-e * h) / 2),
    endGain: endWeight(-Math.expm1(-h / 2), e),
    noise: eta === 0 ? 0 : Math.sqrt(endVariance * -Math.expm1(-eta * eta * h)),
    w: schedule.coefficient(from + inside),
    endW: schedule.coefficient(to - inside),
  };
}

/** Steps between consecutive nodes of a time grid. */
export function exponentialSteps(
  nodes: Float64Array,
  eta: number,
  schedule: CompiledSchedule,
): ExponentialStep[] {
  const steps: ExponentialStep[] = [];
  for (let i = 1; i < nodes.length; i++) {
    steps.push(exponentialStep(nodes[i - 1]!, nodes[i]!, eta, schedule));
  }
  return steps;
}
