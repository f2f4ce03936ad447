import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { finalState } from '../../dist/closedForms/afterTransition.js';
import { solveOrderParameters } from '../../dist/meanfield/solve.js';
import { ornsteinUhlenbeck } from '../../dist/process/process.js';
import { phaseDiagram } from '../../dist/transition/phaseDiagram.js';

/**
 * The order-parameter solver against SciPy's solve_ivp: the same flow, start, clock, state and tolerances, on the same machine in one run,
 * alternating. Measured on the compiled package. Ratios are the claim; microseconds depend on the machine.
 */
const rounds = 5;
const tolerance = { rtol: 1e-10, atol: 1e-12 };
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

function ours(integrator: 'dormand-prince' | 'cash-karp', repeats: number): Timing {
  const options = {
    integrator,
    relativeTolerance: tolerance.rtol,
    absoluteTolerance: tolerance.atol,
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

function scipy(method: 'RK45' | 'DOP853' | 'LSODA'): Timing {
  const result = spawnSync(python!, ['test/bench/peer_solver.py'], {
    input: JSON.stringify({ method, ...tolerance, problems, repeats: 2 }),
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
  it.skipIf(python === undefined)(
    'a trajectory against SciPy solve_ivp (skipped without python3-scipy): at least 140 times RK45 with dormand-prince, 60 times with cash-karp',
    () => {
      const peers = ['RK45', 'DOP853', 'LSODA'] as const;
      const timings = new Map<string, Timing[]>();
      ours('dormand-prince', 300);
      for (let round = 0; round < rounds; round++) {
        for (const peer of peers) timings.set(peer, [...(timings.get(peer) ?? []), scipy(peer)]);
        for (const name of ['dormand-prince', 'cash-karp'] as const) {
          timings.set(name, [...(timings.get(name) ?? []), ours(name, 60)]);
        }
      }
      const seconds = (name: string) => median(timings.get(name)!.map((timing) => timing.seconds));
      const rows = [...timings].map(([name, list]) => ({
        method: name,
        'us per trajectory': Number((1e6 * seconds(name)).toFixed(1)),
        evaluations: Math.round(list[0]!.evaluations),
        'worst relative error of m, v': worstError(list[0]!).toExponential(1),
        'times faster: dormand-prince': Number((seconds(name) / seconds('dormand-prince')).toFixed(1)),
        'times faster: cash-karp': Number((seconds(name) / seconds('cash-karp')).toFixed(1)),
      }));
      console.table(rows);
      expect(worstError(timings.get('dormand-prince')![0]!)).toBeLessThan(1e-8);
      expect(worstError(timings.get('cash-karp')![0]!)).toBeLessThan(1e-8);
      expect(seconds('RK45') / seconds('dormand-prince')).toBeGreaterThan(140);
      expect(seconds('RK45') / seconds('cash-karp')).toBeGreaterThan(60);
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
