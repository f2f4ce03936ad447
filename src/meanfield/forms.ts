import { requireMembers, requireNonNegative } from '../numerics/checks.ts';
import type { CompiledSchedule } from '../guidance/compiled.ts';
import { competingInvariants, guidedInvariants } from '../guidance/forms/limit.ts';
import { emptyInvariants, type FormRule, type GuidanceTarget } from '../guidance/forms/rule.ts';
import { competingClasses, type CompetingClasses } from './competing/branches.ts';
import {
  competingPhase,
  guidedPhase,
  isotropicDiffusion,
  isotropicPhases,
  requireIsotropic,
  type IsotropicParameters,
} from './isotropic.ts';
import type { Phase, PhaseDynamics } from './phases.ts';

/** Parameters of the dynamics under a guidance form. */
export interface FormParameters extends IsotropicParameters {
  readonly schedule: CompiledSchedule;
  readonly rule: FormRule;
}

/**
 * The phases that decide about mubar: those of the mixture itself, or, for a form that looks at wider classes, of that one at
 * Gamma' = Gamma + shift (eq. shifted-phases). The state (N, L) is read at the shifted clock: N' = N sqrt(s'/s), L' = L + log(Gamma/Gamma').
 */
export function formPhases(parameters: IsotropicParameters, shift: number): readonly [Phase, Phase] {
  requireNonNegative('shift', shift);
  const phases = isotropicPhases(parameters);
  if (shift === 0) return phases;
  const state = new Float64Array(2);
  const shifted = (clock: number, at: Float64Array): number => {
    const variance = Math.exp(-clock);
    const wider = variance + shift;
    // s = 1/(Gamma + 1)
    state[0] = at[0]! * Math.sqrt((variance + 1) / (wider + 1));
    state[1] = at[1]! - Math.log1p(shift / variance);
    return -Math.log(wider);
  };
  const shiftedPhase = (phase: Phase): Phase => {
    const own: Phase = {
      name: phase.name,
      freeEnergy: (clock, at) => phase.freeEnergy(shifted(clock, at), state),
      // Gamma s' = (Gamma/Gamma') Gamma' s', per unit of N = sqrt(s) M.
      score(clock, at, out) {
        const wider = shifted(clock, at);
        const ratio = Math.exp(-clock + wider);
        phase.score(wider, state, out);
        out[0] = out[0]! * ratio * Math.sqrt((Math.exp(-wider) + 1) / (Math.exp(-clock) + 1));
        out[1] = out[1]! * ratio;
      },
    };
    if (phase.complexity === undefined) return own;
    return { ...own, complexity: (clock, at) => phase.complexity!(shifted(clock, at), state) };
  };
  return [shiftedPhase(phases[guidedPhase]), shiftedPhase(phases[competingPhase])];
}

/**
 * Flow of (N, L) under a guidance form (eq. form-flow): with the target G = centre mu_c + guidance Delta + state y, Delta = mu_c - h y in the phase of
 * the competing classes and 0 in the guided class's,
 *   dN/dlambda = N r/2 + (e/2) [(centre + guidance) sqrt(s) - (1 + guidance h - state) N],
 *   dL/dlambda = eta^2 (e^-L - 1) - e (guidance h - state).
 */
export function formDynamics(parameters: FormParameters): PhaseDynamics {
  requireIsotropic(parameters);
  requireMembers('rule', parameters.rule, { shift: 'number', usesInformation: 'flag', target: 'function' });
  const { eta, schedule, rule } = parameters;
  const noise = eta * eta;
  const rate = 0.5 * (1 + noise);
  const pull = competingPull(parameters);
  const information = rule.usesInformation ? informationOf(parameters) : () => 0;
  const at = emptyInvariants();
  const target: GuidanceTarget = { centre: 1, guidance: 0, state: 0 };
  return {
    dimension: 2,
    phases: formPhases(parameters, rule.shift),
    guided: guidedPhase,
    diffusion: isotropicDiffusion(eta),
    field(phase, clock, state, out) {
      const E = Math.exp(clock);
      const variance = 1 / E;
      const s = E / (1 + E);
      const [N, L] = state as unknown as [number, number];
      const M = N / Math.sqrt(s);
      const v = Math.exp(L) * variance;
      let h = 0;
      if (phase === guidedPhase) {
        guidedInvariants(M, v, at);
        at.information = parameters.alpha;
      } else {
        h = pull(variance, M * M + v);
        competingInvariants(M, v, h, at);
        at.information = information(clock, state);
      }
      rule.target(at, variance, schedule.coefficient(clock), target);
      const guidance = phase === guidedPhase ? 0 : target.guidance;
      const outward = target.state - guidance * h;
      out[0] = (0.5 * N) / (1 + E) + rate * ((target.centre + guidance) * Math.sqrt(s) - (1 - outward) * N);
      out[1] = (noise === 0 ? 0 : noise * Math.expm1(-L)) + 2 * rate * outward;
    },
  };
}

/** h in mubar = h y, as a function of Gamma and |y|^2/d; the uncondensed branch unless the static free energy is followed. */
function competingPull(parameters: FormParameters): (variance: number, square: number) => number {
  const { ensemble, alpha, average, rule } = parameters;
  const others = competingClasses(ensemble, alpha, average);
  const branches = parameters.closure === 'static';
  return (variance, square) => {
    const wider = variance + rule.shift;
    const E = 1 / wider;
    const Q = square / (wider + 1);
    if (branches && others.complexity(E, Q) < 0) return 1 - others.shrinkage(E, Q);
    // 1 - g without its cancellation at infinite noise.
    if (ensemble === 'gaussian') return 1 / (wider + 1);
    return (2 * E) / (1 + Math.sqrt(1 + 4 * E * Q * (1 + E)));
  };
}

/** l = psi - (phi - alpha) while the competing classes dominate; the parts of alpha cancel on the uncondensed branch. */
function informationOf(parameters: FormParameters): (clock: number, state: Float64Array) => number {
  const { ensemble, alpha, average, closure } = parameters;
  const phases = isotropicPhases(parameters);
  const bare: CompetingClasses = competingClasses(ensemble, 0, 'annealed');
  const others = competingClasses(ensemble, alpha, average);
  const branches = closure === 'static';
  return (clock, state) => {
    const E = Math.exp(clock);
    const [N, L] = state as unknown as [number, number];
    const Q = Math.exp(L) / (1 + E) + N * N;
    const psi = phases[guidedPhase].freeEnergy(clock, state);
    if (branches && others.complexity(E, Q) < 0) return psi - (others.freeEnergy(E, Q) - alpha);
    return psi - bare.freeEnergy(E, Q);
  };
}
