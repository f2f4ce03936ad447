/** Smallest and largest |delta_k| of the classes held. */
export interface CentreDistances {
  readonly least: number;
  readonly largest: number;
}

/** State of the particles of a block before an evaluation. */
export interface SkipState {
  readonly count: number;
  /** z now and at the last evaluation, count x d. */
  readonly offsets: Float64Array;
  readonly previous: Float64Array;
  /** Gamma now. */
  readonly variance: number;
  /** Cuts of the log-weights, base 2. */
  readonly cuts: Float64Array;
  readonly norms: CentreDistances;
}

/** Skip criterion of a kernel per group of particles (KernelPass.skip). */
export interface SkipGroups {
  readonly thresholds: Float64Array;
  readonly scales: Float64Array;
  readonly shifts: Float64Array;
}

/** Bounds on the change of log-weights since they were evaluated. */
export interface SkipBounds {
  /** Forgets everything: nothing is skipped at the next evaluation. */
  reset(): void;
  update(state: SkipState): SkipGroups;
}

/** Below this product of contractions, or this single one, a group starts afresh. */
const smallestContraction = 1e-3;
const smallestStep = 0.05;

/**
 * Bounds of log-weights (eq. skip-bound). With G_k = z.delta_k - |delta_k|^2/2 = Gamma l_k and a move z' = s z + r, 0 < s <= 1,
 *   G'_k = s G_k + r.delta_k - (1 - s)|delta_k|^2/2 <= s G_k + c,   c = max over x in [least, largest |delta|] of |r| x - (1 - s) x^2/2,
 * for every class. So G at a later time is at most S (G_0/S_0 - C_0 + C) with the products S of the s and the sums C of c/S. A
 * panel keeps the key max G_0/S_0 - C_0 of its last evaluation, and is skipped while S (key + C) is below the cut. s is
 * common to a group (the least-squares one), |r| the largest in it. On a contraction towards mu_c, as in the probability flow
 * after the transition, r = 0 and a class once below the cut stays there.
 */
export function skipBounds(groupSize: number, blockSize: number, dimension: number): SkipBounds {
  const groups = Math.ceil(blockSize / groupSize);
  const result = {
    thresholds: new Float64Array(groups),
    scales: new Float64Array(groups),
    shifts: new Float64Array(groups),
  };
  const contraction = new Float64Array(groups);
  const drift = new Float64Array(groups);

  function residual(state: SkipState, begin: number, end: number, s: number): number {
    let largest = 0;
    for (let p = begin; p < end; p++) {
      let square = 0;
      for (let i = p * dimension; i < (p + 1) * dimension; i++) {
        square += (state.offsets[i]! - s * state.previous[i]!) ** 2;
      }
      largest = Math.max(largest, square);
    }
    return Math.sqrt(largest);
  }

  return {
    reset() {
      contraction.fill(0);
    },
    update(state) {
      const { count, offsets, previous, variance, cuts, norms } = state;
      for (let g = 0; groupSize * g < count; g++) {
        const begin = groupSize * g;
        const end = Math.min(begin + groupSize, count);
        let product = 0;
        let square = 0;
        for (let i = begin * dimension; i < end * dimension; i++) {
          product += offsets[i]! * previous[i]!;
          square += previous[i]! * previous[i]!;
        }
        const s = Math.min(1, product / square);
        const S = contraction[g]! * s;
        const fresh = !(S > smallestContraction && s > smallestStep);
        contraction[g] = fresh ? 1 : S;
        if (fresh) {
          drift[g] = 0;
        } else {
          const r = residual(state, begin, end, s);
          const best = s < 1 ? r / (1 - s) : norms.largest;
          const x = Math.min(norms.largest, Math.max(norms.least, best));
          drift[g]! += (r * x - ((1 - s) * x * x) / 2) / S;
        }
        let cut = Infinity;
        for (let p = begin; p < end; p++) cut = Math.min(cut, cuts[p]!);
        const unit = (Math.LN2 * variance) / contraction[g]!;
        result.thresholds[g] = fresh ? -Infinity : cut * unit - drift[g]!;
        result.scales[g] = unit;
        result.shifts[g] = drift[g]!;
      }
      return result;
    },
  };
}
