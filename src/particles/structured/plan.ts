import { clockAtNoiseToSignal, noiseToSignalAtClock } from '../../process/variances.ts';
import { finiteStart } from '../../process/process.ts';
import { stepSequence } from '../../sampler/sequence.ts';
import type { StepCoefficients } from '../../sampler/step.ts';
import { angleCoordinate, clockCoordinate, evenNodes } from '../grids/evenGrid.ts';
import { requireSteppable } from '../grids/timeGrid.ts';
import type { StructuredOptions } from './options.ts';
import type { StructuredProblem } from './spec.ts';
import { withSwitches } from './switches.ts';

/** A simulation of structured classes that has been checked and worked out: all realisations run by it. */
export interface StructuredPlan {
  readonly problem: StructuredProblem;
  readonly options: StructuredOptions;
  /** Nodes on the clock -log(c_0 + tau). */
  readonly nodes: Float64Array;
  /** Noise-to-signal variance tau at the nodes, from the start to 0 at the data. */
  readonly noise: Float64Array;
  /** w at the beginning and at the end of each step, from inside it. */
  readonly w: readonly { readonly begin: number; readonly end: number }[];
  /** Variance per coordinate at the start from a finite time, around 0; null from pure noise. */
  readonly startVariance: number | null;
  /** Steps of the coordinates whose guided variance is c. */
  readonly steps: ReadonlyMap<number, readonly StepCoefficients[]>;
}

/** Share of the classes in the variance at the start from pure noise, at most: mean and variance there are wrong by a relative w times it. */
const startShare = 1e-6;

/** Steps of the pilot of a reduced simulation, at least. */
const pilotSteps = 1000;

/**
 * Start and steps. Each coordinate takes the exact linear part of its own variance c + tau (eq. particle-step), on the nodes of one grid,
 * which is laid on the clock of the least variance. The angle of the grid `angle` has sinh(theta)^2 = S/(c + tau), S the largest variance
 * of a coordinate over all classes; in a reduced simulation it has small steps where the particles switch ({@link withSwitches}).
 * @throws ParameterError for a method or a grid that does not go with the sampler or the start
 */
export function planStructured(problem: StructuredProblem, options: StructuredOptions): StructuredPlan {
  const { spec, process, sampler, size, schedule } = problem;
  const { startTime, dimension } = spec;
  const { leastVariance: c0, largestSpread, meanSquare } = size;
  requireSteppable({ sampler, startTime }, options);
  const speciation = Math.sqrt((Math.max(1, size.logClasses) * largestSpread) / (dimension * meanSquare));
  const start = startTime === null ? null : finiteStart(process, startTime);
  const tau = start?.tau ?? largestSpread / Math.min(startShare, 1e-4 * speciation ** 2);
  const coordinate =
    options.grid === 'angle'
      ? angleCoordinate(speciation, Math.log(largestSpread))
      : clockCoordinate({ process, sigma2: c0 }, options.grid);
  const range = { problem: { sigma2: c0, schedule }, start: { clock: clockAtNoiseToSignal(tau, c0) } };
  const planOn = (nodes: Float64Array, method: StructuredOptions['method']): StructuredPlan => {
    const setting = { process, sampler, schedule, sigma2: c0 };
    const reference = stepSequence(setting, method, nodes);
    const steps = new Map<number, readonly StepCoefficients[]>([[c0, reference]]);
    for (const c of new Set(size.variances.flat())) {
      if (c === c0) continue;
      const onClock = (clock: number) => clockAtNoiseToSignal(noiseToSignalAtClock(clock, c0), c);
      // w is the reference's: on another clock it would be known to rounding only where it jumps.
      const own = { ...schedule, coefficient: () => 0, breakpoints: schedule.breakpoints.map(onClock) };
      steps.set(c, stepSequence({ ...setting, schedule: own, sigma2: c }, method, nodes.map(onClock)));
    }
    return {
      problem,
      options,
      nodes,
      noise: nodes.map((clock) => noiseToSignalAtClock(clock, c0)),
      w: reference.map(({ w, endW }) => ({ begin: w, end: endW })),
      startVariance: start?.variance ?? null,
      steps,
    };
  };
  const even = (steps: number) => evenNodes(range, coordinate, steps, []);
  const nodes = even(options.steps);
  if (spec.mode === 'full' || options.grid !== 'angle') return planOn(nodes, options.method);
  const pilot = planOn(even(Math.max(pilotSteps, 4 * options.steps)), 'exponential-heun');
  return planOn(withSwitches(nodes, pilot), options.method);
}
