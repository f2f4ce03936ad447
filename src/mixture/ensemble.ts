/**
 * Ensembles of class centres mu_k with |mu_k|^2/d -> 1: `gaussian`, i.i.d. N(0, I); `spherical`, uniform on the sphere
 * |mu|^2 = d.
 */
export const ensembles = ['gaussian', 'spherical'] as const;

/** Name of an ensemble of class centres. */
export type ClassEnsemble = (typeof ensembles)[number];
