import { describe, expect, it } from 'vitest';
import { classDirectionSubexponentialClaim as claim } from '../../../../src/claims/subexponential/classDirectionSubexponential.ts';
import { limitResult } from './subexponentialSynthetic.ts';
import { expectAdmissiblePlan, expectDrawablePanels, judgeSynthetic, labelsOf } from '../synthetic.ts';

describe('claim class-direction-subexponential', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the limit of large d at fixed K, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => limitResult(request));
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if the variance along the class direction is that across it', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) =>
      limitResult(request, { vParallel: request.spec.sigma2 }),
    );
    const failed = labelsOf(judged, 'failed');
    for (const w of [0.5, 1, 3]) expect(failed).toContain(`reduced, ODE, w = ${w}: v∥/σ² at 1/log K → 0`);
    expect(failed).toContain('full, ODE, K = d = 400, w = 1: v∥/σ²');
    expect(failed.filter((label) => label.includes('SDE'))).toEqual([]);
  });

  it('fails if the loss depends on σ², or the SDE keeps it', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => {
      const { sigma2, eta } = request.spec;
      if (eta === 0 && sigma2 === 0.25) return limitResult(request);
      return limitResult(request, { vParallel: 0.7 * sigma2 });
    });
    expect(labelsOf(judged, 'failed')).toEqual([
      'reduced, ODE, K = d = 1000000, w = 1, σ² = 1, ou: v∥/σ²',
      'reduced, ODE, K = d = 1000000, w = 1, σ² = 0.05, ou: v∥/σ²',
      'reduced, SDE, K = d = 1000000: v∥/σ²',
      'full, SDE, K = d = 400: v∥/σ²',
    ]);
  });
});
