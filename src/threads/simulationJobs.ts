import {
  isStructured,
  type Claim,
  type ClaimRequest,
  type ClaimRequestResult,
  type Effort,
} from '../claims/protocol/claim.ts';
import { simulatePlanned } from '../claims/protocol/simulate.ts';
import { measureClaim, type ClaimResult, type PlannedSimulation } from '../claims/protocol/validate.ts';
import { rateOfLevels } from '../mixture/classLaw.ts';
import { NumericalFailure, ParameterError } from '../numerics/checks.ts';
import type { RangeProgress } from '../particles/fullRange.ts';
import type { KernelName } from '../particles/kernels/choose.ts';
import { particleDefaults } from '../particles/problem/problem.ts';
import type { Job } from './dispatch.ts';
import { loadKernel } from './kernel.ts';
import type { FailedMessage } from './thread.ts';

/** A whole simulation, done by one thread. */
export interface SimulationJob extends Job {
  readonly kind: 'simulation';
  readonly simulation: PlannedSimulation;
  /** Its place in the plan. */
  readonly index: number;
}

/** A claim that is measured once its simulations are there. */
export interface MeasurementJob extends Job {
  readonly kind: 'measurement';
  readonly claim: string;
  readonly results: ReadonlyMap<string, ClaimRequestResult>;
}

/** Job of a queue thread. */
export type QueueJob = SimulationJob | MeasurementJob;

/** A measured claim without the claim itself, which holds functions. */
export type Measurement = Omit<ClaimResult, 'claim'>;

/** Result of a job, with the seconds that it took. */
export type QueueAnswer =
  | { readonly kind: 'result'; readonly result: ClaimRequestResult; readonly seconds: number }
  | { readonly kind: 'measurement'; readonly measurement: Measurement; readonly seconds: number };

/** Message from a queue thread. */
export type QueueMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly fraction: number }
  | QueueAnswer
  | FailedMessage;

/** Start data of a queue thread. */
export interface QueueSetup {
  readonly effort: Effort;
  readonly seed: number;
  readonly kernel: Exclude<KernelName, 'auto'>;
  /** Bytes that the class centres in one thread may take, where a request does not say. */
  readonly memoryLimit: number;
}

/**
 * Creates the job runner of this thread, which runs jobs one after another.
 * @param claims those that may be measured
 */
export async function createJobRunner(
  { effort, seed, kernel: name, memoryLimit }: QueueSetup,
  claims: readonly Claim[],
): Promise<(job: QueueJob, onProgress: RangeProgress) => Promise<QueueAnswer>> {
  const { kernel } = await loadKernel(name);
  return async (job, onProgress) => {
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    try {
      if (job.kind === 'simulation') {
        const result = await simulatePlanned(job.simulation, kernel, { memoryLimit }, onProgress);
        return { kind: 'result', result, seconds: seconds() };
      }
      const claim = claims.find(({ id }) => id === job.claim);
      if (claim === undefined) throw new RangeError('it is not registered');
      const measured = await measureClaim(claim, effort, seed, job.results);
      const { verdict, checks, falseAlarm, power, panels, findings } = measured;
      const measurement = { effort, verdict, checks, falseAlarm, power, panels, findings };
      return { kind: 'measurement', measurement, seconds: seconds() };
    } catch (error) {
      throw named(job, error);
    }
  };
}

/** Readable description of a job. */
export function nameOfJob(job: QueueJob): string {
  if (job.kind === 'measurement') return `measuring ${job.claim}`;
  const { claims, request } = job.simulation;
  return `simulation for ${claims.join(', ')}: ${JSON.stringify(request)}`;
}

/** An error with the job that it came from. A claim's parameters are not the user's, so theirs are no misuse either. */
function named(job: QueueJob, error: unknown): Error {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof NumericalFailure || error instanceof ParameterError) {
    return new NumericalFailure(`${nameOfJob(job)}: ${message}`, 'leave the claim out with --only');
  }
  return Object.assign(new Error(`${nameOfJob(job)}: ${message}`), { stack: `${nameOfJob(job)}: ${stack}` });
}

// Rates of one thread with the native engine; only their ratios matter, for the order of the work and its progress.
const pairsPerSecond = 1e9;
const normalsPerSecond = 1e8;
const stepsPerSecond = 1e6;
const coordinatesPerSecond = 1e7;
/** Dimension at which a pair takes as long as said; the part of it that does not depend on the dimension. */
const referenceDimension = 24;
const overhead = 8;

/** About how many seconds a simulation takes on one thread. */
export function estimatedSeconds(request: ClaimRequest): number {
  const { options } = request;
  const particles = options.particles ?? particleDefaults.particles;
  const realizations = options.realizations ?? particleDefaults.realizations;
  const steps = options.steps ?? particleDefaults.steps;
  const particleSteps = particles * realizations * steps;
  if (isStructured(request)) {
    const { mode, dimension } = request.structured;
    if (mode === 'reduced') return (particleSteps * dimension) / coordinatesPerSecond;
  } else if (request.spec.mode !== 'full') return particleSteps / stepsPerSecond;
  const spec = isStructured(request) ? request.structured : request.spec;
  const classes = classesOf(request);
  const size = (spec.dimension + overhead) / (referenceDimension + overhead);
  const pairs = 2 * classes * particleSteps * size;
  const states = particleSteps * (1 + spec.dimension / referenceDimension);
  const centres = classes * realizations * spec.dimension;
  return pairs / pairsPerSecond + states / stepsPerSecond + centres / normalsPerSecond;
}

/** Number of explicit classes. */
function classesOf(request: ClaimRequest): number {
  if (!isStructured(request)) return request.spec.classes ?? Math.exp(request.spec.logClasses!);
  const { law, alpha, classes, dimension } = request.structured;
  return classes ?? Math.exp((law.kind === 'levels' ? rateOfLevels(law) : alpha!) * dimension);
}

/** About how many seconds it takes to measure a claim. */
export const measurementSeconds = 1;
