import { describe, expect, it } from 'vitest';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { designedWindowClaim as claim } from '../../../../src/claims/schedules/designedWindow.ts';
import { samplers } from '../../../../src/guidance/sampler.ts';
import { guidanceOf } from '../../../../src/guidance/written.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import { ornsteinUhlenbeck } from '../../../../src/process/process.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

/** m and v of the theory for each simulation of the claim. */
const theory = new Map<string, { m: number; v: number }>();
for (const [name, { spec }] of Object.entries(claim.simulations('default'))) {
  const { final } = solveOrderParameters(
    {
      alpha: spec.mode === 'reduced' ? Infinity : spec.logClasses! / spec.dimension,
      sigma2: spec.sigma2,
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

describe('claim designed-window', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the values of the theory, and can be drawn, at every effort', async () => {
    for (const effort of ['quick', 'default'] as const) {
      const judged = await judgeSynthetic(claim, asTheory, { effort });
      expect(labelsOf(judged, 'failed')).toEqual([]);
      expect(judged.verdict).toBe('passed');
      expectDrawablePanels(judged);
    }
  });

  it('fails if the variance is 4 % off either way, or the mean short of the class centre', async () => {
    const isAsked = ({ spec }: SimulationRequest) =>
      spec.mode === 'full' && spec.sigma2 === 0.3 && spec.eta === 1;
    const requests = Object.entries(claim.simulations('default'));
    const [name] = requests.find(([, request]) => isAsked(request))!;
    for (const [factor, side] of [
      [0.96, 'above'],
      [1.04, 'below'],
    ] as const) {
      const { m, v } = theory.get(name)!;
      const judged = await judgeSynthetic(claim, (asked, request) =>
        isAsked(request) ? syntheticResult({ m, v: factor * v }) : asTheory(asked),
      );
      expect(judged.checks.filter(({ verdict }) => verdict === 'failed').map(({ test }) => test)).toEqual([
        side,
      ]);
    }
    const short = await judgeSynthetic(claim, (asked, request) =>
      isAsked(request) ? syntheticResult({ m: 0.99, v: theory.get(name)!.v }) : asTheory(asked),
    );
    expect(labelsOf(short, 'failed')).toEqual(['full, SDE, α = 0.45, σ² = 0.3, d = 20: m']);
  });

  it('fails in the mean and the time of the decision, six and two checks (and one at η = 0.5), if the solver does not guide', async () => {
    const judged = await judgeSynthetic(claim, asTheory, {
      solve: (problem, options) => solveOrderParameters({ ...problem, guidance: { w: 0 } }, options),
    });
    const failed = labelsOf(judged, 'failed');
    expect(failed.filter((label) => label.startsWith('theory') && label.endsWith(': m'))).toHaveLength(6);
    expect(failed.filter((label) => label.includes('how much earlier'))).toHaveLength(2);
    expect(failed.filter((label) => label.includes('time of the decision'))).toHaveLength(1);
  });

  it('fails if the solver finds another variance, or condensed classes', async () => {
    const judged = await judgeSynthetic(claim, asTheory, {
      solve: (problem, options) => {
        const solution = solveOrderParameters(problem, options);
        const { final } = solution;
        return {
          ...solution,
          final: final === null ? null : { ...final, v: 1.02 * final.v },
          minComplexity: -0.01,
        };
      },
    });
    expect(labelsOf(judged, 'failed')).toHaveLength(12);
  });
});
