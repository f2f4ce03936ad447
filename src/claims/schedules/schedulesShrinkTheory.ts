import { scheduledOverlap, scheduledVarianceRatio } from '../../closedForms/scheduled.ts';
import type { SamplerName } from '../../guidance/sampler.ts';
import { compileSchedule, type Guidance } from '../../guidance/schedule.ts';
import { scheduleCatalogue, writeSchedule } from '../../guidance/schedules/catalogue.ts';
import { scheduleInClock } from '../../guidance/schedules/clocks.ts';
import { defaultHorizon } from '../../guidance/schedules/horizon.ts';
import { guidanceOf, type WrittenSchedule } from '../../guidance/written.ts';
import type { GuidedProblem } from '../../problem/physics.ts';
import { RandomStream } from '../../numerics/random.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import { dataClock } from '../../process/variances.ts';
import { identity } from '../protocol/checks.ts';
import type { Check, Evidence as ClaimEvidence, EvidenceSeries } from '../protocol/claim.ts';
import { intermediateName, intermediateProblem } from '../protocol/intermediateNoise.ts';
import { problemOf } from '../protocol/requests.ts';

type Evidence = Pick<ClaimEvidence, 'solve' | 'seed'>;

/** Grid of the listed schedules. */
export interface ScheduleGrid {
  readonly rates: readonly number[];
  readonly variances: readonly number[];
  readonly strengths: readonly number[];
}

/** A schedule of the list in OU time, with the default horizon. */
export function listedSchedule(
  id: string,
  w: number,
  values?: Readonly<Record<string, number>>,
): WrittenSchedule {
  const written = writeSchedule(id, w, values);
  return scheduleInClock(written, 't', ornsteinUhlenbeck, defaultHorizon(ornsteinUhlenbeck));
}

/** Mean-field numbers that the laws need. */
export const solveOptions = { fluctuations: false, staticClosure: false } as const;

/** v/sigma2 of the solver, and how far v/sigma2 and m are from the integral laws up to the solver's transition. */
interface LawOutcome {
  readonly solver: number;
  readonly varianceError: number;
  readonly overlapError: number;
}

/** One schedule through the solver and the laws; null where the classes condense. */
function lawOutcome({ solve }: Evidence, problem: GuidedProblem): LawOutcome | null {
  const { final, speciationClock } = solve(problem, solveOptions);
  if (final === null) return null;
  // Compiled here, not taken from the solver: a solver that follows another schedule must leave its law.
  const schedule = compileSchedule(problem.guidance, problem);
  const end = dataClock(problem.sigma2);
  const path = [schedule, problem.sampler, speciationClock ?? end, end] as const;
  const solver = final.v / problem.sigma2;
  return {
    solver,
    varianceError: Math.abs(solver - scheduledVarianceRatio(...path)),
    overlapError: Math.abs(final.m - scheduledOverlap(...path)),
  };
}

/** Stream of the random numbers of the schedules. */
const scheduleStream = 100;
const bumps = 3;

/** A sum of bumps of the OU time: smooth, positive, of any shape. */
function randomSchedule(seed: number, index: number): Promise<Guidance> {
  const stream = new RandomStream(seed, scheduleStream, index);
  const terms = Array.from({ length: bumps }, () => ({
    height: 4 * stream.nextUniform() ** 2,
    centre: 3 * stream.nextUniform(),
    width: 0.15 + stream.nextUniform(),
  }));
  const text = terms
    .map(({ height, centre, width }) => `${height}*exp(-((t - ${centre})/${width})^2)`)
    .join(' + ');
  return guidanceOf({ schedule: text, clock: 't' });
}

const randomGuidances = (seed: number, count: number) =>
  Promise.all(Array.from({ length: count }, (_, i) => randomSchedule(seed, i)));

/** Random schedules against the sign of the change of v, and the laws. */
function lawChecks(name: string, sign: string, found: readonly LawOutcome[]): Check[] {
  const largest = (of: keyof LawOutcome) => Math.max(...found.map((outcome) => outcome[of]));
  return [
    identity(`${name}${sign}`, found.filter(({ solver }) => !(solver < 1)).length, 0, 0.5),
    identity(`${name}: largest |v/σ² of the solver − integral law|`, largest('varianceError'), 0, 1e-6),
    identity(`${name}: largest |m of the solver − integral law|`, largest('overlapError'), 0, 1e-6),
  ];
}

/** A few random schedules between the samplers; a condensed one fails. */
export async function intermediateSchedules(evidence: Evidence): Promise<Check[]> {
  const condensed: LawOutcome = { solver: NaN, varianceError: Infinity, overlapError: Infinity };
  const found = (await randomGuidances(evidence.seed, 6)).flatMap((guidance) =>
    [0.3, Infinity].map((rate) => lawOutcome(evidence, intermediateProblem(rate, guidance)) ?? condensed),
  );
  return lawChecks(`theory, ${intermediateName}, ${found.length} random schedules`, ': v ≥ σ²', found);
}

/** Random non-negative schedules through the solver. */
export async function randomSchedules(evidence: Evidence, count: number, sampler: SamplerName) {
  const outcomes = (await randomGuidances(evidence.seed, count)).flatMap((guidance) =>
    [0.3, 0.6, Infinity].map((rate) => lawOutcome(evidence, problemOf({ alpha: rate, guidance, sampler }))),
  );
  const found = outcomes.filter((outcome) => outcome !== null);
  const condensed = outcomes.length - found.length;
  const title = sampler.toUpperCase();
  const sorted = found.map(({ solver }) => solver).sort((a, b) => a - b);
  const series: EvidenceSeries = {
    ...{ label: title, source: 'theory', group: sampler },
    x: sorted,
    y: sorted.map((_, i) => (i + 1) / sorted.length),
  };
  return {
    checks: lawChecks(`theory, ${title}`, `: random schedules with v ≥ σ², of ${found.length}`, found),
    series,
    finding:
      `${title}: over ${found.length} random non-negative schedules the largest v/σ² is ${Math.max(...sorted).toFixed(6)}` +
      (condensed === 0 ? '.' : ` (${condensed} more condense before the transition: no mean-field value).`),
  };
}

/** The non-negative schedules of the list. */
export const entries = scheduleCatalogue.filter(({ nonNegative }) => nonNegative);
/** |1 - v/sigma2| from which on a schedule has acted: below it the solver's own error decides the sign. */
const acts = 1e-8;
/** True where the integral laws are evaluated as well, which takes longer than to solve. */
const isCompared = (rate: number, sigma2: number) => sigma2 === 0.25 && (rate === 0.4 || rate === Infinity);

/** Every non-negative schedule of the list at each strength. */
export const writtenSchedules = (strengths: readonly number[]) =>
  Promise.all(
    entries.flatMap(({ id }) =>
      strengths.map(async (w) => ({ id, guidance: await guidanceOf(listedSchedule(id, w)) })),
    ),
  );

/** The listed schedules over a grid of class rates and class variances. */
export function listedSchedules(
  evidence: Evidence,
  written: Awaited<ReturnType<typeof writtenSchedules>>,
  { rates, variances, strengths }: ScheduleGrid,
  sampler: SamplerName,
) {
  const cells = written.flatMap(({ id, guidance }) =>
    rates.flatMap((rate) =>
      variances.flatMap((sigma2) => {
        const problem = problemOf({ alpha: rate, sigma2, guidance, sampler });
        const { final } = evidence.solve(problem, solveOptions);
        if (final === null) return [];
        const law = isCompared(rate, sigma2) ? lawOutcome(evidence, problem) : null;
        return [{ id, ratio: final.v / sigma2, errors: law && [law.varianceError, law.overlapError] }];
      }),
    ),
  );
  const acting = cells.filter(({ ratio }) => Math.abs(1 - ratio) > acts);
  const grown = acting.filter(({ ratio }) => !(ratio < 1)).length;
  const condensed = written.length * rates.length * variances.length - cells.length;
  const largest = entries.map((entry) =>
    Math.max(...acting.filter(({ id }) => id === entry.id).map(({ ratio }) => ratio)),
  );
  const name = `theory, ${sampler.toUpperCase()}: listed schedules`;
  const series: EvidenceSeries = {
    ...{ label: `${sampler.toUpperCase()}, theory`, source: 'theory', apart: true, group: sampler },
    x: entries.map((_, i) => i + 1),
    y: largest.map((value) => (Number.isFinite(value) ? value : null)),
  };
  return {
    checks: [
      identity(`${name} with v ≥ σ², of ${acting.length} that act`, grown, 0, 0.5),
      identity(
        `${name}, largest difference of solver and integral laws in m and v/σ²`,
        Math.max(0, ...cells.flatMap(({ errors }) => errors ?? [])),
        0,
        1e-6,
      ),
    ],
    series,
    finding:
      `${sampler.toUpperCase()}: ${entries.length} non-negative schedules of the list at w = ${strengths.join(', ')}, α = ${rates.slice(0, -1).join(', ')} and infinite, σ² = ${variances.join(', ')}: ` +
      `of ${acting.length} that act ${acting.length - grown} shrink the variance; ${cells.length - acting.length} have not acted when the class is decided, ${condensed} condense. Largest v/σ² of those that act: ${Math.max(...largest).toFixed(6)}.`,
  };
}
