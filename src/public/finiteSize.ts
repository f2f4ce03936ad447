/**
 * Theory at a finite dimension, and the fits that take simulations to d -> infinity: corrections in 1/d
 * ({@link smoothedMeanField}, {@link finiteSizeCoefficients}), by the disorder of the classes ({@link disorderCorrection}), a map of
 * both ({@link validityMap}); extrapolation ({@link fitInverseDimension}), exponents ({@link fitPowerLaw}), crossings
 * ({@link crossingPoints}), data collapse ({@link fitCollapse}); tables of theory and particles ({@link theoryRows}).
 */

export {
  smoothedMeanField,
  type SmoothedMethod,
  type SmoothedOptions,
  type SmoothedSolution,
} from '../finiteSize/smoothed/smoothedMeanField.ts';
export {
  finiteSizeCoefficients,
  type FiniteSizeCoefficient,
  type FiniteSizeCoefficients,
} from '../finiteSize/smoothed/finiteSize.ts';
export {
  disorderCorrection,
  type DisorderCorrection,
  type DisorderOptions,
} from '../finiteSize/disorder/correction.ts';
export { disorderRate, type DisorderRate } from '../finiteSize/disorder/rate.ts';
export { deviation, particleRows, theoryRows } from '../finiteSize/compare.ts';
export type { ComparedObservable, ComparisonRow } from '../finiteSize/table.ts';
export { validityMap } from '../finiteSize/validity.ts';
export {
  measureDisorderShift,
  type DisorderShift,
  type MeasuredOrderParameters,
} from '../finiteSize/disorderShift.ts';
export { fitInverseDimension } from '../numerics/fits/inverseDimensionFit.ts';
export { fitPowerLaw } from '../numerics/fits/exponentFit.ts';
export { crossingPoints } from '../numerics/fits/crossingPoint.ts';
export { fitCollapse } from '../numerics/fits/collapse.ts';
