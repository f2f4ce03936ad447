import { checkForm, resolveForm, type GuidanceForm } from '../guidance/forms/form.ts';
import type { Guidance } from '../guidance/schedule.ts';
import { guidanceOf, requireGuidanceText, type GuidanceText } from '../guidance/written.ts';
import { ensembles, type ClassEnsemble } from '../mixture/ensemble.ts';
import { requireChoice, requireKnownKeys, requireNonNegative, requirePositive } from '../numerics/checks.ts';
import { processOf, requireStartTime, type ProcessName } from '../process/process.ts';
import { requireRate, type GuidedProblem, type Physics } from './physics.ts';

/** Physics as plain data: it can be written to a file and sent to a worker. Nothing here has a default. */
export interface PhysicsData {
  /** Variance inside a class, > 0. */
  readonly sigma2: number;
  readonly ensemble: ClassEnsemble;
  readonly process: ProcessName;
  /** Noise level of the sampler: 0 probability flow (ODE), 1 reverse diffusion (SDE). */
  readonly eta: number;
  readonly guidance: GuidanceText;
  /** Start of sampling in process time, or null for the exact asymptotic start at infinite noise. */
  readonly startTime: number | null;
  /** Guidance form (absent: linear). */
  readonly form?: GuidanceForm;
}

/** A guided problem in the limit of high dimension, as plain data. */
export interface ProblemData extends PhysicsData {
  /** Class rate log(K)/d, >= 0; Infinity, or the word for it where JSON has no number, for infinitely many classes. */
  readonly alpha: number | 'infinity';
}

/** Keys of {@link PhysicsData}. */
export const physicsDataKeys: readonly (keyof PhysicsData)[] = [
  'sigma2',
  'ensemble',
  'process',
  'eta',
  'guidance',
  'startTime',
  'form',
];

/** Throws ParameterError unless the physics is admissible; a formula is read where it is compiled. */
export function requirePhysicsData({
  sigma2,
  ensemble,
  process,
  eta,
  guidance,
  startTime,
  form,
}: PhysicsData): void {
  requirePositive('sigma2', sigma2);
  requireChoice('ensemble', ensemble, ensembles);
  requireNonNegative('eta', eta);
  requireGuidanceText(guidance);
  const forward = processOf(process);
  if (startTime !== null) requireStartTime('startTime', forward, startTime);
  if (form !== undefined) checkForm(form);
}

/** Process and sampler of plain data as objects. */
export function resolveModel({
  sigma2,
  ensemble,
  process,
  eta,
  startTime,
}: Omit<PhysicsData, 'guidance' | 'form'>): Omit<Physics, 'form'> {
  return { sigma2, ensemble, sampler: { eta }, process: processOf(process), startTime };
}

/**
 * Physics resolved: process and sampler as objects, formulas read.
 * @throws ParameterError for a value outside its domain, or a formula that is not allowed
 */
export async function resolvePhysics(data: PhysicsData): Promise<Physics & { readonly guidance: Guidance }> {
  requirePhysicsData(data);
  const { guidance, form } = data;
  return {
    ...resolveModel(data),
    guidance: await guidanceOf(guidance),
    ...(form === undefined ? {} : { form: await resolveForm(form) }),
  };
}

/**
 * The problem that {@link solveOrderParameters} takes, from plain data.
 * @throws ParameterError for an unknown key, a value outside its domain, or a formula that is not allowed
 * @example
 * const problem = await guidedProblem({
 *   alpha: 0.5,
 *   sigma2: 0.25,
 *   ensemble: 'gaussian',
 *   process: 'ou',
 *   eta: 0,
 *   guidance: { schedule: '2*exp(-t)', clock: 't' },
 *   startTime: null,
 * });
 * solveOrderParameters(problem).final?.m;
 */
export async function guidedProblem(data: ProblemData): Promise<GuidedProblem> {
  requireKnownKeys('data', data, ['alpha', ...physicsDataKeys]);
  const alpha = data.alpha === 'infinity' ? Infinity : data.alpha;
  requireRate(alpha);
  return { alpha, ...(await resolvePhysics(data)) };
}
