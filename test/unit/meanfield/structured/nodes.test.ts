import { describe, expect, it } from 'vitest';
import { nodeError, solveStructured } from '../../../../src/meanfield/structured/solve.ts';
import { criticalClassRate } from '../../../../src/meanfield/transition/criticalRate.ts';
import { coordinateLaw } from '../../../../src/meanfield/structured/coordinateLaw.ts';
import type { BandLaw, CentreLaw, ClassBand } from '../../../../src/mixture/classLaw.ts';
import { simulateStructured } from '../../../../src/particles/structured/simulate.ts';
import { uniform } from '../sampling.ts';

const band = (parts: Partial<ClassBand>): BandLaw => ({
  kind: 'bands',
  bands: [{ weight: 1, rho: 1, c: 0.25, ...parts }],
});
const values = (...given: (readonly [value: number, weight: number])[]): CentreLaw => ({
  kind: 'values',
  values: given.map(([value, weight]) => ({ value, weight })),
});
const twoWidths = (a: number, b: number) => [
  { value: a, weight: 0.5 },
  { value: b, weight: 0.5 },
];

describe('independent coordinates', () => {
  it.each([
    ['signs', band({ centres: { kind: 'signs' } }), 0.3, 1, 0.745527, [1.22116], [0.198186]],
    ['signs', band({ centres: { kind: 'signs' } }), 0.5, 2, 0.605939, [1.44833], [0.142374]],
    [
      'own widths',
      band({ c: twoWidths(0.1, 0.6) }),
      0.4,
      1,
      0.581139,
      [1.15541, 1.3943],
      [0.0647129, 0.472446],
    ],
    [
      'own widths',
      band({ c: twoWidths(0.05, 0.4) }),
      0.5,
      2,
      0.638424,
      [1.19028, 1.57255],
      [0.0238702, 0.244873],
    ],
  ] as const)('%s: values of the theory page', (_, law, alpha, w, time, m, v) => {
    const { final, speciationTime } = solveStructured({ law, alpha, guidance: { w } });
    expect(speciationTime).toBeCloseTo(time, 5);
    final!.bands.forEach((one, i) => {
      expect(one.m).toBeCloseTo(m[i]!, 4);
      expect(one.v).toBeCloseTo(v[i]!, 5);
    });
  });

  it('the gaussian law in other words is the linear model (1e-7), with its fluctuations', () => {
    const draw = uniform(41);
    for (let i = 0; i < 6; i++) {
      const c = 10 ** draw(-1.5, 0.5);
      const problem = {
        alpha: draw(0.05, 0.5),
        guidance: { w: draw(-0.3, 3) },
        ...(i % 3 === 2 ? { sampler: 'sde' as const } : {}),
      };
      const linear = solveStructured({ ...problem, law: band({ c }) });
      // Two equal widths, and a share of 1, are not seen to be linear.
      for (const law of [
        band({ c: twoWidths(c, c) }),
        band({ c, centres: { kind: 'bernoulli-gauss', share: 1 } }),
      ]) {
        const nodes = solveStructured({ ...problem, law });
        expect(nodes.phase).toBe(linear.phase);
        expect(nodes.final?.m ?? 0).toBeCloseTo(linear.final?.m ?? 0, 7);
        expect(nodes.final?.v ?? 0).toBeCloseTo(linear.final?.v ?? 0, 7);
        expect((nodes.vParallel ?? 1) / (linear.vParallel ?? 1)).toBeCloseTo(1, 5);
      }
    }
  });

  it('fluctuations of signs are those of particles', async () => {
    const problem = { law: band({ centres: { kind: 'signs' } }), alpha: 0.4, guidance: { w: 2 } };
    for (const sampler of ['ode', 'sde'] as const) {
      const { vParallel } = solveStructured({ ...problem, sampler });
      const run = await simulateStructured(
        { ...problem, sampler, mode: 'reduced', dimension: 80 },
        { particles: 150, realizations: 8, steps: 30, seed: 5 },
      );
      const { mean } = run.vParallel;
      const standardError = run.vParallel.standardError!;
      expect(Math.abs(mean - vParallel!)).toBeLessThan(4 * standardError + 0.02 * vParallel!);
      expect(standardError).toBeLessThan(0.08 * vParallel!);
    }
  });

  it('without guidance keep the class at every rate below the critical one, where condensation and transition coincide', () => {
    for (const centres of [{ kind: 'signs' }, { kind: 'bernoulli-gauss', share: 0.3 }] as const)
      for (const alpha of [0.1, 0.3, 0.45, 0.48, 0.49, 0.5, 0.505, 0.51]) {
        const { phase, final } = solveStructured({ law: band({ centres }), alpha, guidance: { w: 0 } });
        expect([alpha, phase]).toEqual([alpha, 'speciated']);
        expect(final!.m).toBeCloseTo(1, 7);
        expect(final!.v).toBeCloseTo(0.25, 7);
      }
    // A little guidance moves the two apart: by less than the usual nodes can tell.
    for (const alpha of [0.45, 0.49, 0.5, 0.51, 0.55])
      for (const [w, phase] of [
        [1e-5, 'speciated'],
        [1e-4, 'speciated'],
        [-1e-4, 'condensed'],
      ] as const)
        expect([
          w,
          solveStructured({ law: band({ centres: { kind: 'signs' } }), alpha, guidance: { w } }).phase,
        ]).toEqual([w, phase]);
    expect(
      solveStructured({ law: band({ centres: { kind: 'signs' } }), alpha: 0.5, guidance: { w: -0.02 } })
        .phase,
    ).toBe('condensed');
  });

  it('values +1 and -1 are the signs; a scale and a shift of the alphabet do what they must', () => {
    const problem = { alpha: 0.3, guidance: { w: 1 } };
    const signs = solveStructured({ ...problem, law: band({ centres: { kind: 'signs' } }) }).final!;
    const own = solveStructured({ ...problem, law: band({ centres: values([1, 0.5], [-1, 0.5]) }) }).final!;
    expect(own.m).toBeCloseTo(signs.m, 9);
    expect(own.v).toBeCloseTo(signs.v, 9);
    const scaled = solveStructured({
      ...problem,
      law: band({ c: 1, centres: values([2, 0.5], [-2, 0.5]) }),
    }).final!;
    expect(scaled.m).toBeCloseTo(signs.m, 8);
    expect(scaled.v).toBeCloseTo(4 * signs.v, 8);
    // The mean of all classes is no information: only the distance from it is guided.
    const shifted = solveStructured({
      ...problem,
      law: band({ centres: values([4, 0.5], [2, 0.5]) }),
    }).final!;
    expect(shifted.bands[0]!.v).toBeGreaterThan(0);
    expect(shifted.q).toBeCloseTo(9 + signs.q, 7);
  });

  it('many small steps of an alphabet are the gaussian law', () => {
    const points = Array.from({ length: 81 }, (_, i) => -6 + 0.15 * i);
    const sum = points.reduce((total, u) => total + Math.exp(-0.5 * u * u), 0);
    const law = band({
      c: 0.4,
      centres: values(...points.map((u) => [u, Math.exp(-0.5 * u * u) / sum] as const)),
    });
    const problem = { alpha: 0.4, guidance: { w: 1.5 } };
    const found = solveStructured({ ...problem, law }).final!;
    const wanted = solveStructured({ ...problem, law: band({ c: 0.4 }) }).final!;
    expect(found.m).toBeCloseTo(wanted.m, 7);
    expect(found.v).toBeCloseTo(wanted.v, 7);
  });

  it('without guidance every law keeps its class: m = 1, v = c, and is reached while its classes are not condensed', () => {
    const laws: Partial<ClassBand>[] = [
      { centres: { kind: 'signs' } },
      { centres: { kind: 'laplace' } },
      { centres: { kind: 'bernoulli-gauss', share: 0.2 } },
      { c: twoWidths(0.1, 0.6) },
    ];
    for (const parts of laws) {
      const { phase, final } = solveStructured({ law: band(parts), alpha: 0.3, guidance: { w: 0 } });
      expect(phase).toBe('speciated');
      final!.bands.forEach(({ m, v, c }) => {
        expect(m).toBeCloseTo(1, 7);
        expect(v / c).toBeCloseTo(1, 6);
      });
    }
  });

  it('without guidance signs are reached at every rate below the critical one, where the nodes miss the complexity by 4e-4', () => {
    for (const c of [0.25, 0.02])
      for (const alpha of [0.45, 0.5, 0.55, 0.6]) {
        const law = band({ c, centres: { kind: 'signs' } });
        const { phase, crossings } = solveStructured({ law, alpha, guidance: { w: 0 } });
        expect(phase).toBe('speciated');
        expect(crossings).toHaveLength(1);
      }
    const law = band({ centres: { kind: 'signs' } });
    for (const sampler of ['ode', 'sde'] as const)
      expect(criticalClassRate({ law, sampler, guidance: { w: 0 } }).criticalAlpha).toBeCloseTo(0.6327, 4);
  });

  it('m and v to 1e-6 by refining, for trajectories that speciate', () => {
    const draw = uniform(42);
    const laws: (() => Partial<ClassBand>)[] = [
      () => ({ c: 10 ** draw(-2, 0), centres: { kind: 'signs' } }),
      () => ({ c: 10 ** draw(-2, 0), centres: { kind: 'bernoulli-gauss', share: draw(0.05, 0.9) } }),
      () => ({ c: twoWidths(10 ** draw(-2, 0), 10 ** draw(-2, 0)) }),
      () => ({ c: 10 ** draw(-1, 0), centres: { kind: 'laplace' } }),
    ];
    let tried = 0;
    for (let i = 0; i < 16; i++) {
      const law = band(laws[i % 4]!());
      const solution = solveStructured({ law, alpha: draw(0.05, 0.25), guidance: { w: draw(0, 4) } });
      const error = nodeError(solution);
      if (solution.phase !== 'speciated' || error === null) continue;
      tried += 1;
      const label = JSON.stringify(solution.problem);
      expect(error.m, label).toBeLessThan(1e-6);
      expect(error.v, label).toBeLessThan(3e-6);
    }
    expect(tried).toBeGreaterThan(10);
  });

  it('the law of a coordinate at w = 0 is that of |mu| plus a class: odd moments of every law to 1e-7', () => {
    const own = solveStructured({ law: band({ c: twoWidths(0.1, 0.6) }), alpha: 0.3, guidance: { w: 0 } });
    const laplace = solveStructured({
      law: band({ centres: { kind: 'laplace' } }),
      alpha: 0.3,
      guidance: { w: 0 },
    });
    const [first, third] = [Math.sqrt(2 / Math.PI), 2 * Math.sqrt(2 / Math.PI)];
    const skewness = (one: number, three: number, c: number) =>
      (three + 3 * one * c - 3 * one * (1 + c) + 2 * one ** 3) / (1 + c - one * one) ** 1.5;
    expect(own.final!.coordinate!.mean).toBeCloseTo(first, 7);
    expect(own.final!.coordinate!.skewness).toBeCloseTo(skewness(first, third, 0.35), 7);
    // |mu| of a Laplace law is exponential of mean b = 1/sqrt(2): E = b, E^3 = 6 b^3.
    const b = Math.SQRT1_2;
    expect(laplace.final!.coordinate!.mean).toBeCloseTo(b, 7);
    expect(laplace.final!.coordinate!.skewness).toBeCloseTo(skewness(b, 6 * b ** 3, 0.25), 7);
  });

  it('an output of several peaks says that it is not resolved', () => {
    const solution = solveStructured({
      law: band({ centres: { kind: 'signs' } }),
      alpha: 'infinity',
      guidance: { w: -0.7 },
    });
    expect(nodeError(solution)!.m).toBeGreaterThan(1e-4);
  });

  it('a weight of 1 is the evidence, and smaller ones are bounded by concavity', () => {
    const draw = uniform(43);
    const laws: Partial<ClassBand>[] = [
      {},
      { centres: { kind: 'signs' } },
      { centres: { kind: 'laplace' } },
      { centres: { kind: 'bernoulli-gauss', share: 0.3 }, c: twoWidths(0.1, 2) },
    ];
    for (const parts of laws) {
      const law = coordinateLaw({ weight: 1, rho: 1.3, c: 0.2, ...parts }, 1e-9);
      for (let i = 0; i < 20; i++) {
        const [y, tau, x] = [draw(-4, 4), 10 ** draw(-3, 2), draw(0.05, 1)];
        const out = { logEvidence: 0, relativeEntropy: 0 };
        law.evaluate(y, tau, out);
        expect(law.power(y, tau, 1)).toBeCloseTo(out.logEvidence, 10);
        // log E f^x <= x log E f for x <= 1.
        expect(law.power(y, tau, x)).toBeLessThanOrEqual(x * out.logEvidence + 1e-12);
        // Its slope at 1 is the evidence plus the relative entropy.
        const slope = (law.power(y, tau, 1) - law.power(y, tau, 1 - 1e-6)) / 1e-6;
        expect(slope).toBeCloseTo(out.logEvidence + out.relativeEntropy, 4);
      }
    }
  });
});
