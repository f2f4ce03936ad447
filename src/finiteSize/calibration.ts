import { neutralTemperature } from '../closedForms/miscalibrated.ts';
import {
  solveMiscalibrated,
  type DecisionCrossing,
  type MiscalibratedSolution,
} from '../meanfield/calibration/solve.ts';
import type { GuidedProblem } from '../problem/physics.ts';
import { requireInteger, requireList, requireMembers, requirePositive } from '../numerics/checks.ts';
import type { ParticleResult } from '../particles/tasks.ts';

/** Particles that a classifier of one temperature guides. */
export interface SimulatedCalibration {
  readonly m: number;
  readonly mError: number | null;
  readonly v: number;
  readonly vError: number | null;
}

/** A classifier of one temperature in the mean field and, if it was simulated, in particles: ready for a table. */
export interface CalibrationRow extends Pick<
  MiscalibratedSolution,
  'phase' | 'speciationTime' | 'classifierSpeciationTime' | 'slidingSpan' | 'minComplexity' | 'staticClosure'
> {
  readonly family: 'temperature';
  /** T - 1, as in the family of that name. */
  readonly parameter: number;
  readonly temperature: number;
  readonly bias: number;
  /** Null where the classes condense. */
  readonly m: number | null;
  readonly v: number | null;
  readonly varianceRatio: number | null;
  readonly crossings: readonly Omit<DecisionCrossing, 'clock'>[];
  readonly simulated: SimulatedCalibration | null;
}

/** Row of a solution. */
export function calibrationRow(
  solution: MiscalibratedSolution,
  simulated: SimulatedCalibration | null,
): CalibrationRow {
  const { classifier, final, problem, crossings, staticClosure } = solution;
  return {
    family: 'temperature',
    parameter: classifier.temperature - 1,
    temperature: classifier.temperature,
    bias: classifier.bias,
    m: final?.m ?? null,
    v: final?.v ?? null,
    varianceRatio: final === null ? null : final.v / problem.sigma2,
    phase: solution.phase,
    speciationTime: solution.speciationTime,
    classifierSpeciationTime: solution.classifierSpeciationTime,
    slidingSpan: solution.slidingSpan,
    minComplexity: solution.minComplexity,
    crossings: crossings.map(({ time, decision, kind, m, q }) => ({ time, decision, kind, m, q })),
    staticClosure,
    simulated,
  };
}

/** The observables of {@link CalibrationRow} in a simulation. */
export function simulatedCalibration(result: Pick<ParticleResult, 'm' | 'v'>): SimulatedCalibration {
  requireMembers('result', result, { m: 'object', v: 'object' });
  const { m, v } = result;
  return { m: m.mean, mError: m.standardError, v: v.mean, vError: v.standardError };
}

/**
 * The mean field at each of some temperatures of the classifier's logits ({@link solveMiscalibrated}).
 * @throws ParameterError for a temperature that is not > 0; NumericalFailure
 */
export function solveTemperatures(
  problem: GuidedProblem,
  temperatures: readonly number[],
  bias: number,
): MiscalibratedSolution[] {
  requireList('temperatures', temperatures, requirePositive);
  return temperatures.map((temperature) => solveMiscalibrated(problem, { temperature, bias }));
}

/** Temperatures of a line through some temperatures: `count` that are even in the logarithm, and those themselves. */
export function temperatureLine(temperatures: readonly number[], count = 61): number[] {
  requireList('temperatures', temperatures, requirePositive);
  requireInteger('count', count, 2);
  const lo = Math.min(...temperatures);
  const hi = Math.max(...temperatures);
  const even = Array.from({ length: count }, (_, i) => lo * (hi / lo) ** (i / (count - 1)));
  return [...new Set([...even, ...temperatures])].sort((p, q) => p - q);
}

/**
 * Temperature at which infinitely many classes keep their variance ({@link neutralTemperature}); null where there is no closed form
 * for it: w that varies or is not above -1, a bias, centres on a sphere, or a start at a finite time.
 */
export function neutralTemperatureOf(
  {
    sampler,
    sigma2,
    ensemble,
    startTime,
  }: Pick<GuidedProblem, 'sampler' | 'sigma2' | 'ensemble' | 'startTime'>,
  w: number | null,
  bias: number,
): number | null {
  const isKnown =
    w !== null && w > -1 && bias === 0 && ensemble === 'gaussian' && (startTime ?? null) === null;
  return isKnown ? neutralTemperature(w, sigma2, sampler) : null;
}
