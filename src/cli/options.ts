import { Option, type Command } from 'commander';
import { ParameterError, requireChoice } from '../numerics/checks.ts';
import { samplerWithEta, samplers, type Sampler, type SamplerName } from '../guidance/sampler.ts';
import { scheduleClocks, type ScheduleClock } from '../guidance/schedule.ts';
import { ensembles, type ClassEnsemble } from '../mixture/ensemble.ts';
import { processes, requireStartTime, type ProcessName } from '../process/process.ts';
import type { GuidedProblem } from '../problem/physics.ts';
import { parseNumber, parseRange, parseRate } from './ranges.ts';
import { formText, parseForm, resolveForm, type GuidanceForm } from '../guidance/forms/form.ts';
import { guidanceOf, type GuidanceText } from '../guidance/written.ts';

/** Options as commander hands them over: text, or a flag. */
export type RawOptions = Readonly<Record<string, string | boolean | undefined>>;

/** Options that every command has. */
export function addCommonOptions(command: Command): Command {
  return command
    .addOption(new Option('--json', 'print one JSON document on stdout'))
    .addOption(new Option('--out <dir>', 'also write files to this folder'))
    .addOption(new Option('--force', 'overwrite results in --out'))
    .addOption(new Option('--progress', 'print progress even if stderr is not a terminal'));
}

/** Physics options other than alpha and guidance. */
export function addModelOptions(command: Command): Command {
  return addAsymptoticModelOptions(command).option(
    '--t-max <T>',
    'start of sampling in process time (default: the exact asymptotic start)',
  );
}

/** Physics options of {@link addModelOptions} without --t-max, for commands that always start at infinite noise. */
export function addAsymptoticModelOptions(command: Command): Command {
  return command
    .requiredOption('--sigma2 <S>', 'variance inside a class, > 0')
    .option('--ensemble <name>', `class centres: ${ensembles.join(' or ')}`, 'gaussian')
    .option('--sampler <name>', 'ode (probability flow) or sde (reverse diffusion)', 'ode')
    .option('--eta <E>', 'noise level of the sampler, >= 0, in place of --sampler')
    .option('--process <name>', 'forward process: ou, ve or flow', 'ou');
}

/** Guidance options for a single value. */
export function addGuidanceOptions(command: Command): Command {
  return command
    .option('--w <W>', 'guidance coefficient: s = s_c + w (s_c - s_u)')
    .option('--scale <S>', 'guidance scale 1 + w of image tools, in place of --w')
    .option('--schedule <formula>', 'w as a formula of --clock, in place of --w')
    .option('--clock <name>', `variable of --schedule: ${scheduleClocks.join(', ')}`, 't');
}

/** How the two scores are combined. */
export function addFormOption(command: Command): Command {
  return command.option(
    '--form <text>',
    'guidance form, e.g. power:exponent=0.5 (see schedule list)',
    'linear',
  );
}

/** Reads --form. */
export function readForm(raw: RawOptions): GuidanceForm {
  return parseForm(requiredText(raw, 'form', 'form'));
}

/** Text of an option that must have been given. */
export function requiredText(raw: RawOptions, key: string, option: string): string {
  const value = raw[key];
  if (typeof value !== 'string') throw new ParameterError(option, 'given', undefined);
  return value;
}

/** Parses an optional number. */
export function optionalNumber(raw: RawOptions, key: string, option: string): number | null {
  const value = raw[key];
  return typeof value === 'string' ? parseNumber(option, value) : null;
}

/** Parses an optional integer, with a default. */
export function integerOption(raw: RawOptions, key: string, option: string, fallback: number): number {
  return optionalNumber(raw, key, option) ?? fallback;
}

/** Names of a comma list, in the order in which they are known; null if the option is absent. */
export function namesOption<T extends string>(
  raw: RawOptions,
  key: string,
  known: readonly T[],
): readonly T[] | null {
  const text = raw[key];
  if (typeof text !== 'string') return null;
  const wanted = text.split(',').map((name) => name.trim());
  for (const name of wanted) requireChoice(key, name, known);
  return known.filter((name) => wanted.includes(name));
}

/** The model: everything but alpha and guidance. */
export interface ModelOptions {
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
  readonly sampler: Sampler;
  readonly process: ProcessName;
  readonly startTime: number | null;
}

// Where the numbers of the mean field and of the particles have been checked, with a margin: beyond lie failures without a reason
// in the physics (exp overflows, steps below the rounding of the clock).
const sigma2Range = [1e-12, 1e9] as const;
const mostEta = 100;
const mostGuidance = 1e6;

/** Reads --sigma2. @throws ParameterError outside (0, infinity), and outside the numerical range */
export function readSigma2(raw: RawOptions): number {
  const sigma2 = parseNumber('sigma2', requiredText(raw, 'sigma2', 'sigma2'));
  const [least, most] = sigma2Range;
  if (!(sigma2 > 0)) throw new ParameterError('sigma2', 'a finite number > 0', sigma2);
  if (sigma2 < least || sigma2 > most) throw new ParameterError('sigma2', `in [${least}, ${most}]`, sigma2);
  return sigma2;
}

/** Reads the model from the command line. @param samplerGiven whether --sampler was written out (it excludes --eta) */
export function readModel(raw: RawOptions, samplerGiven: boolean): ModelOptions {
  const sigma2 = readSigma2(raw);
  const ensemble = requiredText(raw, 'ensemble', 'ensemble');
  requireChoice('ensemble', ensemble, ensembles);
  const name = requiredText(raw, 'process', 'process');
  requireChoice('process', name, Object.keys(processes) as ProcessName[]);
  const eta = optionalNumber(raw, 'eta', 'eta');
  if (eta !== null && samplerGiven) throw new ParameterError('eta', 'given without --sampler', eta);
  const samplerName = requiredText(raw, 'sampler', 'sampler');
  requireChoice('sampler', samplerName, Object.keys(samplers) as SamplerName[]);
  if (eta !== null && eta > mostEta) throw new ParameterError('eta', `at most ${mostEta}`, eta);
  const sampler = eta === null ? samplers[samplerName] : samplerWithEta(eta);
  const startTime = optionalNumber(raw, 'tMax', 't-max');
  if (startTime !== null) requireStartTime('t-max', processes[name], startTime);
  return { sigma2, ensemble, sampler, process: name, startTime };
}

/** Class rate from --alpha. */
export function readAlpha(raw: RawOptions): number {
  return parseRate('alpha', requiredText(raw, 'alpha', 'alpha'));
}

/** Guidance from --w, --scale or --schedule: exactly one. */
export function readGuidance(raw: RawOptions): GuidanceText {
  const given = (['w', 'scale', 'schedule'] as const).filter((key) => raw[key] !== undefined);
  if (given.length === 0) throw new ParameterError('w', 'given (or scale, or schedule)', undefined);
  if (given.length > 1) {
    throw new ParameterError(given[1]!, `given without --${given[0]!}`, raw[given[1]!]);
  }
  const clock = readClock(raw);
  const key = given[0]!;
  if (key === 'schedule') return { schedule: requiredText(raw, 'schedule', 'schedule'), clock };
  const value = parseNumber(key, requiredText(raw, key, key));
  requireGuidance(key, value);
  return { w: key === 'scale' ? value - 1 : value };
}

/** Reads --clock, also where no schedule is given that it would be the variable of: a wrong word is a mistake. */
export function readClock(raw: RawOptions): ScheduleClock {
  const clock = raw['clock'] ?? 't';
  requireChoice('clock', String(clock), scheduleClocks);
  return clock as ScheduleClock;
}

function requireGuidance(parameter: 'w' | 'scale', value: number): void {
  if (Math.abs(value) > mostGuidance) {
    throw new ParameterError(parameter, `in [-${mostGuidance}, ${mostGuidance}]`, value);
  }
}

/** Range of guidance coefficients from --w or --scale. */
export function readCoefficientRange(raw: RawOptions): number[] {
  if (raw['w'] !== undefined && raw['scale'] !== undefined) {
    throw new ParameterError('scale', 'given without --w', raw['scale']);
  }
  const key = raw['scale'] === undefined ? 'w' : 'scale';
  const values = parseRange(key, requiredText(raw, key, key));
  for (const value of values) requireGuidance(key, value);
  return key === 'scale' ? values.map((s) => s - 1) : values;
}

/** The problem that the library solves. */
export async function guidedProblem(
  model: ModelOptions,
  alpha: number,
  guidance: GuidanceText,
  form?: GuidanceForm,
): Promise<GuidedProblem> {
  return {
    ...model,
    alpha,
    process: processes[model.process],
    guidance: await guidanceOf(guidance),
    ...formPart(form === undefined ? form : await resolveForm(form)),
  };
}

/** The form of a problem or simulation, omitted if linear. */
export function formPart(form: GuidanceForm | undefined): { readonly form?: GuidanceForm } {
  return form === undefined || form.kind === 'linear' ? {} : { form };
}

/** The problem as plain JSON, for records. Infinity is written out: JSON has no number for it. */
export function problemRecord(
  model: ModelOptions,
  alpha: number | readonly number[] | null,
  guidance: GuidanceText | { readonly w: readonly number[] } | null,
  form?: GuidanceForm,
): Record<string, unknown> {
  const { startTime, sampler, ...rest } = model;
  return {
    ...(alpha === null ? {} : { alpha: alpha === Infinity ? 'infinity' : alpha }),
    ...guidance,
    ...(form === undefined ? {} : { form: formText(form) }),
    ...rest,
    eta: sampler.eta,
    startTime: startTime ?? 'asymptotic',
  };
}
