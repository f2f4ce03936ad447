import { describe, expect, it } from 'vitest';
import { twoClassesClaim as claim } from '../../../../src/claims/subexponential/twoClasses.ts';
import { limitResult, limitValues } from './subexponentialSynthetic.ts';
import { expectAdmissiblePlan, expectDrawablePanels, judgeSynthetic, labelsOf } from '../synthetic.ts';

describe('claim two-classes', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the reduced equation, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => limitResult(request));
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails with another exponent of the ODE or of the SDE', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => {
      const { dimension: d } = request.spec;
      const shift = limitValues(request).m - 1;
      return limitResult(request, { m: 1 + shift * (d / 10) ** (request.spec.eta === 0 ? 0.1 : 0.5) });
    });
    const failed = labelsOf(judged, 'failed').filter((label) => label.endsWith('exponent of m − 1 in d'));
    expect(failed).toEqual([
      'μ and −μ, ODE, w = 1: exponent of m − 1 in d',
      'μ and −μ, ODE, w = 3: exponent of m − 1 in d',
      'μ and −μ, SDE, w = 3: exponent of m − 1 in d',
      'full, ODE, K = 2, w = 1: exponent of m − 1 in d',
      'μ and −μ, η = 0.5, w = 3: exponent of m − 1 in d',
    ]);
  });

  it('fails if guidance acts with 1 + w in place of w', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => {
      const { w } = request.spec.guidance as { w: number };
      return limitResult({ ...request, spec: { ...request.spec, guidance: { w: 1 + w } } });
    });
    expect(judged.verdict).toBe('failed');
    expect(labelsOf(judged, 'failed')).toContain('μ and −μ, ODE, w = 1, d = 10: (m − 1)/(σ⟨X⟩/√d)');
  });
});
