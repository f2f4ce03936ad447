import { describe, expect, it } from 'vitest';
import { unguidedControlClaim as claim } from '../../../../src/claims/manyClasses/unguidedControl.ts';
import type { SimulationRequest } from '../../../../src/claims/protocol/claim.ts';
import type { ParticleResult } from '../../../../src/particles/tasks.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
} from '../synthetic.ts';

/** What every simulation gives if the claim is right; (finite-start) written out for the OU process at T = 2, sigma2 = 1/4. */
function sound(name: string, { spec }: SimulationRequest): ParticleResult {
  const isOde = spec.eta === 0;
  if (name.startsWith('guided'))
    return syntheticResult(isOde ? { m: 1.28, v: 0.163 } : { m: 1.12, v: 0.231 });
  if (name.startsWith('unconditional')) {
    return { ...syntheticResult({ m: 1 / 403, v: 1.25, q: 1.25 }), classes: 403 };
  }
  if (name.startsWith('finite')) {
    const square = Math.exp(-4);
    const memory = (0.25 * square) / (1 - 0.75 * square);
    const excess = 1 / (1 - 0.75 * square) - 1;
    return isOde
      ? syntheticResult({ m: 1 - Math.sqrt(memory), v: 0.25 * (1 + excess) })
      : syntheticResult({ m: 1 - memory, v: 0.25 * (1 + excess * memory) });
  }
  return syntheticResult({ m: 1, v: 0.25 });
}

describe('claim unguided-control', () => {
  it('asks for admissible simulations', async () => {
    await expectAdmissiblePlan(claim);
  });

  it('passes where nothing is distorted without guidance, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, sound, { effort: 'quick' });
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if w = 0 distorts, if one class feels guidance, and if the mixture does not come back', async () => {
    const groups = [
      ['unguided', [0]],
      ['single', [0, 1]],
      ['finite', [1]],
      ['unconditional', [0, 1]],
    ] as const;
    for (const [group, etas] of groups) {
      const judged = await judgeSynthetic(
        claim,
        (name, request) => {
          const result = sound(name, request);
          const isBroken = name.startsWith(group) && etas.some((eta) => eta === request.spec.eta);
          if (!isBroken) return result;
          const { m, v, q } = result;
          return { ...result, ...syntheticResult({ m: m.mean + 0.07, v: 0.9 * v.mean, q: 0.7 * q.mean }) };
        },
        { effort: 'quick' },
      );
      expect(labelsOf(judged, 'failed').length, group).toBeGreaterThan(0);
    }
  });

  it('does not pass if its estimators are blind', async () => {
    const blind = await judgeSynthetic(
      claim,
      (name, request) =>
        name.startsWith('guided') ? syntheticResult({ m: 1, v: 0.25 }) : sound(name, request),
      { effort: 'quick' },
    );
    expect(blind.verdict).toBe('inconclusive');
  });
});
