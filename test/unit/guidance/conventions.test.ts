import { describe, expect, it } from 'vitest';
import { coefficientFromScale, scaleFromCoefficient } from '../../../src/guidance/coefficient.ts';
import {
  probabilityFlow,
  reverseSde,
  samplerLabel,
  samplers,
  samplerWithEta,
} from '../../../src/guidance/sampler.ts';
import { ParameterError } from '../../../src/numerics/checks.ts';

const notNumbers = [NaN, Infinity, -Infinity, '7.5' as unknown as number, undefined as unknown as number];

describe('guidance coefficient and scale', () => {
  it('the scale of image tools is 1 + w, exactly: unguided 0, conditional 1, w = -1 unconditional', () => {
    for (const [scale, w] of [
      [0, -1],
      [1, 0],
      [7.5, 6.5],
      [0.5, -0.5],
    ] as const) {
      expect(coefficientFromScale(scale)).toBe(w);
      expect(scaleFromCoefficient(w)).toBe(scale);
    }
  });

  it('the guided score s_c + w (s_c - s_u) is scale s_c + (1 - scale) s_u (1e-15)', () => {
    const [conditional, unconditional] = [0.7, -1.9];
    for (const scale of [-2, 0, 1, 3.25]) {
      const w = coefficientFromScale(scale);
      const guided = conditional + w * (conditional - unconditional);
      expect(Math.abs(guided - (scale * conditional + (1 - scale) * unconditional))).toBeLessThan(1e-15 * 16);
    }
  });

  it.each(notNumbers)('refuses %s by the name of the parameter', (value) => {
    expect(() => coefficientFromScale(value)).toThrow(/^scale must be a finite number/);
    expect(() => scaleFromCoefficient(value)).toThrow(/^w must be a finite number/);
  });
});

describe('samplers', () => {
  it('the probability flow has no noise, the reverse SDE has eta = 1, and they carry their short names', () => {
    expect(probabilityFlow).toEqual({ eta: 0 });
    expect(reverseSde).toEqual({ eta: 1 });
    expect(samplers).toEqual({ ode: probabilityFlow, sde: reverseSde });
    for (const name of ['ode', 'sde'] as const) expect(samplerLabel(samplers[name])).toBe(name);
  });

  it('takes any eta >= 0, and labels it', () => {
    expect(samplerWithEta(0.5)).toEqual({ eta: 0.5 });
    expect(samplerLabel(samplerWithEta(0.5))).toBe('eta=0.5');
    expect(samplerLabel(samplerWithEta(0))).toBe('ode');
    expect(samplerLabel(samplerWithEta(1))).toBe('sde');
    expect(samplerLabel(samplerWithEta(2))).toBe('eta=2');
  });

  it.each([-1e-9, ...notNumbers])('refuses eta = %s', (eta) => {
    expect(() => samplerWithEta(eta)).toThrow(ParameterError);
    expect(() => samplerWithEta(eta)).toThrow(/^eta must be a finite number >= 0/);
  });
});

describe('a sampler of its own noise level', () => {
  it('has it, and no negative one', () => {
    expect(samplerWithEta(0.3)).toEqual({ eta: 0.3 });
    for (const eta of [-0.1, ...notNumbers]) expect(() => samplerWithEta(eta)).toThrow(/^eta must be/);
  });
});
