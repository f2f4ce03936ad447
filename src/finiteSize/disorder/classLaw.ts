import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { NumericalFailure } from '../../numerics/checks.ts';
import { besselRatio, logSphereAverage } from '../../numerics/besselRatio.ts';

/**
 * One competing class as a particle sees it. In the frame Y = x y, x^2 = 1/Gamma, a class has the log-weight
 * l = x Y.mu - x^2 |mu|^2/2; its law over the ensemble depends on |Y| alone (eq. class-weight-law). Tabulated on an even
 * grid of l, on which sums are integrals to many digits.
 */
export interface ClassLaw {
  readonly firstLog: number;
  readonly logStep: number;
  /** Probability of each value of l. */
  readonly probability: Float64Array;
  /** Mean of mu.Y/|Y| at each value of l, over x |Y|. */
  readonly attraction: Float64Array;
}

/** Standard deviations beyond the typical class and beyond the most extreme of all that are tabulated. */
const reach = 7;
/** Log of the largest neglected contribution of a value of l to the weight of all classes, relative to the whole. */
const negligible = -30;
/** Step in l that the ends of the spherical law need. */
const finestStep = 0.3;
/** Nodes in r = |mu - y| at which the Bessel functions are evaluated. */
const coarseNodes = 33;
/** Values of l beyond which a law is not tabulated: those of a variance of about 1e-4, which take minutes. */
const mostValues = 1_000_000;

/**
 * @param dimension d >= 4
 * @param x 1/sqrt(Gamma) >= 0
 * @param length |Y| > 0
 * @param logOthers log of the number of competing classes: how far into the tail the law is needed
 * @param largestStep of the grid of l; a power of 1/2 of it is used
 * @throws NumericalFailure where x |Y| is not finite, or the law has more than a million values
 */
export function classLaw(
  ensemble: ClassEnsemble,
  dimension: number,
  x: number,
  length: number,
  logOthers: number,
  largestStep: number,
): ClassLaw {
  if (!Number.isFinite(x * length)) {
    throw new NumericalFailure('the order parameters of a path are not finite', 'take more steps');
  }
  // All classes weigh the same: l = O(x |Y|), with an effect of its square.
  if (x * length < 0.01) {
    return {
      firstLog: 0,
      logStep: largestStep,
      probability: Float64Array.of(1),
      attraction: Float64Array.of(1),
    };
  }
  const tail = reach + Math.sqrt(2 * Math.max(0, logOthers));
  const law =
    ensemble === 'gaussian' ? gaussianLaw(dimension, x, length, tail) : sphericalLaw(dimension, x, length);
  const step = largestStep * 2 ** -Math.max(0, Math.ceil(Math.log2(largestStep / law.resolution)));
  const count = Math.max(1, Math.floor((law.to - law.from) / step));
  if (!(count <= mostValues)) {
    throw new NumericalFailure(
      `the law of a class at x = ${x} would take ${count} values`,
      'take a larger sigma2 or weaker guidance',
    );
  }
  const first = law.to - count * step;
  const logs = new Float64Array(count);
  const attraction = new Float64Array(count);
  let largest = -Infinity;
  for (let i = 0; i < count; i++) {
    logs[i] = law.at(first + i * step);
    attraction[i] = law.attraction();
    largest = Math.max(largest, logs[i]!);
  }
  let total = 0;
  for (let i = 0; i < count; i++) total += Math.exp(logs[i]! - largest);
  const norm = largest + Math.log(total);
  // Log of the largest part of the sum of weights that typical draws contain.
  let reference = -Infinity;
  for (let i = 0; i < count; i++) {
    const logCount = logs[i]! - norm + logOthers;
    if (logCount > 0) reference = Math.max(reference, logCount + first + i * step);
  }
  const matters = (i: number) => {
    const logCount = logs[i]! - norm + logOthers;
    return logCount + Math.min(0, first + i * step - reference) > negligible;
  };
  let begin = 0;
  while (begin < count - 1 && !matters(begin)) begin++;
  let end = count;
  while (end > begin + 1 && !matters(end - 1)) end--;
  return {
    firstLog: first + begin * step,
    logStep: step,
    probability: logs.subarray(begin, end).map((value) => Math.exp(value - norm)),
    attraction: attraction.slice(begin, end),
  };
}

/** Density of l up to a factor, on [from, to]. */
interface Density {
  readonly from: number;
  readonly to: number;
  /** Step at which sums over l are integrals to about 1e-4 of the weight: its standard deviation at most. */
  readonly resolution: number;
  /** Logarithm of the density at l. */
  at(l: number): number;
  /** Mean of mu.Y/(x |Y|^2) at the l of the last call of `at`. */
  attraction(): number;
}

/**
 * Gaussian ensemble: with y = Y/x, l = (|Y|^2 - x^2 r^2)/2 and r = |mu - y| has the density
 * r^(d-1) e^(-(r^2 + |y|^2)/2) A(|y| r), A the average of e^(v.u) over unit vectors. At given r, mu.yhat = |y| - r R(|y| r),
 * R = A'/A.
 */
function gaussianLaw(d: number, x: number, length: number, tail: number): Density {
  const nu = d / 2 - 1;
  const y = length / x;
  const typical = Math.sqrt(y * y + d);
  const low = Math.max(1e-3, typical - tail);
  const high = typical + reach;
  // log A(v) - v and v (1 - R(v)) on a coarse grid of r: both vary slowly.
  const spacing = (high - low) / (coarseNodes - 1);
  const deficit = new Float64Array(coarseNodes);
  const logAverage = new Float64Array(coarseNodes);
  for (let i = 0; i < coarseNodes; i++) {
    const v = y * (low + i * spacing);
    deficit[i] = v * (1 - besselRatio(nu, v));
    logAverage[i] = logSphereAverage(nu, v) - v;
  }
  let attraction = 0;
  return {
    from: 0.5 * (length * length - x * x * high * high),
    to: 0.5 * (length * length - x * x * low * low),
    resolution: x * Math.sqrt(length * length + 0.5 * x * x * d),
    at(l) {
      const r = Math.sqrt(length * length - 2 * l) / x;
      const position = (r - low) / spacing;
      const i = Math.min(coarseNodes - 3, Math.max(1, Math.floor(position)));
      const f = position - i;
      const w0 = (-f * (f - 1) * (f - 2)) / 6;
      const w1 = ((f + 1) * (f - 1) * (f - 2)) / 2;
      const w2 = (-(f + 1) * f * (f - 2)) / 2;
      const w3 = ((f + 1) * f * (f - 1)) / 6;
      const between = (a: Float64Array) => w0 * a[i - 1]! + w1 * a[i]! + w2 * a[i + 1]! + w3 * a[i + 2]!;
      attraction = (y - r + between(deficit) / y) / (x * length);
      return (d - 2) * Math.log(r) - 0.5 * (r - y) * (r - y) + between(logAverage);
    },
    attraction: () => attraction,
  };
}

/** Spherical ensemble: l = x |Y| sqrt(d) u - x^2 d/2, u in (-1, 1) of density (1 - u^2)^((d-3)/2). */
function sphericalLaw(d: number, x: number, length: number): Density {
  const scale = x * length * Math.sqrt(d);
  const offset = -0.5 * x * x * d;
  let attraction = 0;
  return {
    from: offset - scale,
    to: offset + scale,
    // the density ends with a power of the distance, at which even sums converge as a power of the step
    resolution: Math.min(0.5 * x * length, finestStep),
    at(l) {
      const u = (l - offset) / scale;
      attraction = (Math.sqrt(d) * u) / (x * length);
      return 0.5 * (d - 3) * Math.log(Math.max(1e-300, 1 - u * u));
    },
    attraction: () => attraction,
  };
}
