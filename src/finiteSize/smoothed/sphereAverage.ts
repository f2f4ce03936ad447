import { besselRatio, logSphereAverage } from '../../numerics/besselRatio.ts';

/**
 * The average of e^(y.mu/Gamma) over the sphere |mu|^2 = d at finite d, as a function of kappa^2 = |y|^2/(d Gamma^2)
 * and fast enough to be called millions of times (eq. smoothed-spherical). With S = sqrt(1 + 4 kappa^2),
 *   log average = (d/2) [S - 1 - log((1 + S)/2)] + (log S)/2 + b(1/S),   1 - g = 2 E c(1/S)/(1 + S),
 * where the first term and c = 1 are the limit of large d, and b, c are smooth on [0, 1]: a Chebyshev series each.
 */
export interface SphereAverage {
  /** Logarithm of the average. @param S sqrt(1 + 4 kappa^2) */
  logAverage(S: number): number;
  /** (1 - g)/E. */
  pull(S: number): number;
}

const terms = 32;
const negligible = 1e-13;
const known = new Map<number, SphereAverage>();
const mostKnown = 64;

/**
 * The sphere average in dimension d, remembered. Absolute error of the logarithm and relative error of the pull: 1e-9 at
 * d = 2, 1e-12 (log: times its size) from d = 10.
 * @param dimension d >= 2
 */
export function sphereAverage(dimension: number): SphereAverage {
  const found = known.get(dimension);
  if (found !== undefined) return found;
  const made = makeSphereAverage(dimension);
  if (known.size >= mostKnown) known.clear();
  known.set(dimension, made);
  return made;
}

function makeSphereAverage(dimension: number): SphereAverage {
  const nu = dimension / 2 - 1;
  const half = dimension / 2;
  const leading = (S: number) => half * (S - 1 - Math.log((1 + S) / 2)) + 0.5 * Math.log(S);
  const b = new Float64Array(terms);
  const c = new Float64Array(terms);
  for (let j = 0; j < terms; j++) {
    const angle = (Math.PI * (j + 0.5)) / terms;
    const S = 2 / (1 + Math.cos(angle));
    // z = sqrt(d)|y|/Gamma = kappa d, 4 kappa^2 = S^2 - 1
    const z = half * Math.sqrt((S - 1) * (S + 1));
    const excess = logSphereAverage(nu, z) - leading(S);
    // 1 - g = E I_(nu+1)(z)/(kappa I_nu(z))
    const factor = (besselRatio(nu, z) * half * (1 + S)) / z;
    for (let k = 0; k < terms; k++) {
      const weight = ((k === 0 ? 1 : 2) / terms) * Math.cos(k * angle);
      b[k]! += weight * excess;
      c[k]! += weight * factor;
    }
  }
  const seriesOfLog = withoutTail(b);
  const seriesOfPull = withoutTail(c);
  return {
    logAverage: (S) => leading(S) + chebyshev(seriesOfLog, 2 / S - 1),
    pull: (S) => (2 * chebyshev(seriesOfPull, 2 / S - 1)) / (1 + S),
  };
}

function withoutTail(coefficients: Float64Array): Float64Array {
  let size = coefficients.length;
  while (size > 1 && Math.abs(coefficients[size - 1]!) < negligible) size--;
  return coefficients.slice(0, size);
}

/** Sum of c_k T_k(x) by Clenshaw's recurrence. */
function chebyshev(c: Float64Array, x: number): number {
  let next = 0;
  let afterNext = 0;
  for (let k = c.length - 1; k > 0; k--) {
    const value = 2 * x * next - afterNext + c[k]!;
    afterNext = next;
    next = value;
  }
  return x * next - afterNext + c[0]!;
}
