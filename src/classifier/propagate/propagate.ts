import { ParameterError, requireChoice, requireInteger, requireKnownKeys } from '../../numerics/checks.ts';
import { ornsteinUhlenbeck, requireTime, type ForwardProcess } from '../../process/process.ts';
import type { Classifier } from '../classifier.ts';
import { classifierFamily, type FamilyName } from '../study/families.ts';
import { budgetStudy, type BudgetStudy } from '../sampling/budgetStudy.ts';
import type { OutputOptions } from '../sampling/outputError.ts';
import { checkSamplingProblem, type SamplingNumerics, type SamplingProblem } from '../sampling/problem.ts';
import { windowSensitivities, type CostMeasure, type SensitivityStudy } from '../sampling/sensitivity.ts';
import { propagationRows, type PropagationRow } from '../sampling/study.ts';
import { evenWindows } from '../sampling/windows.ts';
import { requireSweep, type Sweep } from '../study/study.ts';

/** Continuous samplers whose output is studied: the probability flow, or the reverse diffusion at eta = 1. */
export const propagationSamplers = ['ode', 'sde'] as const;
/** A sampler of {@link propagationSamplers}. */
export type PropagationSampler = (typeof propagationSamplers)[number];

/** Numerics of a study of families. */
export interface PropagationNumerics extends SamplingNumerics {
  readonly sampler: PropagationSampler;
  /** Steps of the sampler in coarse steps. */
  readonly coarseSteps: number;
  /** Noise level at which waves have their KL ({@link FamilyOptions}). */
  readonly time: number;
  /** Windows of noise levels, even in the clock, in which errors are studied one at a time; 0: none. */
  readonly windows: number;
}

/** Effect of the classifiers of one family on samples. */
export interface FamilyPropagation {
  readonly family: FamilyName;
  readonly rows: readonly PropagationRow[];
  /** Parameter of the classifier whose errors are studied window by window. */
  readonly studied: number;
  /** Null without windows, and for waves, which are too short for a continuous sampler. */
  readonly sensitivities: SensitivityStudy | null;
}

/** Allocations of a budget, tried out with classifiers of one family. */
export interface BudgetPropagation {
  readonly family: FamilyName;
  readonly measure: CostMeasure;
  readonly budget: number;
  readonly study: BudgetStudy;
}

/** Noise levels of the means over all of them, and samples at each. */
const levels = { levels: 6, samples: 500 } as const;
/** An independent wave in every window, so that errors do not add up coherently. */
const windowSeeds = 1000;
const referenceSize = 0.05;

/** Families whose errors have a size that can be chosen window by window, the first of them the best known. */
export const budgetFamilies = ['fourier', 'temperature', 'bias', 'centres', 'variance'] as const;

/** Forward time of a process at a time of the Ornstein-Uhlenbeck process: that of the same noise-to-signal variance. */
export function timeAtOuTime(process: ForwardProcess, ouTime: number): number {
  return process.timeAtNoiseToSignal(ornsteinUhlenbeck.noiseToSignal(ouTime));
}

/**
 * Samples with each member of a family, and with errors in one window of noise levels at a time, those of its second member: small,
 * but not tiny.
 * @throws ParameterError; NumericalFailure
 */
export function propagateFamily(
  problem: SamplingProblem,
  sweep: Sweep,
  numerics: PropagationNumerics,
): FamilyPropagation {
  requireNumerics(problem, numerics);
  requireSweep('sweep', sweep);
  const { family: name, parameters } = sweep;
  const { time, seed, coarseSteps, windows } = numerics;
  const family = classifierFamily(name);
  if (parameters.length === 0) throw new ParameterError('parameters', 'not empty', parameters);
  const members = parameters.map((parameter) => ({
    parameter,
    classifier: family.make(problem.diffused, problem.label, parameter, { time, seed }),
  }));
  const sampling = samplingOf(numerics);
  const rows = propagationRows(problem, members, family.smooth, { sampling, coarseSteps, ...levels });
  const { parameter: studied, classifier } = members[Math.min(1, members.length - 1)]!;
  const sensitivities =
    windows === 0 || !family.smooth
      ? null
      : windowSensitivities(problem, classifier, evenWindows(problem, windows), {
          sampling,
          crossEntropy: { seed },
        });
  return { family: name, rows, studied, sensitivities };
}

/**
 * Shares a cross-entropy between windows of noise levels by the rule, evenly and reversed, and samples with each ({@link budgetStudy}).
 * The rule keeps small the KL of the output for the flow, the displacement of the output for the diffusion.
 * @param family one of {@link budgetFamilies}
 * @param cap largest KL of a window in units of the budget
 * @throws ParameterError; NumericalFailure
 */
export function propagateBudget(
  problem: SamplingProblem,
  family: (typeof budgetFamilies)[number],
  { budget, cap }: { readonly budget: number; readonly cap: number },
  numerics: PropagationNumerics,
): BudgetPropagation {
  requireNumerics(problem, numerics);
  const { time, seed, windows, sampler } = numerics;
  const measure = sampler === 'ode' ? 'outputKl' : 'couplingSquare';
  const member = classifierFamily(family);
  const make = (window: number, size: number): Classifier =>
    member.make(problem.diffused, problem.label, size, { time, seed: windowSeeds * (seed + 1) + window });
  const study = budgetStudy(
    problem,
    { budget, cap, measure, windows: evenWindows(problem, windows), make, referenceSize },
    { sampling: samplingOf(numerics), crossEntropy: { seed } },
  );
  return { family, measure, budget, study };
}

const numericsKeys = ['sampler', 'particles', 'steps', 'coarseSteps', 'seed', 'time', 'windows'];

function requireNumerics(problem: SamplingProblem, numerics: PropagationNumerics): void {
  checkSamplingProblem(problem);
  requireKnownKeys('numerics', numerics, numericsKeys);
  requireChoice('sampler', numerics.sampler, propagationSamplers);
  requireTime('time', problem.diffused.process, numerics.time);
  requireInteger('windows', numerics.windows, 0);
}

function samplingOf({ sampler, particles, steps, seed }: PropagationNumerics): Omit<OutputOptions, 'breaks'> {
  const method = sampler === 'ode' ? 'flow' : 'diffusion';
  return { method, eta: sampler === 'ode' ? 0 : 1, steps, particles, seed };
}
