import { describe, expect, it } from 'vitest';
import { unguidedBaseClaim as claim } from '../../../../src/claims/manyClasses/unguidedBase.ts';
import { rateAtClock, speciationRatio } from '../../../../src/claims/manyClasses/speciationRatio.ts';
import { levelClock } from '../../../../src/claims/protocol/levelClock.ts';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { logistic } from '../../../../src/numerics/logSumExp.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import type { ParticleResult } from '../../../../src/particles/tasks.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

/** Weights that pass 1/2 at the rate alpha - 0.7/d, or 3/4 at E = ratio/d^power. */
function weights(
  { spec, options }: SimulationRequest,
  { shift = 0, power = 1 }: { shift?: number; power?: number } = {},
): ParticleResult {
  const d = spec.dimension;
  const series = (options.clocks ?? []).map((clock) => {
    if (spec.mode === 'two-class') {
      const x = clock - Math.log(speciationRatio(0.75) / d ** power);
      return { clock, guidedWeight: logistic(Math.log(3) + 1.2 * x) };
    }
    const alpha = spec.logClasses! / d;
    return { clock, guidedWeight: logistic(0.9 * d * (rateAtClock(clock) - (1 + shift) * alpha + 0.7 / d)) };
  });
  return syntheticResult({ m: 1, v: spec.sigma2 }, { relativeError: 1e-3, series });
}

describe('claim unguided-base', () => {
  it('asks for admissible simulations', async () => {
    await expectAdmissiblePlan(claim);
  });

  it('passes on weights that cross where [B24] says, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, (_, request) => weights(request));
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(labelsOf(judged, 'inconclusive')).toEqual([]);
    expectDrawablePanels(judged);
  });

  it('fails if the collapse is at a rate 15 % off', async () => {
    const judged = await judgeSynthetic(claim, (_, request) => weights(request, { shift: -0.15 }));
    const failed = labelsOf(judged, 'failed');
    expect(failed.length).toBe(4);
    expect(failed.every((label) => label.includes('collapse'))).toBe(true);
  });

  it('fails if the speciation time grows as 0.48 log d', async () => {
    const judged = await judgeSynthetic(claim, (_, request) => weights(request, { power: 0.96 }));
    expect(labelsOf(judged, 'failed')).toContain('two classes: slope of the speciation time in log d');
  });

  it('fails if the mean field collapses elsewhere', async () => {
    const judged = await judgeSynthetic(claim, (_, request) => weights(request), {
      solve: (problem, options) => solveOrderParameters({ ...problem, guidance: { w: 0.1 } }, options),
    });
    expect(labelsOf(judged, 'failed').length).toBe(8);
  });

  it('fails, and can be drawn, if the weight never gets there', async () => {
    const judged = await judgeSynthetic(claim, (_, { options }) =>
      syntheticResult({}, { series: (options.clocks ?? []).map((clock) => ({ clock, guidedWeight: 0.1 })) }),
    );
    expect(labelsOf(judged, 'failed').length).toBe(6);
    expectDrawablePanels(judged);
  });

  it('interpolates a logistic weight to 1e-12, and says NaN where the level is not reached', () => {
    const request = { clocks: [-1, 0, 1], middle: 0.3 };
    const series = request.clocks.map((clock) => ({
      clock,
      guidedWeight: logistic(2 * (clock - request.middle)),
    }));
    const result = syntheticResult({}, { series });
    const row = {
      result,
      measured: ({ mean }: { mean: number }) => ({ value: mean, standardError: 0.1, degreesOfFreedom: 3 }),
    };
    expect(levelClock(row, 0.5, 'log-odds').value).toBeCloseTo(request.middle, 12);
    expect(levelClock(row, 0.999, 'log-odds').value).toBeNaN();
  });

  it('two classes: the weight is 1/2 at x = 0 and the ratio grows with the level', () => {
    expect(speciationRatio(0.5001)).toBeLessThan(1e-3);
    expect(speciationRatio(0.75)).toBeCloseTo(0.85084, 4);
    expect(speciationRatio(0.9)).toBeGreaterThan(speciationRatio(0.75));
  });
});
