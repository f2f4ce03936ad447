import { requireInteger, requireMembers } from '../../numerics/checks.ts';
import type { ForwardProcess } from '../../process/process.ts';
import { ornsteinUhlenbeck, requireProcess, requireTime } from '../../process/process.ts';
import type { LabelledMixture, Spectrum } from './mixture.ts';
import { requireMixture } from './mixture.ts';

/**
 * Exact law of x_t = a x_0 + b z at one moment: p_t(x) = sum_k p_k N(x; a mu_k, Gamma_k), Gamma_k = a^2 C_k + b^2 I. All
 * logarithms are natural; x and out are arrays of d numbers unless it says otherwise, and `out` must not be x.
 */
export interface MixtureMoment {
  /** Forward time t. */
  readonly time: number;
  /** Signal scale a. */
  readonly signalScale: number;
  /** log p_t(x). */
  logDensity(x: Float64Array): number;
  /** log p_t(k|x) of all classes (K values); of the likeliest one to relative accuracy even where it is almost 0. */
  logPosterior(x: Float64Array, out: Float64Array): void;
  /** s_k = grad log p_t(x|k). */
  classScore(k: number, x: Float64Array, out: Float64Array): void;
  /** s_u = grad log p_t(x). */
  score(x: Float64Array, out: Float64Array): void;
  /** s_k + w (s_k - s_u) = s_k + w grad log p_t(k|x). */
  guidedScore(k: number, w: number, x: Float64Array, out: Float64Array): void;
  /** Jacobian of the guided score, d x d (symmetric). */
  guidedScoreJacobian(k: number, w: number, x: Float64Array, out: Float64Array): void;
  /** Divergence of the guided score: the trace of the Jacobian. */
  guidedScoreDivergence(k: number, w: number, x: Float64Array): number;
}

/** A labelled mixture under a forward process. */
export interface DiffusedMixture {
  readonly mixture: LabelledMixture;
  readonly process: ForwardProcess;
  /** The law at a forward time in [0, endTime]; terms that do not depend on x are computed here. */
  at(time: number): MixtureMoment;
}

/**
 * A mixture under a forward process.
 * @param process Ornstein-Uhlenbeck if absent
 * @throws ParameterError unless both are valid; `at` for a time outside [0, endTime]
 */
export function diffuseMixture(
  mixture: LabelledMixture,
  process: ForwardProcess = ornsteinUhlenbeck,
): DiffusedMixture {
  requireMixture('mixture', mixture);
  requireProcess(process);
  return {
    mixture,
    process,
    at(time) {
      requireTime('time', process, time);
      const moment = new MovableMoment(mixture);
      moment.moveTo(time, process.signalScale(time), process.noiseVariance(time));
      return moment;
    },
  };
}

/** Throws unless `diffused` is a mixture under a forward process. */
export function requireDiffused(parameter: string, diffused: DiffusedMixture): void {
  requireMembers(parameter, diffused, { mixture: 'object', process: 'object', at: 'function' });
  requireMixture(`${parameter}.mixture`, diffused.mixture);
  requireProcess(diffused.process);
}

/** Throws unless `k` is the index of a class of the mixture. */
export function requireClass(parameter: string, mixture: LabelledMixture, k: number): void {
  requireInteger(parameter, k, 0, mixture.classes - 1);
}

/**
 * A {@link MixtureMoment} that can be moved to another time without allocation. With P_k = Gamma_k^-1 and b_k = a P_k mu_k
 * (eqs. labelled-posterior, labelled-guided-score),
 *   s_k = b_k - P_k x,   log p_k N(x; a mu_k, Gamma_k) = L_k - x.P_k x/2 + b_k.x,
 * the term x.P x being common to all classes, and left out of posteriors, when the covariance is shared. The guidance is
 * summed as s_k - s_u = sum_(j != k) p(j|x) (s_k - s_j): no difference of equals where the posterior is nearly 1.
 */
export class MovableMoment implements MixtureMoment {
  time = NaN;
  signalScale = NaN;

  readonly #mixture: LabelledMixture;
  readonly #spectra: readonly Spectrum[];
  /** Coordinates of the centres along the eigenvectors of their own covariance, K x d. */
  readonly #components: Float64Array;
  /** P_k, one after the other (a single one if shared). */
  readonly #precisions: Float64Array;
  /** b_k, K x d. */
  readonly #slopes: Float64Array;
  /** L_k, without the -(d/2) log(2 pi) common to all. */
  readonly #levels: Float64Array;
  readonly #logWeights: Float64Array;
  /** Scratch: s_k up to a common term of all classes (K x d), p(k|x), log terms, P x. */
  readonly #scores: Float64Array;
  readonly #posterior: Float64Array;
  readonly #product: Float64Array;
  readonly #average: Float64Array;

  constructor(mixture: LabelledMixture) {
    const { dimension: d, classes, centres } = mixture;
    this.#mixture = mixture;
    this.#spectra = mixture.spectra;
    this.#components = new Float64Array(classes * d);
    for (let k = 0; k < classes; k++) {
      const { vectors } = this.#spectra[mixture.shared ? 0 : k]!;
      for (let i = 0; i < d; i++) {
        let sum = 0;
        for (let j = 0; j < d; j++) sum += vectors[j * d + i]! * centres[k * d + j]!;
        this.#components[k * d + i] = sum;
      }
    }
    this.#precisions = new Float64Array(this.#spectra.length * d * d);
    this.#slopes = new Float64Array(classes * d);
    this.#levels = new Float64Array(classes);
    this.#logWeights = mixture.weights.map(Math.log);
    this.#scores = mixture.shared ? this.#slopes : new Float64Array(classes * d);
    this.#posterior = new Float64Array(classes);
    this.#product = new Float64Array(d);
    this.#average = new Float64Array(d);
  }

  /** Moves to signal scale a >= 0 and noise variance b^2 >= 0 (not both 0). @param time recorded unchanged */
  moveTo(time: number, signalScale: number, noiseVariance: number): void {
    this.time = time;
    this.signalScale = signalScale;
    const { dimension: d, classes, shared } = this.#mixture;
    const square = signalScale * signalScale;
    for (let n = 0; n < this.#spectra.length; n++) {
      const { values, vectors } = this.#spectra[n]!;
      for (let i = 0; i < d; i++) {
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let m = 0; m < d; m++) {
            sum += (vectors[i * d + m]! * vectors[j * d + m]!) / (square * values[m]! + noiseVariance);
          }
          this.#precisions[(n * d + i) * d + j] = sum;
          this.#precisions[(n * d + j) * d + i] = sum;
        }
      }
    }
    for (let k = 0; k < classes; k++) {
      const { values, vectors } = this.#spectra[shared ? 0 : k]!;
      let level = this.#logWeights[k]!;
      const row = k * d;
      for (let i = 0; i < d; i++) this.#slopes[row + i] = 0;
      for (let m = 0; m < d; m++) {
        const variance = square * values[m]! + noiseVariance;
        const component = (signalScale * this.#components[row + m]!) / variance;
        level -= 0.5 * (component * component * variance + Math.log(variance));
        for (let i = 0; i < d; i++) this.#slopes[row + i]! += vectors[i * d + m]! * component;
      }
      this.#levels[k] = level;
    }
  }

  logDensity(x: Float64Array): number {
    const total = this.#weigh(x);
    let square = 0;
    // Not shared: the squares are in the terms already.
    if (this.#mixture.shared) {
      this.#multiply(0, x);
      for (let i = 0; i < x.length; i++) square += x[i]! * this.#product[i]!;
    }
    return total - 0.5 * square - 0.5 * x.length * Math.log(2 * Math.PI);
  }

  logPosterior(x: Float64Array, out: Float64Array): void {
    this.#terms(x, out);
    const { classes } = this.#mixture;
    let likeliest = 0;
    for (let k = 1; k < classes; k++) if (out[k]! > out[likeliest]!) likeliest = k;
    const largest = out[likeliest]!;
    let others = 0;
    for (let k = 0; k < classes; k++) if (k !== likeliest) others += Math.exp(out[k]! - largest);
    const total = Math.log1p(others);
    for (let k = 0; k < classes; k++) out[k] = out[k]! - largest - total;
  }

  classScore(k: number, x: Float64Array, out: Float64Array): void {
    requireClass('k', this.#mixture, k);
    this.#multiply(this.#mixture.shared ? 0 : k, x);
    for (let i = 0; i < x.length; i++) out[i] = this.#slopes[k * x.length + i]! - this.#product[i]!;
  }

  score(x: Float64Array, out: Float64Array): void {
    this.guidedScore(0, -1, x, out);
  }

  guidedScore(k: number, w: number, x: Float64Array, out: Float64Array): void {
    requireClass('k', this.#mixture, k);
    this.#weigh(x);
    const { dimension: d, classes, shared } = this.#mixture;
    const scores = this.#scores;
    const posterior = this.#posterior;
    if (shared) this.#multiply(0, x);
    const product = this.#product;
    for (let i = 0; i < d; i++) {
      const own = scores[k * d + i]!;
      let guidance = 0;
      for (let j = 0; j < classes; j++) guidance += posterior[j]! * (own - scores[j * d + i]!);
      out[i] = (shared ? own - product[i]! : own) + w * guidance;
    }
  }

  /** J = -P_k - w [P_k - sum_j p_j P_j] - w Cov_p(s), Cov_p the covariance of the s_j under p(j|x) (eq. labelled-jacobian). */
  guidedScoreJacobian(k: number, w: number, x: Float64Array, out: Float64Array): void {
    requireClass('k', this.#mixture, k);
    this.#weigh(x);
    this.#averageScore();
    const { dimension: d, classes, shared } = this.#mixture;
    const precisions = this.#precisions;
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const entry = i * d + j;
        const own = precisions[(shared ? 0 : k * d * d) + entry]!;
        let sum = 0;
        for (let n = 0; n < classes; n++) {
          const row = n * d;
          const spread = this.#scores[row + i]! - this.#average[i]!;
          const other = this.#scores[row + j]! - this.#average[j]!;
          const excess = shared ? 0 : own - precisions[row * d + entry]!;
          sum += this.#posterior[n]! * (spread * other + excess);
        }
        out[entry] = -own - w * sum;
        out[j * d + i] = -own - w * sum;
      }
    }
  }

  guidedScoreDivergence(k: number, w: number, x: Float64Array): number {
    requireClass('k', this.#mixture, k);
    this.#weigh(x);
    this.#averageScore();
    const { dimension: d, classes, shared } = this.#mixture;
    const precisions = this.#precisions;
    const scores = this.#scores;
    const average = this.#average;
    const posterior = this.#posterior;
    let own = 0;
    for (let i = 0; i < d; i++) own += precisions[(shared ? 0 : k * d * d) + i * (d + 1)]!;
    let sum = 0;
    for (let n = 0; n < classes; n++) {
      let term = 0;
      for (let i = 0; i < d; i++) {
        const spread = scores[n * d + i]! - average[i]!;
        term += spread * spread;
        if (!shared) term -= precisions[n * d * d + i * (d + 1)]!;
      }
      sum += posterior[n]! * (shared ? term : term + own);
    }
    return -own - w * sum;
  }

  /** P x of covariance n into #product. */
  #multiply(n: number, x: Float64Array): void {
    const d = x.length;
    const precisions = this.#precisions;
    const product = this.#product;
    for (let i = 0; i < d; i++) {
      let sum = 0;
      const row = (n * d + i) * d;
      for (let j = 0; j < d; j++) sum += precisions[row + j]! * x[j]!;
      product[i] = sum;
    }
  }

  /** log p_k N(x; a mu_k, Gamma_k) + (d/2) log(2 pi) of all classes, without -x.P x/2 if shared; else the scores s_k as well. */
  #terms(x: Float64Array, out: Float64Array): void {
    const { dimension: d, classes, shared, centres } = this.#mixture;
    const slopes = this.#slopes;
    const levels = this.#levels;
    const scores = this.#scores;
    const product = this.#product;
    for (let k = 0; k < classes; k++) {
      const row = k * d;
      let term = levels[k]!;
      if (shared) {
        for (let i = 0; i < d; i++) term += slopes[row + i]! * x[i]!;
      } else {
        // The square is completed again, so that nothing cancels at large |x|: L_k - x.P x/2 + b.x = L_k' + s_k.(x - a mu_k)/2.
        this.#multiply(k, x);
        for (let i = 0; i < d; i++) {
          const centre = this.signalScale * centres[row + i]!;
          const score = slopes[row + i]! - product[i]!;
          scores[row + i] = score;
          term += 0.5 * (score * (x[i]! - centre) + slopes[row + i]! * centre);
        }
      }
      out[k] = term;
    }
  }

  /** p(k|x) into #posterior. @returns log of the sum of the terms */
  #weigh(x: Float64Array): number {
    const posterior = this.#posterior;
    this.#terms(x, posterior);
    let largest = -Infinity;
    for (let k = 0; k < posterior.length; k++) if (posterior[k]! > largest) largest = posterior[k]!;
    let sum = 0;
    for (let k = 0; k < posterior.length; k++) {
      const term = Math.exp(posterior[k]! - largest);
      posterior[k] = term;
      sum += term;
    }
    for (let k = 0; k < posterior.length; k++) posterior[k]! /= sum;
    return largest + Math.log(sum);
  }

  /** sum_k p(k|x) s_k (up to the common term) into #average. */
  #averageScore(): void {
    const { dimension: d, classes } = this.#mixture;
    const posterior = this.#posterior;
    const scores = this.#scores;
    const average = this.#average;
    for (let i = 0; i < d; i++) {
      let sum = 0;
      for (let k = 0; k < classes; k++) sum += posterior[k]! * scores[k * d + i]!;
      average[i] = sum;
    }
  }
}
