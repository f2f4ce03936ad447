import {
  ParameterError,
  requireChoice,
  requireFinite,
  requireKnownKeys,
  requireNonNegative,
  requireObject,
} from '../../numerics/checks.ts';
import type { MiscalibratedClassifier } from '../../classifier/calibration.ts';
import type { GuidanceForm } from '../../guidance/forms/form.ts';
import { samplers, type Sampler, type SamplerName } from '../../guidance/sampler.ts';
import type { Guidance } from '../../guidance/schedule.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import type { GuidedClass } from '../../mixture/centres.ts';
import { guidanceOf, type GuidanceText } from '../../guidance/written.ts';
import { requireSpec, type SimulationSpec } from '../../particles/simulationSpec.ts';
import { resolveParticleOptions } from '../../particles/problem/problem.ts';
import { resolveModel, type PhysicsData } from '../../problem/data.ts';
import type { ProcessName } from '../../process/process.ts';
import type { ClaimRequest, SimulationRequest } from './claim.ts';

/** Variance inside a class in every claim that does not vary it. */
export const claimSigma2 = 0.25;

/** A simulation in the fewest words: what is left out is as in the rest of the claims. */
export interface RequestedPhysics {
  readonly mode: SimulationSpec['mode'];
  readonly d: number;
  /** Exactly one of the three. */
  readonly alpha?: number;
  readonly classes?: number;
  readonly logClasses?: number;
  /** Constant w, or a schedule. */
  readonly guidance: number | GuidanceText;
  readonly sampler: SamplerName;
  /** Noise level in place of the sampler's. */
  readonly eta?: number;
  readonly ensemble?: ClassEnsemble;
  readonly sigma2?: number;
  readonly process?: ProcessName;
  readonly startTime?: number | null;
  readonly guidedClass?: GuidedClass;
  readonly centreOverlap?: number;
  /** Guidance form; absent: linear. */
  readonly form?: GuidanceForm;
  /** The classifier that guides; absent: the true one. */
  readonly classifier?: MiscalibratedClassifier;
}

const physicsKeys: readonly (keyof RequestedPhysics)[] = [
  'mode',
  'd',
  'alpha',
  'classes',
  'logClasses',
  'guidance',
  'sampler',
  'eta',
  'ensemble',
  'sigma2',
  'process',
  'startTime',
  'guidedClass',
  'centreOverlap',
  'form',
  'classifier',
];

/** A simulation request: gaussian ensemble, sigma2 = 0.25, OU process, asymptotic start, typical guided class if not said otherwise. */
export function requestOf(
  physics: RequestedPhysics,
  options: SimulationRequest['options'],
): SimulationRequest {
  requireKnownKeys('physics', physics, physicsKeys);
  requireObject('options', options);
  resolveParticleOptions(options);
  const { alpha, classes, logClasses, guidance, d, centreOverlap, form, classifier } = physics;
  if (classes === undefined && logClasses === undefined) requireNonNegative('alpha', alpha!);
  if (typeof guidance === 'number') requireFinite('guidance', guidance);
  requireChoice('sampler', physics.sampler, Object.keys(samplers) as SamplerName[]);
  const request: SimulationRequest = {
    spec: {
      mode: physics.mode,
      dimension: d,
      classes: classes ?? null,
      logClasses: classes === undefined ? (logClasses ?? alpha! * d) : null,
      ...modelOf(physics),
      guidance: typeof guidance === 'number' ? { w: guidance } : guidance,
      guidedClass: physics.guidedClass ?? 'typical',
      ...(centreOverlap === undefined ? {} : { centreOverlap }),
      ...(form === undefined ? {} : { form }),
      ...(classifier === undefined ? {} : { classifier }),
    },
    options,
  };
  requireSpec(request.spec);
  return request;
}

/** Physics that a simulation and the mean field have in common. */
export type SharedPhysics = Pick<
  RequestedPhysics,
  'eta' | 'ensemble' | 'sigma2' | 'process' | 'startTime' | 'form'
> & {
  readonly alpha?: number;
  readonly guidance: RequestedPhysics['guidance'] | Guidance;
  /** Name, or any noise level. */
  readonly sampler: SamplerName | Sampler;
};

/** Plain data of the model, with the defaults of the claims. */
function modelOf(physics: Omit<SharedPhysics, 'guidance'>): Omit<PhysicsData, 'guidance' | 'form'> {
  const { sigma2 = claimSigma2, ensemble = 'gaussian', process = 'ou', startTime = null } = physics;
  return { sigma2, ensemble, eta: samplerOf(physics).eta, process, startTime };
}

/**
 * The mean-field problem of a simulation's physics, with the defaults of {@link requestOf}. Its rate is alpha; without
 * one, Infinity.
 */
export function problemOf(physics: SharedPhysics): GuidedProblem {
  const { alpha = Infinity, guidance, form } = physics;
  if (typeof guidance === 'object' && 'schedule' in guidance)
    throw new ParameterError('guidance', 'a constant or a compiled schedule', guidance.schedule);
  return {
    ...resolveModel(modelOf(physics)),
    alpha,
    guidance: typeof guidance === 'number' ? { w: guidance } : guidance,
    ...(form === undefined ? {} : { form }),
  };
}

/** {@link problemOf} for physics whose schedule is text, as simulations have it. */
export async function writtenProblemOf(physics: SharedPhysics): Promise<GuidedProblem> {
  const { guidance } = physics;
  const isText = typeof guidance === 'object' && 'schedule' in guidance;
  return problemOf(isText ? { ...physics, guidance: await guidanceOf(guidance) } : physics);
}

/** Sampler of a simulation's physics. */
export function samplerOf({ sampler, eta }: Pick<SharedPhysics, 'sampler' | 'eta'>): Sampler {
  if (eta !== undefined) return { eta };
  return typeof sampler === 'string' ? samplers[sampler] : sampler;
}

/** Text that two requests share if and only if they ask for the same simulation (keys in one order). */
export function requestKey(request: ClaimRequest): string {
  return canonical(request);
}

/**
 * Seed of a request: different ones have unrelated random numbers (runs at several dimensions would otherwise share
 * the noise at the start), and a request has the same in every run with the same seed. FNV-1a, 32 bits.
 */
export function requestSeed(key: string, seed: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}|${key}`) {
    hash ^= character.codePointAt(0)!;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${key}:${canonical(entry)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
