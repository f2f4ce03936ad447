import {
  NumericalFailure,
  requireChoice,
  requireFinite,
  requireFunction,
  requireInteger,
  requireNonNegative,
  requireNumbers,
  requireObject,
  requirePositive,
} from '../numerics/checks.ts';
import { withAdaptiveIntegrator } from '../numerics/ode/create.ts';
import {
  integratorNames,
  type AdaptiveIntegrator,
  type IntegratorName,
  type StepControl,
  type VectorField,
} from '../numerics/ode/integrator.ts';
import { gapRates, modeField, phasesOf, type Mode } from './modes.ts';
import { EventWatch, type WatchedEvent } from './events.ts';
import { requireDynamics, type PhaseDynamics } from './phases.ts';

/**
 * A piecewise-smooth flow: inside each phase a smooth field, with switches where two free energies are equal. The
 * solver below locates every switch to integration accuracy, in both directions, follows sliding segments by
 * Filippov's rule, and stops where the phase that dominates condenses (docs/theory/dynamics.md).
 */
export interface PiecewiseProblem {
  readonly dynamics: PhaseDynamics;
  readonly startClock: number;
  readonly endClock: number;
  /** Initial state; its first `dynamics.dimension` components are the order parameters. */
  readonly startState: Float64Array;
  /** Clocks at which the field may jump (ascending): the integration restarts there. */
  readonly breakpoints: readonly number[];
  /** Clocks that no step crosses (ascending, breakpoints among them; absent: the breakpoints). */
  readonly panels?: readonly number[];
  /** Gap of free energies, relative to the largest complexity or 1, below which two phases are one, where a quadrature makes them (else 1e-8). */
  readonly tie?: number;
  /** Field of the whole state in a mode, when it is longer than the order parameters (fluctuations). */
  readonly extendedField?: (mode: Mode) => VectorField;
  /** Jump of the rest of the state at a switch (saltation), applied in place. */
  readonly jump?: (clock: number, state: Float64Array, from: Mode, to: Mode) => void;
}

/** Numerical options of the solver, all with defaults ({@link solverDefaults}). */
export interface SolverOptions extends StepControl {
  readonly integrator: IntegratorName;
  /** Steps after which the integration gives up. */
  readonly maxSteps: number;
}

/** Defaults of {@link SolverOptions}; the choice of the integrator is measured in docs/benchmarks.md. */
export const solverDefaults: SolverOptions = {
  integrator: 'dormand-prince',
  relativeTolerance: 1e-10,
  absoluteTolerance: 1e-12,
  maxSteps: 100_000,
};

/** Throws unless every option is admissible. */
export function requireSolverOptions(options: SolverOptions): void {
  requireObject('options', options);
  requireChoice('integrator', options.integrator, integratorNames);
  requirePositive('relativeTolerance', options.relativeTolerance);
  requireNonNegative('absoluteTolerance', options.absoluteTolerance);
  requireInteger('maxSteps', options.maxSteps, 1);
}

/** Throws unless `problem` is a flow with a start. */
export function requirePiecewise(problem: PiecewiseProblem): void {
  requireObject('problem', problem);
  requireDynamics(problem.dynamics);
  requireFinite('startClock', problem.startClock);
  requireFinite('endClock', problem.endClock);
  requireNumbers('startState', problem.startState);
  requireNumbers('breakpoints', problem.breakpoints);
  requireNumbers('panels', problem.panels ?? []);
  requireFunction('extendedField', problem.extendedField, 'optional');
  requireFunction('jump', problem.jump, 'optional');
  if (problem.tie !== undefined) requirePositive('tie', problem.tie);
}

/** A switch of the dynamics. */
export interface Switch {
  readonly clock: number;
  /** State just before the switch: order parameters and any further components. */
  readonly state: Float64Array;
  readonly from: Mode;
  readonly to: Mode | 'condensed';
}

/** Starts of the steps taken, from which the state anywhere can be had again (trajectory.ts). The last one is the end. */
export interface Knots {
  readonly clocks: readonly number[];
  /** States, one after the other. */
  readonly states: readonly number[];
  readonly modes: readonly Mode[];
  /** Smallest complexity of the phases that dominate there; Infinity where none has one. */
  readonly complexities: readonly number[];
}

/** Result of {@link integratePiecewise}. */
export interface PiecewiseSolution {
  readonly status: 'completed' | 'condensed';
  readonly endClock: number;
  readonly endState: Float64Array;
  readonly endMode: Mode;
  readonly switches: readonly Switch[];
  readonly startMode: Mode;
  readonly knots: Knots;
  /** Smallest complexity met while a phase that has one dominates, or null if none does. */
  readonly minComplexity: number | null;
  readonly steps: number;
  readonly fieldEvaluations: number;
}

/**
 * Gap of free energies, relative to the largest complexity met (or 1, if that is smaller), below which two phases
 * cannot be told apart at the default tolerances.
 */
const tieTolerance = 1e-8;
// Free energies are sums of terms up to 1: their rounding, with a margin.
const energyRounding = 1e-14;
const maxSwitches = 1000;

/** The phase of largest free energy at a state. */
function dominantPhase(dynamics: PhaseDynamics, clock: number, state: Float64Array): number {
  let best = 0;
  let bestEnergy = -Infinity;
  dynamics.phases.forEach((phase, index) => {
    const energy = phase.freeEnergy(clock, state);
    if (energy > bestEnergy) {
      best = index;
      bestEnergy = energy;
    }
  });
  return best;
}

/**
 * Integrates a piecewise-smooth flow from startClock to endClock.
 * @throws ParameterError for parameters out of range
 * @throws NumericalFailure when a step cannot be taken or the step budget is spent
 */
export function integratePiecewise(problem: PiecewiseProblem, options: SolverOptions): PiecewiseSolution {
  requirePiecewise(problem);
  requireSolverOptions(options);
  return withAdaptiveIntegrator(options.integrator, problem.startState.length, options, (stepper) =>
    integrateWith(stepper, problem, options),
  );
}

function integrateWith(
  stepper: AdaptiveIntegrator,
  problem: PiecewiseProblem,
  options: SolverOptions,
): PiecewiseSolution {
  const { dynamics, endClock } = problem;
  const inexact = problem.tie !== undefined;
  const before = { acceptedSteps: stepper.acceptedSteps, fieldEvaluations: stepper.fieldEvaluations };
  const switches: Switch[] = [];
  const clocks: number[] = [];
  const states: number[] = [];
  const modes: Mode[] = [];
  const complexities: number[] = [];
  let complexityHere = Infinity;
  const recordKnot = () => {
    clocks.push(stepper.time);
    for (let i = 0; i < stepper.state.length; i++) states.push(stepper.state[i]!);
    modes.push(mode);
    complexities.push(complexityHere);
  };
  const fieldOf = problem.extendedField ?? ((mode: Mode) => modeField(dynamics, mode));
  if (!(problem.startClock <= endClock)) {
    throw new NumericalFailure(
      `the flow would start at log(a^2/Gamma) = ${problem.startClock}, beyond its end at ${endClock}`,
      'start at stronger noise',
    );
  }
  const jumps = new Set(problem.breakpoints);
  const stops = (problem.panels ?? problem.breakpoints).filter(
    (clock) => clock > problem.startClock && clock < endClock,
  );
  let nextStop = 0;
  let minComplexity: number | null = null;
  let maxComplexity = 0;
  let mode: Mode = {
    kind: 'phase',
    phase: dominantPhase(dynamics, problem.startClock, problem.startState),
  };
  const startMode = mode;
  const noteComplexity = (value: number) => {
    complexityHere = Math.min(complexityHere, value);
    if (minComplexity === null || value < minComplexity) minComplexity = value;
    maxComplexity = Math.max(maxComplexity, value);
  };
  const finish = (status: PiecewiseSolution['status']): PiecewiseSolution => {
    recordKnot();
    return {
      status,
      endClock: stepper.time,
      endState: stepper.state.slice(),
      endMode: mode,
      startMode,
      switches,
      knots: { clocks, states, modes, complexities },
      minComplexity,
      steps: stepper.acceptedSteps - before.acceptedSteps,
      fieldEvaluations: stepper.fieldEvaluations - before.fieldEvaluations,
    };
  };

  stepper.restart(fieldOf(mode), problem.startClock, problem.startState);
  const scratch = new Float64Array(problem.startState.length);
  let watch = new EventWatch(dynamics, mode, stepper.time, stepper.state, { inexact });
  watch.complexities(stepper.time, stepper.state, noteComplexity);
  if (condensedAtStart(dynamics, mode, stepper.time, stepper.state)) {
    switches.push({ clock: stepper.time, state: stepper.state.slice(), from: mode, to: 'condensed' });
    return finish('condensed');
  }

  while (stepper.time < endClock) {
    if (stepper.acceptedSteps - before.acceptedSteps >= options.maxSteps) {
      throw new NumericalFailure(
        `the order-parameter flow needs more than ${options.maxSteps} steps (stopped at log(a^2/Gamma) = ${stepper.time})`,
        'raise maxSteps or loosen relativeTolerance',
      );
    }
    const limit = stops[nextStop] ?? endClock;
    recordKnot();
    const status = stepper.advance(limit);
    if (status !== 'ok') {
      throw new NumericalFailure(
        status === 'notFinite'
          ? `the order-parameter flow is not finite at log(a^2/Gamma) = ${stepper.time}`
          : `the order-parameter flow needs steps below the resolution of its clock at log(a^2/Gamma) = ${stepper.time}`,
        'a moment outgrows the range of numbers there, or the schedule is singular: weaken the guidance, or loosen relativeTolerance',
      );
    }
    const event = watch.afterStep(stepper, scratch);
    if (event !== null) {
      const tie = (problem.tie ?? tieTolerance) * Math.min(1, maxComplexity) + energyRounding;
      const outcome = resolveEvent(dynamics, mode, event, tie);
      complexityHere = Infinity;
      watch.complexities(event.clock, event.state, noteComplexity);
      if (outcome === 'condensed') {
        switches.push({ clock: event.clock, state: event.state, from: mode, to: 'condensed' });
        stepper.restart(fieldOf(mode), event.clock, event.state, 1);
        return finish('condensed');
      }
      switches.push({ clock: event.clock, state: event.state.slice(), from: mode, to: outcome });
      if (switches.length > maxSwitches) {
        throw new NumericalFailure(
          `the phases switch more than ${maxSwitches} times`,
          'tighten relativeTolerance or smooth the schedule',
        );
      }
      problem.jump?.(event.clock, event.state, mode, outcome);
      if (!phasesOf(outcome).some((index) => phasesOf(mode).includes(index))) complexityHere = Infinity;
      mode = outcome;
      const stepSize = Math.max(stepper.proposedStep * 0.1, 1e-6);
      stepper.restart(fieldOf(mode), event.clock, event.state, stepSize);
      watch = new EventWatch(dynamics, mode, stepper.time, stepper.state, {
        inexact,
        ...(event.kind === 'complexity' ? { tie } : {}),
      });
      // A switch exactly at a breakpoint or at the end leaves nothing of that segment.
      while (stops[nextStop] !== undefined && stepper.time >= stops[nextStop]!) nextStop += 1;
      continue;
    }
    complexityHere = Infinity;
    watch.complexities(stepper.time, stepper.state, noteComplexity);
    if (stepper.time >= limit && limit < endClock) {
      nextStop += 1;
      if (!jumps.has(limit)) continue;
      // The field may jump here, and with it the answer to which way the state leaves a sliding surface.
      if (mode.kind === 'sliding') mode = modeOnSurface(dynamics, mode.between, stepper.time, stepper.state);
      const state = stepper.state.slice();
      stepper.restart(fieldOf(mode), stepper.time, state);
      watch = new EventWatch(dynamics, mode, stepper.time, stepper.state, { inexact });
    }
  }
  return finish('completed');
}

function condensedAtStart(dynamics: PhaseDynamics, mode: Mode, clock: number, state: Float64Array): boolean {
  return phasesOf(mode).some(
    (index) => (dynamics.phases[index]!.complexity?.(clock, state) ?? 0) < -tieTolerance,
  );
}

/** Mode of the motion after an event. @param tie gap of free energies that counts as zero */
function resolveEvent(
  dynamics: PhaseDynamics,
  mode: Mode,
  event: WatchedEvent,
  tie: number,
): Mode | 'condensed' {
  const { clock, state } = event;
  if (event.kind === 'complexity') {
    // Where the complexity vanishes at a transition (at w = 0 they coincide exactly) the state leaves the phase: no
    // condensation.
    const own = phasesOf(mode);
    const energies = dynamics.phases.map((phase) => phase.freeEnergy(clock, state));
    const ownEnergy = Math.max(...own.map((index) => energies[index]!));
    const tied = energies.findIndex((energy, index) => !own.includes(index) && energy > ownEnergy - tie);
    if (tied < 0) return 'condensed';
    const next = modeOnSurface(dynamics, [own[0]!, tied], clock, state);
    return next.kind === 'phase' && next.phase === tied ? next : 'condensed';
  }
  if (event.kind === 'slidingEnd') return { kind: 'phase', phase: event.phase };
  return modeOnSurface(dynamics, [event.from, event.phase], clock, state);
}

/** Motion of a state on the surface where phases a and b are equal (Filippov's rule, eq. sliding). */
function modeOnSurface(
  dynamics: PhaseDynamics,
  [a, b]: readonly [number, number],
  clock: number,
  state: Float64Array,
): Mode {
  const { underA, underB } = gapRates(dynamics, a, b, clock, state);
  // gap = F_b - F_a. Both flows towards b: cross. Flows against each other: slide.
  if (underB >= 0) return { kind: 'phase', phase: b };
  if (underA <= 0) return { kind: 'phase', phase: a };
  return { kind: 'sliding', between: [a, b] };
}
