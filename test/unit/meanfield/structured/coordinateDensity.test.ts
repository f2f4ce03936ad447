import { describe, expect, it } from 'vitest';
import { coordinateDensity } from '../../../../src/meanfield/structured/coordinateDensity.ts';
import { solveStructured } from '../../../../src/meanfield/structured/solve.ts';
import type { BandLaw, CentreLaw, ClassBand, ClassLaw } from '../../../../src/mixture/classLaw.ts';
import { NumericalFailure, ParameterError } from '../../../../src/numerics/checks.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';
import { ornsteinUhlenbeck, processes } from '../../../../src/process/process.ts';

const bands = (...all: Partial<ClassBand>[]): BandLaw => ({
  kind: 'bands',
  bands: all.map((band) => ({ weight: 1 / all.length, rho: 1, c: 0.25, ...band })),
});
const widths = [
  { value: 0.1, weight: 0.5 },
  { value: 0.6, weight: 0.5 },
];
const signs: CentreLaw = { kind: 'signs' };
const alphabet: CentreLaw = {
  kind: 'values',
  values: [
    { value: -1.5, weight: 0.3 },
    { value: 0.6, weight: 0.7 },
  ],
};
const levels: ClassLaw = {
  kind: 'levels',
  sigma2: 0.1,
  levels: [
    { alpha: 0.15, r: 0.8 },
    { alpha: 0.3, r: 0.2 },
  ],
};
const wide = Array.from({ length: 4001 }, (_, i) => -20 + (40 * i) / 4000);

/** Total, mean, variance and skewness of a density on even places. */
function moments(x: readonly number[], density: readonly number[]) {
  const step = x[1]! - x[0]!;
  const average = (f: (x: number) => number) =>
    step * density.reduce((sum, value, i) => sum + value * f(x[i]!), 0);
  const total = average(() => 1);
  const mean = average((one) => one);
  const variance = average((one) => (one - mean) ** 2);
  return { total, mean, variance, skewness: average((one) => (one - mean) ** 3) / variance ** 1.5 };
}

describe('density of a coordinate', () => {
  it.each([
    ['signs', bands({ centres: signs }), 0.5, 2],
    ['signs, unspeciated', bands({ centres: signs }), 'infinity', 2],
    ['own covariances', bands({ c: widths }), 0.4, 1],
    ['Laplace', bands({ c: 0.1, centres: { kind: 'laplace' } }), 0.4, 1],
    ['sparse', bands({ c: 0.1, centres: { kind: 'bernoulli-gauss', share: 0.2 } }), 0.2, 1],
    ['an alphabet', bands({ c: 0.1, centres: alphabet }), 0.4, 1],
    ['two bands', bands({ rho: 1.5, centres: signs }, { rho: 0.5, c: widths }, { rho: 0 }), 0.4, 1],
  ] as const)('%s: it is one law, with the moments of the solution (1e-5)', (_, law, alpha, w) => {
    for (const eta of [0, 1]) {
      const solution = solveStructured({ law, alpha, guidance: { w }, eta }, { fluctuations: false });
      const { coordinate } = solution.final!;
      const found = moments(wide, coordinateDensity(solution, { x: wide }).density);
      expect(found.total).toBeCloseTo(1, 7);
      expect(Math.abs(found.mean - coordinate!.mean)).toBeLessThan(1e-6);
      expect(Math.abs(found.variance - coordinate!.variance)).toBeLessThan(1e-6);
      expect(Math.abs(found.skewness - coordinate!.skewness!)).toBeLessThan(1e-5);
    }
  });

  it('gaussian classes: skew normal laws, from m and v of the bands (1e-9)', () => {
    const inner = [0.4, 0.1];
    const law = bands({ rho: 1.5, c: inner[0]! }, { rho: 0.5, c: inner[1]! });
    const solution = solveStructured({ law, alpha: 0.5, guidance: { w: 1 } });
    solution.final!.bands.forEach(({ m, v, rho }, band) => {
      const { density, classDensity } = coordinateDensity(solution, { x: wide, band });
      const found = moments(wide, density);
      const second = v + rho * m! * m!;
      expect(found.total).toBeCloseTo(1, 9);
      expect(found.mean).toBeCloseTo(m! * Math.sqrt((2 * rho) / Math.PI), 9);
      expect(found.variance + found.mean ** 2).toBeCloseTo(second, 9);
      expect(moments(wide, classDensity).variance).toBeCloseTo(rho * (1 - 2 / Math.PI) + inner[band]!, 9);
    });
    const both = coordinateDensity(solution, { x: [0.7] }).density[0]!;
    const [one, other] = [0, 1].map((band) => coordinateDensity(solution, { x: [0.7], band }).density[0]!);
    expect(both).toBeCloseTo(0.5 * (one! + other!), 12);
  });

  it('gaussian classes in other words have the same density (1e-6)', () => {
    const x = [-1, -0.2, 0, 0.4, 1.1, 2.3, 4];
    for (const eta of [0, 1]) {
      const rest = { alpha: 0.4, guidance: { w: 1 }, eta };
      const half = [
        { value: 0.2, weight: 0.5 },
        { value: 0.2, weight: 0.5 },
      ];
      const [linear, nodes] = [0.2, half].map((c) =>
        coordinateDensity(solveStructured({ ...rest, law: bands({ c }) }), { x }),
      );
      linear!.density.forEach((value, i) => {
        expect(Math.abs(nodes!.density[i]! - value)).toBeLessThan(1e-6);
      });
      linear!.classDensity.forEach((value, i) => {
        expect(nodes!.classDensity[i]).toBeCloseTo(value, 9);
      });
    }
  });

  it('without guidance it is the density of the class (1e-6)', () => {
    for (const law of [bands({ c: widths }), bands({ centres: signs }), bands({ c: 0.3 })])
      for (const eta of [0, 0.7])
        for (const time of [0, 0.4, 2]) {
          const solution = solveStructured({ law, alpha: 0.3, guidance: { w: 0 }, eta });
          const { density, classDensity } = coordinateDensity(solution, { time, count: 41 });
          density.forEach((value, i) => {
            expect(Math.abs(value - classDensity[i]!)).toBeLessThan(1e-6);
          });
        }
  });

  it('in the hierarchy: guidance to a superclass takes the finer part for noise', () => {
    const law = { ...levels, towards: 1 };
    const solution = solveStructured({ law: levels, guidance: { w: 1 } });
    const early = solveStructured({ law, guidance: { w: 1 } });
    const found = moments(wide, coordinateDensity(solution, { x: wide }).density);
    const [first, second] = solution.final!.levels!;
    const overlap = 0.8 * first! + 0.2 * second!;
    expect(found.mean).toBeCloseTo(overlap * Math.sqrt(2 / Math.PI), 9);
    expect(found.variance + found.mean ** 2).toBeCloseTo(solution.final!.q, 9);
    // Such a run condenses: its density is known before.
    expect(early.phase).toBe('condensed');
    expect(() => coordinateDensity(early)).toThrow(/before the competing classes condense/);
    const time = early.crossings.at(-1)!.time + 0.1;
    const { classDensity } = coordinateDensity(early, { time, x: wide });
    const own = moments(wide, classDensity);
    const a = ornsteinUhlenbeck.signalScale(time);
    expect(own.mean).toBeCloseTo(a * Math.sqrt((0.8 * 2) / Math.PI), 9);
    expect(own.variance + own.mean ** 2).toBeCloseTo(a * a * (0.1 + 1 + Math.expm1(2 * time)), 8);
  });

  it('agrees with particles of the equation itself: Kolmogorov distance below 1.95/sqrt(n)', () => {
    // y of (mu, c): dy/dlambda = (e S/2) [(1 + w)(mu - y)/Gamma - w s_u] + eta sqrt(S) dB, with the score of the law as it is written.
    const score = {
      signs: (y: number, tau: number) => (Math.tanh(y / (0.25 + tau)) - y) / (0.25 + tau),
      own: (y: number, tau: number) => {
        const parts = widths.map(({ value }) => {
          const variance = 1 + value + tau;
          return { variance, weight: Math.exp((-0.5 * y * y) / variance) / Math.sqrt(variance) };
        });
        const sum = parts.reduce((total, { weight }) => total + weight, 0);
        return -parts.reduce((total, { weight, variance }) => total + (weight * y) / variance, 0) / sum;
      },
    };
    const count = 6000;
    const startTime = 2.5;
    for (const [name, law, alpha, w, eta] of [
      ['signs', bands({ centres: signs }), 0.5, 2, 0],
      ['signs', bands({ centres: signs }), 0.5, 2, 1],
      ['own', bands({ c: widths }), 0.4, 1, 0],
      ['own', bands({ c: widths }), 0.4, 1, 1],
    ] as const) {
      const solution = solveStructured({ law, alpha, guidance: { w }, eta, startTime });
      const least = name === 'signs' ? 0.25 : 0.1;
      const switches = solution.crossings[0]!.clock;
      const stream = new RandomStream(11, 902);
      const start = Math.expm1(2 * startTime);
      const marks = [-Math.log(least + start), switches, -Math.log(least)];
      const steps = 300;
      const places = Array.from({ length: count }, () => {
        const normal = stream.nextNormal();
        const mu = name === 'signs' ? 1 : Math.abs(normal);
        const c = name === 'signs' ? 0.25 : stream.nextUniform() < 0.5 ? 0.1 : 0.6;
        let y = Math.sqrt(1 + start) * stream.nextNormal();
        for (let leg = 0; leg < 2; leg++) {
          const h = (marks[leg + 1]! - marks[leg]!) / steps;
          const drift = (x: number, S: number) => {
            const tau = Math.max(0, S - least);
            const [A, B] = leg === 0 ? [1 + w, -w] : [1, 0];
            return 0.5 * (1 + eta * eta) * S * ((A * (mu - x)) / (c + tau) + B * score[name](x, tau));
          };
          for (let k = 0; k < steps; k++) {
            const [S, next] = [Math.exp(-marks[leg]! - k * h), Math.exp(-marks[leg]! - (k + 1) * h)];
            const noise = eta === 0 ? 0 : eta * Math.sqrt(S - next) * stream.nextNormal();
            const before = drift(y, S);
            y += 0.5 * h * (before + drift(y + h * before + noise, next)) + noise;
          }
        }
        return y;
      }).sort((a, b) => a - b);
      const { density } = coordinateDensity(solution, { x: wide });
      let [below, at, distance] = [0, 0, 0];
      const step = wide[1]! - wide[0]!;
      for (let i = 1; i < wide.length; i++) {
        below += 0.5 * step * (density[i]! + density[i - 1]!);
        while (at < count && places[at]! <= wide[i]!) at++;
        distance = Math.max(distance, Math.abs(at / count - below));
      }
      expect(distance * Math.sqrt(count), `${name}, eta ${eta}`).toBeLessThan(1.95);
    }
  }, 60_000);

  it('is in the scale and the time of the process', () => {
    const law = bands({ centres: signs });
    const problem = { law, alpha: 0.5, guidance: { w: 1 } };
    const plain = solveStructured(problem);
    const flow = solveStructured({ ...problem, process: processes.flow });
    const tau = 0.5;
    const [time, other] = [plain, flow].map(({ problem: { process } }) => process.timeAtNoiseToSignal(tau));
    const [a, b] = [ornsteinUhlenbeck.signalScale(time!), processes.flow.signalScale(other!)];
    const x = [0, 0.5, 1, 1.5];
    const first = coordinateDensity(plain, { time: time!, x: x.map((one) => a * one) });
    const second = coordinateDensity(flow, { time: other!, x: x.map((one) => b * one) });
    first.density.forEach((value, i) => {
      expect(a * value).toBeCloseTo(b * second.density[i]!, 6);
    });
  });

  it('refuses what it cannot tell, and covers both laws by itself', () => {
    const law = bands({ centres: signs });
    const solution = solveStructured({ law, alpha: 0.5, guidance: { w: 2 } });
    const { x, density, classDensity } = coordinateDensity(solution);
    expect(x).toHaveLength(201);
    for (const values of [density, classDensity]) expect(moments(x, values).total).toBeCloseTo(1, 3);
    expect(() => coordinateDensity(solution, { band: 1 })).toThrow(ParameterError);
    expect(() => coordinateDensity(solution, { time: -1 })).toThrow(/time must be in/);
    expect(() => coordinateDensity(solution, { times: 1 } as never)).toThrow(ParameterError);
    const point = solveStructured({ law: bands({ c: 0, centres: signs }), alpha: 0.3, guidance: { w: 1 } });
    expect(() => coordinateDensity(point)).toThrow(/no width/);
    expect(moments(wide, coordinateDensity(point, { x: wide, time: 0.2 }).density).total).toBeCloseTo(1, 6);
    // Infinitely many classes at negative w: two narrow peaks that the nodes of a start do not tell apart.
    const torn = solveStructured({ law, alpha: 'infinity', guidance: { w: -0.5 } });
    expect(() => coordinateDensity(torn)).toThrow(NumericalFailure);
  });
});
