import { describe, expect, it } from 'vitest';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import type { SmoothedMoments } from '../../../src/finiteSize/smoothed/moments.ts';
import { smoothedMeanField } from '../../../src/finiteSize/smoothed/smoothedMeanField.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import type { ClassEnsemble } from '../../../src/mixture/ensemble.ts';
import { simulateReduced } from '../../../src/particles/simulate.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { problem } from '../meanfield/sampling.ts';

interface Setting {
  readonly ensemble: ClassEnsemble;
  readonly eta: number;
  readonly alpha: number;
  readonly w: number;
  readonly dimension: number;
}

const settings: [string, Setting][] = [
  { ensemble: 'gaussian', eta: 0, alpha: 0.5, w: 1, dimension: 10 },
  { ensemble: 'gaussian', eta: 0, alpha: 0.5, w: 8, dimension: 30 },
  { ensemble: 'spherical', eta: 0, alpha: 0.3, w: 3, dimension: 10 },
  { ensemble: 'gaussian', eta: 1, alpha: 0.3, w: 3, dimension: 10 },
  { ensemble: 'spherical', eta: 1, alpha: 0.8, w: 1, dimension: 20 },
].map((setting) => {
  const { ensemble, eta, alpha, w, dimension } = setting;
  const name = `${eta === 0 ? 'ODE' : 'SDE'}, ${ensemble}, alpha = ${alpha}, w = ${w}, d = ${dimension}`;
  return [name, setting as Setting];
});

const observables = ['m', 'q', 'v', 'vParallel', 'guidedWeight'] as const;

describe('smoothed mean field against reduced simulation', () => {
  it.each(settings)(
    '%s: all observables within 4 standard errors, at the data and in the transition; the mean field is excluded by 10',
    (_, { ensemble, eta, alpha, w, dimension }) => {
      const setting = problem(alpha, w, { ensemble, sampler: { eta } });
      const theory = solveOrderParameters(setting, { average: 'annealed', fluctuations: false });
      const clock = theory.speciationClock!;
      const smoothed = smoothedMeanField(setting, dimension, { clocks: [clock] });
      const simulated = simulateReduced(
        {
          dimension,
          logClasses: alpha * dimension,
          schedule: constantSchedule(w),
          sigma2: 0.25,
          ensemble,
          sampler: { eta },
          process: ornsteinUhlenbeck,
          startTime: null,
          guidedClass: 'typical',
        },
        {
          particles: ensemble === 'gaussian' ? 400 : 200,
          realizations: 16,
          steps: 24,
          seed: 21,
          clocks: [clock],
        },
      );
      const pairs: [SmoothedMoments, (typeof simulated.series)[number] | typeof simulated][] = [
        [smoothed, simulated],
        [smoothed.series[0]!, simulated.series[0]!],
      ];
      for (const [predicted, measured] of pairs) {
        for (const observable of observables) {
          const { mean, standardError } = measured[observable];
          // 24 steps are within 1e-3 of a fine grid.
          const allowed = 4 * standardError! + 1e-3 * Math.abs(mean);
          expect(Math.abs(predicted[observable] - mean), observable).toBeLessThan(allowed);
        }
      }
      expect(simulated.v.standardError!).toBeLessThan(0.012 * simulated.v.mean);
      expect(Math.abs(theory.final!.v - simulated.v.mean)).toBeGreaterThan(10 * simulated.v.standardError!);
    },
  );
});
