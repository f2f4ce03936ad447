import { emptyInvariants, type FormRule, type GuidanceTarget } from '../guidance/forms/rule.ts';
import { logistic } from '../numerics/logSumExp.ts';
import { RandomStream } from '../numerics/random.ts';
import { noiseToSignalAtClock } from '../process/variances.ts';
import type { RangeProgress } from './fullRange.ts';
import type { ObservableSums, ParticleRange } from './observables/observables.ts';
import { emptySums, noPairs, recordParticle } from './observables/observables.ts';
import type { SimulationPlan } from './plan/plan.ts';
import type { StepCoefficients } from '../sampler/step.ts';
import { isNoisy } from '../sampler/step.ts';
import { twoClassNoiseStream, twoClassStartStream } from './problem/streams.ts';
import type { ParticleTask } from './tasks.ts';

/**
 * A particle between two classes in the frame y = x/a: component along the difference of the centres, component in
 * the plane of the centres across it, and the square in the d - 2 dimensions that know nothing of the classes.
 */
interface TwoClassState {
  along: number;
  across: number;
  restSquare: number;
  /** Target along the difference at the beginning of the last step. */
  previousTarget: number;
}

/** Standard normals for one step; `rest` along the rest, `restSquare` beyond. */
interface TwoClassNoise {
  along: number;
  across: number;
  rest: number;
  restSquare: number;
}

/**
 * Two classes in d dimensions, exactly, with O(1) per particle (eq. two-class). The centres have |mu|^2 = d and the
 * overlap mu_c.mu_o/d = c; c = -1, the default, is mu and -mu, the setting of Pavasovic, Verbeek, Biroli and Mezard
 * (arXiv 2502.07849). With D = |mu_c - mu_o|/2 = sqrt(d (1 - c)/2), u = y.(mu_c - mu_o)/(2 D), the target along the
 * difference is
 *   G_u = D (1 + w (1 - tanh(D u/Gamma))),
 * a function of u alone; across it in the plane G is constant, and 0 in the rest. The ensemble does not matter.
 * @param plan two-class (requireTwoClasses)
 * @throws ParameterError unless the range consists of whole bundles
 */
export function runTwoClassRange(
  { problem, rule, options, centreOverlap, start, grid, steps }: SimulationPlan,
  { realization, begin, end }: ParticleTask,
  onProgress?: RangeProgress,
): ParticleRange {
  const { dimension, process, sigma2 } = problem;
  const separation = Math.sqrt((dimension * (1 - centreOverlap)) / 2);
  const common = Math.sqrt((dimension * (1 + centreOverlap)) / 2);
  const final = emptySums(options, begin, end, 'data');
  const series = options.clocks.map(() => emptySums(options, begin, end, 'clock'));
  const startDraws = new RandomStream(options.seed, twoClassStartStream);
  const noiseDraws = new RandomStream(options.seed, twoClassNoiseStream);
  const spread = Math.sqrt(start.variance);
  const targetAt = targetAlong(rule, dimension, separation, common);
  // From pure noise y is around the asymptotic target, (1 + w) mu_c - w (mu_c + mu_o)/2.
  const startAlong = start.guidedMean ? targetAt(0, start.variance, steps[0]!.w) : 0;
  const startAcross = start.guidedMean ? common : 0;
  const state: TwoClassState = { along: 0, across: 0, restSquare: 0, previousTarget: 0 };
  const noise: TwoClassNoise = { along: 0, across: 0, rest: 0, restSquare: 0 };

  const record = (sums: ObservableSums, index: number, node: number) => {
    const tau = node === steps.length ? 0 : noiseToSignalAtClock(grid.nodes[node]!, sigma2);
    const scale = process.signalScale(process.timeAtNoiseToSignal(tau));
    const overlap = separation * state.along + common * state.across;
    const square = state.along ** 2 + state.across ** 2 + state.restSquare;
    // The component in the plane of the centres that is orthogonal to mu_c.
    const aside = (common * state.along - separation * state.across) / Math.sqrt(dimension);
    const moments = { overlap, square, orthogonalSquare: aside * aside + state.restSquare };
    const guidedWeight = logistic((2 * separation * state.along) / (sigma2 + tau));
    const posterior = { guidedWeight, inverseParticipation: 1, complexity: 0 };
    recordParticle(sums, index, moments, posterior, scale, dimension, dimension);
  };

  for (let particle = begin; particle < end; particle++) {
    const index = particle - begin;
    startDraws.moveTo(realization, particle);
    state.along = startAlong + spread * startDraws.nextNormal();
    state.across = startAcross + spread * startDraws.nextNormal();
    state.restSquare = start.variance * startDraws.nextChiSquare(dimension - 2);
    for (const [n, step] of steps.entries()) {
      grid.recorded.forEach((node, i) => {
        if (node === n) record(series[i]!, index, n);
      });
      if (isNoisy(step)) {
        noiseDraws.moveTo(realization, particle, n);
        noise.along = noiseDraws.nextNormal();
        noise.across = noiseDraws.nextNormal();
        noise.rest = dimension > 2 ? noiseDraws.nextNormal() : 0;
        noise.restSquare = noiseDraws.nextChiSquare(Math.max(0, dimension - 3));
      }
      twoClassStep(state, step, targetAt, common, noise);
    }
    record(final, index, steps.length);
    if (grid.recorded.at(-1) === steps.length) record(series.at(-1)!, index, steps.length);
    if (index % 256 === 255) onProgress?.((index + 1) / (end - begin));
  }
  onProgress?.(1);
  return { realization, begin, end, guidedNorm: dimension, final, series, ...noPairs };
}

/** Target along the difference of the centres, from the position along it. */
type TargetAlong = (along: number, variance: number, w: number) => number;

/**
 * Linear guidance, or a form that only changes w: Delta has the length 2 D (1 - p_c) along the difference, and no such form here asks for
 * the position across it.
 */
function targetAlong(
  rule: FormRule | null,
  dimension: number,
  separation: number,
  common: number,
): TargetAlong {
  if (rule === null) {
    return (along, variance, w) => separation * (1 + 2 * w * logistic((-2 * separation * along) / variance));
  }
  const at = emptyInvariants();
  const target: GuidanceTarget = { centre: 1, guidance: 0, state: 0 };
  return (along, variance, w) => {
    const odds = (-2 * separation * along) / variance;
    const delta = 2 * separation * logistic(odds);
    at.centre = 1;
    at.overlap = (separation * along + common * common) / dimension;
    at.difference = (delta * delta) / dimension;
    at.differenceCentre = (delta * separation) / dimension;
    at.differenceState = (delta * along) / dimension;
    const logWeight = -Math.max(0, odds) - Math.log1p(Math.exp(-Math.abs(odds)));
    at.information = (logWeight + Math.LN2) / dimension;
    rule.target(at, variance, w, target);
    return separation + target.guidance * delta;
  };
}

/** One step (eq. step-record) of a particle between two classes. */
function twoClassStep(
  state: TwoClassState,
  step: StepCoefficients,
  targetAt: TargetAlong,
  common: number,
  noise: TwoClassNoise,
): void {
  const target = targetAt(state.along, step.variance, step.w);
  const predicted =
    step.decay * state.along +
    step.gain * target +
    step.previousGain * state.previousTarget +
    step.noise * noise.along;
  const { corrector } = step;
  const last = corrector ?? step;
  // Across the difference and in the rest the target is constant, so that only its total weight counts.
  const constantGain =
    corrector === null ? step.gain + step.previousGain : corrector.gain + corrector.endGain;
  state.along =
    corrector === null
      ? predicted
      : corrector.decay * state.along +
        corrector.gain * target +
        corrector.endGain * targetAt(predicted, step.endVariance, step.endW) +
        corrector.noise * noise.along;
  state.across = last.decay * state.across + constantGain * common + last.noise * noise.across;
  state.restSquare =
    (last.decay * Math.sqrt(state.restSquare) + last.noise * noise.rest) ** 2 +
    last.noise * last.noise * noise.restSquare;
  state.previousTarget = target;
}
