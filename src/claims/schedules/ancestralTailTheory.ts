import { scheduledOverlap, scheduledVarianceRatio } from '../../closedForms/scheduled.ts';
import { discretisedOutcome } from '../../design/discretised.ts';
import { samplers } from '../../guidance/sampler.ts';
import { compileSchedule } from '../../guidance/schedule.ts';
import { writeSchedule } from '../../guidance/schedules/catalogue.ts';
import { listedFlowTimes, noiseLevels, type NoiseLevel } from '../../guidance/schedules/noiseLevels.ts';
import { modelGrid } from '../../guidance/schedules/pipelineModels.ts';
import { unitVarianceCentreScale } from '../../guidance/schedules/stepScales.ts';
import type { GuidanceText } from '../../guidance/written.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { dataClock } from '../../process/variances.ts';
import { identity } from '../protocol/checks.ts';
import type { Check, Evidence as ClaimEvidence } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { writtenProblemOf } from '../protocol/requests.ts';

type Evidence = Pick<ClaimEvidence, 'solve'>;

/** Variance of classes as wide as they are apart, and of narrow ones. */
export const wide = 1;
export const narrow = 0.25;
/** Strengths, and shares of the steps with w = -1. */
export const strengths = [1, 3, 6.5] as const;
export const fractions = [0.3, 0.4, 0.5] as const;
export const stepCount = 30;
/** Time of the linear interpolant from which the steps go to the data, evenly. */
export const startTime = 0.999;

/** w, then -1 for the last share of the steps; 0: w throughout. */
export interface Tail {
  readonly w: number;
  readonly fraction: number;
}

/** Where a tail ends. */
export interface Outcome extends Tail {
  readonly m: number;
  /** v/sigma2 */
  readonly ratio: number;
}

/** Guidance of a tail as a simulation has it. */
export function tailOf(w: number, fraction: number): number | GuidanceText {
  return fraction === 0 ? w : writeSchedule('step-to-minus-one', w, { fraction });
}

const allTails: readonly Tail[] = strengths.flatMap((w) =>
  [0, ...fractions].map((fraction) => ({ w, fraction })),
);

function problemOfTail({ w, fraction }: Tail, sigma2: number, alpha: number, eta: number) {
  const guidance = tailOf(w, fraction);
  return writtenProblemOf({ alpha, sigma2, sampler: { eta }, process: 'flow', guidance });
}

/** Every tail in continuous time; condensed ones have no numbers. */
export async function continuousMeanField(
  { solve }: Evidence,
  sigma2: number,
  alpha = Infinity,
  eta = samplers.sde.eta,
): Promise<(Outcome & { readonly problem: GuidedProblem })[]> {
  return Promise.all(
    allTails.map(async (tail) => {
      const problem = await problemOfTail(tail, sigma2, alpha, eta);
      const { final } = solve(problem, { fluctuations: false, staticClosure: false });
      return { ...tail, problem, m: final?.m ?? NaN, ratio: (final?.v ?? NaN) / sigma2 };
    }),
  );
}

/** Every tail in ancestral steps at given noise levels. */
function steppedMeanField(
  levels: readonly NoiseLevel[],
  centreScale: number,
  sigma2: number,
  alpha: number,
): Outcome[] {
  return allTails.map(({ w, fraction }) => {
    const first = Math.round(levels.length * (1 - fraction));
    const coefficients = levels.map((_, i) => (i < first ? w : -1));
    // The class rate of infinitely many classes is one at which the guided class is never reached.
    const problem = { alpha: Math.min(alpha, 1e6), sigma2, sampler: samplers.sde };
    const outcome = discretisedOutcome(problem, coefficients, levels, centreScale);
    return { w, fraction, m: outcome?.m ?? NaN, ratio: outcome?.varianceRatio ?? NaN };
  });
}

/** Every tail in the even ancestral steps that are simulated. */
export function ancestralMeanField(alpha: number, sigma2: number): Outcome[] {
  const times = Array.from({ length: stepCount }, (_, i) => startTime * (1 - i / stepCount));
  return steppedMeanField(listedFlowTimes(times), 1, sigma2, alpha);
}

/** Every tail in ancestral steps at the noise levels of Stable Diffusion, in latents of unit variance. */
export function modelMeanField(sigma2: number): Outcome[] {
  const { grid, options } = modelGrid('sd15');
  const levels = noiseLevels(grid, stepCount, options);
  return steppedMeanField(levels, unitVarianceCentreScale(sigma2), sigma2, Infinity);
}

/** The mean field in continuous time against the integral laws. */
export function lawChecks(
  outcomes: readonly (Outcome & { readonly problem: GuidedProblem })[],
  sigma2: number,
  name = 'SDE',
): Check[] {
  const end = dataClock(sigma2);
  const errors = outcomes.map(({ problem, m, ratio }) => {
    const schedule = compileSchedule(problem.guidance, problem);
    const path = [schedule, problem.sampler, end, end] as const;
    return Math.max(
      Math.abs(ratio - scheduledVarianceRatio(...path)),
      Math.abs(m - scheduledOverlap(...path)),
    );
  });
  const label = `theory, ${name}, infinitely many classes: largest |m, v/σ² of the solver − integral law|, of ${errors.length}`;
  return [identity(label, Math.max(...errors), 0, 1e-6)];
}

/** Between the samplers: the same tails against the same laws. */
export async function intermediateTails(evidence: Evidence, sigma2: number): Promise<Check[]> {
  const outcomes = await continuousMeanField(evidence, sigma2, Infinity, intermediate.eta);
  return lawChecks(outcomes, sigma2, intermediateName);
}
