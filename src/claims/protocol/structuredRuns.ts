import type { Sampler, SamplerName } from '../../guidance/sampler.ts';
import type { GuidanceText } from '../../guidance/written.ts';
import type { ClassLaw } from '../../mixture/classLaw.ts';
import { notFound, ofEstimate, type Measured } from '../../numerics/measured.ts';
import type { Estimate } from '../../numerics/statistics.ts';
import { resolveStructuredOptions } from '../../particles/structured/options.ts';
import type { StructuredResult } from '../../particles/structured/result.ts';
import { completeStructured, type StructuredMode } from '../../particles/structured/spec.ts';
import type { Claim, ClaimMeasurement, Effort, Evidence, StructuredRequest } from './claim.ts';

/** A simulation of structured classes in the fewest words. */
export interface StructuredPhysics {
  readonly mode: StructuredMode;
  readonly law: ClassLaw;
  readonly d: number;
  /** Class rate; absent for a hierarchy. */
  readonly alpha?: number;
  /** Constant w, or a schedule. */
  readonly guidance: number | GuidanceText;
  /** Name, or a noise level. */
  readonly sampler: SamplerName | Sampler;
}

/** A simulation of a claim as a row: its physics, with its request. */
export interface StructuredRun {
  readonly d: number;
  readonly request: StructuredRequest;
}

/** The runs of a claim by groups, each a table of rows. */
export type StructuredRuns = Readonly<Record<string, readonly StructuredRun[]>>;

/** A run with its result. */
export type MeasuredStructuredRun<R extends StructuredRun = StructuredRun> = R & {
  readonly result: StructuredResult;
  /** Any estimate of the result with its degrees of freedom, realisations - 1; not found where there is none. */
  readonly measured: (estimate: Estimate | null) => Measured;
};

/** Evidence for a claim of rows. */
export interface StructuredEvidence<R extends StructuredRuns> extends Pick<
  Evidence,
  'effort' | 'solveStructured'
> {
  readonly runs: { readonly [Name in keyof R]: readonly MeasuredStructuredRun<R[Name][number]>[] };
}

/** A claim whose simulations are rows of structured classes. */
export interface StructuredRowClaim<R extends StructuredRuns> extends Omit<
  Claim,
  'simulations' | 'structuredSimulations' | 'measure'
> {
  readonly runs: (effort: Effort) => R;
  readonly measure: (evidence: StructuredEvidence<R>) => ClaimMeasurement | Promise<ClaimMeasurement>;
}

/** The claim of a table of runs: requests by the name of their group and their number in it. */
export function claimOfStructuredRuns<R extends StructuredRuns>({
  runs,
  measure,
  ...words
}: StructuredRowClaim<R>): Claim {
  return {
    ...words,
    simulations: () => ({}),
    structuredSimulations: (effort) =>
      Object.fromEntries(
        Object.entries(runs(effort)).flatMap(([group, rows]) =>
          rows.map(({ request }, i) => [`${group} ${i}`, request]),
        ),
      ),
    measure: (evidence) => {
      const { effort, solveStructured } = evidence;
      const measuredRuns = Object.fromEntries(
        Object.entries(runs(effort)).map(([group, rows]) => [
          group,
          rows.map((run, i) => measuredRun(run, evidence.structuredResult(`${group} ${i}`))),
        ]),
      ) as unknown as StructuredEvidence<R>['runs'];
      return measure({ effort, solveStructured, runs: measuredRuns });
    },
  };
}

function measuredRun<R extends StructuredRun>(run: R, result: StructuredResult): MeasuredStructuredRun<R> {
  const degreesOfFreedom = resolveStructuredOptions(run.request.options).realizations - 1;
  const measured = (estimate: Estimate | null) =>
    estimate === null ? notFound : ofEstimate(estimate, degreesOfFreedom);
  return { ...run, result, measured };
}

/** A simulation as a row that carries its physics with its request: OU, asymptotic start, typical guided class. */
export function structuredRun<P extends StructuredPhysics>(
  physics: P,
  options: StructuredRequest['options'],
): P & StructuredRun {
  const { mode, law, d, alpha = null, guidance, sampler } = physics;
  resolveStructuredOptions(options);
  const structured = completeStructured({
    ...{ mode, law, alpha, sampler, dimension: d },
    guidance: typeof guidance === 'number' ? { w: guidance } : guidance,
  });
  return { ...physics, request: { structured, options } };
}
