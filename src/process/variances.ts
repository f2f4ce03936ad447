/**
 * Variances of x_t and the clocks that depend on them.
 *
 * Gamma = a^2 sigma2 + b^2 is the variance per coordinate inside a class, D = Gamma + a^2 over all classes. In the
 * frame x/a they read sigma2 + tau and sigma2 + tau + 1. Two dimensionless functions of time do not depend on the
 * process at all (eq. class-snr, docs/theory/process.md):
 *   classSnr  a^2/Gamma = 1/(sigma2 + tau), and
 *   r         Gamma/D = 1/(1 + a^2/Gamma), the invariant clock: r -> 1 is pure noise, sigma2/(1 + sigma2) the data.
 * The solver's clock is lambda = log(a^2/Gamma): it runs from -Infinity (noise) up to log(1/sigma2) (data).
 */

/** Solver clock lambda = log(a^2/Gamma) = -log(sigma2 + tau). @param sigma2 variance inside a class, > 0 */
export function clockAtNoiseToSignal(tau: number, sigma2: number): number {
  return -Math.log(sigma2 + tau);
}

/** Noise-to-signal variance tau = e^-lambda - sigma2, never below 0. Inverse of {@link clockAtNoiseToSignal}. */
export function noiseToSignalAtClock(clock: number, sigma2: number): number {
  return noiseToSignalOfClock(sigma2)(clock);
}

/** {@link noiseToSignalAtClock} as a function of the clock alone, for many evaluations at one sigma2. */
export function noiseToSignalOfClock(sigma2: number): (clock: number) => number {
  const logVariance = Math.log(sigma2);
  // Near the data e^-lambda - sigma2 cancels; the form with expm1 keeps the relative precision of tau.
  return (clock) => Math.max(0, sigma2 * Math.expm1(-(clock + logVariance)));
}

/** Value of the solver clock at the data, log(1/sigma2). */
export function dataClock(sigma2: number): number {
  return -Math.log(sigma2);
}

/**
 * Angle theta of the solver clock, sinh(theta)^2 = e^lambda = a^2/Gamma, that is tanh(theta) = sqrt(1 - r): 0 at infinite noise. The
 * dynamics is smooth in it from there to the data, and early on m moves by w dtheta.
 */
export function angleAtClock(clock: number): number {
  return Math.asinh(Math.exp(clock / 2));
}

/** Solver clock at an angle >= 0, log(sinh(theta)^2). Inverse of {@link angleAtClock}. */
export function clockAtAngle(angle: number): number {
  return 2 * Math.log(Math.sinh(angle));
}

/** Invariant clock r = Gamma/D = 1/(1 + e^lambda), in (0, 1). */
export function invariantRatio(clock: number): number {
  return 1 / (1 + Math.exp(clock));
}

/** 1 - r = a^2/D = 1/(1 + e^-lambda): the share of the class centres in the variance, without cancellation near noise. */
export function signalShare(clock: number): number {
  return 1 / (1 + Math.exp(-clock));
}

/** Solver clock at a given r: log((1 - r)/r). */
export function clockAtInvariantRatio(r: number): number {
  return Math.log1p(-r) - Math.log(r);
}

/** Variance inside a class at signal scale a and noise variance b^2: Gamma = a^2 sigma2 + b^2. */
export function withinClassVariance(signalScale: number, noiseVariance: number, sigma2: number): number {
  return signalScale * signalScale * sigma2 + noiseVariance;
}
