import {
  NumericalFailure,
  ParameterError,
  requireChoice,
  requireFlag,
  requireKnownKeys,
} from '../numerics/checks.ts';
import type { CompiledSchedule } from '../guidance/compiled.ts';
import { compileForm } from '../guidance/forms/compile.ts';
import { overlapLimit } from '../guidance/forms/limit.ts';
import type { FormRule } from '../guidance/forms/rule.ts';
import { compileSchedule, scheduleStartShare } from '../guidance/schedule.ts';
import type { GuidedProblem } from '../problem/physics.ts';
import { finiteStart } from '../process/process.ts';
import { clockAtNoiseToSignal, signalShare } from '../process/variances.ts';
import { disorderAverages, type DisorderAverage } from './competing/branches.ts';
import { requireSolverOptions, solverDefaults, type SolverOptions } from './piecewise.ts';

/** Numerical and closure options; every one has a default. */
export interface SolveOptions extends SolverOptions {
  /** Average of the competing classes' free energy over the centres. */
  readonly average: DisorderAverage;
  /** Also compute vParallel (several times the cost). */
  readonly fluctuations: boolean;
  /** Also follow the static free energy to the data where the trajectory condenses. */
  readonly staticClosure: boolean;
}

/** Defaults of {@link SolveOptions}. */
export const solveDefaults: SolveOptions = {
  ...solverDefaults,
  average: 'quenched',
  fluctuations: true,
  staticClosure: true,
};

/** Fills in defaults. @throws ParameterError for unknown keys or inadmissible values */
export function resolveOptions(options: Partial<SolveOptions>): SolveOptions {
  requireKnownKeys('options', options, Object.keys(solveDefaults));
  const resolved = { ...solveDefaults, ...options };
  requireSolverOptions(resolved);
  requireChoice('average', resolved.average, disorderAverages);
  requireFlag('fluctuations', resolved.fluctuations);
  requireFlag('staticClosure', resolved.staticClosure);
  return resolved;
}

/** The rule of the problem's form, null for linear guidance. @throws ParameterError */
export function formRule({ form, process, sigma2 }: GuidedProblem): FormRule | null {
  return compileForm(form, { process, sigma2 });
}

/** Start of the flow, in the solver's clock and state (N, L). */
export interface FlowStart {
  readonly clock: number;
  readonly state: Float64Array;
  /** C_NN, C_NL, C_LL of the particles at the start (times d). */
  readonly covariance: readonly [number, number, number];
  readonly schedule: CompiledSchedule;
  /** State (N, L) at a clock before the start, where the asymptotic solution still holds; null for a finite start. */
  readonly earlier: ((clock: number) => Float64Array) | null;
}

// Largest e |w| s at an asymptotic start with constant w: the series below is then exact to rounding.
const seriesReach = 0.01;
const seriesTerms = 10;
// The spherical ensemble shares the series to second order (docs/theory/dynamics.md): its start is earlier.
const sphericalReach = 1e-4;
const sphericalTerms = 3;
// Where nothing is known beyond the first order, or one class dominates from the start.
const earlyShare = 1e-6;
// Of a form only the limit at infinite noise is known; its target must still be well below the spread there.
const formShare = 1e-12;
// Least share whose clock and square root are full numbers.
const leastShare = 1e-300;
// Of fluctuations only the leading order is known at the start.
const fluctuationShare = 1e-10;

/**
 * A share s = 1 - r for an asymptotic start, kept well before that of the data, 1/(1 + sigma2): whatever s the series admits, the trajectory
 * ends there.
 */
export function beforeData(share: number, sigma2: number): number {
  return Math.min(share, 0.1 / (1 + sigma2));
}

/**
 * The regular solution at infinite noise while the competing classes dominate, gaussian ensemble and constant w
 * (eq. asymptotic-series): with s = 1 - r and e = 1 + eta^2,
 *   m/a = sum_n c_n s^n,      c_0 = 1 + w,  c_n = c_(n-1) (n - 1 - e w/2)/(n + e/2),
 *   v/Gamma = sum_n b_n s^n,  b_0 = 1,      b_n = b_(n-1) (n - 1 - e w)/(n + e - 1).
 * @returns overlap ratio m/a and log(v/Gamma)
 */
export function asymptoticSeries(w: number, e: number, share: number, terms: number): [number, number] {
  let c = 1 + w;
  let b = 1;
  let power = 1;
  let overlapRatio = c;
  let varianceExcess = 0;
  for (let n = 1; n < terms; n++) {
    c *= (n - 1 - 0.5 * e * w) / (n + 0.5 * e);
    b *= (n - 1 - e * w) / (n + e - 1);
    power *= share;
    overlapRatio += c * power;
    varianceExcess += b * power;
  }
  return [overlapRatio, Math.log1p(varianceExcess)];
}

/**
 * The start of the flow (eq. asymptotic-start). Infinite noise is reached exactly, through the series of the
 * regular solution ({@link asymptoticSeries}) at a small s = 1 - r; a finite start at T has m = 0 and the prior's
 * variance.
 * @param schedule the problem's guidance, where it has been compiled already
 */
export function flowStart(
  problem: GuidedProblem,
  withCovariance: boolean,
  schedule: CompiledSchedule = compileSchedule(problem.guidance, problem),
): FlowStart {
  const { process, sigma2, startTime, sampler, alpha } = problem;
  const finite = startTime === null ? null : finiteStart(process, startTime);
  if (finite !== null) {
    // In the frame x/a, where Gamma = sigma2 + tau and D = Gamma + 1.
    const { tau, variance } = finite;
    if (!(sigma2 + tau > sigma2)) {
      throw new ParameterError(
        'startTime',
        `late enough that b^2/a^2 there is not lost beside sigma2 = ${sigma2}`,
        startTime,
      );
    }
    return {
      clock: clockAtNoiseToSignal(tau, sigma2),
      schedule,
      state: Float64Array.of(0, Math.log(variance / (sigma2 + tau))),
      covariance: [variance / (sigma2 + tau + 1), 0, 2],
      earlier: null,
    };
  }
  const at = (share: number, series: (share: number) => readonly [number, number]): FlowStart => {
    const stateAt = (s: number) => {
      const [overlapRatio, logVariance] = series(s);
      return Float64Array.of(Math.sqrt(s) * overlapRatio, logVariance);
    };
    if (!(share >= leastShare)) {
      throw new NumericalFailure(
        `the asymptotic start would be at 1 - r = ${share}, beyond the range of numbers`,
        'take alpha, w, eta or sigma2 less extreme, or a finite start time',
      );
    }
    return {
      clock: Math.log(share) - Math.log1p(-share),
      schedule,
      state: stateAt(share),
      covariance: [1, 0, 2],
      earlier: (clock) => stateAt(signalShare(clock)),
    };
  };
  const rule = formRule(problem);
  if (rule !== null) {
    const share = beforeData(formShare, sigma2);
    const M = overlapLimit(
      rule,
      problem.form?.kind,
      1 / share,
      schedule.coefficient(Math.log(share)),
      alpha === 0,
    );
    return at(share, () => [M, 0]);
  }
  const startShare = beforeData(withCovariance ? fluctuationShare : earlyShare, sigma2);
  // One class (or sub-exponentially many): it dominates from the start, and s_u = s_c whatever w.
  if (alpha === 0) return at(startShare, () => [1, 0]);
  const e = 1 + sampler.eta * sampler.eta;
  if (schedule.constant === null) {
    const share = scheduleStartShare(sigma2);
    const w0 = schedule.coefficient(Math.log(share));
    // Error of the start from neglecting w, relative to the effect of w = 1 at the data.
    if (!(Math.sqrt(share * (1 + sigma2)) * (1 + Math.abs(w0)) <= 1e-9)) {
      throw new ParameterError(
        'schedule',
        'bounded at infinite noise for the asymptotic start',
        schedule.description,
        `it reaches ${Number(w0.toPrecision(3))}: give a finite start time (--t-max)`,
      );
    }
    return at(share, (s) => asymptoticSeries(w0, e, s, 2));
  }
  const w = schedule.constant;
  // The start must lie well before the transition, which is at s = alpha/(w + 1/2) for small alpha (eq. small-alpha).
  const beforeTransition = (0.05 * alpha) / (1 + Math.abs(w));
  const strength = 1 + e * Math.abs(w);
  if (withCovariance) {
    const share = Math.min(startShare, 1e-3 * beforeTransition, 1e-6 / strength);
    return at(share, (s) => asymptoticSeries(w, e, s, 2));
  }
  const spherical = problem.ensemble === 'spherical';
  const reach = (spherical ? sphericalReach : seriesReach) / strength;
  const share = beforeData(Math.min(reach, beforeTransition), sigma2);
  return at(share, (s) => asymptoticSeries(w, e, s, spherical ? sphericalTerms : seriesTerms));
}
