import { complexity } from '../../closedForms/complexity.ts';
import { randomEnergies, unguidedParticipation } from '../../closedForms/randomEnergies.ts';
import type { SamplerName } from '../../guidance/sampler.ts';
import { gaussianCondensedRoot } from '../../meanfield/competing/gaussian.ts';
import { participationRate } from '../../meanfield/participation.ts';
import { trajectoryRow } from '../../meanfield/trajectory.ts';
import { logRatio, notFound, over, type Measured } from '../../numerics/measured.ts';
import { findRoot } from '../../numerics/roots.ts';
import { invariantRatio } from '../../process/variances.ts';
import { agreement, below, identity } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel, SimulationRequest } from '../protocol/claim.ts';
import { intermediate, intermediateName, intermediateProblem } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { problemOf } from '../protocol/requests.ts';
import { claimOfRuns, groupsBy, run, type MeasuredRun, type RowEvidence } from '../protocol/runs.ts';

/** Unguided: the competing classes are independent of the particle at all times. From uncondensed (-0.4) to condensed (0.7). */
const unguidedAlpha = 0.5;
const unguidedClocks = [-0.4, 0, 0.4, 0.7];
/** Negative guidance: far from condensed, at condensation, and condensed. */
const early = [-2.1, -1.7];
const condensing = -0.07;
const condensed = [0.5, 0.9];
const negativeClocks = [...early, -1.25, -0.8, -0.4, condensing, ...condensed];
/** Strong guidance: condensation would be at -1.03. */
const strongClocks = [-2.1, -1.7, -1.25, -1, -0.6, -0.2];

const plans = {
  quick: { unguided: [12, 16], negative: [20, 27], samplers: ['ode'], strong: [], realizations: [48, 32] },
  default: {
    unguided: [12, 16, 20],
    negative: [20, 27, 33],
    samplers: ['ode', 'sde'],
    strong: [9, 11, 14],
    realizations: [96, 48],
  },
  thorough: {
    unguided: [12, 16, 20, 24],
    negative: [20, 27, 33, 38],
    samplers: ['ode', 'sde'],
    strong: [9, 11, 14, 17],
    realizations: [256, 128],
  },
} as const satisfies Record<Effort, unknown>;

/** Bias of a growth rate between the dimensions used: powers of d before the exponential. */
const growthBias = 0.01;
/** Complexity at finite d less its limit, at the early clocks. */
const complexityBias = 0.004;

/** A problem that is simulated at several dimensions and recorded along the way. */
interface Point {
  readonly alpha: number;
  readonly guidance: number;
  readonly sampler: SamplerName;
}

function runs(effort: Effort) {
  const { unguided, negative, samplers, strong, realizations } = plans[effort];
  const [many, few] = realizations;
  const family = (point: Point, dimensions: readonly number[], options: SimulationRequest['options']) =>
    dimensions.map((d) => run({ mode: 'full', d, ...point }, { particles: 48, steps: 20, ...options }));
  return {
    unguided: family({ alpha: unguidedAlpha, guidance: 0, sampler: 'ode' }, unguided, {
      realizations: many,
      // At w = 0 every step is exact.
      steps: 8,
      clocks: unguidedClocks,
    }),
    negative: samplers.flatMap((sampler) =>
      family({ alpha: 0.3, guidance: -0.4, sampler }, negative, {
        realizations: few,
        clocks: negativeClocks,
      }),
    ),
    strong: family({ alpha: 0.7, guidance: 8, sampler: 'ode' }, strong, {
      realizations: few,
      clocks: strongClocks,
    }),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;
type Row = Evidence['runs']['negative'][number];

/** Condensation of the competing classes. */
export const condensationClaim = claimOfRuns({
  id: 'condensation',
  title: 'Condensation of the competing classes',
  statement:
    'Where the complexity of the competing classes is positive, exponentially many share the posterior weight; where it vanishes they condense: a ' +
    'number of them that does not grow with d shares it, with the participation ratio of the random energy model. Negative guidance brings a particle there ' +
    'before it has reached its class.',
  formula:
    'E Σp² = 1 − β_c/β for β > β_c (centres independent of x), 0 else; typically log(1/Σp²)/d → 2φ − φ₂',
  source:
    'our derivation; the random energy model’s law is Derrida’s, and at w = 0 the vanishing complexity is the collapse of [B24] arXiv 2402.18491',
  method:
    'Full simulation. w = 0, α = 0.5: mean inverse participation ratio against the exact finite-d average of the random energy model. w = −0.4, ' +
    'α = 0.3: complexity against the mean field, growth of the participation ratio with d before and after condensation.',
  runs,
  measure(evidence) {
    const negative = familiesOf(evidence, evidence.runs.negative);
    const strong = familiesOf(evidence, evidence.runs.strong);
    const unguided = evidence.runs.unguided.flatMap((row) =>
      unguidedClocks.map((clock) => cellOf(row, clock)),
    );
    return {
      checks: [
        ...negative.flatMap(negativeChecks),
        ...unguided.map(unguidedCheck),
        ...[0, 0.7, 1.1].map(limitCheck),
        intermediateCheck(evidence, negative[0]!.last),
      ],
      panels: [participationPanel(unguided), complexityPanel(negative[0]!)],
      findings: [...negative.map(negativeFinding), ...strong.map(strongFinding)],
    };
  },
});

const titleOf = ({ sampler, alpha, guidance }: Point) =>
  `${sampler.toUpperCase()}, α = ${alpha}, w = ${guidance}`;

/** Runs of each problem with its mean field. */
function familiesOf({ solve }: Evidence, rows: readonly Row[]) {
  return groupsBy(rows, titleOf).map(([title, own]) => ({
    title,
    rows: own,
    first: own[0]!,
    last: own.at(-1)!,
    solution: solve(problemOf(own[0]!), { fluctuations: false }),
  }));
}
type Family = ReturnType<typeof familiesOf>[number];

/** Observables of a run at one of its clocks, those of the other classes where they are recorded. */
function recordedAt({ request, result, measured }: MeasuredRun, clock: number) {
  const row = result.series[request.options.clocks!.indexOf(clock)]!;
  const ofOthers = (name: 'participation' | 'inverseParticipation' | 'complexity') => {
    const estimate = row[name];
    return estimate === null ? notFound : measured(estimate);
  };
  return {
    othersFraction: row.othersFraction,
    guidedWeight: measured(row.guidedWeight),
    complexity: ofOthers('complexity'),
    participation: ofOthers('participation'),
    inverseParticipation: ofOthers('inverseParticipation'),
  };
}

/** d(log participation)/dd between the smallest and the largest dimension. */
function growthOf({ first, last }: Family, clock: number): Measured {
  const [low, high] = [first, last].map((row) => recordedAt(row, clock).participation);
  return over(logRatio(high!, low!), last.d - first.d);
}

/** Mean inverse participation ratio at w = 0 beside the exact average (eq. energies-laplace). */
const cellOf = (row: Row, clock: number) => ({
  ...row,
  clock,
  ...recordedAt(row, clock),
  exact: unguidedParticipation(row.d, row.alpha * row.d, Math.exp(-clock)),
});
type Cell = ReturnType<typeof cellOf>;

const unguidedCheck = (cell: Cell) =>
  agreement(cell.inverseParticipation, {
    label: `full, ${titleOf(cell)}, d = ${cell.d}, λ = ${cell.clock}: mean inverse participation ratio`,
    expected: cell.exact,
    // Particles that the guided class has to 1e-6 are not recorded; they see other classes' weights more uneven.
    bias: 0.2 * (1 - cell.othersFraction),
    margin: 0.2 * cell.exact,
  });

/** Limit of the mean inverse participation ratio at w = 0 and alpha = 0.5 (eq. energies-limit); x = 1 on the uncondensed branch. */
const unguidedLimit = (clock: number) => 1 - 1 / gaussianCondensedRoot(unguidedAlpha, Math.exp(clock), 1);

/** The exact average at d = 1e5 against its limit. */
function limitCheck(clock: number): Check {
  const variance = Math.exp(-clock);
  const d = 1e5;
  return identity(
    `random energy model, α = ${unguidedAlpha}, λ = ${clock}, d = ${d}: mean inverse participation ratio`,
    randomEnergies(d, unguidedAlpha * d, 1 + variance, variance).inverseParticipation,
    unguidedLimit(clock),
    1e-3,
  );
}

/** Negative guidance: complexity before condensation, growth of the participation ratio, and which comes first. */
function negativeChecks(family: Family): Check[] {
  const { first, last, solution } = family;
  const title = `full, ${family.title}`;
  const growthCheck = (clock: number, state: string, expected: number) =>
    agreement(growthOf(family, clock), {
      label: `${title}, λ = ${clock}${state}: growth of log participation with d, d = ${first.d} to ${last.d}`,
      expected,
      bias: growthBias,
      margin: 0.05,
    });
  return [
    ...condensed.map((clock) => growthCheck(clock, ' (condensed)', 0)),
    ...early.map((clock) =>
      agreement(recordedAt(last, clock).complexity, {
        label: `${title}, d = ${last.d}, λ = ${clock}: complexity`,
        expected: trajectoryRow(solution, clock).complexity,
        bias: complexityBias,
        // A tenth of the class rate, all of which it is at infinite noise.
        margin: last.alpha / 10,
      }),
    ),
    ...early.map((clock) => growthCheck(clock, '', participationRate(solution, clock))),
    below(recordedAt(last, condensing).guidedWeight, {
      label: `${title}, d = ${last.d}: weight of the guided class at condensation, below 1/2`,
      expected: 0.5,
      margin: 0.25,
    }),
    identity(
      `mean field, ${family.title}: clock of condensation, no transition before`,
      solution.phase === 'condensed' ? solution.flow.endClock : NaN,
      condensing,
      0.02,
    ),
  ];
}

/** Between the samplers: where the complexity of the closed path vanishes. */
function intermediateCheck({ solve }: Evidence, { alpha, guidance: w }: Point): Check {
  const solution = solve(intermediateProblem(alpha, { w }), { fluctuations: false });
  const left = (clock: number) => complexity(invariantRatio(clock), alpha, w, intermediate);
  return identity(
    `mean field, ${intermediateName}, α = ${alpha}, w = ${w}: clock of condensation against the closed form`,
    solution.phase === 'condensed' ? solution.flow.endClock : NaN,
    findRoot(left, -1, 1).root,
    1e-7,
  );
}

/** A number with its error as findings have it. */
const written = ({ value, standardError }: Measured, digits: number) =>
  Number.isFinite(value) ? `${value.toFixed(digits)}(${standardError.toFixed(digits)})` : '?(?)';

function negativeFinding({ title, last, solution }: Family): string {
  const { d, alpha, m, v } = last;
  const { problem, staticClosure: closure } = solution;
  const clock = condensed[0]!;
  const { q, time } = trajectoryRow(solution, clock);
  const a = problem.process.signalScale(time);
  const independent = randomEnergies(d, alpha * d, q / (a * a), Math.exp(-clock)).inverseParticipation;
  return (
    `${title}, d = ${d}: at λ = ${clock} the mean inverse participation ratio is ` +
    `${written(recordedAt(last, clock).inverseParticipation, 3)}; classes independent of the particle would have ` +
    `${independent.toFixed(3)}: it has moved towards the few that hold it. At the data m = ${written(m, 4)}, v = ${written(v, 4)}; static closure ` +
    `${closure?.m.toFixed(4) ?? '?'}, ${closure?.v.toFixed(4) ?? '?'}.`
  );
}

/** Simulated finding on the window at strong guidance, where the mean field condenses. */
function strongFinding(family: Family): string {
  const parts = strongClocks
    .slice(2)
    .map((clock) => `${written(growthOf(family, clock), 3)} at λ = ${clock}`);
  return (
    `${family.title}: the mean field condenses at λ = ${family.solution.flow.endClock.toFixed(2)}. Up to d = ${family.last.d} ` +
    `the simulation does not show it: log participation grows with d at the rate ${parts.join(', ')}.`
  );
}

/** Mean inverse participation ratio without guidance: exact averages at each d, their limit, simulations. */
function participationPanel(cells: readonly Cell[]): EvidencePanel {
  const clocks = Array.from({ length: 8 }, (_, i) => -0.6 + 0.2 * i);
  const fine = Array.from({ length: 61 }, (_, i) => -0.6 + 0.0225 * i);
  return {
    title: 'Mean inverse participation ratio of the other classes, w = 0, α = 0.5',
    x: { label: 'solver clock λ' },
    y: { label: 'E Σp²' },
    series: [
      curve({ label: 'd → ∞: 1 − β_c/β', source: 'theory', group: 'limit' }, fine, unguidedLimit),
      ...groupsBy(cells, ({ d }) => d).flatMap(([d, own]) => {
        const group = `d = ${d}`;
        return [
          curve({ label: `${group}, exact average`, source: 'theory', group }, clocks, (clock) =>
            unguidedParticipation(d, unguidedAlpha * d, Math.exp(-clock)),
          ),
          points(
            { label: group, source: 'full', group },
            own.map(({ clock, inverseParticipation, exact }) => ({
              x: clock,
              y: inverseParticipation,
              expected: exact,
            })),
          ),
        ];
      }),
    ],
  };
}

/** Entropy of the other classes per dimension under negative guidance, with the complexity of the mean field. */
function complexityPanel({ rows, last, solution }: Family): EvidencePanel {
  const end = solution.flow.endClock;
  const fine = Array.from({ length: 61 }, (_, i) => Math.min(end, -2.3 + ((end + 2.3) * i) / 60));
  return {
    title: `Complexity of the other classes, α = ${last.alpha}, w = ${last.guidance}`,
    x: { label: 'solver clock λ' },
    y: { label: 'Σ' },
    series: [
      curve(
        { label: 'mean field, up to condensation', source: 'theory', group: 'limit' },
        fine,
        (clock) => trajectoryRow(solution, clock).complexity,
      ),
      ...rows.map((row) => {
        const group = `d = ${row.d}`;
        return points(
          { label: group, source: 'full', group },
          negativeClocks.map((clock) => ({ x: clock, y: recordedAt(row, clock).complexity })),
        );
      }),
    ],
  };
}
