import { describe, expect, it } from 'vitest';
import { criticalRateClaim as claim } from '../../../../src/claims/transition/criticalRate.ts';
import { crossoverOf } from '../../../../src/claims/transition/speciatedFraction.ts';
import type { Evidence } from '../../../../src/claims/protocol/claim.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { normalCdf } from '../../../../src/numerics/distributions.ts';
import { crossover } from './crossover.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  withStrength,
} from '../synthetic.ts';

describe('claim critical-rate', () => {
  it('asks for simulations that can be run', async () => {
    await expectAdmissiblePlan(claim);
  });

  it('passes for crossovers at the critical rate', async () => {
    const judged = await judgeSynthetic(claim, crossover());
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails where full simulations speciate up to a rate 0.03 higher', async () => {
    const judged = await judgeSynthetic(
      claim,
      crossover({ shift: ({ spec }) => (spec.mode === 'full' ? 0.03 : 0) }),
      { effort: 'quick' },
    );
    expect(labelsOf(judged, 'failed')).toEqual([
      'full, ODE, w = 1, σ² = 4: rate at which half have speciated, d → ∞',
    ]);
  });

  it('fails for a mean field with the guidance scale in place of the coefficient', async () => {
    const solve: Evidence['solve'] = (problem, options) =>
      solveOrderParameters(
        withStrength(problem, (w) => w + 1),
        options,
      );
    const judged = await judgeSynthetic(claim, crossover(), { solve, effort: 'quick' });
    expect(judged.verdict).toBe('failed');
  });
});

describe('crossoverOf', () => {
  it('finds centre and width of a Gaussian crossover, to 1e-9', () => {
    const points = [-1, -0.4, 0.1, 0.7].map((z) => ({
      x: 2 + 0.3 * z,
      value: normalCdf(-z),
      standardError: 1e-3,
    }));
    const found = crossoverOf({ size: 10, points })!;
    expect(found.centre.value).toBeCloseTo(2, 9);
    expect(found.width.value).toBeCloseTo(0.3, 9);
    expect(
      crossoverOf({ size: 10, points: points.map((point) => ({ ...point, x: -point.x })).reverse() }),
    ).toBeNull();
  });
});
