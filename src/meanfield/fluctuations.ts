import { NumericalFailure, ParameterError, requireInteger, requireNumbers } from '../numerics/checks.ts';
import { derivativeAtZero, differenceStep } from '../numerics/differences.ts';
import type { VectorField } from '../numerics/ode/integrator.ts';
import { modeField, type Mode } from './modes.ts';
import type { PhaseDynamics } from './phases.ts';
import { requirePiecewise, type PiecewiseProblem } from './piecewise.ts';

/**
 * Extends a piecewise-smooth problem by the fluctuations of the order parameters over particles at fixed classes
 * (eq. fluctuation-flow): with C = d times the covariance of the state,
 *   dC/dlambda = J C + C J^T + diffusion,   J = Jacobian of the flow,
 * and at a switch, because the time of the crossing fluctuates as well, C -> S C S^T with the saltation matrix
 *   S = 1 + (f_after - f_before) (grad h)^T / (dh/dlambda + grad h . f_before)   (eq. saltation),
 * h being the gap of the free energies. C is carried as its Cholesky factor F = diag(l) T, C = F F^T (eq. fluctuation-factor), so that
 * it stays positive and relatively accurate when a variance shrinks by orders of magnitude. The state becomes (order parameters; then row by
 * row T_ij for j < i and log l_i). Along a sliding segment C is singular, and its factor does not exist: a flow that slides is refused when it gets there.
 * @param startCovariance upper triangle of C at the start, row by row; positive definite
 */
export function withFluctuations(
  problem: PiecewiseProblem,
  startCovariance: readonly number[],
): PiecewiseProblem {
  requirePiecewise(problem);
  const { dynamics } = problem;
  const n = dynamics.dimension;
  requireNumbers('startCovariance', startCovariance);
  if (startCovariance.length !== (n * (n + 1)) / 2)
    throw new ParameterError('startCovariance', `the upper triangle of ${n} x ${n}`, startCovariance);
  const startState = new Float64Array(n + (n * (n + 1)) / 2);
  startState.set(problem.startState.subarray(0, n));
  storeFactor(startState, n, cholesky(startCovariance, n));
  return {
    ...problem,
    startState,
    extendedField: (mode) => factorField(dynamics, mode),
    jump: (clock, state, from, to) => {
      if (from.kind === 'sliding' || to.kind === 'sliding') {
        throw new NumericalFailure(
          `the state slides along the surface of two phases from log(a^2/Gamma) = ${clock}, where its covariance is singular`,
          'solve it without fluctuations',
        );
      }
      applySaltation(dynamics, clock, state, from.phase, to.phase);
    },
  };
}

/** Lower Cholesky factor, row-major, of a matrix given by its upper triangle row by row. */
function cholesky(upper: readonly number[], n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let value = upper[j * n - (j * (j - 1)) / 2 + (i - j)]!;
      for (let k = 0; k < j; k++) value -= factor[i * n + k]! * factor[j * n + k]!;
      if (i === j && !(value > 0)) throw new ParameterError('startCovariance', 'positive definite', upper);
      factor[i * n + j] = i === j ? Math.sqrt(value) : value / factor[j * n + j]!;
    }
  }
  return factor;
}

/** Position in the state of T_ij (j < i) and of log l_i (j = i). */
function factorIndex(n: number, i: number, j: number): number {
  return n + (i * (i + 1)) / 2 + j;
}

/** Writes a lower-triangular factor F into a state as (T_ij, log l_i). */
function storeFactor(state: Float64Array, n: number, factor: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const scale = factor[i * n + i]!;
    for (let j = 0; j < i; j++) state[factorIndex(n, i, j)] = factor[i * n + j]! / scale;
    state[factorIndex(n, i, i)] = Math.log(scale);
  }
}

/** T_ij of a state: unit diagonal. */
function unitFactor(state: Float64Array, n: number, i: number, j: number): number {
  return j < i ? state[factorIndex(n, i, j)]! : j === i ? 1 : 0;
}

/** C_ij of a state of {@link withFluctuations}. @param n number of order parameters */
export function covarianceEntry(state: Float64Array, n: number, i: number, j: number): number {
  requireNumbers('state', state);
  requireInteger('n', n, 1);
  requireInteger('i', i, 0, n - 1);
  requireInteger('j', j, 0, n - 1);
  if (state.length < factorIndex(n, n, 0))
    throw new ParameterError('state', 'one of n with fluctuations', state);
  let value = 0;
  for (let k = 0; k < n; k++) value += unitFactor(state, n, i, k) * unitFactor(state, n, j, k);
  return value * Math.exp(state[factorIndex(n, i, i)]! + state[factorIndex(n, j, j)]!);
}

/** Jacobian of a field by central differences of fourth order, row-major, in an array that the next call overwrites. */
function jacobianOf(field: VectorField, n: number): (clock: number, state: Float64Array) => Float64Array {
  const result = new Float64Array(n * n);
  const point = new Float64Array(n);
  const slope = new Float64Array(n);
  return (clock, state) => {
    result.fill(0);
    for (let i = 0; i < n; i++) point[i] = state[i]!;
    for (let j = 0; j < n; j++) {
      const centre = point[j]!;
      const step = differenceStep * Math.max(1, Math.abs(centre));
      // The weights of derivativeAtZero, for all components of the field at once.
      for (let k = 0; k < 4; k++) {
        const weight = weights[k]!;
        point[j] = centre + positions[k]! * step;
        field(clock, point, slope);
        for (let i = 0; i < n; i++)
          result[i * n + j] = result[i * n + j]! + (weight * slope[i]!) / (12 * step);
      }
      point[j] = centre;
    }
    return result;
  };
}

const positions = [1, -1, 2, -2];
const weights = [8, -8, -1, 1];

/**
 * dF/dlambda = F Phi(A), A = F^-1 (J C + C J^T + diffusion) F^-T, Phi the lower triangle with half the diagonal (eq. fluctuation-factor),
 * for F = diag(l) T: d(log l_i) = Phi_ii, dT_ij = (T Phi)_ij - T_ij Phi_ii.
 */
function factorField(dynamics: PhaseDynamics, mode: Mode): VectorField {
  const n = dynamics.dimension;
  const field = modeField(dynamics, mode);
  const velocity = new Float64Array(n);
  const noise = new Float64Array(n * n);
  const drift = new Float64Array(n * n);
  const jacobian = jacobianOf(field, n);
  return (clock, state, out) => {
    field(clock, state, velocity);
    out.set(velocity);
    const J = jacobian(clock, state);
    noise.fill(0);
    dynamics.diffusion(clock, state, noise);
    // diag(l)^-1 J diag(l) T, and diag(l)^-1 diffusion diag(l)^-1.
    for (let i = 0; i < n; i++) {
      const scale = state[factorIndex(n, i, i)]!;
      for (let j = 0; j < n; j++) {
        let value = 0;
        for (let k = j; k < n; k++)
          if (J[i * n + k]! !== 0) {
            const relative = k === i ? 1 : Math.exp(state[factorIndex(n, k, k)]! - scale);
            value += J[i * n + k]! * relative * unitFactor(state, n, k, j);
          }
        drift[i * n + j] = value;
        if (noise[i * n + j]! !== 0)
          noise[i * n + j] = noise[i * n + j]! * Math.exp(-scale - state[factorIndex(n, j, j)]!);
      }
    }
    solveRows(state, n, drift);
    if (noise.some((value) => value !== 0)) {
      solveRows(state, n, noise);
      transpose(noise, n);
      solveRows(state, n, noise);
    }
    for (let i = 0; i < n; i++) {
      const half = drift[i * n + i]! + 0.5 * noise[i * n + i]!;
      out[factorIndex(n, i, i)] = half;
      for (let j = 0; j < i; j++) {
        let value = -unitFactor(state, n, i, j) * half;
        for (let k = j; k <= i; k++) {
          const phi =
            k === j
              ? drift[j * n + j]! + 0.5 * noise[j * n + j]!
              : drift[k * n + j]! + drift[j * n + k]! + noise[k * n + j]!;
          value += unitFactor(state, n, i, k) * phi;
        }
        out[factorIndex(n, i, j)] = value;
      }
    }
  };
}

/** Replaces a matrix by T^-1 times it. */
function solveRows(state: Float64Array, n: number, matrix: Float64Array): void {
  for (let i = 1; i < n; i++)
    for (let k = 0; k < i; k++)
      for (let j = 0; j < n; j++)
        matrix[i * n + j] = matrix[i * n + j]! - unitFactor(state, n, i, k) * matrix[k * n + j]!;
}

function transpose(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++)
      [matrix[i * n + j], matrix[j * n + i]] = [matrix[j * n + i]!, matrix[i * n + j]!];
}

/** Saltation at a switch from phase a to phase b. */
function applySaltation(
  dynamics: PhaseDynamics,
  clock: number,
  state: Float64Array,
  a: number,
  b: number,
): void {
  const n = dynamics.dimension;
  const point = state.slice(0, n);
  const before = new Float64Array(n);
  const after = new Float64Array(n);
  dynamics.field(a, clock, point, before);
  dynamics.field(b, clock, point, after);
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
  // S F, and its lower-triangular factor by Gram-Schmidt on the rows: (S F) (S F)^T = S C S^T.
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      let value = 0;
      for (let k = j; k < n; k++)
        value += S[i * n + k]! * Math.exp(state[factorIndex(n, k, k)]!) * unitFactor(state, n, k, j);
      return value;
    }),
  );
  const factor = new Float64Array(n * n);
  rows.forEach((row, i) => {
    for (let j = 0; j <= i; j++) {
      const other = rows[j]!;
      const overlap = j === i ? Math.hypot(...row) : row.reduce((sum, x, k) => sum + x * other[k]!, 0);
      factor[i * n + j] = overlap;
      for (let k = 0; k < n; k++) row[k] = j === i ? row[k]! / overlap : row[k]! - overlap * other[k]!;
    }
  });
  storeFactor(state, n, factor);
}
