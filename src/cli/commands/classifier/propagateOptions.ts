import type { Command } from 'commander';
import type { FamilyName } from '../../../classifier/families.ts';
import { familyNames } from '../../../classifier/families.ts';
import type { SamplingProblem } from '../../../classifier/sampling/problem.ts';
import { checkSamplingProblem } from '../../../classifier/sampling/problem.ts';
import { ParameterError, requireChoice, requireInteger, requirePositive } from '../../../numerics/checks.ts';
import { integerOption, optionalNumber, type RawOptions } from '../../options.ts';
import {
  addProblemOptions,
  readFamilies,
  readParameters,
  readProblem,
  readSeed,
  type ClassifierProblem,
} from './problemOptions.ts';

/** Defaults of the options. The mixture: three classes of unit variance in the plane, which overlap. */
export const propagateDefaults = {
  centres: '1.5,0;-0.75,1.3;-0.75,-1.3',
  w: 1,
  sampler: 'ode',
  particles: 500,
  steps: 48,
  coarseSteps: 50,
  windows: 6,
  /** OU time at which sampling starts. */
  clock: 3.5,
  time: 0.5,
  cap: 2.5,
} as const;

/** Families without training: seconds. */
const usualFamilies: readonly FamilyName[] = familyNames.filter(
  (name) => name !== 'logistic' && name !== 'perceptron',
);

/** Options of `classifier propagate`. */
export function addPropagateOptions(command: Command): Command {
  const { centres, w, sampler, particles, steps, coarseSteps, windows, clock, time, cap } = propagateDefaults;
  return addProblemOptions(command, { dimensions: [2] })
    .option('--family <list>', `families by comma (default: ${usualFamilies.join(',')}, on "${centres}")`)
    .option('--parameters <list>', 'parameters of the one --family (default: its own sweep)')
    .option('--w <W>', `guidance coefficient: s_u + (1 + w) grad log c (default: ${w})`)
    .option('--scale <S>', 'guidance scale 1 + w, in place of --w')
    .option('--sampler <name>', `ode or sde (default: ${sampler})`)
    .option('--particles <N>', `particles (default: ${particles})`)
    .option('--steps <S>', `steps of the continuous sampler (default: ${steps}; of the sde twice as many)`)
    .option('--coarse-steps <N>', `steps of the sampler in coarse steps (default: ${coarseSteps})`)
    .option('--t-max <T>', `start of sampling, in process time (default: ${clock} in OU time)`)
    .option('--t-end <t>', 'end of sampling, in process time (default: 0)')
    .option('--time <t>', `noise level at which waves have their KL (default: ${time} in OU time)`)
    .option(
      '--windows <N>',
      `windows of noise levels of the study by noise level (default: ${windows}; 0: none)`,
    )
    .option(
      '--budget <KL>',
      'also share this cross-entropy between the windows: by the rule, evenly, reversed',
    )
    .option('--cap <C>', `largest KL of a window in units of --budget (default: ${cap})`);
}

/** Parsed options of `classifier propagate`. */
export interface PropagateRequest {
  readonly base: ClassifierProblem;
  readonly problem: SamplingProblem;
  readonly families: readonly { readonly name: FamilyName; readonly parameters: readonly number[] }[];
  readonly sampler: 'ode' | 'sde';
  readonly particles: number;
  readonly steps: number;
  readonly coarseSteps: number;
  readonly seed: number;
  readonly time: number;
  readonly windows: number;
  readonly budget: number | null;
  readonly cap: number;
}

/** @throws ParameterError */
export function readPropagate(given: RawOptions): PropagateRequest {
  const isDefault = ['centres', 'd', 'classes', 'radius'].every((key) => given[key] === undefined);
  const raw = isDefault ? { ...given, centres: propagateDefaults.centres } : given;
  const base = readProblem(raw, { dimensions: [2] });
  const { process } = base.diffused;
  const timeAtClock = (clock: number) => process.timeAtNoiseToSignal(Math.expm1(2 * clock));
  const sampler = String(raw['sampler'] ?? propagateDefaults.sampler) as 'ode' | 'sde';
  requireChoice('sampler', sampler, ['ode', 'sde']);
  const problem: SamplingProblem = {
    ...base,
    w: readW(raw),
    startTime: optionalNumber(raw, 'tMax', 't-max') ?? timeAtClock(propagateDefaults.clock),
    endTime: optionalNumber(raw, 'tEnd', 't-end') ?? 0,
  };
  if (!(problem.startTime > 0 && problem.startTime < process.endTime)) {
    throw new ParameterError('t-max', `in (0, ${process.endTime})`, problem.startTime);
  }
  if (!(problem.endTime >= 0 && problem.endTime < problem.startTime)) {
    throw new ParameterError('t-end', `in [0, t-max = ${problem.startTime})`, problem.endTime);
  }
  checkSamplingProblem(problem);
  const names = readFamilies(raw, usualFamilies);
  if (raw['parameters'] !== undefined && (names.length > 1 || raw['family'] === undefined)) {
    throw new ParameterError('parameters', 'given with one --family', raw['parameters']);
  }
  const steps = integerOption(raw, 'steps', 'steps', propagateDefaults.steps * (sampler === 'ode' ? 1 : 2));
  requireInteger('steps', steps, 4, 100_000);
  const particles = integerOption(raw, 'particles', 'particles', propagateDefaults.particles);
  requireInteger('particles', particles, 40, 10_000_000);
  const coarseSteps = integerOption(raw, 'coarseSteps', 'coarse-steps', propagateDefaults.coarseSteps);
  requireInteger('coarse-steps', coarseSteps, 1, 100_000);
  const windows = integerOption(raw, 'windows', 'windows', propagateDefaults.windows);
  requireInteger('windows', windows, 0, 64);
  const budget = optionalNumber(raw, 'budget', 'budget');
  if (budget !== null) {
    requirePositive('budget', budget);
    if (windows < 2) throw new ParameterError('windows', 'at least 2 with --budget', windows);
  }
  const cap = optionalNumber(raw, 'cap', 'cap') ?? propagateDefaults.cap;
  if (!(cap >= 1)) throw new ParameterError('cap', 'at least 1', cap);
  const time = optionalNumber(raw, 'time', 'time') ?? timeAtClock(propagateDefaults.time);
  if (!(time >= 0 && time < process.endTime))
    throw new ParameterError('time', `in [0, ${process.endTime})`, time);
  return {
    base,
    problem,
    families: names.map((name) => ({ name, parameters: readParameters(raw, name) })),
    ...{ sampler, particles, steps, coarseSteps, seed: readSeed(raw), time, windows, budget, cap },
  };
}

function readW(raw: RawOptions): number {
  const w = optionalNumber(raw, 'w', 'w');
  const scale = optionalNumber(raw, 'scale', 'scale');
  if (w !== null && scale !== null) throw new ParameterError('scale', 'given without --w', scale);
  return w ?? (scale === null ? propagateDefaults.w : scale - 1);
}
