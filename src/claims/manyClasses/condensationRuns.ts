import { competingClasses } from '../../meanfield/competing/branches.ts';
import { solutionState } from '../../meanfield/trajectory.ts';
import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import type { SamplerName } from '../../guidance/sampler.ts';
import type { ParticleResult, ParticleSeriesRow } from '../../particles/tasks.ts';
import { signalShare } from '../../process/variances.ts';
import type { Effort, Evidence, SimulationRequest } from '../protocol/claim.ts';
import { requestOf } from '../protocol/requests.ts';

/** Full simulations of one problem at several dimensions, recorded along the way. */
export interface CondensationRuns {
  readonly point: { readonly alpha: number; readonly w: number; readonly sampler: SamplerName };
  readonly dimensions: readonly number[];
  readonly clocks: readonly number[];
  readonly particles: number;
  readonly realizations: number;
  readonly steps: number;
}

/** Unguided: the competing classes are independent of the particle at all times. From uncondensed (-0.4) to condensed (0.7). */
export const unguidedClocks = [-0.4, 0, 0.4, 0.7];
/** Negative guidance: condensation is at -0.07. */
export const negativeClocks = [-2.1, -1.7, -1.25, -0.8, -0.4, -0.07, 0.5, 0.9];
/** Strong guidance: condensation would be at -1.03. */
const strongClocks = [-2.1, -1.7, -1.25, -1, -0.6, -0.2];

const plans = {
  quick: { unguided: [12, 16], negative: [20, 27], samplers: ['ode'], strong: [], realizations: [48, 32] },
  default: {
    unguided: [12, 16, 20],
    negative: [20, 27, 33],
    samplers: ['ode', 'sde'],
    strong: [9, 11, 14],
    realizations: [96, 48],
  },
  thorough: {
    unguided: [12, 16, 20, 24],
    negative: [20, 27, 33, 38],
    samplers: ['ode', 'sde'],
    strong: [9, 11, 14, 17],
    realizations: [256, 128],
  },
} as const satisfies Record<Effort, unknown>;

/** The simulations of an effort. */
export function condensationRuns(effort: Effort): {
  unguided: CondensationRuns;
  negative: CondensationRuns[];
  strong: CondensationRuns | null;
} {
  const { unguided, negative, samplers, strong, realizations } = plans[effort];
  const at = (
    alpha: number,
    w: number,
    sampler: SamplerName,
    dimensions: readonly number[],
    clocks: readonly number[],
    count: number,
    steps: number,
  ): CondensationRuns => ({
    point: { alpha, w, sampler },
    dimensions,
    clocks,
    particles: 48,
    realizations: count,
    steps,
  });
  return {
    // At w = 0 every step is exact.
    unguided: at(0.5, 0, 'ode', unguided, unguidedClocks, realizations[0], 8),
    negative: samplers.map((sampler) =>
      at(0.3, -0.4, sampler, negative, negativeClocks, realizations[1], 20),
    ),
    strong: strong.length === 0 ? null : at(0.7, 8, 'ode', strong, strongClocks, realizations[1], 20),
  };
}

function runName({ point }: CondensationRuns, d: number): string {
  return `full ${point.sampler} alpha=${point.alpha} w=${point.w} d=${d}`;
}

/** Requests of the runs by name. */
export function condensationRequests(runs: readonly CondensationRuns[]): Record<string, SimulationRequest> {
  return Object.fromEntries(
    runs.flatMap((run) =>
      run.dimensions.map((d) => {
        const { alpha, w: guidance, sampler } = run.point;
        const { particles, realizations, steps, clocks } = run;
        const request = requestOf(
          { mode: 'full', d, alpha, guidance, sampler },
          { particles, realizations, steps, clocks },
        );
        return [runName(run, d), request];
      }),
    ),
  );
}

/** Result at a dimension. */
export function resultAt(evidence: Evidence, run: CondensationRuns, d: number): ParticleResult {
  return evidence.result(runName(run, d));
}

/** Recorded row at a clock. */
export function rowAt(
  evidence: Evidence,
  run: CondensationRuns,
  d: number,
  clock: number,
): ParticleSeriesRow {
  return resultAt(evidence, run, d).series[run.clocks.indexOf(clock)]!;
}

/** Name for labels. */
export function condensationTitle({ point }: CondensationRuns): string {
  return `${point.sampler.toUpperCase()}, α = ${point.alpha}, w = ${point.w}`;
}

/** Growth rate of a quantity with its standard error. */
export interface GrowthRate {
  readonly value: number;
  readonly standardError: number;
}

/** d(log participation)/dd between the smallest and the largest dimension; NaN where none is recorded. */
export function participationGrowth(evidence: Evidence, run: CondensationRuns, clock: number): GrowthRate {
  const [first, last] = [run.dimensions[0]!, run.dimensions.at(-1)!];
  const [a, b] = [first, last].map((d) => rowAt(evidence, run, d, clock).participation);
  if (!a || !b) return { value: NaN, standardError: 1 };
  const error = Math.hypot(a.standardError! / a.mean, b.standardError! / b.mean);
  return { value: Math.log(b.mean / a.mean) / (last - first), standardError: error / (last - first) };
}

/**
 * Rate at which the number of classes that share the weight grows with d: 2 phi - phi_2 along a solution, phi_2 the free energy at
 * twice the inverse temperature (eq. participation-rate). 0 where the classes are condensed.
 */
export function participationRate(solution: OrderParameterSolution, clock: number): number {
  const { alpha, ensemble } = solution.problem;
  const state = solutionState(solution, clock);
  const E = Math.exp(clock);
  // |y|^2/d in the frame y = x/a, where D = 1/s and Gamma = 1/E.
  const square = (state[0]! ** 2 + Math.exp(state[1]!) / (1 + E)) / signalShare(clock);
  const classes = competingClasses(ensemble, alpha, 'quenched');
  // At inverse temperature beta the energies are those at Gamma/beta; the free energies carry the constant 1/2.
  const at = (beta: number) => classes.freeEnergy(beta * E, square / (1 + 1 / (beta * E))) - 0.5;
  return 2 * at(1) - at(2);
}
