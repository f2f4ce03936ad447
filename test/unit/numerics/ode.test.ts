import createPackageIntegrator from 'ode45-cash-karp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAdaptiveIntegrator } from '../../../src/numerics/ode/create.ts';
import {
  integratorNames,
  type AdaptiveIntegrator,
  type IntegratorName,
  type StepControl,
  type StepStatus,
  type VectorField,
} from '../../../src/numerics/ode/integrator.ts';

type Exact = (time: number) => number[];
interface Problem {
  readonly field: VectorField;
  readonly start: readonly number[];
  readonly end: number;
  readonly exact: Exact;
}

const oscillator: VectorField = (_t, y, out) => {
  out[0] = y[1]!;
  out[1] = -y[0]!;
};
const oscillation: Exact = (t) => [Math.cos(t), -Math.sin(t)];
const jump: VectorField = (t, _y, out) => {
  out[0] = t < 0.5 ? 0 : 1;
};
const decay: VectorField = (_t, y, out) => {
  out[0] = -y[0]!;
};

/**
 * Non-linear, coupled and non-autonomous, so that every condition for the order counts: y = (e^s, e^2s, 1 + s, cos
 * t) with s = sin t.
 */
const coupled: VectorField = (t, y, out) => {
  out[0] = Math.sqrt(y[1]!) * y[3]!;
  out[1] = 2 * Math.exp(2 * (y[2]! - 1)) * Math.cos(t);
  out[2] = y[3]!;
  out[3] = -Math.log(y[0]!);
};
const coupledExact: Exact = (t) => {
  const s = Math.sin(t);
  return [Math.exp(s), Math.exp(2 * s), 1 + s, Math.cos(t)];
};

/** Decay at rate 20; a step so long that a stage is negative is NaN. */
const positive: VectorField = (_t, y, out) => {
  out[0] = -20 * Math.sqrt(y[0]!) ** 2;
};

const rate = 200;
const problems: Readonly<Record<string, Problem>> = {
  'harmonic oscillator, three periods': { field: oscillator, start: [1, 0], end: 20, exact: oscillation },
  'logistic growth from 1e-3': {
    field: (_t, y, out) => {
      out[0] = y[0]! * (1 - y[0]!);
    },
    start: [1e-3],
    end: 15,
    exact: (t) => [1 / (1 + 999 * Math.exp(-t))],
  },
  'relaxation to cos t at rate 200 (stiff-ish)': {
    field: (t, y, out) => {
      out[0] = -rate * (y[0]! - Math.cos(t));
    },
    start: [0],
    end: 3,
    exact: (t) => {
      const a = rate ** 2 / (1 + rate ** 2);
      return [a * Math.cos(t) + (a / rate) * Math.sin(t) - a * Math.exp(-rate * t)];
    },
  },
  "y' = -2 t y^2 (non-autonomous)": {
    field: (t, y, out) => {
      out[0] = -2 * t * y[0]! ** 2;
    },
    start: [1],
    end: 5,
    exact: (t) => [1 / (1 + t * t)],
  },
};

/** Any step is accepted: the method runs at the step sizes it is given. */
const anyError: StepControl = { relativeTolerance: 1e30, absoluteTolerance: 1e30 };
const mixed = (tolerance: number): StepControl => ({
  relativeTolerance: tolerance,
  absoluteTolerance: tolerance,
});

/** Takes steps up to `end`. The cap of 1e5 steps turns a loop that would not end into a failure. */
function integrateTo(
  stepper: AdaptiveIntegrator,
  end: number,
  each: () => void = () => undefined,
): StepStatus {
  for (let i = 0; i < 1e5; i++) {
    const status = stepper.advance(end);
    if (status !== 'ok' || stepper.time >= end) return status;
    each();
  }
  throw new Error('1e5 steps did not reach the end');
}

function run(name: IntegratorName, problem: Problem, control: StepControl): AdaptiveIntegrator {
  const stepper = createAdaptiveIntegrator(name, problem.start.length, control);
  stepper.restart(problem.field, 0, Float64Array.from(problem.start));
  expect(integrateTo(stepper, problem.end)).toBe('ok');
  return stepper;
}

function largestError(state: Float64Array, exact: readonly number[]): number {
  expect(state).toHaveLength(exact.length);
  return Math.max(...exact.map((value, i) => Math.abs(value - state[i]!)));
}

/** log2 of the ratios of successive errors: the order, where the step is halved from one to the next. */
function ordersOf(errors: readonly number[]): number[] {
  return errors.slice(1).map((error, i) => Math.log2(errors[i]! / error));
}

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
describe('faults of the package ode45-cash-karp 1.1.0', () => {
  type Slope = (y: number, t: number) => number;
  type Options = Parameters<typeof createPackageIntegrator>[4] & { dtMinMag?: number; dtMaxMag?: number };
  const scalar = (slope: Slope, y0: Float64Array, t0: number, stepSize: number, options?: Options) =>
    createPackageIntegrator(
      y0,
      (out, y, t) => {
        out[0] = slope(y[0]!, t);
      },
      t0,
      stepSize,
      options,
    );
  const silent: Options = { verbose: false };

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('stops before the limit, without an error, after steps whose error estimate is 0', () => {
    const engine = scalar((_y, t) => (t < 0.5 ? 0 : 1), Float64Array.of(0), 0, 0.1, silent);
    for (let i = 0; i < 1000 && engine.step(1); i++);
    expect(engine.t).toBeLessThan(0.5);
    expect(engine.y[0]).toBe(0);
  });

  it('throws in a second backward segment', () => {
    const engine = scalar((y) => -y, Float64Array.of(1), 2, -0.1, silent);
    for (let i = 0; i < 1000 && engine.step(1); i++);
    expect(engine.t).toBe(1);
    expect(() => {
      for (let i = 0; i < 1000 && engine.step(0); i++);
    }).toThrow(/NaN/);
  });

  it('goes around a limit closer than dtMinMag for ever (1e5 evaluations where 100 would do)', () => {
    let evaluations = 0;
    const field: Slope = (y) => {
      evaluations += 1;
      if (evaluations > 1e5) throw new Error('still running');
      return -y;
    };
    const engine = scalar(field, Float64Array.of(1), 0, 0.1, { ...silent, dtMinMag: 0.3 });
    expect(() => {
      while (engine.step(1));
    }).toThrow('still running');
    evaluations = 0;
    const stepper = createAdaptiveIntegrator('cash-karp', 1, mixed(1e-8));
    stepper.restart((t, y, out) => (out[0] = field(y[0]!, t)), 0, Float64Array.of(1), 0.1);
    expect(integrateTo(stepper, 1)).toBe('ok');
    expect(evaluations).toBeLessThanOrEqual(100);
  });

  it('throws at a trial step that is not finite', () => {
    const field: Slope = (y) => -20 * Math.sqrt(y) ** 2;
    expect(() => scalar(field, Float64Array.of(1), 0, 1, silent).step(1)).toThrow(/NaN/);
    expect(() => scalar(field, Float64Array.of(1), 0, 0.01, silent).step(1)).not.toThrow();
  });

  it('accepts a state that overflows', () => {
    const engine = scalar(() => 1e306, Float64Array.of(1.7e308), 0, 200, silent);
    engine.step(200);
    expect(engine.y[0]).toBe(Infinity);
  });

  it('mutates the initial state', () => {
    const start = Float64Array.of(1);
    scalar((y) => -y, start, 0, 0.1, silent).step(1);
    expect(start[0]).not.toBe(1);
  });

  it('prints unless told not to', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    scalar((y) => -y, Float64Array.of(1), 0, 0.1, { dtMaxMag: 0.01 }).step(1);
    expect(log).toHaveBeenCalledOnce();
    log.mockClear();
    scalar((y) => -y, Float64Array.of(1), 0, 0.1, { ...silent, dtMaxMag: 0.01 }).step(1);
    expect(log).not.toHaveBeenCalled();
  });

  it('resolves a state of size 1e-23 by default (over 100 times the evaluations of mixed tolerances)', () => {
    let evaluations = 0;
    const noise: Slope = (_y, t) => {
      evaluations += 1;
      return 1e-20 * Math.sin(1000 * t);
    };
    const engine = scalar(noise, Float64Array.of(0), 0, 1e-6, silent);
    for (let i = 0; i < 1e4 && engine.t < 1; i++) engine.step(1);
    const byPackage = evaluations;
    evaluations = 0;
    const stepper = createAdaptiveIntegrator('cash-karp', 1, mixed(1e-12));
    stepper.restart((t, y, out) => (out[0] = noise(y[0]!, t)), 0, Float64Array.of(0), 1e-6);
    expect(integrateTo(stepper, 1)).toBe('ok');
    expect(evaluations).toBeGreaterThan(6);
    expect(byPackage).toBeGreaterThan(100 * evaluations);
  });
});
