import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { finalState } from '../../src/closedForms/afterTransition.ts';

/**
 * The Python module against SciPy's solve_ivp in the same Python: seconds of a batch, for each solution, start of the server
 * included, against those of one trajectory. SciPy's gives m and v; ours gives the times and distortions as well.
 */
const checkout = fileURLToPath(new URL('../..', import.meta.url));
const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import scipy.integrate, pandas']).status === 0,
);
const count = 10_000;
const problems = Array.from({ length: 60 }, (_, i) => ({
  alpha: 0.1 + 0.018 * i,
  w: 0.5 + 0.05 * i,
  eta: i % 2,
  sigma2: 0.25,
}));

function run(script: string, job: object): unknown {
  const { status, stdout, stderr } = spawnSync(python!, [`test/bench/${script}`], {
    input: JSON.stringify(job),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

interface Results {
  readonly m: readonly number[];
  readonly v: readonly number[];
}

const worstError = ({ m, v }: Results) =>
  Math.max(
    ...problems.map(({ alpha, w, eta, sigma2 }, i) => {
      const exact = finalState(alpha, w, sigma2, { eta });
      return Math.max(Math.abs(m[i]! / exact.m - 1), Math.abs(v[i]! / exact.v - 1));
    }),
  );

describe.skipIf(python === undefined)(
  'the Python module (skipped without python3-scipy and python3-pandas)',
  () => {
    it('against solve_ivp at a relative tolerance of 1e-10', () => {
      const ours = run('python_client.py', { checkout, count, problems }) as Results & {
        readonly seconds: Readonly<Record<string, number>>;
        readonly rows: number;
      };
      const { seconds } = ours;
      const peers = ['RK45', 'DOP853', 'LSODA'].map((method) => {
        const job = { method, rtol: 1e-10, atol: 1e-12, start: 'first-order', problems, repeats: 2 };
        return { method, ...(run('peer_solver.py', job) as Results & { readonly seconds: number }) };
      });
      const each = (seconds['start']! + seconds['batchWithoutFluctuations']!) / count;
      const eachWith = (seconds['start']! + seconds['batch']!) / count;
      console.table(
        peers.map((peer) => ({
          method: peer.method,
          'us per trajectory': Math.round(1e6 * peer.seconds),
          'worst error': worstError(peer).toExponential(1),
          'x batch': (peer.seconds / each).toFixed(0),
          'x batch with vParallel': (peer.seconds / eachWith).toFixed(0),
        })),
      );
      console.table({ ...seconds, 'worst error': worstError(ours) });
      expect(worstError(ours)).toBeLessThan(1e-8);
      expect(peers[0]!.seconds / each).toBeGreaterThan(30);
      expect(seconds['start']! + seconds['batch']!).toBeLessThan(20);
      expect(seconds['one']).toBeLessThan(0.003);
      expect(seconds['diagram']).toBeLessThan(1);
      expect(ours.rows).toBe(2500);
    });
  },
);
