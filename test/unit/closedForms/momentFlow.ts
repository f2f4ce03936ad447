/**
 * Direct integration of the moment equations behind the closed forms, by classical Runge-Kutta steps in
 * lambda = log(a^2/Gamma): dM/dlambda = (e/2)[(1+w)(1-M) + w M r], dV/dlambda = -(e-1)(V-1) - e w (1-r) V,
 * r = 1/(1+e^lambda).
 */
export function integrateMoments(
  eta: number,
  w: number,
  from: { clock: number; overlap: number; variance: number },
  to: number,
  steps: number,
): { overlap: number; variance: number } {
  const e = 1 + eta * eta;
  const slope = (clock: number, m: number, v: number): [number, number] => {
    const r = 1 / (1 + Math.exp(clock));
    const share = 1 / (1 + Math.exp(-clock));
    return [0.5 * e * ((1 + w) * (1 - m) + w * m * r), -(e - 1) * (v - 1) - e * w * share * v];
  };
  const h = (to - from.clock) / steps;
  let { overlap: m, variance: v } = from;
  for (let i = 0; i < steps; i++) {
    const clock = from.clock + i * h;
    const [m1, v1] = slope(clock, m, v);
    const [m2, v2] = slope(clock + h / 2, m + (h / 2) * m1, v + (h / 2) * v1);
    const [m3, v3] = slope(clock + h / 2, m + (h / 2) * m2, v + (h / 2) * v2);
    const [m4, v4] = slope(clock + h, m + h * m3, v + h * v3);
    m += (h / 6) * (m1 + 2 * m2 + 2 * m3 + m4);
    v += (h / 6) * (v1 + 2 * v2 + 2 * v3 + v4);
  }
  return { overlap: m, variance: v };
}

/** Start of the regular solution: M = (1+w)(1 - e w/(2+e) s), V = 1 - w s at s = 1 - r = 2e-9; the rest is of order s^2. */
export function regularStart(eta: number, w: number): { clock: number; overlap: number; variance: number } {
  const clock = -20;
  const share = 1 / (1 + Math.exp(-clock));
  const e = 1 + eta * eta;
  return { clock, overlap: (1 + w) * (1 - ((e * w) / (2 + e)) * share), variance: 1 - w * share };
}

/** |x/y - 1|. */
export function relativeError(x: number, y: number): number {
  return Math.abs(x / y - 1);
}
