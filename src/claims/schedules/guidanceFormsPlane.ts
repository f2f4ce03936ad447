import { probabilityFlow, type Sampler } from '../../guidance/sampler.ts';
import { claimSigma2 } from '../protocol/requests.ts';

/** Guidance of the claim. */
export const planeGuidance = 1.5;
/** Start of the comparison in Ornstein-Uhlenbeck time: N(0, I), nothing of the class in it. */
export const planeStart = 5;

/** A vector in units of sqrt(d): along mu_c, and across it. */
type Plane = readonly [along: number, across: number];
/** Guided score in the frame y = x/a at noise-to-signal variance tau. */
type PlaneScore = (y: Plane, tau: number) => Plane;

const dot = (p: Plane, q: Plane) => p[0] * q[0] + p[1] * q[1];
const combine = (p: Plane, factor: number, q: Plane): Plane => [p[0] + factor * q[0], p[1] + factor * q[1]];
const scaled = (factor: number, p: Plane): Plane => [factor * p[0], factor * p[1]];

/** s_c = (mu_c - y)/(sigma2 + tau), and s_u = -y/(1 + sigma2 + tau) of infinitely many classes around 0. */
function scores(y: Plane, tau: number): readonly [ofClass: Plane, ofAll: Plane] {
  return [scaled(1 / (claimSigma2 + tau), combine([1, 0], -1, y)), scaled(-1 / (1 + claimSigma2 + tau), y)];
}

/** CFG-Zero* (arXiv 2503.18886) on noise: (1 + w) s_c - w s* s_u, s* = s_c.s_u/|s_u|^2. */
export const zeroStarScore: PlaneScore = (y, tau) => {
  const [ofClass, ofAll] = scores(y, tau);
  const share = dot(ofClass, ofAll) / dot(ofAll, ofAll);
  return combine(scaled(1 + planeGuidance, ofClass), -planeGuidance * share, ofAll);
};

/** Projected guidance (arXiv 2410.02416): the part of X_c - X_u = tau (s_c - s_u) across the denoised X_c = y + tau s_c. */
export const projectedScore: PlaneScore = (y, tau) => {
  const [ofClass, ofAll] = scores(y, tau);
  const difference = combine(ofClass, -1, ofAll);
  const denoised = combine(y, tau, ofClass);
  const across = combine(difference, -dot(difference, denoised) / dot(denoised, denoised), denoised);
  return combine(ofClass, planeGuidance, across);
};

const steps = 2000;

/**
 * Where dy = -(e/2) s dtau + eta dB ends, e = 1 + eta^2, by the classical Runge-Kutta method on log(sigma2 + tau): 1e-9. For d -> infinity
 * the noise lengthens the part across and does nothing else: d|across|^2 = -eta^2 dtau on the way down.
 */
export function planeEnd(score: PlaneScore, { eta }: Sampler = probabilityFlow): Plane {
  const first = Math.log(claimSigma2 + Math.expm1(2 * planeStart));
  const step = (Math.log(claimSigma2) - first) / steps;
  const slope = (y: Plane, clock: number): Plane => {
    const gamma = Math.exp(clock);
    const drift = scaled(-0.5 * (1 + eta * eta) * gamma, score(y, gamma - claimSigma2));
    return combine(drift, -(eta * eta * gamma) / (2 * y[1]), [0, 1]);
  };
  let y: Plane = [0, Math.exp(planeStart)];
  for (let n = 0; n < steps; n++) {
    const at = first + n * step;
    const k1 = slope(y, at);
    const k2 = slope(combine(y, 0.5 * step, k1), at + 0.5 * step);
    const k3 = slope(combine(y, 0.5 * step, k2), at + 0.5 * step);
    const k4 = slope(combine(y, step, k3), at + step);
    y = combine(y, step / 6, combine(combine(k1, 2, k2), 1, combine(scaled(2, k3), 1, k4)));
  }
  return y;
}
