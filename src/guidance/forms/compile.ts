import { requireProcess } from '../../process/process.ts';
import { ParameterError, requireObject, requirePositive } from '../../numerics/checks.ts';
import { autoguidanceRule } from './autoguidance.ts';
import { feedbackRule } from './feedback.ts';
import { checkForm, type GuidanceForm } from './form.ts';
import { nonlinearRule } from './nonlinear.ts';
import { projectedRule } from './projected.ts';
import { renormalisedRule, rescaledRule } from './rescaled.ts';
import type { FormContext, FormRule } from './rule.ts';
import { zeroStarRule } from './zeroStar.ts';

/**
 * The rule of a form, null for the linear one, for which the solvers have faster code.
 * @throws ParameterError for a form outside its domain, or a nonlinear one that is not resolved (resolveForm)
 */
export function compileForm(form: GuidanceForm | undefined, context: FormContext): FormRule | null {
  if (form === undefined) return null;
  checkForm(form);
  requireObject('context', context);
  requireProcess(context.process);
  requirePositive('sigma2', context.sigma2);
  if (form.kind === 'linear') return null;
  switch (form.kind) {
    case 'power': {
      const { exponent } = form;
      return nonlinearRule((norm) => norm ** exponent, form.prediction, form.dimension, context);
    }
    case 'nonlinear': {
      const { formula } = form;
      if (formula === undefined) {
        throw new ParameterError('form', 'resolved (resolveForm) before it is used', form.phi);
      }
      return nonlinearRule((norm) => formula.evaluate(norm), form.prediction, form.dimension, context);
    }
    case 'rescaled':
      return rescaledRule(form.phi, form.prediction, context);
    case 'renormalised':
      return renormalisedRule(form.cap, form.prediction, context);
    case 'projected':
      return projectedRule(form.parallel, form.threshold, context);
    case 'feedback':
      return feedbackRule(form.mixing, form.dimension);
    case 'zero-star':
      return zeroStarRule(form.prediction, context);
    case 'autoguidance':
      return autoguidanceRule(form.delta, form.against);
  }
}
