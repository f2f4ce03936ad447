import type { Discretization, FewClassStart } from '../../../fewClass/problem.ts';
import {
  labelledMixture,
  requireVariances,
  type CovarianceInput,
  type LabelledMixture,
} from '../../../mixture/labelled/mixture.ts';
import { stepRules } from '../../../sampler/linear.ts';
import { group, needed, option, type Input } from '../../frame/input.ts';
import {
  choice,
  integer,
  number,
  numbers,
  parseVector,
  positive,
  range,
  type Domain,
} from '../../frame/options.ts';
import { anySamplerOptions, someCoefficientsOptions } from '../../frame/physics.ts';
import { seedOption } from '../../frame/beside.ts';
import { presetOption, type FewClassCommandName } from './presets.ts';

/** Rows by semicolon. */
function parseRows(name: string, text: string): number[][] {
  return text.split(';').map((row) => parseVector(name, row));
}

const variance: Domain = {
  text: positive.text,
  require: (name, value) => {
    positive.require(name, value);
    requireVariances(name, [value], value);
  },
};

/** A mixture of a few classes; --centres may be left out. */
export const mixtureInputs = {
  centres: option(
    'class centres: coordinates by comma, centres by semicolon, e.g. "1;-1"',
    { as: 'list', kind: 'rows', sets: ['centres', 'mixture'] },
    parseRows,
  ),
  weights: numbers('weights of the classes by comma, summing to 1', { usual: 'equal', with: 'centres' }),
  sigma2: number('variance inside a class', {
    as: 'S',
    default: 1,
    domain: variance,
    without: ['covariance'],
    sets: ['variance'],
  }),
  covariance: option(
    'covariance inside a class in place of --sigma2: rows by semicolon; one per class with | between them',
    { as: 'rows', kind: 'matrices', with: 'centres', sets: ['covariances'] },
    parseCovariance,
  ),
} as const;

/** Covariance of all classes, or one for each. */
type Covariances =
  { readonly covariance: CovarianceInput } | { readonly covariances: readonly CovarianceInput[] };

function parseCovariance(name: string, text: string): Covariances {
  const parts = text.split('|').map((part): CovarianceInput => {
    const rows = parseRows(name, part);
    return rows.length === 1 && rows[0]!.length === 1 ? rows[0]![0]! : rows;
  });
  return parts.length === 1 ? { covariance: parts[0]! } : { covariances: parts };
}

/** The mixture of {@link mixtureInputs}. */
export function mixtureOf(given: {
  readonly centres: readonly (readonly number[])[];
  readonly weights: readonly number[] | null;
  readonly sigma2: number;
  readonly covariance: Covariances | null;
}): LabelledMixture {
  const { centres, weights, sigma2, covariance } = given;
  return labelledMixture({
    centres,
    ...(weights === null ? {} : { weights }),
    ...(covariance ?? { covariance: sigma2 }),
  });
}

/** The mixture of --centres, --weights, --sigma2 or --covariance. */
export const mixtureOptions = group(
  { ...mixtureInputs, centres: needed(mixtureInputs.centres, ['figure']) },
  mixtureOf,
);

/** --class. */
export const classOption = number('class under guidance, counted from 0', {
  as: 'I',
  default: 0,
  with: 'centres',
  sets: ['guidedClass'],
});

const usualTime = '10 + log max(1, r/10)';

/** --t-max. @param usual words of its default, but for the size r of the mixture */
export const startTimeOption = (usual = usualTime) =>
  number('start of sampling in OU time', {
    as: 'T',
    usual: `${usual}, r the size of the mixture`,
    domain: positive,
    sets: ['startTime'],
  });

/** --rule. */
export const ruleOption = choice('step rule of --step', stepRules, { default: 'euler', with: 'step' });

const stepWords = { usual: 'continuous', sets: ['stepSize', 'stepSizes'] } as const;

/** Finite steps of one size; null in continuous time. */
export const stepOptions = group(
  { step: number('step size in process time', { as: 'H', ...stepWords }), rule: ruleOption },
  ({ step, rule }): Discretization | null => (step === null ? null : { stepSize: step, rule }),
);

/** Finite steps of several sizes; null alone in continuous time. */
export const stepsOptions = group(
  { step: range('step sizes in process time', stepWords), rule: ruleOption },
  ({ step, rule }): (Discretization | null)[] =>
    step === null ? [null] : step.map((stepSize) => ({ stepSize, rule })),
);

/** Particles and seed. */
const samplingOptions = group(
  {
    samples: number('particles of estimates from samples', {
      as: 'N',
      default: 10_000,
      domain: integer(2, 10_000_000),
      sets: ['count'],
    }),
    seed: seedOption,
  },
  ({ samples, seed }) => ({ count: samples, seed }),
);

/** --start. @param usual words of its default */
const startOption = (usual: string) =>
  option(
    'coordinates by comma, or normal: N(0, I), the noise of the process',
    { as: 'x', kind: 'numbers', values: ['normal'], usual, sets: ['start.x'] },
    (name, text): FewClassStart =>
      text.trim() === 'normal' ? { kind: 'normal' } : { kind: 'point', x: parseVector(name, text) },
  );

/**
 * Options of the commands that follow the sampler.
 * @param steps {@link stepOptions} or {@link stepsOptions}
 * @param usual words of defaults
 */
export const samplingInputs = <S>(
  command: FewClassCommandName,
  steps: Input<S>,
  usual: { readonly start: string; readonly startTime?: string },
) =>
  ({
    mixture: mixtureOptions,
    class: classOption,
    w: needed(someCoefficientsOptions, ['scale', 'figure']),
    tMax: startTimeOption(usual.startTime),
    figure: presetOption(command),
    sampler: anySamplerOptions,
    steps,
    sampling: samplingOptions,
    start: startOption(usual.start),
  }) as const;
