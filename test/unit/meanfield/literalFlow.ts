import { DormandPrince } from '../../../src/numerics/ode/dormandPrince.ts';
import type { ForwardProcess } from '../../../src/process/process.ts';

/**
 * The order-parameter equations as they stand in the theory, in a process's own time, variables (m, q) and
 * coefficients:
 *   dm/dtau = -f m + (e/2) g^2 [A (a - m)/Gamma + B g_u m],
 *   dq/dtau = -2 f q + e g^2 [A (a m - q)/Gamma + B g_u q] + eta^2 g^2,
 * with A = 1 + w, B = -w while phi > psi and A = 1, B = 0 after. Written apart from the solver: no invariant state,
 * no invariant clock.
 */
export function literalFlow(
  process: ForwardProcess,
  ensemble: 'gaussian' | 'spherical',
  {
    alpha,
    w,
    sigma2,
    eta,
    startTime,
  }: { alpha: number; w: number; sigma2: number; eta: number; startTime: number },
): { m: number; v: number; transitionTime: number | null } {
  const e = 1 + eta * eta;
  const variances = (time: number) => {
    const a = process.signalScale(time);
    const Gamma = a * a * sigma2 + process.noiseVariance(time);
    return { a, Gamma, D: Gamma + a * a };
  };
  const unconditional = (time: number, q: number) => {
    const { a, Gamma, D } = variances(time);
    if (ensemble === 'gaussian') {
      return { phi: alpha + 0.5 * Math.log(Gamma / D) - q / (2 * D), pull: -1 / D };
    }
    const kappa = (a * Math.sqrt(q)) / Gamma;
    const u = (Math.sqrt(1 + 4 * kappa * kappa) - 1) / (2 * kappa);
    const phi = alpha + 0.5 * Math.log(1 - u * u) - (q + a * a) / (2 * Gamma) + kappa * u;
    return { phi, pull: ((a * u) / Math.sqrt(q) - 1) / Gamma };
  };
  const gap = (time: number, y: Float64Array) => {
    const { a, Gamma } = variances(time);
    return -(y[1]! - 2 * a * y[0]! + a * a) / (2 * Gamma) - unconditional(time, y[1]!).phi;
  };
  // The integrator runs forward in s = startTime - time.
  const field = (guidance: number) => (s: number, y: Float64Array, out: Float64Array) => {
    const time = startTime - s;
    const { a, Gamma } = variances(time);
    const f = process.driftRate(time);
    const g2 = process.squaredDiffusion(time);
    const { pull } = unconditional(time, y[1]!);
    const A = 1 + guidance;
    const [m, q] = [y[0]!, y[1]!];
    out[0] = -f * m + 0.5 * e * g2 * ((A * (a - m)) / Gamma - guidance * pull * m);
    out[1] = -2 * f * q + e * g2 * ((A * (a * m - q)) / Gamma - guidance * pull * q) + eta * eta * g2;
  };
  const { a, Gamma, D } = variances(startTime);
  // The regular solution at small s = a^2/D to first order; the error is O(s^2).
  const s0 = (a * a) / D;
  const m0 = a * (1 + w - ((e * w * (1 + w)) / (2 + e)) * s0);
  const solver = new DormandPrince(2, { relativeTolerance: 1e-12, absoluteTolerance: 1e-14 });
  const y = Float64Array.of(m0, Gamma * (1 - w * s0) + m0 * m0);
  solver.restart(field(w), 0, y);
  let transitionTime: number | null = null;
  while (solver.time < startTime) {
    if (solver.advance(startTime) !== 'ok') throw new Error('the literal flow failed');
    if (transitionTime === null && gap(startTime - solver.time, solver.state) > 0) {
      let lo = solver.stepStart;
      let hi = solver.time;
      for (let i = 0; i < 100 && hi - lo > 1e-15 * hi; i++) {
        const middle = 0.5 * (lo + hi);
        solver.within(middle, y);
        if (gap(startTime - middle, y) > 0) hi = middle;
        else lo = middle;
      }
      solver.within(hi, y);
      transitionTime = startTime - hi;
      solver.restart(field(0), hi, y, 1e-3 * hi);
    }
  }
  const m = solver.state[0]!;
  return { m, v: solver.state[1]! - m * m, transitionTime };
}
