import { expect } from 'vitest';
import { createAdaptiveIntegrator } from '../../../src/numerics/ode/create.ts';
import {
  type AdaptiveIntegrator,
  type IntegratorName,
  type StepControl,
  type StepStatus,
  type VectorField,
} from '../../../src/numerics/ode/integrator.ts';

export type Exact = (time: number) => number[];

export interface Problem {
  readonly field: VectorField;
  readonly start: readonly number[];
  readonly end: number;
  readonly exact: Exact;
}

export const oscillator: VectorField = (_t, y, out) => {
  out[0] = y[1]!;
  out[1] = -y[0]!;
};
export const oscillation: Exact = (t) => [Math.cos(t), -Math.sin(t)];
export const jump: VectorField = (t, _y, out) => {
  out[0] = t < 0.5 ? 0 : 1;
};
export const decay: VectorField = (_t, y, out) => {
  out[0] = -y[0]!;
};

/**
 * Non-linear, coupled and non-autonomous, so that every condition for the order counts: y = (e^s, e^2s, 1 + s, cos
 * t) with s = sin t.
 */
export const coupled: VectorField = (t, y, out) => {
  out[0] = Math.sqrt(y[1]!) * y[3]!;
  out[1] = 2 * Math.exp(2 * (y[2]! - 1)) * Math.cos(t);
  out[2] = y[3]!;
  out[3] = -Math.log(y[0]!);
};
export const coupledExact: Exact = (t) => {
  const s = Math.sin(t);
  return [Math.exp(s), Math.exp(2 * s), 1 + s, Math.cos(t)];
};

/** Decay at rate 20; a step so long that a stage is negative is NaN. */
export const positive: VectorField = (_t, y, out) => {
  out[0] = -20 * Math.sqrt(y[0]!) ** 2;
};

export const rate = 200;
export const problems: Readonly<Record<string, Problem>> = {
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
export const anyError: StepControl = { relativeTolerance: 1e30, absoluteTolerance: 1e30 };
export const mixed = (tolerance: number): StepControl => ({
  relativeTolerance: tolerance,
  absoluteTolerance: tolerance,
});

/** Takes steps up to `end`. The cap of 1e5 steps turns a loop that would not end into a failure. */
export function integrateTo(
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

export function run(name: IntegratorName, problem: Problem, control: StepControl): AdaptiveIntegrator {
  const stepper = createAdaptiveIntegrator(name, problem.start.length, control);
  stepper.restart(problem.field, 0, Float64Array.from(problem.start));
  expect(integrateTo(stepper, problem.end)).toBe('ok');
  return stepper;
}

export function largestError(state: Float64Array, exact: readonly number[]): number {
  expect(state).toHaveLength(exact.length);
  return Math.max(...exact.map((value, i) => Math.abs(value - state[i]!)));
}

/** log2 of the ratios of successive errors: the order, where the step is halved from one to the next. */
export function ordersOf(errors: readonly number[]): number[] {
  return errors.slice(1).map((error, i) => Math.log2(errors[i]! / error));
}
