import { describe, expect, it } from 'vitest';
import { drawCentres } from '../../../src/mixture/centres.ts';
import { posteriorMean } from '../../../src/mixture/score.ts';
import { RandomStream } from '../../../src/numerics/random.ts';
import { annealedPosterior } from '../../../src/particles/reduced/annealedClasses.ts';
import { advanceBlock, guidedTarget, particleBlock } from '../../../src/particles/steps/blockStep.ts';
import { evenNodes, gridCoordinate } from '../../../src/particles/grids/evenGrid.ts';
import type { StepMethod } from '../../../src/sampler/sequence.ts';
import { stepMethods } from '../../../src/sampler/sequence.ts';
import {
  noNoise,
  place,
  reducedState,
  reducedStep,
  turnFrame,
} from '../../../src/particles/reduced/reducedStep.ts';
import type { StepCoefficients } from '../../../src/sampler/step.ts';
import { exponentialEuler, exponentialHeun, exponentialMultistep } from '../../../src/sampler/exponential.ts';
import { resolveProblem } from '../../../src/particles/problem/resolved.ts';
import { stepSequence } from '../../../src/sampler/sequence.ts';
import type { ForwardProcess, ProcessName } from '../../../src/process/process.ts';
import { processes } from '../../../src/process/process.ts';
import { clockAtNoiseToSignal } from '../../../src/process/variances.ts';
import { constantSchedule, particleProblem } from './problems.ts';

const d = 4;
const sigma2 = 0.3;
const w = 1.4;
const centres = drawCentres({
  ensemble: 'gaussian',
  classes: 5,
  dimension: d,
  seed: 7,
  realization: 0,
  guidedClass: 'typical',
});
const guided = centres.subarray(0, d);
const pick = (values: readonly number[]) => Float64Array.from(values);

/** Guided score (1 + w) s_c - w s at x and time t, from the definition. */
function guidedScore(process: ForwardProcess, x: Float64Array, time: number): Float64Array {
  const a = process.signalScale(time);
  const variance = a * a * sigma2 + process.noiseVariance(time);
  const mean = posteriorMean(x, { centres, dimension: d }, a, variance);
  return x.map((value, i) => ((1 + w) * (a * guided[i]! - value) - w * (a * mean[i]! - value)) / variance);
}

/** One step of the rules as they are written, in x and t. */
const literal = {
  euler(process: ForwardProcess, x: Float64Array, from: number, to: number, eta: number, xi: Float64Array) {
    const h = from - to;
    const score = guidedScore(process, x, from);
    const [f, g2] = [process.driftRate(from), process.squaredDiffusion(from)];
    return x.map(
      (value, i) =>
        value + h * (-f * value + ((1 + eta * eta) / 2) * g2 * score[i]!) + eta * Math.sqrt(g2 * h) * xi[i]!,
    );
  },
  heun(process: ForwardProcess, x: Float64Array, from: number, to: number, eta: number, xi: Float64Array) {
    const h = from - to;
    const drift = (at: Float64Array, time: number) => {
      const score = guidedScore(process, at, time);
      const [f, g2] = [process.driftRate(time), process.squaredDiffusion(time)];
      return at.map((value, i) => -f * value + ((1 + eta * eta) / 2) * g2 * score[i]!);
    };
    const first = drift(x, from);
    const second = drift(literal.euler(process, x, from, to, eta, xi), to);
    const g2 = (process.squaredDiffusion(from) + process.squaredDiffusion(to)) / 2;
    return x.map((value, i) => value + (h / 2) * (first[i]! + second[i]!) + eta * Math.sqrt(g2 * h) * xi[i]!);
  },
  /** Song et al., eq. 12, with x = sqrt(abar) x0 + sqrt(1 - abar) eps. */
  ddim(process: ForwardProcess, x: Float64Array, from: number, to: number, eta: number, xi: Float64Array) {
    const abar = process.signalScale(from) ** 2;
    const next = process.signalScale(to) ** 2;
    const deviation = eta * Math.sqrt((1 - next) / (1 - abar)) * Math.sqrt(1 - abar / next);
    const score = guidedScore(process, x, from);
    return x.map((value, i) => {
      const eps = -Math.sqrt(1 - abar) * score[i]!;
      const data = (value - Math.sqrt(1 - abar) * eps) / Math.sqrt(abar);
      return Math.sqrt(next) * data + Math.sqrt(1 - next - deviation ** 2) * eps + deviation * xi[i]!;
    });
  },
  /** Ho et al., algorithm 2, with sigma^2 = beta. */
  ddpm(process: ForwardProcess, x: Float64Array, from: number, to: number, _: number, xi: Float64Array) {
    const abar = process.signalScale(from) ** 2;
    const alpha = abar / process.signalScale(to) ** 2;
    const score = guidedScore(process, x, from);
    return x.map((value, i) => {
      const eps = -Math.sqrt(1 - abar) * score[i]!;
      const mean = (value - ((1 - alpha) / Math.sqrt(1 - abar)) * eps) / Math.sqrt(alpha);
      return mean + (to === 0 ? 0 : Math.sqrt(1 - alpha)) * xi[i]!;
    });
  },
};

/** A step of the record with explicit centres. */
function recordStep(
  step: StepCoefficients,
  y: Float64Array,
  xi: Float64Array,
  previous: Float64Array,
): Float64Array {
  const block = particleBlock(1, d);
  const targetAt = (at: Float64Array, variance: number, coefficient: number, target: Float64Array) => {
    guidedTarget(target, guided, posteriorMean(at, { centres, dimension: d }, 1, variance), d, coefficient);
  };
  block.y.set(y);
  block.noise.set(xi);
  block.previousTarget.set(previous);
  targetAt(y, step.variance, step.w, block.target);
  advanceBlock(block, 1, d, step, (at, _, variance, coefficient, target) => {
    targetAt(at, variance, coefficient, target);
  });
  return block.y;
}

describe('coefficients against the rules as written in x and t', () => {
  const cases: { method: keyof typeof literal; process: ProcessName; eta: number }[] = [
    ...(['ou', 've', 'flow'] as const).flatMap((process) =>
      [0, 0.7, 1].flatMap((eta) => [
        { method: 'euler' as const, process, eta },
        { method: 'heun' as const, process, eta },
      ]),
    ),
    ...[0, 0.7, 1].map((eta) => ({ method: 'ddim' as const, process: 'ou' as const, eta })),
    { method: 'ddpm', process: 'ou', eta: 1 },
  ];

  it.each(cases)('$method, $process, eta = $eta: 1e-12, also to the data', ({ method, process, eta }) => {
    const forward = processes[process];
    const draws = new RandomStream(3, 900);
    const [x, xi] = [new Float64Array(d), new Float64Array(d)];
    for (const [from, to] of [
      [0.8, 0.7],
      [0.5, 0.05],
      [0.1, 0],
    ] as const) {
      draws.normals(x, 0, d);
      draws.normals(xi, 0, d);
      const nodes = pick([from, to].map((time) => clockAtNoiseToSignal(forward.noiseToSignal(time), sigma2)));
      const problem = { process: forward, sigma2, sampler: { eta }, schedule: constantSchedule(w) };
      const step = stepSequence(problem, method, nodes)[0]!;
      const y = x.map((value) => value / forward.signalScale(from));
      const result = recordStep(step, y, xi, new Float64Array(d));
      const expected = literal[method](forward, x, from, to, eta, xi);
      for (let i = 0; i < d; i++) {
        expect(Math.abs(result[i]! * forward.signalScale(to) - expected[i]!)).toBeLessThan(1e-12);
      }
    }
  });

  it('DDIM of the flow without noise is the Euler step of its velocity (1e-12)', () => {
    const process = processes.flow;
    const x = pick([0.3, -1, 0.4, 2]);
    const [from, to] = [0.7, 0.6];
    const nodes = pick([from, to].map((time) => clockAtNoiseToSignal(process.noiseToSignal(time), sigma2)));
    const problem = { process, sigma2, sampler: { eta: 0 }, schedule: constantSchedule(w) };
    const step = stepSequence(problem, 'ddim', nodes)[0]!;
    const y = x.map((value) => value / (1 - from));
    const result = recordStep(step, y, new Float64Array(d), new Float64Array(d));
    const score = guidedScore(process, x, from);
    for (let i = 0; i < d; i++) {
      // x = (1 - t) x0 + t z: z = -t s, x0 = (x - t z)/(1 - t), velocity z - x0.
      const z = -from * score[i]!;
      const velocity = z - (x[i]! - from * z) / (1 - from);
      expect(Math.abs((1 - to) * result[i]! - (x[i]! - (from - to) * velocity))).toBeLessThan(1e-12);
    }
  });
});

describe('exponential steps', () => {
  const schedule = constantSchedule(0);

  it.each([0, 0.5, 1])('keep v = Gamma at w = 0 and eta = %f, in one step or many (1e-13)', (eta) => {
    for (const h of [1e-3, 0.3, 4]) {
      const step = exponentialEuler(-1, -1 + h, eta, schedule);
      const v = step.decay ** 2 * step.variance + step.noise ** 2;
      expect(Math.abs(v / step.endVariance - 1)).toBeLessThan(1e-13);
    }
  });

  it.each([0, 0.7, 1])(
    'eta = %f: the gains integrate e z^(e-1) G exactly for G linear in z, Heun and multistep (1e-8)',
    (eta) => {
      const e = 1 + eta * eta;
      const target = (clock: number) => 0.7 - 0.4 * Math.exp(clock / 2);
      for (const [previous, h] of [
        [-0.8, 1e-4],
        [-0.05, 0.1],
        [-0.2, 0.25],
        [-3, 0.9],
      ] as const) {
        const z0 = Math.exp(-h / 2);
        let integral = 0;
        const points = 20_000;
        for (let i = 0; i < points; i++) {
          const z = z0 + ((1 - z0) * (i + 0.5)) / points;
          integral += (e * z ** (e - 1) * target(h + 2 * Math.log(z)) * (1 - z0)) / points;
        }
        const { corrector } = exponentialHeun(0, h, eta, schedule);
        const heun = corrector!.gain * target(0) + corrector!.endGain * target(h);
        expect(Math.abs(heun / integral - 1)).toBeLessThan(1e-8);
        const multistep = exponentialMultistep(previous, 0, h, eta, schedule);
        if (multistep === null) {
          expect(z0 ** -1 - 1).toBeGreaterThan(2 * (1 - Math.exp(previous / 2)));
          continue;
        }
        const value = multistep.gain * target(0) + multistep.previousGain * target(previous);
        expect(Math.abs(value / integral - 1)).toBeLessThan(1e-8);
      }
      expect(exponentialMultistep(-0.05, 0, 0.1, eta, schedule)).toBeNull();
    },
  );

  it('look at w from inside the step', () => {
    const jump = { ...schedule, coefficient: (clock: number) => (clock < 0 ? 1 : clock < 1 ? 2 : 3) };
    expect(exponentialEuler(0, 1, 0, jump)).toMatchObject({ w: 2, endW: 2 });
  });

  it('multistep sequences take a Heun step first, at jumps of w and after an abrupt lengthening', () => {
    const jump = { ...schedule, breakpoints: [0.3] };
    const problem = { ...particleProblem(1, {}), schedule: jump };
    const nodes = pick([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.8]);
    const steps = stepSequence(problem, 'exponential-multistep', nodes);
    expect(steps.map((step) => step.corrector !== null)).toEqual([true, false, false, true, false, true]);
  });
});

describe('reduced step', () => {
  it.each(stepMethods)(
    '%s: six steps with noise are those of d = 7 explicit coordinates (1e-10)',
    (method) => {
      const dimension = 7;
      const eta = 1;
      const problem = particleProblem(1.3, { dimension, logClasses: 3, sampler: { eta }, startTime: 2 });
      const nodes = evenNodes(resolveProblem(problem), gridCoordinate(problem, 'angle'), 6, []);
      const steps = stepSequence(problem, method, nodes);
      const posterior = annealedPosterior('gaussian', dimension, 3, dimension);
      const centre = new Float64Array(dimension);
      centre[0] = Math.sqrt(dimension);
      const draws = new RandomStream(5, 900);
      const block = particleBlock(1, dimension);
      draws.normals(block.y, 0, dimension);
      block.y.forEach((value, i) => (block.y[i] = 6 * value));
      const split = (y: Float64Array) => ({
        M: y[0]! / Math.sqrt(dimension),
        rest: y.map((value, i) => (i === 0 ? 0 : value)),
      });
      const dot = (p: Float64Array, q: Float64Array) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
      const targetAt = (at: Float64Array, variance: number, coefficient: number, target: Float64Array) => {
        const { M, rest } = split(at);
        posterior.update(M, dot(rest, rest), variance);
        const { guidedWeight, attraction } = posterior;
        const mean = at.map((value, i) => guidedWeight * centre[i]! + attraction * value);
        guidedTarget(target, centre, mean, dimension, coefficient);
      };
      const state = reducedState();
      const noise = noNoise();
      const begin = split(block.y);
      place(state, begin.M, dot(begin.rest, begin.rest));
      for (const step of steps) {
        draws.normals(block.noise, 0, dimension);
        // The noise in the frame of the state: along y, along the rest of the earlier target, and what is left.
        const y = split(block.y).rest;
        const past = split(block.previousTarget).rest;
        const xi = split(block.noise).rest;
        const length = Math.sqrt(dot(y, y));
        const across = past.map((value, i) => value - (dot(past, y) / length ** 2) * y[i]!);
        const width = Math.sqrt(dot(across, across));
        noise.overlap = block.noise[0]! / Math.sqrt(dimension);
        noise.orthogonal[0] = dot(xi, y) / length;
        noise.orthogonal[1] = width > 1e-9 ? dot(xi, across) / width : 0;
        noise.orthogonal[2] = Math.sqrt(dot(xi, xi) - noise.orthogonal[0] ** 2 - noise.orthogonal[1] ** 2);
        targetAt(block.y, step.variance, step.w, block.target);
        advanceBlock(block, 1, dimension, step, (at, _, variance, coefficient, target) => {
          targetAt(at, variance, coefficient, target);
        });
        posterior.update(state.M, state.S, step.variance);
        reducedStep(state, posterior, step, noise);
        turnFrame(state);
        const { M, rest } = split(block.y);
        expect(Math.abs(state.M - M)).toBeLessThan(1e-10);
        expect(Math.abs(state.S / dot(rest, rest) - 1)).toBeLessThan(1e-10);
      }
    },
  );
});

describe('weak order for the SDE, infinitely many classes, from exact moment recursions', () => {
  const dimension = 10;
  const problem = particleProblem(1, { dimension, logClasses: 1e5, sampler: { eta: 1 }, startTime: 3 });

  /** Mean of m and v at the data after so many steps. */
  function moments(method: StepMethod, count: number): { m: number; v: number } {
    const nodes = evenNodes(resolveProblem(problem), gridCoordinate(problem, 'angle'), count, []);
    const steps = stepSequence(problem, method, nodes);
    const posterior = annealedPosterior('gaussian', dimension, 1e5, dimension);
    const state = reducedState(0, steps[0]!.variance * (dimension - 1));
    const noise = noNoise();
    // The dynamics is linear: without noise M is the mean; noise adds its mean square to S, and to nothing that was
    // there before, so that it goes on an axis of its own.
    noise.orthogonal[3] = Math.sqrt(dimension - 1);
    for (const step of steps) {
      posterior.update(state.M, state.S, step.variance);
      reducedStep(state, posterior, step, noise);
      turnFrame(state);
    }
    return { m: state.M, v: state.S / (dimension - 1) };
  }
  const exact = moments('exponential-heun', 20_000);

  it.each([
    ['exponential-heun', 2],
    ['exponential-euler', 1],
    ['exponential-multistep', 2],
    ['euler', 1],
    ['heun', 2],
    ['ddpm', 1],
  ] as const)('%s: order %i (0.15)', (method, order) => {
    const [coarse, fine] = [200, 400].map((count) => moments(method, count));
    for (const key of ['m', 'v'] as const) {
      const ratio = (coarse![key] - exact[key]) / (fine![key] - exact[key]);
      expect(Math.abs(Math.log2(ratio) - order)).toBeLessThan(0.15);
    }
  });

  it('ddim: order 1 in m (0.15), h log(1/h) in v, whose order rises from 0.73 to 0.85 with the number of steps', () => {
    const counts = [200, 400, 6400, 12_800];
    const [a, b, c, e] = counts.map((count) => moments('ddim', count));
    expect(Math.abs(Math.log2((a!.m - exact.m) / (b!.m - exact.m)) - 1)).toBeLessThan(0.15);
    const [coarse, fine] = [
      [a!, b!],
      [c!, e!],
    ].map(([p, q]) => Math.log2((p!.v - exact.v) / (q!.v - exact.v)));
    expect(coarse).toBeGreaterThan(0.65);
    expect(coarse).toBeLessThan(0.8);
    expect(fine).toBeGreaterThan(0.8);
    expect(fine).toBeLessThan(1);
  });
});
