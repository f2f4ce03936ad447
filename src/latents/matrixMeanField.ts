import { Matrix } from 'ml-matrix';
import type { Spectrum } from '../mixture/labelled/mixture.ts';
import { ddimWeights } from '../sampler/denoising.ts';
import { totalCovariance } from './total.ts';
import { gaussianOutcome, type ClassOutcome } from './outcome.ts';
import { requireRun, runSigmas, type PipelineRun } from './sampling.ts';

/** Law of the samples in the mean field: one Gaussian. */
interface GaussianLaw {
  readonly mean: Matrix;
  readonly covariance: Matrix;
}

/** A Gaussian under noise: its mean, the inverse of its covariance C + tau, and log det. */
interface NoisyGaussian {
  readonly mean: Matrix;
  readonly precision: Matrix;
  readonly logDeterminant: number;
  readonly logWeight: number;
}

/** Outcome of the matrix mean field. */
export interface MatrixMeanField {
  readonly outcome: ClassOutcome;
  /** Noise level sigma, in units of the latents, at the first step after which the class is decided; null if it never is. */
  readonly decidedAt: number | null;
}

/**
 * Mean field of a pipeline's steps (eq. matrix-mean-field): the density of all classes is the larger of two Gaussians, p_c N(mu_c, C_c) of the guided class and N(mu, D)
 * of all of them, D the total covariance. While the second dominates on average over the samples, guidance is linear with matrices, s =
 * (1 + w) s_c - w s_D; afterwards there is none. The samples stay Gaussian, and the steps are those of {@link guidedSamples} (Heun evaluates
 * the phase at both ends). An approximation: one Gaussian stands for all other classes. Witness: one coordinate for each direction where C_c
 * and D commute.
 */
export function matrixMeanField(run: Omit<PipelineRun, 'particles' | 'seed'>): MatrixMeanField {
  requireRun(run);
  const { mixture, guidedClass: c, coefficients, sampler } = run;
  const d = mixture.dimension;
  const { sigmas, deviation } = runSigmas(run);
  const total = totalCovariance(mixture);
  const ownMean = Matrix.columnVector(mixture.centres.subarray(c * d, (c + 1) * d));
  const ownSpectrum = mixture.spectra[mixture.shared ? 0 : c]!;
  const at = (sigma: number): readonly [NoisyGaussian, NoisyGaussian] => [
    noisy(ownMean, ownSpectrum, sigma * sigma, Math.log(mixture.weights[c]!)),
    noisy(total.mean, total.spectrum, sigma * sigma, 0),
  ];
  let law: GaussianLaw = {
    mean: Matrix.zeros(d, 1),
    covariance: Matrix.eye(d, d, deviation * deviation),
  };
  let decidedAt: number | null = null;
  coefficients.forEach((w, step) => {
    const [sigma, next] = [sigmas[step]!, sigmas[step + 1]!];
    if (sigma === Infinity) {
      const mean = Matrix.mul(ownMean, 1 + w).sub(Matrix.mul(total.mean, w));
      law = { mean, covariance: law.covariance };
      return;
    }
    const { gain, noise } = ddimWeights(sigma * sigma, next * next, sampler === 'ancestral' ? 1 : 0, 1);
    const first = guidedScoreOf(at(sigma), law, w);
    if (!first.isDecided) decidedAt = null;
    else decidedAt ??= sigma;
    if (sampler !== 'heun' || next === 0) {
      law = moved(law, euler(d, first, gain), noise);
      return;
    }
    const length = sigma - next;
    const predicted = euler(d, first, length * sigma);
    const second = guidedScoreOf(at(next), moved(law, predicted, 0), w);
    // Half of the slope at the beginning, half of that at the prediction.
    const late = second.slope.mmul(predicted.factor);
    law = moved(
      law,
      {
        factor: Matrix.eye(d, d)
          .add(Matrix.mul(first.slope, 0.5 * length * sigma))
          .add(Matrix.mul(late, 0.5 * length * next)),
        shift: Matrix.mul(first.constant, 0.5 * length * sigma).add(
          second.slope
            .mmul(predicted.shift)
            .add(second.constant)
            .mul(0.5 * length * next),
        ),
      },
      0,
    );
  });
  return {
    outcome: gaussianOutcome(mixture, c, Float64Array.from(law.mean.to1DArray()), law.covariance),
    decidedAt,
  };
}

/** An affine step y' = factor y + shift. */
interface AffineStep {
  readonly factor: Matrix;
  readonly shift: Matrix;
}

/** Score slope y + constant, and whether the guided class dominates. */
interface LinearScore {
  readonly slope: Matrix;
  readonly constant: Matrix;
  readonly isDecided: boolean;
}

function euler(d: number, { slope, constant }: LinearScore, gain: number): AffineStep {
  return { factor: Matrix.eye(d, d).add(Matrix.mul(slope, gain)), shift: Matrix.mul(constant, gain) };
}

function moved({ mean, covariance }: GaussianLaw, { factor, shift }: AffineStep, noise: number): GaussianLaw {
  const d = mean.rows;
  const spread = factor.mmul(covariance).mmul(factor.transpose());
  return {
    mean: factor.mmul(mean).add(shift),
    covariance: Matrix.add(spread, spread.transpose())
      .mul(0.5)
      .add(Matrix.eye(d, d, noise * noise)),
  };
}

function guidedScoreOf(
  [own, all]: readonly [NoisyGaussian, NoisyGaussian],
  law: GaussianLaw,
  w: number,
): LinearScore {
  const isDecided = freeEnergy(own, law) > freeEnergy(all, law);
  const [ofOwn, ofAll] = isDecided ? [1, 0] : [1 + w, -w];
  return {
    isDecided,
    slope: Matrix.mul(own.precision, -ofOwn).add(Matrix.mul(all.precision, -ofAll)),
    constant: own.precision.mmul(own.mean).mul(ofOwn).add(all.precision.mmul(all.mean).mul(ofAll)),
  };
}

/** <log p N(y; mean, C + tau)> over the samples, but for a common constant. */
function freeEnergy(
  { mean, precision, logDeterminant, logWeight }: NoisyGaussian,
  { mean: at, covariance }: GaussianLaw,
): number {
  const step = Matrix.sub(at, mean);
  const square = step.transpose().mmul(precision).mmul(step).get(0, 0);
  return logWeight - 0.5 * (square + Matrix.mul(precision, covariance).sum() + logDeterminant);
}

function noisy(mean: Matrix, { values, vectors }: Spectrum, tau: number, logWeight: number): NoisyGaussian {
  const d = values.length;
  const frame = Matrix.from1DArray(d, d, Array.from(vectors));
  const scaled = Matrix.mul(frame, 1);
  let logDeterminant = 0;
  values.forEach((value, j) => {
    scaled.mulColumn(j, 1 / (value + tau));
    logDeterminant += Math.log(value + tau);
  });
  return { mean, precision: scaled.mmul(frame.transpose()), logDeterminant, logWeight };
}
