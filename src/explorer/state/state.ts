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

/** Parts of the state that make the guidance problem. */
export interface GuidedState {
  readonly alpha: number;
  /** Constant coefficient, or the strength of a named schedule. */
  readonly w: number;
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
  readonly sampler: SamplerName;
  readonly process: ProcessName;
  readonly schedule: ScheduleChoice;
}

/** Quantity of the phase diagram's map. */
export const mapQuantities = ['m', 'v'] as const;

/** Colours of the page; `auto` follows the system. */
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** State of the page: everything that it shows is a function of it. */
export interface ExplorerState extends GuidedState {
  readonly dimension: number;
  readonly particles: number;
  readonly realizations: number;
  readonly seed: number;
  /** Place of the time slider, in OU time; null: at the data. */
  readonly time: number | null;
  readonly few: FewClassChoice;
  /** Id of the class law of the view of structured classes (structuredLaws.ts). */
  readonly law: string;
  /** Chapter of the story or task of the worksheet, or null. */
  readonly preset: string | null;
  readonly map: (typeof mapQuantities)[number];
  readonly theme: Theme;
  /** Problem whose curves stay beside those of the state. */
  readonly pin: GuidedState | null;
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
  law: 'spectrum',
  preset: null,
  map: 'm',
  theme: 'auto',
  pin: null,
};

/** The guidance problem of a state. */
export function guidedPart(state: GuidedState): GuidedState {
  const { alpha, w, sigma2, ensemble, sampler, process, schedule } = state;
  return { alpha, w, sigma2, ensemble, sampler, process, schedule };
}

/** True if w sets the guidance: as a constant, or as the strength of a named schedule. */
export function usesW({ schedule }: Pick<GuidedState, 'schedule'>): boolean {
  return schedule.kind === 'constant' || schedule.kind === 'named';
}

/** The guidance scale of image tools, 1 + w, and back, without the rounding of the sum. */
export const scaleOf = (w: number): number => Number((1 + w).toPrecision(12));
export const coefficientOf = (scale: number): number => Number((scale - 1).toPrecision(12));

/** Ends of every number, both included. */
export const limits = {
  alpha: [0.01, 2],
  w: [-0.8, 8],
  /** 1 + w */
  scale: [0.2, 9],
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
