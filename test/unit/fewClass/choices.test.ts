import { describe, expect, it } from 'vitest';
import { gridCoordinates, inCoordinates } from '../../../src/fewClass/density/coordinates.ts';
import { gridAround, requireEvenGrid } from '../../../src/fewClass/output/gridDensity.ts';
import { bestEntropyWay, requireEntropyWay } from '../../../src/fewClass/output/entropyWays.ts';
import { usualStartTime, type FewClassProblem, type OutputTask } from '../../../src/fewClass/problem.ts';
import { mapLines, nearestSteps } from '../../../src/fewClass/splitting/mapLines.ts';
import { spreadSteps } from '../../../src/fewClass/splitting/threshold.ts';
import { probabilityFlow, reverseSde } from '../../../src/guidance/sampler.ts';
import { labelledMixture, mixtureReach } from '../../../src/mixture/labelled/mixture.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';

function problemOf(centres: number[][], sampler = probabilityFlow): FewClassProblem {
  const mixture = labelledMixture({ centres });
  return { mixture, guidedClass: 0, sampler, process: ornsteinUhlenbeck, startTime: 10 };
}

function taskOf(centres: number[][], options: Partial<OutputTask> = {}): OutputTask {
  const problem = problemOf(centres);
  return { problem, start: { kind: 'normal' }, discretization: null, count: 200, seed: 1, ...options };
}

const line = [[1], [-1]];
const plane = [
  [1, 0],
  [-1, 0],
];

describe('choices that are left to the library', () => {
  it('coordinates of a density: all up to the plane, in space those in which the centres differ', () => {
    expect(gridCoordinates(problemOf(plane).mixture, null)).toEqual([0, 1]);
    const space = problemOf([
      [0.5, 1, 2],
      [0.5, -1, 2],
    ]);
    expect(gridCoordinates(space.mixture, null)).toEqual([1]);
    expect([...inCoordinates(space, [1]).mixture.centres]).toEqual([1, -1]);
    expect(() => gridCoordinates(space.mixture, [0, 0])).toThrow(/^axes must be one or two different/);
    expect(() => gridCoordinates(space.mixture, [])).toThrow(/^axes must be one or two different/);
    expect(() => inCoordinates(space, [0])).toThrow(/^axes must be coordinates that hold all differences/);
  });

  it('a grid: even, and 3.5 standard deviations beyond the centres', () => {
    const [grid] = gridAround(problemOf(line).mixture);
    expect([grid![0], grid!.at(-1)]).toEqual([-4.5, 4.5]);
    requireEvenGrid('x', grid!);
    expect(() => {
      requireEvenGrid('x', [0, 1, 3]);
    }).toThrow(/^x must be an even range/);
  });

  it('an entropy: from the density where it is known, and never of a point', () => {
    const noisy = { problem: problemOf(line, reverseSde) };
    const finite = { discretization: { stepSize: 0.1, rule: 'euler' } } as const;
    expect(bestEntropyWay(taskOf(plane))).toBe('density');
    expect(bestEntropyWay(taskOf(line, noisy))).toBe('density');
    expect(bestEntropyWay(taskOf(line, { ...noisy, ...finite }))).toBe('vasicek');
    expect(bestEntropyWay(taskOf(plane, { problem: problemOf(plane, reverseSde) }))).toBe(
      'nearest-neighbour',
    );
    const start = { kind: 'point', x: [0] } as const;
    expect(() => {
      requireEntropyWay(taskOf(line, { start }), 'vasicek');
    }).toThrow(/^start must be normal/);
    expect(() => {
      requireEntropyWay(taskOf(line, { count: 99 }), 'vasicek');
    }).toThrow(/^count must be at least 100/);
  });

  it('start times: later by the logarithm of a mixture larger than 10', () => {
    expect(usualStartTime(mixtureReach(problemOf(line).mixture))).toBe(10);
    expect(usualStartTime(mixtureReach(problemOf([[30], [-30]]).mixture))).toBeCloseTo(10 + Math.log(3), 12);
  });

  it('step sizes spread over a list, and times moved to steps', () => {
    expect(spreadSteps([1, 2, 3, 4, 5], 3)).toEqual([1, 3, 5]);
    expect(spreadSteps([1, 2], 1)).toEqual([1]);
    expect(() => spreadSteps([1, 2], 3)).toThrow(/^count must be an integer in \[0, 2\]/);
    expect(nearestSteps(1, 0.25, [0.3, 0.9])).toEqual([0.25, 1]);
  });

  it('lines of the one-step map: without guidance nothing moves with unit variance (1e-12)', () => {
    const problem = { distance: 2, variance: 1, startTime: 1, rule: 'euler' } as const;
    const [only, ...others] = mapLines(problem, 0.25, 0, [0.5]);
    expect(others).toEqual([]);
    expect(only!.x.at(-1)).toBe(3);
    only!.next.forEach((value, i) => {
      expect(Math.abs(value - only!.x[i]!)).toBeLessThan(1e-12);
    });
  });
});
