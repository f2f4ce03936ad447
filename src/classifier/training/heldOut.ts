import { diffuseMixture } from '../../mixture/labelled/diffused.ts';
import type { LabelledMixture } from '../../mixture/labelled/mixture.ts';
import { RandomStream } from '../../numerics/random.ts';
import { estimate, mean } from '../../numerics/statistics.ts';
import type { ForwardProcess } from '../../process/process.ts';
import type { NoiseFeatures } from './features.ts';
import type { Network } from './network.ts';
import type { TimeRange } from './samples.ts';
import { drawLabelled, noise, timeAtFraction } from './samples.ts';

/** Counter streams of {@link heldOutSet}. */
const pointStream = 162;
const noiseStream = 163;

/** Losses on fresh data at one noise level, in nats. */
export interface LevelLoss {
  readonly time: number;
  /** Cross-entropy of the classifier. */
  readonly loss: number;
  /** Cross-entropy of the exact posterior on the same points: the Bayes loss. */
  readonly bayesLoss: number;
  /** loss - bayesLoss = E KL(c || c^) >= 0, summed without that difference. */
  readonly divergence: number;
  /** Standard error of `divergence`; null if there is a single point. */
  readonly divergenceError: number | null;
}

/**
 * Fresh points at fixed noise levels, prepared for a network. The label is averaged over exactly: a point x counts with
 * -sum_k c(k|x) log c^(k|x), whose mean is the cross-entropy and which is never below that of the exact posterior c.
 */
export class HeldOutSet {
  readonly #times: readonly number[];
  readonly #inputs: readonly Float64Array[];
  /** log c(k|x), rows of K, by level. */
  readonly #posteriors: readonly Float64Array[];
  readonly #features: number;
  readonly #classes: number;

  /**
   * @param count points per level
   * @param levels number of noise levels, at the middles of equal parts of the range of times (one if it is a single time)
   */
  constructor(
    mixture: LabelledMixture,
    process: ForwardProcess,
    features: NoiseFeatures,
    range: TimeRange,
    options: { readonly count: number; readonly levels: number; readonly seed: number },
  ) {
    const levels = range.from === range.to ? 1 : options.levels;
    const { count, seed } = options;
    const sample = drawLabelled(mixture, count * levels, seed, pointStream);
    const stream = new RandomStream(seed, noiseStream);
    const diffused = diffuseMixture(mixture, process);
    const x = new Float64Array(mixture.dimension);
    const logs = new Float64Array(mixture.classes);
    const times: number[] = [];
    const inputs: Float64Array[] = [];
    const posteriors: Float64Array[] = [];
    for (let level = 0; level < levels; level++) {
      const time = timeAtFraction(process, range, (level + 0.5) / levels);
      const exact = diffused.at(time);
      const noiseScale = Math.sqrt(process.noiseVariance(time));
      features.moveTo(time);
      const rows = new Float64Array(count * features.count);
      const logsOfAll = new Float64Array(count * mixture.classes);
      for (let i = 0; i < count; i++) {
        const row = level * count + i;
        stream.moveTo(row);
        noise(sample, row, exact.signalScale, noiseScale, stream, x);
        features.write(x, rows, i * features.count);
        exact.logPosterior(x, logs);
        logsOfAll.set(logs, i * mixture.classes);
      }
      times.push(time);
      inputs.push(rows);
      posteriors.push(logsOfAll);
    }
    this.#times = times;
    this.#inputs = inputs;
    this.#posteriors = posteriors;
    this.#features = features.count;
    this.#classes = mixture.classes;
  }

  /** Losses at each level. */
  byLevel(network: Network): LevelLoss[] {
    return this.#times.map((time, n) => {
      const logs = this.#posteriors[n]!;
      const count = logs.length / this.#classes;
      const divergences = new Float64Array(count);
      let bayes = 0;
      for (let i = 0; i < count; i++) {
        network.forward(this.#inputs[n]!, i * this.#features);
        let divergence = 0;
        for (let k = 0; k < this.#classes; k++) {
          const log = logs[i * this.#classes + k]!;
          const probability = Math.exp(log);
          if (probability === 0) continue;
          bayes -= probability * log;
          divergence += probability * (log - network.logProbabilities[k]!);
        }
        divergences[i] = divergence;
      }
      const { mean: divergence, standardError } = estimate(divergences);
      const bayesLoss = bayes / count;
      const loss = bayesLoss + divergence;
      return { time, loss, bayesLoss, divergence, divergenceError: standardError };
    });
  }
}

/** Mean over noise levels of one of their losses. */
export function overLevels(levels: readonly LevelLoss[], of: 'loss' | 'bayesLoss' | 'divergence'): number {
  return mean(levels.map((level) => level[of]));
}
