import type { FormRule } from './rule.ts';

/**
 * Autoguidance (eq. form-autoguidance; Karras et al., arXiv 2406.02507) s_c + w (s_c - s_bad), where the bad model knows the density with
 * classes of variance sigma2 + delta: at Gamma' = Gamma + delta, Gamma' s_bad = mubar' - y, with mubar' = mu_c for the same class and the
 * posterior mean at Gamma' for the whole mixture. Delta being mu_c - mubar',
 *   G = (1 + k) mu_c + w (Gamma/Gamma') Delta - k y,   k = w delta/Gamma'.
 * @param delta >= 0
 */
export function autoguidanceRule(delta: number, against: 'class' | 'mixture'): FormRule {
  const mixture = against === 'mixture';
  return {
    usesPosterior: mixture,
    usesInformation: false,
    shift: mixture ? delta : 0,
    target(_at, variance, w, out) {
      const contraction = (w * delta) / (variance + delta);
      out.centre = 1 + contraction;
      out.guidance = mixture ? w - contraction : 0;
      out.state = -contraction;
    },
  };
}
