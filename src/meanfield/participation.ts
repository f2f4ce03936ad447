import { signalShare } from '../process/variances.ts';
import { competingClasses } from './competing/branches.ts';
import type { OrderParameterSolution } from './solve.ts';
import { solutionState } from './trajectory.ts';

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
