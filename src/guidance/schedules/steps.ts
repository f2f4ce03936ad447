import { ParameterError } from '../../numerics/checks.ts';
import type { ScheduleEntry, ScheduleParameter } from './entry.ts';
import { jin, kynkaanniemi } from './sources.ts';

// Schedules that switch between two levels, both of the sign of w.

const fraction = (meaning: string): ScheduleParameter => ({
  name: 'fraction',
  meaning,
  default: 0.5,
  least: 0,
  largest: 1,
  openLeast: true,
  openLargest: true,
});

const at: ScheduleParameter = {
  name: 'at',
  meaning: 'progress at the step',
  default: 0.25,
  least: 0,
  largest: 1,
  openLeast: true,
  openLargest: true,
};

const ratio: ScheduleParameter = {
  name: 'ratio',
  meaning: 'low level in units of w',
  default: 1 / 3,
  least: 0,
  largest: 1,
};

const limitedInterval: ScheduleEntry = {
  id: 'limited-interval',
  title: 'Limited interval',
  summary: 'w at noise levels in (sigma_lo, sigma_hi], no guidance outside.',
  citation: {
    ...kynkaanniemi,
    where:
      'their (0.19, 1.61] for EDM2-XXL on ImageNet-512, steps 17 to 22 of 32, divided by the data scale 0.5; here in units of the class centres, sigma = sqrt(tau)',
  },
  clock: 'tau',
  parameters: [
    { name: 'sigma_lo', meaning: 'lower noise level, not included', default: 0.38, least: 0, largest: 1e5 },
    { name: 'sigma_hi', meaning: 'upper noise level, included', default: 3.22, least: 0, largest: 1e5 },
  ],
  formula: 'tau > sigma_lo^2 and tau <= sigma_hi^2 ? w : 0',
  nonNegative: true,
  strength: 'factor',
  write: (w, { sigma_lo: low, sigma_hi: high }) => {
    if (!(low! < high!)) {
      throw new ParameterError('sigma_lo', `below sigma_hi = ${high!}`, low, 'the interval is upside down');
    }
    return `tau > ${low! ** 2} and tau <= ${high! ** 2} ? ${w} : 0`;
  },
};

const earlyOnly: ScheduleEntry = {
  id: 'early-only',
  title: 'Early only',
  summary: 'w for the first part of the steps, no guidance after it. In common use; of no single author.',
  citation: null,
  clock: 'progress',
  parameters: [fraction('guided share of the steps, from the start')],
  formula: 'progress < fraction ? w : 0',
  nonNegative: true,
  strength: 'factor',
  write: (w, values) => `progress < ${values['fraction']!} ? ${w} : 0`,
};

const lateOnly: ScheduleEntry = {
  id: 'late-only',
  title: 'Late only',
  summary: 'No guidance, then w for the last part of the steps. In common use; of no single author.',
  citation: null,
  clock: 'progress',
  parameters: [fraction('guided share of the steps, to the end')],
  formula: 'progress < 1 - fraction ? 0 : w',
  nonNegative: true,
  strength: 'factor',
  write: (w, values) => `progress < ${1 - values['fraction']!} ? 0 : ${w}`,
};

const stepUp: ScheduleEntry = {
  id: 'step-up',
  title: 'Step up',
  summary: 'A low level early, w after the step.',
  citation: {
    ...jin,
    where:
      'their early low weight: a third of the scale up to progress 0.25; here a third of the coefficient',
  },
  clock: 'progress',
  parameters: [at, ratio],
  formula: 'progress < at ? ratio*w : w',
  nonNegative: true,
  strength: 'factor',
  write: (w, values) => `progress < ${values['at']!} ? ${values['ratio']! * w} : ${w}`,
};

const stepDown: ScheduleEntry = {
  id: 'step-down',
  title: 'Step down',
  summary: 'w early, a low level after the step.',
  citation: {
    ...jin,
    where:
      'their early high weight: a third of the scale from progress 0.25 on; here a third of the coefficient',
  },
  clock: 'progress',
  parameters: [at, ratio],
  formula: 'progress < at ? w : ratio*w',
  nonNegative: true,
  strength: 'factor',
  write: (w, values) => `progress < ${values['at']!} ? ${w} : ${values['ratio']! * w}`,
};

/** Entries of this file, in the order of the catalogue. */
export const steps: readonly ScheduleEntry[] = [limitedInterval, earlyOnly, lateOnly, stepUp, stepDown];
