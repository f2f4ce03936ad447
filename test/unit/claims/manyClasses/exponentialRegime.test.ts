import { describe, expect, it } from 'vitest';
import { exponentialRegimeClaim as claim } from '../../../../src/claims/manyClasses/exponentialRegime.ts';
import { fullAloneLimit, sharedShapeFit } from '../../../../src/numerics/fits/sharedShapeFit.ts';
import type { SimulationSpec } from '../../../../src/particles/simulationSpec.ts';
import { samplers } from '../../../../src/guidance/sampler.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { ornsteinUhlenbeck } from '../../../../src/process/process.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
  withStrength,
} from '../synthetic.ts';

/** What the mean field says about a requested simulation, at infinite dimension. */
function theoryOf({ logClasses, dimension, guidance, eta, ensemble, sigma2 }: SimulationSpec): {
  m: number;
  v: number;
} {
  const { final } = solveOrderParameters(
    {
      alpha: logClasses! / dimension,
      sigma2,
      ensemble,
      sampler: eta === 0 ? samplers.ode : samplers.sde,
      process: ornsteinUhlenbeck,
      guidance: 'w' in guidance ? guidance : { w: NaN },
      startTime: null,
    },
    { fluctuations: false },
  );
  return final!;
}

/** Theory with corrections in 1/d and, for explicit classes, a decaying one. */
function corrected(spec: SimulationSpec): { m: number; v: number } {
  const { m, v } = theoryOf(spec);
  const d = spec.dimension;
  const disorder = spec.mode === 'full' ? Math.exp(-0.5 * spec.logClasses!) : 0;
  return {
    m: m + 0.2 / d - 0.5 / d ** 2 - 0.05 * disorder,
    v: v * (1 - 0.6 / d - 3 / d ** 2 + 0.5 * disorder),
  };
}

describe('claim exponential-regime', () => {
  it('asks for admissible simulations, with less than 1e5 classes by default', async () => {
    await expectAdmissiblePlan(claim);
    for (const { spec } of Object.values(claim.simulations('default'))) {
      if (spec.mode === 'full') expect(spec.logClasses).toBeLessThan(Math.log(1e5));
    }
  });

  it('passes on the theory with corrections in 1/d and exponentially small ones, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, (_, { spec }) => syntheticResult(corrected(spec)), {
      effort: 'quick',
    });
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails in the full simulation if its limit is another: distortion smaller by a half', async () => {
    const judged = await judgeSynthetic(
      claim,
      (_, { spec }) => {
        const { m, v } = corrected(spec);
        const halved = { m: (1 + m) / 2, v: (spec.sigma2 + v) / 2 };
        return syntheticResult(spec.mode === 'full' ? halved : { m, v });
      },
      { effort: 'quick' },
    );
    const failed = labelsOf(judged, 'failed');
    expect(failed).toContain('full, ODE, gaussian, α = 0.3, w = 2: m at d → ∞');
    expect(failed).toContain('full, ODE, gaussian, α = 0.3, w = 2: v at d → ∞');
    expect(failed.filter((label) => label.startsWith('reduced'))).toEqual([]);
  });

  it('fails if nothing is distorted, and if the theory takes the scale for w', async () => {
    const undistorted = await judgeSynthetic(claim, () => syntheticResult({ m: 1, v: 0.25 }), {
      effort: 'quick',
    });
    expect(undistorted.verdict).toBe('failed');
    const scaled = await judgeSynthetic(claim, (_, { spec }) => syntheticResult(corrected(spec)), {
      effort: 'quick',
      solve: (problem, options) =>
        solveOrderParameters(
          withStrength(problem, (w) => w + 1),
          options,
        ),
    });
    expect(labelsOf(scaled, 'failed').length).toBeGreaterThanOrEqual(6);
  });
});

describe('joint extrapolation', () => {
  const shape = (d: number) => Math.exp(-0.15 * d);
  const point = (size: number, value: number) => ({ size, value, standardError: 1e-3, degreesOfFreedom: 31 });
  const law = (limit: number, d: number) => limit + 0.4 / d - 2 / d ** 2;
  const full = [15, 20, 25, 30].map((d) => point(d, law(1.25, d) + 0.8 * shape(d)));
  const reduced = [15, 25, 100, 1000].map((d) => point(d, law(1.2, d)));

  it('recovers two different levels exactly from exact data (1e-9)', () => {
    const fit = sharedShapeFit(full, reduced, shape, 1);
    expect(fit.full.value).toBeCloseTo(1.25, 9);
    expect(fit.reduced.value).toBeCloseTo(1.2, 9);
    expect(fit.disorder.value).toBeCloseTo(0.8, 7);
    expect(fit.curve('full', 20)).toBeCloseTo(full[1]!.value, 9);
  });

  it('has a larger error for the limit if the shape is less certain, and the largest without the reduced simulation', () => {
    const certain = sharedShapeFit(full, reduced, shape, 0.1).full.standardError;
    const uncertain = sharedShapeFit(full, reduced, shape, 2).full.standardError;
    const alone = fullAloneLimit(full, shape, 3, 1);
    expect(uncertain).toBeGreaterThan(1.2 * certain);
    expect(alone.standardError).toBeGreaterThan(2 * uncertain);
    expect(Math.abs(alone.value - 1.25)).toBeLessThan(alone.standardError);
  });
});
