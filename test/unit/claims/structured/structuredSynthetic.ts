import { expect } from 'vitest';
import {
  efforts,
  type Claim,
  type Evidence,
  type StructuredRequest,
} from '../../../../src/claims/protocol/claim.ts';
import { requestKey } from '../../../../src/claims/protocol/requests.ts';
import { guidanceOf } from '../../../../src/guidance/written.ts';
import type { StructuredState } from '../../../../src/meanfield/structured/model.ts';
import { solveStructured } from '../../../../src/meanfield/structured/solve.ts';
import type { Estimate } from '../../../../src/numerics/statistics.ts';
import { resolveStructuredOptions } from '../../../../src/particles/structured/options.ts';
import type { StructuredResult } from '../../../../src/particles/structured/result.ts';
import { resolveStructured, type StructuredSpec } from '../../../../src/particles/structured/spec.ts';
import { judgeSynthetic } from '../synthetic.ts';

/** For claims of structured classes alone. */
const none = (name: string): never => {
  throw new RangeError(`no simulation ${name} was asked for`);
};

const solved = new Map<string, Promise<StructuredState>>();

/** The mean field of a requested simulation. */
export function meanFieldOf({ law, alpha, guidance, eta }: StructuredSpec): Promise<StructuredState> {
  const key = JSON.stringify([law, alpha, guidance, eta]);
  const found =
    solved.get(key) ??
    guidanceOf(guidance).then(
      (written) =>
        solveStructured(
          { law, ...(alpha === null ? {} : { alpha }), guidance: written, eta },
          { fluctuations: false },
        ).final!,
    );
  solved.set(key, found);
  return found;
}

/** A result with the numbers of a mean field, the same at every dimension, and errors of 1e-4. */
export function resultOf(spec: StructuredSpec, state: StructuredState): StructuredResult {
  const at = (mean: number): Estimate => ({ mean, standardError: 1e-4 });
  const { dimension, law } = spec;
  const isDiscrete = law.kind === 'bands' && law.bands[0]!.centres?.kind === 'signs';
  return {
    ...{ dimension, classes: null, particles: 1, realizations: 1, steps: 1 },
    ...{ m: at(state.m), q: at(state.q), v: at(state.v), vParallel: at(state.v) },
    ...{ speciatedFraction: at(1), guidedWeight: at(1), coordinate: null },
    bands:
      law.kind === 'levels'
        ? []
        : state.bands.map(({ c, m, v, weight }, band) => ({
            ...{ band, c, coordinates: weight * dimension, vParallel: null },
            ...{ m: m === null ? null : at(m), v: at(v) },
            skewness: at(isDiscrete ? (state.coordinate!.skewness ?? NaN) : 0),
          })),
    levels: (law.kind === 'levels' ? state.levels! : []).map((m) => ({ m: at(m), vParallel: at(state.v) })),
    ...{ pairs: 0, pairsEvaluated: 0, pairsPrecise: 0 },
  };
}

/** Judges a claim on the mean field of other specs than it asks for, or on other numbers. */
export async function judgeStructured(
  claim: Claim,
  change: (spec: StructuredSpec) => StructuredSpec = (spec) => spec,
  options: Partial<Evidence> = {},
  changeState: (state: StructuredState, spec: StructuredSpec) => StructuredState = (state) => state,
) {
  const { effort = 'default' } = options;
  const requests = claim.structuredSimulations!(effort);
  const results = new Map<string, StructuredResult>();
  for (const request of Object.values(requests)) {
    const { structured } = request;
    const state = changeState(await meanFieldOf(change(structured)), structured);
    results.set(requestKey(request), resultOf(structured, state));
  }
  return judgeSynthetic(claim, none, {
    ...options,
    structuredResult: (name) => results.get(requestKey(requests[name]!))!,
  });
}

/** Every simulation that a claim asks for can be run, at every effort; options leave the seed to the run. */
export async function expectAdmissibleStructuredPlan(claim: Claim): Promise<void> {
  for (const effort of efforts) {
    expect(claim.simulations(effort)).toEqual({});
    const requests: readonly StructuredRequest[] = Object.values(claim.structuredSimulations!(effort));
    expect(requests.length).toBeGreaterThan(0);
    for (const { structured, options } of requests) {
      await resolveStructured(structured);
      resolveStructuredOptions(options);
      expect(options).not.toHaveProperty('seed');
    }
  }
}
