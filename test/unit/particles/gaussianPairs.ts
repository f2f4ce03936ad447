import { inverse, Matrix } from 'ml-matrix';
import type { GaussianPairProblem, PairDistributions } from '../../../src/particles/gaussianPair/problem.ts';
import type { PairMoments } from '../../../src/particles/gaussianPair/schemeMoments.ts';
import { ornsteinUhlenbeck } from '../../../src/process/process.ts';
import { constantSchedule } from './problems.ts';

/** A rotation of space by three angles about the axes z, y, x. */
export function rotation(z: number, y: number, x: number): Matrix {
  const about = (first: number, second: number, angle: number) => {
    const turn = Matrix.eye(3, 3);
    turn.set(first, first, Math.cos(angle));
    turn.set(second, second, Math.cos(angle));
    turn.set(first, second, -Math.sin(angle));
    turn.set(second, first, Math.sin(angle));
    return turn;
  };
  return about(0, 1, z)
    .mmul(about(0, 2, y))
    .mmul(about(1, 2, x));
}

/** The covariance with these eigenvalues along the columns of a rotation, made symmetric to the last bit. */
export function covariance(eigenvalues: readonly number[], turn: Matrix): number[][] {
  const matrix = turn.mmul(Matrix.diag([...eigenvalues])).mmul(turn.transpose());
  return Matrix.add(matrix, matrix.transpose()).mul(0.5).to2DArray();
}

const means = { conditionalMean: [1, -0.5, 0.3], unconditionalMean: [0.2, 0.4, -0.1] };
const turn = rotation(0.7, 1.1, -0.4);

/** Rotated covariances that commute; one direction is wider in the conditional distribution. */
export const commutingPair: PairDistributions = {
  ...means,
  conditionalCovariance: covariance([0.2, 0.5, 1.5], turn),
  unconditionalCovariance: covariance([1.7, 0.9, 1.2], turn),
};

/** Covariances that do not commute. */
export const rotatedPair: PairDistributions = {
  ...means,
  conditionalCovariance: covariance([0.1, 0.4, 1], turn),
  unconditionalCovariance: covariance([0.5, 2, 1.2], rotation(-0.5, 0.3, 0.9)),
};

/** A problem with pure noise at the start and constant w, with changes. */
export function pairProblem(
  pair: PairDistributions,
  w: number,
  eta: number,
  changes: Partial<GaussianPairProblem> = {},
): GaussianPairProblem {
  return {
    ...pair,
    schedule: constantSchedule(w),
    sampler: { eta },
    process: ornsteinUhlenbeck,
    startTime: null,
    ...changes,
  };
}

/** A pair with its guidance as a function of tau, for {@link momentFlow}. */
export interface FlowProblem {
  readonly pair: PairDistributions;
  readonly eta: number;
  /** w on each interval of `times`. */
  readonly ws: readonly number[];
  /** Descending tau, from the start to 0. */
  readonly times: readonly number[];
  /** Start: mean, and variance per coordinate. */
  readonly mean: readonly number[];
  readonly variance: number;
}

/**
 * Mean and covariance from their differential equations in tau (variance exploding, backward), by classical Runge-Kutta steps
 * even in log(tau + shift):
 *   m' = -(e/2)[(1 + w) Pc (m - mu_c) - w Pu (m - mu_u)],   S' = -(e/2)(H S + S H) + eta^2 I,   H = (1 + w) Pc - w Pu,
 * with Pc = (C + tau I)^-1, Pu = (U + tau I)^-1. All in one (d x (d + 1)) matrix (m, S).
 */
export function momentFlow(problem: FlowProblem, stepsPerInterval: number): PairMoments {
  const { pair, eta, ws, times } = problem;
  const shift = 0.1;
  const dimension = pair.conditionalMean.length;
  const halfE = (1 + eta * eta) / 2;
  const conditional = new Matrix(pair.conditionalCovariance.map((row) => [...row]));
  const unconditional = new Matrix(pair.unconditionalCovariance.map((row) => [...row]));
  const guided = Matrix.columnVector([...pair.conditionalMean]);
  const free = Matrix.columnVector([...pair.unconditionalMean]);
  const identity = Matrix.eye(dimension, dimension);
  const slope = (clock: number, w: number, state: Matrix): Matrix => {
    const tau = Math.exp(clock) - shift;
    const ofGuided = inverse(Matrix.add(conditional, Matrix.mul(identity, tau))).mul(1 + w);
    const ofFree = inverse(Matrix.add(unconditional, Matrix.mul(identity, tau))).mul(-w);
    const pull = Matrix.add(ofGuided, ofFree);
    const square = state.subMatrix(0, dimension - 1, 1, dimension);
    const drift = ofGuided
      .mmul(Matrix.sub(state.getColumnVector(0), guided))
      .add(ofFree.mmul(Matrix.sub(state.getColumnVector(0), free)));
    const spread = pull
      .mmul(square)
      .add(square.mmul(pull))
      .mul(-halfE)
      .add(Matrix.mul(identity, eta * eta));
    const result = new Matrix(dimension, dimension + 1);
    result.setSubMatrix(drift.mul(-halfE), 0, 0);
    result.setSubMatrix(spread, 0, 1);
    // Backward in tau, forward in the clock: d tau = (tau + shift) d clock.
    return result.mul(-(tau + shift));
  };
  let state = new Matrix(dimension, dimension + 1);
  state.setSubMatrix(Matrix.columnVector([...problem.mean]), 0, 0);
  state.setSubMatrix(Matrix.mul(identity, problem.variance), 0, 1);
  ws.forEach((w, interval) => {
    const from = Math.log(times[interval]! + shift);
    const h = (Math.log(times[interval + 1]! + shift) - from) / stepsPerInterval;
    for (let i = 0; i < stepsPerInterval; i++) {
      const at = (share: number, k: Matrix | null) =>
        slope(from + (i + share) * h, w, k === null ? state : Matrix.add(state, Matrix.mul(k, share * h)));
      const k1 = at(0, null);
      const k2 = at(0.5, k1);
      const k3 = at(0.5, k2);
      const k4 = at(1, k3);
      const sum = Matrix.add(k1, k4).add(Matrix.mul(k2, 2)).add(Matrix.mul(k3, 2));
      state = Matrix.add(state, sum.mul(h / 6));
    }
  });
  return {
    mean: state.getColumn(0),
    covariance: state.subMatrix(0, dimension - 1, 1, dimension).to2DArray(),
  };
}

/** The flow with constant w from (nearly) pure noise, tau = 1e8. */
export function asymptoticFlow(pair: PairDistributions, w: number, eta: number, steps: number): PairMoments {
  const mean = pair.conditionalMean.map((value, i) => (1 + w) * value - w * pair.unconditionalMean[i]!);
  return momentFlow({ pair, eta, ws: [w], times: [1e8, 0], mean, variance: 1e8 }, steps);
}

/** Largest absolute difference of two sets of moments. */
export function largestDifference(one: PairMoments, other: PairMoments): number {
  const flat = ({ mean, covariance: matrix }: PairMoments) => [...mean, ...matrix.flat()];
  const second = flat(other);
  return Math.max(...flat(one).map((value, i) => Math.abs(value - second[i]!)));
}
