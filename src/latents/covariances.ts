import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import {
  ParameterError,
  requireChoice,
  requireInteger,
  requireKnownKeys,
  requireList,
  requireMembers,
} from '../numerics/checks.ts';
import { labelledMixture, type LabelledMixture } from '../mixture/labelled/mixture.ts';
import { joined, type ClassMoments, type SampleMoments } from './moments.ts';

/** Covariance models of classes, from the fewest numbers to the most. */
export const covarianceModels = ['isotropic', 'pooled', 'own-diagonal', 'own-full'] as const;

/** One of {@link covarianceModels}. */
export type CovarianceModel = (typeof covarianceModels)[number];

/**
 * Weights of a shrunk covariance (1 - s) S_k + s [(1 - u) W + u t 1], t the average variance inside classes, chosen on the held-out samples.
 * Pooled classes have s = 1.
 */
export interface Shrinkage {
  /** s */
  readonly target: number;
  /** u */
  readonly isotropic: number;
}

/** A covariance model held against samples that it was not fitted to. */
export interface ModelScore {
  readonly model: CovarianceModel;
  readonly shrinkage: Shrinkage | null;
  /** log p(x | class) of a held-out sample per coordinate, in nats: average over samples. */
  readonly logLikelihood: number;
}

/** Classes of a data set as a mixture of Gaussians, in principal components of all samples. */
export interface FittedClasses {
  readonly labels: readonly string[];
  readonly counts: readonly number[];
  /** In the coordinates of `axes`, about `origin`. */
  readonly mixture: LabelledMixture;
  readonly model: CovarianceModel;
  readonly shrinkage: Shrinkage | null;
  /** All models, and the one that was taken first. */
  readonly scores: readonly ModelScore[];
  /** Mean of all samples. */
  readonly origin: Float64Array;
  /** Principal axes of all samples as rows, d' x d, the widest first. */
  readonly axes: readonly Float64Array[];
  /** Variance of all samples along each axis. */
  readonly variances: Float64Array;
  /** Share of the variance of all samples that the axes hold. */
  readonly explained: number;
  /** (tr W)^2/tr W^2 of the pooled covariance W inside classes. */
  readonly effectiveDimension: number;
  /** Average over classes of |C D - D C|/(|C| |D|), Frobenius norms, of a class's covariance and that of all samples. */
  readonly commutator: number;
}

/** How classes are fitted. */
export interface FitOptions {
  /** Principal components that are kept; null: all that vary. */
  readonly components: number | null;
  /** Covariance model; null: the one of the largest held-out likelihood. */
  readonly model: CovarianceModel | null;
}

/** Variance of an axis, relative to the widest, below which the data do not vary along it. */
const leastVariance = 1e-9;
/** Shrinkages that are tried: three to a decade, and close to 1. */
const targets = [
  1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.55, 0.7,
  0.85, 0.95, 1,
];
const isotropicShares = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

/**
 * Fits Gaussian classes to moments, with shrunk covariances (eq. shrunk-covariance, see {@link Shrinkage}); `own-diagonal` takes the diagonals of S_k and W in
 * principal components, isotropic and pooled classes share one covariance. Model and shrinkage are those under which held-out samples, every
 * fifth of a class, are most likely; the fit itself uses all samples. Both parts of the target are needed: many data hardly vary in some
 * direction inside a class, where a small share of the isotropic one makes the others possible, and a pooled one alone would have to take
 * over everything.
 * @throws ParameterError for more components than there are, or data that do not vary
 */
export function fitClasses(
  classes: readonly ClassMoments[],
  options: Partial<FitOptions> = {},
): FittedClasses {
  requireList('classes', classes, (parameter, one) => {
    requireMembers(parameter, one, { label: 'text', fitted: 'object', heldOut: 'object' });
  });
  if (classes.length < 2) throw new ParameterError('classes', 'two or more', classes.length);
  const defaults: FitOptions = { components: null, model: null };
  requireKnownKeys('options', options, Object.keys(defaults));
  const { components, model: asked } = { ...defaults, ...options };
  if (asked !== null) requireChoice('model', asked, covarianceModels);
  const all = classes.map(({ fitted, heldOut }) => joined(fitted, heldOut));
  const total = all.reduce(joined);
  const d = total.mean.length;
  const axes = principalAxes(total, components);
  const basis = new Matrix(axes.rows.map((row) => Array.from(row)));
  const project = (moments: SampleMoments): ProjectedMoments => {
    const mean = Float64Array.from(
      axes.rows.map((row) => row.reduce((sum, one, i) => sum + one * (moments.mean[i]! - total.mean[i]!), 0)),
    );
    const scatter = Matrix.from1DArray(d, d, Array.from(moments.scatter));
    return { count: moments.count, mean, scatter: symmetric(basis.mmul(scatter).mmul(basis.transpose())) };
  };
  const projected = all.map(project);
  const pooled = pooledCovariance(projected);
  const scores = scoreModels(
    classes.map(({ fitted, heldOut }) => ({ fitted: project(fitted), heldOut: project(heldOut) })),
  );
  const best = scores.reduce((one, other) => (other.logLikelihood > one.logLikelihood ? other : one));
  const chosen = asked === null ? best : scores.find(({ model }) => model === asked)!;
  const n = total.count;
  return {
    labels: classes.map(({ label }) => label),
    counts: all.map(({ count }) => count),
    mixture: labelledMixture({
      centres: projected.map(({ mean }) => Array.from(mean)),
      weights: all.map(({ count }) => count / n),
      ...covariancesOf(chosen, projected, pooled),
    }),
    model: chosen.model,
    shrinkage: chosen.shrinkage,
    scores,
    origin: total.mean,
    axes: axes.rows,
    variances: axes.variances,
    explained: axes.explained,
    effectiveDimension: pooled.trace() ** 2 / pooled.norm('frobenius') ** 2,
    commutator: commutatorOf(projected.map(covarianceOf), Matrix.diag(Array.from(axes.variances))),
  };
}

interface ProjectedMoments {
  readonly count: number;
  readonly mean: Float64Array;
  readonly scatter: Matrix;
}

function symmetric(matrix: Matrix): Matrix {
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}

function principalAxes(total: SampleMoments, components: number | null) {
  const d = total.mean.length;
  const covariance = Matrix.from1DArray(d, d, Array.from(total.scatter)).div(total.count - 1);
  const { values, vectors } = eigenvalues(covariance);
  const varying = values.filter((value) => value > leastVariance * values[0]!).length;
  if (!(values[0]! > 0)) throw new ParameterError('file', 'latents that vary', 'constant ones');
  if (components !== null) requireInteger('components', components, 1, varying);
  const kept = components ?? varying;
  return {
    rows: Array.from({ length: kept }, (_, j) => Float64Array.from(vectors.getColumn(j))),
    variances: Float64Array.from(values.slice(0, kept)),
    explained:
      values.slice(0, kept).reduce((sum, one) => sum + one, 0) /
      values.reduce((sum, one) => sum + Math.max(0, one), 0),
  };
}

/** Eigenvalues of a symmetric matrix, the largest first, with their vectors as columns. */
function eigenvalues(matrix: Matrix): { readonly values: readonly number[]; readonly vectors: Matrix } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, j) => j).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  return {
    values: order.map((j) => realEigenvalues[j]!),
    vectors: eigenvectorMatrix.subMatrixColumn(order),
  };
}

function pooledCovariance(classes: readonly ProjectedMoments[]): Matrix {
  const first = classes[0]!.scatter;
  const sum = Matrix.zeros(first.rows, first.columns);
  let degrees = 0;
  for (const { scatter, count } of classes) {
    sum.add(scatter);
    degrees += count - 1;
  }
  return sum.div(degrees);
}

interface SplitMoments {
  readonly fitted: ProjectedMoments;
  readonly heldOut: ProjectedMoments;
}

/** A class as the choice of a model sees it. */
interface ScoredClass {
  readonly own: Matrix;
  readonly count: number;
  /** Scatter of held-out samples about the fitted mean. */
  readonly held: Matrix;
}

/** Likelihoods of held-out samples (eq. held-out-likelihood): all that they need of these are log det C and tr C^-1 T, T their scatter about the fitted mean. */
function scoreModels(classes: readonly SplitMoments[]): ModelScore[] {
  const pooled = pooledCovariance(classes.map(({ fitted }) => fitted));
  const scored = classes.map(({ fitted, heldOut }): ScoredClass => {
    const step = Matrix.columnVector(Array.from(heldOut.mean, (one, i) => one - fitted.mean[i]!));
    return {
      own: covarianceOf(fitted),
      count: heldOut.count,
      held: Matrix.add(heldOut.scatter, step.mmul(step.transpose()).mul(heldOut.count)),
    };
  });
  const d = pooled.rows;
  const samples = scored.reduce((sum, { count }) => sum + count, 0);
  const trial = (model: CovarianceModel, shrinkage: Shrinkage | null, deviance: number): ModelScore => ({
    model,
    shrinkage,
    logLikelihood: -0.5 * Math.log(2 * Math.PI) - deviance / (2 * samples * d),
  });
  const trials: ModelScore[] = [trial('isotropic', null, devianceAlong(pooled, scored, 1, 'diagonal')!(1))];
  for (const isotropic of isotropicShares) {
    const full = devianceAlong(pooled, scored, isotropic, 'full');
    const diagonal = devianceAlong(pooled, scored, isotropic, 'diagonal');
    for (const target of targets) {
      const shrinkage = { target, isotropic };
      if (full !== null) trials.push(trial(target === 1 ? 'pooled' : 'own-full', shrinkage, full(target)));
      if (diagonal !== null && target < 1) trials.push(trial('own-diagonal', shrinkage, diagonal(target)));
    }
  }
  return covarianceModels.map((model) =>
    trials
      .filter((one) => one.model === model)
      .reduce((one, other) => (other.logLikelihood > one.logLikelihood ? other : one)),
  );
}

/**
 * Deviance, -2 log p without its constant, of all held-out samples as a function of s. In the frame of T^(-1/2), T the target, every shrunk
 * covariance has the eigenvectors of its class's own, whatever s.
 * @returns null where the target is singular
 */
function devianceAlong(
  pooled: Matrix,
  classes: readonly ScoredClass[],
  isotropic: number,
  kind: 'full' | 'diagonal',
): ((target: number) => number) | null {
  const aim = targetOf(pooled, isotropic);
  const { values, vectors } =
    kind === 'full'
      ? eigenvalues(aim)
      : { values: aim.diagonal(), vectors: Matrix.eye(pooled.rows, pooled.rows) };
  if (!(Math.min(...values) > leastVariance * Math.max(...values))) return null;
  const white = Matrix.mul(vectors, 1);
  values.forEach((value, j) => {
    white.mulColumn(j, 1 / Math.sqrt(value));
  });
  const logTarget = values.reduce((sum, value) => sum + Math.log(value), 0);
  const turned = classes.map(({ own, count, held }) => {
    if (kind === 'diagonal')
      return {
        count,
        own: own.diagonal().map((one, i) => one / values[i]!),
        held: held.diagonal().map((one, i) => one / values[i]!),
      };
    const inWhite = eigenvalues(symmetric(white.transpose().mmul(own).mmul(white)));
    const frame = white.mmul(inWhite.vectors);
    const square = held.mmul(frame).mul(frame);
    return { count, own: inWhite.values, held: square.sum('column') };
  });
  return (target) => {
    let sum = 0;
    for (const { count, own, held } of turned) {
      sum += count * logTarget;
      own.forEach((one, j) => {
        const value = (1 - target) * Math.max(0, one) + target;
        sum += count * Math.log(value) + held[j]! / value;
      });
    }
    return sum;
  };
}

/** (1 - u) W + u t 1 */
function targetOf(pooled: Matrix, isotropic: number): Matrix {
  const d = pooled.rows;
  return Matrix.mul(pooled, 1 - isotropic).add(Matrix.eye(d, d, (isotropic * pooled.trace()) / d));
}

function covarianceOf({ scatter, count }: ProjectedMoments): Matrix {
  return Matrix.div(scatter, Math.max(1, count - 1));
}

function covariancesOf(
  { model, shrinkage }: ModelScore,
  classes: readonly ProjectedMoments[],
  pooled: Matrix,
) {
  if (shrinkage === null) return { covariance: pooled.trace() / pooled.rows };
  const { target, isotropic } = shrinkage;
  const aim = targetOf(pooled, isotropic);
  if (model === 'pooled') return { covariance: aim.to2DArray() };
  return {
    covariances: classes.map((one) => {
      const mixed = covarianceOf(one)
        .mul(1 - target)
        .add(Matrix.mul(aim, target));
      return model === 'own-full' ? symmetric(mixed).to2DArray() : Matrix.diag(mixed.diagonal()).to2DArray();
    }),
  };
}

function commutatorOf(covariances: readonly Matrix[], all: Matrix): number {
  const sizes = covariances.map((own) => {
    const forth = own.mmul(all);
    const scale = own.norm('frobenius') * all.norm('frobenius');
    return scale === 0 ? 0 : Matrix.sub(forth, forth.transpose()).norm('frobenius') / scale;
  });
  return sizes.reduce((sum, one) => sum + one, 0) / sizes.length;
}
