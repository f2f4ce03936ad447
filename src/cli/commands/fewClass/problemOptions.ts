import type { Command } from 'commander';
import {
  checkFewClassProblem,
  startTimeOf,
  type Discretization,
  type FewClassProblem,
  type FewClassStart,
} from '../../../fewClass/problem.ts';
import { stepRules, type StepRule } from '../../../sampler/linear.ts';
import { samplers, samplerLabel, samplerWithEta, type Sampler } from '../../../guidance/sampler.ts';
import {
  labelledMixture,
  requireVariances,
  type LabelledMixture,
} from '../../../mixture/labelled/mixture.ts';
import { ParameterError, requireChoice, requireInteger, requirePositive } from '../../../numerics/checks.ts';
import type { FewClassSamplerName } from '../../../plots/fewClassLook.ts';
import { ornsteinUhlenbeck } from '../../../process/process.ts';
import {
  integerOption,
  optionalNumber,
  readCoefficientRange,
  requiredText,
  type RawOptions,
} from '../../options.ts';
import { parseNumber, parseRange } from '../../ranges.ts';
import { figureNames, type FewClassCommandName, type FewClassPreset } from './presets.ts';

/** Defaults of the options; they are filled in late, so that a named figure can have its own. */
export const fewClassDefaults = { startTime: 10, samples: 10_000, seed: 1, rule: 'euler' } as const;

/** The mixture, the class under guidance and its strength. */
export function addMixtureOptions(command: Command, name: FewClassCommandName): Command {
  return command
    .option('--centres <list>', 'class centres: coordinates by comma, centres by semicolon, e.g. "1;-1"')
    .option('--weights <list>', 'weights of the classes by comma, summing to 1 (default: equal)')
    .option('--sigma2 <S>', 'variance inside a class, > 0 (default: 1)')
    .option(
      '--covariance <rows>',
      'covariance inside a class in place of --sigma2: rows by semicolon; one per class with | between them',
    )
    .option('--class <I>', 'class under guidance, counted from 0 (default: 0)')
    .option('--w <range>', 'guidance coefficients: s = s_c + w (s_c - s_u)')
    .option('--scale <range>', 'guidance scales 1 + w, in place of --w')
    .option(
      '--t-max <T>',
      `start of sampling in OU time (default: ${name === 'entropy' ? `20 + log max(1, r), with --step or noise ` : ''}${fewClassDefaults.startTime} + log max(1, r/10), r the size of the mixture)`,
    )
    .option('--figure <name>', `settings of a named figure: ${figureNames(name).join(', ')}`);
}

/** Sampler and its steps. */
export function addStepRuleOptions(command: Command, stepMeaning: string): Command {
  return command
    .option(
      '--sampler <name>',
      'ode (probability flow, DDIM) or sde (reverse diffusion, DDPM) (default: ode)',
    )
    .option('--eta <E>', 'noise level of the sampler, >= 0, in place of --sampler')
    .option('--step <H>', stepMeaning)
    .option(
      '--rule <name>',
      `step rule of --step: ${stepRules.join(', ')} (default: ${fewClassDefaults.rule})`,
    );
}

/** Step-rule options plus the sample size and seed, for commands that draw particles. */
export function addSamplingOptions(command: Command, stepMeaning: string): Command {
  return addStepRuleOptions(command, stepMeaning)
    .option('--samples <N>', `particles of estimates from samples (default: ${fewClassDefaults.samples})`)
    .option('--seed <I>', `seed (default: ${fewClassDefaults.seed})`);
}

/** Where the particles start. */
export function addStartOption(command: Command, usual: string): Command {
  return command.option(
    '--start <x>',
    `coordinates by comma, or normal: N(0, I), the noise of the process (default: ${usual})`,
  );
}

/** Coordinates by comma. */
export function parseVector(parameter: string, text: string): number[] {
  return text.split(',').map((part) => parseNumber(parameter, part));
}

/** Rows by semicolon. */
export function parseRows(parameter: string, text: string): number[][] {
  return text.split(';').map((row) => parseVector(parameter, row));
}

/** The mixture of --centres, --weights, --sigma2 or --covariance. */
export function readMixture(raw: RawOptions): LabelledMixture {
  const centres = parseRows('centres', requiredText(raw, 'centres', 'centres'));
  const weights = raw['weights'];
  return labelledMixture({
    centres,
    ...(typeof weights === 'string' ? { weights: parseVector('weights', weights) } : {}),
    ...readCovariance(raw),
  });
}

type Covariance = number | number[][];

function readCovariance(raw: RawOptions): { covariance: Covariance } | { covariances: Covariance[] } {
  const text = raw['covariance'];
  const sigma2 = optionalNumber(raw, 'sigma2', 'sigma2');
  if (typeof text !== 'string') {
    if (sigma2 !== null) {
      requirePositive('sigma2', sigma2);
      requireVariances('sigma2', [sigma2], sigma2);
    }
    return { covariance: sigma2 ?? 1 };
  }
  if (sigma2 !== null) throw new ParameterError('sigma2', 'given without --covariance', sigma2);
  const parts = text.split('|').map((part): Covariance => {
    const rows = parseRows('covariance', part);
    return rows.length === 1 && rows[0]!.length === 1 ? rows[0]![0]! : rows;
  });
  return parts.length === 1 ? { covariance: parts[0]! } : { covariances: parts };
}

/** Requested samplers; a named figure may have both. */
export function readSamplers(raw: RawOptions, preset: FewClassPreset | null): Sampler[] {
  const eta = optionalNumber(raw, 'eta', 'eta');
  const name = raw['sampler'];
  if (eta !== null) {
    if (name !== undefined) throw new ParameterError('eta', 'given without --sampler', eta);
    return [samplerWithEta(eta)];
  }
  if (typeof name !== 'string')
    return preset?.bothSamplers === true ? [samplers.ode, samplers.sde] : [samplers.ode];
  requireChoice('sampler', name, ['ode', 'sde']);
  return [samplers[name]];
}

/**
 * Start time without --t-max: 10, and where a centre or a standard deviation exceeds 10 so much later that the start, N(0, I), is as
 * near to the law at that time.
 */
export function usualStartTime(mixture: LabelledMixture): number {
  return startTimeOf(mixture, fewClassDefaults.startTime, 10);
}

/** The problem with one sampler. @param usual default start time */
export function readProblem(raw: RawOptions, sampler: Sampler, usual = usualStartTime): FewClassProblem {
  const mixture = readMixture(raw);
  const guidedClass = integerOption(raw, 'class', 'class', 0);
  requireInteger('class', guidedClass, 0, mixture.classes - 1);
  const startTime = optionalNumber(raw, 'tMax', 't-max') ?? usual(mixture);
  requirePositive('t-max', startTime);
  const problem = { mixture, guidedClass, sampler, process: ornsteinUhlenbeck, startTime };
  checkFewClassProblem(problem);
  return problem;
}

/** Guidance coefficients, from --w or --scale. */
export function readStrengths(raw: RawOptions): number[] {
  if (raw['w'] === undefined && raw['scale'] === undefined)
    throw new ParameterError('w', 'given (or scale, or figure)', undefined);
  return readCoefficientRange(raw);
}

/** Step sizes of --step with --rule; none in continuous time. */
export function readDiscretizations(raw: RawOptions, startTime: number): (Discretization | null)[] {
  const name = raw['rule'];
  const step = raw['step'];
  if (typeof step !== 'string') {
    if (name !== undefined) throw new ParameterError('rule', 'given with --step', name);
    return [null];
  }
  const rule = readRule(raw);
  return parseRange('step', step).map((stepSize) => {
    if (!(stepSize > 0 && stepSize <= startTime)) {
      throw new ParameterError('step', `in (0, t-max = ${startTime}]`, stepSize);
    }
    return { stepSize, rule };
  });
}

/** The one step size of commands that take one. */
export function readDiscretization(raw: RawOptions, startTime: number): Discretization | null {
  const all = readDiscretizations(raw, startTime);
  if (all.length > 1) throw new ParameterError('step', 'one number', raw['step']);
  return all[0]!;
}

/** The step rule. */
export function readRule(raw: RawOptions): StepRule {
  const name = raw['rule'] ?? fewClassDefaults.rule;
  requireChoice('rule', String(name), stepRules);
  return name as StepRule;
}

/** Particles and seed. */
export function readSampling(raw: RawOptions): { count: number; seed: number } {
  const count = integerOption(raw, 'samples', 'samples', fewClassDefaults.samples);
  requireInteger('samples', count, 2, 10_000_000);
  const seed = integerOption(raw, 'seed', 'seed', fewClassDefaults.seed);
  requireInteger('seed', seed, 0);
  return { count, seed };
}

/** The start of the particles. @param usual default */
export function readStart(raw: RawOptions, dimension: number, usual: FewClassStart): FewClassStart {
  const text = raw['start'];
  if (typeof text !== 'string') return usual;
  if (text.trim() === 'normal') return { kind: 'normal' };
  const x = parseVector('start', text);
  if (x.length !== dimension)
    throw new ParameterError('start', `${dimension} coordinates by comma, or normal`, text);
  return { kind: 'point', x };
}

/** Kind of a sampler, which sets its colour. */
export function samplerName({ eta }: Sampler): FewClassSamplerName {
  if (eta === 0) return 'ode';
  return eta === 1 ? 'sde' : 'other';
}

/** Name of a sampler in labels: ODE, SDE, eta = 0.5. */
export function samplerTitleOf(sampler: Sampler): string {
  const name = samplerLabel(sampler);
  return name.startsWith('eta') ? name.replace('eta=', 'η = ') : name.toUpperCase();
}

/** The problem in words, for titles of figures. */
export function problemLabel({ mixture, guidedClass }: FewClassProblem): string {
  const { classes, dimension } = mixture;
  return `${classes} classes in d = ${dimension}, class ${guidedClass} guided`;
}

/** The problem as plain JSON, for records. */
export function fewClassRecord(problem: FewClassProblem, w: readonly number[]): Record<string, unknown> {
  const { mixture, guidedClass, sampler, startTime } = problem;
  const { dimension, classes, centres, weights, covariances } = mixture;
  const rows = (flat: Float64Array) =>
    Array.from({ length: flat.length / dimension }, (_, i) => [
      ...flat.subarray(i * dimension, (i + 1) * dimension),
    ]);
  return {
    centres: rows(centres).slice(0, classes),
    weights: [...weights],
    covariance: covariances.map(rows),
    class: guidedClass,
    w,
    eta: sampler.eta,
    process: 'ou',
    startTime,
  };
}
