import { describe, expect, it } from 'vitest';
import { randomEnergies } from '../../../src/closedForms/randomEnergies.ts';
import { gaussianCondensedRoot } from '../../../src/meanfield/competing/gaussian.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { RunningMoments } from '../../../src/numerics/statistics.ts';

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
