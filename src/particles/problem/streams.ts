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
/** Initial state and noise of the two-class reduction. */
export const twoClassStartStream = 6;
export const twoClassNoiseStream = 7;
/** Initial state and noise of the pilot that chooses time steps, under a separate seed. */
export const pilotStartStream = 8;
export const pilotNoiseStream = 9;
/** Initial state and noise of the guidance of a Gaussian by a Gaussian. */
export const gaussianPairStartStream = 10;
export const gaussianPairNoiseStream = 11;
/** Classes of a class law: normals of centres, and what is drawn with uniform variates. */
export const lawNormalStream = 12;
export const lawUniformStream = 13;
