import { describe, expect, it } from 'vitest';
import { disorderNoiseClaim as claim } from '../../../../src/claims/manyClasses/disorderNoise.ts';
import { problemOf } from '../../../../src/claims/protocol/requests.ts';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import {
  disorderCorrection,
  type DisorderCorrection,
} from '../../../../src/finiteSize/disorder/correction.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

const laws = new Map<string, DisorderCorrection>();
function lawOf({ spec }: SimulationRequest): DisorderCorrection {
  const { dimension, classes, guidance } = spec;
  if (!('w' in guidance)) throw new Error('constant guidance only');
  const key = `${dimension} ${classes} ${guidance.w}`;
  const alpha = Math.log(classes!) / dimension;
  const law =
    laws.get(key) ??
    disorderCorrection(problemOf({ alpha, guidance: guidance.w, sampler: 'ode' }), dimension);
  laws.set(key, law);
  return law;
}
const effort = 'quick';

describe('claim disorder-noise', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('passes with the one-class law, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => syntheticResult(lawOf(request).full), {
      effort,
    });
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails with averaged classes: there is no disorder in them', async () => {
    const judged = await judgeSynthetic(claim, (_name, request) => syntheticResult(lawOf(request).annealed), {
      effort,
    });
    expect(judged.verdict).toBe('failed');
    expect(labelsOf(judged, 'failed').filter((label) => label.endsWith(': v')).length).toBe(3);
  });

  it('fails if the effect does not fall with d', async () => {
    const judged = await judgeSynthetic(
      claim,
      (_name, request) => {
        const { full, annealed } = lawOf(request);
        return syntheticResult({ m: full.m, v: annealed.v + 0.03 });
      },
      { effort },
    );
    expect(labelsOf(judged, 'failed').some((label) => label.includes('slope'))).toBe(true);
  });
});
