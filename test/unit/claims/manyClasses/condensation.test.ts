import { describe, expect, it } from 'vitest';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { condensationClaim as claim } from '../../../../src/claims/manyClasses/condensation.ts';
import { problemOf } from '../../../../src/claims/protocol/requests.ts';
import { unguidedParticipation } from '../../../../src/closedForms/randomEnergies.ts';
import { participationRate } from '../../../../src/meanfield/participation.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { trajectoryRow } from '../../../../src/meanfield/trajectory.ts';
import type { ParticleResult } from '../../../../src/particles/tasks.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
  type SyntheticRow,
} from '../synthetic.ts';

const known = new Map<string, number>();

/** unguidedParticipation, remembered. */
function participationAt(d: number, logClasses: number, clock: number): number {
  const key = `${d} ${logClasses} ${clock}`;
  const Y = known.get(key) ?? unguidedParticipation(d, logClasses, Math.exp(-clock));
  known.set(key, Y);
  return Y;
}

/** A run as theory expects it, with a growth of the participation ratio of the condensed classes and a factor of Y. */
function condensing(growth = 0, factor = 1) {
  return (_name: string, { spec, options }: SimulationRequest): ParticleResult => {
    const { dimension: d, logClasses, eta } = spec;
    const alpha = Number((logClasses! / d).toPrecision(8));
    const w = 'w' in spec.guidance ? spec.guidance.w : NaN;
    const solution = solveOrderParameters(
      problemOf({ alpha, guidance: w, sampler: eta === 0 ? 'ode' : 'sde' }),
      {
        fluctuations: false,
      },
    );
    const series = options.clocks!.map((clock): SyntheticRow => {
      const complexity = Math.max(0.01, trajectoryRow(solution, clock).complexity);
      if (w === 0) {
        const Y = factor * participationAt(d, logClasses!, clock);
        return { clock, guidedWeight: 0.3, complexity, participation: 1 / Y };
      }
      const rate = clock > 0 ? growth : participationRate(solution, clock);
      return { clock, guidedWeight: 0.1, complexity, participation: 1.5 * Math.exp(rate * d) };
    });
    return syntheticResult({}, { relativeError: 1e-3, series });
  };
}

describe('claim condensation', () => {
  it('asks for simulations that can be run', async () => {
    await expectAdmissiblePlan(claim);
  });

  it('passes for the random energy model', async () => {
    const judged = await judgeSynthetic(claim, condensing(), { effort: 'quick' });
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if the number of condensed classes grows with d', async () => {
    const judged = await judgeSynthetic(claim, condensing(0.05), { effort: 'quick' });
    expect(labelsOf(judged, 'failed').every((label) => label.includes('(condensed)'))).toBe(true);
    expect(labelsOf(judged, 'failed').length).toBe(2);
  });

  it('fails if the mean inverse participation ratio is 20 % off', async () => {
    const judged = await judgeSynthetic(claim, condensing(0, 0.8), { effort: 'quick' });
    expect(labelsOf(judged, 'failed').length).toBe(8);
  });

  it('fails for a mean field that speciates at negative guidance', async () => {
    const solve: typeof solveOrderParameters = (problem, options) =>
      solveOrderParameters({ ...problem, guidance: { w: 0.4 } }, options);
    const judged = await judgeSynthetic(claim, condensing(), { effort: 'quick', solve });
    expect(judged.verdict).toBe('failed');
  });
});
