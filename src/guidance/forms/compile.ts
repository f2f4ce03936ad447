import { requireProcess } from '../../process/process.ts';
import {
  ParameterError,
  requireMembers,
  requireNonNegative,
  requireObject,
  requirePositive,
} from '../../numerics/checks.ts';
import { angleRule } from './angle.ts';
import { autoguidanceRule } from './autoguidance.ts';
import { cappedRule } from './capped.ts';
import { feedbackRule } from './feedback.ts';
import { checkForm, type GuidanceForm } from './form.ts';
import { magnitudeRule } from './magnitude.ts';
import { nonlinearRule } from './nonlinear.ts';
import { projectedRule } from './projected.ts';
import { renormalisedRule, rescaledRule } from './rescaled.ts';
import { competingInvariants } from './limit.ts';
import { emptyInvariants, type FormContext, type FormRule, type GuidanceTarget } from './rule.ts';
import { tangentialRule } from './tangential.ts';
import { velocityAdaptiveRule } from './velocityAdaptive.ts';
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
        throw new ParameterError(
          'form',
          'read before it is used',
          form.phi,
          'read the whole problem with `await guidedProblem({ ... })`',
        );
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
    case 'tcfg':
      return tangentialRule(form.prediction, context);
    case 'adg':
      return angleRule(form.limit, context);
    case 'mambo-g':
      return magnitudeRule(form.damping, form.prediction, context);
    case 'vags':
      return velocityAdaptiveRule(form.kappa, form.prediction, context);
    case 'pmc':
      return cappedRule(form.cap, context);
    case 'own':
      return requireRule(form.name, form.rule(context), context.sigma2);
  }
}

/** Throws unless `rule` is one whose target at w = 0 is conditional sampling, which the solvers rely on. */
function requireRule(name: string, rule: FormRule, sigma2: number): FormRule {
  const parameter = `the rule of form ${name}`;
  requireMembers(parameter, rule, {
    usesPosterior: 'flag',
    usesInformation: 'flag',
    shift: 'number',
    target: 'function',
  });
  requireNonNegative(`${parameter}: shift`, rule.shift);
  const at = emptyInvariants();
  const variance = sigma2 + 1;
  competingInvariants(1, variance, 1 / (variance + 1 + rule.shift), at);
  const out: GuidanceTarget = { centre: NaN, guidance: NaN, state: NaN };
  rule.target(at, variance, 0, out);
  const deviation = Math.max(Math.abs(out.centre - 1), Math.abs(out.guidance), Math.abs(out.state));
  if (deviation <= 1e-9) return rule;
  throw new ParameterError(
    parameter,
    'conditional sampling at w = 0: centre 1, guidance 0, state 0',
    [out.centre, out.guidance, out.state].map(String),
  );
}
