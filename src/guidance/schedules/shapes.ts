import { logGamma } from '../../numerics/incompleteFunctions.ts';
import type { ScheduleEntry, ScheduleParameter } from './entry.ts';
import { controlFunction, gao, hoSalimans, jin, malarz, wang } from './sources.ts';

// Schedules that are w times a shape in sampling progress. All of them are read for the coefficient w; image tools apply
// some of them to the scale 1 + w, which the entries say.

const floor: ScheduleParameter = {
  name: 'floor',
  meaning: 'least value, in units of w',
  default: 0.5,
  least: 0,
  largest: 2,
};

const readings =
  'Read for the coefficient w (their ω); where a tool multiplies the scale 1 + w instead, early or late guidance is unconditional';

/** w at all times. */
const constant: ScheduleEntry = {
  id: 'constant',
  title: 'Constant',
  summary: 'The same coefficient at all times.',
  citation: hoSalimans,
  clock: 't',
  parameters: [],
  formula: 'w',
  nonNegative: true,
  strength: 'factor',
  write: (w) => `${w}`,
};

/** Shapes of mean 1 over progress, [Wang et al. 2024]: w is the mean. */
const linear: ScheduleEntry = {
  id: 'linear',
  title: 'Linear',
  summary: 'Increases linearly from 0; w is its mean over the steps.',
  citation: { ...wang, where: readings },
  clock: 'progress',
  parameters: [],
  formula: '2*w*progress',
  nonNegative: true,
  strength: 'factor',
  write: (w) => `${2 * w}*progress`,
};

const cosine: ScheduleEntry = {
  id: 'cosine',
  title: 'Cosine',
  summary: 'Increases from 0 to twice its mean w along half a cosine.',
  citation: { ...wang, where: readings },
  clock: 'progress',
  parameters: [],
  formula: 'w*(1 - cos(pi*progress))',
  nonNegative: true,
  strength: 'factor',
  write: (w) => `${w}*(1 - cos(pi*progress))`,
};

const inverseLinear: ScheduleEntry = {
  id: 'inverse-linear',
  title: 'Inverse linear',
  summary: 'Decreases linearly to 0; w is its mean over the steps.',
  citation: { ...wang, where: readings },
  clock: 'progress',
  parameters: [],
  formula: '2*w*(1 - progress)',
  nonNegative: true,
  strength: 'factor',
  write: (w) => `${2 * w}*(1 - progress)`,
};

const sine: ScheduleEntry = {
  id: 'sine',
  title: 'Sine',
  summary: 'Decreases from twice its mean w to 0, the mirror image of the cosine.',
  citation: { ...wang, where: `${readings}. There sin(π t/T − π/2) + 1 with t/T = 1 − progress` },
  clock: 'progress',
  parameters: [],
  formula: 'w*(1 + cos(pi*progress))',
  nonNegative: true,
  strength: 'factor',
  write: (w) => `${w}*(1 + cos(pi*progress))`,
};

const vShape: ScheduleEntry = {
  id: 'v-shape',
  title: 'V',
  summary: 'Falls linearly to 0 halfway and rises again; w is its mean over the steps.',
  citation: { ...wang, where: readings },
  clock: 'progress',
  parameters: [],
  formula: 'interpolate(progress, 0, 2*w, 0.5, 0, 1, 2*w)',
  nonNegative: true,
  strength: 'factor',
  write: (w) => `interpolate(progress, 0, ${2 * w}, 0.5, 0, 1, ${2 * w})`,
};

const lambdaShape: ScheduleEntry = {
  id: 'lambda-shape',
  title: 'Λ',
  summary: 'Rises linearly from 0 until halfway and falls again; w is its mean over the steps.',
  citation: { ...wang, where: readings },
  clock: 'progress',
  parameters: [],
  formula: 'interpolate(progress, 0, 0, 0.5, 2*w, 1, 0)',
  nonNegative: true,
  strength: 'factor',
  write: (w) => `interpolate(progress, 0, 0, 0.5, ${2 * w}, 1, 0)`,
};

const clampedLinear: ScheduleEntry = {
  id: 'clamped-linear',
  title: 'Clamped linear',
  summary: 'The linear schedule, never below a floor.',
  citation: {
    ...wang,
    where: 'max(c, ω(t)) with c = floor*w (they report c = 2 for SD 1.5 and 4 for SDXL)',
  },
  clock: 'progress',
  parameters: [floor],
  formula: 'w*max(floor, 2*progress)',
  nonNegative: true,
  strength: 'factor',
  write: (w, values) => `${w}*max(${values['floor']!}, 2*progress)`,
};

const clampedCosine: ScheduleEntry = {
  id: 'clamped-cosine',
  title: 'Clamped cosine',
  summary: 'The cosine schedule, never below a floor.',
  citation: { ...wang, where: 'max(c, ω(t)) with c = floor*w' },
  clock: 'progress',
  parameters: [floor],
  formula: 'w*max(floor, 1 - cos(pi*progress))',
  nonNegative: true,
  strength: 'factor',
  write: (w, values) => `${w}*max(${values['floor']!}, 1 - cos(pi*progress))`,
};

const powerCosine: ScheduleEntry = {
  id: 'power-cosine',
  title: 'Power cosine',
  summary: 'Increases from 0 to w along half a cosine of a power of progress.',
  citation: { ...gao, where: 'their sampler: the scale is 1 + w (1 − cos(π (1 − t/T)^s))/2' },
  clock: 'progress',
  parameters: [{ name: 'power', meaning: 'exponent s of progress', default: 4, least: 0.01, largest: 100 }],
  formula: 'w*(1 - cos(pi*progress^power))/2',
  nonNegative: true,
  strength: 'factor',
  write: (w, values) => `${0.5 * w}*(1 - cos(pi*progress^${values['power']!}))`,
};

const triangular: ScheduleEntry = {
  id: 'triangular',
  title: 'Triangular, same average',
  summary: 'Rises linearly to a peak and falls again, with mean w over the steps whatever the peak.',
  citation: {
    ...jin,
    where:
      'their time-varying CFG: the scale runs from 1 to 2(1 + w) − 1 halfway and back, which is the default',
  },
  clock: 'progress',
  parameters: [
    { name: 'low', meaning: 'value at both ends, in units of w', default: 0, least: 0, largest: 1 },
    {
      name: 'peak',
      meaning: 'progress at the peak',
      default: 0.5,
      least: 0,
      largest: 1,
      openLeast: true,
      openLargest: true,
    },
  ],
  formula: 'interpolate(progress, 0, low*w, peak, (2 - low)*w, 1, low*w)',
  nonNegative: true,
  strength: 'factor',
  write: (w, values) => {
    const low = values['low']! * w;
    return `interpolate(progress, 0, ${low}, ${values['peak']!}, ${2 * w - low}, 1, ${low})`;
  },
};

const exponential: ScheduleEntry = {
  id: 'exponential',
  title: 'Exponential',
  summary: 'Grows exponentially from w at the start (decays if the rate is negative).',
  citation: {
    ...controlFunction,
    where:
      'ω₀ exp(λ (1 − t)) with the noise level t and λ = ln 2 for their DiT; here in progress, for the coefficient',
  },
  clock: 'progress',
  parameters: [
    {
      name: 'rate',
      meaning: 'log of the ratio of the last value to the first',
      default: Math.LN2,
      least: -10,
      largest: 10,
    },
  ],
  formula: 'w*exp(rate*progress)',
  nonNegative: true,
  strength: 'factor',
  write: (w, values) => `${w}*exp(${values['rate']!}*progress)`,
};

const betaShape: readonly ScheduleParameter[] = [
  { name: 'a', meaning: 'first exponent of the beta density, plus 1', default: 2, least: 1, largest: 50 },
  { name: 'b', meaning: 'second exponent of the beta density, plus 1', default: 3, least: 1, largest: 50 },
];

/** The beta density in progress times a factor, as a formula. Mean over progress: the factor. */
function betaDensity(factor: number, { a, b }: Readonly<Record<string, number>>): string {
  const norm = factor * Math.exp(logGamma(a! + b!) - logGamma(a!) - logGamma(b!));
  return `${norm}*progress^${a! - 1}*(1 - progress)^${b! - 1}`;
}

const beta: ScheduleEntry = {
  id: 'beta',
  title: 'Beta',
  summary: 'A beta density in progress times w, which is its mean: zero at both ends for a, b > 1.',
  citation: {
    ...malarz,
    where:
      'their time profile (a = 2, b = 3 in their example) for the coefficient; without their normalisation of s_c − s_u',
  },
  clock: 'progress',
  parameters: betaShape,
  formula: 'w*progress^(a - 1)*(1 - progress)^(b - 1)/B(a, b)',
  nonNegative: true,
  strength: 'factor',
  write: betaDensity,
};

const betaScale: ScheduleEntry = {
  id: 'beta-scale',
  title: 'Beta, of the scale',
  summary: 'A beta density times the scale 1 + w: unconditional, w = −1, at both ends for a, b > 1.',
  citation: {
    ...malarz,
    where: 'their code with γ = 0: s_u + (1 + w) β(progress) (s_c − s_u)',
  },
  clock: 'progress',
  parameters: betaShape,
  formula: '(1 + w)*progress^(a - 1)*(1 - progress)^(b - 1)/B(a, b) - 1',
  nonNegative: false,
  strength: 'level',
  write: (w, values) => `${betaDensity(1 + w, values)} - 1`,
};

/** Entries of this file, in the order of the catalogue. */
export const shapes: readonly ScheduleEntry[] = [
  constant,
  linear,
  cosine,
  inverseLinear,
  sine,
  vShape,
  lambdaShape,
  clampedLinear,
  clampedCosine,
  powerCosine,
  triangular,
  exponential,
  beta,
  betaScale,
];
