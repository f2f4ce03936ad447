import { describe, expect, it } from 'vitest';
import { subexponentialDivergenceClaim as claim } from '../../../../src/claims/subexponential/subexponentialDivergence.ts';
import { limitResult } from './subexponentialSynthetic.ts';
import { expectAdmissiblePlan, expectDrawablePanels, judgeSynthetic, labelsOf } from '../synthetic.ts';

describe('claim subexponential-divergence', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the limit of large d at fixed K, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => limitResult(request));
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if the divergence of the ODE does not grow', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) =>
      limitResult({ ...request, spec: { ...request.spec, logClasses: Math.log(100), classes: null } }),
    );
    const failed = labelsOf(judged, 'failed');
    expect(failed).toContain('reduced, ODE, K = d, w = 1: dKL/d log K');
    expect(failed).toContain('reduced, ODE, K = d², w = 1: dKL/d log K');
    expect(failed).toContain('reduced, ODE, K = d, w = 3: dKL/d log K');
    expect(judged.checks.find(({ label }) => label.startsWith('full'))?.verdict).not.toBe('passed');
  });

  it('fails if the SDE keeps the shift of the ODE', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) =>
      limitResult({ ...request, spec: { ...request.spec, eta: 0 } }),
    );
    expect(labelsOf(judged, 'failed')).toEqual([
      'reduced, SDE, K = d: KL at d = 1000000 over that at 100',
      'reduced, SDE, K = d, d = 100: KL over σ²Y²/(2d)',
    ]);
  });
});
