/**
 * The competing classes as a random energy model, gaussian ensemble (eqs. phi-gaussian, condensed-gaussian;
 * docs/theory/potential.md).
 *
 * Everything is written in invariants: E = a^2/Gamma (class signal-to-noise), r = Gamma/D = 1/(1 + E), s = 1 - r,
 * and the self-overlap relative to the total variance Q = q/D. Free energies have the constant -1/2 - (1/2) log(2
 * pi Gamma) removed, so that at the start of sampling (s -> 0, Q -> 1) every term is O(s) and nothing cancels.
 */

/** Complexity Sigma = alpha - (s Q - s - log r)/2 of the classes that dominate at self-overlap Q = q/D (eq. complexity-gaussian). */
export function gaussianComplexity(alpha: number, E: number, Q: number): number {
  const s = E / (1 + E);
  return alpha - 0.5 * (s * (Q - 1) + Math.log1p(E));
}

/** Uncondensed free energy phi = alpha + (log r - Q)/2, plus the common constant 1/2. @param Q self-overlap q/D */
export function gaussianFreeEnergy(alpha: number, E: number, Q: number): number {
  return alpha - 0.5 * (Math.log1p(E) + (Q - 1));
}

/**
 * Condensed branch: the x >= 1 with
 *   alpha = (kappa/(x+E))^2/2 + (x/(x+E) - 1 - log(x/(x+E)))/2,  kappa^2 = E Q/r  (eq. condensed-gaussian).
 * x is the freezing temperature of the random energy model relative to the true one (it is frozen where x > 1);
 * x = 1 is the uncondensed branch. The right-hand side is decreasing and convex in x, so that Newton's method from
 * x = 1 converges from below. For alpha -> 0, x -> infinity.
 */
export function gaussianCondensedRoot(alpha: number, E: number, Q: number): number {
  const kappa2 = E * Q * (1 + E);
  let x = 1;
  for (let iteration = 0; iteration < 200; iteration++) {
    const y = x + E;
    const excess = 0.5 * (kappa2 / (y * y) - E / y + Math.log1p(E / x)) - alpha;
    if (excess <= 0) return x;
    const slope = -kappa2 / (y * y * y) - (0.5 * E * E) / (x * y * y);
    const step = -excess / slope;
    x += step;
    if (step <= 1e-15 * x) return x;
  }
  return x;
}

/** Free energy of the condensed branch at its root x, plus the common constant 1/2 (eq. condensed-gaussian). */
export function gaussianCondensedFreeEnergy(x: number, E: number, Q: number): number {
  // -(q - 2 a sqrt(q) u + a^2 (u^2 + rho))/(2 Gamma) with u = kappa/(x+E), rho = x/(x+E), kappa^2 = E Q (1+E).
  const kappa2 = E * Q * (1 + E);
  const y = x + E;
  return 0.5 - 0.5 * (Q * (1 + E) - (2 * kappa2) / y + E * (kappa2 / (y * y) + x / y));
}
