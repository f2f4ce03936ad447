import { describe, expect, it } from 'vitest';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { classDirectionClaim as claim } from '../../../../src/claims/subexponential/classDirection.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { ornsteinUhlenbeck } from '../../../../src/process/process.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

function meanField({ spec }: SimulationRequest) {
  const { final, vParallel } = solveOrderParameters({
    alpha: spec.logClasses! / spec.dimension,
    sigma2: spec.sigma2,
    ensemble: spec.ensemble,
    sampler: { eta: spec.eta },
    process: ornsteinUhlenbeck,
    guidance: { w: (spec.guidance as { w: number }).w },
    startTime: null,
  });
  return { m: final!.m, v: final!.v, vParallel: vParallel! };
}

describe('claim class-direction', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the values of the mean field, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => syntheticResult(meanField(request)));
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if the variance along the class direction is that across it', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => {
      const { v } = meanField(request);
      return syntheticResult({ v });
    });
    expect(judged.verdict).toBe('failed');
    expect(labelsOf(judged, 'failed')).toContain('reduced, ODE, gaussian, α = 0.5, w = 1: v∥/σ²');
    expect(labelsOf(judged, 'passed').filter((label) => label.includes('(v∥ − v)'))).toEqual([]);
  });

  it('fails if the spherical ensemble orders them like the gaussian one', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => {
      const values = meanField(request);
      if (request.spec.ensemble === 'gaussian') return syntheticResult(values);
      return syntheticResult({ ...values, vParallel: 0.9 * values.v });
    });
    expect(labelsOf(judged, 'failed')).toContain('reduced, ODE, spherical, α = 1, w = 1: (v∥ − v)/σ²');
    expect(labelsOf(judged, 'failed').every((label) => label.includes('spherical'))).toBe(true);
  });
});
