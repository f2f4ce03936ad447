import { classDirectionLimit, reverseSdeOvershoot } from '../../closedForms/subexponentialLimit.ts';
import { fitPowerLaw } from '../../numerics/fits/exponentFit.ts';
import { over, type Measured } from '../../numerics/measured.ts';
import { agreement } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { curve, onLogAxis, points } from '../protocol/panels.ts';
import { claimSigma2 } from '../protocol/requests.ts';
import { claimOfRuns, groupsBy } from '../protocol/runs.ts';
import {
  meanShift,
  parallel,
  runsAt,
  sourceOf,
  subexponentialStepError,
  type MeasuredSubexponential,
  type RunSize,
} from './subexponentialRuns.ts';

/** Guidance coefficients of the ODE between opposite centres. */
const coefficients = [1, 3] as const;
/** The SDE's shift is small against the spread of m: strong guidance, low dimensions and many particles. */
const sdeCoefficient = 3;

const dimensions = {
  quick: { opposite: [10, 1e6], full: [25, 100], sde: [4, 10, 30] },
  default: { opposite: [10, 1e2, 1e3, 1e4, 1e6], full: [25, 50, 100, 200, 400], sde: [4, 10, 30, 100] },
  thorough: { opposite: [10, 1e2, 1e3, 1e4, 1e6], full: [25, 50, 100, 200, 400], sde: [4, 10, 30, 100, 300] },
} as const satisfies Record<Effort, unknown>;
const sizes: Readonly<Record<Effort, Readonly<Record<'full' | 'sde', RunSize>>>> = {
  quick: { full: [60, 64, 16], sde: [2000, 16, 30] },
  default: { full: [100, 128, 16], sde: [4000, 32, 30] },
  thorough: { full: [400, 400, 30], sde: [20000, 64, 30] },
};

function runs(effort: Effort) {
  const { opposite, full, sde } = dimensions[effort];
  const size = sizes[effort];
  const two = { mode: 'two-class', growth: 'K = 2', sampler: 'ode' } as const;
  const strong = { ...two, guidance: sdeCoefficient };
  return {
    opposite: coefficients.flatMap((guidance) => runsAt(opposite, { ...two, guidance }, effort)),
    /** Independent centres: two explicit classes. */
    full: runsAt(full, { ...two, mode: 'full', guidance: 1 }, effort, size.full),
    sde: runsAt(sde, { ...strong, sampler: 'sde' }, effort, size.sde),
    intermediate: runsAt([opposite[0], opposite.at(-1)!], { ...strong, ...intermediate }, effort),
  };
}

/** [P25]: two classes at finite dimension. */
export const twoClassesClaim = claimOfRuns({
  id: 'two-classes',
  title: 'Two classes: overshoot and shrinkage vanish with the dimension',
  statement:
    'Between two classes guidance shifts the mean beyond the class and shrinks the variance at finite dimension, both along the line between the classes. The ' +
    'overshoot of the ODE is of order d^(-1/2), that of the SDE of order 1/d, with prefactors from the reduced equation; the variance along that line recovers ' +
    'for the SDE and not for the ODE.',
  formula:
    'ODE: m − 1 = σ⟨X⟩/√d for μ, −μ and σ⟨X⟩/√(2d) for orthogonal centres, dX/dε = wP(X, ε); SDE: m − 1 = σ²Y/(2d); log P/(1 − P) = −εX − ε²/2',
  source:
    '[P25] arXiv 2502.07849, abstract: overshoot and variance reduction at finite dimension, none in high dimension; exponents and prefactors are our derivation from its reduced equation',
  method:
    'Two classes exactly in their plane, d from 10 to 10⁶ (ODE, w = 1, 3) and from 4 to 100 (SDE, w = 3); two explicit classes with independent centres up to ' +
    'd = 400. Exponents by power-law fits, prefactors against the integrated reduced equation.',
  runs,
  measure({ runs }) {
    const ode = groupsBy(runs.opposite, ({ guidance }) => guidance).map(([w, rows]) => oppositeLine(w, rows));
    const sde = sdeLine(runs.sde);
    const full = fullLine(runs.full);
    const told = [...ode, sde, full];
    const drawn = [...ode, full, sde];
    return {
      checks: [...told.flatMap(checksOf), intermediateCheck(runs.intermediate)],
      panels: [overshootPanel(drawn), variancePanel(drawn)],
      findings: told.map(({ finding }) => finding),
    };
  },
});

type Rows = readonly MeasuredSubexponential[];

/** Simulations at growing dimension against the reduced equation. */
interface Line {
  readonly name: string;
  /** Label and colour in panels. */
  readonly look: { readonly label: string; readonly group: string };
  readonly rows: Rows;
  readonly exponent: Measured;
  readonly expected: Pick<Check, 'expected' | 'margin'>;
  /** m - 1 of the reduced equation. */
  readonly shift: (d: number) => number;
  readonly shiftName: string;
  /** Rows that are held against it, with margins for the ratio. */
  readonly held: readonly (readonly [row: MeasuredSubexponential, margin: number])[];
  /** vParallel/sigma2 of the reduced equation. */
  readonly variance: number;
  /** Margin for its ratio at the largest d; null: not held against it. */
  readonly varianceMargin: number | null;
  /** Finite-size corrections times d. */
  readonly corrections: number;
  readonly finding: string;
}

/** Law of the shift X for opposite centres. */
const limitOf = (w: number) => classDirectionLimit(w, Math.log(2));
/** Standard deviation inside a class. */
const sigma = Math.sqrt(claimSigma2);
const odeShift = (w: number, d: number) => (sigma * limitOf(w).mean) / Math.sqrt(d);

function oppositeLine(w: number, rows: Rows): Line {
  const { mean, variance } = limitOf(w);
  const label = `ODE, w = ${w}`;
  const name = `μ and −μ, ${label}`;
  const exponent = exponentOf(rows);
  const scaled = (shift: number, d: number) => (Math.sqrt(d) * shift) / sigma;
  return {
    name,
    look: { label, group: label },
    rows,
    exponent,
    expected: { expected: -0.5, margin: 0.05 },
    shift: (d) => odeShift(w, d),
    shiftName: 'σ⟨X⟩/√d',
    held: [rows[0]!, rows.at(-1)!].map((row) => [row, 0.15]),
    variance,
    varianceMargin: 0.2 * (1 / variance - 1),
    corrections: 0,
    finding: `${name}: exponent ${showOf(exponent, 4)}; √d (m − 1)/σ = ${listOf(rows, scaled)} (reduced equation ${mean.toFixed(4)}).`,
  };
}

function sdeLine(rows: Rows): Line {
  const prefactor = 0.5 * claimSigma2 * reverseSdeOvershoot(sdeCoefficient, Math.log(2));
  const label = `SDE, w = ${sdeCoefficient}`;
  const name = `μ and −μ, ${label}`;
  const exponent = exponentOf(rows);
  const scaled = (shift: number, d: number) => d * shift;
  return {
    name,
    look: { label, group: 'sde' },
    rows,
    exponent,
    expected: { expected: -1, margin: 0.25 },
    shift: (d) => prefactor / d,
    shiftName: 'σ²Y/2d',
    held: [0.2, 0.25].map((margin, i) => [rows[i]!, margin]),
    variance: 1,
    varianceMargin: null,
    corrections: 0,
    finding: `${name}: exponent ${showOf(exponent, 3)}; d (m − 1) = ${listOf(rows, scaled)} (reduced equation ${prefactor.toFixed(4)}).`,
  };
}

/** Independent centres: the line between the classes is at 45 degrees to mu_c (eq. two-class-projection). */
function fullLine(rows: Rows): Line {
  const last = rows.at(-1)!;
  const opposite = limitOf(1).variance;
  const variance = 0.5 * (1 + opposite);
  const name = 'full, ODE, K = 2, w = 1';
  return {
    name,
    look: { label: 'ODE, w = 1, independent centres', group: 'independent centres' },
    rows,
    exponent: exponentOf(rows),
    expected: { expected: -0.5, margin: 0.2 },
    shift: (d) => odeShift(1, 2 * d),
    shiftName: 'σ⟨X⟩/√(2d)',
    held: [[last, 0.3]],
    variance,
    varianceMargin: 1 / variance - 1,
    // Centres of finite length and overlap: of order 1/d.
    corrections: 1,
    finding:
      `${name}: v∥/σ² = ${showOf(parallel(last), 3)} at d = ${last.d}, half of the loss between opposite ` +
      `centres (${opposite.toFixed(4)}), whose line is along μ_c: (1 + ${opposite.toFixed(4)})/2 = ${variance.toFixed(4)}.`,
  };
}

const showOf = ({ value, standardError }: Measured, digits: number) =>
  `${value.toFixed(digits)} ± ${standardError.toFixed(digits)}`;

/** Scaled shifts, and the dimensions that they are at. */
function listOf(rows: Rows, scaled: (shift: number, d: number) => number): string {
  const values = rows.map((row) => scaled(meanShift(row).value, row.d).toFixed(3));
  return `${values.join(', ')} at d = ${rows.map(({ d }) => d).join(', ')}`;
}

/** Exponent of m - 1 in d; not a number, which fails its check, if some m - 1 is not positive. */
function exponentOf(rows: Rows): Measured {
  const shifts = rows.map((row) => ({ x: row.d, ...meanShift(row) }));
  const { degreesOfFreedom } = shifts[0]!;
  if (!shifts.every(({ value }) => value > 0)) return { value: NaN, standardError: 1, degreesOfFreedom };
  const { exponent: value, standardError } = fitPowerLaw(shifts, { replicates: 50 });
  return { value, standardError, degreesOfFreedom };
}

function exponentCheck({ name, exponent, expected }: Pick<Line, 'name' | 'exponent' | 'expected'>): Check {
  const label = `${name}: exponent of m − 1 in d`;
  return agreement(exponent, { label, bias: subexponentialStepError, ...expected });
}

function checksOf(line: Line): Check[] {
  const { name, rows, shift, shiftName, held, variance, varianceMargin, corrections } = line;
  const check = ({ d }: MeasuredSubexponential, x: Measured, symbol: string, margin: number) => {
    const bias = corrections / d + subexponentialStepError;
    return agreement(x, { label: `${name}, d = ${d}: ${symbol}`, expected: 1, bias, margin });
  };
  const last = rows.at(-1)!;
  const ratio = over(parallel(last), variance);
  return [
    exponentCheck(line),
    ...held.map(([row, margin]) =>
      check(row, over(meanShift(row), shift(row.d)), `(m − 1)/(${shiftName})`, margin),
    ),
    ...(varianceMargin === null
      ? []
      : [check(last, ratio, 'v∥ over that of the reduced equation', varianceMargin)]),
  ];
}

/** Between the samplers the overshoot keeps the part (sigma2/Gamma)^(e/2) of what was made at Gamma ~ d: exponent -(1 + eta^2)/2. */
function intermediateCheck(rows: Rows): Check {
  return exponentCheck({
    name: `μ and −μ, ${intermediateName}, w = ${sdeCoefficient}`,
    exponent: exponentOf(rows),
    expected: { expected: -0.5 * (1 + intermediate.eta ** 2), margin: 0.06 },
  });
}

const drawnDimensions = Array.from({ length: 27 }, (_, i) => 10 ** (0.5 + 0.22 * i));

function overshootPanel(lines: readonly Line[]): EvidencePanel {
  return {
    title: 'overshoot between two classes',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'm − 1', scale: 'log' },
    series: lines.flatMap(({ look, rows, shift }) => [
      curve({ ...look, label: `${look.label}, reduced equation`, source: 'theory' }, drawnDimensions, shift),
      points(
        { ...look, source: sourceOf(rows[0]!) },
        rows.map((row) => ({ x: row.d, y: onLogAxis(meanShift(row)), expected: shift(row.d) })),
      ),
    ]),
  };
}

function variancePanel(lines: readonly Line[]): EvidencePanel {
  return {
    title: 'variance along the class direction',
    x: { label: 'dimension d', scale: 'log' },
    y: { label: 'v∥/σ²' },
    series: lines.flatMap(({ look, rows, variance }) => [
      curve({ ...look, label: `${look.label}, limit`, source: 'theory' }, drawnDimensions, () => variance),
      points(
        { ...look, source: sourceOf(rows[0]!) },
        rows.map((row) => ({ x: row.d, y: parallel(row) })),
      ),
    ]),
  };
}
