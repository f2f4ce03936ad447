import { smallAlphaBands } from '../../closedForms/smallAlphaBands.ts';
import type { BandLaw } from '../../mixture/classLaw.ts';
import { difference, over, type Measured } from '../../numerics/measured.ts';
import { above, agreement, below } from '../protocol/checks.ts';
import type { Check, Effort, EvidencePanel } from '../protocol/claim.ts';
import { identityChecks, intermediate, intermediateName } from '../protocol/intermediateNoise.ts';
import { curve, points } from '../protocol/panels.ts';
import { where } from '../protocol/runs.ts';
import {
  claimOfStructuredRuns,
  type MeasuredStructuredRun,
  type StructuredEvidence,
} from '../protocol/structuredRuns.ts';
import {
  curvatureOf,
  explicit,
  finiteSize,
  inverseDimensionSeries,
  ladder,
  limitCheck,
  limitOf,
  shown,
} from './limits.ts';

const alpha = 0.3;
const w = 1;
const narrow = 0.1;
const wide = 1.2;
/** Variances that every class draws for itself, or the same for all classes: half of the coordinates narrow, half wide. */
const laws = ['own', 'common'] as const;
type Law = (typeof laws)[number];
const lawOf = (law: Law, largest = wide): BandLaw => {
  const values = [narrow, largest];
  return {
    kind: 'bands',
    bands:
      law === 'own'
        ? [{ weight: 1, rho: 1, c: values.map((value) => ({ value, weight: 0.5 })) }]
        : values.map((c) => ({ weight: 0.5, rho: 1, c })),
  };
};
const directions = [
  { name: 'narrow', c: narrow },
  { name: 'wide', c: wide },
] as const;
type Direction = (typeof directions)[number];

const fullDimension: Readonly<Record<Effort, number>> = { quick: 20, default: 24, thorough: 30 };
/** A rate so small that the leading law holds to a tenth. */
const small = { alpha: 2e-3, tolerance: 0.1 } as const;

function runs(effort: Effort) {
  const setting = (kind: Law) => ({
    ...{ kind, law: lawOf(kind), alpha, guidance: w },
    sampler: 'ode' as const,
  });
  return {
    reduced: laws.flatMap((kind) => ladder(effort, setting(kind))),
    full: laws.map((kind) => explicit(effort, { ...setting(kind), d: fullDimension[effort] }, 3)),
  };
}
type Evidence = StructuredEvidence<ReturnType<typeof runs>>;
type Row = MeasuredStructuredRun & { readonly kind: Law };

/** Our derivation: what narrows a class is how narrow it is among the others. */
export const ownCovariancesClaim = claimOfStructuredRuns({
  id: 'own-covariances',
  title: 'Covariances of its own: a class keeps more where it is the wider one',
  statement:
    'If every class draws a variance of its own for each coordinate, the guided class keeps more of its variance in the coordinates in which it is wider than most other classes, and less in those ' +
    'in which it is narrower, than if all classes had the same variances there.',
  formula: 'c ∈ {0.1, 1.2}: v/c (own, wide) > v/c (common, wide), v/c (own, narrow) < v/c (common, narrow)',
  source: 'our derivation (docs/theory/structured-classes.md)',
  method:
    `ODE, ρ = 1, α = ${alpha}, w = ${w}, c = ${narrow} or ${wide} with equal probability, drawn by every class or common to all: averaged classes to d → ∞ by a line in 1/d against the mean field; ` +
    'own minus common, also with explicit classes at one dimension.',
  runs,
  measure(evidence) {
    const results = resultsOf(evidence);
    return {
      checks: [
        ...directions.map((direction) => contrastCheck(direction, results)),
        ...results.flatMap((result) => limitChecks(result, results)),
        ...fullChecks(evidence, results),
        ...laws.flatMap((law) => smallRateChecks(evidence, law)),
      ],
      panels: [dimensionPanel(evidence, results), widthPanel(evidence, results)],
      findings: [fullFinding(evidence, results)],
    };
  },
});

/** v/c in the coordinates in which the guided class has the variance c. */
function ratioAt({ result, measured }: MeasuredStructuredRun, { c }: Direction): Measured {
  return over(measured(result.bands.find((band) => band.c === c)!.v), c);
}
const overlapAt = ({ result, measured }: MeasuredStructuredRun, { c }: Direction) =>
  measured(result.bands.find((band) => band.c === c)!.m);

/** v/c and m of the mean field in both directions. */
function theoryOf({ solveStructured }: Pick<Evidence, 'solveStructured'>, law: BandLaw) {
  const { final } = solveStructured({ law, alpha, guidance: { w } }, { fluctuations: false });
  return [0, 1].map((i) => {
    const band = final?.bands[i];
    return band === undefined ? { m: NaN, ratio: NaN } : { m: band.m ?? NaN, ratio: band.v / band.c };
  });
}

function resultsOf(evidence: Evidence) {
  return laws.flatMap((kind) => {
    const rows = where<Row>(evidence.runs.reduced, { kind });
    const theory = theoryOf(evidence, lawOf(kind));
    return directions.map((direction, i) => ({
      kind,
      direction,
      theory: theory[i]!,
      ratio: limitOf(rows, (row) => ratioAt(row, direction)),
      m: limitOf(rows, (row) => overlapAt(row, direction)),
    }));
  });
}
type Result = ReturnType<typeof resultsOf>[number];

const resultAt = (results: readonly Result[], kind: Law, direction: Direction) =>
  where(results, { kind, direction })[0]!;

/** Test of own - common: positive where the class is wide, negative where it is narrow. */
const signedTest = ({ c }: Direction) => (c === wide ? above : below);

/** The claim itself, at d -> infinity. */
function contrastCheck(direction: Direction, results: readonly Result[]): Check {
  const [own, common] = laws.map((law) => resultAt(results, law, direction)) as [Result, Result];
  return signedTest(direction)(difference(own.ratio, common.ratio), {
    label: `averaged, ${direction.name} coordinates: v/c at d → ∞, own − common`,
    expected: 0,
    bias: curvatureOf(own.ratio) + curvatureOf(common.ratio),
    margin: Math.abs(own.theory.ratio - common.theory.ratio),
  });
}

/** v/c: half the distance to the other law would contradict the mean field; m: a fifth of the distortion. */
function limitChecks({ kind, direction, theory, ratio, m }: Result, results: readonly Result[]): Check[] {
  const other = resultAt(results, kind === 'own' ? 'common' : 'own', direction).theory;
  const label = `averaged, ${kind}, ${direction.name} coordinates`;
  return [
    limitCheck(ratio, {
      label: `${label}: v/c`,
      expected: theory.ratio,
      margin: Math.abs(theory.ratio - other.ratio) / 2,
    }),
    limitCheck(m, { label: `${label}: m`, expected: theory.m, margin: (theory.m - 1) / 5 }),
  ];
}

/** Explicit classes: own - common, and v/c of each law, where no distortion at all would contradict it. */
function fullChecks({ runs }: Evidence, results: readonly Result[]): Check[] {
  const [own, common] = laws.map((kind) => where<Row>(runs.full, { kind })[0]!) as [Row, Row];
  return directions.flatMap((direction) => {
    const pair = laws.map((law) => resultAt(results, law, direction)) as [Result, Result];
    return [
      signedTest(direction)(difference(ratioAt(own, direction), ratioAt(common, direction)), {
        label: `full, d = ${own.d}, ${direction.name} coordinates: v/c, own − common`,
        expected: 0,
        margin: Math.abs(pair[0].theory.ratio - pair[1].theory.ratio),
      }),
      ...[own, common].map((row, i) =>
        agreement(ratioAt(row, direction), {
          label: `full, ${row.kind}, d = ${row.d}, ${direction.name} coordinates: v/c`,
          expected: pair[i]!.theory.ratio,
          bias: finiteSize(pair[i]!.ratio, row.d),
          margin: 1 - pair[i]!.theory.ratio,
        }),
      ),
    ];
  });
}

/** Few classes: v/c - 1 in proportion to the distance of c from the width of all classes together, own or common. */
function smallRateChecks({ solveStructured }: Evidence, kind: Law): Check[] {
  const law = lawOf(kind);
  const { final } = solveStructured(
    { law, alpha: small.alpha, guidance: { w }, sampler: intermediate },
    { fluctuations: false },
  );
  const leading = smallAlphaBands(law, small.alpha, w, intermediate).bands;
  return identityChecks(
    `mean field, ${intermediateName}, ${kind}, α = ${small.alpha}, over the leading law`,
    directions.map(({ name }, i) => {
      const { v, c } = final?.bands[i] ?? { v: NaN, c: 1 };
      return [`v/c − 1, ${name}`, 1, (v / c - 1) / leading[i]!.varianceShift] as const;
    }),
    small.tolerance,
  );
}

function dimensionPanel({ runs }: Evidence, results: readonly Result[]): EvidencePanel {
  return {
    title: 'Variance where a class is wide or narrow, ODE',
    x: { label: '1/d' },
    y: { label: 'variance over the class’s, v/c' },
    series: results.flatMap(({ kind, direction, ratio, theory }) => {
      const full = where<Row>(runs.full, { kind })[0]!;
      const name = `${kind}, ${direction.name}`;
      return inverseDimensionSeries(name, name, ratio, theory.ratio, {
        d: full.d,
        y: ratioAt(full, direction),
      });
    }),
  };
}

/** v/c in either direction against the larger variance. */
function widthPanel(evidence: Evidence, results: readonly Result[]): EvidencePanel {
  const widths = [0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1, 1.4, 2];
  return {
    title: 'Variance against the larger c, ODE, d → ∞',
    x: { label: `larger variance c, the smaller one ${narrow}`, scale: 'log' },
    y: { label: 'variance over the class’s, v/c' },
    series: laws.flatMap((kind) => {
      const theory = widths.map((c) => theoryOf(evidence, lawOf(kind, c)));
      return directions.flatMap((direction, i) => {
        const group = `${kind}, ${direction.name}`;
        const { ratio, theory: expected } = resultAt(results, kind, direction);
        return [
          curve(
            { label: `${group}, theory`, source: 'theory', group },
            widths,
            (_, j) => theory[j]![i]!.ratio,
          ),
          points({ label: `${group}, averaged, d → ∞`, source: 'reduced', group }, [
            { x: wide, y: ratio, expected: expected.ratio },
          ]),
        ];
      });
    }),
  };
}

function fullFinding({ runs }: Evidence, results: readonly Result[]): string {
  const list = directions.flatMap((direction) =>
    runs.full.map((row: Row) => {
      const line = resultAt(results, row.kind, direction).ratio;
      return `${row.kind}, ${direction.name} ${shown(ratioAt(row, direction))} (${line.at(row.d).toFixed(4)})`;
    }),
  );
  return `v/c of explicit classes at d = ${runs.full[0]!.d}, in parentheses averaged ones: ${list.join('; ')}. The difference is the noise of finitely many centres, which falls exponentially with d.`;
}
