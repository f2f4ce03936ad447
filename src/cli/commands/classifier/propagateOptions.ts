import { familyNames } from '../../../classifier/study/families.ts';
import {
  budgetFamilies,
  propagationSamplers,
  timeAtOuTime,
  type PropagationNumerics,
} from '../../../classifier/propagate/propagate.ts';
import { checkSamplingProblem, type SamplingProblem } from '../../../classifier/sampling/problem.ts';
import type { Sweep } from '../../../classifier/study/study.ts';
import { ParameterError } from '../../../numerics/checks.ts';
import { group, mapped, type RawOptions } from '../../frame/input.ts';
import { choice, integer, interval, number, positive } from '../../frame/options.ts';
import { onlyProblem, problemOptions, requireLevel, sweepOptions } from './problemOptions.ts';

/** The usual mixture: three classes of unit variance in the plane, which overlap. */
const usualCentres = '1.5,0;-0.75,1.3;-0.75,-1.3';
const steps = 48;
/** Ornstein-Uhlenbeck times of the start, and at which waves have their KL. */
const usualStart = 3.5;
const usualTime = 0.5;
/** Families without training: seconds. */
const usualFamilies = familyNames.filter((name) => name !== 'logistic' && name !== 'perceptron');

/** Options that make random classes. */
const randomKeys = ['centres', 'd', 'classes', 'radius'];

/** The usual mixture, where none is asked for. */
export function withUsualCentres(raw: RawOptions): RawOptions {
  return randomKeys.every((key) => raw[key] === undefined) ? { ...raw, centres: usualCentres } : raw;
}

/** Problem, families and numerics of `classifier propagate`. */
export interface PropagateRequest {
  readonly problem: SamplingProblem;
  readonly families: readonly Sweep[];
  readonly numerics: PropagationNumerics;
  readonly cap: number;
  /** Null without --budget. */
  readonly spending: { readonly budget: number; readonly family: (typeof budgetFamilies)[number] } | null;
}

/** Options of `classifier propagate`. */
export const propagateOptions = group(
  {
    problem: mapped(problemOptions({ dimensions: [2] }), (one) => ({ ...one, ...onlyProblem(one) })),
    families: sweepOptions(usualFamilies, `all but the trained ones, on "${usualCentres}"`),
    w: number('guidance coefficient: s_u + (1 + w) grad log c', { as: 'W', default: 1 }),
    scale: mapped(number('guidance scale 1 + w, in place of --w', { as: 'S', without: ['w'] }), (scale) =>
      scale === null ? null : scale - 1,
    ),
    sampler: choice('continuous sampler', propagationSamplers, { default: 'ode' }),
    particles: number('particles', { as: 'N', default: 500, domain: integer(40, 10_000_000) }),
    steps: number('steps of the continuous sampler', {
      as: 'S',
      usual: `${steps}; of the sde twice as many`,
      domain: integer(4, 100_000),
    }),
    coarseSteps: number('steps of the sampler in coarse steps', {
      as: 'N',
      default: 50,
      domain: integer(1, 100_000),
    }),
    tMax: number('start of sampling, in process time', {
      as: 'T',
      usual: `${usualStart} in OU time`,
      sets: ['startTime'],
    }),
    tEnd: number('end of sampling, in process time', { as: 't', default: 0, sets: ['endTime'] }),
    time: number('noise level at which waves have their KL', {
      as: 't',
      usual: `${usualTime} in OU time`,
    }),
    windows: number('windows of noise levels of the study by noise level; 0: none', {
      as: 'N',
      default: 6,
      domain: integer(0, 64),
    }),
    budget: number('also share this cross-entropy between the windows: by the rule, evenly, reversed', {
      as: 'KL',
      domain: positive,
    }),
    cap: number('largest KL of a window in units of --budget', {
      as: 'C',
      default: 2.5,
      domain: { ...interval('[1, Infinity)'), text: '>= 1' },
    }),
  },
  ({ problem: base, families, w, scale, tMax, tEnd, budget, cap, ...numerics }, raw): PropagateRequest => {
    const { diffused, label, seed } = base;
    const { process } = diffused;
    const problem = {
      ...{ diffused, label, w: scale ?? w, endTime: tEnd },
      startTime: tMax ?? timeAtOuTime(process, usualStart),
    };
    checkSamplingProblem(problem);
    const time = numerics.time ?? timeAtOuTime(process, usualTime);
    requireLevel('time', raw, time);
    const { sampler, windows } = numerics;
    return {
      ...{ problem, families, cap },
      numerics: {
        ...{ ...numerics, seed, time },
        steps: numerics.steps ?? (sampler === 'ode' ? steps : 2 * steps),
      },
      spending: budget === null ? null : { budget, family: spendingFamily(budget, families, windows) },
    };
  },
);

function spendingFamily(budget: number, families: readonly Sweep[], windows: number) {
  if (windows < 2) throw new ParameterError('windows', 'at least 2 with --budget', windows);
  const found = budgetFamilies.find((one) => families.some(({ family }) => family === one));
  if (found !== undefined) return found;
  throw new ParameterError('budget', `given with a family of ${budgetFamilies.join(', ')}`, budget);
}
