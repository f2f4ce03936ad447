import createIntegrator from 'ode45-cash-karp';
import {
  firstStep,
  interpolateStep,
  withPositiveScale,
  type AdaptiveIntegrator,
  type StepControl,
  type StepStatus,
  type VectorField,
} from './integrator.ts';

const largestGrowth = 10;

/**
 * The Cash-Karp pair of the package ode45-cash-karp behind {@link AdaptiveIntegrator}. The package has faults that
 * this class keeps from its users; each has a test:
 * - an error estimate of exactly 0 makes its steps grow until `step(limit)` believes it has arrived: the limit is
 * kept here,
 *   by clamping each step to what is left, and never passed on;
 * - a backward segment after another one throws: only forward integration is offered;
 * - `dtMinMag` can loop forever: not used; a step that no longer advances the time is reported;
 * - a trial step that is not finite throws, one that overflows is accepted: in both cases the step is shortened;
 * - it mutates the initial state and prints by default: it gets a copy, and printing is disabled;
 * - its default error is purely relative, hence never met near 0: mixed tolerances are used.
 */
export class CashKarp implements AdaptiveIntegrator {
  time = 0;
  readonly state: Float64Array;
  stepStart = 0;
  readonly stepStartState: Float64Array;
  acceptedSteps = 0;
  fieldEvaluations = 0;
  proposedStep = 0;

  readonly #control: StepControl;
  readonly #engine: ReturnType<typeof createIntegrator>;
  readonly #slope: Float64Array;
  readonly #slopeAtStart: Float64Array;
  readonly #saved: Float64Array;
  #slopesOfStep = -1;
  #field: VectorField = () => undefined;

  constructor(dimension: number, control: StepControl) {
    this.#control = withPositiveScale(control);
    this.state = new Float64Array(dimension);
    this.stepStartState = new Float64Array(dimension);
    this.#slope = new Float64Array(dimension);
    this.#slopeAtStart = new Float64Array(dimension);
    this.#saved = new Float64Array(dimension);
    const { relativeTolerance, absoluteTolerance } = this.#control;
    this.#engine = createIntegrator(
      this.state,
      (out, y, t) => {
        this.fieldEvaluations += 1;
        this.#field(t, y, out);
      },
      0,
      1,
      {
        tol: 1,
        verbose: false,
        maxIncreaseFactor: largestGrowth,
        errorScaleFunction: (_i, _h, y) => absoluteTolerance + relativeTolerance * Math.abs(y),
      },
    );
  }

  restart(field: VectorField, time: number, state: Float64Array, stepSize?: number): void {
    this.#field = field;
    this.time = time;
    this.stepStart = time;
    this.state.set(state);
    this.stepStartState.set(state);
    if (stepSize === undefined) {
      field(time, this.state, this.#slope);
      this.proposedStep = firstStep(field, time, this.state, this.#slope, this.#control, 5, Infinity);
      this.fieldEvaluations += 2;
    } else {
      this.proposedStep = stepSize;
    }
  }

  advance(limit: number): StepStatus {
    const engine = this.#engine;
    this.#saved.set(this.state);
    let attempt = this.proposedStep;
    for (;;) {
      const left = limit - this.time;
      const clamped = attempt >= left * (1 - 1e-12);
      if (clamped) attempt = left;
      if (!(this.time + attempt > this.time)) return 'stepTooSmall';
      engine.t = this.time;
      engine.dt = attempt;
      let finite = true;
      try {
        engine.step();
        for (const y of this.state) finite &&= Number.isFinite(y);
      } catch {
        finite = false;
      }
      if (!finite) {
        // The package gives up on stages that are not finite and accepts a sum that overflows; a shorter step may do.
        this.state.set(this.#saved);
        attempt *= 0.1;
        if (attempt < 1e-14 * Math.max(1e-3, Math.abs(this.time))) return 'notFinite';
        continue;
      }
      // Below the resolution of t the package accepts anything (or, at a step of 0, divides 0 by 0).
      if (!(engine.t > this.time)) {
        this.state.set(this.#saved);
        return 'stepTooSmall';
      }
      const taken = engine.t - this.time;
      const reached = clamped && taken >= left * (1 - 1e-12);
      this.stepStart = this.time;
      this.stepStartState.set(this.#saved);
      this.time = reached ? limit : engine.t;
      this.acceptedSteps += 1;
      const next = Number.isFinite(engine.dt) && engine.dt > 0 ? engine.dt : taken * largestGrowth;
      this.proposedStep = reached ? Math.max(this.proposedStep, next) : next;
      return 'ok';
    }
  }

  within(time: number, out: Float64Array): void {
    if (time <= this.stepStart) {
      out.set(this.stepStartState);
      return;
    }
    if (time >= this.time) {
      out.set(this.state);
      return;
    }
    // One step of exactly the wanted length from the start of the last one: nothing to reject, hence tol = Infinity.
    const engine = this.#engine;
    this.#saved.set(this.state);
    this.state.set(this.stepStartState);
    engine.t = this.stepStart;
    engine.dt = time - this.stepStart;
    engine.tol = Infinity;
    try {
      engine.step();
      out.set(this.state);
    } catch {
      out.fill(NaN);
    } finally {
      engine.tol = 1;
      this.state.set(this.#saved);
    }
  }

  guessWithin(time: number, out: Float64Array): void {
    // The package keeps no slopes that one may read: evaluate them, once per step.
    if (this.#slopesOfStep !== this.acceptedSteps) {
      this.#field(this.stepStart, this.stepStartState, this.#slopeAtStart);
      this.#field(this.time, this.state, this.#slope);
      this.fieldEvaluations += 2;
      this.#slopesOfStep = this.acceptedSteps;
    }
    const [from, to] = [this.stepStartState, this.state];
    interpolateStep(this.stepStart, from, this.#slopeAtStart, this.time, to, this.#slope, time, out);
  }
}
