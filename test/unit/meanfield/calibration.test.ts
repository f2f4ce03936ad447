import { describe, expect, it } from 'vitest';
import {
  miscalibratedOverlapRatio,
  miscalibratedVarianceRatio,
} from '../../../src/closedForms/miscalibrated.ts';
import { parseFormula } from '../../../src/guidance/formula.ts';
import { parseForm } from '../../../src/guidance/forms/form.ts';
import { constantSchedule } from '../../../src/guidance/schedule.ts';
import { probabilityFlow, reverseSde } from '../../../src/guidance/sampler.ts';
import { calibrationDynamics, temperedPhases } from '../../../src/meanfield/calibration/phases.ts';
import { solveMiscalibrated } from '../../../src/meanfield/calibration/solve.ts';
import { flowState } from '../../../src/meanfield/flowState.ts';
import { isotropicPhases, type IsotropicParameters } from '../../../src/meanfield/isotropic.ts';
import { orderParameters, signalScaleAt, solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { gradientFlow } from '../../../src/meanfield/symbolicPotential.ts';
import { simulateReduced } from '../../../src/particles/simulate.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { odeAndSde, problem, relative, uniform } from './sampling.ts';

const trueClassifier = { temperature: 1, bias: 0 };

describe('a mis-calibrated classifier in the mean field', () => {
  it.each(odeAndSde)(
    '%s, both ensembles: T = 1 without bias is linear guidance: m, v, crossings (1e-8), condensed or not',
    (_name, sampler) => {
      const formula = parseFormula('schedule', 't > 1 ? 2 : 0.5', 't');
      const changes = [{}, { startTime: 2 }, { guidance: { formula, clock: 't' } as const }];
      for (const ensemble of ['gaussian', 'spherical'] as const) {
        for (const [alpha, w] of [
          [0.3, 1],
          [0.6, 3],
          [0.45, 0],
          [1.2, -0.3],
          [0.3, -0.3],
          [0, 1],
          [Infinity, 2],
        ] as const) {
          for (const change of changes) {
            const physics = problem(alpha, w, { sampler, ensemble, ...change });
            const linear = solveOrderParameters(physics, { fluctuations: false });
            const solution = solveMiscalibrated(physics, trueClassifier);
            expect(solution.phase).toBe(linear.phase);
            const [found, known] = [
              solution.final ?? solution.staticClosure,
              linear.final ?? linear.staticClosure,
            ];
            expect(relative(found!.m, known!.m)).toBeLessThan(1e-8);
            expect(relative(found!.v, known!.v)).toBeLessThan(1e-8);
            expect(solution.crossings.length).toBe(linear.crossings.length);
            solution.crossings.forEach(({ time }, i) => {
              expect(relative(time, linear.crossings[i]!.time)).toBeLessThan(1e-8);
            });
            if (linear.minComplexity !== null && linear.crossings.length < 2) {
              expect(Math.abs(solution.minComplexity.mixture! - linear.minComplexity)).toBeLessThan(1e-8);
            }
          }
        }
      }
    },
  );

  it.each([0, 0.7, 1])('eta = %d: the closed forms before anybody decides, T = 0.3 to 4 (1e-9)', (eta) => {
    for (const temperature of [0.3, 0.8, 1.25, 4]) {
      for (const w of [-0.5, 0, 3]) {
        const endless = solveMiscalibrated(problem(Infinity, w, { sampler: { eta } }), {
          temperature,
          bias: 0,
        });
        expect(endless.phase).toBe('unspeciated');
        const M = miscalibratedOverlapRatio(4, w, temperature, { eta });
        const V = miscalibratedVarianceRatio(4, w, temperature, { eta });
        expect(relative(endless.final!.m, M)).toBeLessThan(1e-9);
        expect(relative(endless.final!.v, 0.25 * V)).toBeLessThan(1e-9);
        // And on the way, before the first switch of a finite rate.
        const physics = problem(0.45, w, { sampler: { eta } });
        const { flow, dynamics, options } = solveMiscalibrated(physics, { temperature, bias: 0 });
        const clock = Math.min(flow.switches[0]?.clock ?? 0, 0) - 1;
        const state = flowState(dynamics, flow, clock, options);
        const a = signalScaleAt(physics, clock);
        const E = Math.exp(clock);
        const { m, v } = orderParameters(clock, state, a);
        expect(relative(m, a * miscalibratedOverlapRatio(E, w, temperature, { eta }))).toBeLessThan(1e-9);
        const variance = ((a * a) / E) * miscalibratedVarianceRatio(E, w, temperature, { eta });
        expect(relative(v, variance)).toBeLessThan(1e-9);
      }
    }
  });

  it.each(['gaussian', 'spherical'] as const)(
    '%s: scores are the gradients of the free energies, condensed or not (1e-7), and the field is their sum (1e-12)',
    (ensemble) => {
      const draw = uniform(57);
      let condensed = 0;
      for (let trial = 0; trial < 100; trial++) {
        const temperature = draw(0.4, 2.5);
        const bias = draw(-0.2, 0.2);
        const w = draw(-1, 5);
        const eta = draw(0, 1.5);
        const parameters: IsotropicParameters = {
          alpha: draw(0.1, 1),
          ensemble,
          eta,
          schedule: constantSchedule(w),
          average: 'quenched',
          closure: 'static',
        };
        const Gamma = draw(0.1, 1.5);
        const D = Gamma + 1;
        const [m, v] = [draw(-0.3, 1.6), draw(0.2, 1.2)];
        const clock = -Math.log(Gamma);
        const stateOf = (mean: number, q: number) =>
          Float64Array.of(mean / Math.sqrt(D), Math.log((q - mean * mean) / Gamma));
        const q = v + m * m;
        const state = stateOf(m, q);
        const mixture = isotropicPhases(parameters);
        const tempered = temperedPhases(parameters, { temperature, bias });
        const withComplexity = temperedPhases(
          { ...parameters, closure: 'stopAtCondensation' },
          { temperature, bias },
        );
        if (withComplexity[1].complexity!(clock, state) < 0) condensed += 1;
        const score = new Float64Array(2);
        for (const phase of [...mixture, ...tempered]) {
          phase.score(clock, state, score);
          const energy = (mean: number, square: number) => phase.freeEnergy(clock, stateOf(mean, square));
          const h = 1e-5;
          const gradient = [
            (energy(m + h, q) - energy(m - h, q)) / (2 * h),
            (energy(m, q + h) - energy(m, q - h)) / (2 * h),
          ] as const;
          // gradientFlow is of a potential, minus the free energy.
          const [flowM, flowQ] = gradientFlow(m, q, [-gradient[0], -gradient[1]]);
          expect(Math.abs(score[0]! * Math.sqrt(D) - Gamma * flowM)).toBeLessThan(1e-7);
          expect(Math.abs(score[1]! * v - Gamma * (flowQ - 2 * m * flowM))).toBeLessThan(1e-7);
        }
        const dynamics = calibrationDynamics(parameters, { temperature, bias });
        const field = new Float64Array(2);
        dynamics.phases.forEach((joint, index) => {
          dynamics.field(index, clock, state, field);
          const [own, classOf, others] = [new Float64Array(2), new Float64Array(2), new Float64Array(2)];
          mixture[joint.mixture ? 0 : 1].score(clock, state, own);
          tempered[0].score(clock, state, classOf);
          tempered[joint.classifier ? 0 : 1].score(clock, state, others);
          const drift = [(0.5 * state[0]! * Gamma) / D, 1 + eta * eta * Math.exp(-state[1]!)];
          for (const i of [0, 1] as const) {
            const guided = own[i]! + (1 + w) * (classOf[i]! - others[i]!);
            const expected = drift[i]! + 0.5 * (1 + eta * eta) * guided;
            expect(Math.abs(field[i]! - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
          }
        });
      }
      expect(condensed).toBeGreaterThan(10);
      expect(condensed).toBeLessThan(90);
    },
  );

  it.each([
    ['ODE', 0.8, 0, probabilityFlow],
    ['ODE', 1.25, 0, probabilityFlow],
    ['ODE', 1, -0.1, probabilityFlow],
    ['SDE', 1.25, 0, reverseSde],
    ['SDE', 1, -0.1, reverseSde],
  ] as const)(
    '%s, T = %d, bias %d: m and v of the reduced simulation at d = 10^4 (4 s.e. + 2/d)',
    (_name, temperature, bias, sampler) => {
      const solution = solveMiscalibrated(problem(0.45, 1, { sampler }), { temperature, bias });
      const run = reduced(
        10_000,
        sampler.eta,
        { temperature, bias },
        { particles: 60, realizations: 8, steps: 250 },
      );
      expect(Math.abs(run.m.mean - solution.final!.m)).toBeLessThan(4 * run.m.standardError! + 2e-4);
      expect(Math.abs(run.v.mean - solution.final!.v)).toBeLessThan(4 * run.v.standardError! + 2e-4);
    },
  );

  it('SDE, overconfident: the classifier stays in doubt, and then condenses; half-way m and v are those of d = 3000 (4 s.e. + 5/d)', () => {
    const physics = problem(0.45, 1, { sampler: reverseSde });
    const solution = solveMiscalibrated(physics, { temperature: 0.8, bias: 0 });
    expect(solution.phase).toBe('condensed');
    expect(solution.final).toBeNull();
    expect(solution.crossings.map(({ decision, kind }) => [decision, kind])).toEqual([
      ['classifier', 'slidingStart'],
      ['classifier', 'condensation'],
    ]);
    expect(solution.slidingSpan).toBeCloseTo(solution.crossings[1]!.clock - solution.crossings[0]!.clock, 9);
    const clock = (solution.crossings[0]!.clock + solution.crossings[1]!.clock) / 2;
    const state = flowState(solution.dynamics, solution.flow, clock, solution.options);
    const { m, v } = orderParameters(clock, state, signalScaleAt(physics, clock));
    const options = { particles: 40, realizations: 6, steps: 1500, clocks: [clock] };
    const [found] = reduced(3000, 1, { temperature: 0.8, bias: 0 }, options).series;
    expect(Math.abs(found!.m.mean - m)).toBeLessThan(4 * found!.m.standardError! + 5 / 3000);
    expect(Math.abs(found!.v.mean - v)).toBeLessThan(4 * found!.v.standardError! + 5 / 3000);
    // However little overconfident: in the limit of many classes T = 1 is a jump.
    expect(solveMiscalibrated(physics, { temperature: 0.999, bias: 0 }).phase).toBe('condensed');
    expect(solveMiscalibrated(physics, trueClassifier).phase).toBe('speciated');
  });

  it('ODE: the overconfident classifier decides before the mixture, the underconfident one after it; continuous at T = 1 (1e-3)', () => {
    const solve = (temperature: number) => solveMiscalibrated(problem(0.45, 1), { temperature, bias: 0 });
    const [hot, cold] = [solve(1.25), solve(0.8)];
    expect(cold.classifierSpeciationTime!).toBeGreaterThan(cold.speciationTime! + 0.1);
    expect(hot.classifierSpeciationTime!).toBeLessThan(hot.speciationTime! - 0.02);
    const decisions = ({ crossings }: typeof hot) => crossings.map(({ decision, kind }) => [decision, kind]);
    expect(decisions(cold)).toEqual([
      ['classifier', 'decided'],
      ['mixture', 'decided'],
    ]);
    expect(decisions(hot)).toEqual([
      ['mixture', 'decided'],
      ['classifier', 'decided'],
    ]);
    // In the Ornstein-Uhlenbeck process both clocks are one.
    expect(cold.classifierSpeciationTime).toBeCloseTo(cold.crossings[0]!.time, 12);
    expect(cold.speciationTime).toBeCloseTo(cold.crossings[1]!.time, 12);
    for (const temperature of [0.9999, 1.0001]) {
      expect(Math.abs(solve(temperature).final!.m - solve(1).final!.m)).toBeLessThan(1e-3);
      expect(Math.abs(solve(temperature).final!.v - solve(1).final!.v)).toBeLessThan(1e-3);
    }
    // The classifier's surface is where psi - phi = (T - 1) Sigma, to first order.
    for (const T of [0.999, 1.001]) {
      const { flow, dynamics } = solve(T);
      const event = flow.switches[T < 1 ? 0 : 1]!;
      const [decided, undecided] = [true, false].map((mixture) =>
        dynamics.phases.find((phase) => phase.mixture === mixture && !phase.classifier),
      );
      const gap =
        decided!.freeEnergy(event.clock, event.state) - undecided!.freeEnergy(event.clock, event.state);
      const complexity = undecided!.complexities.mixture!(event.clock, event.state);
      expect(relative(gap / (T - 1), complexity)).toBeLessThan(0.02);
    }
    // Less confidence, more diversity, up to the condensation of the mixture's classes.
    expect(hot.final!.v).toBeGreaterThan(solve(1).final!.v + 0.02);
    expect(solve(2).crossings).toMatchObject([{ decision: 'mixture', kind: 'condensation' }]);
    expect(solve(2).minComplexity).toMatchObject({ mixture: 0 });
  });

  it('the least complexity of both decisions is that of a scan of the trajectory (1e-6 above it at most)', () => {
    for (const [alpha, w, temperature, eta] of [
      [0.45, 1, 1.25, 0],
      [0.45, 1, 0.8, 0],
      [0.8, 1, 1.1, 1],
      [0.6, 2, 0.9, 1],
    ] as const) {
      const { flow, dynamics, options, minComplexity } = solveMiscalibrated(
        problem(alpha, w, { sampler: { eta } }),
        { temperature, bias: 0 },
      );
      const open = dynamics.phases.find((phase) => !phase.mixture && !phase.classifier)!;
      for (const decision of ['mixture', 'classifier'] as const) {
        let least = Infinity;
        const [from, to] = [flow.knots.clocks[0]!, flow.endClock];
        for (let i = 0; i <= 600; i++) {
          const clock = to - ((to - from) * i) / 6000;
          const index = flow.knots.clocks.findLastIndex((knot) => knot <= clock);
          const mode = flow.knots.modes[index]!;
          const phases = mode.kind === 'phase' ? [mode.phase] : mode.between;
          if (phases.every((phase) => dynamics.phases[phase]![decision])) continue;
          const state = flowState(dynamics, flow, clock, options);
          least = Math.min(least, open.complexities[decision]!(clock, state));
        }
        if (least === Infinity) continue;
        expect(minComplexity[decision]!).toBeLessThan(least + 1e-6);
        expect(minComplexity[decision]!).toBeGreaterThan(least - 0.02);
      }
    }
  });

  it('a bias so large that the classifier has always decided leaves the unguided model (1e-9)', () => {
    const { final, phase } = solveMiscalibrated(problem(1, 3), { temperature: 1, bias: 10 });
    expect(phase).toBe('unspeciated');
    expect(final!.m).toBeCloseTo(0, 9);
    expect(final!.v).toBeCloseTo(1.25, 9);
    const one = solveMiscalibrated(problem(0, 3), { temperature: 1.5, bias: 0 });
    expect(one.phase).toBe('speciated');
    expect(one.final!.m).toBeCloseTo(1, 9);
    expect(one.final!.v).toBeCloseTo(0.25, 9);
  });

  it('ODE, overconfident and biased against the class: the classifier condenses where its complexity in closed form vanishes (1e-8)', () => {
    const [temperature, bias, w] = [0.4, -0.2, 1];
    const physics = problem(0.5, w);
    const solution = solveMiscalibrated(
      physics,
      { temperature, bias },
      { fluctuations: true, average: 'annealed' },
    );
    expect(solution.crossings).toMatchObject([{ decision: 'classifier', kind: 'condensation' }]);
    expect(solution.options).toMatchObject({ fluctuations: false, average: 'quenched' });
    expect(solution.speciationTime).toBeNull();
    expect(solution.classifierSpeciationTime).toBeNull();
    // alpha - [s_T (q/(1 + T Gamma) - 1) + log(1 + E/T)]/2 with s_T = 1/(1 + T Gamma), in the scale of a = 1.
    const complexity = (E: number) => {
      const M = miscalibratedOverlapRatio(E, w, temperature, { eta: 0 });
      const q = M * M + miscalibratedVarianceRatio(E, w, temperature, { eta: 0 }) / E;
      const share = E / (E + temperature);
      return 0.5 - 0.5 * (share * (q * share - 1) + Math.log1p(E / temperature));
    };
    const at = Math.exp(solution.crossings[0]!.clock);
    expect(Math.abs(complexity(at))).toBeLessThan(1e-8);
    expect(complexity(0.99 * at)).toBeGreaterThan(1e-4);
    expect(solution.minComplexity.classifier).toBe(0);
    expect(solution.minComplexity.mixture!).toBeGreaterThan(0.3);
  });

  it('ODE, so strong that v leaves the range of numbers: log(v/sigma2) of the closed form (1e-8)', () => {
    // At T = 1 dL/dlambda = -w (1 - g) = -w E/(1 + E), with the integral -w log(1 + E).
    const { final, flow } = solveMiscalibrated(problem(Infinity, 500), trueClassifier);
    expect(relative(flow.endState[1]!, -500 * Math.log1p(4))).toBeLessThan(1e-8);
    expect(final!.v).toBe(0);
  });

  it('refuses a temperature that is not positive, a bias that is not finite, other keys and forms', () => {
    const physics = problem(0.5, 1);
    expect(() => solveMiscalibrated(physics, { temperature: 0, bias: 0 })).toThrow(
      /classifier.temperature must be/,
    );
    expect(() => solveMiscalibrated(physics, { temperature: 1, bias: NaN })).toThrow(/classifier.bias/);
    expect(() => solveMiscalibrated(physics, { ...trueClassifier, gain: 1 } as never)).toThrow(/gain/);
    const form = parseForm('power:exponent=0.5');
    expect(() => solveMiscalibrated({ ...physics, form }, trueClassifier)).toThrow(/linear here/);
  });
});

/** Reduced simulation of alpha = 0.45, w = 1. */
function reduced(
  dimension: number,
  eta: number,
  classifier: { temperature: number; bias: number },
  options: Parameters<typeof simulateReduced>[1],
) {
  const physics = {
    dimension,
    logClasses: 0.45 * dimension,
    schedule: constantSchedule(1),
    sigma2: 0.25,
    ensemble: 'gaussian',
    sampler: { eta },
    process: ornsteinUhlenbeck,
    startTime: null,
    guidedClass: 'typical',
    classifier,
  } as const;
  return simulateReduced(physics, { seed: 4, ...options });
}
