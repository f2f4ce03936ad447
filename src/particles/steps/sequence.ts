import type { ParticleProblem, StepMethod } from '../problem.ts';
import type { StepCoefficients } from './coefficients.ts';
import { ddimStep, ddpmStep } from './denoising.ts';
import { exponentialEuler, exponentialHeun, exponentialMultistep } from './exponential.ts';
import { plainEuler, plainHeun } from './plain.ts';

/**
 * Coefficients of the steps between consecutive nodes of a time grid (ascending solver clocks). Multistep methods
 * take a Heun step at the beginning, where w may jump, and where the steps lengthen abruptly.
 */
export function stepSequence(
  problem: Pick<ParticleProblem, 'process' | 'sigma2' | 'sampler' | 'schedule'>,
  method: StepMethod,
  nodes: Float64Array,
): StepCoefficients[] {
  const { process, sigma2, schedule } = problem;
  const { eta } = problem.sampler;
  const setting = { process, sigma2, eta, schedule };
  const step = (previous: number | undefined, from: number, to: number): StepCoefficients => {
    switch (method) {
      case 'exponential-heun':
        return exponentialHeun(from, to, eta, schedule);
      case 'exponential-euler':
        return exponentialEuler(from, to, eta, schedule);
      case 'exponential-multistep':
        return (
          (previous === undefined || schedule.breakpoints.includes(from)
            ? null
            : exponentialMultistep(previous, from, to, eta, schedule)) ??
          exponentialHeun(from, to, eta, schedule)
        );
      case 'euler':
        return plainEuler(from, to, setting);
      case 'heun':
        return plainHeun(from, to, setting);
      case 'ddim':
        return ddimStep(from, to, setting);
      case 'ddpm':
        return ddpmStep(from, to, setting);
    }
  };
  const steps: StepCoefficients[] = [];
  for (let i = 1; i < nodes.length; i++) steps.push(step(nodes[i - 2], nodes[i - 1]!, nodes[i]!));
  return steps;
}

/** Order of convergence of a method for the ODE. */
export function methodOrder(method: StepMethod): 1 | 2 {
  return method === 'exponential-heun' || method === 'exponential-multistep' || method === 'heun' ? 2 : 1;
}
