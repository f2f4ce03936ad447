import type { Check, Claim, Evidence, SimulationRequest } from '../../../src/claims/protocol/claim.ts';
import { requestOf } from '../../../src/claims/protocol/requests.ts';

/** A reduced simulation that takes a millisecond. */
export function tinyRequest(particles = 20, d = 10): SimulationRequest {
  return requestOf(
    { mode: 'reduced', d, alpha: 0.4, guidance: 1, sampler: 'ode' },
    { particles, realizations: 4, steps: 4, grid: 'angle' },
  );
}

/** A claim of any checks and simulations, with a panel of a line and a point. */
export function tinyClaim(
  id: string,
  simulations: Readonly<Record<string, SimulationRequest>>,
  check: (evidence: Evidence) => Partial<Check>,
): Claim {
  return {
    id,
    title: `Title of ${id}`,
    statement: 'The overlap is what it is.',
    formula: 'm = m',
    source: 'our derivation',
    method: 'A tiny simulation.',
    simulations: () => simulations,
    measure: (evidence) => ({
      checks: [
        {
          label: 'the overlap',
          test: 'agreement',
          expected: 1,
          measured: 1,
          standardError: 0.1,
          margin: 1,
          ...check(evidence),
        },
      ],
      panels: [
        {
          title: 'overlap',
          x: { label: 'd' },
          y: { label: 'm' },
          series: [
            { label: 'theory', source: 'theory', group: 'ode', x: [1, 2], y: [1, 1] },
            {
              label: 'simulation',
              source: 'reduced',
              group: 'ode',
              x: [1],
              y: [1.1],
              standardError: [0.1],
              expected: [1],
            },
          ],
        },
      ],
      findings: [],
    }),
  };
}

/** A claim about the mean of one tiny simulation: it passes, and its number depends on every bit of the result. */
export function measuredClaim(id: string, request: SimulationRequest = tinyRequest()): Claim {
  return tinyClaim(id, { run: request }, (evidence) => {
    const { mean, standardError } = evidence.result('run').m;
    return { measured: mean, standardError, degreesOfFreedom: 3, expected: mean, margin: 100 };
  });
}
