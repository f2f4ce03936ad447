import { samplers } from '../../guidance/sampler.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { NumericalFailure, ParameterError } from '../../numerics/checks.ts';
import { guidedProblem } from '../../problem/data.ts';
import { guidanceTextOf } from '../state/guidance.ts';
import type { ExplorerState } from '../state/state.ts';
import type { Outcome, RefusedField } from './protocol.ts';

/** The problem of a state, from infinite noise. @throws ParameterError for a schedule that is not allowed */
export async function problemOf(state: ExplorerState): Promise<GuidedProblem> {
  const { alpha, sigma2, ensemble, process, sampler } = state;
  const { eta } = samplers[sampler];
  const guidance = guidanceTextOf(state);
  return guidedProblem({ alpha, sigma2, ensemble, process, eta, guidance, startTime: null });
}

/** Misuse and numerical failures as answers; anything else is a fault and is thrown. */
export async function outcomeOf<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof ParameterError) {
      return { ok: false, refusal: { field: fieldOf(error.parameter), message: inThePage(error.message) } };
    }
    if (error instanceof NumericalFailure) {
      return { ok: false, refusal: { field: 'computation', message: inThePage(error.message) } };
    }
    throw error;
  }
}

const fields: Readonly<Record<string, RefusedField>> = {
  alpha: 'alpha',
  w: 'w',
  sigma2: 'sigma2',
  dimension: 'particles',
  classes: 'particles',
  particles: 'particles',
  realizations: 'particles',
  seed: 'particles',
  mixture: 'few',
  law: 'law',
};

/** Field of the page that a parameter belongs to. */
function fieldOf(parameter: string): RefusedField {
  const field = fields[parameter];
  if (field !== undefined) return field;
  return /^(schedule|clock|table|name|parameter|t of point|w of point)/.test(parameter)
    ? 'schedule'
    : 'computation';
}

/** Advice that names options of the command line, for a page that starts at infinite noise always. */
function inThePage(message: string): string {
  return message
    .replace(': give a finite start time (--t-max)', ': bound it there, as min(8, ...) does')
    .replace(
      ' (the asymptotic start reaches infinite noise: a finite --t-max avoids it)',
      ' (sampling starts at infinite noise, where it must be finite too)',
    )
    .replace('; raise maxSteps or loosen relativeTolerance', '; take guidance that changes less often');
}
