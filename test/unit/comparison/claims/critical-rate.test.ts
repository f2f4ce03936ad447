import { describe, expect, it } from 'vitest';
import type { SimulationRequest } from '../../../../src/comparison/claims/claim.ts';
import { criticalRateClaim } from '../../../../src/comparison/claims/criticalRate.ts';
import {
  closedCriticalRate,
  closedGapSpread,
  crossoverOf,
  gapSpread,
  quenchedSlope,
  type CriticalPoint,
} from '../../../../src/comparison/claims/criticalRateRuns.ts';
import { transitionSharpeningClaim } from '../../../../src/comparison/claims/transitionSharpening.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { covarianceEntry, withFluctuations } from '../../../../src/meanfield/fluctuations.ts';
import { isotropicDynamics, isotropicPhases } from '../../../../src/meanfield/isotropic.ts';
import { integratePiecewise } from '../../../../src/meanfield/piecewise.ts';
import { flowStart, solveDefaults } from '../../../../src/meanfield/problem.ts';
import { normalCdf } from '../../../../src/numerics/distributions.ts';
import { ornsteinUhlenbeck } from '../../../../src/process/process.ts';
import { dataClock } from '../../../../src/process/variances.ts';
import type { ParticleResult } from '../../../../src/particles/tasks.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from './synthetic.ts';

const slopes = new Map<string, number>();

/** quenchedSlope, remembered. */
function slopeAt(point: CriticalPoint, dimension: number): number {
  const key = JSON.stringify([point, dimension]);
  const slope = slopes.get(key) ?? quenchedSlope(point, dimension);
  slopes.set(key, slope);
  return slope;
}

interface Broken {
  /** Added to the critical rate. */
  readonly shift?: (request: SimulationRequest) => number;
  /** Exponent of 1/d of the width, matched at d = 50. */
  readonly exponent?: number;
  /** Factor of the width. */
  readonly factor?: (request: SimulationRequest) => number;
}

/** The Gaussian crossover of theory, or a broken one. */
function crossover({ shift, exponent = 0.5, factor }: Broken = {}) {
  return (_name: string, request: SimulationRequest): ParticleResult => {
    const { dimension, logClasses, guidance, sigma2, eta, mode } = request.spec;
    const point = {
      w: 'w' in guidance ? guidance.w : NaN,
      sigma2,
      sampler: eta === 0 ? 'ode' : 'sde',
    } as const;
    const centre = closedCriticalRate(point) + (shift?.(request) ?? 0);
    const quenched = mode === 'full' ? 1 / (1 - slopeAt(point, dimension)) : 1;
    const width =
      closedGapSpread(point) *
      50 ** -0.5 *
      (dimension / 50) ** -exponent *
      quenched *
      (factor?.(request) ?? 1);
    const speciatedFraction = normalCdf((centre - logClasses! / dimension) / width);
    return syntheticResult({ speciatedFraction }, { relativeError: 1e-3 });
  };
}

describe('claim critical-rate', () => {
  const claim = criticalRateClaim;

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
    const solve: typeof solveOrderParameters = (problem, options) =>
      solveOrderParameters(
        'w' in problem.guidance ? { ...problem, guidance: { w: problem.guidance.w + 1 } } : problem,
        options,
      );
    const judged = await judgeSynthetic(claim, crossover(), { solve, effort: 'quick' });
    expect(judged.verdict).toBe('failed');
  });
});

describe('claim transition-sharpening', () => {
  const claim = transitionSharpeningClaim;

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

describe('crossoverOf', () => {
  it('finds centre and width of a Gaussian crossover, to 1e-9', () => {
    const points = [-1, -0.4, 0.1, 0.7].map((z) => ({
      x: 2 + 0.3 * z,
      value: normalCdf(-z),
      standardError: 1e-3,
    }));
    const found = crossoverOf({ size: 10, points })!;
    expect(found.centre).toBeCloseTo(2, 9);
    expect(found.width).toBeCloseTo(0.3, 9);
    expect(
      crossoverOf({ size: 10, points: points.map((point) => ({ ...point, x: -point.x })).reverse() }),
    ).toBeNull();
  });
});
