import { describe, expect, it } from 'vitest';
import type { Evidence, SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { transitionBoundaryClaim as claim } from '../../../../src/claims/transition/transitionBoundary.ts';
import { transitionPoint } from '../../../../src/closedForms/transition.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { logistic } from '../../../../src/numerics/logSumExp.ts';
import type { ParticleResult } from '../../../../src/particles/tasks.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
  withStrength,
} from '../synthetic.ts';

/** Weights that pass 1/2 where the theory says, shifted by so much in the solver clock. */
function crossingAt(
  shift: (request: SimulationRequest) => number,
): (name: string, request: SimulationRequest) => ParticleResult {
  return (_name, request) => {
    const { spec, options } = request;
    const alpha = spec.logClasses! / spec.dimension;
    const w = 'w' in spec.guidance ? spec.guidance.w : NaN;
    const at = transitionPoint(alpha, w, { eta: spec.eta })!.clock + shift(request);
    const slope = 2 * Math.sqrt(spec.logClasses!);
    const series = options.clocks!.map((clock) => ({ clock, guidedWeight: logistic(slope * (clock - at)) }));
    return syntheticResult({}, { relativeError: 5e-3, series });
  };
}

describe('claim transition-boundary', () => {
  it('asks for simulations that can be run', async () => {
    await expectAdmissiblePlan(claim);
  });

  it('passes where the weight passes 1/2 at the predicted clock, up to 1/d', async () => {
    const judged = await judgeSynthetic(
      claim,
      crossingAt(({ spec }) => 0.5 / spec.dimension),
    );
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails where full simulations cross later by 0.15 in the clock', async () => {
    const judged = await judgeSynthetic(
      claim,
      crossingAt(({ spec }) => (spec.mode === 'full' ? 0.15 : 0)),
      { effort: 'quick' },
    );
    expect(judged.verdict).toBe('failed');
    expect(labelsOf(judged, 'failed').every((label) => label.startsWith('full'))).toBe(true);
  });

  it('fails where the clock depends on the process', async () => {
    const judged = await judgeSynthetic(
      claim,
      crossingAt(({ spec }) => (spec.process === 've' ? 0.1 : 0)),
      { effort: 'quick' },
    );
    expect(labelsOf(judged, 'failed').length).toBe(2);
  });

  it('fails for a mean field with the guidance scale in place of the coefficient', async () => {
    const solve: Evidence['solve'] = (problem, options) =>
      solveOrderParameters(
        withStrength(problem, (w) => w + 1),
        options,
      );
    const judged = await judgeSynthetic(
      claim,
      crossingAt(() => 0),
      { solve, effort: 'quick' },
    );
    // At large rates the curves of w = 3 and 4 cross.
    expect(labelsOf(judged, 'failed').length).toBeGreaterThan(labelsOf(judged, 'passed').length * 10);
  });

  it('fails, and does not stop, where no weight passes 1/2', async () => {
    const judged = await judgeSynthetic(
      claim,
      crossingAt(() => 100),
      { effort: 'quick' },
    );
    expect(judged.verdict).toBe('failed');
  });
});
