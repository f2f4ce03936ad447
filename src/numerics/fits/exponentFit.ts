import {
  NumericalFailure,
  ParameterError,
  requireInteger,
  requireList,
  requireObject,
  requirePositive,
} from '../checks.ts';
import { parametricBootstrap, type BootstrapEstimate, type BootstrapOptions } from '../bootstrap.ts';
import { linearFit, type LinearFit } from './linearFit.ts';
import { nonlinearFit } from './nonlinearFit.ts';

/** A positive quantity measured at x. */
export interface PowerPoint {
  /** > 0 */
  readonly x: number;
  /** > 0 */
  readonly value: number;
  readonly standardError: number;
}

/** A power law y = A x^p fitted to data. */
export interface PowerLawFit {
  /** p. */
  readonly exponent: number;
  /** Standard error of p from the errors of the data, in the linearised model. */
  readonly standardError: number;
  /** p with its bootstrap interval: every value drawn anew within its error, and all fitted again. */
  readonly bootstrap: BootstrapEstimate;
  /** log A and its standard error. */
  readonly logAmplitude: { readonly value: number; readonly standardError: number };
  /** B of the leading correction 1 + B x^q and its standard error; null in a pure power law. */
  readonly correction: { readonly value: number; readonly standardError: number } | null;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  /** Goodness of the fit; null without degrees of freedom. */
  readonly pValue: number | null;
}

/** Exponent between two successive points. */
export interface LocalExponent {
  /** Geometric mean of their x. */
  readonly x: number;
  readonly exponent: number;
  /** Standard error; successive exponents share a point, so their errors are correlated (negatively). */
  readonly standardError: number;
}

/**
 * Power law y = A x^p by the weighted linear fit of log y against log x, with errors s/y of the logarithms. The logarithm
 * biases by s^2/(2 y^2): the errors must be small against the values, a tenth or less.
 * @param points independent, at least 2, values > 0
 * @param options of the bootstrap
 * @throws ParameterError for inadmissible points or options; NumericalFailure if all x are equal
 */
export function fitPowerLaw(
  points: readonly PowerPoint[],
  options: Partial<BootstrapOptions> = {},
): PowerLawFit {
  checkPoints(points, 2);
  const design = points.map(({ x }) => [1, Math.log(x)]);
  return assemble(points, options, (values, errors) => linearFit(design, values, errors), false);
}

/**
 * Power law with its leading correction, y = A x^p (1 + B x^q) for a given q > 0 (eq. leading-correction): the exponent for
 * x -> 0, by a nonlinear fit of the logarithms that starts from the pure power law.
 * @param points independent, at least 3, values > 0
 * @param correctionExponent q > 0
 * @param options of the bootstrap
 * @throws ParameterError for inadmissible points or options; NumericalFailure if the points cannot tell p from B
 */
export function fitCorrectedPowerLaw(
  points: readonly PowerPoint[],
  correctionExponent: number,
  options: Partial<BootstrapOptions> = {},
): PowerLawFit {
  checkPoints(points, 3);
  requirePositive('correctionExponent', correctionExponent);
  // In units of the largest x, so that B is of the order of the correction itself while it is fitted.
  const largest = Math.max(...points.map(({ x }) => x));
  const logs = points.map(({ x }) => Math.log(x / largest));
  const powers = logs.map((log) => Math.exp(correctionExponent * log));
  const model = (parameters: readonly number[]) => {
    const [logAmplitude, exponent, correction] = parameters as [number, number, number];
    const factors = powers.map((power) => 1 + correction * power);
    if (factors.some((factor) => !(factor > 0))) return null;
    return {
      values: logs.map((log, i) => logAmplitude + exponent * log + Math.log(factors[i]!)),
      jacobian: logs.map((log, i) => [1, log, powers[i]! / factors[i]!]),
    };
  };
  const design = logs.map((log) => [1, log]);
  const fit = (values: readonly number[], errors: readonly number[]): LinearFit => {
    const start = linearFit(design, values, errors).coefficients;
    const found = nonlinearFit(model, [...start, 0], values, errors);
    const [logAmplitude, exponent, correction] = found.coefficients as [number, number, number];
    const scale = largest ** -correctionExponent;
    // log A at x = 1; its error from the covariance of log A at the largest x with the exponent.
    const shift = Math.log(largest);
    const [[own, mixed], [, other]] = found.covariance as unknown as [[number, number], [number, number]];
    return {
      ...found,
      coefficients: [logAmplitude - exponent * shift, exponent, correction * scale],
      standardErrors: [
        Math.sqrt(own - 2 * shift * mixed + shift * shift * other),
        found.standardErrors[1]!,
        found.standardErrors[2]! * scale,
      ],
    };
  };
  return assemble(points, options, fit, true);
}

/**
 * Exponents log(y_2/y_1)/log(x_2/x_1) between successive points, which show whether and how the exponent drifts.
 * @param points at least 2, by increasing x, values > 0
 * @throws ParameterError for inadmissible points
 */
export function localExponents(points: readonly PowerPoint[]): LocalExponent[] {
  checkPoints(points, 2);
  return points.slice(1).map((right, i) => {
    const left = points[i]!;
    if (!(right.x > left.x)) throw new ParameterError('points', 'in the order of increasing x', right.x);
    const distance = Math.log(right.x / left.x);
    const error = Math.hypot(left.standardError / left.value, right.standardError / right.value);
    return {
      x: Math.sqrt(left.x * right.x),
      exponent: Math.log(right.value / left.value) / distance,
      standardError: error / distance,
    };
  });
}

function assemble(
  points: readonly PowerPoint[],
  options: Partial<BootstrapOptions>,
  fit: (logValues: readonly number[], logErrors: readonly number[]) => LinearFit,
  corrected: boolean,
): PowerLawFit {
  const fitValues = (values: readonly number[]) =>
    fit(
      values.map(Math.log),
      points.map(({ standardError }, i) => standardError / values[i]!),
    );
  const best = fitValues(points.map(({ value }) => value));
  const { statistics } = parametricBootstrap(
    [best.coefficients[1]!],
    (stream) => {
      const values = points.map(({ value, standardError }) => value + standardError * stream.nextNormal());
      if (values.some((value) => !(value > 0))) return [NaN];
      return [orNaN(() => fitValues(values).coefficients[1]!)];
    },
    options,
  );
  const term = (index: number) => ({
    value: best.coefficients[index]!,
    standardError: best.standardErrors[index]!,
  });
  return {
    exponent: best.coefficients[1]!,
    standardError: best.standardErrors[1]!,
    bootstrap: statistics[0]!,
    logAmplitude: term(0),
    correction: corrected ? term(2) : null,
    chiSquare: best.chiSquare,
    degreesOfFreedom: best.degreesOfFreedom,
    pValue: best.pValue,
  };
}

function checkPoints(points: readonly PowerPoint[], least: number): void {
  requireList('points', points, requireObject);
  requireInteger('points.length', points.length, least);
  points.forEach(({ x, value, standardError }, i) => {
    requirePositive(`points[${i}].x`, x);
    requirePositive(`points[${i}].value`, value);
    requirePositive(`points[${i}].standardError`, standardError);
  });
}

/** The value of f, NaN where it fails numerically: one replicate without a fit. */
function orNaN(f: () => number): number {
  try {
    return f();
  } catch (error) {
    if (error instanceof NumericalFailure) return NaN;
    throw error;
  }
}
