import { requireChoice, requireInteger, requireList, requireMembers } from '../../numerics/checks.ts';
import { solveOrderParameters } from '../../meanfield/solve.ts';
import { solveStructured } from '../../meanfield/structured/solve.ts';
import type { StructuredResult } from '../../particles/structured/result.ts';
import type { ParticleResult } from '../../particles/tasks.ts';
import {
  efforts,
  type Claim,
  type ClaimMeasurement,
  type ClaimRequest,
  type ClaimRequestResult,
  type Effort,
} from './claim.ts';
import { requestKey, requestSeed } from './requests.ts';
import { judge, type JudgedMeasurement } from './verdict.ts';

/** A simulation that has to be run, for one claim or several. */
export interface PlannedSimulation {
  readonly key: string;
  readonly request: ClaimRequest;
  readonly seed: number;
  /** Claims that ask for it. */
  readonly claims: readonly string[];
}

/** A claim as measured and judged. */
export interface ClaimResult extends JudgedMeasurement, Omit<ClaimMeasurement, 'checks'> {
  readonly claim: Claim;
  readonly effort: Effort;
}

/** The simulations of some claims, each once, in the order in which they are first asked for. */
export function planSimulations(claims: readonly Claim[], effort: Effort, seed: number): PlannedSimulation[] {
  requireList('claims', claims, (parameter, claim) => {
    requireMembers(parameter, claim, { id: 'text', simulations: 'function', measure: 'function' });
  });
  requireChoice('effort', effort, efforts);
  requireInteger('seed', seed, 0);
  const planned = new Map<string, { request: ClaimRequest; claims: string[] }>();
  for (const claim of claims) {
    const requests: readonly ClaimRequest[] = [
      ...Object.values(claim.simulations(effort)),
      ...Object.values(claim.structuredSimulations?.(effort) ?? {}),
    ];
    for (const request of requests) {
      const key = requestKey(request);
      const entry = planned.get(key) ?? { request, claims: [] };
      if (!entry.claims.includes(claim.id)) entry.claims.push(claim.id);
      planned.set(key, entry);
    }
  }
  return [...planned].map(([key, entry]) => ({ key, seed: requestSeed(key, seed), ...entry }));
}

/**
 * Measures and judges a claim.
 * @param results results of the planned simulations by their keys
 * @param solve the mean field (another one in tests)
 * @throws RangeError if a simulation of the claim is missing
 */
export async function measureClaim(
  claim: Claim,
  effort: Effort,
  seed: number,
  results: ReadonlyMap<string, ClaimRequestResult>,
  solve: typeof solveOrderParameters = solveOrderParameters,
  solveOfStructured: typeof solveStructured = solveStructured,
): Promise<ClaimResult> {
  const simulations = claim.simulations(effort);
  const structured = claim.structuredSimulations?.(effort) ?? {};
  const resultOf = (requests: Readonly<Record<string, ClaimRequest>>, name: string): ClaimRequestResult => {
    const request = requests[name];
    const found = request === undefined ? undefined : results.get(requestKey(request));
    if (found === undefined) throw new RangeError(`claim ${claim.id}: no result of simulation "${name}"`);
    return found;
  };
  const measurement = await claim.measure({
    effort,
    seed,
    solve,
    solveStructured: solveOfStructured,
    result: (name) => resultOf(simulations, name) as ParticleResult,
    structuredResult: (name) => resultOf(structured, name) as StructuredResult,
  });
  const { panels, findings } = measurement;
  return { claim, effort, panels, findings, ...judge(measurement) };
}
