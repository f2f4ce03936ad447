import { describe, expect, it } from 'vitest';
import type { Evidence, SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { claimSigma2 } from '../../../../src/claims/protocol/requests.ts';
import { schedulesShrinkClaim as claim } from '../../../../src/claims/schedules/schedulesShrink.ts';
import { listedSchedule } from '../../../../src/claims/schedules/schedulesShrinkTheory.ts';
import { parseFormula } from '../../../../src/guidance/formula.ts';
import { samplers } from '../../../../src/guidance/sampler.ts';
import type { Guidance } from '../../../../src/guidance/schedule.ts';
import { solveOrderParameters, type OrderParameterSolution } from '../../../../src/meanfield/solve.ts';
import { guidanceOf } from '../../../../src/guidance/written.ts';
import { ornsteinUhlenbeck } from '../../../../src/process/process.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

/** v of the theory for each simulation of the claim. */
const theory = new Map<string, number>();
for (const [name, { spec }] of Object.entries(claim.simulations('default'))) {
  const solution = solveOrderParameters(
    {
      alpha: 0.5,
      sigma2: claimSigma2,
      ensemble: 'gaussian',
      sampler: spec.eta === 0 ? samplers.ode : samplers.sde,
      process: ornsteinUhlenbeck,
      guidance: await guidanceOf(spec.guidance),
      startTime: null,
    },
    { fluctuations: false },
  );
  theory.set(name, solution.final!.v);
}
/** The mean field of each problem, solved once: what the tests change is not in it. */
const solutions = new Map<string, OrderParameterSolution>();
const solve: Evidence['solve'] = (problem, options) => {
  const { guidance, process, alpha } = problem;
  const written = 'w' in guidance ? guidance : { text: guidance.formula.text, clock: guidance.clock };
  const key = JSON.stringify([{ ...problem, guidance: written, process: process.name }, `${alpha}`, options]);
  const solution = solutions.get(key) ?? solveOrderParameters(problem, options);
  solutions.set(key, solution);
  return solution;
};
const given = { effort: 'quick', solve } as const;
const asTheory = (name: string) => syntheticResult({ v: theory.get(name)! });
const cosine = listedSchedule('cosine', 2);
const earlyOnly = listedSchedule('early-only', 3, { fraction: 0.7 });
/** The request is that of a mode, a sampler and a schedule. */
const asks = ({ spec }: SimulationRequest, mode: string, eta: number, { schedule }: typeof cosine) =>
  spec.mode === mode &&
  spec.eta === eta &&
  'schedule' in spec.guidance &&
  spec.guidance.schedule === schedule;

describe('claim schedules-shrink', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the values of the theory, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, asTheory, given);
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if one schedule leaves the variance where it is', async () => {
    const judged = await judgeSynthetic(
      claim,
      (name, request) =>
        asks(request, 'reduced', 1, cosine) ? syntheticResult({ v: claimSigma2 }) : asTheory(name),
      given,
    );
    expect(judged.verdict).toBe('failed');
    expect(labelsOf(judged, 'failed')).toEqual(['reduced, SDE, cosine: v/σ² against the law']);
    expect(labelsOf(judged, 'inconclusive')).toEqual(['reduced, SDE, cosine: v/σ²']);
  });

  it('fails if one schedule enlarges it, and if the solver leaves the integral law', async () => {
    const enlarged = await judgeSynthetic(
      claim,
      (name, request) =>
        asks(request, 'full', 0, earlyOnly) ? syntheticResult({ v: 1.1 * claimSigma2 }) : asTheory(name),
      given,
    );
    expect(labelsOf(enlarged, 'failed')).toEqual(['full, ODE, early-only: v/σ²']);
    const doubled = await judgeSynthetic(claim, asTheory, {
      ...given,
      solve: (problem, options) => {
        const solution = solve(problem, options);
        const { final } = solution;
        return { ...solution, final: final === null ? null : { ...final, v: final.v + 2e-6 } };
      },
    });
    expect(labelsOf(doubled, 'failed')).toContain('theory, SDE: largest |v/σ² of the solver − integral law|');
  });

  it('fails if the solver follows another schedule, one tenth stronger, to the end', async () => {
    const changed = new Map<Guidance, Guidance>();
    const stronger = (guidance: Guidance): Guidance => {
      if (!('formula' in guidance)) return { w: 1.1 * Number(guidance.w) };
      const { formula, clock } = guidance;
      const found = changed.get(guidance) ?? {
        formula: parseFormula('schedule', `1.1*(${formula.text})`, clock),
        clock,
      };
      changed.set(guidance, found);
      return found;
    };
    const judged = await judgeSynthetic(claim, asTheory, {
      ...given,
      solve: (problem, options) => solve({ ...problem, guidance: stronger(problem.guidance) }, options),
    });
    expect(labelsOf(judged, 'failed')).toContain('theory, SDE: largest |v/σ² of the solver − integral law|');
  });
});
