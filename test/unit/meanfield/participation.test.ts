import { describe, expect, it } from 'vitest';
import { randomEnergies } from '../../../src/closedForms/randomEnergies.ts';
import { probabilityFlow } from '../../../src/guidance/sampler.ts';
import { participationRate } from '../../../src/meanfield/participation.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

const unguided = (alpha: number) =>
  solveOrderParameters(
    {
      alpha,
      sigma2: 0.25,
      ensemble: 'gaussian',
      sampler: probabilityFlow,
      process: ornsteinUhlenbeck,
      guidance: { w: 0 },
      startTime: null,
    },
    { fluctuations: false },
  );

describe('growth of the participation ratio with d', () => {
  it('is that of gaussian integrals at w = 0 while the classes are far from condensed (1e-8)', () => {
    for (const [alpha, clock] of [
      [0.5, -2],
      [0.5, -1.5],
      [0.8, -0.5],
    ] as const) {
      // Y = Z_2/Z^2 with E e^(-beta |y - mu|^2/(2 Gamma)) of standard normal mu, |y|^2 = (1 + Gamma) d, E = 1/Gamma.
      const E = Math.exp(clock);
      const square = 1 + 1 / E;
      const logAverage = (beta: number) =>
        -0.5 * (Math.log1p(beta * E) + (beta * E * square) / (1 + beta * E));
      const exact = alpha + 2 * logAverage(1) - logAverage(2);
      expect(Math.abs(participationRate(unguided(alpha), clock) - exact)).toBeLessThan(1e-8);
    }
  });

  it('is that of the random energy model at large d (5e-3)', () => {
    const [alpha, clock, low, high] = [0.8, -1, 200, 400];
    const variance = Math.exp(-clock);
    const log = (d: number) =>
      Math.log(randomEnergies(d, alpha * d, 1 + variance, variance).inverseParticipation);
    const growth = (log(low) - log(high)) / (high - low);
    expect(Math.abs(participationRate(unguided(alpha), clock) - growth)).toBeLessThan(5e-3);
  });

  it('vanishes where the classes are condensed (1e-8)', () => {
    // Condensed from 2 alpha = log(1 + e^lambda) on, clock 0.54.
    for (const clock of [0.7, 1, 1.3]) {
      expect(Math.abs(participationRate(unguided(0.5), clock))).toBeLessThan(1e-8);
    }
  });
});
