import type { MiscalibratedClassifier } from '../classifier/calibration.ts';
import { drawCentres } from '../mixture/centres.ts';
import { RandomStream } from '../numerics/random.ts';
import { noiseToSignalAtClock } from '../process/variances.ts';
import type { TargetAt } from './steps/blockStep.ts';
import { advanceBlock, guidedTarget, particleBlock } from './steps/blockStep.ts';
import type { Crew } from './engine/crew.ts';
import type { FullEngine } from './engine/engine.ts';
import { openEngine } from './engine/engine.ts';
import type { ClassKernel } from './kernels/kernel.ts';
import { plainKernel } from './kernels/plainKernel.ts';
import type { ObservableSums, ParticleMoments, ParticleRange } from './observables/observables.ts';
import { emptySums, recordParticle } from './observables/observables.ts';
import type { PosteriorHistory } from './engine/posterior.ts';
import { emptyWeights } from './engine/posterior.ts';
import type { SimulationPlan } from './plan/plan.ts';
import { explicitClassCount, type ParticleOptions, type ParticleProblem } from './problem/problem.ts';
import { classifierTargets } from './steps/classifierTarget.ts';
import { formTargets } from './steps/formTarget.ts';
import { startOverlap } from './problem/start.ts';
import { isNoisy } from '../sampler/step.ts';
import { noiseStream, startStream } from './problem/streams.ts';
import type { ParticleTask } from './tasks.ts';

/** Reports progress as a fraction of the range in [0, 1]. */
export type RangeProgress = (fraction: number) => void;

/** The class centres of one realisation of a full simulation (K x d), as its engine has them. */
export function fullCentres(
  problem: ParticleProblem,
  options: ParticleOptions,
  realization: number,
): Float64Array {
  const { dimension, ensemble, guidedClass } = problem;
  const classes = explicitClassCount(problem);
  return drawCentres({ ensemble, classes, dimension, seed: options.seed, realization, guidedClass });
}

/** Replaceable parts of {@link runFullRange}, which do not change its result beyond the engine's rounding. */
export interface FullRangeParts {
  /** Engine for the sums over classes (default: plain double precision). */
  readonly kernel?: ClassKernel | undefined;
  /** The realisation's classes, already opened with openEngine and the same kernel. */
  readonly engine?: FullEngine | undefined;
  /** Class centres in place of those of the realisation: K x d, class 0 guided. */
  readonly centres?: Float64Array | undefined;
  /** Members that share the classes. */
  readonly crew?: Crew | undefined;
  /** Receives a getter of the state after every time step, from which the range can be continued. */
  readonly onState?: ((current: () => RangeState) => void) | undefined;
  /** A state of this range, to continue from. */
  readonly state?: RangeState | undefined;
}

/** A range in the middle, as plain data. */
export interface RangeState {
  /** First particle of the block that is advanced, and the step that is next for it. */
  readonly first: number;
  readonly step: number;
  readonly y: Float64Array;
  readonly previousTarget: Float64Array;
  readonly history: PosteriorHistory;
  readonly final: ObservableSums;
  readonly series: readonly ObservableSums[];
  readonly pairs: PairCounts;
}

/**
 * Full (quenched) simulation of the particles [begin, end) of one realisation: explicit class centres, exact
 * score of the mixture, steps of any method (steps/).
 * @param onProgress called after every time step of a block of particles
 * @throws ParameterError unless the range consists of whole bundles, or if the centres exceed options.memoryLimit
 */
export function runFullRange(
  plan: SimulationPlan,
  { realization, begin, end }: ParticleTask,
  onProgress?: RangeProgress,
  parts: FullRangeParts = {},
): ParticleRange {
  const { problem, rule, options, start, grid, steps } = plan;
  const { dimension, process, sigma2 } = problem;
  const engine = parts.engine ?? openEngine(plan, realization, parts.kernel ?? plainKernel, parts);
  const { evaluator, guided, guidedNorm, classes } = engine;
  const { blockSize } = evaluator;
  const { state } = parts;
  const final = state?.final ?? emptySums(options, begin, end, 'data');
  const series = state?.series ?? options.clocks.map(() => emptySums(options, begin, end, 'clock'));

  const room = Math.min(blockSize, Math.max(1, end - begin));
  const block = particleBlock(room, dimension);
  const { y, noise } = block;
  const means = new Float64Array(room * dimension);
  const weights = emptyWeights(room);
  const startDraws = new RandomStream(options.seed, startStream);
  const noiseDraws = new RandomStream(options.seed, noiseStream);
  const targets = rule === null ? null : formTargets(rule, guided, Math.log(classes));
  const tempered =
    problem.classifier === undefined ? null : classifierTargets(problem.classifier, guided, evaluator);
  const startMean = start.guidedMean ? meanAtNoise(plan, engine, steps[0]!.w) : null;
  // Counted from here; the evaluator may have served other ranges.
  const before = { ...evaluator.pairs };
  let evaluations = state?.pairs.evaluations ?? 0;
  const countPairs = (): PairCounts => ({
    evaluations,
    others: evaluator.pairs.evaluated - before.evaluated + (state?.pairs.others ?? 0),
    precise: evaluator.pairs.precise - before.precise + (state?.pairs.precise ?? 0),
  });

  const evaluate = (positions: Float64Array, count: number, variance: number, observe: boolean) => {
    evaluator.posteriorMeans(positions, count, variance, means, weights, observe);
    evaluations += count;
  };
  const writeTempered: TargetAt = (positions, count, variance, w, target) => {
    tempered!.write(target, positions, means, weights.guided, count, variance, w);
    if (tempered!.evaluates) evaluations += count;
  };
  const targetAt: TargetAt = (positions, count, variance, w, target) => {
    if (tempered !== null) {
      evaluate(positions, count, variance, false);
      writeTempered(positions, count, variance, w, target);
      return;
    }
    if (rule === null) {
      // With w = 0 the posterior does not matter.
      if (w !== 0) evaluate(positions, count, variance, false);
      guidedTarget(target, guided, means, count * dimension, w);
      return;
    }
    if (w !== 0 && rule.usesPosterior) evaluate(positions, count, variance + rule.shift, false);
    writeFormTarget(positions, count, variance, w, target);
  };
  const writeFormTarget: TargetAt = (positions, count, variance, w, target) => {
    if (w === 0) guidedTarget(target, guided, means, count * dimension, 0);
    else targets!.write(target, positions, means, weights.guided, count, variance, w);
  };
  const startParticles = (first: number, count: number) => {
    const spread = Math.sqrt(start.variance);
    for (let p = 0; p < count; p++) {
      startDraws.moveTo(realization, first + p);
      startDraws.normals(y, p * dimension, dimension);
    }
    for (let j = 0; j < count * dimension; j++) {
      y[j] = spread * y[j]! + (startMean === null ? 0 : startMean[j % dimension]!);
    }
  };
  const record = (n: number, first: number, count: number) => {
    const isLast = n === steps.length;
    const tau = isLast ? 0 : noiseToSignalAtClock(grid.nodes[n]!, sigma2);
    const scale = process.signalScale(process.timeAtNoiseToSignal(tau));
    for (let p = 0; p < count; p++) {
      const moments = particleMoments(y, p * dimension, guided, guidedNorm);
      const at = first + p - begin;
      const posterior = {
        guidedWeight: weights.guided[p]!,
        inverseParticipation: weights.inverseParticipation[p]!,
        complexity: weights.complexity[p]!,
      };
      grid.recorded.forEach((node, i) => {
        if (node === n) recordParticle(series[i]!, at, moments, posterior, scale, guidedNorm, dimension);
      });
      if (isLast) recordParticle(final, at, moments, posterior, 1, guidedNorm, dimension);
    }
  };

  for (let first = state?.first ?? begin; first < end; first += blockSize) {
    const count = Math.min(blockSize, end - first);
    evaluator.startBlock();
    let n = 0;
    if (state?.first === first) {
      n = state.step;
      y.set(state.y);
      block.previousTarget.set(state.previousTarget);
      evaluator.restore(state.history);
    } else {
      startParticles(first, count);
    }
    for (; n <= steps.length; n++) {
      const step = steps[n];
      const isRecorded = step === undefined || grid.recorded.includes(n);
      const isNeeded =
        step !== undefined && (tempered !== null || (step.w !== 0 && (rule?.usesPosterior ?? true)));
      const shift = rule?.shift ?? 0;
      // Observables use the mixture's own posterior, whichever posterior the form uses.
      if (isRecorded || (isNeeded && shift === 0)) evaluate(y, count, step?.variance ?? sigma2, isRecorded);
      if (isRecorded) record(n, first, count);
      if (step === undefined) break;
      if (tempered !== null) {
        writeTempered(y, count, step.variance, step.w, block.target);
      } else if (rule === null) {
        guidedTarget(block.target, guided, means, count * dimension, step.w);
      } else {
        if (isNeeded && shift !== 0) evaluate(y, count, step.variance + shift, false);
        writeFormTarget(y, count, step.variance, step.w, block.target);
      }
      if (isNoisy(step)) {
        for (let p = 0; p < count; p++) {
          noiseDraws.moveTo(realization, first + p, n);
          noiseDraws.normals(noise, p * dimension, dimension);
        }
      }
      advanceBlock(block, count, dimension, step, targetAt);
      onProgress?.((first - begin + (count * (n + 1)) / steps.length) / (end - begin));
      parts.onState?.(() => ({
        first,
        step: n + 1,
        y: y.slice(0, count * dimension),
        previousTarget: block.previousTarget.slice(0, count * dimension),
        history: evaluator.history(count),
        final,
        series,
        pairs: countPairs(),
      }));
    }
  }
  const { others, precise } = countPairs();
  return {
    realization,
    begin,
    end,
    guidedNorm,
    final,
    series,
    pairs: evaluations * classes,
    pairsEvaluated: evaluations + others,
    pairsPrecise: precise,
  };
}

/** Work done on a range. */
interface PairCounts {
  /** Evaluations of a particle's posterior. */
  readonly evaluations: number;
  /** Pairs of a particle and a class other than the guided one that were evaluated, and re-evaluated in double precision. */
  readonly others: number;
  readonly precise: number;
}

/** Mean of y in the limit of pure noise. */
function meanAtNoise(plan: SimulationPlan, engine: FullEngine, w: number): Float64Array {
  const { classifier } = plan.problem;
  if (classifier !== undefined) return classifierMeanAtNoise(classifier, engine, w);
  if (plan.rule === null) return asymptoticMean(engine, w);
  const M = startOverlap(plan, w);
  return engine.guided.map((value) => M * value);
}

/**
 * Mean of y at pure noise under linear guidance, (1 + w) mu_c - w <mu>: there all classes have equal weight, and the
 * posterior mean at any finite y is <mu>.
 */
function asymptoticMean(engine: FullEngine, w: number): Float64Array {
  return meanOfCentres(engine).map((value, i) => (1 + w) * engine.guided[i]! - w * value);
}

/** Mean of y at pure noise under a classifier. The guided class has weight p^ = e^(beta d)/(K - 1 + e^(beta d)) there. */
function classifierMeanAtNoise(
  { temperature, bias }: MiscalibratedClassifier,
  engine: FullEngine,
  w: number,
): Float64Array {
  const { guided, classes } = engine;
  const strength = (1 + w) / (temperature * (1 + Math.expm1(Math.min(bias * guided.length, 700)) / classes));
  return meanOfCentres(engine).map((value, i) => value + strength * (guided[i]! - value));
}

function meanOfCentres({ evaluator, guided }: FullEngine): Float64Array {
  const average = new Float64Array(guided.length);
  evaluator.startBlock();
  evaluator.posteriorMeans(guided, 1, 1e12, average, emptyWeights(1), false);
  return average;
}

/** Sums that define the observables of the particle whose coordinates begin at `row`. */
function particleMoments(
  y: Float64Array,
  row: number,
  guided: Float64Array,
  guidedNorm: number,
): ParticleMoments {
  let overlap = 0;
  let square = 0;
  for (let i = 0; i < guided.length; i++) {
    const value = y[row + i]!;
    overlap += value * guided[i]!;
    square += value * value;
  }
  let orthogonalSquare = 0;
  for (let i = 0; i < guided.length; i++) {
    orthogonalSquare += (y[row + i]! - (overlap / guidedNorm) * guided[i]!) ** 2;
  }
  return { overlap, square, orthogonalSquare };
}
