import { describe, expect, it, vi } from 'vitest';
import { createAdaptiveIntegrator } from '../../../src/numerics/ode/create.ts';
import { integratorNames, type StepControl, type VectorField } from '../../../src/numerics/ode/integrator.ts';
import {
  oscillator,
  oscillation,
  jump,
  decay,
  coupled,
  coupledExact,
  positive,
  problems,
  anyError,
  mixed,
  integrateTo,
  run,
  largestError,
  ordersOf,
  type Exact,
} from './odeProblems.ts';

describe.each([
  { name: integratorNames[0], order: 8, local: [0.8, 0.4, 0.2], steps: [4, 8, 16], bound: 5 },
  { name: integratorNames[1], order: 5, local: [0.2, 0.1, 0.05], steps: [16, 32, 64, 128], bound: 20 },
])('$name', ({ name, order, local, steps, bound }) => {
  const fresh = (dimension: number, control: StepControl) =>
    createAdaptiveIntegrator(name, dimension, control);

  it(`converges at order ${order} in fixed steps: harmonic (+-0.25), non-linear (+-0.4 over three halvings)`, () => {
    const errorsOf = (field: VectorField, exact: Exact, end: number, counts: readonly number[]) => {
      const start = Float64Array.from(exact(0));
      const stepper = fresh(start.length, anyError);
      return counts.map((count) => {
        stepper.restart(field, 0, start, end / count);
        const before = stepper.acceptedSteps;
        for (let i = 1; i <= count; i++) expect(stepper.advance((end * i) / count)).toBe('ok');
        expect(stepper.acceptedSteps - before).toBe(count);
        return largestError(stepper.state, exact(end));
      });
    };
    for (const measured of ordersOf(errorsOf(oscillator, oscillation, 4, steps))) {
      expect(Math.abs(measured - order)).toBeLessThan(0.25);
    }
    const [first, last] = errorsOf(coupled, coupledExact, 2, [steps[0]!, 8 * steps[0]!]);
    expect(Math.abs(Math.log2(first! / last!) / 3 - order)).toBeLessThan(0.4);
  });

  it(`"within" is one step of the method: local order ${order + 1} (+-0.25)`, () => {
    const stepper = fresh(2, anyError);
    stepper.restart(oscillator, 0, Float64Array.of(1, 0), 1);
    expect(stepper.advance(1)).toBe('ok');
    const out = new Float64Array(2);
    const errors = local.map((time) => {
      stepper.within(time, out);
      return largestError(out, oscillation(time));
    });
    for (const measured of ordersOf(errors)) expect(Math.abs(measured - order - 1)).toBeLessThan(0.25);
  });

  it('"guessWithin" is cubic: local order 4 (+-0.1), and exact to 1e-14 for a cubic solution', () => {
    const stepper = fresh(2, anyError);
    const out = new Float64Array(2);
    const errors = [0.4, 0.2, 0.1, 0.05].map((size) => {
      stepper.restart(oscillator, 0, Float64Array.of(1, 0), size);
      expect(stepper.advance(size)).toBe('ok');
      stepper.guessWithin(0.4 * size, out);
      return largestError(out, oscillation(0.4 * size));
    });
    for (const measured of ordersOf(errors)) expect(Math.abs(measured - 4)).toBeLessThan(0.1);
    const cubic: VectorField = (t, _y, out) => {
      out[0] = 3 * t * t - 1;
      out[1] = 2 * t;
    };
    stepper.restart(cubic, 1, Float64Array.of(0, 1), 0.7);
    expect(stepper.advance(1.7)).toBe('ok');
    for (const time of [1, 1.1, 1.35, 1.7]) {
      stepper.guessWithin(time, out);
      expect(largestError(out, [time ** 3 - time, time ** 2])).toBeLessThan(1e-14);
    }
  });

  it.each(Object.entries(problems))(
    `%s: error below ${bound} tolerances at 1e-6, 1e-8, 1e-10, 1e-12`,
    (_title, problem) => {
      const errors = [1e-6, 1e-8, 1e-10, 1e-12].map((tolerance) => {
        const stepper = run(name, problem, mixed(tolerance));
        expect(stepper.time).toBe(problem.end);
        const error = largestError(stepper.state, problem.exact(problem.end));
        // 1e-15: rounding of the state itself.
        expect(error).toBeLessThan(bound * tolerance + 1e-15);
        return error;
      });
      // Signs of the local errors differ, so the decrease is not regular; over six decades it is.
      expect(errors[3]!).toBeLessThan(1e-4 * errors[0]!);
    },
  );

  it('"within" is as accurate as the integration: at 4 points of every step below 1.5 times its worst error', () => {
    const tolerance = 1e-10;
    for (const { field, start, end, exact } of Object.values(problems)) {
      const stepper = fresh(start.length, mixed(tolerance));
      stepper.restart(field, 0, Float64Array.from(start));
      const out = new Float64Array(start.length);
      let worstOfIntegration = 0;
      let worst = 0;
      let worstGuess = 0;
      integrateTo(stepper, end, () => {
        const stateBefore = [...stepper.state];
        worstOfIntegration = Math.max(worstOfIntegration, largestError(stepper.state, exact(stepper.time)));
        for (const share of [0.05, 0.3, 0.62, 0.97]) {
          const time = stepper.stepStart + share * (stepper.time - stepper.stepStart);
          stepper.within(time, out);
          worst = Math.max(worst, largestError(out, exact(time)));
          stepper.guessWithin(time, out);
          worstGuess = Math.max(worstGuess, largestError(out, exact(time)));
        }
        expect([...stepper.state]).toEqual(stateBefore);
      });
      expect(worst).toBeGreaterThan(0);
      expect(worst).toBeLessThan(1.5 * worstOfIntegration);
      expect(worst).toBeLessThan(200 * tolerance);
      // An interpolant is not: the reason for `within`.
      expect(worstGuess).toBeGreaterThan(2 * worst);
    }
  });

  it('asking for states inside the steps does not change the integration (bit for bit)', () => {
    const plain = fresh(2, mixed(1e-9));
    const asked = fresh(2, mixed(1e-9));
    const out = new Float64Array(2);
    for (const stepper of [plain, asked]) stepper.restart(oscillator, 0, Float64Array.of(1, 0));
    integrateTo(plain, 5);
    integrateTo(asked, 5, () => {
      asked.within(0.5 * (asked.stepStart + asked.time), out);
      asked.guessWithin(asked.time, out);
    });
    expect([...asked.state]).toEqual([...plain.state]);
    expect(asked.acceptedSteps).toBe(plain.acceptedSteps);
  });

  it('"within" and "guessWithin" give the two ends of the step (the guess to 1e-15)', () => {
    const stepper = fresh(2, mixed(1e-8));
    stepper.restart(oscillator, 0, Float64Array.of(1, 0));
    const out = new Float64Array(2);
    integrateTo(stepper, 3, () => {
      stepper.within(stepper.stepStart, out);
      expect([...out]).toEqual([...stepper.stepStartState]);
      stepper.within(stepper.time, out);
      expect([...out]).toEqual([...stepper.state]);
      stepper.guessWithin(stepper.stepStart, out);
      expect(largestError(out, [...stepper.stepStartState])).toBeLessThan(1e-15);
      stepper.guessWithin(stepper.time, out);
      expect(largestError(out, [...stepper.state])).toBeLessThan(1e-15);
    });
    expect(stepper.acceptedSteps).toBeGreaterThan(5);
  });

  it('lands on every limit exactly, never passes one, and a limit does not lower the next step', () => {
    const stepper = fresh(1, mixed(1e-10));
    stepper.restart(decay, 0, Float64Array.of(1));
    const limits = Array.from({ length: 40 }, (_, i) => Math.sqrt(i + 1) / 3 + 1e-9 * (i % 3));
    for (const limit of limits) {
      expect(
        integrateTo(stepper, limit, () => {
          expect(stepper.time).toBeLessThan(limit);
        }),
      ).toBe('ok');
      expect(stepper.time).toBe(limit);
    }
    expect(Math.abs(stepper.state[0]! - Math.exp(-limits.at(-1)!))).toBeLessThan(1e-9);
    const proposed = stepper.proposedStep;
    const limit = stepper.time + 1e-7;
    expect(stepper.advance(limit)).toBe('ok');
    expect(stepper.time).toBe(limit);
    expect(stepper.proposedStep).toBeGreaterThanOrEqual(proposed);
  });

  it('a limit one rounding unit ahead is reached in one step; a limit at the time itself is refused', () => {
    const stepper = fresh(1, mixed(1e-10));
    stepper.restart(decay, 1, Float64Array.of(1), 0.1);
    expect(stepper.advance(1)).toBe('stepTooSmall');
    expect(stepper.time).toBe(1);
    expect(stepper.advance(1 + Number.EPSILON)).toBe('ok');
    expect(stepper.time).toBe(1 + Number.EPSILON);
    expect(stepper.acceptedSteps).toBe(1);
  });

  it('restarts with another field, time and state (1e-9), also from its own state array', () => {
    const stepper = fresh(2, mixed(1e-11));
    stepper.restart(oscillator, 0, Float64Array.of(1, 0));
    integrateTo(stepper, 2);
    const out = new Float64Array(2);
    // Ask for slopes just before and just after, so that stale ones would show.
    stepper.guessWithin(1.99, out);
    const backwards: VectorField = (_t, y, out) => {
      out[0] = -y[1]!;
      out[1] = y[0]!;
    };
    stepper.restart(backwards, 7, stepper.state);
    expect(stepper.time).toBe(7);
    expect(stepper.stepStart).toBe(7);
    stepper.guessWithin(7, out);
    expect([...out]).toEqual([...stepper.state]);
    expect(stepper.advance(9)).toBe('ok');
    const middle = 0.5 * (stepper.stepStart + stepper.time);
    stepper.guessWithin(middle, out);
    expect(largestError(out, oscillation(9 - middle))).toBeLessThan(1e-4);
    stepper.within(middle, out);
    expect(largestError(out, oscillation(9 - middle))).toBeLessThan(1e-9);
    integrateTo(stepper, 9);
    expect(largestError(stepper.state, [1, 0])).toBeLessThan(1e-9);
  });

  it('counts every evaluation of the field', () => {
    let evaluations = 0;
    const counted: VectorField = (t, y, out) => {
      evaluations += 1;
      oscillator(t, y, out);
    };
    const stepper = fresh(2, mixed(1e-9));
    stepper.restart(counted, 0, Float64Array.of(1, 0));
    integrateTo(stepper, 5, () => {
      const out = new Float64Array(2);
      stepper.within(0.5 * (stepper.stepStart + stepper.time), out);
      stepper.guessWithin(0.5 * (stepper.stepStart + stepper.time), out);
    });
    stepper.restart(counted, 5, Float64Array.of(1, 0), 0.1);
    integrateTo(stepper, 6);
    expect(evaluations).toBeGreaterThan(100);
    expect(stepper.fieldEvaluations).toBe(evaluations);
  });

  it('leaves the state once 0: at a zero state the absolute tolerance decides (1e-8, below 40 steps)', () => {
    const stepper = fresh(1, mixed(1e-10));
    stepper.restart(
      (t, _y, out) => {
        out[0] = 5 * t ** 4;
      },
      0,
      Float64Array.of(0),
    );
    expect(integrateTo(stepper, 1)).toBe('ok');
    expect(Math.abs(stepper.state[0]! - 1)).toBeLessThan(1e-8);
    expect(stepper.acceptedSteps).toBeLessThan(40);
  });

  it('a component that stays exactly 0 does no harm with a purely relative tolerance (1e-9)', () => {
    const field: VectorField = (_t, y, out) => {
      out[0] = -y[0]!;
      out[1] = 0;
    };
    const control = { relativeTolerance: 1e-10, absoluteTolerance: 0 };
    const problem = { field, start: [1, 0], end: 2, exact: (t: number) => [Math.exp(-t), 0] };
    const stepper = run(name, problem, control);
    expect(largestError(stepper.state, problem.exact(2))).toBeLessThan(1e-9);
  });

  it('crosses a jump after steps whose error estimate is exactly 0 (1e-6)', () => {
    for (const firstStep of [undefined, 1e-3, 0.1]) {
      const stepper = fresh(1, mixed(1e-8));
      stepper.restart(jump, 0, Float64Array.of(0), firstStep);
      expect(integrateTo(stepper, 1)).toBe('ok');
      expect(stepper.time).toBe(1);
      expect(Math.abs(stepper.state[0]! - 0.5)).toBeLessThan(1e-6);
    }
  });

  it('shortens trial steps that are not finite (1e-8)', () => {
    const stepper = fresh(1, mixed(1e-10));
    stepper.restart(positive, 0, Float64Array.of(1), 1);
    expect(integrateTo(stepper, 1)).toBe('ok');
    expect(Math.abs(stepper.state[0]! - Math.exp(-20))).toBeLessThan(1e-8);
  });

  it('reports "notFinite" where the field ends, with the last finite state (1e-8)', () => {
    const stepper = fresh(1, mixed(1e-8));
    const ends: VectorField = (t, _y, out) => {
      out[0] = t < 0.5 ? 1 : NaN;
    };
    stepper.restart(ends, 0, Float64Array.of(1), 0.3);
    expect(integrateTo(stepper, 1)).toBe('notFinite');
    expect(stepper.time).toBeLessThanOrEqual(0.5);
    expect(stepper.time).toBeGreaterThan(0.5 - 1e-8);
    expect(Math.abs(stepper.state[0]! - 1 - stepper.time)).toBeLessThan(1e-8);
    stepper.restart(ends, 0.6, Float64Array.of(1), 0.3);
    expect(stepper.advance(1)).toBe('notFinite');
    expect(stepper.state[0]).toBe(1);
  });

  it('stops with a status at a pole (1e-7 of its place), and never accepts a state that overflows', () => {
    const stepper = fresh(1, mixed(1e-8));
    stepper.restart(
      (_t, y, out) => {
        out[0] = y[0]! ** 2;
      },
      0,
      Float64Array.of(1),
    );
    expect(integrateTo(stepper, 2)).not.toBe('ok');
    expect(Math.abs(stepper.time - 1)).toBeLessThan(1e-7);
    for (const slope of [1e306, 1e308]) {
      stepper.restart(
        (_t, _y, out) => {
          out[0] = slope;
        },
        0,
        Float64Array.of(1.7e308),
        200,
      );
      expect(integrateTo(stepper, 200)).toBe('notFinite');
      expect(Number.isFinite(stepper.state[0]!)).toBe(true);
    }
  });

  it('does not touch the state it starts from, and prints nothing', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const start = Float64Array.of(0);
    const stepper = fresh(1, mixed(1e-12));
    stepper.restart(jump, 0, start);
    expect(integrateTo(stepper, 1)).toBe('ok');
    expect([...start]).toEqual([0]);
    expect(stepper.state[0]).toBeGreaterThan(0);
    expect(log).not.toHaveBeenCalled();
  });
});

/**
 * What {@link CashKarp} protects from, on the package itself; the tests above hold the same cases for both methods. If
 * one of these fails the package has changed, and the protection may go.
 */
