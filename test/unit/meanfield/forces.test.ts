import { describe, expect, it } from 'vitest';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import { competingClasses, type DisorderAverage } from '../../../src/meanfield/competing/branches.ts';
import { gaussianCondensedRoot } from '../../../src/meanfield/competing/gaussian.ts';
import {
  isotropicDynamics,
  isotropicDynamicsFromPhases,
  isotropicPhases,
  type IsotropicParameters,
} from '../../../src/meanfield/isotropic.ts';
import { guidedPotential, phaseGap } from '../../../src/meanfield/potential.ts';
import {
  gradientFlow,
  symbolicFreeEnergy,
  symbolicGuidedPotential,
  type FreeEnergyName,
  type SymbolValues,
} from '../../../src/meanfield/symbolicPotential.ts';
import { uniform } from './sampling.ts';

/** A random state with everything that the energies may depend on. */
function randomPoint(draw: ReturnType<typeof uniform>, alpha: number) {
  const a = draw(0.2, 1);
  const Gamma = draw(0.1, 1.5);
  const D = Gamma + a * a;
  const m = draw(-0.5, 2.5);
  const v = draw(0.05, 1.5);
  const clock = Math.log((a * a) / Gamma);
  const state = Float64Array.of(m / Math.sqrt(D), Math.log(v / Gamma));
  const symbols = { a, Gamma, D, m, q: v + m * m, alpha, w: draw(-1, 8) };
  return { a, Gamma, D, m, v, clock, state, symbols };
}

function parametersOf(
  alpha: number,
  w: number,
  parts: Partial<IsotropicParameters> = {},
): IsotropicParameters {
  return {
    alpha,
    ensemble: 'gaussian',
    eta: 0,
    schedule: constantSchedule(w),
    average: 'quenched',
    closure: 'static',
    ...parts,
  };
}

/** Overlap and spread of the condensed classes as constants of the symbolic expressions. */
function condensedConstants(ensemble: 'gaussian' | 'spherical', alpha: number, symbols: SymbolValues) {
  if (ensemble === 'spherical') return { u: Math.sqrt(1 - Math.exp(-2 * alpha)), rho: 0 };
  const [a, Gamma, D, q] = ['a', 'Gamma', 'D', 'q'].map((name) => symbols[name]!) as [
    number,
    number,
    number,
    number,
  ];
  const E = (a * a) / Gamma;
  const x = gaussianCondensedRoot(alpha, E, q / D);
  return { u: (a * Math.sqrt(q)) / Gamma / (x + E), rho: x / (x + E) };
}

const branches: readonly [
  FreeEnergyName,
  'gaussian' | 'spherical',
  'uncondensed' | 'condensed',
  DisorderAverage,
][] = [
  ['gaussian', 'gaussian', 'uncondensed', 'quenched'],
  ['gaussianCondensed', 'gaussian', 'condensed', 'quenched'],
  ['spherical', 'spherical', 'uncondensed', 'quenched'],
  ['sphericalCondensed', 'spherical', 'condensed', 'quenched'],
];

describe('free energies and forces', () => {
  for (const [name, ensemble, branch] of branches) {
    it(`${name}: hand-written energy, shrinkage and forces against the symbolic ones, to 1e-9 at 100 random points`, () => {
      const draw = uniform(41);
      const energy = symbolicFreeEnergy(name);
      const psi = symbolicFreeEnergy('guided');
      let tested = 0;
      for (let trial = 0; tested < 100 && trial < 20_000; trial++) {
        const alpha = branch === 'condensed' ? draw(0.02, 0.3) : draw(0.3, 3);
        const point = randomPoint(draw, alpha);
        const parameters = parametersOf(alpha, point.symbols.w, { ensemble });
        const classes = competingClasses(ensemble, alpha, 'quenched');
        const E = (point.a * point.a) / point.Gamma;
        const Q = point.symbols.q / point.D;
        if (classes.complexity(E, Q) < 0 !== (branch === 'condensed')) continue;
        tested += 1;
        const symbols = { ...point.symbols, ...condensedConstants(ensemble, alpha, point.symbols) };
        const [guided, others] = isotropicPhases(parameters);
        expect(others.freeEnergy(point.clock, point.state) - 0.5).toBeCloseTo(energy.value(symbols), 9);
        expect(guided.freeEnergy(point.clock, point.state) - 0.5).toBeCloseTo(psi.value(symbols), 9);
        // Gamma s_u = -g x with s = grad(d phi): g = -2 Gamma dphi/dq.
        const [dm, dq] = energy.gradient(symbols);
        expect(dm).toBe(0);
        expect(classes.shrinkage(E, Q)).toBeCloseTo(-2 * point.Gamma * dq, 9);
        // The guided flow of (m, q) from the potential, against the solver's field of (N, L).
        const potential = symbolicGuidedPotential(name);
        const [flowM, flowQ] = gradientFlow(point.m, point.symbols.q, potential.gradient(symbols));
        const field = new Float64Array(2);
        isotropicDynamics(parameters).field(1, point.clock, point.state, field);
        // In the frame of fixed a: dm/dlambda = Gamma/2 (score) with the drift of the frame removed.
        const scoreM = 2 * (field[0]! - 0.5 * (point.Gamma / point.D) * point.state[0]!) * Math.sqrt(point.D);
        const scoreV = point.v * 2 * (field[1]! - 1);
        expect(scoreM).toBeCloseTo(point.Gamma * flowM, 8);
        expect(scoreV + 2 * point.m * scoreM).toBeCloseTo(point.Gamma * flowQ, 8);
      }
      expect(tested).toBe(100);
    });
  }

  it('symbolic forces against finite differences of the guided potential along m, to 1e-6 on both sides of the kink', () => {
    const draw = uniform(42);
    const sides = { guided: 0, others: 0 };
    for (let trial = 0; trial < 3000; trial++) {
      const alpha = draw(0.3, 2);
      const { clock, symbols, a, Gamma, m, v } = randomPoint(draw, alpha);
      const phases = isotropicPhases(parametersOf(alpha, symbols.w));
      const moment = { clock, signalScale: a, withinClassVariance: Gamma, v, w: symbols.w, driftWeight: 0 };
      const E = (a * a) / Gamma;
      if (competingClasses('gaussian', alpha, 'quenched').complexity(E, symbols.q / (Gamma + a * a)) < 0.01)
        continue;
      const gap = phaseGap(phases, moment, m);
      if (Math.abs(gap) < 0.01) continue;
      const name = gap > 0 ? 'guided' : 'gaussian';
      sides[gap > 0 ? 'guided' : 'others'] += 1;
      const h = 1e-5;
      const slope =
        (guidedPotential(phases, moment, m + h) - guidedPotential(phases, moment, m - h)) / (2 * h);
      const [dm, dq] = symbolicGuidedPotential(name).gradient(symbols);
      expect(Math.abs(slope - (dm + 2 * m * dq))).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
    }
    expect(Math.min(sides.guided, sides.others)).toBeGreaterThan(20);
  });

  it('the fast field equals the one composed from the list of phases, to 1e-12 at 200 random states', () => {
    const draw = uniform(43);
    for (let trial = 0; trial < 200; trial++) {
      const alpha = draw(0.05, 2);
      const { clock, state, symbols } = randomPoint(draw, alpha);
      const parameters = parametersOf(alpha, symbols.w, {
        ensemble: trial % 2 === 0 ? 'gaussian' : 'spherical',
        eta: draw(0, 1.5),
      });
      const fast = isotropicDynamics(parameters);
      const composed = isotropicDynamicsFromPhases(parameters);
      const [x, y] = [new Float64Array(2), new Float64Array(2)];
      for (const phase of [0, 1]) {
        fast.field(phase, clock, state, x);
        composed.field(phase, clock, state, y);
        expect(Math.abs(x[0]! - y[0]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(y[0]!)));
        expect(Math.abs(x[1]! - y[1]!)).toBeLessThan(1e-11 * Math.max(1, Math.abs(y[1]!)));
      }
    }
  });

  it('the shrinkage is -2 r dphi/dQ of its free energy in both averages, condensed or not (1e-6)', () => {
    const draw = uniform(45);
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      for (const average of ['quenched', 'annealed'] as const) {
        const sides = { condensed: 0, uncondensed: 0 };
        for (let trial = 0; trial < 100; trial++) {
          const classes = competingClasses(ensemble, draw(0.05, 1), average);
          const [E, Q] = [draw(0.1, 4), draw(0.3, 3)];
          if (Math.abs(classes.complexity(E, Q)) < 1e-3) continue;
          sides[classes.complexity(E, Q) < 0 ? 'condensed' : 'uncondensed'] += 1;
          const h = 1e-5;
          const slope = (classes.freeEnergy(E, Q + h) - classes.freeEnergy(E, Q - h)) / (2 * h);
          expect(Math.abs(classes.shrinkage(E, Q) - (-2 * slope) / (1 + E))).toBeLessThan(1e-6);
        }
        expect(Math.min(sides.condensed, sides.uncondensed)).toBeGreaterThan(20);
      }
    }
  });

  it('quenched energies are continuous with their first derivative where the complexity vanishes, and below the annealed ones beyond', () => {
    for (const ensemble of ['gaussian', 'spherical'] as const) {
      const draw = uniform(44);
      for (let trial = 0; trial < 50; trial++) {
        const alpha = draw(0.05, 1);
        const E = draw(0.5, 20);
        const quenched = competingClasses(ensemble, alpha, 'quenched');
        const annealed = competingClasses(ensemble, alpha, 'annealed');
        // Self-overlap at which the complexity vanishes.
        let lo = 0;
        let hi = 1000;
        if (quenched.complexity(E, lo) < 0) continue;
        for (let i = 0; i < 200; i++) {
          const middle = 0.5 * (lo + hi);
          if (quenched.complexity(E, middle) > 0) lo = middle;
          else hi = middle;
        }
        expect(Math.abs(quenched.freeEnergy(E, hi * (1 + 1e-9)) - annealed.freeEnergy(E, hi))).toBeLessThan(
          1e-7 * (1 + hi),
        );
        expect(Math.abs(quenched.shrinkage(E, hi * (1 + 1e-9)) - annealed.shrinkage(E, hi))).toBeLessThan(
          1e-6,
        );
        expect(quenched.freeEnergy(E, 1.5 * hi)).toBeLessThan(annealed.freeEnergy(E, 1.5 * hi));
      }
    }
  });
});
