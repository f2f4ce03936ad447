import { describe, expect, it } from 'vitest';
import { complexity, minimumComplexity } from '../../../src/closedForms/complexity.ts';
import { transitionPoint } from '../../../src/closedForms/transition.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { uniform } from './sampling.ts';

describe('least complexity of the competing classes', () => {
  it('is that of the closed forms at 120 random problems, between the steps of the solver too (1e-9)', () => {
    const draw = uniform(21);
    let inside = 0;
    for (let trial = 0; trial < 120; trial++) {
      // Every other one strong, where the minimum is before the transition.
      const strong = trial % 2 === 0;
      const alpha = strong ? draw(0.9, 1.6) : 10 ** draw(-1.5, 0.4);
      const w = strong ? draw(5, 10) : draw(-0.3, 9);
      const sigma2 = strong ? 10 ** draw(-4, -1) : 10 ** draw(-2, 0.5);
      const eta = trial % 3 === 0 ? 0 : draw(0, strong ? 0.2 : 1);
      const exact = minimumComplexity(alpha, w, sigma2, { eta });
      // Below 0 the classes condense, and the closed form ends.
      if (exact.complexity < 0.005) continue;
      const { minComplexity } = solveOrderParameters(
        {
          alpha,
          sigma2,
          ensemble: 'gaussian',
          sampler: { eta },
          process: ornsteinUhlenbeck,
          guidance: { w },
          startTime: null,
        },
        { fluctuations: false },
      );
      expect(Math.abs(minComplexity! - exact.complexity)).toBeLessThan(1e-9);
      const end = transitionPoint(alpha, w, { eta }, -Math.log(sigma2))?.r ?? sigma2 / (1 + sigma2);
      if (complexity(end, alpha, w, { eta }) > exact.complexity + 1e-3) inside++;
    }
    expect(inside).toBeGreaterThan(3);
  });
});
