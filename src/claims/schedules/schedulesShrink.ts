import { over } from '../../numerics/measured.ts';
import { agreement, below } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { settingSeries } from '../protocol/panels.ts';
import { claimSigma2, writtenProblemOf } from '../protocol/requests.ts';
import { claimOfRuns, where, run, samplerNames, type RowEvidence } from '../protocol/runs.ts';
import {
  entries,
  intermediateSchedules,
  listedSchedule,
  listedSchedules,
  randomSchedules,
  solveOptions,
  writtenSchedules,
  type ScheduleGrid,
} from './schedulesShrinkTheory.ts';

/** Schedules of the list as simulated: strength w, parameters. */
const simulated: readonly (readonly [id: string, w: number, values?: Readonly<Record<string, number>>])[] = [
  ['constant', 2],
  ['limited-interval', 4],
  ['linear', 2],
  ['inverse-linear', 3],
  ['cosine', 2],
  ['triangular', 3],
  ['early-only', 3, { fraction: 0.7 }],
  ['late-only', 3],
];
const alpha = 0.5;
const dimensions = { reduced: 2000, full: 16 } as const;
/** Relative error of v that 40 steps leave (docs/theory/particles.md, tables of steps). */
const stepError = 3e-4;
/** Bound on the coefficient of 1/d in v/sigma2: it is below 0.5 at constant w (docs/theory/particles.md). */
const sizeCorrection = 1;

const wholeGrid: ScheduleGrid = {
  rates: [0.2, 0.4, 0.6, 0.9, Infinity],
  variances: [0.1, 0.25, 1],
  strengths: [1, 3],
};

/**
 * Samples; resolved: 1 - v/sigma2 from which on its sign is asked of the full simulation, a smaller one is lost in its error; grid of
 * the listed schedules, and number of random ones. The SDE shrinks so much less that its sign takes a larger sample.
 */
const sizes = {
  quick: {
    reduced: { particles: 60, realizations: 16 },
    full: { ode: { particles: 60, realizations: 16 }, sde: { particles: 60, realizations: 16 } },
    resolved: 0.2,
    grid: { rates: [0.4, Infinity], variances: [0.25], strengths: [1] },
    random: 12,
  },
  default: {
    reduced: { particles: 60, realizations: 48 },
    full: { ode: { particles: 60, realizations: 32 }, sde: { particles: 250, realizations: 96 } },
    resolved: 0.042,
    grid: wholeGrid,
    random: 60,
  },
  thorough: {
    reduced: { particles: 200, realizations: 200 },
    full: { ode: { particles: 400, realizations: 200 }, sde: { particles: 800, realizations: 400 } },
    resolved: 0.02,
    grid: wholeGrid,
    random: 1000,
  },
} as const satisfies Record<Effort, unknown>;

function runs(effort: Effort) {
  const { reduced, full } = sizes[effort];
  return {
    practice: samplerNames.flatMap((sampler) =>
      simulated.flatMap(([name, w, values]) => {
        const physics = { alpha, guidance: listedSchedule(name, w, values), sampler };
        return [
          { name, ...run({ ...physics, mode: 'reduced', d: dimensions.reduced }, { ...reduced, steps: 40 }) },
          { name, ...run({ ...physics, mode: 'full', d: dimensions.full }, { ...full[sampler], steps: 16 }) },
        ];
      }),
    ),
  };
}
type Rows = RowEvidence<ReturnType<typeof runs>>;

/** [V26]: no non-negative schedule prevents the shrinkage of the variance. */
export const schedulesShrinkClaim = claimOfRuns({
  id: 'schedules-shrink',
  title: 'Every non-negative schedule shrinks the variance',
  statement:
    'Whatever the schedule, if the guidance coefficient is nowhere negative and acts at all, the samples have less variance across the class direction ' +
    'than their class. [V26] states it for standard schedules; the sign argument holds for every non-negative schedule and for the SDE as well.',
  formula: 'w(t) ≥ 0, not 0 before the transition  ⇒  v < σ²; ODE: v = σ² exp(−2 ∫ w (1/Γ − 1/D) dt)',
  source:
    '[V26] abstract and section on guidance schedules (ODE, infinitely many classes); the SDE and finite α are our derivation',
  method:
    'Every non-negative schedule of the list through the mean-field solver, over a grid of class rates and variances, and random ones, against the integral laws; ' +
    'eight of the list in the ' +
    `reduced simulation (d = ${dimensions.reduced}) and the full one (d = ${dimensions.full}) at α = ${alpha}, both samplers.`,
  runs,
  async measure(evidence) {
    const { grid, random: count, resolved } = sizes[evidence.effort];
    const random = await Promise.all(
      samplerNames.map((sampler) => randomSchedules(evidence, count, sampler)),
    );
    const written = await writtenSchedules(grid.strengths);
    const listed = samplerNames.map((sampler) => listedSchedules(evidence, written, grid, sampler));
    const practice = await practiceRows(evidence);
    return {
      checks: [
        ...random.flatMap(({ checks }) => checks),
        ...listed.flatMap(({ checks }) => checks),
        ...practice.flatMap((row) => practiceChecks(row, resolved)),
        ...(await intermediateSchedules(evidence)),
      ],
      panels: [
        practicePanel(practice),
        {
          title: 'largest v/σ² over the grid, per listed schedule',
          x: { label: entries.map(({ id }, i) => `${i + 1} ${id}`).join(', ') },
          y: { label: 'largest variance v/σ²' },
          series: listed.map(({ series }) => series),
        },
        {
          title: 'random schedules: distribution of v/σ²',
          x: { label: 'variance v/σ²' },
          y: { label: 'share of the schedules below' },
          series: random.map(({ series }) => series),
        },
      ],
      findings: [
        ...listed.map(({ finding }) => finding),
        ...random.map(({ finding }) => finding),
        forgettingOf(practice),
      ],
    };
  },
});

/** Simulations of the schedules of practice: v/sigma2 with its theory. */
const practiceRows = ({ runs, solve }: Rows) =>
  Promise.all(
    runs.practice.map(async (row) => {
      const { final } = solve(await writtenProblemOf(row), solveOptions);
      if (final === null) throw new RangeError(`schedule ${row.name} condenses: choose another alpha`);
      return { ...row, ratio: over(row.v, claimSigma2), theory: final.v / claimSigma2 };
    }),
  );
type PracticeRow = Awaited<ReturnType<typeof practiceRows>>[number];

function practiceChecks({ mode, sampler, name, ratio, theory }: PracticeRow, resolved: number): Check[] {
  const label = `${mode}, ${sampler.toUpperCase()}, ${name}: v/σ²`;
  const sign = below(ratio, { label, expected: 1, margin: 1 - theory });
  // A full simulation of affordable size cannot tell the sign of a smaller shrinkage.
  if (mode === 'full') return 1 - theory > resolved ? [sign] : [];
  return [
    sign,
    agreement(ratio, {
      label: `${label} against the law`,
      expected: theory,
      bias: stepError + sizeCorrection / dimensions.reduced,
      margin: 0.01,
    }),
  ];
}

const practicePanel = (practice: readonly PracticeRow[]): EvidencePanel => ({
  title: `schedules of practice, α = ${alpha}`,
  x: { label: simulated.map(([name], i) => `${i + 1} ${name}`).join(', ') },
  y: { label: 'variance v/σ²' },
  series: settingSeries(
    practice.map(({ sampler, mode, ratio, theory }) => ({ sampler, mode, y: ratio, expected: theory })),
    { reduced: `d = ${dimensions.reduced}`, full: `d = ${dimensions.full}` },
  ),
});

/** Shrinkage under the SDE in units of that under the ODE. */
function forgettingOf(practice: readonly PracticeRow[]): string {
  const [ode, sde] = samplerNames.map((sampler) =>
    where(practice, { sampler }).map(({ theory }) => 1 - theory),
  );
  const ratios = ode!.map((shrinkage, i) => sde![i]! / shrinkage);
  const percent = (value: number) => `${Math.round(100 * value)}`;
  return (
    'The SDE forgets most of the shrinkage behind the transition, but never all of it: over the schedules of practice ' +
    `1 − v/σ² is ${percent(Math.min(...ratios))} to ${percent(Math.max(...ratios))} % of the ODE's.`
  );
}
