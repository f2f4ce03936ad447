import type { CompiledSchedule } from '../guidance/compiled.ts';
import type { Sampler } from '../guidance/sampler.ts';
import type { ForwardProcess } from '../process/process.ts';
import type { StepCoefficients } from './step.ts';
import { ddimStep, ddpmStep } from './denoising.ts';
import { exponentialEuler, exponentialHeun, exponentialMultistep } from './exponential.ts';
import { plainEuler, plainHeun } from './plain.ts';

/**
 * Time-stepping methods (docs/theory/particles.md):
 * - exponential-heun: exact linear part, second order, two scores a step;
 * - exponential-euler: exact linear part, first order, one score;
 * - exponential-multistep: exact linear part, second order for the ODE, one score;
 * - euler, heun: the textbook rules in the process's own time; they need a finite start time;
 * - ddim (eta <= 1), ddpm (eta = 1): the update rules of image generators.
 */
export const stepMethods = [
  'exponential-heun',
  'exponential-euler',
  'exponential-multistep',
  'euler',
  'heun',
  'ddim',
  'ddpm',
] as const;

/** One of {@link stepMethods}. */
export type StepMethod = (typeof stepMethods)[number];

/** Physics that the steps of a sampler depend on. */
export interface StepSetting {
  readonly process: ForwardProcess;
  /** Variance inside a class, > 0. */
  readonly sigma2: number;
  readonly sampler: Sampler;
  readonly schedule: CompiledSchedule;
}

/**
 * Coefficients of the steps between consecutive nodes of a time grid (ascending solver clocks). Multistep methods
 * take a Heun step at the beginning, where w may jump, and where the steps lengthen abruptly.
 */
export function stepSequence(
  physics: StepSetting,
  method: StepMethod,
  nodes: Float64Array,
): StepCoefficients[] {
  const { process, sigma2, schedule } = physics;
  const { eta } = physics.sampler;
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
