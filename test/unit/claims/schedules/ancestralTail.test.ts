import { describe, expect, it } from 'vitest';
import { ancestralTailClaim as claim } from '../../../../src/claims/schedules/ancestralTail.ts';
import {
  ancestralMeanField,
  fractions,
  modelMeanField,
  startTime,
  stepCount,
  tailOf,
  type Outcome,
} from '../../../../src/claims/schedules/ancestralTailTheory.ts';
import { ddpmWeights, ddimWeights } from '../../../../src/sampler/denoising.ts';
import { solveOrderParameters } from '../../../../src/meanfield/solve.ts';
import {
  expectAdmissiblePlan,
  expectDrawablePanels,
  judgeSynthetic,
  labelsOf,
  syntheticResult,
  withStrength,
} from '../synthetic.ts';

/** Share of the steps with w = -1 that a simulation has, from its schedule. */
const fractionOf = (guidance: object) =>
  fractions.find((fraction) => JSON.stringify(tailOf(3, fraction)) === JSON.stringify(guidance)) ?? 0;
const outcomeOf = (outcomes: readonly Outcome[], w: number, fraction: number) =>
  outcomes.find((outcome) => outcome.w === w && outcome.fraction === fraction)!;

/** m and v of the mean field of the steps for each simulation of the claim. */
const theory = new Map<string, { m: number; v: number }>();
for (const [name, { spec }] of Object.entries(claim.simulations('default'))) {
  const alpha = spec.logClasses! / spec.dimension;
  const outcomes = ancestralMeanField(alpha > 1 ? Infinity : alpha, spec.sigma2);
  const { m, ratio } = outcomeOf(outcomes, 3, fractionOf(spec.guidance));
  theory.set(name, { m, v: ratio * spec.sigma2 });
}
const asTheory = (name: string) => syntheticResult(theory.get(name)!);

/** The mean field of the ancestral steps written out: DDIM of eta = 1 is the posterior of the forward step given the denoised. */
function byHand(w: number, fraction: number, sigma2: number): { m: number; ratio: number } {
  const sigmaAt = (i: number) => {
    const t = startTime * (1 - i / stepCount);
    return t / (1 - t);
  };
  let [m, v] = [0, sigmaAt(0) ** 2];
  for (let i = 0; i < stepCount; i++) {
    const [tau, next] = [sigmaAt(i) ** 2, sigmaAt(i + 1) ** 2];
    const strength = i < Math.round(stepCount * (1 - fraction)) ? w : -1;
    const Gamma = sigma2 + tau;
    // X = y + tau s with s = (1 + w) (mu - y)/Gamma + w y/(Gamma + 1).
    const pull = (1 + strength) / Gamma;
    const rest = -pull + strength / (Gamma + 1);
    const denoised = { m: m + tau * (pull + rest * m), factor: 1 + tau * rest };
    const kept = next / tau;
    m = kept * m + (1 - kept) * denoised.m;
    v = (kept + (1 - kept) * denoised.factor) ** 2 * v + next * (1 - kept);
  }
  return { m, ratio: v / sigma2 };
}

describe('claim ancestral-tail', () => {
  it('has an admissible plan', () => expectAdmissiblePlan(claim));

  it('the mean field of the steps is the ancestral rule written out, infinitely many classes (1e-9)', () => {
    for (const sigma2 of [0.1, 0.25, 1, 3]) {
      for (const { w, fraction, m, ratio } of ancestralMeanField(Infinity, sigma2)) {
        const hand = byHand(w, fraction, sigma2);
        expect(Math.abs(m - hand.m)).toBeLessThan(1e-9);
        expect(Math.abs(ratio / hand.ratio - 1)).toBeLessThan(1e-9);
      }
    }
    // The large variance of DDPM is another rule.
    expect(ddimWeights(4, 1, 1, 1).noise).not.toBeCloseTo(ddpmWeights(4, 1, 1, 1).noise, 1);
  });

  it('steps of Stable Diffusion: at scale 7.5 a tail of 40 % leaves v within 3 % of sigma2, w = 1 with 50 % leaves m < 1', () => {
    const outcomes = modelMeanField(1);
    expect(Math.abs(outcomeOf(outcomes, 6.5, 0.4).ratio - 1)).toBeLessThan(0.03);
    expect(outcomeOf(outcomes, 1, 0.5).m).toBeLessThan(0.7);
  });

  it('passes with the values of the theory, and can be drawn', async () => {
    const judged = await judgeSynthetic(claim, asTheory);
    expect(labelsOf(judged, 'failed')).toEqual([]);
    expect(judged.verdict).toBe('passed');
    expectDrawablePanels(judged);
  });

  it('fails if a tail shrinks the variance as constant guidance does', async () => {
    const judged = await judgeSynthetic(claim, (name, { spec }) =>
      spec.mode === 'full' && fractionOf(spec.guidance) === 0.5
        ? syntheticResult({ m: theory.get(name)!.m, v: 0.2 })
        : asTheory(name),
    );
    expect(labelsOf(judged, 'failed')).toEqual([
      'full, w = 3, tail of 50 %, d = 13: |v/σ² − 1| − that of constant guidance',
      'full, w = 3, tail of 50 %, d = 13: v/σ² against the mean field of the steps',
    ]);
  });

  it('fails if a tail takes the mean back before the centre', async () => {
    const judged = await judgeSynthetic(claim, (name, { spec }) =>
      spec.dimension === 64 && spec.sigma2 === 1 && fractionOf(spec.guidance) === 0.4
        ? syntheticResult({ m: 0.95, v: theory.get(name)!.v })
        : asTheory(name),
    );
    expect(labelsOf(judged, 'failed')).toEqual(['reduced, w = 3, tail of 40 %, d = 64: m']);
  });

  it('fails if narrow classes do not overshoot, or a tail after the decision acts', async () => {
    const judged = await judgeSynthetic(claim, (name, { spec }) => {
      if (fractionOf(spec.guidance) === 0) return asTheory(name);
      if (spec.sigma2 === 0.25) return syntheticResult({ v: 0.25 });
      return spec.dimension === 1000 ? syntheticResult({ v: 1 }) : asTheory(name);
    });
    expect(labelsOf(judged, 'failed')).toEqual([
      'reduced, w = 3, tail of 50 %, d = 64, σ² = 0.25: |v/σ² − 1| − that of constant guidance',
      'reduced, α = 0.3, d = 1000, w = 3: v/σ² with a tail of 50 % − without',
    ]);
  });

  it('fails if the solver follows another strength than the laws', async () => {
    const judged = await judgeSynthetic(claim, asTheory, {
      solve: (problem, options) =>
        solveOrderParameters(
          withStrength(problem, (w) => 1.1 * w),
          options,
        ),
    });
    expect(labelsOf(judged, 'failed').some((label) => label.includes('integral law'))).toBe(true);
  });
});
