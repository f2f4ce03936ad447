import { describe, expect, it } from 'vitest';
import { exponentialWeights } from '../../../src/sampler/exponential.ts';
import { uniform } from '../meanfield/sampling.ts';

/** Int_z^1 e v^(e-1) (v - z)/(1 - z) dv by Simpson's rule in s = v^e, whose weight is even. */
function endGain(h: number, eta: number): number {
  const e = 1 + eta * eta;
  const z = Math.exp(-h / 2);
  const low = z ** e;
  const cells = 4000;
  let sum = 0;
  for (let i = 0; i <= cells; i++) {
    // Nodes crowd at the lower end, where v = s^(1/e) is steep: s = low + (1 - low) x^3.
    const x = i / cells;
    const v = (low + (1 - low) * x ** 3) ** (1 / e);
    sum += (i === 0 || i === cells ? 1 : i % 2 === 1 ? 4 : 2) * 3 * x * x * ((v - z) / (1 - z));
  }
  return (sum * (1 - low)) / (3 * cells);
}

const draw = uniform(11);
// eta from none to far beyond use, steps from fine grids to one that leaves nothing of the start.
const steps = Array.from({ length: 300 }, (_, i) => ({
  eta: i % 5 === 0 ? 0 : 10 ** draw(-1.5, 3),
  h: 10 ** draw(-3, 1.8),
  gamma: 10 ** draw(-6, 6),
}));

describe('weights of an exponential step', () => {
  it('the target at the end has the weight of its integral (1e-9)', () => {
    for (const { eta, h, gamma } of steps) {
      const expected = endGain(h, eta);
      expect(Math.abs(exponentialWeights(h, eta, gamma * Math.exp(-h)).endGain / expected - 1)).toBeLessThan(
        1e-9,
      );
    }
  });

  it('keeps its digits in short steps, e s (1/2 - (e - 1) s/6) with s = 1 - z (1e-12), and in steep ones, (e/(e + 1) - z)/(1 - z) (1e-14)', () => {
    for (const eta of [0, 0.3, 1, 3]) {
      const e = 1 + eta * eta;
      const s = -Math.expm1(-0.5e-8);
      const series = e * s * (0.5 - ((e - 1) * s) / 6);
      expect(Math.abs(exponentialWeights(1e-8, eta, 1).endGain / series - 1)).toBeLessThan(1e-12);
    }
    // z^e is 1e-22 and less.
    for (const h of [1, 1.5, 1.9]) {
      const z = Math.exp(-h / 2);
      const steep = (101 / 102 - z) / (1 - z);
      expect(Math.abs(exponentialWeights(h, 10, 1).endGain / steep - 1)).toBeLessThan(1e-14);
    }
  });

  it('all ways to the integral agree where they meet (1e-12)', () => {
    for (const e of [1, 1.04, 1.5, 2, 5, 9.9, 10.1, 26, 101, 1e4]) {
      const eta = Math.sqrt(e - 1);
      for (const short of [0.1, ...(e > 10 ? [1 / e] : [])]) {
        const h = -2 * Math.log1p(-short);
        const [below, above] = [h * (1 - 1e-13), h * (1 + 1e-13)].map(
          (length) => exponentialWeights(length, eta, 1).endGain,
        );
        expect(Math.abs(below! / above! - 1)).toBeLessThan(1e-12);
      }
    }
  });

  it('a point mass at the origin keeps its noise: the variance Gamma becomes Gamma e^-h (1e-13)', () => {
    for (const { eta, h, gamma } of steps) {
      const { decay, noise } = exponentialWeights(h, eta, gamma * Math.exp(-h));
      const variance = decay ** 2 * gamma + noise ** 2;
      expect(Math.abs(variance / (gamma * Math.exp(-h)) - 1)).toBeLessThan(1e-13);
    }
  });

  it('the flow adds no noise, and pulls as e^-h/2', () => {
    for (const { h, gamma } of steps) {
      const { decay, noise } = exponentialWeights(h, 0, gamma * Math.exp(-h));
      expect(Math.abs(noise)).toBe(0);
      expect(Math.abs(decay / Math.exp(-h / 2) - 1)).toBeLessThan(1e-15);
    }
  });

  it('a step of two halves decays as the two, and the noise of both adds up (1e-13)', () => {
    for (const { eta, h, gamma } of steps) {
      const first = exponentialWeights(h / 2, eta, gamma * Math.exp(-h / 2));
      const second = exponentialWeights(h / 2, eta, gamma * Math.exp(-h));
      const whole = exponentialWeights(h, eta, gamma * Math.exp(-h));
      const noise = Math.hypot(second.decay * first.noise, second.noise);
      expect(Math.abs(first.decay * second.decay - whole.decay)).toBeLessThan(1e-13 * whole.decay + 1e-300);
      expect(Math.abs(noise - whole.noise)).toBeLessThanOrEqual(1e-13 * whole.noise);
    }
  });
});
