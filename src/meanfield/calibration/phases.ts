import { isCalibrated, type MiscalibratedClassifier } from '../../classifier/calibration.ts';
import { competingClasses } from '../competing/branches.ts';
import {
  competingPhase,
  guidedPhase,
  isotropicDiffusion,
  isotropicPhases,
  type IsotropicParameters,
} from '../isotropic.ts';
import type { Phase, PhaseDynamics } from '../phases.ts';

/** A phase of the pair (mixture, classifier): each is decided for the guided class or not. */
export interface JointPhase extends Phase {
  readonly mixture: boolean;
  readonly classifier: boolean;
  /** Complexities of the classes that dominate in the mixture and in the classifier, where they are undecided. */
  readonly complexities: Readonly<Partial<Record<Decision, (clock: number, state: Float64Array) => number>>>;
}

/** Who decides for the guided class: the density itself, or the classifier. */
export type Decision = 'mixture' | 'classifier';

/** Dynamics with the phases of a mis-calibrated classifier. */
export interface JointDynamics extends PhaseDynamics {
  readonly phases: readonly JointPhase[];
}

/**
 * The classifier's two phases in the state of the mixture (eq. tempered-phases): c^(1/T) weighs the classes as a mixture of the
 * variance T Gamma does, so that they are those of isotropic.ts at the clock lambda - log T with
 * N_T = N sqrt(s_T/s), L_T = L - log T, and the guided class's has the bias.
 */
export function temperedPhases(
  parameters: IsotropicParameters,
  { temperature, bias }: MiscalibratedClassifier,
): readonly [Phase, Phase] {
  const [guided, competing] = isotropicPhases(parameters);
  const logT = Math.log(temperature);
  const state = new Float64Array(2);
  const tempered = (clock: number, at: Float64Array): number => {
    // s_T/s = (1 + Gamma)/(1 + T Gamma), here times E/E.
    const E = Math.exp(clock);
    state[0] = at[0]! * Math.sqrt((1 + E) / (temperature + E));
    state[1] = at[1]! - logT;
    return clock - logT;
  };
  const move = (phase: Phase): Phase => ({
    name: phase.name,
    freeEnergy: (clock, at) => phase.freeEnergy(tempered(clock, at), state),
    // Gamma times the gradient of the tempered density: (1/T) (T Gamma s_T).
    score(clock, at, out) {
      const ratio = Math.sqrt((temperature + Math.exp(clock)) / (1 + Math.exp(clock)));
      phase.score(tempered(clock, at), state, out);
      out[0] = (out[0]! * ratio) / temperature;
      out[1] = out[1]! / temperature;
    },
    ...(phase.complexity === undefined
      ? {}
      : {
          complexity: (clock: number, at: Float64Array) => phase.complexity!(tempered(clock, at), state),
        }),
  });
  const own = move(guided);
  return [{ ...own, freeEnergy: (clock, at) => own.freeEnergy(clock, at) + bias }, move(competing)];
}

/**
 * The phases that a trajectory can be in, as pairs: the free energy of a pair is the sum, whose largest is the pair of the
 * largest. The true classifier decides when the mixture does: then there are two. With infinitely many classes neither
 * decides. The complexity is the smaller of those that are defined.
 */
export function jointPhases(
  parameters: IsotropicParameters,
  classifier: MiscalibratedClassifier,
): readonly JointPhase[] {
  const mixture = isotropicPhases(parameters);
  const tempered = temperedPhases(parameters, classifier);
  const pair = (ofMixture: boolean, ofClassifier: boolean): JointPhase => {
    const first = mixture[ofMixture ? guidedPhase : competingPhase];
    const second = tempered[ofClassifier ? guidedPhase : competingPhase];
    const complexities = {
      ...(first.complexity === undefined ? {} : { mixture: first.complexity.bind(first) }),
      ...(second.complexity === undefined ? {} : { classifier: second.complexity.bind(second) }),
    };
    const all = Object.values(complexities);
    return {
      name: `mixture ${verdict(ofMixture)}, classifier ${verdict(ofClassifier)}`,
      mixture: ofMixture,
      classifier: ofClassifier,
      complexities,
      freeEnergy: (clock, state) => first.freeEnergy(clock, state) + second.freeEnergy(clock, state),
      score(clock, state, out) {
        first.score(clock, state, out);
      },
      ...(all.length === 0
        ? {}
        : {
            complexity: (clock: number, state: Float64Array) =>
              all.reduce((least, one) => Math.min(least, one(clock, state)), Infinity),
          }),
    };
  };
  if (parameters.alpha === Infinity) return [pair(false, false)];
  if (isCalibrated(classifier)) return [pair(true, true), pair(false, false)];
  return [pair(true, true), pair(true, false), pair(false, true), pair(false, false)];
}

function verdict(decided: boolean): string {
  return decided ? 'decided' : 'undecided';
}

/**
 * Flow of (N, L) under a mis-calibrated classifier (eq. calibration-flow): with Gamma s = A a mu_c + B x,
 *   mixture    undecided: A = 0, B = -g;   decided: A = 1, B = -1;
 *   classifier undecided: A += (1 + w)/T, B -= (1 + w)(1 - g_T)/T;   decided: nothing,
 *   dN/dlambda = N r/2 + (e/2)(A sqrt(s) + B N),   dL/dlambda = 1 + eta^2 e^-L + e B,   e = 1 + eta^2.
 */
export function calibrationDynamics(
  parameters: IsotropicParameters,
  classifier: MiscalibratedClassifier,
): JointDynamics {
  const { eta, schedule, alpha, ensemble, closure, average } = parameters;
  const { temperature } = classifier;
  // As in isotropicDynamics: beyond a condensation the solver only tries.
  const others = competingClasses(ensemble, alpha, closure === 'static' ? average : 'annealed');
  const phases = jointPhases(parameters, classifier);
  const noise = eta * eta;
  const rate = 0.5 * (1 + noise);
  return {
    dimension: 2,
    phases,
    guided: 0,
    diffusion: isotropicDiffusion(eta),
    field(index, clock, state, out) {
      const { mixture: mixtureDecided, classifier: classifierDecided } = phases[index]!;
      const E = Math.exp(clock);
      const r = 1 / (1 + E);
      const N = state[0]!;
      const L = state[1]!;
      const square = Math.exp(L) * r + N * N;
      let A = 1;
      // 1 + B, which is small at infinite noise.
      let excess = 0;
      if (!mixtureDecided) {
        A = 0;
        excess = 1 - others.shrinkage(E, square);
      }
      if (!classifierDecided) {
        const strength = (1 + schedule.coefficient(clock)) / temperature;
        A += strength;
        excess -= strength * (1 - others.shrinkage(E / temperature, (square * (1 + E)) / (temperature + E)));
      }
      out[0] = 0.5 * r * N + rate * (A * Math.sqrt(E * r) + (excess - 1) * N);
      out[1] = (noise === 0 ? 0 : noise * Math.expm1(-L)) + 2 * rate * excess;
    },
  };
}
