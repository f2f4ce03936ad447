import { compileSchedule, type ScheduleContext } from '../../guidance/schedule.ts';
import type { CompiledSchedule } from '../../guidance/compiled.ts';
import { requireSampler, type Sampler, type SamplerName } from '../../guidance/sampler.ts';
import { guidanceOf, requireGuidanceText, type GuidanceText } from '../../guidance/written.ts';
import { guidedClassChoices, type GuidedClass } from '../../mixture/centres.ts';
import { requireClassLaw, type ClassLaw } from '../../mixture/classLaw.ts';
import {
  ParameterError,
  requireChoice,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
} from '../../numerics/checks.ts';
import { samplerOf } from '../../problem/input.ts';
import { processOf, requireStartTime, type ForwardProcess, type ProcessName } from '../../process/process.ts';
import { lawSize, type LawSize } from './size.ts';

/** Modes of {@link simulateStructured}. */
export const structuredModes = ['full', 'reduced'] as const;

/** One of {@link structuredModes}. */
export type StructuredMode = (typeof structuredModes)[number];

/** A particle simulation of structured classes as plain data, complete. */
export interface StructuredSpec {
  /** `full`: the classes are drawn. `reduced`: those that compete with the guided one are replaced by their average (annealed), at any dimension. */
  readonly mode: StructuredMode;
  /** Law of the classes, of variances > 0. */
  readonly law: ClassLaw;
  /** Dimension d >= 2. */
  readonly dimension: number;
  /** Class rate log(K)/d of a law of bands, or K itself: exactly one. Null, both, for a hierarchy, whose levels have rates. */
  readonly alpha: number | null;
  readonly classes: number | null;
  /** Noise level of the sampler: 0 probability flow (ODE), 1 reverse diffusion (SDE). */
  readonly eta: number;
  readonly process: ProcessName;
  readonly guidance: GuidanceText;
  /** Start of sampling in process time, or null for the limit of pure noise. */
  readonly startTime: number | null;
  /**
   * The guided class, or superclass. `random`: a draw like any other. `typical`: without the fluctuations of a single draw: gaussian and
   * laplace centres are rescaled to |mu|^2 = rho x (number of coordinates) in each band, parts of a hierarchy to r d; values, and variances,
   * take each value as often as its weight says, to within one coordinate.
   */
  readonly guidedClass: GuidedClass;
}

/** A {@link StructuredSpec} as one writes it, with the defaults of {@link simulateStructured}. */
export interface StructuredInput
  extends
    Pick<StructuredSpec, 'law' | 'dimension' | 'guidance'>,
    Partial<Omit<StructuredSpec, 'law' | 'dimension' | 'guidance'>> {
  /** Sampler by name, `'ode'` or `'sde'`, or with its noise level (default: ode); or its `eta`. */
  readonly sampler?: Sampler | SamplerName;
}

/** A checked spec, resolved. */
export interface StructuredProblem {
  readonly spec: StructuredSpec;
  readonly process: ForwardProcess;
  readonly sampler: Sampler;
  readonly size: LawSize;
  /** Coefficient w on the clock -log(c_0 + tau), c_0 = {@link LawSize.leastVariance}. */
  readonly schedule: CompiledSchedule;
}

const specKeys: readonly (keyof StructuredSpec)[] = [
  'mode',
  'law',
  'dimension',
  'alpha',
  'classes',
  'eta',
  'process',
  'guidance',
  'startTime',
  'guidedClass',
];

/** The complete spec of an input. @throws ParameterError for an unknown key or name */
export function completeStructured(input: StructuredInput): StructuredSpec {
  requireKnownKeys('problem', input, [...specKeys, 'sampler']);
  const sampler = samplerOf(input);
  requireSampler(sampler);
  const complete = {
    mode: 'full',
    alpha: null,
    classes: null,
    guidedClass: 'typical',
    process: 'ou',
    startTime: null,
    ...input,
    eta: sampler.eta,
  };
  return Object.fromEntries(
    Object.entries(complete).filter(([key]) => key !== 'sampler'),
  ) as unknown as StructuredSpec;
}

/** Least noise-to-signal variance at the start, relative to the largest variance inside a class: less is lost in rounding. */
const leastNoise = 1e-9;

/** The problem of a complete spec. @throws ParameterError for a parameter outside its domain */
export async function resolveStructured(spec: StructuredSpec): Promise<StructuredProblem> {
  requireKnownKeys('problem', spec, specKeys);
  const { law, dimension, alpha, classes, eta, startTime } = spec;
  requireChoice('mode', spec.mode, structuredModes);
  requireClassLaw(law);
  requireInteger('dimension', dimension, 2, 2 ** 20);
  requireCount(spec);
  if (alpha !== null) requireNonNegative('alpha', alpha);
  if (classes !== null) requireInteger('classes', classes, 1);
  requireNonNegative('eta', eta);
  const process = processOf(spec.process);
  requireGuidanceText(spec.guidance);
  requireChoice('guidedClass', spec.guidedClass, guidedClassChoices);
  const size = lawSize(spec);
  if (startTime !== null) {
    requireStartTime('startTime', process, startTime);
    if (!(process.noiseToSignal(startTime) >= leastNoise * size.largestVariance))
      throw new ParameterError(
        'startTime',
        `a time with noise to take away, of a variance of ${leastNoise} of the classes' at least`,
        startTime,
      );
  }
  const context: ScheduleContext = { process, sigma2: size.leastVariance, startTime };
  const schedule = compileSchedule(await guidanceOf(spec.guidance), context);
  return { spec, process, sampler: { eta }, size, schedule };
}

function requireCount({ law, alpha, classes }: StructuredSpec): void {
  if (law.kind === 'levels') {
    const given = alpha === null ? ['classes', classes] : ['alpha', alpha];
    if (given[1] !== null)
      throw new ParameterError(String(given[0]), 'absent for a hierarchy', given[1], 'its levels have rates');
  } else if ((alpha === null) === (classes === null)) {
    const given = alpha === null ? 'none' : 'both';
    throw new ParameterError('problem', 'given exactly one of alpha and classes', given);
  }
}
