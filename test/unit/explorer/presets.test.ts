import { describe, expect, it } from 'vitest';
import { trajectoryOf } from '../../../src/explorer/compute/trajectory.ts';
import { presets } from '../../../src/explorer/state/presets.ts';
import type { ExplorerState } from '../../../src/explorer/state/state.ts';

function chapter(id: string) {
  const preset = presets.find((one) => one.id === id);
  if (preset === undefined) throw new Error(`no chapter ${id}`);
  const said = preset.sentences.join(' ');
  return {
    state: preset.state,
    /** Asserts that the sentences have a number, to the digits given. */
    says: (before: string, value: number, digits: number, after = ''): void => {
      expect(said).toContain(`${before}${value.toFixed(digits)}${after}`);
    },
  };
}

/** The trajectory of a state, which must not be condensed. */
async function solved(state: ExplorerState) {
  const result = await trajectoryOf(state);
  if (result.final === null) throw new Error('condensed');
  return { ...result, final: result.final };
}

describe('the story', () => {
  it('has six chapters of three sentences, each with a state that names it', () => {
    expect(presets.map(({ id }) => id)).toEqual([
      'no-guidance',
      'sub-exponential',
      'exponential',
      'beyond-critical',
      'failing-schedules',
      'negative-window',
    ]);
    for (const { id, state, sentences, title } of presets) {
      expect(state.preset).toBe(id);
      expect(title).not.toBe('');
      expect(sentences).toHaveLength(3);
      for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*[^.]\.$/);
    }
  });

  it('no guidance: m = 1, v = sigma2, the transition at r = exp(-2 alpha), the critical rate', async () => {
    const { state, says } = chapter('no-guidance');
    const { final, speciationTime, criticalAlpha } = await solved(state);
    expect(final.m).toBeCloseTo(1, 9);
    expect(final.v).toBeCloseTo(state.sigma2, 9);
    says('v = ', final.v, 2);
    says('t = ', speciationTime!, 3);
    const tau = Math.expm1(2 * speciationTime!);
    const ratio = (state.sigma2 + tau) / (state.sigma2 + tau + 1);
    expect(ratio).toBeCloseTo(Math.exp(-2 * state.alpha), 8);
    says('= ', ratio, 3);
    says('Above α = ', criticalAlpha!, 3);
    expect(criticalAlpha).toBeCloseTo(0.5 * Math.log(1 + 1 / state.sigma2), 8);
  });

  it('sub-exponential: numbers, the law for small alpha, and less than half of sigma2 along the class', async () => {
    const { state, says } = chapter('sub-exponential');
    const { final, speciationTime, vParallel, smallAlphaLaw, distortion } = await solved(state);
    says('K = ', Math.exp(state.alpha * state.dimension), 0, ` classes in d = ${state.dimension}`);
    says('t = ', speciationTime!, 3);
    says('m − 1 = ', final.m - 1, 3);
    says('v/σ² = ', distortion!.varianceRatio, 3);
    expect(smallAlphaLaw!.meanShift.toFixed(3)).toBe((final.m - 1).toFixed(3));
    expect((1 + smallAlphaLaw!.varianceShift).toFixed(3)).toBe(distortion!.varianceRatio.toFixed(3));
    says('a variance of ', vParallel!, 3);
    expect(smallAlphaLaw!.parallelRatio).toBeLessThan(0.5);
    expect(vParallel! / state.sigma2).toBeLessThan(0.5);
  });

  it('exponential: numbers of the ODE and of the SDE', async () => {
    const { state, says } = chapter('exponential');
    const { final, speciationTime, distortion } = await solved(state);
    says('t = ', speciationTime!, 3);
    says('m = ', final.m, 3);
    says('v = ', final.v, 3);
    says('is ', 100 * distortion!.varianceRatio, 0, ' %');
    const sde = await solved({ ...state, sampler: 'sde' });
    says('m = ', sde.final.m, 3, `, v = ${sde.final.v.toFixed(3)}`);
  });

  it('beyond critical: the critical rate, the limit of infinitely many classes, psi below phi', async () => {
    const { state, says } = chapter('beyond-critical');
    const { final, phase, criticalAlpha, infiniteClassLimit, columns } = await solved(state);
    says('critical class rate is ', criticalAlpha!, 3);
    expect(phase).toBe('unspeciated');
    expect(final.m).toBeCloseTo(infiniteClassLimit!.m, 8);
    expect(final.v).toBeCloseTo(state.sigma2 * (state.sigma2 / (1 + state.sigma2)) ** state.w, 8);
    says('m = ', final.m, 3);
    says('= ', final.v, 3, `: ${(100 * final.v) / state.sigma2} %`.replace(/\.\d+/, ''));
    expect(columns.psi.every((psi, i) => psi < columns.phi[i]!)).toBe(true);
  });

  it('schedules that fail: the numbers, beside constant w and Step down', async () => {
    const { state, says } = chapter('failing-schedules');
    const { final, columns } = await solved(state);
    expect(Math.min(...columns.w)).toBeGreaterThanOrEqual(0);
    says('v = ', final.v, 3);
    const constant = await solved({ ...state, schedule: { kind: 'constant' } });
    says('the ', constant.final.v, 3);
    expect(final.v).toBeLessThan(constant.final.v);
    const early = await solved({ ...state, schedule: { kind: 'named', name: 'step-down' } });
    says('v = ', early.final.v, 3);
    expect(early.final.v).toBeLessThan(state.sigma2);
  });

  it('the negative window: the numbers, where w changes sign, and that it condenses a little further', async () => {
    const { state, says } = chapter('negative-window');
    const { final, minComplexity, columns } = await solved(state);
    says('m = ', final.m, 3);
    says('v = ', final.v, 3);
    says('τ = ', 1 / 0.225, 2);
    expect(columns.w.at(-1)).toBeCloseTo(-1, 6);
    expect(Math.max(...columns.w)).toBe(2);
    says('falls to ', minComplexity!, 3);
    const constant = await solved({ ...state, schedule: { kind: 'constant' } });
    says('leaves ', constant.final.v, 3);
    const text = 'min(2, -1 + 0.2*tau)';
    const further = await trajectoryOf({ ...state, schedule: { kind: 'formula', text, clock: 'tau' } });
    expect(further.phase).toBe('condensed');
  });
});
