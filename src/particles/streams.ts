/**
 * Tags of the random streams of the particle simulations (numerics/random.ts); 1 is the class centres'
 * (mixture/centres.ts). Addresses are (realisation, particle, step), so that no draw depends on how the work
 * is split.
 */
export const startStream = 2;
/** Noise increments of explicit particles, d per step. */
export const noiseStream = 3;
/** Initial state of reduced particles. */
export const reducedStartStream = 4;
/** Noise increments of reduced particles: two normals and a chi-square per step. */
export const reducedNoiseStream = 5;
