import type { Command } from 'commander';
import { requireChoice } from '../numerics/checks.ts';
import { integratorNames } from '../numerics/ode/integrator.ts';
import { solveDefaults, type SolveOptions } from '../meanfield/problem.ts';
import { optionalNumber, requiredText, type RawOptions } from './options.ts';

/** Numerical options of the mean-field solver. */
export function addSolverOptions(command: Command): Command {
  return command
    .option('--integrator <name>', integratorNames.join(' or '), solveDefaults.integrator)
    .option('--tolerance <T>', `relative tolerance of a step (default: ${solveDefaults.relativeTolerance})`);
}

/** Reads them. */
export function readSolverOptions(raw: RawOptions): Partial<SolveOptions> {
  const integrator = requiredText(raw, 'integrator', 'integrator');
  requireChoice('integrator', integrator, integratorNames);
  const tolerance = optionalNumber(raw, 'tolerance', 'tolerance');
  if (tolerance === null) return { integrator };
  return { integrator, relativeTolerance: tolerance, absoluteTolerance: 0.01 * tolerance };
}
