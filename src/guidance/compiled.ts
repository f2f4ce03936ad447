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

// A panel this narrow in the clock, on which w varies by this much times its width, is a feature that even grids would step over.
const narrow = 0.1;
const noticeable = 1e-3;
const pieces = 8;

/** Clocks at which a time grid must have nodes: the breakpoints, and eight steps in each narrow panel on which w varies. */
export function scheduleStops({ breakpoints, panels, coefficient }: CompiledSchedule): number[] {
  const stops = [...breakpoints];
  for (let i = 1; i < panels.length; i++) {
    const width = panels[i]! - panels[i - 1]!;
    if (!(width < narrow)) continue;
    const inside = Array.from({ length: pieces - 1 }, (_, k) => panels[i - 1]! + (width * (k + 1)) / pieces);
    const values = inside.map(coefficient);
    if ((Math.max(...values) - Math.min(...values)) * width > noticeable)
      stops.push(panels[i - 1]!, ...inside, panels[i]!);
  }
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
