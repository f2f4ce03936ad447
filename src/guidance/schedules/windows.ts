import { ParameterError } from '../../numerics/checks.ts';
import type { ScheduleEntry, ScheduleParameter } from './entry.ts';
import { chung, ventura } from './sources.ts';

// Schedules with a part below zero.

const linearNegativeWindow: ScheduleEntry = {
  id: 'linear-negative-window',
  title: 'Linear with a negative window',
  summary:
    'Linear in the noise-to-signal variance, negative near the data, held at w where it would exceed it.',
  citation: { ...ventura, where: 'w0 + omega*tau; the cap at w keeps it bounded at infinite noise' },
  clock: 'tau',
  parameters: [
    { name: 'w0', meaning: 'value at the data', default: -1, least: -1, largest: 0 },
    { name: 'omega', meaning: 'slope in tau', default: 0.3, least: 0, largest: 1e6, openLeast: true },
  ],
  formula: 'min(w, w0 + omega*tau)',
  nonNegative: false,
  strength: 'level',
  write: (w, values) => `min(${w}, ${values['w0']!} + ${values['omega']!}*tau)`,
};

const stepToMinusOne: ScheduleEntry = {
  id: 'step-to-minus-one',
  title: 'Step to −1',
  summary: 'w, then a negative level for the last part of the steps; −1 is the unconditional model.',
  citation: { ...ventura, where: 'guidance early, unconditional for the last 30 to 50 % of the steps' },
  clock: 'progress',
  parameters: [
    {
      name: 'fraction',
      meaning: 'share of the steps at the late level',
      default: 0.4,
      least: 0,
      largest: 1,
      openLeast: true,
      openLargest: true,
    },
    { name: 'late', meaning: 'late level', default: -1, least: -1, largest: 0 },
  ],
  formula: 'progress < 1 - fraction ? w : late',
  nonNegative: false,
  strength: 'level',
  write: (w, values) => `progress < ${1 - values['fraction']!} ? ${w} : ${values['late']!}`,
};

/** w, then -1 from r1 = r0^(1/(1 + w)) on (eq. neutral-window), r = (sigma2 + tau)/(1 + sigma2 + tau). */
const neutralStep: ScheduleEntry = {
  id: 'neutral-step',
  title: 'Neutral step',
  summary:
    'w, then −1 from where the ODE ends with the variance of the class, infinitely many classes given. Our own (closed forms).',
  citation: null,
  clock: 'tau',
  parameters: [
    {
      name: 'sigma2',
      meaning: 'variance inside a class it is made for',
      default: 0.25,
      least: 0,
      largest: 1000,
      openLeast: true,
    },
  ],
  formula: 'tau > r1/(1 - r1) - sigma2 ? w : -1 with r1 = (sigma2/(1 + sigma2))^(1/(1 + w))',
  nonNegative: false,
  strength: 'level',
  write: (w, values) => {
    const sigma2 = values['sigma2']!;
    if (!(w > -1)) throw new ParameterError('w', '> -1 for the neutral step', w);
    // r1/(1 - r1) without cancellation: -log(r1) is log(1 + 1/sigma2)/(1 + w).
    const turn = 1 / Math.expm1(Math.log1p(1 / sigma2) / (1 + w)) - sigma2;
    return `tau > ${turn} ? ${w} : -1`;
  },
};

const lambda: ScheduleParameter = {
  name: 'lambda',
  meaning: 'their guidance strength',
  default: 0.6,
  least: 0,
  largest: 1,
  openLeast: true,
};
const stepCount: ScheduleParameter = {
  name: 'steps',
  meaning: 'number of sampler steps',
  default: 50,
  least: 1,
  largest: 1000,
  integer: true,
};

/**
 * CFG++ with DDIM: denoise with s_u + lambda (s_c - s_u), renoise with s_u. In the frame y = x/a, sigma = sqrt(tau),
 *   y' = y + (sigma' - sigma) e_u - sigma lambda (e_c - e_u),   e = -sigma s,
 * which is a CFG step of scale 1 + w = lambda sigma/(sigma - sigma'). Here sigma' is one step later on a grid that is even
 * in OU time: 1 + tau' = (1 + tau) q, q = exp(-2 horizon/steps).
 */
const cfgPlusPlus: ScheduleEntry = {
  id: 'cfg-plus-plus',
  title: 'CFG++ (equivalent), steps even in OU time',
  summary:
    'The coefficient with which a CFG step equals a CFG++ step; it grows with the number of steps and ends at lambda − 1 < 0.',
  citation: { ...chung, where: 'their DDIM sampler; the equivalent scale is our derivation' },
  clock: 'tau',
  parameters: [
    lambda,
    stepCount,
    {
      name: 'horizon',
      meaning: 'OU time of the first step',
      default: 3,
      least: 1.5,
      largest: 20,
    },
  ],
  formula:
    'tau > 1/q - 1 ? lambda/(1 - sqrt(q - (1 - q)/tau)) - 1 : lambda - 1 with q = exp(-2*horizon/steps)',
  nonNegative: false,
  strength: 'none',
  strengthParameter: 'lambda',
  write: (_w, values) => {
    const span = (2 * values['horizon']!) / values['steps']!;
    const lambdaValue = values['lambda']!;
    // In the last step sigma' = 0: rounding of its own noise level must not hide that.
    const last = Math.expm1(span) * (1 + 1e-9);
    return `tau > ${last} ? ${lambdaValue}/(1 - sqrt(${Math.exp(-span)} - ${-Math.expm1(-span)}/tau)) - 1 : ${lambdaValue} - 1`;
  },
};

/** CFG++ on a grid that is even in flow time t = sigma/(1 + sigma), from t = 1. */
const cfgPlusPlusFlow: ScheduleEntry = {
  id: 'cfg-plus-plus-flow',
  title: 'CFG++ (equivalent), steps even in flow time',
  summary: 'The same for steps that are even in flow-matching time; it begins and ends at lambda − 1 < 0.',
  citation: { ...chung, where: 'their DDIM sampler; the equivalent scale is our derivation' },
  clock: 'tau',
  parameters: [lambda, stepCount],
  formula:
    "lambda/(1 - s'/s) - 1 with s = sqrt(tau), u = 1/(1 + s), s'/s = u*max(0, 1 - u - 1/steps)/((1 - u)*(u + 1/steps))",
  nonNegative: false,
  strength: 'none',
  strengthParameter: 'lambda',
  write: (_w, values) => {
    const h = 1 / values['steps']!;
    const u = '(1/(1 + sqrt(tau)))';
    // 1 - s'/s = h/((1 - u) (u + h)), and 1 in the last step.
    return `1 - ${u} > ${h} ? ${values['lambda']!}*(1 - ${u})*(${u} + ${h})/${h} - 1 : ${values['lambda']!} - 1`;
  },
};

/** Entries of this file, in the order of the catalogue. */
export const windows: readonly ScheduleEntry[] = [
  linearNegativeWindow,
  stepToMinusOne,
  neutralStep,
  cfgPlusPlus,
  cfgPlusPlusFlow,
];
