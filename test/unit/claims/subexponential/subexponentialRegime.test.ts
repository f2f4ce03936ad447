import { describe, expect, it } from 'vitest';
import { subexponentialRegimeClaim as claim } from '../../../../src/claims/subexponential/subexponentialRegime.ts';
import { limitResult } from './subexponentialSynthetic.ts';
import { expectAdmissiblePlan, expectDrawablePanels, judgeSynthetic, labelsOf } from '../synthetic.ts';

describe('claim subexponential-regime', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the limit of large d at fixed K, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => limitResult(request));
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if the overlap of one family keeps its shift', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => {
      const { mode, eta, classes, dimension: d } = request.spec;
      const kept = mode === 'full' && eta === 0 && classes === d ** 2;
      return limitResult(request, kept ? { m: 1.25 + d / 1e3 } : {});
    });
    expect(labelsOf(judged, 'failed')).toContain('full, ODE, K = d²: m − 1 at d = 96 over that at 12');
  });

  it('fails if the SDE is shifted like the ODE, or the ODE like the SDE', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) =>
      limitResult({ ...request, spec: { ...request.spec, eta: 1 - request.spec.eta } }),
    );
    expect(labelsOf(judged, 'failed')).toEqual([
      'full, ODE, K = d, d = 400: (m − 1)/law at small α',
      'reduced, ODE, K = d, d = 1000000: (m − 1)/law at small α',
      'reduced, SDE, K = d, d = 100: (m − 1)/limit at fixed K',
      'reduced, ODE, K = d², d = 1000000: (m − 1)/law at small α',
      'reduced, SDE, K = d², d = 100: (m − 1)/limit at fixed K',
    ]);
  });
});
