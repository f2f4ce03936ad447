import { derivativeAtZero, differenceStep } from '../numerics/differences.ts';
import type { VectorField } from '../numerics/ode/integrator.ts';
import { modeField, type Mode } from './modes.ts';
import type { PhaseDynamics } from './phases.ts';
import type { PiecewiseProblem } from './piecewise.ts';

/**
 * Extends a piecewise-smooth problem by the fluctuations of the order parameters over particles at fixed classes
 * (eq. fluctuation-flow): with C = d times the covariance of the state,
 *   dC/dlambda = J C + C J^T + diffusion,   J = Jacobian of the flow,
 * and at a switch, because the time of the crossing fluctuates as well, C -> S C S^T with the saltation matrix
 *   S = 1 + (f_after - f_before) (grad h)^T / (dh/dlambda + grad h . f_before)   (eq. saltation),
 * h being the gap of the free energies. The state becomes (order parameters, upper triangle of C row by row). Not
 * meant for sliding segments, where the noise off the surface would have to be projected out.
 * @param startCovariance upper triangle of C at the start, row by row
 */
export function withFluctuations(
  problem: PiecewiseProblem,
  startCovariance: readonly number[],
): PiecewiseProblem {
  const { dynamics } = problem;
  const n = dynamics.dimension;
  const size = n + (n * (n + 1)) / 2;
  const startState = new Float64Array(size);
  startState.set(problem.startState.subarray(0, n));
  startState.set(startCovariance, n);
  return {
    ...problem,
    startState,
    extendedField: (mode) => covarianceField(dynamics, mode),
    jump: (clock, state, from, to) => {
      applySaltation(dynamics, clock, state, from, to);
    },
  };
}

/** Position of C_ij in the state. */
function triangleIndex(n: number, i: number, j: number): number {
  const row = Math.min(i, j);
  const column = Math.max(i, j);
  return n + row * n - (row * (row - 1)) / 2 + (column - row);
}

/** C_ij of a state of {@link withFluctuations}. @param n number of order parameters */
export function covarianceEntry(state: Float64Array, n: number, i: number, j: number): number {
  return state[triangleIndex(n, i, j)]!;
}

/** Jacobian of a field by central differences of fourth order, row-major. */
function jacobian(field: VectorField, clock: number, state: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  const point = state.slice(0, n);
  const slope = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const centre = point[j]!;
    const step = differenceStep * Math.max(1, Math.abs(centre));
    // The weights of derivativeAtZero, for all components of the field at once.
    for (const [position, weight] of [
      [1, 8],
      [-1, -8],
      [2, -1],
      [-2, 1],
    ] as const) {
      point[j] = centre + position * step;
      field(clock, point, slope);
      for (let i = 0; i < n; i++) result[i * n + j] = result[i * n + j]! + (weight * slope[i]!) / (12 * step);
    }
    point[j] = centre;
  }
  return result;
}

function covarianceField(dynamics: PhaseDynamics, mode: Mode): VectorField {
  const n = dynamics.dimension;
  const field = modeField(dynamics, mode);
  const velocity = new Float64Array(n);
  const noise = new Float64Array(n * n);
  return (clock, state, out) => {
    field(clock, state, velocity);
    out.set(velocity);
    const J = jacobian(field, clock, state, n);
    noise.fill(0);
    dynamics.diffusion(clock, state, noise);
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        let rate = noise[i * n + j]!;
        for (let k = 0; k < n; k++) {
          rate +=
            J[i * n + k]! * covarianceEntry(state, n, k, j) + J[j * n + k]! * covarianceEntry(state, n, i, k);
        }
        out[triangleIndex(n, i, j)] = rate;
      }
    }
  };
}

function applySaltation(
  dynamics: PhaseDynamics,
  clock: number,
  state: Float64Array,
  from: Mode,
  to: Mode,
): void {
  const pair = surfaceBetween(from, to);
  if (pair === null) return; // leaving a sliding segment at its end: the field is continuous there
  const n = dynamics.dimension;
  const [a, b] = pair;
  const point = state.slice(0, n);
  const before = new Float64Array(n);
  const after = new Float64Array(n);
  modeField(dynamics, from)(clock, point, before);
  modeField(dynamics, to)(clock, point, after);
  const gap = (at: number, y: Float64Array) =>
    dynamics.phases[b]!.freeEnergy(at, y) - dynamics.phases[a]!.freeEnergy(at, y);
  const gradient = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const centre = point[i]!;
    const along = (x: number) => {
      point[i] = centre + x;
      return gap(clock, point);
    };
    gradient[i] = derivativeAtZero(along, differenceStep * Math.max(1, Math.abs(centre)));
    point[i] = centre;
  }
  let rate = derivativeAtZero((x) => gap(clock + x, point), differenceStep);
  for (let i = 0; i < n; i++) rate += gradient[i]! * before[i]!;
  const S = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      S[i * n + j] = (i === j ? 1 : 0) + ((after[i]! - before[i]!) * gradient[j]!) / rate;
    }
  }
  const updated: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      let value = 0;
      for (let k = 0; k < n; k++) {
        for (let l = 0; l < n; l++) value += S[i * n + k]! * covarianceEntry(state, n, k, l) * S[j * n + l]!;
      }
      updated.push(value);
    }
  }
  state.set(updated, n);
}

/** The two phases whose equality a switch crosses, from the one that dominated before; null at the end of a sliding segment. */
function surfaceBetween(from: Mode, to: Mode): readonly [number, number] | null {
  if (from.kind === 'phase') {
    if (to.kind === 'phase') return [from.phase, to.phase];
    return to.between[0] === from.phase ? to.between : [to.between[1], to.between[0]];
  }
  if (to.kind === 'phase' && !from.between.includes(to.phase)) return [from.between[0], to.phase];
  return null;
}
