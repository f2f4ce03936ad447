import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { resolveParticleOptions, type ParticleProblem } from '../../src/particles/problem/problem.ts';
import { stepSequence } from '../../src/sampler/sequence.ts';
import { timeGrid } from '../../src/particles/grids/timeGrid.ts';
import { ornsteinUhlenbeck } from '../../src/process/process.ts';
import { markdownTable, quartiles } from './lineServer.ts';

/**
 * Time to solution: m and v at d = 20, alpha = 0.5, w = 1, sigma2 = 0.25 with standard and discretisation errors of 0.5
 * %, two threads each: the command, from its start to its end, against (b) the fast NumPy sums with the very steps of
 * the command and (a) a plain script (peer_simulation.py). As many particles and realisations for all.
 *
 * (a) is measured on a part of the work, exactly linear in realisations and steps; CFG_DMFT_BENCH=all runs all of it.
 */
const rounds = 5;
const dimension = 20;
const classes = Math.round(Math.exp(10));
const particles = 128;
/** Standard error of v, the larger one, just below 0.5 % for both samplers. */
const realizations = 40;
const tolerance = 0.005;
const part =
  process.env['CFG_DMFT_BENCH'] === 'all' ? { realizations, steps: 1 } : { realizations: 4, steps: 1 / 20 };
/**
 * Even Euler steps from T = 5 to a discretisation error of v of 0.5 %: the error is C/n, with C = 9.5 (ODE) and 18 (SDE) times v from
 * runs of n and 2 n steps with the same noise.
 */
const samplers = [
  { name: 'ode', eta: 0, plainSteps: 1900 },
  { name: 'sde', eta: 1, plainSteps: 3600 },
] as const;
/** Sizes that peer_engine.py finds best near this problem. */
const plan = { classBlock: 256, particleBlock: 128, batch: 4 };
const python = '/usr/bin/python3';

interface Answer {
  /** One value per realisation. */
  readonly m: readonly number[];
  readonly v: readonly number[];
  readonly seconds: number;
}

interface Document {
  readonly m: { readonly mean: number; readonly standardError: number };
  readonly v: { readonly mean: number; readonly standardError: number };
  readonly timeSteps: number;
  readonly backend: string;
}

/** Runs a command to its end; its output and the seconds it took. */
function timedRun(command: string, args: readonly string[], input = ''): { text: string; seconds: number } {
  const began = performance.now();
  const result = spawnSync(command, args, { input, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return { text: result.stdout, seconds: (performance.now() - began) / 1000 };
}

function peer(job: object): Answer & { readonly wall: number } {
  const base = { dimension, classes, sigma2: 0.25, w: 1, particles, seed: 1 };
  const { text, seconds } = timedRun(
    python,
    ['test/bench/peer_simulation.py'],
    JSON.stringify({ ...base, ...job }),
  );
  return { ...(JSON.parse(text) as Answer), wall: seconds };
}

function estimate(values: readonly number[]): { mean: number; standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(square / (values.length - 1) / values.length) };
}

/** The time grid and the steps that the command takes, for the peer. */
function librarySteps(eta: number): { start: object; records: readonly object[] } {
  const schedule = { description: '1', constant: 1, coefficient: () => 1, breakpoints: [], panels: [] };
  const problem: ParticleProblem = {
    dimension,
    classes,
    schedule,
    sigma2: 0.25,
    ensemble: 'gaussian',
    sampler: { eta },
    process: ornsteinUhlenbeck,
    startTime: null,
    guidedClass: 'typical',
  };
  const options = resolveParticleOptions({ tolerance });
  const { start, nodes } = timeGrid(problem, options);
  return { start, records: stepSequence(problem, options.method, nodes) };
}

function command(sampler: string): Document & { readonly wall: number } {
  const options = {
    d: dimension,
    alpha: 0.5,
    w: 1,
    sigma2: 0.25,
    sampler,
    particles,
    realizations,
    tolerance,
    workers: 2,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { text, seconds } = timedRun(process.execPath, ['dist/cli/main.js', 'simulate', '--json', ...args]);
  return { ...(JSON.parse(text) as Document), wall: seconds };
}

const hasNumpy = spawnSync(python, ['-c', 'import numpy']).status === 0;

describe.skipIf(!hasNumpy)('time to m and v at 0.5 % (python3-numpy)', () => {
  it.each(samplers)(
    '$name: at least 10 times faster than a plain NumPy script, 2 times than the same with our steps',
    ({ name, eta, plainSteps }) => {
      const steps = librarySteps(eta);
      const scale = realizations / part.realizations / part.steps;
      const seconds = {
        command: [] as number[],
        fast: [] as number[],
        library: [] as number[],
        plain: [] as number[],
      };
      let ours = command(name);
      let theirs: Answer = { m: [], v: [], seconds: 0 };
      for (let round = 0; round < rounds; round++) {
        const plain = peer({
          method: 'plain',
          eta,
          steps: Math.round(plainSteps * part.steps),
          realizations: part.realizations,
        });
        seconds.plain.push(plain.seconds * scale);
        const library = { method: 'library', eta, ...steps, plan, realizations };
        seconds.fast.push(peer({ ...library, sums: 'fast' }).wall);
        const withPlainSums = peer({ ...library, sums: 'plain' });
        seconds.library.push(withPlainSums.wall);
        theirs = withPlainSums;
        ours = command(name);
        seconds.command.push(ours.wall);
      }
      const median = (values: readonly number[]) => quartiles(values)[1];
      const show = ({ mean, standardError }: { mean: number; standardError: number }) =>
        `${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;
      const row = (title: string, list: readonly number[], scores: number, m: string, v: string) => {
        const [low, middle, high] = quartiles(list);
        const times = (middle / median(seconds.command)).toFixed(1);
        return [
          title,
          `${middle.toPrecision(3)} (${low.toPrecision(3)} to ${high.toPrecision(3)})`,
          String(scores),
          m,
          v,
          times,
        ];
      };
      const evaluations = 2 * ours.timeSteps;
      const table = markdownTable(
        ['', 'seconds', 'scores a particle', 'm', 'v', 'slower by'],
        [
          row(
            `cfg-dmft simulate (${ours.backend})`,
            seconds.command,
            evaluations,
            show(ours.m),
            show(ours.v),
          ),
          row(
            '(b) plain NumPy float32, the same steps',
            seconds.library,
            evaluations,
            show(estimate(theirs.m)),
            show(estimate(theirs.v)),
          ),
          row('(b) with the sums made by hand', seconds.fast, evaluations, '', ''),
          row('(a) plain NumPy float32, Euler', seconds.plain, plainSteps, '', ''),
        ],
      );
      console.log(
        `${name}: ${realizations} realisations of ${classes} classes, ${particles} particles each\n\n${table}`,
      );
      for (const { mean, standardError } of [ours.m, ours.v]) {
        expect(standardError / mean).toBeLessThan(0.0065);
      }
      expect.soft(median(seconds.library) / median(seconds.command)).toBeGreaterThanOrEqual(2);
      expect.soft(median(seconds.plain) / median(seconds.command)).toBeGreaterThanOrEqual(10);
    },
    7_200_000,
  );
});
