import { describe, expect, it } from 'vitest';
import { scaledErfc } from '../../../src/numerics/erfc.ts';
import { integrate } from '../../../src/numerics/quadrature.ts';

/** exp(x^2) erfc(x) to 20 digits, from an evaluation in 40. */
const known: readonly (readonly [number, number])[] = [
  [0, 1],
  [0.1, 0.89645697996912663666],
  [0.5, 0.61569034419292587487],
  [1, 0.42758357615580700441],
  [1.9, 0.26650937366167265995],
  [1.999, 0.25550251459057790555],
  [2, 0.25539567631050574387],
  [2.001, 0.25528892163594967069],
  [2.5, 0.21080636406114358065],
  [3, 0.17900115118138995042],
  [4, 0.13699945762506138989],
  [5, 0.11070463773306862637],
  [7, 0.07980005432915293349],
  [10, 0.056140992743822585858],
  [20, 0.028174348741051319319],
  [50, 0.0112815362653237725],
  [100, 0.0056416137829894329036],
  [1e3, 0.0005641893014533876542],
  [1e8, 5.6418958354775625874e-9],
  [1e150, 5.6418958354775629776e-151],
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
