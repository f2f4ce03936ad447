import { describe, expect, it } from 'vitest';
import { NumericalFailure } from '../../../src/numerics/checks.ts';
import { integratorNames } from '../../../src/numerics/ode/integrator.ts';
import type { PhaseDynamics } from '../../../src/meanfield/phases.ts';
import {
  integratePiecewise,
  solverDefaults,
  type PiecewiseProblem,
} from '../../../src/meanfield/piecewise.ts';
import { solveOrderParameters } from '../../../src/meanfield/solve.ts';
import { finalState } from '../../../src/closedForms/afterTransition.ts';
import { problem } from './sampling.ts';

type Field = (clock: number, y: Float64Array, out: Float64Array) => void;

/** Phases with given free energies and fields; state (x, y). */
function system(
  energies: readonly ((clock: number, y: Float64Array) => number)[],
  fields: readonly Field[],
  complexity?: (clock: number, y: Float64Array) => number,
): PhaseDynamics {
  return {
    dimension: 2,
    guided: 0,
    phases: energies.map((freeEnergy, i) => ({
      name: `phase ${i}`,
      freeEnergy,
      score: () => undefined,
      ...(i === 1 && complexity !== undefined ? { complexity } : {}),
    })),
    field: (phase, clock, y, out) => {
      fields[phase]!(clock, y, out);
    },
    diffusion: () => undefined,
  };
}

function run(
  dynamics: PhaseDynamics,
  start: readonly number[],
  end: number,
  parts: Partial<PiecewiseProblem> = {},
) {
  return integratePiecewise(
    {
      dynamics,
      startClock: 0,
      endClock: end,
      startState: Float64Array.from(start),
      breakpoints: [],
      ...parts,
    },
    solverDefaults,
  );
}

const constant =
  (x: number, y: number): Field =>
  (_clock, _state, out) => {
    out[0] = x;
    out[1] = y;
  };

describe('piecewise-smooth solver', () => {
  it.each(integratorNames)(
    '%s: locates crossings in both directions to 1e-12 and follows a relay oscillation',
    (integrator) => {
      // Phase 1 dominates where x < 0. dx/dt = 1 - t there and -t elsewhere: parabolas whose crossings are known.
      const dynamics = system(
        [(_t, s) => s[0]!, () => 0],
        [
          (t, _s, out) => {
            out.set([-t, 1]);
          },
          (t, _s, out) => {
            out.set([1 - t, 0]);
          },
        ],
      );
      const solution = integratePiecewise(
        { dynamics, startClock: 0, endClock: 3, startState: Float64Array.of(-0.375, 0), breakpoints: [] },
        { ...solverDefaults, integrator },
      );
      // x = -0.375 + t - t^2/2 reaches 0 at t = 0.5; then x = (0.25 - t^2)/2 < 0 at once: both flows oppose for
      // t in (0, 1): sliding.
      expect(solution.switches[0]!.clock).toBeCloseTo(0.5, 12);
      expect(solution.switches[0]!.to).toEqual({ kind: 'sliding', between: [1, 0] });
      // On the surface nu (-t) + (1 - nu)(1 - t) = 0: nu = 1 - t, dy/dt = nu; it leaves at t = 1 into phase 1 (nu = 0).
      expect(solution.switches[1]!.clock).toBeCloseTo(1, 9);
      expect(solution.switches[1]!.to).toEqual({ kind: 'phase', phase: 1 });
      expect(solution.switches).toHaveLength(2);
      expect(solution.endState[1]!).toBeCloseTo(0.5 - (1 - 0.25) / 2, 9);
      expect(solution.endState[0]!).toBeCloseTo(-((3 - 1) ** 2) / 2, 8);
    },
  );

  it('crosses back when the surface moves, at known times (1e-12)', () => {
    // The field never changes; only the phases do, as the surface cos(t) passes x = t/10 again and again.
    const dynamics = system([(t, s) => Math.cos(t) - s[0]!, () => 0], [constant(0.1, 0), constant(0.1, 0)]);
    const solution = run(dynamics, [0, 0], 12);
    const roots = solution.switches.map((event) => event.clock);
    for (const root of roots) expect(Math.abs(Math.cos(root) - root / 10)).toBeLessThan(1e-12);
    let expected = 0;
    for (let t = 1e-3; t < 12; t += 1e-3) {
      if (Math.cos(t) - t / 10 > 0 !== Math.cos(t - 1e-3) - (t - 1e-3) / 10 > 0) expected += 1;
    }
    expect(roots).toHaveLength(expected);
  });

  it('finds a pair of crossings inside one step of the integrator', () => {
    // A bump of width 0.02 in the gap of a flow so smooth that its steps are long: seen in between the ends of the
    // step.
    const dynamics = system(
      [(t, s) => 0.02 - (s[0]! - 1.5) ** 2 + 0 * t, () => 0],
      [constant(1, 0), constant(1, 0)],
    );
    const solution = run(dynamics, [0, 0], 3);
    expect(solution.switches.map((event) => event.clock)).toEqual([
      expect.closeTo(1.5 - Math.sqrt(0.02), 11) as number,
      expect.closeTo(1.5 + Math.sqrt(0.02), 11) as number,
    ]);
  });

  it('three phases: each takes over in turn where its energy becomes the largest (1e-12)', () => {
    const dynamics = system(
      [(_t, s) => s[0]!, () => 1, (_t, s) => 2 * s[0]! - 2.5],
      [constant(1, 0), constant(1, 1), constant(1, 2)],
    );
    const solution = run(dynamics, [0, 0], 4);
    expect(solution.switches.map((event) => event.to)).toEqual([
      { kind: 'phase', phase: 0 },
      { kind: 'phase', phase: 2 },
    ]);
    expect(solution.switches[0]!.clock).toBeCloseTo(1, 12);
    expect(solution.switches[1]!.clock).toBeCloseTo(2.5, 12);
    expect(solution.endState[1]!).toBeCloseTo(1 + 0 + 2 * 1.5, 12);
  });

  it('stops as condensed where the complexity vanishes, but not where a transition coincides with it', () => {
    const energies = [(_t: number, s: Float64Array) => s[0]! - 2, () => 0];
    const condensing = run(
      system(energies, [constant(1, 0), constant(1, 0)], (_t, s) => 1 - s[0]!),
      [0, 0],
      4,
    );
    expect(condensing.status).toBe('condensed');
    expect(condensing.endClock).toBeCloseTo(1, 12);
    expect(condensing.minComplexity).toBeCloseTo(0, 12);
    const coinciding = run(
      system(energies, [constant(1, 0), constant(1, 0)], (_t, s) => (2 - s[0]!) / 2),
      [0, 0],
      4,
    );
    expect(coinciding.status).toBe('completed');
    expect(coinciding.switches.map((event) => event.to)).toEqual([{ kind: 'phase', phase: 0 }]);
  });

  it('condenses at tiny rates too, where the gap to the other phase is tiny as well', () => {
    // The system above with energies of 1e-9: at its condensation the other phase lies 1e-9 lower, which is no tie.
    const small = run(
      system(
        [(_t, s) => 1e-9 * (s[0]! - 2), () => 0],
        [constant(1, 0), constant(1, 0)],
        (_t, s) => 1e-9 * (1 - s[0]!),
      ),
      [0, 0],
      4,
    );
    expect(small.status).toBe('condensed');
    expect(small.endClock).toBeCloseTo(1, 3);
    expect(small.switches.map((event) => event.to)).toEqual(['condensed']);
  });

  it('starts in the phase of largest free energy, the first of equals', () => {
    const fields = [constant(1, 0), constant(2, 0), constant(3, 0)];
    const start = (...values: number[]) =>
      run(
        system(
          values.map((value) => () => value),
          fields,
        ),
        [0, 0],
        1,
      ).endState[0];
    expect(start(0, -1, -2)).toBeCloseTo(1, 12);
    expect(start(-3, -1, -2)).toBeCloseTo(2, 12);
    expect(start(-3, -2, -1)).toBeCloseTo(3, 12);
    expect(start(0, 0, 0)).toBeCloseTo(1, 12);
  });

  it('hands the jump a state of its own: the switch keeps the one before it', () => {
    const dynamics = system([(_t, s) => s[0]! - 1, () => 0], [constant(1, 0), constant(1, 0)]);
    const solution = run(dynamics, [0, 0], 2, {
      jump: (_clock, state) => {
        state[1] = 5;
      },
    });
    expect(solution.switches[0]!.state[1]).toBe(0);
    expect(solution.endState[1]).toBeCloseTo(5, 12);
  });

  it('restarts at breakpoints: a field with a jump in time is integrated to 1e-11', () => {
    const dynamics = system(
      [() => -1, () => 0],
      [
        constant(0, 0),
        (t, _s, out) => {
          out.set([t < 0.7 ? 1 : 0, t < 0.7 ? 0 : Math.exp(t)]);
        },
      ],
    );
    const solution = run(dynamics, [0, 0], 1, { breakpoints: [0.7] });
    expect(solution.endState[0]!).toBeCloseTo(0.7, 11);
    expect(solution.endState[1]!).toBeCloseTo(Math.E - Math.exp(0.7), 11);
  });

  it('says what failed and what to try: a singular field, too few steps', () => {
    const singular = system(
      [() => -1, () => 0],
      [
        constant(0, 0),
        (t, _s, out) => {
          out.set([1 / (0.5 - t) ** 2, 0]);
        },
      ],
    );
    expect(() => run(singular, [0, 0], 1)).toThrow(NumericalFailure);
    const long = system(
      [() => -1, () => 0],
      [
        constant(0, 0),
        (t, _s, out) => {
          out.set([Math.cos(50 * t), 0]);
        },
      ],
    );
    expect(() =>
      integratePiecewise(
        { dynamics: long, startClock: 0, endClock: 100, startState: new Float64Array(2), breakpoints: [] },
        { ...solverDefaults, maxSteps: 50 },
      ),
    ).toThrow(/more than 50 steps.*raise maxSteps/);
  });

  it('sliding occurs for eta > 1 at small class rates, as w > 1/(eta^2 - 1) predicts, and not for the ODE or the SDE', () => {
    const options = { fluctuations: true };
    for (const [eta, w] of [
      [2, 1],
      [2, 3],
      [1.6, 2],
    ] as const) {
      const solution = solveOrderParameters(problem(0.05, w, { sampler: { eta } }), options);
      expect(solution.crossings.map((crossing) => crossing.kind)).toContain('slidingStart');
      expect(solution.phase).toBe('speciated');
      expect(solution.vParallel).toBeNull();
      expect(finalState(0.05, w, 0.25, { eta }).slides).toBe(true);
      expect(Number.isFinite(solution.final!.m) && solution.final!.v > 0).toBe(true);
    }
    for (const eta of [0, 0.5, 1]) {
      for (const w of [0.5, 2, 5, 20]) {
        const solution = solveOrderParameters(problem(0.05, w, { sampler: { eta } }), {
          fluctuations: false,
        });
        expect(solution.crossings.map((crossing) => crossing.kind)).toEqual(['speciation']);
      }
    }
  });
});
