/**
 * Structured classes: bands of coordinates with spectra of their own, discrete and sparse centres, covariances that differ from class to class,
 * hierarchies. A class law is plain data, or read from text ({@link parseSpectrum}, {@link parseLevels}, {@link parseCentreLaw},
 * {@link valuesLaw}) or from a formula ({@link powerLawBands}, {@link marchenkoPasturBands}). {@link solveStructured} is the mean field,
 * {@link structuredTrajectory} its path, {@link structuredPotential} its effective potential, {@link levelTransitions} the transitions of a hierarchy;
 * {@link simulateStructured} the particles. `criticalClassRate`, `criticalLine` and `phaseDiagram` of the package take class laws too.
 */

export type {
  BandLaw,
  CentreLaw,
  ClassBand,
  ClassLaw,
  ClassLevel,
  LevelLaw,
  WeightedValue,
} from '../mixture/classLaw.ts';
export { parseCentreLaw, parseLevels, parseSpectrum, valuesLaw } from '../mixture/classLawText.ts';
export { marchenkoPasturBands, powerLawBands } from '../mixture/spectra.ts';
export type { StructuredInput, StructuredProblem } from '../problem/structured.ts';
export type {
  BandState,
  CoordinateState,
  StructuredDistortion,
  StructuredState,
} from '../meanfield/structured/model.ts';
export {
  nodeError,
  solveStructured,
  type StructuredCrossing,
  type StructuredOptions,
  type StructuredSolution,
} from '../meanfield/structured/solve.ts';
export {
  structuredPotential,
  structuredPotentialTimes,
  structuredTrajectory,
  type StructuredRow,
} from '../meanfield/structured/trajectory.ts';
export {
  coordinateDensity,
  type CoordinateDensityOptions,
  type CoordinateDensityTable,
} from '../meanfield/structured/coordinateDensity.ts';
export { levelTransitions, type LevelTransition } from '../meanfield/transition/levels.ts';
export { simulateStructured } from '../particles/structured/simulate.ts';
export type { StructuredInput as StructuredSimulation } from '../particles/structured/spec.ts';
export type { StructuredOptions as StructuredParticleOptions } from '../particles/structured/options.ts';
export type { BandEstimate, CoordinateEstimate, StructuredResult } from '../particles/structured/result.ts';
