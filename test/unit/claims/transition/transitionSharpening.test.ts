import { describe, expect, it } from 'vitest';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { gapSpread } from '../../../../src/claims/transition/speciatedFraction.ts';
import { transitionSharpeningClaim as claim } from '../../../../src/claims/transition/transitionSharpening.ts';
import { covarianceEntry, withFluctuations } from '../../../../src/meanfield/fluctuations.ts';
import { isotropicDynamics, isotropicPhases } from '../../../../src/meanfield/isotropic.ts';
import { integratePiecewise } from '../../../../src/meanfield/piecewise.ts';
import { flowStart, solveDefaults } from '../../../../src/meanfield/problem.ts';
import { ornsteinUhlenbeck } from '../../../../src/process/process.ts';
import { dataClock } from '../../../../src/process/variances.ts';
import { crossover } from './crossover.ts';
import { expectAdmissiblePlan, expectDrawablePanels, judgeSynthetic, labelsOf } from '../synthetic.ts';

describe('claim transition-sharpening', () => {
  it('asks for simulations that can be run', async () => {
    await expectAdmissiblePlan(claim);
  });

  it('passes for widths s/sqrt(d)', async () => {
    const judged = await judgeSynthetic(claim, crossover(), { effort: 'quick' });
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails for widths that fall as d^(-1/3)', async () => {
    const judged = await judgeSynthetic(claim, crossover({ exponent: 1 / 3 }), { effort: 'quick' });
    const failed = labelsOf(judged, 'failed').filter((label) => label.includes('exponent'));
    expect(failed.length).toBe(4);
  });

  it('fails for a prefactor a quarter larger, and for full curves twice as wide', async () => {
    const wide = await judgeSynthetic(claim, crossover({ factor: () => 1.25 }), { effort: 'quick' });
    expect(labelsOf(wide, 'failed').every((label) => label.includes('against s'))).toBe(true);
    expect(labelsOf(wide, 'failed').length).toBe(2);
    const factor = ({ spec }: SimulationRequest) => (spec.mode === 'full' ? 2 : 1);
    const full = await judgeSynthetic(claim, crossover({ factor }), { effort: 'quick' });
    expect(labelsOf(full, 'failed').filter((label) => label.startsWith('full')).length).toBe(1);
  });
});

describe('the predicted spread of the gap', () => {
  it('is that of the linearised flow with its noise, to 1e-5', () => {
    for (const eta of [0, 1]) {
      const [w, sigma2] = [1.5, 0.4];
      const problem = {
        alpha: Infinity,
        sigma2,
        ensemble: 'gaussian',
        sampler: { eta },
        process: ornsteinUhlenbeck,
        guidance: { w },
        startTime: null,
      } as const;
      const start = flowStart(problem, true);
      const dynamics = isotropicDynamics({
        alpha: Infinity,
        ensemble: 'gaussian',
        eta,
        schedule: start.schedule,
        average: 'quenched',
        closure: 'stopAtCondensation',
      });
      const flow = integratePiecewise(
        withFluctuations(
          {
            dynamics,
            startClock: start.clock,
            startState: start.state,
            endClock: dataClock(sigma2),
            breakpoints: [],
          },
          start.covariance,
        ),
        { ...solveDefaults, relativeTolerance: 1e-9 },
      );
      const [N, L] = flow.endState as unknown as [number, number];
      const C = (i: number, j: number) => covarianceEntry(flow.endState, 2, i, j);
      // Gradient of psi - phi by (N, L) at the data, by differences; phi less alpha is that of the uncondensed branch.
      const [guided, others] = isotropicPhases({
        alpha: 0,
        ensemble: 'gaussian',
        eta,
        schedule: start.schedule,
        average: 'annealed',
        closure: 'static',
      });
      const gap = (n: number, l: number) => {
        const state = Float64Array.of(n, l);
        return guided.freeEnergy(flow.endClock, state) - others.freeEnergy(flow.endClock, state);
      };
      const h = 1e-5;
      const byN = (gap(N + h, L) - gap(N - h, L)) / (2 * h);
      const byL = (gap(N, L + h) - gap(N, L - h)) / (2 * h);
      const variance = byN * byN * C(0, 0) + 2 * byN * byL * C(0, 1) + byL * byL * C(1, 1);
      const r = sigma2 / (1 + sigma2);
      const predicted = gapSpread(r, N * Math.sqrt(1 + sigma2), Math.exp(L));
      expect(predicted / Math.sqrt(variance)).toBeCloseTo(1, 5);
    }
  });

  it('is sqrt((1 - r^2)/2) without guidance', () => {
    expect(gapSpread(0.2, 1, 1)).toBeCloseTo(Math.sqrt((1 - 0.04) / 2), 14);
  });
});
