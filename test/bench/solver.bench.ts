import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { finalState } from '../../src/closedForms/afterTransition.ts';
import { solverDefaults } from '../../src/meanfield/piecewise.ts';
import { solveOrderParameters } from '../../src/meanfield/solve.ts';
import { ornsteinUhlenbeck } from '../../src/process/process.ts';
import { phaseDiagram } from '../../src/meanfield/transition/phaseDiagram.ts';

/**
 * The order-parameter solver against SciPy's solve_ivp: the same flow, clock, state and tolerances, on the same
 * machine in one run, alternating; SciPy both from a first-order start, as one would write it, and from the
 * solver's own series start. Measured on the compiled package. Ratios are the claim; microseconds depend on the
 * machine.
 */
const rounds = 5;
const tolerances = [1e-8, 1e-10];
const problems = Array.from({ length: 60 }, (_, i) => ({
  alpha: 0.1 + 0.018 * i,
  w: 0.5 + 0.05 * i,
  eta: i % 2,
  sigma2: 0.25,
}));
const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import scipy.integrate']).status === 0,
);

interface Timing {
  readonly seconds: number;
  readonly m: readonly number[];
  readonly v: readonly number[];
  readonly evaluations: number;
}

function ours(integrator: 'dormand-prince' | 'cash-karp', tolerance: number, repeats: number): Timing {
  const options = {
    integrator,
    relativeTolerance: tolerance,
    absoluteTolerance: 0.01 * tolerance,
    fluctuations: false,
  } as const;
  let best = Infinity;
  let m: number[] = [];
  let v: number[] = [];
  let evaluations = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const began = performance.now();
    const solutions = problems.map(({ alpha, w, eta, sigma2 }) =>
      solveOrderParameters(
        {
          alpha,
          sigma2,
          ensemble: 'gaussian',
          sampler: { eta },
          process: ornsteinUhlenbeck,
          guidance: { w },
          startTime: null,
        },
        options,
      ),
    );
    best = Math.min(best, (performance.now() - began) / 1000 / problems.length);
    m = solutions.map((solution) => solution.final!.m);
    v = solutions.map((solution) => solution.final!.v);
    evaluations = solutions.reduce((sum, { flow }) => sum + flow.fieldEvaluations, 0) / problems.length;
  }
  return { seconds: best, m, v, evaluations };
}

function scipy(method: string, start: 'first-order' | 'series', tolerance: number): Timing {
  const result = spawnSync(python!, ['test/bench/peer_solver.py'], {
    input: JSON.stringify({ method, rtol: tolerance, atol: 0.01 * tolerance, start, problems, repeats: 2 }),
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as Timing;
}

function worstError({ m, v }: Timing): number {
  return Math.max(
    ...problems.map(({ alpha, w, eta, sigma2 }, i) => {
      const exact = finalState(alpha, w, sigma2, { eta });
      return Math.max(Math.abs(m[i]! / exact.m - 1), Math.abs(v[i]! / exact.v - 1));
    }),
  );
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

describe('order-parameter solver', () => {
  it.skipIf(python === undefined).each(tolerances)(
    'a trajectory against SciPy solve_ivp (skipped without python3-scipy), tolerance %s',
    (tolerance) => {
      const peers = ['RK45', 'DOP853', 'LSODA'].flatMap((method) =>
        (['first-order', 'series'] as const).map((start) => ({
          name: `${method}, ${start} start`,
          method,
          start,
        })),
      );
      const timings = new Map<string, Timing[]>();
      ours('dormand-prince', tolerance, 300);
      for (let round = 0; round < rounds; round++) {
        for (const { name, method, start } of peers) {
          timings.set(name, [...(timings.get(name) ?? []), scipy(method, start, tolerance)]);
        }
        for (const name of ['dormand-prince', 'cash-karp'] as const) {
          timings.set(name, [...(timings.get(name) ?? []), ours(name, tolerance, 60)]);
        }
      }
      const seconds = (name: string) => median(timings.get(name)!.map((timing) => timing.seconds));
      console.table(
        [...timings].map(([method, list]) => ({
          method,
          'us per trajectory': Number((1e6 * seconds(method)).toFixed(1)),
          evaluations: Math.round(list[0]!.evaluations),
          'worst error': worstError(list[0]!).toExponential(1),
          'x dormand-prince': Number((seconds(method) / seconds('dormand-prince')).toFixed(1)),
          'x cash-karp': Number((seconds(method) / seconds('cash-karp')).toFixed(1)),
        })),
      );
      for (const name of ['dormand-prince', 'cash-karp']) {
        expect(worstError(timings.get(name)![0]!)).toBeLessThan(100 * tolerance);
      }
      // The claims, at the solver's default tolerance, against solve_ivp with its default method.
      if (tolerance !== solverDefaults.relativeTolerance) return;
      expect(seconds('RK45, first-order start') / seconds('dormand-prince')).toBeGreaterThan(140);
      expect(seconds('RK45, first-order start') / seconds('cash-karp')).toBeGreaterThan(60);
    },
  );

  it('a 50 x 50 phase diagram in under 0.3 s on one core, critical rates included', () => {
    const grid = (from: number, to: number) =>
      Array.from({ length: 50 }, (_, i) => from + ((to - from) * i) / 49);
    const rows = (['gaussian', 'spherical'] as const).flatMap((ensemble) =>
      [0, 1].map((eta) => {
        const seconds = Array.from({ length: rounds }, () => {
          const began = performance.now();
          phaseDiagram(
            { sigma2: 0.25, ensemble, sampler: { eta }, process: ornsteinUhlenbeck, startTime: null },
            grid(0.02, 1.6),
            grid(0, 8),
          );
          return (performance.now() - began) / 1000;
        });
        return { ensemble, eta, first: seconds[0]!, median: median(seconds) };
      }),
    );
    console.table(
      rows.map(({ first, median: middle, ...row }) => ({
        ...row,
        'first, s': first.toFixed(3),
        'median, s': middle.toFixed(3),
      })),
    );
    for (const row of rows) expect(row.median).toBeLessThan(0.3);
  });
});
