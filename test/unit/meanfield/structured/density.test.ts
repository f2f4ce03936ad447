import { describe, expect, it } from 'vitest';
import { compileSchedule } from '../../../../src/guidance/schedule.ts';
import { integratePiecewise, solverDefaults } from '../../../../src/meanfield/piecewise.ts';
import { structuredModel } from '../../../../src/meanfield/structured/build.ts';
import { gaussHermite } from '../../../../src/numerics/gaussHermite.ts';
import { coordinateState } from '../../../../src/meanfield/structured/coordinates.ts';
import {
  densityDynamics,
  densityPoints,
  densityStart,
  shiftedDensity,
} from '../../../../src/meanfield/structured/density.ts';
import { solveStructured, type StructuredSettings } from '../../../../src/meanfield/structured/solve.ts';
import type { BandLaw, CentreLaw, ClassBand, WeightedValue } from '../../../../src/mixture/classLaw.ts';
import { NumericalFailure, ParameterError } from '../../../../src/numerics/checks.ts';
import { RandomStream } from '../../../../src/numerics/random.ts';
import { clockAtNoiseToSignal, dataClock } from '../../../../src/process/variances.ts';
import { readStructured } from '../../../../src/problem/structured.ts';
import { uniform } from '../sampling.ts';

const signs: CentreLaw = { kind: 'signs' };
const bandsOf = (...bands: ClassBand[]): BandLaw => ({ kind: 'bands', bands });
const oneBand = (c: number | readonly WeightedValue[], centres: CentreLaw): BandLaw =>
  bandsOf({ weight: 1, rho: 1, c, centres });
const halves = (first: number, second: number): readonly WeightedValue[] => [
  { value: first, weight: 0.5 },
  { value: second, weight: 0.5 },
];

/** Solution of gaussian classes by densities, which the solver itself never takes for them. */
function gaussianByDensity(law: BandLaw, alpha: number, w: number, eta: number) {
  const problem = readStructured({ law, alpha, guidance: { w }, eta });
  const reference = Math.min(...law.bands.map(({ c }) => c as number));
  // Of mu only mu^2 matters where the scores are linear: Gauss's rule has it with few nodes.
  const rule = gaussHermite(6);
  const parts = law.bands.flatMap(({ weight, rho, c }, band) =>
    [3, 4, 5].map((i) => ({
      weight: 2 * weight * rule.weights[i]!,
      mu: Math.sqrt(rho) * rule.nodes[i]!,
      c: c as number,
      band,
      value: 0,
    })),
  );
  const density = { law, parts, modes: 24, reach: 8 };
  const points = densityPoints(density);
  const schedule = compileSchedule(problem.guidance, {
    process: problem.process,
    sigma2: reference,
    startTime: null,
  });
  const start = { tau: 1e7, variance: null, w, reference };
  const flow = integratePiecewise(
    {
      dynamics: densityDynamics(density, points, { alpha, reference, schedule, eta }),
      startClock: clockAtNoiseToSignal(start.tau, reference),
      startState: densityStart(density, start),
      endClock: dataClock(reference),
      breakpoints: [],
    },
    { ...solverDefaults, absoluteTolerance: 1e-12 },
  );
  return { flow, final: coordinateState(points, flow.endClock, flow.endState, { tau: 0, w }) };
}

describe('densities of coordinates', () => {
  it('of gaussian classes are the linear solver: m, v of each band and the transition to 1e-8', () => {
    const draw = uniform(71);
    for (let i = 0; i < 9; i++) {
      const eta = [1, 0.5, 1.6][i % 3]!;
      const [alpha, w] = [draw(0.05, 1.2), draw(0, 4)];
      const law = bandsOf(
        { weight: 0.4, rho: draw(0.3, 2), c: draw(0.05, 0.6) },
        { weight: 0.6, rho: draw(0.3, 2), c: draw(0.05, 0.6) },
      );
      const expected = solveStructured({ law, alpha, guidance: { w }, eta }, { fluctuations: false });
      const { flow, final } = gaussianByDensity(law, alpha, w, eta);
      const label = JSON.stringify({ law, alpha, w, eta });
      expect(flow.switches.length, label).toBe(expected.crossings.length);
      if (expected.crossings.length > 0)
        expect(Math.abs(flow.switches[0]!.clock - expected.crossings[0]!.clock), label).toBeLessThan(2e-8);
      final.bands.forEach(({ m, v }, b) => {
        expect(Math.abs(m! - expected.final!.bands[b]!.m!), label).toBeLessThan(1e-8);
        expect(Math.abs(v - expected.final!.bands[b]!.v), label).toBeLessThan(1e-8);
      });
      // The smallest complexity is seen at steps only.
      if (expected.minComplexity !== null)
        expect(flow.minComplexity! - expected.minComplexity, label).toBeGreaterThan(-1e-7);
    }
  });

  it('with little noise are the nodes without: to 1e-6 at eta = 1e-4', () => {
    for (const [law, alpha, w] of [
      [oneBand(0.25, signs), 0.3, 1],
      [oneBand(halves(0.1, 0.6), { kind: 'gaussian' }), 0.4, 1],
      [oneBand(0.25, signs), 'infinity', 1],
    ] as const) {
      const input = { law, alpha, guidance: { w } };
      const nodes = { start: 48, centre: 8 };
      const noisy = solveStructured({ ...input, eta: 1e-4 }, { nodes });
      const without = solveStructured(input, { nodes });
      expect(Math.abs(noisy.final!.m - without.final!.m)).toBeLessThan(1e-6);
      expect(Math.abs(noisy.final!.v - without.final!.v)).toBeLessThan(1e-6);
      expect(
        Math.abs(noisy.final!.coordinate!.skewness! - without.final!.coordinate!.skewness!),
      ).toBeLessThan(5e-5);
    }
  });

  it('at w = -1 and any noise level keep the law of all classes, however many peaks it has', () => {
    for (const [law, mean, v] of [
      [oneBand(0.04, signs), 0, 1.04],
      [oneBand(halves(0.1, 0.6), signs), 0, 1.35],
      [
        oneBand(0.1, {
          kind: 'values',
          values: [
            { value: -1, weight: 0.6 },
            { value: 0.5, weight: 0.4 },
          ],
        }),
        -0.4,
        null,
      ],
    ] as const) {
      for (const eta of [0.4, 1]) {
        const { final } = solveStructured({ law, alpha: 'infinity', guidance: { w: -1 }, eta });
        // A coordinate knows nothing of its own class: m <mu^2> = <mu>^2.
        const square = v === null ? 0.7 : 1;
        expect(Math.abs(final!.m - (mean * mean) / square)).toBeLessThan(1e-6);
        expect(Math.abs(final!.q - (v ?? 0.1 + square))).toBeLessThan(1e-6);
      }
    }
  });

  it('at w = 0 leave the class as it is', () => {
    for (const centres of [
      signs,
      { kind: 'gaussian' },
      { kind: 'bernoulli-gauss', share: 0.2 },
    ] as const satisfies readonly CentreLaw[]) {
      const { final } = solveStructured({
        law: oneBand(halves(0.1, 0.6), centres),
        alpha: 0.4,
        guidance: { w: 0 },
        eta: 1,
      });
      for (const { m, v, c } of final!.bands) {
        expect(Math.abs(m! - 1)).toBeLessThan(1e-7);
        expect(Math.abs(v - c)).toBeLessThan(1e-7);
      }
    }
  });

  it('are resolved: m and v to 1e-6 at the default grid over laws, rates, strengths and noise levels', () => {
    const draw = uniform(72);
    for (let i = 0; i < 8; i++) {
      const c = draw(0.02, 0.6);
      const own = halves(0.3 * c, 1.7 * c);
      const centres = (
        [
          signs,
          { kind: 'bernoulli-gauss', share: 0.3 },
          {
            kind: 'values',
            values: [
              { value: -1.2, weight: 0.3 },
              { value: 0.2, weight: 0.3 },
              { value: 1.5, weight: 0.4 },
            ],
          },
          { kind: 'laplace' },
        ] as const
      )[i % 4]!;
      const law = oneBand(i % 3 === 0 && centres.kind !== 'laplace' ? own : c, centres);
      const alpha: number | 'infinity' = i % 6 === 5 ? 'infinity' : draw(0.02, 0.9);
      const w = i % 5 === 4 ? draw(4, 9) : draw(0, 3);
      const eta = [1, 0.5, 1.4, 0.1][(i + Math.floor(i / 4)) % 4]!;
      const input = { law, alpha, guidance: { w }, eta };
      const solve = (nodes: StructuredSettings['nodes']) =>
        solveStructured(input, { nodes: { centre: 3, ...nodes } });
      const found = solve({});
      const { modes, reach } = found.options.nodes;
      const fine = solve({ modes: modes + 14, reach: Math.max(8, reach) });
      const label = JSON.stringify(input);
      expect(found.phase, label).toBe(fine.phase);
      expect(found.unresolved, label).toBeLessThan(1e-6);
      if (found.final === null || fine.final === null) continue;
      expect(Math.abs(found.final.m - fine.final.m), label).toBeLessThan(1e-6);
      expect(Math.abs(found.final.v - fine.final.v), label).toBeLessThan(1e-6);
    }
  }, 300_000);

  it('are the particles of the equation itself, with the switch where the mean field has it', () => {
    // y of mu = 1 among signs: dy/dlambda = (e S/2) [(1 + w)(1 - y)/Gamma - w (E(mu|y) - y)/Gamma] + eta sqrt(S) dB.
    for (const [alpha, w, eta, c] of [
      [0.5, 2, 1, 0.25],
      ['infinity', 1.5, 1, 0.2],
      [0.45, 1, 0.6, 0.1],
    ] as const) {
      const startTime = 2.5;
      const { final, crossings } = solveStructured({
        law: oneBand(c, signs),
        alpha,
        guidance: { w },
        eta,
        startTime,
      });
      const switches = crossings[0]?.clock ?? Infinity;
      const count = 30_000;
      const stream = new RandomStream(5, 901);
      const tau = Math.expm1(2 * startTime);
      const from = -Math.log(c + tau);
      const to = -Math.log(c);
      const e = 1 + eta * eta;
      // The reciprocal prior variance is that of the process's noise: 1 in its own scale, 1 + tau here.
      const y = Float64Array.from({ length: count }, () => Math.sqrt(1 + tau) * stream.nextNormal());
      const drift = (x: number, S: number, acts: boolean) =>
        acts ? 0.5 * e * (1 + w - w * Math.tanh(x / S) - x) : 0.5 * e * (1 - x);
      const steps = 360;
      const marks = [from, Math.min(switches, to), to];
      for (let leg = 0; leg < 2; leg++) {
        const [low, high] = [marks[leg]!, marks[leg + 1]!];
        const parts = Math.ceil((steps * (high - low)) / (to - from));
        for (let k = 0; k < parts; k++) {
          const h = (high - low) / parts;
          const [S, next] = [Math.exp(-low - k * h), Math.exp(-low - (k + 1) * h)];
          // Noise of variance eta^2 times the integral of S.
          const deviation = eta * Math.sqrt(S - next);
          for (let i = 0; i < count; i++) {
            const noise = deviation * stream.nextNormal();
            const before = drift(y[i]!, S, leg === 0);
            const after = drift(y[i]! + h * before + noise, next, leg === 0);
            y[i] = y[i]! + 0.5 * h * (before + after) + noise;
          }
        }
      }
      const mean = y.reduce((sum, one) => sum + one, 0) / count;
      const variance = y.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (count - 1);
      const label = JSON.stringify({ alpha, w, eta, mean, variance });
      expect(Math.abs(mean - final!.m) / Math.sqrt(variance / count), label).toBeLessThan(3.5);
      expect(Math.abs(variance / final!.v - 1) / Math.sqrt(2.2 / count), label).toBeLessThan(3.5);
    }
  });

  it('have the values of the theory page', () => {
    const plusMinus = solveStructured({ law: oneBand(0.25, signs), alpha: 0.3, guidance: { w: 1 }, eta: 1 });
    expect(plusMinus.speciationTime).toBeCloseTo(0.720435, 6);
    expect(plusMinus.final!.m).toBeCloseTo(1.055692, 6);
    expect(plusMinus.final!.v).toBeCloseTo(0.2464357, 6);
    const own = solveStructured({
      law: oneBand(halves(0.1, 0.6), { kind: 'gaussian' }),
      alpha: 0.4,
      guidance: { w: 1 },
      eta: 1,
    });
    expect(own.speciationTime).toBeCloseTo(0.550374, 6);
    const [narrow, wide] = own.final!.bands;
    expect([narrow!.m, narrow!.v, wide!.m, wide!.v]).toEqual(
      [1.0297614, 0.098449, 1.1783238, 0.5712098].map((value) => expect.closeTo(value, 6) as number),
    );
  });

  it('reach classes without width', () => {
    for (const alpha of [0.3, 'infinity'] as const) {
      const { final } = solveStructured({ law: oneBand(0, signs), alpha, guidance: { w: 1 }, eta: 1 });
      expect(final!.m).toBeCloseTo(1, 9);
      expect(final!.v).toBe(0);
    }
  });

  it('take steps whose number does not grow with the distance of the start', () => {
    const { flow } = solveStructured({ law: oneBand(0.25, signs), alpha: 0.3, guidance: { w: 1 }, eta: 1 });
    expect(flow.steps).toBeLessThan(150);
  });

  it('move with x: delta mu adds delta to m and leaves v', () => {
    const problem = readStructured({
      law: oneBand(halves(0.1, 0.6), { kind: 'laplace' }),
      alpha: 0.4,
      guidance: { w: 1 },
      eta: 1,
    });
    const model = structuredModel(problem);
    const clock = 0.4;
    const moved = model.shifted(clock, model.startState, 0.37);
    const [before, after] = [model.observe(clock, model.startState), model.observe(clock, moved)];
    expect(after.m - before.m).toBeCloseTo(0.37, 9);
    expect(after.v / before.v).toBeCloseTo(1, 9);
    expect(
      shiftedDensity({ law: oneBand(0.1, signs), parts: [], modes: 8, reach: 6 }, 0, new Float64Array(0), 1),
    ).toHaveLength(0);
  });

  it('that outgrow every grid are refused, and so are grids out of range', () => {
    const law = oneBand(5e-4, signs);
    const input = { law, alpha: 'infinity', guidance: { w: -1 }, eta: 1 } as const;
    expect(() => solveStructured(input, { nodes: { modes: 60 } })).toThrow(NumericalFailure);
    expect(() => solveStructured(input, { nodes: { modes: 7 } })).toThrow(ParameterError);
    expect(() => solveStructured(input, { nodes: { reach: 3 } })).toThrow(
      /nodes\.reach must be in \[4, 40\]/,
    );
  });
});
