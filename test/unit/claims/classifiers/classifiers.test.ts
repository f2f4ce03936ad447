import { describe, expect, it } from 'vitest';
import { classifierCounterexampleClaim } from '../../../../src/claims/classifiers/classifierCounterexample.ts';
import { classifierGuidanceErrorClaim } from '../../../../src/claims/classifiers/classifierGuidanceError.ts';
import { classifierPropagationClaim } from '../../../../src/claims/classifiers/classifierPropagation.ts';
import { miscalibratedClassifierClaim as claim } from '../../../../src/claims/classifiers/miscalibratedClassifier.ts';
import { claimSigma2 } from '../../../../src/claims/protocol/requests.ts';
import { samplers } from '../../../../src/guidance/sampler.ts';
import { solveMiscalibrated } from '../../../../src/meanfield/calibration/solve.ts';
import { processes } from '../../../../src/process/process.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
  type SyntheticSimulation,
} from '../synthetic.ts';
import { expectSelfContained } from '../withoutSimulations.ts';

describe.each([classifierGuidanceErrorClaim, classifierCounterexampleClaim, classifierPropagationClaim])(
  'claim $id',
  (one) => {
    it('asks for no simulation, passes, can be drawn, and fails if any of its checks is moved beyond its margin', () =>
      expectSelfContained(one));
  },
);

/** The mean field at what is requested, or at another temperature. */
function theory(change: (temperature: number) => number = (T) => T): SyntheticSimulation {
  return (_, { spec }) => {
    const { final } = solveMiscalibrated(
      {
        alpha: spec.logClasses! / spec.dimension,
        sigma2: spec.sigma2,
        ensemble: 'gaussian',
        sampler: spec.eta === 0 ? samplers.ode : samplers.sde,
        process: processes[spec.process],
        guidance: { w: (spec.guidance as { readonly w: number }).w },
        startTime: null,
      },
      { temperature: change(spec.classifier?.temperature ?? 1), bias: 0 },
    );
    return syntheticResult({ m: final!.m, v: final!.v });
  };
}

describe('claim miscalibrated-classifier', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the values of the theory, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, theory());
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if the particles do not know the temperature: at all five settings, and the gain in variance', async () => {
    const failed = labelsOf(
      await judgeSynthetic(
        claim,
        theory(() => 1),
      ),
      'failed',
    );
    expect(failed.filter((label) => label.startsWith('reduced'))).toHaveLength(10);
    expect(failed.some((label) => label.startsWith('full') && label.endsWith('v/σ²'))).toBe(true);
  });

  it('fails if a simulation has a temperature that is 5 % off, or a variance as of the true classifier', async () => {
    expect(
      (
        await judgeSynthetic(
          claim,
          theory((T) => (T === 1 ? 1 : 0.95 * T)),
        )
      ).verdict,
    ).toBe('failed');
    const equal: SyntheticSimulation = (name, request) =>
      request.spec.mode === 'full'
        ? syntheticResult({ m: 1.18, v: 0.75 * claimSigma2 })
        : theory()(name, request);
    expect(labelsOf(await judgeSynthetic(claim, equal), 'failed')).toHaveLength(1);
  });
});
