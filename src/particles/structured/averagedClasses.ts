import type { BandLaw, LevelLaw } from '../../mixture/classLaw.ts';
import { logOneLess, logistic } from '../../numerics/logSumExp.ts';
import type { PosteriorWeights } from '../engine/posterior.ts';
import { averagedCoordinate, meanOfCentres } from './averagedCoordinate.ts';
import type { StructuredClasses } from './explicitClasses.ts';
import type { ClassScores } from './scores.ts';
import type { StructuredProblem } from './spec.ts';
import { bandOfCoordinates } from './variances.ts';

/** Particles of a block: they do not share work. */
const blockSize = 64;

const noPairs = { total: 0, evaluated: 0, precise: 0 };

/**
 * Scores with the competing classes replaced by their average over the law (annealed), in the frame y = x/a (eqs. averaged-bands,
 * averaged-levels). O(d) per particle and score. The guided class, or the parts of the superclass, are drawn.
 */
export function averagedScores(problem: StructuredProblem, classes: StructuredClasses): ClassScores {
  const { law } = problem.spec;
  return law.kind === 'levels' ? levelScores(problem, law, classes) : bandScores(problem, law, classes);
}

/**
 * Bands, eq. averaged-bands: p(y) = p_c + (K - 1) prod_i Z(y_i), with Z of {@link averagedCoordinate}. The log-odds against the guided class are
 *   log(K - 1) + sum_i [log Z(y_i) - log N(y_i; mu_i, c_i + tau)].
 */
function bandScores(
  { size }: StructuredProblem,
  law: BandLaw,
  { first, choices, dimension }: StructuredClasses,
): ClassScores {
  const logOthers = logOneLess(size.logClasses);
  let end = 0;
  const bands = law.bands.map((band, b) => {
    const begin = end;
    end += size.counts[b]!;
    return { begin, end, mean: meanOfCentres(band), average: averagedCoordinate(band) };
  });
  const ownVariances = Float64Array.from(
    bandOfCoordinates(size),
    (b, i) => size.variances[b]![choices?.[i] ?? 0]!,
  );
  const widths = new Float64Array(dimension);
  const logWidths = new Float64Array(dimension);
  const totals = new Float64Array(blockSize);
  const phases = new Uint16Array(blockSize);
  let lastTau = NaN;
  const setNoise = (tau: number) => {
    if (tau === lastTau) return;
    lastTau = tau;
    for (const { average } of bands) average.setNoise(tau);
    for (let i = 0; i < dimension; i++) {
      widths[i] = ownVariances[i]! + tau;
      logWidths[i] = 0.5 * Math.log(widths[i]!);
    }
  };
  const share = Math.exp(-size.logClasses);
  const means = Float64Array.from(first, (mu, i) => {
    const { mean } = bands.find((band) => i < band.end)!;
    return mean + share * (mu - mean);
  });
  return {
    all: {
      blockSize,
      pairs: noPairs,
      startBlock: () => undefined,
      means(y, count, tau, out, weights) {
        setNoise(tau);
        for (let p = 0; p < count; p++) {
          const row = p * dimension;
          let logOdds = logOthers;
          for (const { begin, end: last, average } of bands) {
            for (let i = begin; i < last; i++) {
              const at = y[row + i]!;
              const away = at - first[i]!;
              average.update(at);
              out[row + i] = at + widths[i]! * average.score;
              logOdds += average.logDensity + logWidths[i]! + (0.5 * away * away) / widths[i]!;
            }
          }
          const guided = logistic(-logOdds);
          const others = logistic(logOdds);
          for (let i = 0; i < dimension; i++) out[row + i] = guided * first[i]! + others * out[row + i]!;
          weights.guided[p] = guided;
          totals[p] = -Math.log2(guided);
          phases[p] = logOdds < 0 ? 1 : 0;
        }
      },
      logTotals: (count) => totals.subarray(0, count),
    },
    own: null,
    phases: (count) => phases.subarray(0, count),
    startMeans: { all: means, guided: first },
  };
}

/**
 * Hierarchies, eq. averaged-levels: the classes that share the parts of the guided one down to level k are averaged over the rest, a gaussian of
 * variance D_k = sigma2 + tau + sum_{l>k} r_l about the known parts, for k = 0 ... g; the last one is what guidance knows, the class or the superclass.
 */
function levelScores(
  { size }: StructuredProblem,
  { sigma2, levels }: LevelLaw,
  { parts, dimension, first }: StructuredClasses,
): ClassScores {
  const guidedLevels = parts.length;
  const known = [new Float64Array(dimension)];
  for (const part of parts) known.push(known.at(-1)!.map((value, i) => value + part[i]!));
  const guided = known.at(-1)!;
  /** Log of the number of classes of a phase over that of the guided one. */
  const logCounts = known.map((_, k) =>
    k === guidedLevels
      ? 0
      : logOneLess(size.logBranches[k]!) +
        size.logBranches.slice(k + 1, guidedLevels).reduce((sum, log) => sum + log, 0),
  );
  /** Variance of the parts that are not known. */
  const spreads = known.map((_, k) => levels.slice(k).reduce((sum, { r }) => sum + r, 0));
  const ofGuided = spreads.at(-1)!;
  const logs = new Float64Array(known.length);
  const totals = new Float64Array(blockSize);
  const phases = new Uint16Array(blockSize);
  const all = {
    blockSize,
    pairs: noPairs,
    startBlock: () => undefined,
    means(y: Float64Array, count: number, tau: number, out: Float64Array, weights: PosteriorWeights): void {
      const width = sigma2 + tau;
      const guidedWidth = width + ofGuided;
      for (let p = 0; p < count; p++) {
        const row = p * dimension;
        const at = y.subarray(row, row + dimension);
        const ofClass = (0.5 * squaredDistance(at, guided)) / guidedWidth;
        let largest = 0;
        for (let k = 0; k < guidedLevels; k++) {
          const total = width + spreads[k]!;
          logs[k] =
            logCounts[k]! -
            (0.5 * squaredDistance(at, known[k]!)) / total +
            ofClass -
            0.5 * dimension * Math.log1p((total - guidedWidth) / guidedWidth);
          largest = Math.max(largest, logs[k]!);
        }
        logs[guidedLevels] = 0;
        let sum = 0;
        for (let k = 0; k <= guidedLevels; k++) sum += Math.exp(logs[k]! - largest);
        const target = out.subarray(row, row + dimension);
        target.set(at);
        for (let k = 0; k <= guidedLevels; k++) {
          const weight = Math.exp(logs[k]! - largest) / sum;
          addPull(target, at, known[k]!, (weight * width) / (width + spreads[k]!));
        }
        totals[p] = (largest + Math.log(sum)) / Math.LN2;
        weights.guided[p] = 2 ** -totals[p]!;
        phases[p] = logs.indexOf(largest);
      }
    },
    logTotals: (count: number) => totals.subarray(0, count),
  };
  const isSuperclass = guidedLevels < levels.length;
  let logAbove = 0;
  const overall = new Float64Array(dimension);
  parts.forEach((part, l) => {
    logAbove += size.logBranches[l]!;
    for (let i = 0; i < dimension; i++) overall[i]! += part[i]! * Math.exp(-logAbove);
  });
  return {
    all,
    own: isSuperclass
      ? {
          ...all,
          means(y, count, tau, out) {
            const width = sigma2 + tau;
            out.set(y.subarray(0, count * dimension));
            for (let p = 0; p < count; p++) {
              const row = p * dimension;
              const end = row + dimension;
              addPull(out.subarray(row, end), y.subarray(row, end), guided, width / (width + ofGuided));
            }
          },
          logTotals: (count) => new Float64Array(count),
        }
      : null,
    phases: (count) => phases.subarray(0, count),
    startMeans: { all: overall, guided: isSuperclass ? guided : first },
  };
}

/** Adds a share of centre - y. */
function addPull(out: Float64Array, y: Float64Array, centre: Float64Array, share: number): void {
  if (share === 0) return;
  for (let i = 0; i < y.length; i++) out[i]! += share * (centre[i]! - y[i]!);
}

function squaredDistance(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += (p[i]! - q[i]!) ** 2;
  return sum;
}
