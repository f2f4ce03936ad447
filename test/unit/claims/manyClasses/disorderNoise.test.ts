import { describe, expect, it } from 'vitest';
import { disorderNoiseClaim as claim } from '../../../../src/claims/manyClasses/disorderNoise.ts';
import { claimSigma2 } from '../../../../src/claims/protocol/requests.ts';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import { probabilityFlow } from '../../../../src/guidance/sampler.ts';
import {
  disorderCorrection,
  type DisorderCorrection,
} from '../../../../src/meanfield/disorder/correction.ts';
import { ornsteinUhlenbeck } from '../../../../src/process/process.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

const laws = new Map<string, DisorderCorrection>();
function lawOf(name: string, { spec }: SimulationRequest): DisorderCorrection {
  const known = laws.get(name);
  if (known !== undefined) return known;
  if (!('w' in spec.guidance)) throw new Error('constant guidance only');
  const law = disorderCorrection(
    {
      alpha: Math.log(spec.classes!) / spec.dimension,
      sigma2: claimSigma2,
      ensemble: 'gaussian',
      sampler: probabilityFlow,
      process: ornsteinUhlenbeck,
      guidance: { w: spec.guidance.w },
      startTime: null,
    },
    spec.dimension,
  );
  laws.set(name, law);
  return law;
}
const effort = 'quick';

describe('claim disorder-noise', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the one-class law, and can be drawn', async () => {
    const judged = await judgeSynthetic(
      claim,
      (name, request) => syntheticResult(lawOf(name, request).full),
      { effort },
    );
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails with averaged classes: there is no disorder in them', async () => {
    const judged = await judgeSynthetic(
      claim,
      (name, request) => syntheticResult(lawOf(name, request).annealed),
      { effort },
    );
    expect(judged.verdict).toBe('failed');
    expect(labelsOf(judged, 'failed').filter((label) => label.endsWith(': v')).length).toBe(3);
  });

  it('fails if the effect does not fall with d', async () => {
    const judged = await judgeSynthetic(
      claim,
      (name, request) => {
        const { full, annealed } = lawOf(name, request);
        return syntheticResult({ m: full.m, v: annealed.v + 0.03 });
      },
      { effort },
    );
    expect(labelsOf(judged, 'failed').some((label) => label.includes('slope'))).toBe(true);
  });
});
