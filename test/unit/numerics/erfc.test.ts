import { describe, expect, it } from 'vitest';
import { scaledErfc } from '../../../src/numerics/erfc.ts';
import { integrate } from '../../../src/numerics/quadrature.ts';

/** exp(x^2) erfc(x) from an evaluation in 40 digits. */
const known: readonly (readonly [number, number])[] = [
  [0, 1],
  [0.1, 0.8964569799691267],
  [0.5, 0.6156903441929259],
  [1, 0.427583576155807],
  [1.9, 0.26650937366167265],
  [1.999, 0.2555025145905779],
  [2, 0.25539567631050575],
  [2.001, 0.2552889216359497],
  [2.5, 0.2108063640611436],
  [3, 0.17900115118138996],
  [4, 0.13699945762506138],
  [5, 0.11070463773306863],
  [7, 0.07980005432915294],
  [10, 0.05614099274382259],
  [20, 0.02817434874105132],
  [50, 0.011281536265323773],
  [100, 0.005641613782989433],
  [1e3, 0.0005641893014533876],
  [1e8, 5.641895835477562e-9],
  [1e150, 5.641895835477563e-151],
];

describe('scaled complementary error function', () => {
  it('has the known values to 1e-15', () => {
    for (const [x, value] of known) expect(Math.abs(scaledErfc(x) / value - 1)).toBeLessThan(1e-15);
  });

  it('is (2/sqrt(pi)) times the integral of exp(-t^2 - 2 x t) over t > 0, to 1e-13 everywhere', () => {
    for (let x = 0.003; x < 40; x *= 1.17) {
      const reach = Math.min(7, 40 / (2 * x));
      const { value } = integrate((t) => Math.exp(-t * (t + 2 * x)), 0, reach);
      expect(Math.abs((scaledErfc(x) * Math.sqrt(Math.PI)) / (2 * value) - 1)).toBeLessThan(1e-13);
    }
  });

  it('has no step where cells and formulas meet', () => {
    for (let x = 0.25; x <= 8; x += 0.25) {
      const [below, above] = [scaledErfc(x * (1 - 1e-15)), scaledErfc(x * (1 + 1e-15))];
      expect(Math.abs(above / below - 1)).toBeLessThan(3e-15);
    }
  });
});
