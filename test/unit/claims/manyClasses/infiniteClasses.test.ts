import { describe, expect, it } from 'vitest';
import { infiniteClasses } from '../../../../src/closedForms/afterTransition.ts';
import { infiniteClassesClaim as claim } from '../../../../src/claims/manyClasses/infiniteClasses.ts';
import { samplers } from '../../../../src/guidance/sampler.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import type { SimulationSpec } from '../../../../src/particles/simulationSpec.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

/** The closed form for a requested simulation, with w changed. */
function closedForm({ guidance, sigma2, eta }: SimulationSpec, change: (w: number) => number = (w) => w) {
  const w = 'w' in guidance ? guidance.w : NaN;
  return infiniteClasses(change(w), sigma2, eta === 0 ? samplers.ode : samplers.sde);
}
/** Errors below a fifth of the smallest variance. */
const precise = { relativeError: 1e-5 };

describe('claim infinite-classes', () => {
  it('asks for admissible simulations', async () => {
    await expectAdmissiblePlan(claim);
  });

  it('passes on the closed form, and can be drawn', async () => {
    const judged = await judgeSynthetic(
      claim,
      (_, { spec }) => syntheticResult({ ...closedForm(spec), guidedWeight: 0.01 }, precise),
      { effort: 'quick' },
    );
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(labelsOf(judged, 'inconclusive')).toEqual([]);
    expectDrawablePanels(judged);
  });

  it('fails in every agreement if the particles take the scale for w, and where nothing is distorted', async () => {
    const scaled = await judgeSynthetic(
      claim,
      (_, { spec }) => syntheticResult({ ...closedForm(spec, (w) => 1 + w), guidedWeight: 0 }, precise),
      { effort: 'quick' },
    );
    const failed = labelsOf(scaled, 'failed');
    for (const start of ['single Gaussian, ODE', 'single Gaussian, SDE', 'full, ODE', 'full, SDE']) {
      expect(failed.some((label) => label.startsWith(start) && label.endsWith(': m'))).toBe(true);
      expect(failed.some((label) => label.startsWith(start) && label.endsWith(': v'))).toBe(true);
    }
    const undistorted = await judgeSynthetic(
      claim,
      (_, { spec }) => syntheticResult({ m: 1, v: spec.sigma2, guidedWeight: 0 }, precise),
      { effort: 'quick' },
    );
    expect(labelsOf(undistorted, 'failed')).toContain('single Gaussian, ODE, w = 1, d = 8: v');
  });

  it('fails if distortion fades with the dimension', async () => {
    const judged = await judgeSynthetic(
      claim,
      (_, { spec }) => {
        const { m, v } = closedForm(spec);
        const fade = spec.dimension === 1000 ? 0.5 : 1;
        return syntheticResult(
          { m: 1 + fade * (m - 1), v: spec.sigma2 + fade * (v - spec.sigma2), guidedWeight: 0 },
          precise,
        );
      },
      { effort: 'quick' },
    );
    expect(labelsOf(judged, 'failed').every((label) => label.includes('d = 1000'))).toBe(true);
    expect(labelsOf(judged, 'failed').length).toBe(8);
  });

  it('fails if the mean field is another', async () => {
    const judged = await judgeSynthetic(
      claim,
      (_, { spec }) => syntheticResult({ ...closedForm(spec), guidedWeight: 0 }, precise),
      {
        effort: 'quick',
        solve: (problem, options) => solveOrderParameters({ ...problem, sigma2: 0.3 }, options),
      },
    );
    expect(labelsOf(judged, 'failed').every((label) => label.startsWith('mean field'))).toBe(true);
    expect(labelsOf(judged, 'failed').length).toBe(12);
  });
});
