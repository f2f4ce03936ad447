import type { FormRule } from './rule.ts';

/**
 * Feedback guidance (eq. form-feedback; Koulischer et al., arXiv 2506.06085). If the learned conditional density is a mixture
 * pi p(y|c) + (1 - pi) p(y) of the true one and the unconditional one, the true one has the score s_u + R/(R - 1 + pi) (s_c - s_u) of the
 * learned scores, R the ratio of the learned densities. So
 *   w -> min(w, (1 - pi)/(R - 1 + pi)),   R = exp(D l),   l = (1/d) log[p(y|c)/p(y)],
 * and w where R <= 1 - pi. D = d is the exact posterior of the mixture; then R is 0 or infinite for d -> infinity. A smaller D is a tempered
 * ratio, which has a limit. A negative w, which no cap can bind, is unchanged.
 * @param mixing pi in (0, 1]
 * @param dimension D > 0
 */
export function feedbackRule(mixing: number, dimension: number): FormRule {
  return {
    usesPosterior: true,
    usesInformation: true,
    shift: 0,
    target({ information }, _variance, w, out) {
      // R - 1 + pi without cancellation near R = 1, where sampling starts.
      const excess = Math.expm1(dimension * information) + mixing;
      out.centre = 1;
      out.guidance = excess > 0 ? Math.min(w, (1 - mixing) / excess) : w;
      out.state = 0;
    },
  };
}
