import { requireFinite, requireNonNegative, requirePositive } from '../numerics/checks.ts';
import { integrate } from '../numerics/quadrature.ts';

/** Two classes N(1, variance) and N(-1, variance) on the line, at Ornstein-Uhlenbeck times from one to another. */
export interface PairTimes {
  readonly variance: number;
  readonly startTime: number;
  readonly endTime: number;
}

/**
 * Conditional KL of a short wave A sin(q x) on one log-probability, A^2/4 E c (1 - c), integrated over the times; to lowest order in A.
 * @throws ParameterError
 */
export function rippleKl(amplitude: number, times: PairTimes): number {
  requireFinite('amplitude', amplitude);
  return 0.25 * amplitude ** 2 * integratedAverage(times, () => 1);
}

/**
 * Conditional KL of a classifier of temperature T, (1 - 1/T)^2/2 E l^2 c (1 - c) with the log-odds l, integrated over the times; to lowest order
 * in 1 - 1/T.
 * @throws ParameterError
 */
export function temperatureKl(temperature: number, times: PairTimes): number {
  requirePositive('temperature', temperature);
  return 0.5 * (1 - 1 / temperature) ** 2 * integratedAverage(times, (logit) => logit * logit);
}

/** E g(l) c (1 - c) for even g, by quadrature over x and over the times: l = log c/(1 - c) = 2 a x/Gamma, c (1 - c) = 1/(2 + 2 cosh l). */
function integratedAverage(
  { variance, startTime, endTime }: PairTimes,
  g: (logit: number) => number,
): number {
  requirePositive('variance', variance);
  requireNonNegative('endTime', endTime);
  requirePositive('startTime', startTime);
  return integrate(
    (t) => {
      const a = Math.exp(-t);
      const gamma = a * a * variance - Math.expm1(-2 * t);
      return integrate(
        (z) => {
          // The law of x given one class; by symmetry that of |l|, and so of all even functions, is the same for both.
          const logit = (2 * a * (a + Math.sqrt(gamma) * z)) / gamma;
          const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
          return (density * g(logit)) / (2 + 2 * Math.cosh(logit));
        },
        -8,
        8,
        { relativeTolerance: 1e-6 },
      ).value;
    },
    endTime,
    startTime,
    { relativeTolerance: 1e-5 },
  ).value;
}
