import { defaultHorizon } from '../guidance/schedules/horizon.ts';
import { scheduleInClock } from '../guidance/schedules/clocks.ts';
import type { WrittenSchedule } from '../guidance/written.ts';
import type { ForwardProcess } from '../process/process.ts';
import { dataClock, noiseToSignalAtClock } from '../process/variances.ts';
import type { Candidate } from './candidate.ts';
import type { DesignFamily, DesignLimits, DesignProblem } from './problem.ts';

/** A schedule as text in process time, with the parameters written in it. */
export interface WrittenCandidate {
  readonly schedule: WrittenSchedule;
  readonly parameters: Readonly<Record<string, number>>;
}

/** A number to six significant digits, as written in formulas. */
export const rounded = (value: number): number => Number(value.toPrecision(6));

/** Process time at a solver clock. */
export function timeAtClock({ process, sigma2 }: { process: ForwardProcess; sigma2: number }, clock: number) {
  return process.timeAtNoiseToSignal(noiseToSignalAtClock(clock, sigma2));
}

/**
 * A family of schedules that are positive early and negative late. Two parameters have one meaning in all of them:
 * `strength`, the largest w, on which separation grows; and `turn`, the solver clock at which w changes sign: the
 * later, the smaller v. The others are free, each in [0, 1].
 */
export interface SignFamily {
  readonly name: DesignFamily;
  readonly freeCount: number;
  /** Values of the free parameters with which a search begins. */
  readonly starts: readonly (readonly number[])[];
  /** Latest `turn` for free parameters. */
  latestTurn(free: readonly number[]): number;
  build(strength: number, turn: number, free: readonly number[]): Candidate;
  write(strength: number, turn: number, free: readonly number[]): WrittenCandidate;
}

/** Smallest share of the limit that a negative level may have. */
export const leastShare = 0.01;
/** Solver clock before which no window begins: 1 - r = 2e-4. */
export const earliestTurn = -8.5;

/** The families with levels and straight lines, for a problem and the limits of w. */
export function signFamily(name: DesignFamily, problem: DesignProblem, limits: DesignLimits): SignFamily {
  const { process, sigma2 } = problem;
  const data = dataClock(sigma2);
  const tauAt = (clock: number) => noiseToSignalAtClock(clock, sigma2);
  const timeAt = (clock: number) => rounded(timeAtClock(problem, clock));
  const levelOf = (free: number) => limits.least * Math.max(leastShare, free);
  switch (name) {
    case 'linear-window':
      // w = min(cap, w0 + omega tau), with omega such that w vanishes at the turn.
      return {
        name,
        freeCount: 1,
        starts: [[0.2], [0.45], [0.7], [1]],
        latestTurn: () => data - 1e-3,
        build(strength, turn, [late]) {
          const w0 = levelOf(late!);
          const omega = -w0 / tauAt(turn);
          return {
            coefficient: (tau) => Math.min(strength, w0 + omega * tau),
            breakpoints: [(strength - w0) / omega],
          };
        },
        write(strength, turn, [late]) {
          const w0 = rounded(levelOf(late!));
          const omega = rounded(-w0 / tauAt(turn));
          const cap = rounded(strength);
          const inTau: WrittenSchedule = { schedule: `min(${cap}, ${w0} + ${omega}*tau)`, clock: 'tau' };
          return {
            schedule: scheduleInClock(inTau, 't', process, defaultHorizon(process)),
            parameters: { cap, w0, omega },
          };
        },
      };
    case 'three-level': {
      // The last switch, between the noise (0) and the data (1) on the scale of l = -log r.
      const lastAt = (free: number) => Math.log(Math.expm1(free * Math.log1p(1 / sigma2)));
      return {
        name,
        freeCount: 2,
        starts: [0.2, 0.6].flatMap((late) => [0.35, 0.5, 0.7].map((last) => [late, last])),
        latestTurn: ([, last]) => lastAt(last!) - 1e-4,
        build(strength, turn, [late, last]) {
          const first = tauAt(turn);
          const second = tauAt(lastAt(last!));
          const level = levelOf(late!);
          return {
            coefficient: (tau) => (tau > first ? strength : tau > second ? level : 0),
            breakpoints: [first, second],
          };
        },
        write(strength, turn, [late, last]) {
          const parameters = {
            wPlus: rounded(strength),
            tSwitch: timeAt(turn),
            wMinus: rounded(levelOf(late!)),
            tOff: timeAt(lastAt(last!)),
          };
          const { wPlus, tSwitch, wMinus, tOff } = parameters;
          const schedule = `t > ${tSwitch} ? ${wPlus} : (t > ${tOff} ? ${wMinus} : 0)`;
          return { schedule: { schedule, clock: 't' }, parameters };
        },
      };
    }
    default:
      return {
        name: 'two-level',
        freeCount: 1,
        starts: [[0.2], [0.45], [0.7], [1]],
        latestTurn: () => data,
        build(strength, turn, [late]) {
          const first = tauAt(turn);
          const level = levelOf(late!);
          return { coefficient: (tau) => (tau > first ? strength : level), breakpoints: [first] };
        },
        write(strength, turn, [late]) {
          return writeTwoLevel(strength, timeAt(turn), levelOf(late!));
        },
      };
  }
}

/** Text of a two-level schedule that switches at a process time. */
export function writeTwoLevel(positive: number, time: number, negative: number): WrittenCandidate {
  const parameters = { wPlus: rounded(positive), tSwitch: rounded(time), wMinus: rounded(negative) };
  const { wPlus, tSwitch, wMinus } = parameters;
  return { schedule: { schedule: `t > ${tSwitch} ? ${wPlus} : ${wMinus}`, clock: 't' }, parameters };
}
