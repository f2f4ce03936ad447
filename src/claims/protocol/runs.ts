import type { Sampler, SamplerName } from '../../guidance/sampler.ts';
import { ofEstimate, type Measured } from '../../numerics/measured.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import { resolveParticleOptions } from '../../particles/problem/problem.ts';
import type { ParticleResult } from '../../particles/tasks.ts';
import type { Claim, ClaimMeasurement, Effort, Evidence, SimulationRequest } from './claim.ts';
import { requestOf, type RequestedPhysics } from './requests.ts';

/** Both samplers, in the order in which they are told. */
export const samplerNames: readonly SamplerName[] = ['ode', 'sde'];

/** A simulation of a claim as a row: its physics, and whatever else the claim wants to tell rows apart by. */
export interface Run {
  readonly request: SimulationRequest;
}

/** The runs of a claim by groups, each a table of rows. */
export type Runs = Readonly<Record<string, readonly Run[]>>;

/** Observables that a measured run carries as numbers with errors. */
const observables = ['m', 'q', 'v', 'vParallel', 'guidedWeight'] as const;
type Observables = Readonly<Record<(typeof observables)[number], Measured>>;

/** A run with its result. */
export type MeasuredRun<R extends Run = Run> = R &
  Observables & {
    readonly result: ParticleResult;
    /** Any estimate of the result with its degrees of freedom, realisations - 1. */
    readonly measured: (estimate: Estimate) => Measured;
  };

/** Tables of runs with their results. */
export type MeasuredRuns<R extends Runs> = {
  readonly [Name in keyof R]: readonly MeasuredRun<R[Name][number]>[];
};

/** A claim whose simulations are rows. */
export interface RowClaim<R extends Runs> extends Omit<
  Claim,
  'simulations' | 'structuredSimulations' | 'measure'
> {
  /** Simulations of an effort. */
  readonly runs: (effort: Effort) => R;
  /** Measures from the rows; see {@link Claim.measure}. */
  readonly measure: (evidence: RowEvidence<R>) => ClaimMeasurement | Promise<ClaimMeasurement>;
}

/** Evidence for a claim of rows. */
export interface RowEvidence<R extends Runs> extends Pick<Evidence, 'effort' | 'seed' | 'solve'> {
  readonly runs: MeasuredRuns<R>;
}

/** The claim of a table of runs: requests by the name of their group and their number in it. */
export function claimOfRuns<R extends Runs>({ runs, measure, ...words }: RowClaim<R>): Claim {
  return {
    ...words,
    simulations: (effort) =>
      Object.fromEntries(
        Object.entries(runs(effort)).flatMap(([group, rows]) =>
          rows.map(({ request }, i) => [nameOf(group, i), request]),
        ),
      ),
    measure: (evidence) => {
      const { effort, seed, solve } = evidence;
      const measuredRuns = Object.fromEntries(
        Object.entries(runs(effort)).map(([group, rows]) => [
          group,
          rows.map((run, i) => measuredRun(run, evidence.result(nameOf(group, i)))),
        ]),
      ) as unknown as MeasuredRuns<R>;
      return measure({ effort, seed, solve, runs: measuredRuns });
    },
  };
}

const nameOf = (group: string, i: number) => `${group} ${i}`;

function measuredRun<R extends Run>(run: R, result: ParticleResult): MeasuredRun<R> {
  const degreesOfFreedom = resolveParticleOptions(run.request.options).realizations - 1;
  const measured = (estimate: Estimate) => ofEstimate(estimate, degreesOfFreedom);
  const numbers = Object.fromEntries(
    observables.map((name) => [name, measured(result[name])]),
  ) as Observables;
  return { ...run, ...numbers, result, measured };
}

/**
 * A simulation as a row that carries its physics (requests.ts) with its request.
 * @example run({ mode: 'full', d: 14, alpha: 0.5, guidance: 1, sampler: 'ode' }, { particles: 600, realizations: 48 }).d
 */
export function run<P extends RequestedPhysics>(physics: P, options: SimulationRequest['options']): P & Run {
  return { ...physics, request: requestOf(physics, options) };
}

/** The simulation of {@link run} under the ODE and the SDE. */
export function underBoth<P extends Omit<RequestedPhysics, 'sampler'>>(
  physics: P,
  options: SimulationRequest['options'],
): (P & { readonly sampler: SamplerName } & Run)[] {
  return samplerNames.map((sampler) => run({ ...physics, sampler }, options));
}

/** Rows with the given values. @example where(rows, { mode: 'full', sampler: 'ode' }) */
export function where<R extends object>(rows: readonly R[], values: Partial<R>): R[] {
  const wanted = Object.entries(values) as [keyof R, R[keyof R]][];
  return rows.filter((row) => wanted.every(([key, value]) => row[key] === value));
}

/** Rows in groups of one key, in the order in which the keys first come. */
export function groupsBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): [key: K, rows: T[]][] {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups];
}

/** A sampler as a title has it: ODE, SDE, or its noise level. */
export function samplerTitle({ eta }: Sampler): string {
  return eta === 0 ? 'ODE' : eta === 1 ? 'SDE' : `η = ${eta}`;
}
