import { scheduleCatalogue } from '../../../src/guidance/schedules/catalogue.ts';
import { presets } from '../../../src/explorer/state/presets.ts';
import {
  defaultState,
  guidedPart,
  type ExplorerState,
  type ScheduleChoice,
} from '../../../src/explorer/state/state.ts';
import { tasks } from '../../../src/explorer/state/worksheet.ts';

/** A schedule of every kind, and every one of the catalogue. */
export const schedules: readonly ScheduleChoice[] = [
  { kind: 'constant' },
  ...scheduleCatalogue.map(({ id }): ScheduleChoice => ({ kind: 'named', name: id })),
  { kind: 'formula', text: '1 + 2*tau & x=#%"\'<script>', clock: 'tau' },
  { kind: 'formula', text: 't > 0.5 ? 2 : 0', clock: 't' },
  { kind: 'formula', text: 'min(3, 1 + logsnr^2/50)', clock: 'logsnr' },
  { kind: 'formula', text: '2*progress', clock: 'progress' },
  {
    kind: 'drawn',
    points: [
      [0, -1],
      [0.25, 1.5],
      [3, 0],
    ],
  },
];

/** States that differ from the default in every field, between them. */
export const states: readonly ExplorerState[] = [
  defaultState,
  ...presets.map(({ state }) => state),
  {
    alpha: 0.3,
    w: -0.4,
    sigma2: 0.1,
    ensemble: 'spherical',
    sampler: 'sde',
    process: 'flow',
    schedule: { kind: 'constant' },
    dimension: 12,
    particles: 50,
    realizations: 4,
    seed: 12_345,
    time: 0.75,
    few: { preset: 'pair', w: 7.5 },
    law: 'levels',
    preset: 'exponential',
    map: 'v',
    theme: 'dark',
    pin: guidedPart(defaultState),
  },
  ...tasks.map(({ state }) => state),
  {
    ...defaultState,
    pin: { ...guidedPart(defaultState), alpha: 0.7, sampler: 'sde', schedule: schedules[1]! },
  },
  { ...defaultState, process: 've', time: 0, few: { preset: 'row-large-steps', w: 120 }, law: 'widths' },
  { ...defaultState, alpha: 0.1 + 0.2, w: 1 / 3, few: { preset: 'triangle', w: 0.1 }, law: 'spectrum' },
  ...schedules.map((schedule) => ({ ...defaultState, schedule })),
];
