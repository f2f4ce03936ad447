/**
 * The competing classes as a random energy model, spherical ensemble |mu|^2 = d (eqs. phi-spherical, condensed-spherical;
 * docs/theory/potential.md). Written in the invariants of gaussian.ts, with the same constant removed:
 * E = a^2/Gamma, Q = q/D, kappa^2 = a^2 q/Gamma^2 = E Q (1 + E), and the overlap u of x/|x| with the centres that dominate.
 */

/** sqrt(1 + 4 kappa^2), from which u = 2 kappa/(1 + S) and 1 - u^2 = 2/(1 + S). */
function sphericalRoot(E: number, Q: number): number {
  return Math.sqrt(1 + 4 * E * Q * (1 + E));
}

/** Complexity Sigma = alpha + log(1 - u^2)/2 of the classes that dominate (eq. complexity-spherical). */
export function sphericalComplexity(alpha: number, E: number, Q: number): number {
  const S = sphericalRoot(E, Q);
  return alpha - 0.5 * Math.log1p((S - 1) / 2);
}

/** Uncondensed free energy phi = Sigma - (q + a^2)/(2 Gamma) + kappa u, plus the common constant 1/2 (eq. phi-spherical). */
export function sphericalFreeEnergy(alpha: number, E: number, Q: number): number {
  const kappa2 = E * Q * (1 + E);
  const S = Math.sqrt(1 + 4 * kappa2);
  // kappa u = 2 kappa^2/(1 + S)
  return (
    alpha - 0.5 * Math.log1p((2 * kappa2) / (1 + S)) + (2 * kappa2) / (1 + S) - 0.5 * (E + Q * (1 + E) - 1)
  );
}

/** Free energy with the overlap frozen at u = sqrt(1 - e^(-2 alpha)), plus the common constant 1/2 (eq. condensed-spherical). */
export function sphericalCondensedFreeEnergy(alpha: number, E: number, Q: number): number {
  const kappa = Math.sqrt(E * Q * (1 + E));
  const u = Math.sqrt(-Math.expm1(-2 * alpha));
  return kappa * u - 0.5 * (E + Q * (1 + E) - 1);
}

/** Shrinkage g with Gamma s_u = -g x on the uncondensed branch: g = 1 - 2 E/(1 + S). */
export function sphericalShrinkage(E: number, Q: number): number {
  return 1 - (2 * E) / (1 + sphericalRoot(E, Q));
}

/** Shrinkage g with Gamma s_u = -g x on the condensed branch: g = 1 - u E/kappa. */
export function sphericalCondensedShrinkage(alpha: number, E: number, Q: number): number {
  const u = Math.sqrt(-Math.expm1(-2 * alpha));
  return 1 - (u * E) / Math.sqrt(E * Q * (1 + E));
}
