import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { negativeWindowClaim as claim } from '../../../../src/claims/schedules/negativeWindow.ts';
import { compileSchedule } from '../../../../src/guidance/schedule.ts';
import { samplers } from '../../../../src/guidance/sampler.ts';
import { scheduledShortfall } from '../../../../src/closedForms/scheduled.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { writeSchedule } from '../../../../src/guidance/schedules/catalogue.ts';
import { guidanceOf } from '../../../../src/guidance/written.ts';
import { ornsteinUhlenbeck } from '../../../../src/process/process.ts';
import { dataClock } from '../../../../src/process/variances.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

const sigma2 = 1;

/** m and v of the theory for each simulation of the claim. */
const theory = new Map<string, { m: number; v: number }>();
for (const [name, { spec }] of Object.entries(claim.simulations('default'))) {
  const { final } = solveOrderParameters(
    {
      alpha: spec.mode === 'reduced' ? Infinity : spec.logClasses! / spec.dimension,
      sigma2,
      ensemble: 'gaussian',
      sampler: spec.eta === 0 ? samplers.ode : samplers.sde,
      process: ornsteinUhlenbeck,
      guidance: await guidanceOf(spec.guidance),
      startTime: null,
    },
    { fluctuations: false },
  );
  theory.set(name, final!);
}
const asTheory = (name: string) => syntheticResult(theory.get(name)!);

describe('claim negative-window', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  for (const [w, variance] of [
    [3, 1],
    [0.5, 0.25],
    [8, 4],
  ] as const) {
    it(`the neutral window of w = ${w}, sigma2 = ${variance} leaves the ODE's variance: 1e-8`, async () => {
      const guidance = await guidanceOf(writeSchedule('neutral-step', w, { sigma2: variance }));
      const schedule = compileSchedule(guidance, {
        process: ornsteinUhlenbeck,
        sigma2: variance,
        startTime: null,
      });
      expect(schedule.breakpoints.length).toBe(1);
      expect(scheduledShortfall(schedule, { eta: 0 }, dataClock(variance))).toBeCloseTo(0, 8);
    });
  }

  it('passes with the values of the theory, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, asTheory);
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if the window leaves the variance shrunk, or the mean where the class is', async () => {
    const neutral = writeSchedule('neutral-step', 3, { sigma2 });
    const shrunk = await judgeSynthetic(claim, (name, { spec }) =>
      spec.mode === 'full' && isDeepStrictEqual(spec.guidance, neutral)
        ? syntheticResult({ m: theory.get(name)!.m, v: 0.4 })
        : asTheory(name),
    );
    expect(labelsOf(shrunk, 'failed')).toEqual(['full, α = 0.9, neutral window, d = 13: v/σ²']);
    const centred = await judgeSynthetic(claim, (name, { spec }) =>
      spec.dimension === 64 && spec.eta === 0 && isDeepStrictEqual(spec.guidance, neutral)
        ? syntheticResult({ m: 0.9, v: sigma2 })
        : asTheory(name),
    );
    expect(centred.verdict).toBe('failed');
  });

  it('fails if a window after the transition restores the variance', async () => {
    const judged = await judgeSynthetic(claim, (name, { spec }) =>
      spec.dimension === 32 && 'schedule' in spec.guidance ? syntheticResult({ v: sigma2 }) : asTheory(name),
    );
    expect(labelsOf(judged, 'failed')).toEqual([
      'full, α = 0.3, d = 32: v/σ² with a window after the transition − without',
    ]);
  });
});
