import { describe, expect, it } from 'vitest';
import { annealedArtefactClaim as claim } from '../../../../src/claims/manyClasses/annealedArtefact.ts';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { problemOf } from '../../../../src/claims/protocol/requests.ts';
import { disorderCorrection } from '../../../../src/finiteSize/disorder/correction.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import type { ParticleResult } from '../../../../src/particles/tasks.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

const point = { alpha: 0.3, w: 16, sampler: 'ode' } as const;
const problem = problemOf({ ...point, guidance: point.w });
const quenched = solveOrderParameters(problem, { fluctuations: false }).final!;
const annealed = solveOrderParameters(problem, { fluctuations: false, average: 'annealed' }).final!;
const prediction = disorderCorrection(problem, 27).full;

/** Full simulations around one solution with the predicted finite-size shift, reduced ones around the annealed one. */
function around({ m, v }: { m: number; v: number }) {
  return (_name: string, { spec }: SimulationRequest): ParticleResult => {
    if (spec.mode === 'reduced') {
      const at = { m: annealed.m, v: annealed.v - 1 / spec.dimension, guidedWeight: 0.992 };
      return syntheticResult(at, { relativeError: 1e-4 });
    }
    const shift = { m: prediction.m - quenched.m, v: prediction.v - quenched.v };
    return syntheticResult(
      { m: m + shift.m, v: v + shift.v, guidedWeight: 1 - 1e-10 },
      { relativeError: 1e-6 },
    );
  };
}

describe('claim annealed-artefact', () => {
  it('asks for simulations that can be run', async () => {
    await expectAdmissiblePlan(claim);
  });

  it('passes for full simulations around the quenched solution', async () => {
    const judged = await judgeSynthetic(claim, around(quenched), { effort: 'quick' });
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails for full simulations around the annealed solution', async () => {
    const judged = await judgeSynthetic(claim, around(annealed), { effort: 'quick' });
    expect(labelsOf(judged, 'failed').filter((label) => label.startsWith('full')).length).toBe(3);
  });

  it('fails for a mean field that is always annealed', async () => {
    const solve: typeof solveOrderParameters = (given, options) =>
      solveOrderParameters(given, { ...options, average: 'annealed' });
    const judged = await judgeSynthetic(claim, around(quenched), { effort: 'quick', solve });
    const failed = labelsOf(judged, 'failed');
    expect(failed.some((label) => label.includes(': v, taken'))).toBe(true);
    expect(failed.some((label) => label.includes(': m, taken'))).toBe(true);
  });
});
