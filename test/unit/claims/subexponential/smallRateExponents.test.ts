import { describe, expect, it } from 'vitest';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { smallRateExponentsClaim as claim } from '../../../../src/claims/subexponential/smallRateExponents.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { ornsteinUhlenbeck } from '../../../../src/process/process.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

function meanField({ spec }: SimulationRequest, eta = spec.eta) {
  const { m, v } = solveOrderParameters(
    {
      alpha: spec.logClasses! / spec.dimension,
      sigma2: spec.sigma2,
      ensemble: spec.ensemble,
      sampler: { eta },
      process: ornsteinUhlenbeck,
      guidance: { w: (spec.guidance as { w: number }).w },
      startTime: null,
    },
    { fluctuations: false, staticClosure: false },
  ).final!;
  return syntheticResult({ m, v }, { relativeError: eta === 0 ? 1e-7 : 1e-8 });
}

describe('claim small-rate-exponents', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the mean field in place of the simulations, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => meanField(request));
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if the simulated SDE has the exponent of the ODE', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => meanField(request, 0));
    const failed = labelsOf(judged, 'failed');
    expect(failed).toContain('reduced, SDE: m − 1, w = 1: exponent');
    expect(failed.every((label) => label.startsWith('reduced, SDE'))).toBe(true);
  });

  it('fails if the mean field takes the guidance scale for w', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => meanField(request), {
      solve: (problem, options) =>
        solveOrderParameters(
          { ...problem, guidance: { w: 1 + (problem.guidance as { w: number }).w } },
          options,
        ),
    });
    expect(labelsOf(judged, 'failed')).toContain('theory, ODE: m − 1, w = 1: prefactor over the law');
    expect(labelsOf(judged, 'failed').every((label) => label.startsWith('theory'))).toBe(true);
  });
});
