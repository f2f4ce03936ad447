import { NumericalFailure, ParameterError, requireInteger, requireKnownKeys } from '../../numerics/checks.ts';
import { logOneLess } from '../../numerics/logSumExp.ts';
import { readProblem, type ProblemInput } from '../../problem/input.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { annealedBath, tabulatedBath } from './bath.ts';
import { frameStart, stepEnds, type FrameStart, type StepEnds } from './grid.ts';
import { noisyGrid } from './noisyPath.ts';
import { oneClassTerm, referencePath, type OneClassSetting } from './oneClass.ts';
import { emptyRecord, followPath, posteriorMean, type FlowGrid, type Outcome } from './path.ts';
import { sampledTerms } from './sampledTerms.ts';
import { startRule } from './startLaw.ts';

/** Numerics of {@link disorderCorrection}. */
export interface DisorderOptions {
  /** Steps from the start to the data; null: as many as the dimension needs (ODE: fourth order; with noise: second). */
  readonly steps: number | null;
  /** Sampler with noise: particles that are followed with explicit classes (others are four times as many). */
  readonly particles: number;
  /** Sampler with noise: explicit classes per particle. */
  readonly classesPerParticle: number;
  /** Sampler with noise: seed of the random numbers. */
  readonly seed: number;
}

/** Defaults of {@link DisorderOptions}. */
export const disorderDefaults: DisorderOptions = {
  steps: null,
  particles: 400,
  classesPerParticle: 40,
  seed: 1,
};

/** A change of both order parameters at the data. */
export interface OrderParameterShift {
  readonly m: number;
  readonly v: number;
}

/** Result of {@link disorderCorrection}: averages over particles and centres at the data, t = 0. */
export interface DisorderCorrection extends OrderParameterShift {
  readonly dimension: number;
  /** The part of the correction from the mean of the score over centres, which is not the score of the mean density. */
  readonly averaged: OrderParameterShift;
  /** The part from the score's fluctuations between centres, one class at a time. */
  readonly oneClass: OrderParameterShift;
  /** Order parameters with averaged classes at this dimension: m, v of the reduced simulation. */
  readonly annealed: OrderParameterShift;
  /** Order parameters with explicit classes, first order in the disorder: annealed plus correction. */
  readonly full: OrderParameterShift;
  /** Largest mean along the way of the sum of p_k^2 over the competing classes. */
  readonly participation: number;
  /** Estimated size of the neglected second order in the disorder, right to a factor of 2 or 3 (eq. disorder-second-order). */
  readonly neglected: OrderParameterShift;
  /** Standard error of the correction from sampling (0 for the ODE, which is not sampled). */
  readonly standardError: OrderParameterShift;
}

// Spacing of the quadrature over a centre: along the weightiest direction (there finer with d), across it, in its norm. On the sphere
// the law of the classes that count is narrower.
const spacings = { gaussian: [0.45, 0.75, 0.75], spherical: [0.18, 0.28, 1] } as const;
const coarseDimension = 24;
/** Gauss rules over starts, for the paths alone and with an explicit class: (along mu_c, across). */
const plainStarts = [7, 7] as const;
const explicitStarts = [2, 2] as const;

/** Fills in defaults. @throws ParameterError for unknown keys or inadmissible values */
export function resolveDisorderOptions(options: Partial<DisorderOptions>): DisorderOptions {
  requireKnownKeys('options', options, Object.keys(disorderDefaults));
  const resolved = { ...disorderDefaults, ...options };
  if (resolved.steps !== null) requireInteger('steps', resolved.steps, 1);
  requireInteger('particles', resolved.particles, 2);
  requireInteger('classesPerParticle', resolved.classesPerParticle, 1);
  requireInteger('seed', resolved.seed, 0);
  return resolved;
}

/**
 * Mean over particles and centres of the order parameters with K = e^(alpha d) explicit classes minus those with averaged
 * classes, to first order in the disorder (eq. disorder-expansion).
 *
 * ODE: deterministic, relative accuracy about 1 %. Sampler with noise: sampled, with the standard error that comes with it.
 * @param dimension d >= 4
 * @throws ParameterError for inadmissible parameters, or fewer than three classes
 * @throws NumericalFailure if a path leaves the range of numbers
 */
export function disorderCorrection(
  problem: ProblemInput,
  dimension: number,
  options: Partial<DisorderOptions> = {},
): DisorderCorrection {
  const guided = readProblem(problem);
  requireInteger('dimension', dimension, 4);
  const resolved = resolveDisorderOptions(options);
  const logClasses = guided.alpha * dimension;
  if (!(logClasses >= Math.log(3) - 1e-12 && logClasses <= 600)) {
    throw new ParameterError('alpha', 'such that 3 <= exp(alpha d) <= e^600', guided.alpha);
  }
  const start = frameStart(guided);
  const result =
    guided.sampler.eta === 0
      ? deterministicCorrection(guided, dimension, logOneLess(logClasses), start, resolved)
      : sampledCorrection(guided, dimension, logOneLess(logClasses), start, resolved);
  if (![result.m, result.v, result.annealed.m, result.annealed.v].every(Number.isFinite)) {
    throw new NumericalFailure('the order parameters of a path are not finite', 'take more steps');
  }
  return result;
}

function deterministicCorrection(
  problem: GuidedProblem,
  dimension: number,
  logOthers: number,
  start: FrameStart,
  options: DisorderOptions,
): DisorderCorrection {
  const { ensemble } = problem;
  const ends = stepEnds(problem, start, options.steps ?? Math.ceil(12 + dimension / 6));
  const steps = ends.middles.length;
  const nodes = new Float64Array(2 * steps + 1);
  ends.nodes.forEach((x, n) => (nodes[2 * n] = x));
  ends.middles.forEach((x, n) => (nodes[2 * n + 1] = x));
  const grid: FlowGrid = { nodes, w: Float64Array.from(ends.w.flat()), steps };
  const plain = annealedBath(ensemble, dimension, logOthers, nodes);
  const bath = tabulatedBath(ensemble, dimension, logOthers, nodes);
  const spacing = spacings[ensemble];
  const setting: OneClassSetting = {
    bath,
    grid,
    ensemble,
    dimension,
    logOthers,
    spacing: [spacing[0] * Math.min(1, Math.sqrt(coarseDimension / dimension)), spacing[1], spacing[2]],
  };
  const outcome: Outcome = { m: 0, v: 0 };
  // The typical start makes the tables.
  const record = emptyRecord(grid);
  followPath(
    bath,
    grid,
    dimension,
    [0, start.spread * Math.sqrt(dimension - 1)],
    null,
    outcome,
    record,
    (length) => {
      bath.begin(length);
    },
  );
  let participation = 0;
  const posterior = { mean: [0, 0, 0] as [number, number, number], logTotal: 0 };
  record.nodes.forEach((node, stage) => {
    const place = [record.places[2 * stage]!, record.places[2 * stage + 1]!, 0] as const;
    posteriorMean(bath, grid, node, dimension, [...place], null, posterior);
    participation = Math.max(participation, bath.participation());
  });
  const annealed = { m: 0, v: 0 };
  const averaged = { m: 0, v: 0 };
  for (const { start: from, weight } of startRule(dimension, start.spread, ...plainStarts)) {
    followPath(plain, grid, dimension, from, null, outcome);
    addTo(annealed, weight, outcome);
    addTo(averaged, -weight, outcome);
    followPath(bath, grid, dimension, from, null, outcome);
    addTo(averaged, weight, outcome);
  }
  const oneClass = { m: 0, v: 0 };
  for (const { start: from, weight } of startRule(dimension, start.spread, ...explicitStarts)) {
    addTo(oneClass, weight, oneClassTerm(setting, referencePath(setting, from)));
  }
  return assemble(problem, dimension, ends, {
    annealed,
    averaged,
    oneClass,
    participation,
    standardError: { m: 0, v: 0 },
  });
}

function sampledCorrection(
  problem: GuidedProblem,
  dimension: number,
  logOthers: number,
  start: FrameStart,
  options: DisorderOptions,
): DisorderCorrection {
  const ends = stepEnds(problem, start, options.steps ?? Math.ceil(16 + dimension / 4));
  const grid = noisyGrid(
    ends.nodes,
    problem.sampler.eta,
    ends.w.map(([begin, , end]) => [begin, end] as const),
  );
  const terms = sampledTerms({
    ensemble: problem.ensemble,
    dimension,
    logOthers,
    grid,
    spread: start.spread,
    particles: options.particles,
    classesPerParticle: options.classesPerParticle,
    seed: options.seed,
  });
  const means = ({ m, v }: typeof terms.annealed) => ({ m: m.mean, v: v.mean });
  const error = (name: 'm' | 'v') =>
    Math.hypot(terms.averaged[name].standardError ?? NaN, terms.oneClass[name].standardError ?? NaN);
  return assemble(problem, dimension, ends, {
    annealed: means(terms.annealed),
    averaged: means(terms.averaged),
    oneClass: means(terms.oneClass),
    participation: terms.participation,
    standardError: { m: error('m'), v: error('v') },
  });
}

function addTo(sum: { m: number; v: number }, weight: number, term: OrderParameterShift): void {
  sum.m += weight * term.m;
  sum.v += weight * term.v;
}

/** Factors of the estimate of the second order, from simulations: probability-flow ODE, samplers with noise. */
const secondOrderFactors = [2, 4] as const;

function assemble(
  problem: GuidedProblem,
  dimension: number,
  { w }: StepEnds,
  terms: Pick<DisorderCorrection, 'annealed' | 'averaged' | 'oneClass' | 'participation' | 'standardError'>,
): DisorderCorrection {
  const { annealed, averaged, oneClass, participation } = terms;
  const m = averaged.m + oneClass.m;
  const v = averaged.v + oneClass.v;
  const strongest = w.flat().reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const second = secondOrderFactors[problem.sampler.eta === 0 ? 0 : 1] * (1 + strongest) * participation;
  return {
    ...terms,
    dimension,
    m,
    v,
    full: { m: annealed.m + m, v: annealed.v + v },
    neglected: {
      m: second * Math.max(Math.abs(oneClass.m), 0.5 * Math.abs(oneClass.v)),
      v: second * Math.abs(oneClass.v),
    },
  };
}
