import { requireSampler } from '../guidance/sampler.ts';
import { samplerOf } from '../problem/input.ts';
import { constantSchedule } from '../guidance/schedule.ts';
import { requireSteps, type NoiseLevel } from '../guidance/schedules/noiseLevels.ts';
import { unitVarianceCentreScale } from '../guidance/schedules/stepScales.ts';
import { competingPhase, guidedPhase, isotropicPhases } from '../meanfield/isotropic.ts';
import { ParameterError, requireKnownKeys, requireNumbers, requirePositive } from '../numerics/checks.ts';
import { findRoot } from '../numerics/roots.ts';
import { clockAtNoiseToSignal } from '../process/variances.ts';
import { designKeys, type DesignInput } from './problem.ts';

/** Output of a sampler that takes given steps, in the mean field. */
export interface DiscretisedOutcome {
  /** Overlap with the class centre (1: undistorted). */
  readonly m: number;
  /** Variance per coordinate over sigma2. */
  readonly varianceRatio: number;
}

/** Steps as a pipeline's sampler takes them, and with w = 0 at all of them; null without an outcome. */
export interface DiscretisedSteps {
  readonly guided: DiscretisedOutcome | null;
  readonly unguided: DiscretisedOutcome | null;
}

type StepProblem = Omit<DesignInput, 'process'>;

/** {@link discretisedOutcome} of a list of steps, beside that of no guidance at all. @param centreScale null: latents of unit variance */
export function discretisedSteps(
  problem: StepProblem,
  coefficients: readonly number[],
  levels: readonly NoiseLevel[],
  centreScale: number | null,
): DiscretisedSteps {
  const scale = centreScale ?? unitVarianceCentreScale(problem.sigma2);
  return {
    guided: discretisedOutcome(problem, coefficients, levels, scale),
    unguided: discretisedOutcome(
      problem,
      coefficients.map(() => 0),
      levels,
      scale,
    ),
  };
}

/** Strengths of a window that {@link restoredCoefficients} tries. */
const strengths = 24;
/** |log(v/sigma2)| that counts as restored. */
const restored = 1e-9;

/**
 * Coefficients that give the class its variance back in the sampler's own steps, v = sigma2. Few steps change the variance by themselves,
 * after the decision too, where no guidance acts; the negative window of a schedule, its steps with w_i <= 0, can make up for it before. One
 * value -s takes the place of their coefficients in the first n of them, or in the last n, with a part of the next step so that v = sigma2; of
 * those windows the one that leaves the largest m.
 * @param least smallest coefficient, in [-1, 0)
 * @returns null where no such window restores the variance, or only one that leaves m below that of w = 0
 * @example
 * const levels = noiseLevels('karras', 30);
 * const w = stepScales(schedule, levels, 0.3, { reading: 'mean' }).map((step) => step.w);
 * restoredCoefficients({ alpha: 0.45, sigma2: 0.3 }, w, levels, null, -1);
 */
export function restoredCoefficients(
  problem: StepProblem,
  coefficients: readonly number[],
  levels: readonly NoiseLevel[],
  centreScale: number | null,
  least: number,
): number[] | null {
  requireKnownKeys('problem', problem, designKeys);
  requireNumbers('coefficients', coefficients);
  if (centreScale !== null) requirePositive('centreScale', centreScale);
  if (!(least >= -1 && least < 0)) throw new ParameterError('least', 'in [-1, 0)', least);
  const scale = centreScale ?? unitVarianceCentreScale(problem.sigma2);
  const outcomeOf = (w: readonly number[]) => discretisedOutcome(problem, w, levels, scale);
  const early = [...coefficients.keys()].filter((i) => coefficients[i]! <= 0);
  const unguided = outcomeOf(coefficients.map(() => 0));
  let best: { readonly w: number[] | null; readonly m: number } = { w: null, m: unguided?.m ?? -Infinity };
  for (const window of [early, early.toReversed()]) {
    for (let n = 1; n <= strengths; n++) {
      const value = (least * n) / strengths;
      // A window of `length` steps, which need not be an integer.
      const windowed = (length: number) => {
        const w = coefficients.map((one) => Math.max(0, one));
        window.forEach((step, j) => {
          w[step] = value * Math.min(1, Math.max(0, length - j));
        });
        return w;
      };
      const excess = (length: number) => {
        const outcome = outcomeOf(windowed(length));
        return outcome === null ? null : Math.log(outcome.varianceRatio);
      };
      let below = excess(0);
      for (let length = 1; length <= window.length; length++) {
        const [before, above] = [below, excess(length)];
        below = above;
        // Where a step changes its phase the variance jumps, without a root.
        if (before === null || above === null || before * above > 0) continue;
        const { root } = findRoot((x) => excess(x) ?? before, length - 1, length);
        const w = windowed(root);
        const outcome = outcomeOf(w);
        if (outcome === null || Math.abs(Math.log(outcome.varianceRatio)) > restored) continue;
        if (outcome.m > best.m) best = { w, m: outcome.m };
      }
    }
  }
  return best.w;
}

/**
 * Mean field of a pipeline's own sampler: DDIM steps (Euler's in sigma for the ODE) from noise alone, m = 0 (eq. ddim-step). In the frame
 * y = x/a with sigma = sqrt(tau), from sigma to sigma',
 *   y' = y + sigma (sigma - sigma_d) s + sigma_u z,   sigma_u^2 = eta^2 sigma'^2 (1 - sigma'^2/sigma^2),  sigma_d^2 = sigma'^2 - sigma_u^2,
 * which is linear in y while one phase dominates; the phase is evaluated once a step, as the sampler does. A step from pure
 * noise lands on the guided denoiser, m = 1 + w.
 * @param coefficients w of every step
 * @param levels noise levels of the steps, from `noiseLevels` or `listedNoiseLevels`; the data follow the last one
 * @param centreScale standard deviation of the class centres in the pipeline's latents
 * @returns null where the competing classes condense, or eta is too large for such steps
 * @throws ParameterError for an inadmissible problem, or lists of different lengths
 */
export function discretisedOutcome(
  problem: StepProblem,
  coefficients: readonly number[],
  levels: readonly NoiseLevel[],
  centreScale: number,
): DiscretisedOutcome | null {
  requireKnownKeys('problem', problem, designKeys);
  const { alpha, sigma2, ensemble = 'gaussian' } = problem;
  const sampler = samplerOf(problem);
  requireSampler(sampler);
  const { eta } = sampler;
  requirePositive('sigma2', sigma2);
  requirePositive('centreScale', centreScale);
  requireSteps(coefficients, levels);
  const phases = isotropicPhases({
    alpha,
    ensemble,
    eta,
    schedule: constantSchedule(0),
    average: 'quenched',
    closure: 'stopAtCondensation',
  });
  const score = new Float64Array(2);
  const sigmas = [...levels.map(({ sigma }) => sigma / centreScale), 0];
  const first = sigmas[0]!;
  // Variance-preserving pipelines start from x of unit variance, the others from y = sigma z.
  const unit = levels[0]!.timestep === null ? 0 : 1 / centreScale ** 2;
  let [m, v] = [0, first * first + unit];
  for (const [i, w] of coefficients.entries()) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    if (sigma === Infinity) {
      [m, v] = [1 + w, next * next];
      continue;
    }
    const variance = sigma2 + sigma * sigma;
    const clock = clockAtNoiseToSignal(sigma * sigma, sigma2);
    const state = Float64Array.of(m / Math.sqrt(variance + 1), Math.log(v / variance));
    const [guided, competing] = [phases[guidedPhase], phases[competingPhase]];
    const isOwn = guided.freeEnergy(clock, state) > competing.freeEnergy(clock, state);
    // Without guidance the competing classes do not matter.
    if (!isOwn && w !== 0 && (competing.complexity?.(clock, state) ?? 0) < 0) return null;
    // Gamma s = pull mu - damping y.
    let [pull, damping] = [1, 1];
    if (!isOwn) {
      competing.score(clock, state, score);
      const shrinkage = -0.5 * score[1]!;
      [pull, damping] = [1 + w, 1 + w - w * shrinkage];
    }
    const fresh = (eta * next) ** 2 * (1 - (next / sigma) ** 2);
    const kept = next * next - fresh;
    if (kept < 0) return null;
    const length = (sigma * (sigma - Math.sqrt(kept))) / variance;
    const factor = 1 - length * damping;
    [m, v] = [m * factor + length * pull, v * factor * factor + fresh];
  }
  return { m, varianceRatio: v / sigma2 };
}
