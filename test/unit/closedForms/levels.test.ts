import { describe, expect, it } from 'vitest';
import { bandsFinalState } from '../../../src/closedForms/bands.ts';
import { levelsFinalState, type ClosedLevel } from '../../../src/closedForms/levels.ts';
import { NumericalFailure } from '../../../src/numerics/checks.ts';
import type { StructuredInput } from '../../../src/problem/structured.ts';
import { solveStructured, type StructuredSolution } from '../../../src/meanfield/structured/solve.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { uniform } from '../meanfield/sampling.ts';
import { relativeError } from './momentFlow.ts';

const etas = [0, 1, 0.5, 1.5];

/** The solution; null where the solver gives up on three phases that switch among each other. */
function solutionOf(input: StructuredInput): StructuredSolution | null {
  try {
    return solveStructured(input, { fluctuations: false });
  } catch (error) {
    if (error instanceof NumericalFailure && error.message.includes('switch more than')) return null;
    throw error;
  }
}

describe('closed forms of hierarchies', () => {
  it.each([2, 3])('of %d levels are the solution at random problems: overlaps, v, times to 1e-8', (count) => {
    const draw = uniform(40 + count);
    const seen = { all: 0, direct: 0, condensed: 0, leaves: 0, missed: 0, alarms: 0 };
    for (let i = 0; i < 120; i++) {
      const levels: ClosedLevel[] = Array.from({ length: count }, () => ({
        alpha: draw(0, 1) < 0.1 ? 0 : 10 ** draw(-2.5, 0.2),
        r: 10 ** draw(-1.5, 1),
      }));
      const [w, sigma2, eta] = [draw(-0.4, 6), 10 ** draw(-2.5, 0.5), etas[i % 4]!];
      const label = JSON.stringify({ levels, w, sigma2, eta });
      const closed = levelsFinalState(levels, w, sigma2, { eta });
      const solution = solutionOf({ law: { kind: 'levels', sigma2, levels }, eta, guidance: { w } });
      if (solution === null) {
        // The path slides along two surfaces at once.
        expect(closed.leaves, label).toBe(true);
        seen.leaves++;
        continue;
      }
      const { final, levelTimes, crossings } = solution;
      const slid = crossings.some(({ kind }) => kind === 'slidingStart' || kind === 'return');
      if (slid) expect(closed.leaves, label).toBe(true);
      if (final !== null && closed.leaves && !slid) seen.alarms++;
      if (final === null || slid) {
        seen[final === null ? 'condensed' : 'leaves']++;
        continue;
      }
      if (levelTimes.includes(null)) seen.missed++;
      else if (new Set(levelTimes).size < count && !levelTimes.includes(Infinity)) seen.direct++;
      else seen.all++;
      final.levels!.forEach((M, l) => {
        expect(relativeError(closed.levels[l]!, M), label).toBeLessThan(1e-8);
      });
      expect(relativeError(closed.v, final.v), label).toBeLessThan(1e-8);
      levelTimes.forEach((time, l) => {
        const tau = closed.taus[l] ?? null;
        if (time === null || tau === null || time === Infinity)
          expect([tau, time], label).toEqual([time, tau]);
        else
          expect(relativeError(ornsteinUhlenbeck.timeAtNoiseToSignal(tau), time), label).toBeLessThan(1e-7);
      });
    }
    expect(seen.all).toBeGreaterThan(10);
    expect(seen.missed).toBeGreaterThan(5);
    expect(seen.direct).toBeGreaterThan(20);
    expect(seen.alarms).toBeLessThan(12);
  });
  it('of one level are the closed form of its band: 1e-11', () => {
    const draw = uniform(39);
    for (let i = 0; i < 40; i++) {
      const [alpha, w, sigma2, r] = [
        10 ** draw(-3, 0.3),
        draw(-0.3, 6),
        10 ** draw(-3, 1),
        10 ** draw(-1, 2),
      ];
      const sampler = { eta: etas[i % 3]! };
      const one = levelsFinalState([{ alpha, r }], w, sigma2, sampler);
      const band = bandsFinalState([{ weight: 1, rho: r, c: sigma2 }], alpha, w, sampler);
      expect(relativeError(one.levels[0]!, band.m)).toBeLessThan(1e-11);
      expect(relativeError(one.v, band.v)).toBeLessThan(1e-11);
    }
  });
  it('refuses what is no level', () => {
    const at = (alpha: number, r: number) => () => levelsFinalState([{ alpha, r }], 1, 0.1, { eta: 0 });
    expect(at(-1, 1)).toThrow(/^levels\[0\]\.alpha/);
    expect(at(1, 0)).toThrow(/^levels\[0\]\.r/);
    expect(() => levelsFinalState([], 1, 0.1, { eta: 0 })).toThrow(/^levels/);
    expect(() => levelsFinalState([{ alpha: 1, r: 1 }], 1, 0, { eta: 0 })).toThrow(/^sigma2/);
  });
});
