import { difference, over, type Measured } from '../../numerics/measured.ts';
import { above, agreement, below, identity } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { curve, points } from '../protocol/panels.ts';
import type { RequestedPhysics } from '../protocol/requests.ts';
import { claimOfRuns, run, where, type RowEvidence } from '../protocol/runs.ts';
import {
  ancestralMeanField,
  continuousMeanField,
  fractions,
  intermediateTails,
  lawChecks,
  modelMeanField,
  narrow,
  stepCount,
  startTime,
  strengths,
  tailOf,
  wide,
  type Outcome,
  type Tail,
} from './ancestralTailTheory.ts';

/** Strength that is simulated. */
const strength = 3;
/** Tails that are simulated; 0: constant guidance. */
const tails = [0, ...fractions] as const;
/** log K at which the guided class has no weight: infinitely many classes. */
const infinite = 1e6;
/** A rate above critical with explicit classes, and one below. */
const explicit = { alpha: 0.9, d: 13 } as const;
const decided = { alpha: 0.3, d: 1000 } as const;
/** Steps on the flow's own time, the ancestral rule, w of the noise level at the start of each. */
const ancestral = { method: 'ddim', grid: 'time', steps: stepCount } as const;

const sizes = {
  quick: {
    reduced: { particles: 60, realizations: 24 },
    explicit: { particles: 32, realizations: 12 },
  },
  default: {
    reduced: { particles: 150, realizations: 80 },
    explicit: { particles: 80, realizations: 40 },
  },
  thorough: {
    reduced: { particles: 400, realizations: 256 },
    explicit: { particles: 400, realizations: 128 },
  },
} as const satisfies Record<Effort, unknown>;

function runs(effort: Effort) {
  const shared = { sampler: 'sde', process: 'flow', startTime } as const;
  const reduced = { ...shared, mode: 'reduced' } as const;
  const tailed = <P extends Omit<RequestedPhysics, 'guidance'>>(fraction: number, physics: P) => {
    const sample = sizes[effort][physics.mode === 'full' ? 'explicit' : 'reduced'];
    const guidance = tailOf(strength, fraction);
    return { fraction, ...run({ ...physics, guidance }, { ...sample, ...ancestral }) };
  };
  const unspeciated = (sigma2: number) => ({ ...reduced, sigma2, d: 64, logClasses: infinite });
  return {
    wide: tails.map((fraction) => tailed(fraction, unspeciated(wide))),
    narrow: [0, 0.5].map((fraction) => tailed(fraction, unspeciated(narrow))),
    explicit: [0, 0.5].map((fraction) =>
      tailed(fraction, { ...shared, mode: 'full', ...explicit, sigma2: wide }),
    ),
    decided: [0, 0.5].map((fraction) => tailed(fraction, { ...reduced, ...decided, sigma2: wide })),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;
type Row = Evidence['runs']['wide' | 'explicit' | 'narrow'][number];

/** [V26]: guidance, then the unconditional model for the last steps of an ancestral sampler. */
export const ancestralTailClaim = claimOfRuns({
  id: 'ancestral-tail',
  title: 'A late unconditional tail gives the ancestral sampler its variance back',
  statement:
    'Above the critical class rate, for classes as wide as they are apart, w = −1 in the last 30 to 50 % of 30 ancestral steps brings the variance of the samples nearer to that of their class than the same w throughout, ' +
    'and leaves the mean beyond the class centre. For narrow classes a tail of 50 % overshoots by more than guidance had taken away, and below the critical rate, where the class is decided before the tail, it does nothing.',
  formula:
    'SDE, w > 0 then −1 for the last 30 to 50 % of 30 steps: |v/σ² − 1| smaller than at constant w, m ≥ 1 (σ² = 1, α > α_c)',
  source:
    '[V26], version 4, tries such a tail with 30 ancestral steps of a latent diffusion model; on mixtures, and where it fails, ours',
  method:
    `Linear interpolant, σ² = ${wide}: mean field in continuous time and in ${stepCount} steps (even in time; Stable Diffusion's noise levels) at w = ${strengths.join(', ')}; reduced simulation of the ${stepCount} ancestral steps with infinitely many classes, ` +
    `full simulation at α = ${explicit.alpha}, d = ${explicit.d}, both at w = ${strength}; narrow classes at σ² = ${narrow}; decided ones at α = ${decided.alpha}.`,
  runs,
  async measure(evidence) {
    const continuous = await continuousMeanField(evidence, wide);
    const stepped = ancestralMeanField(Infinity, wide);
    return {
      checks: [
        ...evidence.runs.wide.slice(1).flatMap((row) => nearerChecks(row, evidence.runs.wide[0]!, Infinity)),
        ...evidence.runs.explicit
          .slice(1)
          .flatMap((row) => nearerChecks(row, evidence.runs.explicit[0]!, explicit.alpha)),
        ...evidence.runs.wide.map((row) => stepsCheck(row, Infinity, 2e-3, 0.1)),
        ...evidence.runs.explicit.map((row) => stepsCheck(row, explicit.alpha, 1 / explicit.d, 0.3)),
        ...tailChecks('continuous time', continuous),
        ...tailChecks(`${stepCount} even steps`, stepped),
        ...tailChecks(
          `${stepCount} steps of Stable Diffusion, w ≥ 3`,
          modelMeanField(wide).filter(({ w }) => w >= 3),
        ),
        ...lawChecks(continuous, wide),
        ...(await intermediateTails(evidence, wide)),
        ...narrowChecks(evidence),
        ...(await decidedChecks(evidence)),
      ],
      panels: [
        panelOf('variance v/σ²', evidence, (row) => over(row.v, wide), 'ratio', { continuous, stepped }),
        panelOf('overlap m', evidence, (row) => row.m, 'm', { continuous, stepped }),
      ],
      findings: findingsOf(continuous),
    };
  },
});

const percent = (fraction: number) => `${Math.round(100 * fraction)} %`;
const nameOf = ({ mode, d, fraction }: Row) =>
  `${mode}, w = ${strength}, tail of ${percent(fraction)}, d = ${d}`;
const distance = (ratio: number) => Math.abs(ratio - 1);
/** |x - 1| of a number that is far from 1 in its errors. */
const distanceOf = (ratio: Measured): Measured => ({ ...ratio, value: distance(ratio.value) });

/** The mean field of a run in its own steps. */
function stepsOf({ sigma2, fraction }: Pick<Row, 'sigma2' | 'fraction'>, alpha: number): Outcome {
  return where(ancestralMeanField(alpha, sigma2), { w: strength, fraction })[0]!;
}

/** A tail against none, simulated: nearer in the variance, and beyond the centre. */
function nearerChecks(row: Row, constant: Row, alpha: number): Check[] {
  const [tail, none] = [stepsOf(row, alpha), stepsOf(constant, alpha)];
  const gained = difference(
    distanceOf(over(row.v, row.sigma2)),
    distanceOf(over(constant.v, constant.sigma2)),
  );
  return [
    below(gained, {
      label: `${nameOf(row)}: |v/σ² − 1| − that of constant guidance`,
      expected: 0,
      margin: distance(none.ratio) - distance(tail.ratio),
    }),
    above(row.m, { label: `${nameOf(row)}: m`, expected: 1, margin: tail.m - 1 }),
  ];
}

/** A simulation against the mean field of its steps. */
function stepsCheck(row: Row, alpha: number, bias: number, margin: number): Check {
  const expected = stepsOf(row, alpha).ratio;
  const label = `${nameOf(row)}: v/σ² against the mean field of the steps`;
  return agreement(over(row.v, row.sigma2), { label, expected, bias, margin });
}

/** Tails that do not do what the claim says, among those of the mean field. */
function tailChecks(name: string, outcomes: readonly Outcome[]): Check[] {
  const tailed = outcomes.filter(({ fraction }) => fraction > 0);
  const constant = (w: number) => where(outcomes, { w, fraction: 0 })[0]!;
  const further = tailed.filter(({ w, ratio }) => !(distance(ratio) < distance(constant(w).ratio)));
  const short = tailed.filter(({ m }) => !(m >= 1));
  const label = `theory, infinitely many classes, ${name}`;
  return [
    identity(`${label}: tails of ${tailed.length} with v not nearer to σ²`, further.length, 0, 0.5),
    identity(`${label}: tails of ${tailed.length} with m < 1`, short.length, 0, 0.5),
  ];
}

/** Narrow classes: the tail of half the steps ends further from sigma2 than constant guidance. */
function narrowChecks({ runs: { narrow: rows } }: Evidence): Check[] {
  const [constant, row] = rows as [Row, Row];
  const [none, tail] = [stepsOf(constant, Infinity), stepsOf(row, Infinity)];
  const lost = difference(distanceOf(over(row.v, narrow)), distanceOf(over(constant.v, narrow)));
  return [
    above(lost, {
      label: `${nameOf(row)}, σ² = ${narrow}: |v/σ² − 1| − that of constant guidance`,
      expected: 0,
      margin: distance(tail.ratio) - distance(none.ratio),
    }),
  ];
}

/** Below the critical rate: the class is decided before the tail. */
async function decidedChecks(evidence: Evidence): Promise<Check[]> {
  const outcomes = await continuousMeanField(evidence, wide, decided.alpha);
  const at = (tail: Tail) => where(outcomes, tail)[0]!.ratio;
  const changes = outcomes.map(({ w, ratio }) => Math.abs(ratio - at({ w, fraction: 0 })));
  const [constant, tail] = evidence.runs.decided.map(({ v }) => over(v, wide)) as [Measured, Measured];
  return [
    identity(
      `theory, α = ${decided.alpha}: largest change of v/σ² by a tail, of ${changes.length}`,
      Math.max(...changes),
      0,
      1e-6,
    ),
    agreement(difference(tail, constant), {
      label: `reduced, α = ${decided.alpha}, d = ${decided.d}, w = ${strength}: v/σ² with a tail of 50 % − without`,
      expected: 0,
      // A third of what guidance and the steps have taken away.
      margin: 0.06,
    }),
  ];
}

interface Curves {
  readonly continuous: readonly Outcome[];
  readonly stepped: readonly Outcome[];
}

/** Outcome against the share of the tail at the simulated strength. */
function panelOf(
  label: string,
  { runs: { wide: reduced, explicit: full } }: Evidence,
  numberOf: (row: Row) => Measured,
  key: 'ratio' | 'm',
  { continuous, stepped }: Curves,
): EvidencePanel {
  const line = (name: string, source: EvidenceSeries['source'], group: string, of: readonly Outcome[]) =>
    curve({ label: name, source, group }, tails, (fraction) => where(of, { w: strength, fraction })[0]![key]);
  const simulated = (name: string, source: EvidenceSeries['source'], rows: readonly Row[], alpha?: number) =>
    points(
      { label: name, source, group: source, apart: true },
      rows.map((row) => ({
        x: row.fraction,
        y: numberOf(row),
        ...(alpha === undefined ? {} : { expected: stepsOf(row, alpha)[key] }),
      })),
    );
  return {
    title: `ancestral steps, w = ${strength}, then −1, σ² = ${wide}`,
    x: { label: 'share of the steps with w = −1' },
    y: { label },
    series: [
      line('SDE, continuous time', 'theory', 'sde', continuous),
      line(`SDE, ${stepCount} steps`, 'theory', 'steps', stepped),
      simulated('reduced, infinitely many classes', 'reduced', reduced, Infinity),
      simulated(`full, α = ${explicit.alpha}, d = ${explicit.d}`, 'full', full),
    ],
  };
}

function findingsOf(continuous: readonly Outcome[]): string[] {
  const list = (outcomes: readonly Outcome[], w: number) =>
    outcomes
      .filter((outcome) => outcome.w === w)
      .map(({ ratio, m }) => `${ratio.toFixed(3)}, ${m.toFixed(3)}`)
      .join('; ');
  const told = (name: string, outcomes: readonly Outcome[]) =>
    `${name}, v/σ² and m with no tail and with ${fractions.map(percent).join(', ')}: ` +
    strengths.map((w) => `w = ${w}: ${list(outcomes, w)}`).join('. ');
  return [
    `${told('Continuous time, infinitely many classes', continuous)}.`,
    `${told(`${stepCount} even ancestral steps`, ancestralMeanField(Infinity, wide))}.`,
    `${told(`${stepCount} ancestral steps at Stable Diffusion's noise levels`, modelMeanField(wide))}: its levels make the tail longer in noise, too long for w = 1.`,
    `${told(`Narrow classes, σ² = ${narrow}, ${stepCount} even steps`, ancestralMeanField(Infinity, narrow))}: short tails of strong guidance only.`,
  ];
}
