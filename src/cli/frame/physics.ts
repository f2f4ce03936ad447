import { formulaFunctionNames } from '../../guidance/formulaNames.ts';
import { formText, parseForm, type GuidanceForm } from '../../guidance/forms/form.ts';
import { shortNumber } from '../../figures/drawing/theme.ts';
import {
  samplerLabel,
  samplers,
  samplerWithEta,
  type Sampler,
  type SamplerName,
} from '../../guidance/sampler.ts';
import { scheduleClocks } from '../../guidance/schedule.ts';
import type { GuidanceText } from '../../guidance/written.ts';
import { parseLevels } from '../../mixture/classLawText.ts';
import { ensembles, type ClassEnsemble } from '../../mixture/ensemble.ts';
import { solveDefaults, type SolveOptions } from '../../meanfield/problem.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { integratorNames } from '../../numerics/ode/integrator.ts';
import { processes, requireStartTime, type ProcessName } from '../../process/process.ts';
import { guidedProblem, type PhysicsData } from '../../problem/data.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { group, mapped, missing, needed, type OptionWords, type RawOptions } from './input.ts';
import { choice, integer, nonNegative, number, positive, range, rate, text, type Domain } from './options.ts';

// Where the numbers of the mean field and of the particles have been checked, with a margin: beyond lie failures without a reason
// in the physics (exp overflows, steps below the rounding of the clock).
const checked = (least: number, most: number, condition = `in [${least}, ${most}]`): Domain => ({
  text: null,
  require: (name, value) => {
    if (value < least || value > most) throw new ParameterError(name, condition, value);
  },
});
const mostEta = checked(-Infinity, 100, 'at most 100');

/** Guidance coefficients and scales. */
export const guidanceRange = checked(-1e6, 1e6);

const sigma2Range = checked(1e-12, 1e9);

/** Variance inside a class, in (0, infinity) and there in the range that has been checked. */
export const sigma2Domain: Domain = {
  text: '> 0',
  require: (name, value) => {
    if (!(value > 0)) throw new ParameterError(name, 'a finite number > 0', value);
    sigma2Range.require(name, value);
  },
};

/** --alpha of one problem. */
export const alphaOption = rate('class rate log(K)/d, >= 0, or infinity', {
  required: true,
  sets: ['logClasses'],
});

/** Class rate below which the pixel count may stand for the effective dimension. */
const suspicious = 1e-3;

/**
 * Class rate of a hierarchy, whose levels have rates of their own; null without --levels.
 * @throws ParameterError for another rate beside it
 */
export function levelsRate(raw: RawOptions): number | null {
  const { levels } = raw;
  if (typeof levels !== 'string') return null;
  const other = ['alpha', 'classes'].find((key) => raw[key] !== undefined);
  if (other !== undefined)
    throw new ParameterError(other, 'given without --levels, which have rates of their own', raw[other]);
  return parseLevels(levels).reduce((sum, { alpha }) => sum + alpha, 0);
}

/** --alpha of one problem, or the rate of its --levels. */
export const alphaOrLevelsOption = group(
  {
    alpha: rate('class rate log(K)/d, >= 0, or infinity', { or: ['levels'], sets: ['logClasses'] }),
  },
  ({ alpha }, raw): number => {
    const rate = alpha ?? levelsRate(raw);
    if (rate === null) throw missing('alpha', ['levels']);
    levelsRate(raw);
    return rate;
  },
);

/** Class rate of one problem: --alpha, or --classes and --d, or --levels. */
export const rateOptions = group(
  {
    alpha: rate('class rate log(K)/d, >= 0, or infinity', { sets: ['logClasses'], or: ['classes'] }),
    classes: number('number of classes, with --d in place of --alpha', {
      as: 'K',
      domain: integer(1),
      without: ['alpha'],
    }),
    d: number('effective dimension of the class centres, not the pixel count, with --classes', {
      as: 'D',
      domain: positive,
      without: ['alpha'],
    }),
  },
  (
    { alpha, classes, d },
    raw,
  ): { readonly alpha: number; readonly counted: boolean; readonly notes: readonly string[] } => {
    const own = levelsRate(raw);
    if (own !== null) return { alpha: own, counted: false, notes: [] };
    if (classes === null && d !== null) throw missing('classes', ['alpha']);
    if (classes === null && alpha === null) throw missing('alpha', ['classes']);
    if (classes !== null && d === null) throw missing('d', ['alpha']);
    const counted = classes !== null;
    const value = counted ? Math.log(classes) / d! : alpha!;
    const isSuspicious = counted && value > 0 && value < suspicious;
    const advice = `alpha = ${Number(value.toPrecision(3))} is very small: --d is the effective dimension of the class centres, below K, not the pixel count (docs/how-to/what-is-my-alpha.md)`;
    return { alpha: value, counted, notes: isSuspicious ? [advice] : [] };
  },
);

const rates = 'class rates: start:stop:count[:log] or a comma list';

/** --alpha of a table. */
export const alphasOption = range(rates, { required: true, domain: nonNegative, sets: ['logClasses'] });

/** --alpha of a table, or the rate of the --levels. */
export const alphasOrLevelsOption = group(
  { alpha: range(rates, { domain: nonNegative, sets: ['logClasses'], or: ['levels'] }) },
  ({ alpha }, raw): readonly number[] => {
    const own = levelsRate(raw);
    if (own !== null) return [own];
    if (alpha === null) throw missing('alpha', ['levels']);
    return alpha;
  },
);

/** --alpha of a diagram, or --level-rates in its place. */
export const diagramAlphasOption = range(rates, {
  domain: nonNegative,
  sets: ['logClasses'],
  or: ['levelRates'],
});

/** --alpha of a table without 0. */
export const positiveAlphasOption = range(rates, { required: true, domain: positive });

/** --sigma2. */
export const sigma2Option = number('variance inside a class', {
  as: 'S',
  required: true,
  domain: sigma2Domain,
});

/** --ensemble. */
export const ensembleOption = choice('class centres', ensembles, { default: 'gaussian' });

/** --process. */
export const processOption = choice('forward process (vp is ou)', Object.keys(processes) as ProcessName[], {
  default: 'ou',
  aliases: { vp: 'ou' },
});

const samplerInputs = (largest?: Domain) =>
  group(
    {
      sampler: choice(
        'probability flow (ode, also ddim), or reverse diffusion (sde, also ddpm)',
        Object.keys(samplers) as SamplerName[],
        { usual: 'ode', aliases: { ddim: 'ode', ddpm: 'sde' } },
      ),
      eta: number('noise level of the sampler, >= 0, in place of --sampler', {
        as: 'E',
        without: ['sampler'],
        ...(largest === undefined ? {} : { domain: largest }),
        sets: ['sampler.eta'],
      }),
    },
    ({ sampler, eta }): Sampler | null => {
      if (eta !== null) return samplerWithEta(eta);
      return sampler === null ? null : samplers[sampler];
    },
  );

/** --sampler or --eta; null without either. */
export const samplerOptions = samplerInputs(mostEta);

/** --sampler or --eta of few classes, which take any noise level; null without either. */
export const anySamplerOptions = samplerInputs();

/** The model: everything but alpha and guidance. */
export interface ModelOptions {
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
  readonly sampler: Sampler;
  readonly process: ProcessName;
  readonly startTime: number | null;
}

const modelInputs = {
  sigma2: sigma2Option,
  ensemble: ensembleOption,
  sampler: samplerOptions,
  process: processOption,
} as const;

/** The model of a command that always starts at infinite noise. */
export const asymptoticModelOptions = group(modelInputs, ({ sampler, ...model }): ModelOptions => ({
  ...model,
  sampler: sampler ?? samplers.ode,
  startTime: null,
}));

/** The model with --t-max. */
export const modelOptions = group(
  {
    ...modelInputs,
    tMax: number('start of sampling in process time', {
      as: 'T',
      usual: 'the exact asymptotic start',
      sets: ['startTime'],
    }),
  },
  ({ sampler, tMax: startTime, ...rest }): ModelOptions => {
    if (startTime !== null) requireStartTime('t-max', processes[rest.process], startTime);
    return { ...rest, sampler: sampler ?? samplers.ode, startTime };
  },
);

/** --clock, read also where no schedule is given that it would be the variable of: a wrong word is a mistake. */
export const clockOption = choice('variable of --schedule', scheduleClocks, { default: 't' });

/** Language of --schedule, for the help. */
export const formulaHelp = `numbers, pi, e, + - * / ^, comparisons, and, or, not, c ? a : b, ${formulaFunctionNames.join(', ')}`;

const scheduleOption = text(`w as a formula of --clock, in place of --w (${formulaHelp})`, {
  as: 'formula',
});

const insteadOfW = ['scale', 'schedule'] as const;

/** Guidance of one problem: exactly one of --w, --scale and --schedule. */
export const guidanceOptions = group(
  {
    w: number('guidance coefficient: s = s_c + w (s_c - s_u)', {
      as: 'W',
      domain: guidanceRange,
      or: insteadOfW,
    }),
    scale: number('guidance scale 1 + w of image tools, in place of --w', {
      as: 'S',
      domain: guidanceRange,
      without: ['w'],
    }),
    schedule: scheduleOption,
    clock: clockOption,
  },
  ({ w, scale, schedule, clock }, raw): GuidanceText => {
    if (schedule === null) return { w: oneStrength(w, scale) };
    const other = w === null ? 'scale' : 'w';
    if (raw[other] !== undefined) throw new ParameterError('schedule', `given without --${other}`, schedule);
    return { schedule, clock };
  },
);

function oneStrength(w: number | null, scale: number | null): number {
  if (w !== null) return w;
  if (scale === null) throw missing('w', insteadOfW);
  return scale - 1;
}

const coefficientInputs = (words: Pick<OptionWords, 'or'> = {}) => ({
  w: range('guidance coefficients: s = s_c + w (s_c - s_u)', {
    domain: guidanceRange,
    sets: ['ws'],
    ...words,
  }),
  scale: range('guidance scales 1 + w, in place of --w', { domain: guidanceRange, without: ['w'] }),
});

const fromScales = (scales: readonly number[]) => scales.map((scale) => scale - 1);

/** Coefficients of --w or --scale; null without either. */
export const someCoefficientsOptions = group(coefficientInputs(), ({ w, scale }) =>
  scale === null ? w : fromScales(scale),
);

/** Coefficients of --w or --scale. */
export const coefficientsOptions = needed(someCoefficientsOptions, ['scale']);

/** Guidances of a table: coefficients of --w or --scale, or the one of --schedule. */
export const guidancesOptions = group(
  {
    ...coefficientInputs({ or: insteadOfW }),
    schedule: scheduleOption,
    clock: clockOption,
  },
  ({ w, scale, schedule, clock }, raw): GuidanceText[] => {
    if (schedule === null) {
      const given = scale === null ? w : fromScales(scale);
      if (given === null) throw missing('w', insteadOfW);
      return given.map((one) => ({ w: one }));
    }
    const other = w === null ? 'scale' : 'w';
    if (raw[other] !== undefined) throw new ParameterError('schedule', `given without --${other}`, schedule);
    return [{ schedule, clock }];
  },
);

/** --form. */
export const formOption = mapped(
  text('guidance form, e.g. power:exponent=0.5 (see schedule list)', { default: 'linear' }),
  parseForm,
);

/** Numerical options of the mean-field solver. */
export const solverOptions = group(
  {
    integrator: choice('integrator of the order parameters', integratorNames, {
      default: solveDefaults.integrator,
    }),
    tolerance: number('relative tolerance of a step', {
      as: 'T',
      usual: String(solveDefaults.relativeTolerance),
      sets: ['relativeTolerance'],
    }),
  },
  ({ integrator, tolerance }): Partial<SolveOptions> =>
    tolerance === null
      ? { integrator }
      : { integrator, relativeTolerance: tolerance, absoluteTolerance: 0.01 * tolerance },
);

/** A model with its guidance as the plain data that the library takes. */
export function physicsData(
  { sampler, ...model }: ModelOptions,
  guidance: GuidanceText,
  form?: GuidanceForm,
): PhysicsData {
  const shape = form === undefined || form.kind === 'linear' ? {} : { form };
  return { ...model, eta: sampler.eta, guidance, ...shape };
}

/** The problem that the library solves. */
export function problemOf(
  model: ModelOptions,
  alpha: number,
  guidance: GuidanceText,
  form?: GuidanceForm,
): Promise<GuidedProblem> {
  return guidedProblem({ alpha, ...physicsData(model, guidance, form) });
}

/** A problem in the titles of its figures: ODE, α = 0.5, w = 1, σ² = 0.25. */
export function problemTitle(
  { sampler, sigma2 }: ModelOptions,
  alpha: number,
  guidance: GuidanceText,
): string {
  const rate = alpha === Infinity ? '∞' : shortNumber(alpha);
  const strength = 'w' in guidance ? shortNumber(guidance.w) : guidance.schedule;
  return `${samplerLabel(sampler).toUpperCase()}, α = ${rate}, w = ${strength}, σ² = ${shortNumber(sigma2)}`;
}

/** The problem as plain JSON, for records. Infinity is written out: JSON has no number for it. */
export function problemRecord(
  { startTime, sampler, ...rest }: ModelOptions,
  rates: number | readonly number[] | null,
  strengths: GuidanceText | { readonly w: readonly number[] } | null,
  shape?: GuidanceForm,
): Record<string, unknown> {
  return {
    ...(rates === null ? {} : { alpha: rates === Infinity ? 'infinity' : rates }),
    ...strengths,
    ...(shape === undefined ? {} : { form: formText(shape) }),
    ...rest,
    eta: sampler.eta,
    startTime: startTime ?? 'asymptotic',
  };
}
