import { requireChoice, requireNonNegative, requireObject } from '../numerics/checks.ts';
import { requireSchedule, type CompiledSchedule } from '../guidance/compiled.ts';
import type { ClassEnsemble } from '../mixture/ensemble.ts';
import { competingClasses, type DisorderAverage } from './competing/branches.ts';
import { composeDynamics, type Phase, type PhaseDynamics } from './phases.ts';

/**
 * The isotropic model of [V26]: K = exp(alpha d) classes of equal variance. State and clock (eq. invariant-state):
 *   clock     lambda = log(a^2/Gamma), from -Infinity (noise) to log(1/sigma2) (data);
 *   state[0]  N = m/sqrt(D), the overlap in units of the total standard deviation (N -> 0, var N -> 1/d at the start);
 *   state[1]  L = log(v/Gamma), the logarithm of the variance ratio (keeps v relatively accurate when guidance shrinks it by orders
 *             of magnitude).
 * In them the flow depends neither on the process nor on sigma2 (eq. invariant-flow).
 */

/** Parameters of {@link isotropicDynamics}. */
export interface IsotropicParameters {
  /** log(K)/d >= 0, or Infinity for infinitely many classes. */
  readonly alpha: number;
  readonly ensemble: ClassEnsemble;
  /** Noise level of the sampler, eta >= 0. */
  readonly eta: number;
  readonly schedule: CompiledSchedule;
  readonly average: DisorderAverage;
  /** Stop where the competing classes condense (default), or follow the static free energy through it. */
  readonly closure: 'stopAtCondensation' | 'static';
}

/** Throws unless the parameters are admissible; their ensemble, alpha and average are checked by {@link competingClasses}. */
export function requireIsotropic(parameters: IsotropicParameters): void {
  requireObject('parameters', parameters);
  requireNonNegative('eta', parameters.eta);
  requireSchedule(parameters.schedule);
  requireChoice('closure', parameters.closure, ['stopAtCondensation', 'static']);
}

/** Index of the guided class's phase and of the competing classes' phase. */
export const guidedPhase = 0;
export const competingPhase = 1;

/**
 * The two phases: the guided class (eq. psi) and the random energy model of the others (eqs. phi-gaussian,
 * phi-spherical), the latter at the self-overlap Q = q/D = r V + N^2.
 */
export function isotropicPhases(parameters: IsotropicParameters): readonly [Phase, Phase] {
  requireIsotropic(parameters);
  const others = competingClasses(parameters.ensemble, parameters.alpha, parameters.average);
  // Energies and complexity are evaluated at the same point one after the other: compute E and Q once.
  let [lastClock, lastN, lastL, E, Q] = [NaN, NaN, NaN, NaN, NaN];
  const visit = (clock: number, state: Float64Array) => {
    const N = state[0]!;
    const L = state[1]!;
    if (clock === lastClock && N === lastN && L === lastL) return;
    lastClock = clock;
    lastN = N;
    lastL = L;
    E = Math.exp(clock);
    Q = Math.exp(L) / (1 + E) + N * N;
  };
  const guided: Phase = {
    name: 'guided class',
    // psi + common constant = -[v/Gamma - 1 + (m - a)^2/Gamma]/2, with (m - a)^2/Gamma = (N - sqrt(s))^2/r
    freeEnergy(clock, state) {
      visit(clock, state);
      const overlapExcess = state[0]! - Math.sqrt(E / (1 + E));
      return -0.5 * (Math.expm1(state[1]!) + overlapExcess * overlapExcess * (1 + E));
    },
    score(clock, state, out) {
      visit(clock, state);
      out[0] = Math.sqrt(E / (1 + E)) - state[0]!;
      out[1] = -2;
    },
  };
  const competing: Phase = {
    name: 'competing classes',
    freeEnergy(clock, state) {
      visit(clock, state);
      return others.freeEnergy(E, Q);
    },
    score(clock, state, out) {
      visit(clock, state);
      const g = others.shrinkage(E, Q);
      out[0] = -g * state[0]!;
      out[1] = -2 * g;
    },
  };
  // At an infinite number of classes nothing condenses, and annealed averages have no complexity to lose.
  if (parameters.closure === 'static' || parameters.average === 'annealed' || parameters.alpha === Infinity) {
    return [guided, competing];
  }
  return [
    guided,
    {
      ...competing,
      complexity(clock, state) {
        visit(clock, state);
        return others.complexity(E, Q);
      },
    },
  ];
}

/**
 * Flow of (N, L) from the list of phases (eq. invariant-flow):
 *   dN/dlambda = N r/2 + (e/2) [A (sqrt(s) - N) + B S_N],  dL/dlambda = 1 + eta^2 e^-L + e/2 [-2 A + B S_L],  e = 1 + eta^2,
 * with A = 1 + w, B = -w and S the score of the phase that dominates. The obvious form; {@link isotropicDynamics}
 * is the fast one.
 */
export function isotropicDynamicsFromPhases(parameters: IsotropicParameters): PhaseDynamics {
  requireIsotropic(parameters);
  const { eta, schedule } = parameters;
  return composeDynamics({
    dimension: 2,
    phases: isotropicPhases(parameters),
    guided: guidedPhase,
    scoreRate: 0.5 * (1 + eta * eta),
    coefficients: (_phase, clock, _state, out) => {
      const w = schedule.coefficient(clock);
      out.A = 1 + w;
      out.B = -w;
    },
    drift(clock, state, out) {
      out[0] = (0.5 * state[0]!) / (1 + Math.exp(clock));
      out[1] = 1 + eta * eta * Math.exp(-state[1]!);
    },
    diffusion: isotropicDiffusion(eta),
  });
}

/** Noise of (N, L) per unit clock, times d: eta^2 r and 4 eta^2 Gamma/v on the diagonal (eq. fluctuation-noise). */
export function isotropicDiffusion(eta: number): PhaseDynamics['diffusion'] {
  return (clock, state, out) => {
    // Without noise e^-L may overflow.
    if (eta === 0) return;
    out[0] = (eta * eta) / (1 + Math.exp(clock));
    out[3] = 4 * eta * eta * Math.exp(-state[1]!);
  };
}

/** The isotropic flow with explicit forces: several times faster than the composed one, and tested equal to it. */
export function isotropicDynamics(parameters: IsotropicParameters): PhaseDynamics {
  requireIsotropic(parameters);
  const { eta, schedule, alpha, ensemble, average } = parameters;
  const others = competingClasses(ensemble, alpha, parameters.closure === 'static' ? average : 'annealed');
  const noise = eta * eta;
  const rate = 0.5 * (1 + noise);
  const constant = schedule.constant;
  // Unless the static free energy is wanted, the solver stops where the branch changes: the uncondensed branch alone
  // keeps the field smooth for the trial steps that look beyond that point. On it the gaussian ensemble has g = r.
  const smooth = parameters.closure !== 'static';
  const shrinkageIsR = ensemble === 'gaussian' && (smooth || average === 'annealed');
  // Several states are asked for at one clock, one after the other.
  let [lastClock, E, r, target] = [NaN, NaN, NaN, NaN];
  return {
    dimension: 2,
    phases: isotropicPhases(parameters),
    guided: guidedPhase,
    diffusion: isotropicDiffusion(eta),
    field(phase, clock, state, out) {
      if (clock !== lastClock) {
        lastClock = clock;
        E = Math.exp(clock);
        r = 1 / (1 + E);
        target = Math.sqrt(E * r);
      }
      const N = state[0]!;
      const L = state[1]!;
      if (phase === guidedPhase) {
        // A + B = 1: guidance has switched itself off.
        out[0] = 0.5 * r * N + rate * (target - N);
        out[1] = noise === 0 ? 0 : noise * Math.expm1(-L);
        return;
      }
      const w = constant ?? schedule.coefficient(clock);
      let g = r;
      let supply = 0;
      if (noise !== 0 || !shrinkageIsR) {
        const V = Math.exp(L);
        supply = noise * (1 / V - 1);
        if (!shrinkageIsR) g = others.shrinkage(E, V * r + N * N);
      }
      out[0] = 0.5 * r * N + rate * ((1 + w) * (target - N) + w * g * N);
      out[1] = supply - 2 * rate * w * (1 - g);
    },
  };
}
