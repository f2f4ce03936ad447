import { clockAtNoiseToSignal, noiseToSignalAtClock } from '../../process/variances.ts';
import { finiteStart } from '../../process/process.ts';
import { stepSequence } from '../../sampler/sequence.ts';
import type { StepCoefficients } from '../../sampler/step.ts';
import { angleCoordinate, clockCoordinate, evenNodes } from '../grids/evenGrid.ts';
import { requireSteppable } from '../grids/timeGrid.ts';
import type { StructuredOptions } from './options.ts';
import type { StructuredProblem } from './spec.ts';

/** A simulation of structured classes that has been checked and worked out: all realisations run by it. */
export interface StructuredPlan {
  readonly problem: StructuredProblem;
  readonly options: StructuredOptions;
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

/**
 * Start and steps. Each coordinate takes the exact linear part of its own variance c + tau (eq. particle-step), on the nodes of one grid,
 * which is laid on the clock of the least variance. The angle of the grid `angle` has sinh(theta)^2 = S/(c + tau), S the largest variance
 * of a coordinate over all classes.
 * @throws ParameterError for a method or a grid that does not go with the sampler or the start
 */
export function planStructured(problem: StructuredProblem, options: StructuredOptions): StructuredPlan {
  const { spec, process, sampler, size, schedule } = problem;
  const { startTime, dimension } = spec;
  const { leastVariance: c0, largestSpread, meanSquare } = size;
  requireSteppable({ sampler, startTime }, options);
  const speciation = Math.sqrt(
    (Math.max(1, Math.log(size.classes)) * largestSpread) / (dimension * meanSquare),
  );
  const start = startTime === null ? null : finiteStart(process, startTime);
  const tau = start?.tau ?? largestSpread / Math.min(startShare, 1e-4 * speciation ** 2);
  const coordinate =
    options.grid === 'angle'
      ? angleCoordinate(speciation, Math.log(largestSpread))
      : clockCoordinate({ process, sigma2: c0 }, options.grid);
  const range = { problem: { sigma2: c0, schedule }, start: { clock: clockAtNoiseToSignal(tau, c0) } };
  const nodes = evenNodes(range, coordinate, options.steps, []);
  const setting = { process, sampler, schedule, sigma2: c0 };
  const reference = stepSequence(setting, options.method, nodes);
  const steps = new Map<number, readonly StepCoefficients[]>([[c0, reference]]);
  for (const c of new Set(size.variances.flat())) {
    if (c === c0) continue;
    const onClock = (clock: number) => clockAtNoiseToSignal(noiseToSignalAtClock(clock, c0), c);
    // w is the reference's: on another clock it would be known to rounding only where it jumps.
    const own = { ...schedule, coefficient: () => 0, breakpoints: schedule.breakpoints.map(onClock) };
    steps.set(c, stepSequence({ ...setting, schedule: own, sigma2: c }, options.method, nodes.map(onClock)));
  }
  return {
    problem,
    options,
    noise: nodes.map((clock) => noiseToSignalAtClock(clock, c0)),
    w: reference.map(({ w, endW }) => ({ begin: w, end: endW })),
    startVariance: start?.variance ?? null,
    steps,
  };
}
