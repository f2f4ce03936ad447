import { requireMiscalibrated, type MiscalibratedClassifier } from '../../classifier/calibration.ts';
import type { CompiledSchedule } from '../../guidance/compiled.ts';
import { distortion, type Distortion } from '../../guidance/distortion.ts';
import { scheduleStartShare } from '../../guidance/schedule.ts';
import { goldenMinimum } from '../../numerics/extremum.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { dataClock, noiseToSignalAtClock } from '../../process/variances.ts';
import { flowState } from '../flowState.ts';
import { phasesOf, type Mode } from '../modes.ts';
import { integratePiecewise, type PiecewiseSolution, type Switch } from '../piecewise.ts';
import { beforeData, flowStart, resolveOptions, type SolveOptions } from '../problem.ts';
import { readProblem, type ProblemInput } from '../../problem/input.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { orderParameters, signalScaleAt, type OrderParameters, type PhaseLabel } from '../solve.ts';
import { calibrationDynamics, type Decision, type JointDynamics, type JointPhase } from './phases.ts';

/** Change of a decision at a crossing; `condensation`: the classes that compete in it condense. */
export type DecisionKind = 'decided' | 'undecided' | 'slidingStart' | 'slidingEnd' | 'condensation';

/** A switch of the dynamics under a mis-calibrated classifier, in process time and the process's own scale. */
export interface DecisionCrossing {
  readonly time: number;
  /** Solver clock log(a^2/Gamma). */
  readonly clock: number;
  /** Both, where the classifier is the true one. */
  readonly decision: Decision | 'both';
  readonly kind: DecisionKind;
  readonly m: number;
  readonly q: number;
}

/** Result of {@link solveMiscalibrated}. */
export interface MiscalibratedSolution {
  readonly problem: GuidedProblem;
  readonly classifier: MiscalibratedClassifier;
  readonly options: SolveOptions;
  /** `speciated`: the mixture has decided for the guided class before the data. `condensed`: of either kind. */
  readonly phase: PhaseLabel;
  /** Order parameters at the data; null when condensed. */
  readonly final: OrderParameters | null;
  readonly distortion: Distortion | null;
  readonly crossings: readonly DecisionCrossing[];
  /** OU time at which the mixture first decides for the guided class (or its surface is reached), or null. */
  readonly speciationTime: number | null;
  /** OU time at which the classifier first decides, where guidance begins to stop, or null. */
  readonly classifierSpeciationTime: number | null;
  /** Time in the clock log(a^2/Gamma) spent on the classifier's surface, where it stays in doubt. */
  readonly slidingSpan: number;
  /** Smallest complexity of the competing classes while they dominate, in the mixture and in the classifier; null where they never do. */
  readonly minComplexity: Readonly<Record<Decision, number | null>>;
  /** Continuation with the static free energies, when condensed; it is not a solution. */
  readonly staticClosure: OrderParameters | null;
  readonly flow: PiecewiseSolution;
  readonly dynamics: JointDynamics;
}

/**
 * Order parameters of guidance by a mis-calibrated classifier, s_u + (1 + w) grad log c^(k|x) with logits (1/T) log c(j|x) + d beta
 * [j = k], for K = exp(alpha d), d -> infinity (eqs. calibration-flow, tempered-phases). T = 1, beta = 0 is linear guidance.
 * The options `fluctuations` and `average` have no effect.
 * @param problem linear guidance
 * @throws ParameterError for inadmissible parameters
 * @throws NumericalFailure if the integration cannot be completed
 */
export function solveMiscalibrated(
  problem: ProblemInput,
  classifier: MiscalibratedClassifier,
  options: Partial<SolveOptions> = {},
): MiscalibratedSolution {
  const guided = readProblem(problem);
  requireMiscalibrated(classifier);
  const resolved: SolveOptions = { ...resolveOptions(options), fluctuations: false, average: 'quenched' };
  const start = calibrationStart(guided, classifier);
  const parameters = {
    alpha: guided.alpha,
    ensemble: guided.ensemble,
    eta: guided.sampler.eta,
    schedule: start.schedule,
    average: resolved.average,
  };
  const dynamics = calibrationDynamics({ ...parameters, closure: 'stopAtCondensation' }, classifier);
  const piecewise = {
    dynamics,
    startClock: start.clock,
    startState: start.state,
    endClock: dataClock(guided.sigma2),
    breakpoints: start.schedule.breakpoints,
    panels: start.schedule.panels,
  };
  const flow = integratePiecewise(piecewise, resolved);
  const condensed = flow.status === 'condensed';
  let staticClosure: OrderParameters | null = null;
  if (condensed && resolved.staticClosure) {
    const onward = integratePiecewise(
      {
        ...piecewise,
        dynamics: calibrationDynamics({ ...parameters, closure: 'static' }, classifier),
        startClock: flow.endClock,
        startState: flow.endState,
      },
      resolved,
    );
    staticClosure = orderParameters(onward.endClock, onward.endState, 1);
  }
  const final = condensed ? null : orderParameters(flow.endClock, flow.endState, 1);
  const crossings = flow.switches.map((event) => describe(event, dynamics, guided));
  const startPhase = dynamics.phases[phasesOf(flow.startMode)[0]!]!;
  const entry = (decision: Decision): number | null => {
    const first = crossings.find(
      (crossing) =>
        (crossing.decision === decision || crossing.decision === 'both') &&
        (crossing.kind === 'decided' || crossing.kind === 'slidingStart'),
    );
    if (first === undefined) return null;
    return ornsteinUhlenbeck.timeAtNoiseToSignal(noiseToSignalAtClock(first.clock, guided.sigma2));
  };
  const speciationTime = entry('mixture');
  return {
    problem: guided,
    classifier,
    options: resolved,
    phase: condensed
      ? 'condensed'
      : speciationTime !== null || startPhase.mixture
        ? 'speciated'
        : 'unspeciated',
    final,
    distortion: final === null ? null : distortion(final.m, final.v, guided.sigma2),
    crossings,
    speciationTime,
    classifierSpeciationTime: entry('classifier'),
    slidingSpan: slidingSpan(flow),
    minComplexity: {
      mixture: smallestComplexity('mixture', flow, dynamics, resolved),
      classifier: smallestComplexity('classifier', flow, dynamics, resolved),
    },
    staticClosure,
    flow,
    dynamics,
  };
}

/**
 * Start of the flow. At infinite noise, to first order in E = a^2/Gamma (eq. calibration-start): with A and B = -1 + b E of the
 * phase that dominates there, m/a = A (1 + (e/2) b E/(1 + e/2)) and log(v/Gamma) = b E.
 */
function calibrationStart(
  problem: GuidedProblem,
  { temperature, bias }: MiscalibratedClassifier,
): { clock: number; state: Float64Array; schedule: CompiledSchedule } {
  const { alpha, sampler } = problem;
  const linear = flowStart(problem, false);
  if (linear.earlier === null) return linear;
  const { schedule } = linear;
  const clockOf = (share: number) => Math.log(share) - Math.log1p(-share);
  // Where a decision is tied at infinite noise, E must stand clear of rounding.
  const tied = alpha === 0 || alpha === bias;
  const earliest = tied ? beforeData(1e-12, problem.sigma2) : scheduleStartShare(problem.sigma2);
  const strength = (1 + schedule.coefficient(clockOf(earliest))) / temperature;
  const scale = 1 + Math.abs(strength) * (1 + 1 / temperature);
  let share = earliest;
  if (schedule.constant !== null) {
    // Errors of second order in E (1 + |kappa|/T), and well before the decisions.
    const gap = Math.min(...[alpha, Math.abs(alpha - bias)].filter((rate) => rate > 0), 1);
    share = beforeData(
      Math.min(seriesReach / scale, (0.05 * Math.min(1, temperature) * gap) / scale),
      problem.sigma2,
    );
  }
  const clock = clockOf(share);
  const E = Math.exp(clock);
  const e = 1 + sampler.eta * sampler.eta;
  const mixtureUndecided = alpha > 0;
  const classifierUndecided = alpha > bias;
  const A = (mixtureUndecided ? 0 : 1) + (classifierUndecided ? strength : 0);
  const b = (mixtureUndecided ? 1 : 0) - (classifierUndecided ? strength / temperature : 0);
  const overlapRatio = A * (1 + (0.5 * e * b * E) / (1 + 0.5 * e));
  return { clock, schedule, state: Float64Array.of(Math.sqrt(share) * overlapRatio, b * E) };
}

// Largest E (1 + |kappa| (1 + 1/T)) at an asymptotic start with constant w: the neglected terms are 1e-12.
const seriesReach = 1e-6;

function describe(
  { clock, state, from, to }: Switch,
  dynamics: JointDynamics,
  problem: GuidedProblem,
): DecisionCrossing {
  const { m, q } = orderParameters(clock, state, signalScaleAt(problem, clock));
  const time = problem.process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, problem.sigma2));
  const ofMode = (mode: Mode): JointPhase[] => phasesOf(mode).map((index) => dynamics.phases[index]!);
  const at = { time, clock, m, q };
  if (to === 'condensed') {
    const least = (decision: Decision) =>
      Math.min(...ofMode(from).map((phase) => phase.complexities[decision]?.(clock, state) ?? Infinity));
    return {
      ...at,
      decision: least('mixture') <= least('classifier') ? 'mixture' : 'classifier',
      kind: 'condensation',
    };
  }
  const all = [...ofMode(from), ...ofMode(to)];
  const differs = (decision: Decision) => all.some((phase) => phase[decision] !== all[0]![decision]);
  const decision = !differs('classifier') ? 'mixture' : !differs('mixture') ? 'classifier' : 'both';
  if (to.kind === 'sliding') return { ...at, decision, kind: 'slidingStart' };
  if (from.kind === 'sliding') return { ...at, decision, kind: 'slidingEnd' };
  const after = dynamics.phases[to.phase]!;
  const decided = decision === 'classifier' ? after.classifier : after.mixture;
  return { ...at, decision, kind: decided ? 'decided' : 'undecided' };
}

function slidingSpan({ knots, endClock }: PiecewiseSolution): number {
  let span = 0;
  knots.modes.forEach((mode, i) => {
    if (mode.kind === 'sliding') span += (knots.clocks[i + 1] ?? endClock) - knots.clocks[i]!;
  });
  return span;
}

// Below this the sign of a complexity is rounding.
const complexityRounding = 1e-9;

/** Smallest complexity along the flow, searched for between the steps that are next to the least. */
function smallestComplexity(
  decision: Decision,
  flow: PiecewiseSolution,
  dynamics: JointDynamics,
  options: SolveOptions,
): number | null {
  const { clocks, states, modes } = flow.knots;
  const complexityIn = (mode: Mode) =>
    phasesOf(mode)
      .map((index) => dynamics.phases[index]!.complexities[decision])
      .find((one) => one !== undefined);
  let smallest: number | null = null;
  for (let i = 0; i < clocks.length; i++) {
    const complexity = complexityIn(modes[i]!);
    if (complexity === undefined) continue;
    const value = (k: number) => complexity(clocks[k]!, Float64Array.of(states[2 * k]!, states[2 * k + 1]!));
    let here = value(i);
    if (i > 0 && i + 1 < clocks.length && here <= value(i - 1) && here <= value(i + 1)) {
      const between = (clock: number) => complexity(clock, flowState(dynamics, flow, clock, options));
      here = goldenMinimum(between, clocks[i - 1]!, clocks[i + 1]!);
    }
    smallest = Math.min(smallest ?? Infinity, here);
  }
  for (const { from, clock, state } of flow.switches) {
    const value = complexityIn(from)?.(clock, state);
    if (value !== undefined) smallest = Math.min(smallest ?? Infinity, value);
  }
  return smallest !== null && Math.abs(smallest) < complexityRounding ? 0 : smallest;
}
