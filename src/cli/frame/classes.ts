import { readFileSync } from 'node:fs';
import { samplers, type Sampler } from '../../guidance/sampler.ts';
import type { GuidanceText } from '../../guidance/written.ts';
import { guidanceOf } from '../../guidance/written.ts';
import {
  centreLaws,
  innerVariance,
  requireClassLaw,
  type CentreLaw,
  type ClassLaw,
} from '../../mixture/classLaw.ts';
import { parseCentreLaw, parseLevels, parseSpectrum, valuesLaw } from '../../mixture/classLawText.ts';
import { ParameterError } from '../../numerics/checks.ts';
import { didYouMean } from '../../numerics/spelling.ts';
import { processes, requireStartTime, type ProcessName } from '../../process/process.ts';
import { readStructured, type StructuredInput } from '../../problem/structured.ts';
import { shortNumber } from '../../figures/drawing/theme.ts';
import { samplerLabel } from '../../guidance/sampler.ts';
import { group, missing } from './input.ts';
import { integer, number, text } from './options.ts';
import { ensembleOption, processOption, samplerOptions, sigma2Domain, type ModelOptions } from './physics.ts';

/** A model of structured classes: {@link ModelOptions} with a class law in place of a variance and an ensemble. */
export interface StructuredModelOptions {
  readonly law: ClassLaw;
  readonly sampler: Sampler;
  readonly process: ProcessName;
  readonly startTime: number | null;
}

/** A model of isotropic or of structured classes. */
export type ClassModelOptions = (ModelOptions & { readonly law: null }) | StructuredModelOptions;

/**
 * The model of a command that takes structured classes: --sigma2 and --ensemble, or --spectrum, --levels, --centres-law in their place; with
 * --t-max.
 */
export const classModelOptions = group(
  {
    sigma2: number('variance inside a class', { as: 'S', domain: sigma2Domain, or: ['spectrum'] }),
    ensemble: ensembleOption,
    spectrum: text(
      'bands of coordinates RHO:C:WEIGHT,... (variance of centres, variance inside a class, share), power:EXPONENT:C or marchenko-pastur:RATIO:C, in place of --sigma2',
      { as: 'bands', without: ['sigma2', 'ensemble'], sets: ['law', 'law.bands'] },
    ),
    centresLaw: text(
      "law of a centre's coordinate: gaussian, signs, laplace, bernoulli-gauss:P, or a file of values",
      { as: 'law', with: ['sigma2', 'spectrum'], without: ['ensemble'], usual: 'gaussian' },
    ),
    levels: text(
      'hierarchy ALPHA:R,... (rate and variance of each level, the coarsest first), with --sigma2',
      {
        as: 'levels',
        with: 'sigma2',
        without: ['ensemble', 'spectrum', 'centresLaw'],
        sets: ['law.levels'],
      },
    ),
    towards: number('levels that guidance knows, with --levels', {
      as: 'L',
      usual: 'all',
      with: 'levels',
      domain: integer(1),
      sets: ['law.towards'],
    }),
    sampler: samplerOptions,
    process: processOption,
    tMax: number('start of sampling in process time', {
      as: 'T',
      usual: 'the exact asymptotic start',
      sets: ['startTime'],
    }),
  },
  ({ sampler, tMax: startTime, process, ...classes }): ClassModelOptions => {
    if (startTime !== null) requireStartTime('t-max', processes[process], startTime);
    const common = { process, sampler: sampler ?? samplers.ode, startTime };
    const law = classLawOf(classes);
    if (law !== null) return { law, ...common };
    if (classes.sigma2 === null) throw missing('sigma2', ['spectrum']);
    return { law: null, sigma2: classes.sigma2, ensemble: classes.ensemble, ...common };
  },
);

interface ClassWords {
  readonly sigma2: number | null;
  readonly spectrum: string | null;
  readonly centresLaw: string | null;
  readonly levels: string | null;
  readonly towards: number | null;
}

/** The class law of the options; null for isotropic classes. @throws ParameterError that names the option */
function classLawOf({ sigma2, spectrum, centresLaw, levels, towards }: ClassWords): ClassLaw | null {
  if (levels !== null) {
    const law: ClassLaw = {
      kind: 'levels',
      sigma2: sigma2!,
      levels: parseLevels(levels),
      ...(towards === null ? {} : { towards }),
    };
    return checked(law, 'levels');
  }
  if (spectrum === null && centresLaw === null) return null;
  const bands = spectrum === null ? [{ weight: 1, rho: 1, c: sigma2! }] : parseSpectrum(spectrum);
  const centres = centresLaw === null ? null : centreLawOf(centresLaw);
  const law: ClassLaw = {
    kind: 'bands',
    bands: centres === null ? bands : bands.map((band) => ({ ...band, centres })),
  };
  return checked(law, spectrum === null ? 'centres-law' : 'spectrum');
}

/** The law, with a refusal in the words of the option that it comes from. */
function checked(law: ClassLaw, option: string): ClassLaw {
  try {
    requireClassLaw(law, option);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    // spectrum.bands[1].rho: the band, and what of it.
    const [, place, part] = /\[(\d+)\](?:\.(.*))?$/.exec(error.parameter) ?? [];
    const where = place === undefined ? '' : ` in its entry ${Number(place) + 1}`;
    const condition = `${part === undefined ? '' : `of ${wordOf[part] ?? part} that is `}${error.condition}${where}`;
    const remedy = error.remedy ?? undefined;
    throw new ParameterError(option, condition, error.value, remedy);
  }
  return law;
}

const wordOf: Readonly<Record<string, string>> = {
  rho: 'RHO',
  c: 'C',
  weight: 'WEIGHT',
  alpha: 'ALPHA',
  r: 'R',
};

function centreLawOf(typed: string): CentreLaw {
  const named = parseCentreLaw(typed);
  if (named !== null) return named;
  let content: string;
  try {
    content = readFileSync(typed, 'utf8');
  } catch {
    const words = centreLaws.filter((word) => word !== 'values');
    throw new ParameterError(
      'centres-law',
      'gaussian, signs, laplace, bernoulli-gauss:P or a file of values',
      typed,
      didYouMean(typed.split(':')[0]!, words),
    );
  }
  return valuesLaw(content);
}

/** A model without its rate and its guidance, as the library takes it. */
export function libraryModel(model: ClassModelOptions) {
  const process = processes[model.process];
  if (model.law !== null) return { ...model, process };
  const { sigma2, ensemble, sampler, startTime } = model;
  return { sigma2, ensemble, sampler, startTime, process };
}

/** A problem on structured classes as the library takes it, its formula read. */
export async function structuredInput(
  { law, sampler, process, startTime }: StructuredModelOptions,
  alpha: number | null,
  guidance: GuidanceText,
): Promise<StructuredInput> {
  const input = {
    law,
    guidance: await guidanceOf(guidance),
    sampler,
    process,
    startTime,
    ...(law.kind === 'levels' || alpha === null ? {} : { alpha }),
  };
  readStructured({ ...input, ...(law.kind === 'levels' ? {} : { alpha: alpha ?? Infinity }) });
  return input;
}

/** The problem as plain JSON, for records. */
export function structuredRecord(
  { startTime, sampler, process, law }: StructuredModelOptions,
  rates: number | readonly number[] | null,
  strengths: GuidanceText | { readonly w: readonly number[] },
): Record<string, unknown> {
  return {
    ...(rates === null ? {} : { alpha: rates === Infinity ? 'infinity' : rates }),
    ...strengths,
    law,
    process,
    eta: sampler.eta,
    startTime: startTime ?? 'asymptotic',
  };
}

/** A short name of a law, for titles: 2 bands, 3 levels, signs. */
export function lawTitle(law: ClassLaw): string {
  if (law.kind === 'levels') return `${law.levels.length} levels, σ² = ${shortNumber(law.sigma2)}`;
  const kinds = new Set(law.bands.map(({ centres }) => centres?.kind ?? 'gaussian'));
  const names = [...kinds].filter((kind) => kind !== 'gaussian');
  const own = law.bands.some(({ c }) => typeof c !== 'number') ? ['variances of their own'] : [];
  const bands =
    law.bands.length === 1 ? `mean variance ${shortNumber(innerVariance(law))}` : `${law.bands.length} bands`;
  return [...names, ...own, bands].join(', ');
}

/** A problem on structured classes in the titles of its figures. */
export function structuredTitle(
  { sampler, law }: StructuredModelOptions,
  alpha: number | null,
  guidance: GuidanceText,
): string {
  const strength = 'w' in guidance ? shortNumber(guidance.w) : guidance.schedule;
  const rate = alpha === null ? [] : [`α = ${alpha === Infinity ? '∞' : shortNumber(alpha)}`];
  return [samplerLabel(sampler).toUpperCase(), ...rate, `w = ${strength}`, lawTitle(law)].join(', ');
}
