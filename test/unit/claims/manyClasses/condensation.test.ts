import { describe, expect, it } from 'vitest';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { condensationClaim as claim } from '../../../../src/claims/manyClasses/condensation.ts';
import {
  randomEnergies,
  unguidedParticipation,
} from '../../../../src/claims/manyClasses/condensationEnergies.ts';
import { participationRate } from '../../../../src/claims/manyClasses/condensationRuns.ts';
import { problemOf } from '../../../../src/claims/protocol/requests.ts';
import { gaussianCondensedRoot } from '../../../../src/meanfield/competing/gaussian.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { trajectoryRow } from '../../../../src/meanfield/trajectory.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';
import { RunningMoments } from '../../../../src/numerics/statistics.ts';
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

/** What theory expects of a run, with a growth of the participation ratio of the condensed classes and a factor of Y. */
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

describe('randomEnergies', () => {
  it('agrees with direct sums over drawn centres within four standard errors', () => {
    const [d, classes, square, variance] = [12, 403, 1.4, 0.4];
    const exact = randomEnergies(d, Math.log(classes), square, variance);
    // E Z of N(0, (1 + Gamma) I) relative to the density of one centre.
    const logMean = Math.log(classes - 1) - 0.5 * d * (Math.log1p(1 / variance) + square / (1 + variance));
    const draws = new RandomStream(5, 1999);
    const participation = new RunningMoments();
    const deficit = new RunningMoments();
    for (let n = 0; n < 1500; n++) {
      draws.moveTo(n);
      let sum = 0;
      let squares = 0;
      for (let k = 1; k < classes; k++) {
        const u = (draws.nextNormal() - Math.sqrt(d * square)) ** 2 + draws.nextChiSquare(d - 1);
        const weight = Math.exp(-u / (2 * variance));
        sum += weight;
        squares += weight * weight;
      }
      participation.add(squares / (sum * sum));
      deficit.add(Math.log(sum) - logMean);
    }
    expect(Math.abs(participation.mean - exact.inverseParticipation)).toBeLessThan(
      4 * participation.standardError!,
    );
    expect(Math.abs(deficit.mean - exact.logDeficit)).toBeLessThan(4 * deficit.standardError!);
    expect(deficit.standardError!).toBeLessThan(0.04 * -exact.logDeficit);
  });

  it('tends to 1 - 1/x and to the difference of the free energies when condensed, to nothing when not', () => {
    const [alpha, clock, d] = [0.5, 1.1, 1e5];
    const variance = Math.exp(-clock);
    const x = gaussianCondensedRoot(alpha, 1 / variance, 1);
    const { inverseParticipation, logDeficit } = randomEnergies(d, alpha * d, 1 + variance, variance);
    expect(inverseParticipation).toBeCloseTo(1 - 1 / x, 3);
    // phi condensed less phi uncondensed at this point, from the branches of the mean field: -0.0480.
    expect(logDeficit / d).toBeCloseTo(-0.048, 3);
    const early = randomEnergies(1000, 500, 2, 1);
    expect(early.inverseParticipation).toBeLessThan(1e-4);
    expect(early.logDeficit).toBeGreaterThan(-1e-4);
  });
});
