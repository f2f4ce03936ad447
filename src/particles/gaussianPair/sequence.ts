import { scheduleStops } from '../../guidance/compiled.ts';
import { clockAtNoiseToSignal, dataClock } from '../../process/variances.ts';
import type { ParticleBlock } from '../steps/blockStep.ts';
import { advanceBlock } from '../steps/blockStep.ts';
import type { StepCoefficients } from '../../sampler/step.ts';
import { stepSequence } from '../../sampler/sequence.ts';
import type { GaussianPairOptions, GaussianPairProblem, ResolvedPair } from './problem.ts';
import type { AffineMap } from './score.ts';
import { applyMap, pairTargets } from './score.ts';

/** Start and time steps of a {@link GaussianPairProblem}. */
export interface PairSequence {
  /** Mean of y at the start. */
  readonly startMean: Float64Array;
  /** Variance per coordinate of y at the start. */
  readonly startVariance: number;
  readonly steps: readonly StepCoefficients[];
}

/** Noise-to-signal variance of the asymptotic start in units of the largest eigenvalue. */
const asymptoticNoise = 1e8;

/**
 * Start (eq. pair-start) and steps. From pure noise: y ~ N((1 + w) mu_c - w mu_u, Gamma I) at Gamma = 1e8 times the largest
 * eigenvalue L, wrong by a relative w 1e-8. From a finite time T: N(0, priorVariance(T)/a(T)^2 I). Nodes are even in
 * theta = asinh(sqrt(L/Gamma)) (eq. pair-grid), breakpoints of w are among them.
 */
export function pairSequence(
  problem: GaussianPairProblem,
  pair: ResolvedPair,
  options: Pick<GaussianPairOptions, 'steps' | 'method'>,
): PairSequence {
  const { process, sampler, schedule } = problem;
  const { smallest, largest, dimension } = pair;
  const start = finiteStart(problem, smallest);
  const from = start?.clock ?? -Math.log(asymptoticNoise * largest);
  const to = dataClock(smallest);
  const angleAt = (clock: number) => Math.asinh(Math.sqrt(largest) * Math.exp(clock / 2));
  const clockAt = (angle: number) => 2 * Math.log(Math.sinh(angle) / Math.sqrt(largest));
  const inner = scheduleStops(schedule).filter((clock) => clock > from && clock < to);
  const stops = [from, ...inner, to];
  const length = angleAt(to) - angleAt(from);
  const nodes = [from];
  for (let i = 1; i < stops.length; i++) {
    const first = angleAt(stops[i - 1]!);
    const last = angleAt(stops[i]!);
    const count = Math.max(1, Math.ceil((options.steps * (last - first)) / length - 1e-9));
    for (let j = 1; j < count; j++) nodes.push(clockAt(first + ((last - first) * j) / count));
    nodes.push(stops[i]!);
  }
  const setting = { process, sampler, schedule, sigma2: smallest };
  const steps = stepSequence(setting, options.method, Float64Array.from(nodes));
  const { w } = steps[0]!;
  const startMean = Float64Array.from({ length: dimension }, (_, i) =>
    start === null ? (1 + w) * pair.conditionalMean.get(i, 0) - w * pair.unconditionalMean.get(i, 0) : 0,
  );
  return { startMean, startVariance: start?.variance ?? Math.exp(-from), steps };
}

/** Start at the problem's finite time; null for pure noise, or a time with no signal left. */
function finiteStart(
  { process, startTime }: GaussianPairProblem,
  smallest: number,
): { clock: number; variance: number } | null {
  if (startTime === null) return null;
  const signal = process.signalScale(startTime) ** 2;
  const variance = process.priorVariance(startTime) / signal;
  if (signal === 0 || !Number.isFinite(variance)) return null;
  return { clock: clockAtNoiseToSignal(process.noiseToSignal(startTime), smallest), variance };
}

/** The targets of a step at its beginning and at its end. */
export interface StepTargets {
  readonly step: StepCoefficients;
  readonly begin: AffineMap;
  readonly end: AffineMap;
}

/** Calls `visit` for every step in turn, with its targets. */
export function forEachStep(
  sequence: PairSequence,
  pair: ResolvedPair,
  visit: (targets: StepTargets, index: number) => void,
): void {
  const targets = pairTargets(pair);
  sequence.steps.forEach((step, index) => {
    const begin = targets(step.variance, step.w);
    visit({ step, begin, end: targets(step.endVariance, step.endW) }, index);
  });
}

/** One step of the first `count` particles of a block, whose `noise` holds standard normals where the step has noise. */
export function advancePair(block: ParticleBlock, count: number, { step, begin, end }: StepTargets): void {
  applyMap(begin, block.y, count, block.target);
  advanceBlock(block, count, begin.offset.length, step, (positions, rows, _variance, _w, target) => {
    applyMap(end, positions, rows, target);
  });
}
