import { ParameterError, requireChoice, requireFinite, requireMembers } from '../../numerics/checks.ts';
import { stepSequence } from '../../sampler/sequence.ts';
import type { StepCoefficients } from '../../sampler/step.ts';
import { explicitGrid, type TimeGrid } from '../grids/timeGrid.ts';
import {
  explicitClassCount,
  resolveParticleOptions,
  type ParticleOptions,
  type ParticleProblem,
} from '../problem/problem.ts';
import { withSpeciationZone } from '../grids/speciationZone.ts';
import { resolveProblem, type ResolvedProblem } from '../problem/resolved.ts';

/** Explicit classes (full), all but one averaged (reduced), or two classes exactly in their plane (two-class). */
export const simulationModes = ['full', 'reduced', 'two-class'] as const;

/** One of {@link simulationModes}. */
export type SimulationMode = (typeof simulationModes)[number];

/** A particle simulation that has been checked and worked out once: all of its ranges run by it. */
export interface SimulationPlan extends ResolvedProblem {
  readonly mode: SimulationMode;
  /** Resolved options. */
  readonly options: ParticleOptions;
  /** Overlap mu_c.mu_o/d of the centres of a two-class simulation, in [-1, 1); others take no notice. */
  readonly centreOverlap: number;
  /** Time grid of the mode: in a reduced simulation with small steps where the particles speciate. */
  readonly grid: TimeGrid;
  /** Coefficients of the steps between the nodes of the grid. */
  readonly steps: readonly StepCoefficients[];
}

/**
 * Plan of a particle simulation; choosing its time steps may take a pilot. The simulation can be run in parts: planTasks cuts it
 * into ranges, runRange runs one, mergeTasks puts them together.
 * @param centreOverlap overlap of the centres of a two-class simulation
 * @throws ParameterError for an unknown key, a parameter outside its domain, or a problem that the mode cannot simulate
 * @throws NumericalFailure if the tolerance cannot be reached
 */
export function planSimulation(
  problem: ParticleProblem,
  mode: SimulationMode,
  options: Partial<ParticleOptions> = {},
  centreOverlap = -1,
): SimulationPlan {
  const resolvedOptions = resolveParticleOptions(options);
  const resolved = resolveProblem(problem);
  requireChoice('mode', mode, simulationModes);
  return planResolved(resolved, mode, resolvedOptions, centreOverlap);
}

/** {@link planSimulation} of a problem and options that have been checked. */
export function planResolved(
  resolved: ResolvedProblem,
  mode: SimulationMode,
  options: ParticleOptions,
  centreOverlap = -1,
): SimulationPlan {
  if (mode === 'full') explicitClassCount(resolved.problem);
  if (mode === 'two-class') requireTwoClasses(resolved.problem, centreOverlap);
  const explicit = explicitGrid(resolved, options);
  const grid = mode === 'reduced' ? withSpeciationZone(resolved, options, explicit) : explicit;
  return planOnGrid(resolved, mode, options, grid, centreOverlap);
}

/**
 * Plan on a time grid that is known already. A grid is plain data: a pilot runs once, however many threads there are.
 * @param grid of the same problem, mode and options
 */
export function planOnGrid(
  resolved: ResolvedProblem,
  mode: SimulationMode,
  options: ParticleOptions,
  grid: TimeGrid,
  centreOverlap = -1,
): SimulationPlan {
  const steps = stepSequence(resolved.problem, options.method, grid.nodes);
  return { ...resolved, mode, options, centreOverlap, grid, steps };
}

/** Throws ParameterError unless the value has the parts of a plan. */
export function requirePlan(plan: SimulationPlan): void {
  requireMembers('plan', plan, { problem: 'object', options: 'object', grid: 'object', steps: 'list' });
}

/** Forms that read the difference of the scores alone: the others read or mix in y, which this simulation does not follow in all directions. */
const twoClassForms: readonly string[] = ['linear', 'power', 'nonlinear', 'feedback'];

/** Throws ParameterError unless a problem that has been checked can be simulated by runTwoClassRange. */
function requireTwoClasses(problem: ParticleProblem, centreOverlap: number): void {
  if (problem.classifier !== undefined) {
    const condition = 'absent in a two-class simulation';
    throw new ParameterError('classifier', condition, problem.classifier, 'use the full simulation');
  }
  const kind = problem.form?.kind ?? 'linear';
  if (!twoClassForms.includes(kind)) {
    throw new ParameterError(
      'form',
      `one of ${twoClassForms.join(', ')} in a two-class simulation`,
      kind,
      'use the full simulation',
    );
  }
  if (problem.classes !== 2) {
    throw new ParameterError(
      'classes',
      '2 in a two-class simulation',
      problem.classes ?? `exp(${problem.logClasses})`,
      'use the full or the reduced simulation',
    );
  }
  if (problem.guidedClass !== 'typical') {
    throw new ParameterError('guidedClass', '"typical" in a two-class simulation', problem.guidedClass);
  }
  requireFinite('centreOverlap', centreOverlap);
  if (centreOverlap < -1 || centreOverlap >= 1) {
    throw new ParameterError('centreOverlap', 'in [-1, 1)', centreOverlap);
  }
}
