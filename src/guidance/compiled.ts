import { requireFinite, requireMembers } from '../numerics/checks.ts';
import { clockAtNoiseToSignal } from '../process/variances.ts';

/**
 * A guidance schedule resolved against a problem: the coefficient w as a function of the solver clock
 * lambda = log(a^2/Gamma) (process/variances.ts), whatever clock it was written in. The mean field and the
 * particles run on this alone.
 */
export interface CompiledSchedule {
  /** The schedule as the user wrote it, for records and captions. */
  readonly description: string;
  /** The value of w if it is the same at all times, else null. */
  readonly constant: number | null;
  /** Coefficient w at the solver clock. */
  readonly coefficient: (clock: number) => number;
  /**
   * Coefficient at a moment given by its own noise-to-signal variance tau, as the steps of a sampler are. A threshold of the
   * schedule that this moment stands on within rounding counts as reached exactly. Absent where w is known on the solver
   * clock only.
   */
  readonly coefficientAtNoise?: (tau: number) => number;
  /** Values of the solver clock where w may jump or have a kink (ascending); integrators stop there. */
  readonly breakpoints: readonly number[];
  /** Ends of panels on each of which w is smooth (ascending, breakpoints among them); no step of an integration or quadrature crosses one. */
  readonly panels: readonly number[];
}

/** Throws unless `schedule` is a compiled one. */
export function requireSchedule(schedule: CompiledSchedule): void {
  requireMembers('schedule', schedule, {
    description: 'text',
    coefficient: 'function',
    breakpoints: 'list',
    panels: 'list',
  });
  if (schedule.constant !== null) requireFinite('schedule.constant', schedule.constant);
}

/** A schedule with w = 0 before a clock: before a finite start of sampling it is not used, and may not even be finite. */
export function scheduleFrom(schedule: CompiledSchedule, start: number): CompiledSchedule {
  const { coefficient, breakpoints, panels, description } = schedule;
  return {
    description,
    constant: null,
    coefficient: (clock) => (clock < start ? 0 : coefficient(clock)),
    breakpoints: [start, ...breakpoints],
    panels: [start, ...panels],
  };
}

// Panels this narrow in the clock make a feature, if w sticks out of its values at their ends by this much times their width.
const narrow = 0.1;
const noticeable = 1e-3;
const pieces = 8;

/** Clocks at which a time grid must have nodes: the breakpoints, and eight steps in each panel of a narrow feature that even grids would step over. */
export function scheduleStops({ breakpoints, panels, coefficient }: CompiledSchedule): number[] {
  const stops = [...breakpoints];
  let feature: number[] = [];
  panels.forEach((end, i) => {
    const next = panels[i + 1];
    if (next !== undefined && next - end < narrow) {
      for (let k = 0; k < pieces; k++) feature.push(end + ((next - end) * k) / pieces);
      return;
    }
    // One value of w inside each piece: it may jump at the ends.
    const values = feature.map((from, k) => coefficient(0.5 * (from + (feature[k + 1] ?? end))));
    const [first, last] = [values[0] ?? 0, values.at(-1) ?? 0];
    const above = Math.max(...values) - Math.max(first, last);
    const below = Math.min(first, last) - Math.min(...values);
    if (Math.max(above, below) * (end - feature[0]!) > noticeable) stops.push(...feature, end);
    feature = [];
  });
  return [...new Set(stops)].sort((a, b) => a - b);
}

/** Coefficient at a noise-to-signal variance tau: exact on the thresholds of a compiled formula, else through the solver clock. */
export function coefficientAtNoise(
  { coefficient, coefficientAtNoise: own }: CompiledSchedule,
  tau: number,
  sigma2: number,
): number {
  return own === undefined ? coefficient(clockAtNoiseToSignal(tau, sigma2)) : own(tau);
}
