import type { ClassEnsemble } from '../../mixture/ensemble.ts';
import { besselRatio, logSphereAverage } from '../../numerics/besselRatio.ts';
import { NumericalFailure } from '../../numerics/checks.ts';
import { classLaw } from './classLaw.ts';

/**
 * The competing classes that are not explicit, averaged over their centres. Where explicit classes have the weight
 * e^logExplicit, the mean of the posterior over the bath is (eq. bath-weight)
 *   p_explicit = e^logExplicit/(e^logExplicit + e^logWeight),   mubar = explicit part + (1 - p_explicit) attraction x Y.
 */
export interface Bath {
  logWeight: number;
  attraction: number;
  /**
   * Computes both, at a node of the grid.
   * @param length |Y|
   * @param logExplicit log of the weight of the explicit classes, e^(x Y.mu - x^2 |mu|^2/2)
   * @param without whether one competing class is explicit, so that the bath has one less
   */
  evaluate(node: number, length: number, logExplicit: number, without: boolean): void;
}

/**
 * Annealed: the weight of the classes is its mean over centres, N E e^l, whatever the explicit ones
 * (eqs. annealed-gaussian, annealed-spherical in the frame Y).
 * @param nodes values of x = 1/sqrt(Gamma)
 */
export function annealedBath(
  ensemble: ClassEnsemble,
  dimension: number,
  logOthers: number,
  nodes: Float64Array,
): Bath {
  const nu = dimension / 2 - 1;
  const root = Math.sqrt(dimension);
  return {
    logWeight: 0,
    attraction: 0,
    evaluate(node, length, _logExplicit, without) {
      const x = nodes[node]!;
      const others = without ? logOthers + Math.log1p(-Math.exp(-logOthers)) : logOthers;
      if (ensemble === 'gaussian') {
        const share = 1 / (1 + x * x);
        this.attraction = share;
        this.logWeight = others + 0.5 * (x * x * length * length * share - dimension * Math.log1p(x * x));
        return;
      }
      const z = x * length * root;
      this.attraction = z === 0 ? 1 : (root * besselRatio(nu, z)) / (x * length);
      this.logWeight = others + logSphereAverage(nu, z) - 0.5 * x * x * dimension;
    },
  };
}

// Grid of the table in |Y| around a reference: it covers the starts, which scatter by 1/sqrt(2d). Polynomials of third degree in
// between are nearly exact, as log-weights are of second degree in |Y| before freezing and of first after it.
const lengthNodes = 9;
const lengthSteps = (dimension: number) => Math.min(0.19, 0.65 / Math.sqrt(dimension));
const lengthMiddle = 4;
// Nodes beyond the table up to which it is extrapolated: 13 standard deviations of the starts from the reference.
const lengthReach = 20;
// Grid in log(explicit weight) relative to the typical weight of the bath.
const weightFrom = -8;
const weightStep = 0.8;
const weightNodes = 44;
const lastPosition = weightNodes - 1;
// Step and range of log t in the Laplace integral; even sums converge exponentially.
const laplaceStep = 0.6;
const laplaceFrom = -33;

/** A {@link Bath} in a table: values of both fields over |Y| and the explicit weight, with and without one class. */
interface BathTable {
  readonly reference: number;
  /** Log of the bath's typical weight, per |Y|. */
  readonly typical: Float64Array;
  readonly logWeight: readonly [Float64Array, Float64Array];
  readonly attraction: readonly [Float64Array, Float64Array];
  /** Log of the mean of the sum of p_k^2 over the bath, per |Y| and explicit weight. */
  readonly participation: Float64Array;
}

/** Work arrays of {@link makeTable}. */
interface LaplaceSums {
  readonly explicit: Float64Array;
  readonly rest: Float64Array;
  readonly pull: Float64Array;
}

const newSums = (): LaplaceSums => ({
  explicit: new Float64Array(weightNodes),
  rest: new Float64Array(weightNodes),
  pull: new Float64Array(weightNodes),
});

/**
 * Mean of the posterior over N independent centres at fixed Y (eq. bath-laplace). With Z = sum_k e^(l_k) and X the explicit
 * weight, 1/(X + Z) = Int_0^Inf e^(-t (X + Z)) dt, and the mean of e^(-t Z) is chi(t)^N, chi(t) = E e^(-t e^l):
 *   E[1/(X + Z)] = Int e^(-t X) chi^N dt,   E[sum_k mu_k e^(l_k)/(X + Z)] = Int e^(-t X) N E[mu e^l e^(-t e^l)] chi^(N-1) dt.
 */
function makeTable(
  ensemble: ClassEnsemble,
  dimension: number,
  x: number,
  logOthers: number,
  reference: number,
): BathTable {
  const size = lengthNodes * weightNodes;
  const typical = new Float64Array(lengthNodes);
  const logWeight = [new Float64Array(size), new Float64Array(size)] as const;
  const attraction = [new Float64Array(size), new Float64Array(size)] as const;
  const participation = new Float64Array(size);
  const others = Math.exp(logOthers);
  const step = lengthSteps(dimension);
  const weights = Float64Array.from({ length: weightNodes }, (_, j) => Math.exp(weightFrom + j * weightStep));
  for (let i = 0; i < lengthNodes; i++) {
    const length = reference * (1 + (i - lengthMiddle) * step);
    const law = classLaw(ensemble, dimension, x, length, logOthers, laplaceStep);
    const { firstLog, logStep, probability } = law;
    const count = probability.length;
    // t of the typical weight 1/t: N (1 - chi(t)) = 1.
    const shift = typicalShift(law.firstLog, logStep, probability, others);
    typical[i] = -shift;
    const stride = Math.round(laplaceStep / logStep);
    const rows = Math.ceil(47 / laplaceStep) + 1;
    // 1 - e^-q, q e^-q and q^2 e^-q with log q = log t + l, on the common grid of both
    const kernels = count + stride * rows;
    const lost = new Float64Array(kernels);
    const felt = new Float64Array(kernels);
    const square = new Float64Array(kernels);
    for (let k = 0; k < kernels; k++) {
      const q = Math.min(700, Math.exp(laplaceFrom + shift + firstLog + k * logStep));
      lost[k] = -Math.expm1(-q);
      felt[k] = q * Math.exp(-q);
      square[k] = q * felt[k]!;
    }
    const full = newSums();
    const less = newSums();
    const squares = new Float64Array(weightNodes);
    for (let row = 0; row < rows; row++) {
      let omega = 0;
      let pull = 0;
      let pairs = 0;
      const offset = row * stride;
      for (let k = 0; k < count; k++) {
        const p = probability[k]!;
        omega += p * lost[offset + k]!;
        pull += p * felt[offset + k]! * law.attraction[k]!;
        pairs += p * square[offset + k]!;
      }
      const logChi = Math.log1p(-Math.min(omega, 1 - 1e-15));
      if (-others * logChi > 60) break;
      const time = Math.exp(laplaceFrom + row * laplaceStep);
      const chiLess = Math.exp((others - 1) * logChi);
      const chi = chiLess * Math.exp(logChi);
      const chiTwoLess = others > 1 ? Math.exp((others - 2) * logChi) : 0;
      for (let j = 0; j < weightNodes; j++) {
        const decay = laplaceStep * Math.exp(-time * weights[j]!);
        if (decay === 0) break;
        full.explicit[j]! += decay * time * chi;
        full.rest[j]! -= decay * time * weights[j]! * Math.expm1(others * logChi);
        full.pull[j]! += decay * others * pull * chiLess;
        less.explicit[j]! += decay * time * chiLess;
        less.rest[j]! -= decay * time * weights[j]! * Math.expm1((others - 1) * logChi);
        less.pull[j]! += decay * (others - 1) * pull * chiTwoLess;
        squares[j]! += decay * others * pairs * chiLess;
      }
    }
    [full, less].forEach((sums, which) => {
      for (let j = 0; j < weightNodes; j++) {
        const at = i * weightNodes + j;
        const X = weights[j]!;
        // of p and 1 - p the small one is an integral that does not cancel
        const mostlyExplicit = X * sums.explicit[j]! > 0.5;
        const rest = mostlyExplicit ? sums.rest[j]! : 1 - X * sums.explicit[j]!;
        const inverse = mostlyExplicit ? (1 - rest) / X : sums.explicit[j]!;
        logWeight[which]![at] = Math.log(rest / inverse);
        attraction[which]![at] = sums.pull[j]! / rest;
        if (which === 0) participation[at] = Math.log(squares[j]!);
      }
    });
  }
  return { reference, typical, logWeight, attraction, participation };
}

/** log t at which N E(1 - e^(-t e^l)) = 1: Newton's method in log t from the left. */
function typicalShift(first: number, step: number, probability: Float64Array, others: number): number {
  let largest = -Infinity;
  for (let k = 0; k < probability.length; k++) {
    largest = Math.max(largest, Math.log(others * probability[k]!) + first + k * step);
  }
  let s = -largest - Math.log(probability.length) - 1;
  for (let iteration = 0; iteration < 100; iteration++) {
    let value = 0;
    let slope = 0;
    for (let k = 0; k < probability.length; k++) {
      const q = Math.exp(s + first + k * step);
      value -= probability[k]! * Math.expm1(-q);
      slope += probability[k]! * (q > 700 ? 0 : q * Math.exp(-q));
    }
    const move = (-Math.log(others * value) * value) / slope;
    s += Math.min(move, 5);
    if (Math.abs(move) < 1e-9) return s;
  }
  return s;
}

/** Bath of {@link makeTable}, made node by node: `begin` must be called for the nodes in their order. */
export interface TabulatedBath extends Bath {
  /** Makes the table of the next node around a value of |Y|. */
  begin(reference: number): void;
  /** Mean over centres of the sum of p_k^2 over the competing classes, at the place of the last `evaluate`. */
  participation(): number;
}

/**
 * Exact average at fixed Y over the N = K - 1 competing classes (eq. bath-laplace).
 * @param nodes values of x = 1/sqrt(Gamma)
 * @throws NumericalFailure from `evaluate`, for a |Y| far beyond the references
 */
export function tabulatedBath(
  ensemble: ClassEnsemble,
  dimension: number,
  logOthers: number,
  nodes: Float64Array,
): TabulatedBath {
  const tables: BathTable[] = [];
  const step = lengthSteps(dimension);
  const alongLength = new Float64Array(4);
  const alongWeight = new Float64Array(4);
  let row = 0;
  let column = 0;
  let last: BathTable | undefined;
  const interpolate = (values: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < 4; i++) {
      const at = (row + i) * weightNodes + column;
      sum +=
        alongLength[i]! *
        (alongWeight[0]! * values[at]! +
          alongWeight[1]! * values[at + 1]! +
          alongWeight[2]! * values[at + 2]! +
          alongWeight[3]! * values[at + 3]!);
    }
    return sum;
  };
  /** Far above the bath's weight its mean is a power of it, carried by rare draws: logarithms are straight. */
  const beyondWeights = (position: number): number => {
    alongWeight[0] = alongWeight[1] = 0;
    alongWeight[2] = lastPosition - position;
    alongWeight[3] = 1 + position - lastPosition;
    return weightNodes - 4;
  };
  return {
    logWeight: 0,
    attraction: 0,
    begin(reference) {
      tables.push(makeTable(ensemble, dimension, nodes[tables.length]!, logOthers, reference));
    },
    evaluate(node, length, logExplicit, without) {
      const table = tables[node]!;
      last = table;
      const steps = (length / table.reference - 1) / step;
      if (!(steps <= lengthReach)) {
        throw new NumericalFailure(
          'a path leaves the classes, far beyond the noise of the starts',
          'take a larger dimension, or w nearer to 0',
        );
      }
      row = cubicWeights(steps + lengthMiddle, lengthNodes, alongLength);
      let typical = 0;
      for (let i = 0; i < 4; i++) typical += alongLength[i]! * table.typical[row + i]!;
      const position = (logExplicit - typical - weightFrom) / weightStep;
      column =
        position > lastPosition
          ? beyondWeights(position)
          : cubicWeights(Math.max(0, position), weightNodes, alongWeight);
      const which = without ? 1 : 0;
      this.logWeight = typical + interpolate(table.logWeight[which]);
      this.attraction = Math.max(0, interpolate(table.attraction[which]));
    },
    participation: () => (last === undefined ? NaN : Math.exp(interpolate(last.participation))),
  };
}

/** Weights of cubic interpolation between even nodes; returns the first of the four. Beyond the ends it extrapolates. */
function cubicWeights(position: number, count: number, out: Float64Array): number {
  const i = Math.min(count - 3, Math.max(1, Math.floor(position)));
  const f = position - i;
  out[0] = (-f * (f - 1) * (f - 2)) / 6;
  out[1] = ((f + 1) * (f - 1) * (f - 2)) / 2;
  out[2] = (-(f + 1) * f * (f - 2)) / 2;
  out[3] = ((f + 1) * f * (f - 1)) / 6;
  return i - 1;
}
