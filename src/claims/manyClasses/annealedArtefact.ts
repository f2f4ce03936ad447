import { disorderCorrection } from '../../finiteSize/disorder/correction.ts';
import type { OrderParameterSolution } from '../../meanfield/solve.ts';
import { trajectoryRow } from '../../meanfield/trajectory.ts';
import { fitInverseDimension } from '../../numerics/fits/inverseDimensionFit.ts';
import { complement, minus, over } from '../../numerics/measured.ts';
import { above, agreement, below, identity } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { closedFormChecks } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { problemOf } from '../protocol/requests.ts';
import { claimOfRuns, groupsBy, run, type MeasuredRun, type RowEvidence } from '../protocol/runs.ts';

/** Points at strong guidance: 1 - v(annealed)/v(quenched), held against the solver, and m(quenched) - m(annealed). */
const strong = [
  { at: { alpha: 0.3, guidance: 16, sampler: 'ode' }, varianceLoss: 0.345, overlapLoss: 0.138 },
  { at: { alpha: 0.4, guidance: 12, sampler: 'ode' }, varianceLoss: 0.417, overlapLoss: 0.163 },
  { at: { alpha: 0.5, guidance: 8, sampler: 'ode' }, varianceLoss: 0.288, overlapLoss: 0.094 },
] as const;
type Point = (typeof strong)[number];

const plans = {
  quick: { points: strong.slice(0, 1), logClasses: [6, 8], full: [48, 24], averaged: [50, 16] },
  default: { points: strong, logClasses: [6, 8, 10, 11], full: [48, 48], averaged: [100, 16] },
  thorough: { points: strong, logClasses: [6, 8, 10, 11, 12.5], full: [64, 128], averaged: [500, 32] },
} as const satisfies Record<Effort, unknown>;

/** Dimensions of the reduced simulation; its steps resolve the sliding, 1/(d s). */
const averagedDimensions = [50, 100, 200];
const averagedSteps = 400;

/** Dimension to which the finite-size prediction takes the full simulation, and bounds on what is left of 1/d there. */
const referenceDimension = 100;
const left = { m: 1.3 / referenceDimension, v: 0.4 / referenceDimension } as const;

function runs(effort: Effort) {
  const { points, logClasses, full, averaged } = plans[effort];
  const at = (mode: 'full' | 'reduced', point: Point, d: number, realizations: number) => {
    const [particles] = mode === 'full' ? full : averaged;
    const options = { particles, realizations, steps: mode === 'full' ? 20 : averagedSteps };
    return { point, ...run({ mode, d, ...point.at }, options) };
  };
  return {
    full: points.flatMap((point) =>
      logClasses.map((size, i) => {
        // The largest dimension is judged and has twice as many realisations as the others, which are drawn.
        const realizations = full[1] * (i === logClasses.length - 1 ? 2 : 1);
        return at('full', point, Math.round(size / point.at.alpha), realizations);
      }),
    ),
    reduced: points.flatMap((point) => averagedDimensions.map((d) => at('reduced', point, d, averaged[1]))),
  };
}
type Evidence = RowEvidence<ReturnType<typeof runs>>;

/** The annealed artefact at strong guidance. */
export const annealedArtefactClaim = claimOfRuns({
  id: 'annealed-artefact',
  title: 'The annealed artefact at strong guidance',
  statement:
    'At strong guidance the free energy of the competing classes has to be averaged for typical centres (quenched). Averaging the density ' +
    'itself (annealed) makes the competing classes catch up again after the transition: it predicts a coexistence that does not exist, with ' +
    'guidance partly on, and a variance some 30 to 40 % too small.',
  formula: 'φ = max of Σ + ε over Σ ≥ 0 (quenched), not over all Σ (annealed)',
  source: 'our derivation (docs/theory/potential.md, "The trap")',
  method:
    'ODE, gaussian ensemble, (α, w) = (0.3, 16), (0.4, 12), (0.5, 8). Full simulation, its finite-size shift predicted by the disorder ' +
    'correction, against the quenched solution; reduced simulation, which is annealed by construction, against the annealed one.',
  runs,
  measure(evidence) {
    const artefacts = artefactsOf(evidence);
    return {
      checks: [
        ...artefacts.flatMap((artefact) => [
          ...fullChecks(artefact),
          reducedCheck(artefact),
          weightCheck(artefact),
          ...solverChecks(artefact),
        ]),
        // Between the samplers: the quenched solution does not fall back, so that the closed form of the whole path holds.
        ...closedFormChecks(evidence, 0.5, 8),
      ],
      panels: [artefactPanel(artefacts), gapPanel(artefacts.at(-1)!)],
      findings: artefacts.map(findingOf),
    };
  },
});

const nowhere = { m: NaN, v: NaN } as const;

/** Runs of each point with both solutions, and the judged one taken to the reference dimension. */
function artefactsOf({ runs, solve }: Evidence) {
  return groupsBy(runs.full, ({ point }) => point).map(([point, full]) => {
    const problem = problemOf(point.at);
    const quenched = solve(problem, { fluctuations: false });
    const annealed = solve(problem, { fluctuations: false, average: 'annealed' });
    const last = full.at(-1)!;
    // What explicit classes at d have that classes at the reference dimension do not; independent of the solver.
    const here = disorderCorrection(problem, last.d);
    const there = disorderCorrection(problem, referenceDimension);
    const taken = (quantity: 'm' | 'v') =>
      minus(minus(last[quantity], here.full[quantity]), -there.full[quantity]);
    const [m, v] = [taken('m'), taken('v')];
    return {
      title: `α = ${point.at.alpha}, w = ${point.at.guidance}`,
      quenched: { ...quenched, ...(quenched.final ?? nowhere) },
      annealed: { ...annealed, ...(annealed.final ?? nowhere) },
      ...point,
      full,
      last,
      reduced: runs.reduced.filter((row) => row.point === point),
      here,
      atReference: { m, v },
      // Half of the artefact.
      margin: { m: 0.5 * point.overlapLoss, v: 0.5 * point.varianceLoss * v.value },
    };
  });
}
type Artefact = ReturnType<typeof artefactsOf>[number];

/** Full simulation against the quenched solution, and above the annealed one. */
function fullChecks({ title, last, atReference, quenched, annealed, here, margin }: Artefact): Check[] {
  return [
    ...(['v', 'm'] as const).map((quantity) =>
      agreement(atReference[quantity], {
        label: `full, ${title}: ${quantity}, taken from d = ${last.d} to ${referenceDimension}, against the quenched solution`,
        expected: quenched[quantity],
        bias: left[quantity] + here.neglected[quantity],
        margin: margin[quantity],
      }),
    ),
    above(last.v, {
      label: `full, ${title}: v at d = ${last.d}, above the annealed solution`,
      expected: annealed.v,
      margin: margin.v,
    }),
  ];
}

/** Reduced simulation against the annealed solution. */
function reducedCheck({ title, reduced, annealed, margin }: Artefact): Check {
  const { limit, effectiveDegrees } = fitInverseDimension(
    reduced.map(({ d, v }) => ({ size: d, ...v })),
    { order: 2 },
  );
  return agreement(
    { ...limit, degreesOfFreedom: effectiveDegrees },
    {
      label: `reduced (annealed by construction), ${title}: v at d → ∞ against the annealed solution`,
      expected: annealed.v,
      // Sliding adjusts within 1/(d s): steps and higher orders leave 1 % in v.
      bias: 0.015 * limit.value,
      margin: margin.v,
    },
  );
}

/** Weight of the other classes at the data: nothing in the full simulation, most in the reduced one. */
function weightCheck({ title, last, reduced }: Artefact): Check {
  const averaged = reduced.at(-1)!;
  const others = complement(last.guidedWeight);
  const bound = complement(averaged.guidedWeight).value / 10;
  // No sampled particle may have any: then the error is that of the rounding.
  const standardError = Math.max(others.standardError, 1e-12);
  return below(
    { ...others, standardError },
    {
      label: `${title}: weight of the other classes at the data, full (d = ${last.d}) below a tenth of reduced (d = ${averaged.d})`,
      expected: bound,
      margin: bound,
    },
  );
}

/** Both solutions against one another. */
const solverChecks = ({ title, varianceLoss, quenched, annealed }: Artefact) => [
  identity(
    `mean field, ${title}: 1 − v(annealed)/v(quenched)`,
    1 - annealed.v / quenched.v,
    varianceLoss,
    0.005,
  ),
  identity(
    `mean field, ${title}: sliding windows, annealed less quenched`,
    slides(annealed) - slides(quenched),
    1,
    0.5,
  ),
];

function slides({ crossings }: Pick<OrderParameterSolution, 'crossings'>): number {
  return crossings.filter(({ kind }) => kind === 'slidingStart').length;
}

function findingOf({ title, full, last, here, quenched, annealed }: Artefact): string {
  const measured = full.map(({ v }) => `${v.value.toFixed(4)}(${v.standardError.toFixed(4)})`);
  return (
    `${title}: full v = ${measured.join(', ')} at d = ${full.map(({ d }) => d).join(', ')}; ` +
    `predicted ${here.full.v.toFixed(4)} at d = ${last.d}, quenched limit ${quenched.v.toFixed(4)}, annealed ${annealed.v.toFixed(4)}.`
  );
}

/** Variance in units of the quenched one against 1/d: full simulations, reduced ones, and both solutions. */
function artefactPanel(artefacts: readonly Artefact[]): EvidencePanel {
  const largest = 1 / Math.min(...artefacts.flatMap(({ full }) => full.map(({ d }) => d)));
  const x = [0, 1.05 * largest];
  return {
    title: 'Variance across the class over its quenched value',
    x: { label: '1/d' },
    y: { label: 'v/v(quenched)' },
    series: [
      curve({ label: 'quenched', source: 'theory', group: 'quenched' }, x, () => 1),
      ...artefacts.flatMap(({ title: group, quenched, annealed, full, reduced }) => {
        const simulated = (source: 'full' | 'reduced', rows: readonly (MeasuredRun & { d: number })[]) =>
          points(
            { label: `${group}, ${source}`, source, group },
            rows.map(({ d, v }) => ({ x: 1 / d, y: over(v, quenched.v) })),
          );
        return [
          curve({ label: `${group}, annealed`, source: 'theory', group }, x, () => annealed.v / quenched.v),
          simulated('full', full),
          simulated('reduced', reduced),
        ];
      }),
    ],
  };
}

/** The gap psi - phi along both solutions: after the transition the annealed one comes back to 0. */
function gapPanel({ title, quenched, annealed }: Artefact): EvidencePanel {
  const from = (quenched.speciationClock ?? 0) - 0.5;
  const to = quenched.flow.endClock;
  const clocks = Array.from({ length: 81 }, (_, i) => from + ((to - from) * i) / 80);
  const along = (label: string, solution: OrderParameterSolution) =>
    curve({ label, source: 'theory', group: label }, clocks, (clock) => {
      if (clock > solution.flow.endClock) return NaN;
      const { psi, phi } = trajectoryRow(solution, clock);
      return psi - phi;
    });
  return {
    title: `Gap of the free energies along the trajectory, ${title}`,
    x: { label: 'solver clock λ' },
    y: { label: 'ψ − φ' },
    series: [along('quenched', quenched), along('annealed', annealed)],
  };
}
