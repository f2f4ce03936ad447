import {
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireList,
  requireMembers,
} from '../numerics/checks.ts';
/**
 * A phase of the mixture: a group of classes that may dominate the density at a point. In high dimension
 * (1/d) log p(x) is the maximum of the phases' free energies (eq. log-density), and the unconditional score is that
 * of the phase that attains it. Today there are two (the guided class, all the others); the solver takes any number.
 */
export interface Phase {
  /** Name for crossings and figures. */
  readonly name: string;
  /** Free energy per dimension at (clock, state), up to a constant that all phases share. */
  freeEnergy(clock: number, state: Float64Array): number;
  /** Motion of the state by Gamma times the phase's score at unit rate, written into `out`. */
  score(clock: number, state: Float64Array, out: Float64Array): void;
  /**
   * Complexity per dimension of the classes that dominate the phase, for a phase made of exponentially many. Once it is
   * negative the phase is condensed on a few classes and the equations no longer close.
   */
  complexity?(clock: number, state: Float64Array): number;
}

/**
 * Order-parameter dynamics in a solver clock that increases towards the data. `state` may have any length; its
 * meaning belongs to the model that made the dynamics.
 */
export interface PhaseDynamics {
  /** Number of components of the state. */
  readonly dimension: number;
  readonly phases: readonly Phase[];
  /** Index of the guided class's phase, where guidance switches itself off. */
  readonly guided: number;
  /** d(state)/d(clock) while `phase` dominates. */
  field(phase: number, clock: number, state: Float64Array, out: Float64Array): void;
  /**
   * Noise of the state: d times the covariance that the sampler's noise adds per unit clock, row-major
   * dimension x dimension. The entries that are not written are 0 on entry.
   */
  diffusion(clock: number, state: Float64Array, out: Float64Array): void;
}

/** Throws unless `dynamics` is one of phases. */
export function requireDynamics(dynamics: PhaseDynamics): void {
  requireMembers('dynamics', dynamics, {
    dimension: 'number',
    phases: 'list',
    guided: 'number',
    field: 'function',
    diffusion: 'function',
  });
}

/** Throws unless `phases` is a list of phases, at least as many as given. */
export function requirePhases(phases: readonly Phase[], least: number): void {
  requireList('phases', phases, (parameter, phase) => {
    requireMembers(parameter, phase, { name: 'text', freeEnergy: 'function', score: 'function' });
  });
  requireInteger('phases.length', phases.length, least);
}

/**
 * A guidance form reduced to coefficients in a phase: Gamma s = A Gamma s_c + B Gamma s_u + C y. C is 0 on entry, and stays so for
 * the forms that only mix scores.
 */
export type GuidanceCoefficients = (
  phase: number,
  clock: number,
  state: Float64Array,
  out: { A: number; B: number; C: number },
) => void;

/** Parts that {@link composeDynamics} assembles. */
export interface DynamicsParts {
  readonly dimension: number;
  readonly phases: readonly Phase[];
  readonly guided: number;
  /** Rate at which Gamma times the score acts: (1 + eta^2)/2 in the clock log(a^2/Gamma). */
  readonly scoreRate: number;
  readonly coefficients: GuidanceCoefficients;
  /** Velocity of the state under y itself, at unit rate; needed where C is not 0. */
  outward?(state: Float64Array, out: Float64Array): void;
  /** The part of the flow that is not the score's. */
  drift(clock: number, state: Float64Array, out: Float64Array): void;
  diffusion(clock: number, state: Float64Array, out: Float64Array): void;
}

const partNames: (keyof DynamicsParts)[] = [
  'dimension',
  'phases',
  'guided',
  'scoreRate',
  'coefficients',
  'outward',
  'drift',
  'diffusion',
];

/**
 * The flow of any list of phases under any guidance form (eq. guided-flow):
 * d(state)/d(clock) = drift + scoreRate [A S_guided + B S_phase + C S_y]. Models with a faster hand-written field are
 * tested against this one.
 */
export function composeDynamics(parts: DynamicsParts): PhaseDynamics {
  requireKnownKeys('parts', parts, partNames);
  requireMembers('parts', parts, { coefficients: 'function', drift: 'function', diffusion: 'function' });
  if (parts.outward !== undefined) requireMembers('parts', parts, { outward: 'function' });
  requirePhases(parts.phases, 1);
  requireInteger('dimension', parts.dimension, 1);
  requireInteger('guided', parts.guided, 0, parts.phases.length - 1);
  requireFinite('scoreRate', parts.scoreRate);
  const { dimension, phases, guided, scoreRate, coefficients } = parts;
  const ofClass = new Float64Array(dimension);
  const ofPhase = new Float64Array(dimension);
  const ofState = new Float64Array(dimension);
  const guidance = { A: 1, B: 0, C: 0 };
  return {
    dimension,
    phases,
    guided,
    diffusion: (clock, state, out) => {
      parts.diffusion(clock, state, out);
    },
    field(phase, clock, state, out) {
      parts.drift(clock, state, out);
      guidance.C = 0;
      coefficients(phase, clock, state, guidance);
      phases[guided]!.score(clock, state, ofClass);
      phases[phase]!.score(clock, state, ofPhase);
      for (let i = 0; i < dimension; i++) {
        out[i] = out[i]! + scoreRate * (guidance.A * ofClass[i]! + guidance.B * ofPhase[i]!);
      }
      if (guidance.C === 0) return;
      parts.outward?.(state, ofState);
      for (let i = 0; i < dimension; i++) out[i] = out[i]! + scoreRate * guidance.C * ofState[i]!;
    },
  };
}
