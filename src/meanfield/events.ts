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

// A switch leaves its own indicator at rounding distance from 0; only values beyond this count as being off the surface.
const armed = 1e-13;

/**
 * Watches a mode for the events that end it: another phase's free energy overtaking, the complexity of the dominating phase
 * vanishing, a sliding coefficient leaving (0, 1). Each has an indicator that becomes positive at the event. Events inside a step are
 * found from the sign at its end and, for a pair of crossings that cancel, from the parabola through the last three values.
 */
export class EventWatch {
  readonly #dynamics: PhaseDynamics;
  readonly #mode: Mode;
  readonly #indicators: Indicator[] = [];
  readonly #before: { clock: number; value: number }[] = [];
  readonly #last: { clock: number; value: number }[] = [];

  constructor(dynamics: PhaseDynamics, mode: Mode, clock: number, state: Float64Array) {
    this.#dynamics = dynamics;
    this.#mode = mode;
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
          value: (at, y) => -phase.complexity!(at, y),
        });
      }
    }
    for (const indicator of this.#indicators) this.#last.push({ clock, value: indicator.value(clock, state) });
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
      const positiveAt = this.#positiveInStep(i, indicator, valueAtEnd, stepper, scratch);
      if (positiveAt === null) continue;
      const clock = this.#locate(indicator, this.#last[i]!.value, positiveAt, stepper, scratch);
      if (first === null || clock < first.clock) first = { indicator, clock };
    }
    if (first === null) {
      for (let i = 0; i < ends.length; i++) {
        this.#before[i] = this.#last[i]!;
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

  /** A point of the step at which the indicator is positive after having been negative, or null. */
  #positiveInStep(
    index: number,
    indicator: Indicator,
    valueAtEnd: number,
    stepper: AdaptiveIntegrator,
    scratch: Float64Array,
  ): { clock: number; value: number } | null {
    const last = this.#last[index]!;
    if (valueAtEnd > armed) return { clock: stepper.time, value: valueAtEnd };
    const before = this.#before[index];
    if (before === undefined || !(last.value < 0)) return null;
    // Vertex of the parabola through three values: does it lie in this step and near or above 0?
    const h1 = last.clock - before.clock;
    const h2 = stepper.time - last.clock;
    const d1 = (last.value - before.value) / h1;
    const d2 = (valueAtEnd - last.value) / h2;
    const curvature = (d2 - d1) / (h1 + h2);
    if (!(curvature < 0)) return null;
    const slopeAtLast = d1 + curvature * h1;
    const offset = -slopeAtLast / (2 * curvature);
    if (!(offset > 0 && offset < h2)) return null;
    const peak = last.value + slopeAtLast * offset + curvature * offset * offset;
    if (peak < -0.1 * (Math.abs(last.value) + Math.abs(valueAtEnd))) return null;
    const clock = last.clock + offset;
    stepper.within(clock, scratch);
    const value = indicator.value(clock, scratch);
    return value > armed ? { clock, value } : null;
  }

  /**
   * Root of an indicator in (start of the step, `positive`]: first on the interpolated step, which costs little, then by secants on re-taken
   * steps, which are as accurate as the integration; bracketing (Illinois) throughout.
   */
  #locate(
    indicator: Indicator,
    valueAtStart: number,
    positive: { clock: number; value: number },
    stepper: AdaptiveIntegrator,
    scratch: Float64Array,
  ): number {
    const start = stepper.stepStart;
    // At rounding distance from 0 (a switch just before): it goes back at once.
    if (valueAtStart >= 0) return start;
    const interpolated = (clock: number) => {
      stepper.guessWithin(clock, scratch);
      return indicator.value(clock, scratch);
    };
    const exact = (clock: number) => {
      stepper.within(clock, scratch);
      return indicator.value(clock, scratch);
    };
    const span = positive.clock - start;
    const lo = { clock: start, value: valueAtStart };
    const rough = illinois(interpolated, lo, positive, 1e-7 * span);
    // Two exact values either side of the rough root, as far apart as it is uncertain, start the bracket.
    const value = exact(rough);
    const nearby = { clock: rough, value };
    const slope = (interpolated(rough + 1e-4 * span) - interpolated(rough - 1e-4 * span)) / (2e-4 * span);
    const newton = rough - (2 * value) / slope;
    const resolution = 1e-14 * Math.max(1, Math.abs(rough));
    if (newton > start && newton < positive.clock && Math.abs(value) > 1e-15) {
      const other = { clock: newton, value: exact(newton) };
      if (other.value > 0 !== value > 0) {
        return value > 0 ? illinois(exact, other, nearby, resolution) : illinois(exact, nearby, other, resolution);
      }
    }
    if (Math.abs(value) <= 1e-15) return rough;
    return value > 0
      ? illinois(exact, lo, nearby, resolution)
      : illinois(exact, nearby, positive, resolution);
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
    if (iteration % 20 === 19 || !(clock > Math.min(lo, hi) && clock < Math.max(lo, hi))) clock = 0.5 * (lo + hi);
    const value = f(clock);
    if (Math.abs(value) < 1e-15) return clock;
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
