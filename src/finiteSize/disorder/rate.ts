import { goldenPosition } from '../../numerics/extremum.ts';
import { findRoot } from '../../numerics/roots.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { competingClasses } from '../../meanfield/competing/branches.ts';
import { readProblem, type ProblemInput } from '../../problem/input.ts';
import { solveOrderParameters } from '../../meanfield/solve.ts';
import { solutionState, trajectoryClocks } from '../../meanfield/trajectory.ts';

/** The competing classes at inverse temperature beta, where their energies per dimension are multiplied by it. */
interface Tempered {
  /** Complexity of the classes that dominate: the log-number per dimension; negative where typical draws have none. */
  readonly complexity: number;
  /** Their energy per dimension, with 1/2 added. */
  readonly energy: number;
}

/**
 * Eqs. phi-gaussian and phi-spherical at inverse temperature beta (eq. tempered-classes).
 * @param E a^2/Gamma
 * @param Q self-overlap q/D
 */
export function temperedClasses(
  ensemble: ClassEnsemble,
  alpha: number,
  beta: number,
  E: number,
  Q: number,
): Tempered {
  const kappa2 = E * Q * (1 + E);
  const offset = 0.5 * (1 - Q * (1 + E));
  if (ensemble === 'gaussian') {
    const rho = 1 / (1 + beta * E);
    const u2 = (beta * rho) ** 2 * kappa2;
    return {
      complexity: alpha - 0.5 * (u2 + (rho - 1 - Math.log(rho))),
      energy: offset + kappa2 * beta * rho - 0.5 * E * (u2 + rho),
    };
  }
  const S = Math.sqrt(1 + 4 * beta * beta * kappa2);
  return {
    complexity: alpha - 0.5 * Math.log1p((S - 1) / 2),
    energy: offset - 0.5 * E + (2 * beta * kappa2) / (1 + S),
  };
}

/** Exponents of the weight of single competing classes at a place of the trajectory. */
export interface DisorderExponents {
  /** Rate of the sum of p_k^2 in a typical draw of the centres: it is e^(-d typical) up to powers of d. */
  readonly typical: number;
  /** Rate of its mean over draws, which rare draws may carry: at most `typical`. */
  readonly mean: number;
}

const coldest = 2;

/**
 * Exponents of the sum over the competing classes of p_k^2 (eqs. typical-exponent, mean-exponent).
 * @param psi free energy of the guided class, with 1/2 added
 */
export function disorderExponents(
  ensemble: ClassEnsemble,
  alpha: number,
  E: number,
  Q: number,
  psi: number,
): DisorderExponents {
  const at = (beta: number) => temperedClasses(ensemble, alpha, beta, E, Q);
  const free = Math.max(psi, competingClasses(ensemble, alpha, 'quenched').freeEnergy(E, Q));
  const cold = at(coldest);
  const annealed = 2 * free - cold.complexity - 2 * cold.energy;
  let typical = annealed;
  if (cold.complexity < 0) {
    // frozen at 2: the heaviest class, of complexity 0
    const { root } = findRoot((beta) => at(beta).complexity, 0, coldest);
    typical = 2 * (free - at(root).energy);
  }
  let mean = annealed;
  if (cold.energy > free) {
    // classes of weight of order 1 prevail, however rare the draws that have one
    const { root } = findRoot((beta) => at(beta).energy - free, 0, coldest);
    mean = -at(root).complexity;
  }
  return { typical: Math.max(0, typical), mean: Math.max(0, Math.min(mean, typical)) };
}

/** Smallest exponent along a trajectory. */
export interface SmallestExponent {
  readonly rate: number;
  /** Solver clock log(a^2/Gamma) at which it is attained. */
  readonly clock: number;
}

/** Result of {@link disorderRate}. */
export interface DisorderRate {
  /** Rate in typical draws of the centres. */
  readonly typical: SmallestExponent;
  /** Rate of the mean over draws. */
  readonly mean: SmallestExponent;
  /** Exponents along the trajectory. @param clock solver clock */
  at(clock: number): DisorderExponents;
}

const clocks = 240;

/**
 * Rates at which the disorder noise decays with the dimension (eq. disorder-rate): the smallest exponents of the sum of p_k^2 over
 * the competing classes along the mean-field trajectory. Null where there are no exponentially many classes (alpha 0 or infinite)
 * or the trajectory condenses (there they do not decay).
 * @throws ParameterError for inadmissible parameters
 */
export function disorderRate(problem: ProblemInput): DisorderRate | null {
  const complete = readProblem(problem);
  const solution = solveOrderParameters(complete, { fluctuations: false, staticClosure: false });
  const { alpha, ensemble } = complete;
  if (alpha === 0 || alpha === Infinity || solution.final === null) return null;
  const guided = solution.dynamics.phases[solution.dynamics.guided]!;
  const at = (clock: number): DisorderExponents => {
    const state = solutionState(solution, clock);
    const E = Math.exp(clock);
    const Q = Math.exp(state[1]!) / (1 + E) + state[0]! ** 2;
    return disorderExponents(ensemble, alpha, E, Q, guided.freeEnergy(clock, state));
  };
  // The exponents have a kink at the transition.
  const grid = [...trajectoryClocks(solution, clocks), ...solution.crossings.map(({ clock }) => clock)];
  grid.sort((p, q) => p - q);
  const smallest = (exponent: keyof DisorderExponents): SmallestExponent => {
    let best = 0;
    const values = grid.map((clock) => at(clock)[exponent]);
    values.forEach((value, i) => {
      if (value < values[best]!) best = i;
    });
    const from = grid[Math.max(0, best - 1)]!;
    const to = grid[Math.min(grid.length - 1, best + 1)]!;
    const clock = goldenPosition((x) => at(x)[exponent], from, to, 1e-7);
    const rate = at(clock)[exponent];
    return rate < values[best]! ? { rate, clock } : { rate: values[best]!, clock: grid[best]! };
  };
  return { typical: smallest('typical'), mean: smallest('mean'), at };
}
