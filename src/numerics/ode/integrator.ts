/** Right-hand side dy/dt = f(t, y), written into `out`. Must not keep a reference to its arguments. */
export type VectorField = (time: number, state: Float64Array, out: Float64Array) => void;

/** Outcome of one adaptive step. */
export type StepStatus = 'ok' | 'stepTooSmall' | 'notFinite';

/** Tolerances and first step of an adaptive integration. */
export interface StepControl {
  /** Error allowed per step relative to the state, > 0. */
  readonly relativeTolerance: number;
  /** Error allowed per step irrespective of the state, >= 0. */
  readonly absoluteTolerance: number;
}

/**
 * Step control with an absolute tolerance above 0. A component that stays exactly 0 has an error of exactly 0, and
 * 0/0 must not count as a non-finite trial step.
 */
export function withPositiveScale(control: StepControl): StepControl {
  return { ...control, absoluteTolerance: Math.max(control.absoluteTolerance, 1e-300) };
}

/**
 * An adaptive one-step method going forward in t. It can also be asked for the state inside the step it has just
 * accepted: `within(t)` takes one shorter step from the same start, so that the answer is as accurate as the
 * integration itself (an interpolant is not), as event location requires.
 */
export interface AdaptiveIntegrator {
  /** Current time and state (the state is overwritten by the next step). */
  readonly time: number;
  readonly state: Float64Array;
  /** Beginning of the last accepted step. */
  readonly stepStart: number;
  readonly stepStartState: Float64Array;
  /** Number of accepted steps and of evaluations of the field since construction. */
  readonly acceptedSteps: number;
  readonly fieldEvaluations: number;
  /** (Re)starts at (time, state) with a field; chooses the first step itself if `stepSize` is absent. */
  restart(field: VectorField, time: number, state: Float64Array, stepSize?: number): void;
  /** Size of the step it would try next. */
  readonly proposedStep: number;
  /** Takes one accepted step that does not pass `limit` (> time). Lands on `limit` exactly when it reaches it. */
  advance(limit: number): StepStatus;
  /** State at `time` in [stepStart, time], written into `out`. */
  within(time: number, out: Float64Array): void;
  /** Cubic interpolation of the state over the last step: a cheap, rough guess of where to call `within`. */
  guessWithin(time: number, out: Float64Array): void;
}

/** Cubic Hermite interpolation between (t0, y0) with slope f0 and (t1, y1) with slope f1. */
export function interpolateStep(
  t0: number,
  y0: Float64Array,
  f0: Float64Array,
  t1: number,
  y1: Float64Array,
  f1: Float64Array,
  time: number,
  out: Float64Array,
): void {
  const h = t1 - t0;
  const x = h === 0 ? 0 : (time - t0) / h;
  const left = (1 - x) * (1 - x);
  const right = x * x;
  for (let i = 0; i < out.length; i++) {
    out[i] =
      left * ((1 + 2 * x) * y0[i]! + x * h * f0[i]!) + right * ((3 - 2 * x) * y1[i]! + (x - 1) * h * f1[i]!);
  }
}

/** Names of the methods that the solver offers. */
export const integratorNames = ['dormand-prince', 'cash-karp'] as const;

/** Name of an integration method. */
export type IntegratorName = (typeof integratorNames)[number];

/**
 * First step from the sizes of y, y' and the change of y' over a trial Euler step (Hairer, Norsett & Wanner, Solving
 * Ordinary Differential Equations I, section II.4). Costs one evaluation of the field.
 */
export function firstStep(
  field: VectorField,
  time: number,
  state: Float64Array,
  slope: Float64Array,
  control: StepControl,
  order: number,
  span: number,
): number {
  const n = state.length;
  let sizeOfState = 0;
  let sizeOfSlope = 0;
  for (let i = 0; i < n; i++) {
    const scale = control.absoluteTolerance + control.relativeTolerance * Math.abs(state[i]!);
    sizeOfState = Math.max(sizeOfState, Math.abs(state[i]!) / scale);
    sizeOfSlope = Math.max(sizeOfSlope, Math.abs(slope[i]!) / scale);
  }
  const guess = sizeOfState < 1e-5 || sizeOfSlope < 1e-5 ? 1e-6 : (0.01 * sizeOfState) / sizeOfSlope;
  const trial = new Float64Array(n);
  const trialSlope = new Float64Array(n);
  const h0 = Math.min(guess, span);
  for (let i = 0; i < n; i++) trial[i] = state[i]! + h0 * slope[i]!;
  field(time + h0, trial, trialSlope);
  let curvature = 0;
  for (let i = 0; i < n; i++) {
    const scale = control.absoluteTolerance + control.relativeTolerance * Math.abs(state[i]!);
    curvature = Math.max(curvature, Math.abs(trialSlope[i]! - slope[i]!) / scale / h0);
  }
  const largest = Math.max(sizeOfSlope, curvature);
  const h1 = largest <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : (0.01 / largest) ** (1 / order);
  const step = Math.min(100 * h0, h1, span);
  return Number.isFinite(step) && step > 0 ? step : span * 1e-6;
}
