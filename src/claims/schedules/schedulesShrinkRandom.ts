import { parseFormula } from '../../guidance/formula.ts';
import type { Guidance } from '../../guidance/schedule.ts';
import type { SamplerName } from '../../guidance/sampler.ts';
import { RandomStream } from '../../numerics/random.ts';
import type { Check, Effort, Evidence, EvidencePanel } from '../protocol/claim.ts';
import { identityChecks, intermediateName, intermediateProblem } from '../protocol/intermediateNoise.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { lawOutcome, scheduleProblem, type LawOutcome } from './schedulesShrinkLaws.ts';

/** Of the random numbers of the schedules. */
const scheduleStream = 100;
const bumps = 3;
const samplerNames: readonly SamplerName[] = ['ode', 'sde'];

/** Random schedules of each effort. */
const counts: Readonly<Record<Effort, number>> = { quick: 12, default: 60, thorough: 1000 };

/** A sum of bumps of the OU time: smooth, positive, of any shape. */
function randomSchedule(seed: number, index: number): Guidance {
  const stream = new RandomStream(seed, scheduleStream, index);
  const terms = Array.from({ length: bumps }, () => ({
    height: 4 * stream.nextUniform() ** 2,
    centre: 3 * stream.nextUniform(),
    width: 0.15 + stream.nextUniform(),
  }));
  const text = terms
    .map(({ height, centre, width }) => `${height}*exp(-((t - ${centre})/${width})^2)`)
    .join(' + ');
  return { formula: parseFormula('schedule', text, 't'), clock: 't' };
}

/** A few of them between the samplers: sign of the change of v, and the laws. */
export function intermediateSchedules(evidence: Evidence): Check[] {
  const found = Array.from({ length: 6 }, (_, i) => randomSchedule(evidence.seed, i)).flatMap((guidance) =>
    [0.3, Infinity].map((rate) => lawOutcome(evidence, intermediateProblem(rate, guidance))),
  );
  const largest = (of: (outcome: LawOutcome) => number) =>
    Math.max(...found.map((outcome) => (outcome === null ? Infinity : of(outcome))));
  const name = `theory, ${intermediateName}, ${found.length} random schedules`;
  return [
    ...identityChecks(
      name,
      [['v ≥ σ²', 0, found.filter((outcome) => !((outcome?.solver ?? 1) < 1)).length]],
      0.5,
    ),
    ...identityChecks(
      name,
      [
        ['largest |v/σ² of the solver − integral law|', 0, largest(({ varianceError }) => varianceError)],
        ['largest |m of the solver − integral law|', 0, largest(({ overlapError }) => overlapError)],
      ],
      1e-6,
    ),
  ];
}

/** Random non-negative schedules through the solver, against the sign and the laws. */
export function randomSchedules(evidence: Evidence): {
  checks: Check[];
  panel: EvidencePanel;
  findings: string[];
} {
  const random = counts[evidence.effort];
  const checks: Check[] = [];
  const findings: string[] = [];
  const series = samplerNames.map((sampler) => {
    const found: LawOutcome[] = [];
    let condensed = 0;
    for (let i = 0; i < random; i++) {
      for (const rate of [0.3, 0.6, Infinity]) {
        const outcome = lawOutcome(
          evidence,
          scheduleProblem(sampler, randomSchedule(evidence.seed, i), rate, claimSigma2),
        );
        if (outcome === null) condensed++;
        else found.push(outcome);
      }
    }
    const title = sampler.toUpperCase();
    const largest = Math.max(...found.map(({ solver }) => solver));
    checks.push(
      {
        label: `theory, ${title}: random schedules with v ≥ σ², of ${found.length}`,
        test: 'identity',
        expected: 0,
        measured: found.filter(({ solver }) => !(solver < 1)).length,
        standardError: null,
        margin: 0.5,
      },
      {
        label: `theory, ${title}: largest |v/σ² of the solver − integral law|`,
        test: 'identity',
        expected: 0,
        measured: Math.max(...found.map(({ varianceError }) => varianceError)),
        standardError: null,
        margin: 1e-6,
      },
      {
        label: `theory, ${title}: largest |m of the solver − integral law|`,
        test: 'identity',
        expected: 0,
        measured: Math.max(...found.map(({ overlapError }) => overlapError)),
        standardError: null,
        margin: 1e-6,
      },
    );
    findings.push(
      `${title}: over ${found.length} random non-negative schedules the largest v/σ² is ${largest.toFixed(6)}` +
        (condensed === 0 ? '.' : ` (${condensed} more condense before the transition: no mean-field value).`),
    );
    const sorted = found.map(({ solver }) => solver).sort((a, b) => a - b);
    return {
      label: title,
      source: 'theory' as const,
      group: sampler,
      x: sorted,
      y: sorted.map((_, i) => (i + 1) / sorted.length),
    };
  });
  return {
    checks,
    findings,
    panel: {
      title: 'random schedules: distribution of v/σ²',
      x: { label: 'variance v/σ²' },
      y: { label: 'share of the schedules below' },
      series,
    },
  };
}
