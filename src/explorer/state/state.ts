import { scheduleClocks, type ScheduleClock } from '../../guidance/schedule.ts';
import type { SamplerName } from '../../guidance/sampler.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import type { ProcessName } from '../../process/process.ts';

/** A point of a schedule drawn by hand: OU time, and the coefficient there. */
export type DrawnPoint = readonly [time: number, w: number];

/** Source of the guidance coefficient. */
export type ScheduleChoice =
  | { readonly kind: 'constant' }
  /** Of the catalogue, of strength w. */
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'formula'; readonly text: string; readonly clock: ScheduleClock }
  /** Linear between the points, constant beyond them; ascending in time. */
  | { readonly kind: 'drawn'; readonly points: readonly DrawnPoint[] };

/** State of the few-class view. */
export interface FewClassChoice {
  /** Id of a mixture (fewClassMixtures.ts). */
  readonly preset: string;
  readonly w: number;
}

/** State of the page: everything that it shows is a function of it. */
export interface ExplorerState {
  readonly alpha: number;
  /** Constant coefficient, or the strength of a named schedule. */
  readonly w: number;
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
  readonly sampler: SamplerName;
  readonly process: ProcessName;
  readonly schedule: ScheduleChoice;
  readonly dimension: number;
  readonly particles: number;
  readonly realizations: number;
  readonly seed: number;
  /** Place of the time slider, in OU time; null: at the data. */
  readonly time: number | null;
  readonly few: FewClassChoice;
  /** Chapter of the story, or null. */
  readonly preset: string | null;
}

/** Initial state of the page. */
export const defaultState: ExplorerState = {
  alpha: 0.5,
  w: 1,
  sigma2: 0.25,
  ensemble: 'gaussian',
  sampler: 'ode',
  process: 'ou',
  schedule: { kind: 'constant' },
  dimension: 16,
  particles: 200,
  realizations: 16,
  seed: 1,
  time: null,
  few: { preset: 'triangle', w: 3 },
  preset: null,
};

/** Ends of every number, both included. */
export const limits = {
  alpha: [0.01, 2],
  w: [-0.8, 8],
  sigma2: [0.05, 2],
  dimension: [4, 512],
  particles: [20, 5000],
  realizations: [2, 64],
  seed: [0, 2 ** 31 - 1],
  time: [0, 5],
  fewW: [0, 150],
  /** Of a point drawn by hand. */
  drawnTime: [0, 5],
  drawnW: [-2, 12],
} as const satisfies Record<string, readonly [number, number]>;

/** Numbers that must be whole. */
export const wholeNumbers = ['dimension', 'particles', 'realizations', 'seed'] as const;

/** Most characters of a formula in the page's address, and most points of a drawn schedule. */
export const mostFormulaCharacters = 500;
export const mostDrawnPoints = 64;

/** Clocks of a formula, for a menu. */
export const formulaClocks = scheduleClocks;

/** Largest OU time that charts and the time slider show. */
export const latestTime = 4;
