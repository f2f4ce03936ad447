import { describe, expect, it } from 'vitest';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { guidanceFormsClaim as claim } from '../../../../src/claims/schedules/guidanceForms.ts';
import { claimSigma2 } from '../../../../src/claims/protocol/requests.ts';
import { samplers } from '../../../../src/guidance/sampler.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { processes } from '../../../../src/process/process.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

type Spec = SimulationRequest['spec'];
const isPower = ({ form }: Spec) => form?.kind === 'power' && form.exponent > 0;

/** m and v of the theory for each simulation of the claim, with the overshoot of two classes as it is. */
const theory = new Map<string, { m: number; v: number }>();
for (const [name, { spec }] of Object.entries(claim.simulations('default'))) {
  if (spec.mode === 'two-class') {
    const overshoot = spec.eta === 0 ? { linear: 0.288, power: 0.118 } : { linear: 0.04, power: 0.025 };
    theory.set(name, { m: 1 + (isPower(spec) ? overshoot.power : overshoot.linear), v: claimSigma2 });
    continue;
  }
  const { final } = solveOrderParameters(
    {
      alpha: 0.45,
      sigma2: claimSigma2,
      ensemble: 'gaussian',
      sampler: spec.eta === 0 ? samplers.ode : samplers.sde,
      process: processes[spec.process],
      guidance: { w: 1.5 },
      startTime: null,
      ...(spec.form === undefined ? {} : { form: spec.form }),
    },
    { fluctuations: false },
  );
  theory.set(name, final!);
}
const asTheory = (name: string) => syntheticResult(theory.get(name)!);
/** Name of the simulation of a mode and a form with the ODE. */
const nameOf = (mode: string, kind: string) =>
  Object.entries(claim.simulations('default')).find(
    ([, { spec }]) => spec.mode === mode && spec.eta === 0 && spec.form?.kind === kind,
  )![0];

describe('claim guidance-forms', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the values of the theory, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, asTheory);
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if a form behaves as linear guidance, in the full and in the reduced simulation', async () => {
    for (const mode of ['full', 'reduced']) {
      const judged = await judgeSynthetic(claim, (name) =>
        asTheory(name === nameOf(mode, 'zero-star') ? nameOf(mode, 'linear') : name),
      );
      expect(labelsOf(judged, 'failed')).toEqual([
        `${mode}, ODE, zero-star, noise: m`,
        `${mode}, ODE, zero-star, noise: v/σ²`,
      ]);
    }
  });

  it('fails if the power law overshoots as linear guidance does or more', async () => {
    const judged = await judgeSynthetic(claim, (name, { spec }) =>
      spec.mode === 'two-class' && spec.eta === 1 && isPower(spec)
        ? syntheticResult({ m: 1.05, v: claimSigma2 })
        : asTheory(name),
    );
    expect(labelsOf(judged, 'failed')).toEqual(['two classes, SDE, d = 8: overshoot at exponent 0.9 − at 0']);
  });
});
