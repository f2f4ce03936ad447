import { checkForm, resolveForm, type GuidanceForm } from '../guidance/forms/form.ts';
import type { Guidance } from '../guidance/schedule.ts';
import {
  guidanceOf,
  isWritten,
  requireGuidanceText,
  type GuidanceText,
  type WrittenSchedule,
} from '../guidance/written.ts';
import { ensembles, type ClassEnsemble } from '../mixture/ensemble.ts';
import {
  ParameterError,
  requireChoice,
  requireKnownKeys,
  requireNonNegative,
  requirePositive,
} from '../numerics/checks.ts';
import { processOf, requireStartTime, type ProcessName } from '../process/process.ts';
import { inputKeys, readProblem, type ProblemInput } from './input.ts';
import type { GuidedProblem, Physics } from './physics.ts';

/** Physics as plain data, complete: it can be written to a file and sent to a worker. */
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

/** A guided problem as one writes it, whose guidance may be a formula as text. Without functions and objects in it, it is plain data. */
export interface ProblemData extends Omit<ProblemInput, 'guidance'> {
  readonly guidance: Guidance | WrittenSchedule;
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
  if (form === undefined) return;
  checkForm(form);
  if (form.kind === 'own')
    throw new ParameterError(
      'form',
      'plain data here',
      form.name,
      'simulateFull and simulateReduced take code',
    );
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
 * A guided problem, complete, with its formulas read: the way to guidance, and to phi of a nonlinear form, given as text. It returns a
 * promise, as the parser of formulas is loaded for them only. Numbers and functions need no reading: {@link solveOrderParameters} and
 * the others take them directly.
 * @throws ParameterError for an unknown key, a value outside its domain, or a formula that is not allowed
 * @example
 * const guidance = { schedule: '2*exp(-t)', clock: 't' } as const;
 * const problem = await guidedProblem({ alpha: 0.5, sigma2: 0.25, sampler: 'sde', guidance });
 * solveOrderParameters(problem).final?.m;
 */
export async function guidedProblem(data: ProblemData): Promise<GuidedProblem> {
  requireKnownKeys('data', data, inputKeys);
  const { guidance, form } = data;
  return readProblem(
    {
      ...data,
      guidance: isWritten(guidance) ? await guidanceOf(guidance) : guidance,
      ...(form === undefined ? {} : { form: await resolveForm(form) }),
    },
    'all',
  );
}
