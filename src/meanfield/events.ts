import type { AdaptiveIntegrator } from '../numerics/ode/integrator.ts';
import { phasesOf, slidingCoefficient, type Mode } from './modes.ts';
import type { PhaseDynamics } from './phases.ts';

/** Something that ends a mode, with the time and state at which it does. */
export type WatchedEvent =
  | { kind: 'gap'; from: number; phase: number; clock: number; state: Float64Array }
  | { kind: 'slidingEnd'; phase: number; clock: number; state: Float64Array }
  | { kind: 'complexity'; clock: number; state: Float64Array };

interface Indicator {
  readonly kind: WatchedEvent['kind'];
  /** Phase that the event leads to, and the one it leaves, where that makes sense. */
  readonly phase: number;
  readonly from: number;
  /** Negative before the event, positive after it. */
  readonly value: (clock: number, state: Float64Array) => number;
}

// Largest distance in the clock log(a^2/Gamma) between two looks at the indicators. Free energies change on the
// scale of 1.
const lookEvery = 0.25;

// A switch leaves its own indicator at rounding distance from 0; only values beyond this count as being off the
// surface.
const armed = 1e-13;

// Rounding of an indicator: sums of terms up to about 1.
const energyRounding = 1e-15;

/**
 * Watches a mode for the events that end it: another phase's free energy overtaking, the complexity of the
 * dominating phase vanishing, a sliding coefficient leaving (0, 1). Each has an indicator that becomes
 * positive at the event. A pair of crossings inside one step cancels at its end: long steps are therefore also
 * checked in between, on the interpolated state.
 */
export class EventWatch {
  readonly #dynamics: PhaseDynamics;
  readonly #mode: Mode;
  readonly #indicators: Indicator[] = [];
  readonly #last: Sample[] = [];
  readonly #armed: number;

  /**
   * @param tie gap of free energies that the switch into the mode has taken for 0 (default: rounding)
   * @param inexact complexities have errors of a quadrature: they end no mode whose flow closes whatever condenses
   */
  constructor(
    dynamics: PhaseDynamics,
    mode: Mode,
    clock: number,
    state: Float64Array,
    { tie = armed, inexact = false }: { readonly tie?: number; readonly inexact?: boolean } = {},
  ) {
    this.#dynamics = dynamics;
    this.#mode = mode;
    this.#armed = Math.max(armed, tie);
    const own = phasesOf(mode);
    const energy = (index: number, at: number, y: Float64Array) => dynamics.phases[index]!.freeEnergy(at, y);
    dynamics.phases.forEach((_, index) => {
      if (own.includes(index)) return;
      this.#indicators.push({
        kind: 'gap',
        phase: index,
        from: own[0]!,
        value: (at, y) => energy(index, at, y) - energy(own[0]!, at, y),
      });
    });
    if (mode.kind === 'sliding') {
      const [a, b] = mode.between;
      const nu = (at: number, y: Float64Array) => slidingCoefficient(dynamics, a, b, at, y);
      this.#indicators.push({ kind: 'slidingEnd', phase: a, from: b, value: (at, y) => -nu(at, y) });
      this.#indicators.push({ kind: 'slidingEnd', phase: b, from: a, value: (at, y) => nu(at, y) - 1 });
    }
    for (const index of own) {
      const phase = dynamics.phases[index]!;
      if (phase.complexity !== undefined) {
        this.#indicators.push({
          kind: 'complexity',
          phase: index,
          from: index,
          value: (at, y) => {
            const complexity = phase.complexity!(at, y);
            return inexact && complexity < 0 && this.#isIndifferent(index, at, y) ? 0 : -complexity;
          },
        });
      }
    }
    for (const indicator of this.#indicators)
      this.#last.push({ clock, value: indicator.value(clock, state) });
  }

  /** True where the flow is the same in a phase and in the guided one (w = 0). */
  #isIndifferent(phase: number, clock: number, state: Float64Array): boolean {
    const [own, guided] = [phase, this.#dynamics.guided].map((index) => {
      const velocity = new Float64Array(this.#dynamics.dimension);
      this.#dynamics.field(index, clock, state, velocity);
      return velocity;
    });
    return own!.every((component, i) => component === guided![i]);
  }

  /** Hands the complexities of the phases that dominate to `note`. */
  complexities(clock: number, state: Float64Array, note: (value: number) => void): void {
    for (const index of phasesOf(this.#mode)) {
      const value = this.#dynamics.phases[index]!.complexity?.(clock, state);
      if (value !== undefined) note(value);
    }
  }

  /** The first event inside the step that `stepper` has just taken, or null. Moves the memory on if there is none. */
  afterStep(stepper: AdaptiveIntegrator, scratch: Float64Array): WatchedEvent | null {
    let first: { indicator: Indicator; clock: number } | null = null;
    const ends: number[] = [];
    for (let i = 0; i < this.#indicators.length; i++) {
      const indicator = this.#indicators[i]!;
      const valueAtEnd = indicator.value(stepper.time, stepper.state);
      ends.push(valueAtEnd);
      const bracket = this.#bracketInStep(this.#last[i]!.value, indicator, valueAtEnd, stepper, scratch);
      if (bracket === null) continue;
      const clock = this.#locate(indicator, bracket, stepper, scratch);
      if (first === null || clock < first.clock) first = { indicator, clock };
    }
    if (first === null) {
      for (let i = 0; i < ends.length; i++) {
        this.#last[i] = { clock: stepper.time, value: ends[i]! };
      }
      return null;
    }
    const state = new Float64Array(stepper.state.length);
    stepper.within(first.clock, state);
    const { kind, phase, from } = first.indicator;
    if (kind === 'gap') return { kind, phase, from, clock: first.clock, state };
    if (kind === 'slidingEnd') return { kind, phase, clock: first.clock, state };
    return { kind, clock: first.clock, state };
  }

  /**
   * The first pair of neighbouring looks inside the step between which the indicator becomes positive, or null.
   * Right after a switch the indicator starts at 0 to rounding, of either sign; then it must first be seen
   * negative, unless it never is.
   */
  #bracketInStep(
    valueAtStart: number,
    indicator: Indicator,
    valueAtEnd: number,
    stepper: AdaptiveIntegrator,
    scratch: Float64Array,
  ): readonly [Sample | null, Sample] | null {
    const start = stepper.stepStart;
    const span = stepper.time - start;
    const looks = Math.max(Math.ceil(span / lookEvery), valueAtStart < 0 ? 1 : 4);
    let low: Sample | null = valueAtStart < 0 ? { clock: start, value: valueAtStart } : null;
    for (let look = 1; look < looks; look++) {
      const clock = start + (span * look) / looks;
      stepper.guessWithin(clock, scratch);
      let value = indicator.value(clock, scratch);
      if (value > this.#armed || low === null) {
        stepper.within(clock, scratch);
        value = indicator.value(clock, scratch);
        if (value > this.#armed) return [low, { clock, value }];
      }
      if (value < 0) low = { clock, value };
    }
    return valueAtEnd > this.#armed ? [low, { clock: stepper.time, value: valueAtEnd }] : null;
  }

  /**
   * Root of an indicator in a bracket: first on the interpolated step, which costs little, then by secants on
   * re-taken steps, which are as accurate as the integration; bracketing (Illinois) throughout.
   */
  #locate(
    indicator: Indicator,
    [lowest, positive]: readonly [Sample | null, Sample],
    stepper: AdaptiveIntegrator,
    scratch: Float64Array,
  ): number {
    // Never negative after a switch: it goes back at once.
    if (lowest === null) return stepper.stepStart;
    const interpolated = (clock: number) => {
      stepper.guessWithin(clock, scratch);
      return indicator.value(clock, scratch);
    };
    const exact = (clock: number) => {
      stepper.within(clock, scratch);
      return indicator.value(clock, scratch);
    };
    const span = positive.clock - lowest.clock;
    const lo =
      lowest.clock === stepper.stepStart ? lowest : { clock: lowest.clock, value: exact(lowest.clock) };
    if (lo.value >= 0) return lo.clock;
    const rough = illinois(interpolated, lo, positive, 1e-7 * span);
    // The interpolant's slope is good enough for one Newton step; two exact values then make a secant to rounding.
    const slope = (interpolated(rough + 1e-4 * span) - interpolated(rough - 1e-4 * span)) / (2e-4 * span);
    let last: Sample = { clock: rough, value: exact(rough) };
    let before: Sample | null = null;
    for (let iteration = 0; iteration < 4 && Math.abs(last.value) > energyRounding; iteration++) {
      const inverse: number =
        before === null ? 1 / slope : (last.clock - before.clock) / (last.value - before.value);
      const clock: number = last.clock - last.value * inverse;
      if (!(clock > lo.clock && clock < positive.clock)) break;
      before = last;
      last = { clock, value: exact(clock) };
    }
    if (Math.abs(last.value) <= energyRounding) return last.clock;
    const resolution = 1e-14 * Math.max(1, Math.abs(rough));
    return last.value > 0
      ? illinois(exact, lo, last, resolution)
      : illinois(exact, last, positive, resolution);
  }
}

interface Sample {
  readonly clock: number;
  readonly value: number;
}

/** Root of f between lo (f < 0) and hi (f > 0): regula falsi with the Illinois modification, to `resolution` in the clock. */
function illinois(f: (clock: number) => number, low: Sample, high: Sample, resolution: number): number {
  let { clock: lo, value: fLo } = low;
  let { clock: hi, value: fHi } = high;
  let side = 0;
  for (let iteration = 0; iteration < 200 && Math.abs(hi - lo) > resolution; iteration++) {
    let clock = hi - (fHi * (hi - lo)) / (fHi - fLo);
    if (iteration % 20 === 19 || !(clock > Math.min(lo, hi) && clock < Math.max(lo, hi)))
      clock = 0.5 * (lo + hi);
    const value = f(clock);
    if (Math.abs(value) <= energyRounding) return clock;
    if (value > 0) {
      hi = clock;
      fHi = value;
      if (side === 1) fLo *= 0.5;
      side = 1;
    } else {
      lo = clock;
      fLo = value;
      if (side === -1) fHi *= 0.5;
      side = -1;
    }
  }
  return hi;
}
