import { guidedDirection, guidedGaussian, type GaussianPair } from '../../closedForms/commuting.ts';
import { samplers, type Sampler, type SamplerName } from '../../guidance/sampler.ts';
import { constantSchedule } from '../../guidance/schedule.ts';
import { projectGaussianPair, type GaussianPairResult } from '../../particles/gaussianPair/estimates.ts';
import { gaussianPairSchemeMoments } from '../../particles/gaussianPair/schemeMoments.ts';
import { simulateGaussianPair } from '../../particles/gaussianPair/simulate.ts';
import { ornsteinUhlenbeck } from '../../process/process.ts';
import type { Check, Claim, Effort, Evidence, EvidencePanel, EvidenceSeries } from '../protocol/claim.ts';
import { identityChecks, intermediate, intermediateName } from '../protocol/intermediateNoise.ts';

/** Eigenvalues (c, u) of the conditional and the unconditional covariance in each common direction. */
const spectrum = [
  [1.2, 3],
  [0.5, 2.5],
  [0.1, 1.1],
] as const;
const unconditionalMean = [0.2, 0.3, -0.1];
/** Distance of the means along each common direction, in square roots of u. */
const meanDistance = 1;
const coefficients = [-0.4, 1, 3] as const;
const samplerNames: readonly SamplerName[] = ['ode', 'sde'];
/** Turns of the common basis, about the third and then the first axis: no covariance is diagonal. */
const turns = [0.7, 0.4] as const;
/** Turn of the unconditional basis alone, for the control that does not commute. */
const misalignment = 0.5;
const steps = 240;

const sizes: Readonly<Record<Effort, { readonly particles: number; readonly realizations: number }>> = {
  quick: { particles: 100, realizations: 60 },
  default: { particles: 300, realizations: 100 },
  thorough: { particles: 2000, realizations: 400 },
};

/** [V26], section 4.1: with commuting covariances every common eigen-direction is guided by itself. */
export const commutingCovariancesClaim: Claim = {
  id: 'commuting-covariances',
  title: 'Commuting covariances: a formula for every eigen-direction',
  statement:
    'If a Gaussian is guided by a Gaussian whose covariance commutes with its own, the samples are Gaussian, and in every common eigen-direction mean and variance follow from the ' +
    'two eigenvalues there as they do in the isotropic model: directions in which the class is narrow against the whole shrink most.',
  formula: 'variance c V(c/u), mean μ_u + M(c/u)(μ_c − μ_u) per eigen-direction; ODE: V(r) = r^w',
  source: '[V26] section 4.1 (spectral formula); M and V for the SDE and any η are our derivation',
  method:
    'Particles in three dimensions with full, rotated covariances and matrix scores (no direction is treated by itself), ODE and SDE, w = −0.4, 1 and 3, projected on the eigen-directions. ' +
    'Control: the same pair with bases turned against one another, where the formula with the diagonal of U must be wrong.',
  simulations: () => ({}),
  measure(evidence) {
    const checks: Check[] = [];
    const series: EvidenceSeries[] = [];
    for (const sampler of samplerNames) {
      const factors: EvidenceSeries[] = [];
      for (const [i, w] of coefficients.entries()) {
        const pair = pairTurnedBy(0);
        const result = simulate(evidence, pair, sampler, w, i);
        checks.push(...directionChecks(evidence, pair, result, sampler, w));
        factors.push(pointsOf(pair, result, sampler, w));
      }
      series.push(...factors);
    }
    const lines = samplerNames.flatMap((sampler) => coefficients.map((w) => lineOf(sampler, w)));
    const control = controlOf(evidence);
    const panel: EvidencePanel = {
      title: 'variance along the eigen-directions',
      x: { label: 'ratio of the eigenvalues c/u' },
      y: { label: 'variance over the class’s, V', scale: 'log' },
      series: [...lines, ...series],
    };
    return {
      checks: [...checks, control.check, ...intermediateChecks()],
      panels: [panel],
      findings: [control.finding],
    };
  },
};

/** Rotation by the claim's turns, and by one more about the second axis. */
function basisTurnedBy(extra: number): number[][] {
  const [about3, about1] = turns;
  return multiply(multiply(rotation(2, about3), rotation(0, about1)), rotation(1, extra));
}

/** Rotation about a coordinate axis of three. */
function rotation(axis: number, angle: number): number[][] {
  const [i, j] = [(axis + 1) % 3, (axis + 2) % 3];
  const matrix = [0, 1, 2].map((row) => [0, 1, 2].map((column) => Number(row === column)));
  matrix[i]![i] = matrix[j]![j] = Math.cos(angle);
  matrix[i]![j] = -Math.sin(angle);
  matrix[j]![i] = Math.sin(angle);
  return matrix;
}

function multiply(p: readonly (readonly number[])[], q: readonly (readonly number[])[]): number[][] {
  return p.map((row) => q[0]!.map((_, j) => row.reduce((sum, entry, k) => sum + entry * q[k]![j]!, 0)));
}

/** The covariance with given eigenvalues along the columns of a basis. */
function covariance(basis: readonly (readonly number[])[], values: readonly number[]): number[][] {
  const scaled = basis.map((row) => row.map((entry, k) => entry * values[k]!));
  return scaled.map((row) => basis.map((other) => row.reduce((sum, entry, k) => sum + entry * other[k]!, 0)));
}

/** The claim's pair; the unconditional basis turned by an angle against the conditional one (0: they commute). */
export function pairTurnedBy(angle: number): GaussianPair {
  const basis = basisTurnedBy(0);
  const distances = spectrum.map(([, u]) => meanDistance * Math.sqrt(u));
  return {
    conditionalMean: basis.map((row, i) =>
      row.reduce((sum, entry, k) => sum + entry * distances[k]!, unconditionalMean[i]!),
    ),
    unconditionalMean,
    conditionalCovariance: covariance(
      basis,
      spectrum.map(([c]) => c),
    ),
    unconditionalCovariance: covariance(
      basisTurnedBy(angle),
      spectrum.map(([, u]) => u),
    ),
  };
}

function simulate(
  evidence: Evidence,
  pair: GaussianPair,
  sampler: SamplerName,
  w: number,
  index: number,
): GaussianPairResult {
  const options = { ...sizes[evidence.effort], steps, seed: evidence.seed + 1000 * index };
  return simulateGaussianPair(problemOf(pair, sampler, w), options);
}

function problemOf(pair: GaussianPair, sampler: SamplerName | Sampler, w: number) {
  return {
    ...pair,
    schedule: constantSchedule(w),
    sampler: typeof sampler === 'string' ? samplers[sampler] : sampler,
    process: ornsteinUhlenbeck,
    startTime: null,
  };
}

/** Between the samplers: the moments that matrix steps have with infinitely many particles. */
function intermediateChecks(): Check[] {
  const w = 1;
  const pair = pairTurnedBy(0);
  const scheme = gaussianPairSchemeMoments(problemOf(pair, intermediate, w), { steps });
  return guidedGaussian(pair, w, intermediate).directions.flatMap(
    ({ vector, conditional, variance, meanFactor }, i) => {
      const along = (values: readonly number[]) =>
        values.reduce((sum, value, j) => sum + value * vector[j]!, 0);
      const offset = along(pair.unconditionalMean);
      return identityChecks(
        `moments of the steps, ${intermediateName}, w = ${w}, direction ${i + 1}`,
        [
          [
            'variance over c',
            variance / conditional,
            along(scheme.covariance.map((row) => along(row))) / conditional,
          ],
          [
            'factor on the mean',
            meanFactor,
            (along(scheme.mean) - offset) / (along(pair.conditionalMean) - offset),
          ],
        ],
        // What the steps leave is well below this, 1 + eta in place of 1 + eta^2 above.
        2e-3,
      );
    },
  );
}

function directionChecks(
  evidence: Evidence,
  pair: GaussianPair,
  result: GaussianPairResult,
  sampler: SamplerName,
  w: number,
): Check[] {
  const expected = guidedGaussian(pair, w, samplers[sampler]);
  // What the steps alone leave, with no statistical error.
  const scheme = gaussianPairSchemeMoments(problemOf(pair, sampler, w), { steps });
  const degreesOfFreedom = sizes[evidence.effort].realizations - 1;
  return expected.directions.flatMap(({ vector, conditional, variance, meanFactor }, i): Check[] => {
    const measured = projectGaussianPair(result, pair, vector);
    const along = (values: readonly number[]) =>
      values.reduce((sum, value, j) => sum + value * vector[j]!, 0);
    const label = `${sampler.toUpperCase()}, w = ${w}, direction ${i + 1}`;
    const schemeVariance = along(scheme.covariance.map((row) => along(row)));
    const difference = along(pair.conditionalMean) - along(pair.unconditionalMean);
    const schemeFactor = (along(scheme.mean) - along(pair.unconditionalMean)) / difference;
    return [
      {
        label: `${label}: variance over c`,
        test: 'agreement',
        expected: variance / conditional,
        measured: measured.variance.mean / conditional,
        standardError: measured.variance.standardError! / conditional,
        degreesOfFreedom,
        bias: Math.abs(schemeVariance - variance) / conditional,
        // Half of the effect of guidance.
        margin: Math.abs(variance / conditional - 1) / 2,
      },
      {
        label: `${label}: factor on the mean`,
        test: 'agreement',
        expected: meanFactor,
        measured: measured.meanFactor!.mean,
        standardError: measured.meanFactor!.standardError!,
        degreesOfFreedom,
        bias: Math.abs(schemeFactor - meanFactor),
        margin: Math.max(0.1, Math.abs(meanFactor - 1) / 2),
      },
    ];
  });
}

function pointsOf(
  pair: GaussianPair,
  result: GaussianPairResult,
  sampler: SamplerName,
  w: number,
): EvidenceSeries {
  const { directions } = guidedGaussian(pair, w, samplers[sampler]);
  const variances = directions.map(({ vector }) => projectGaussianPair(result, pair, vector).variance);
  return {
    label: `${sampler.toUpperCase()}, particles`,
    source: 'gaussian pair',
    group: sampler,
    x: directions.map(({ conditional, unconditional }) => conditional / unconditional),
    y: variances.map(({ mean }, i) => mean / directions[i]!.conditional),
    standardError: variances.map(({ standardError }, i) => standardError! / directions[i]!.conditional),
    expected: directions.map(({ variance, conditional }) => variance / conditional),
  };
}

function lineOf(sampler: SamplerName, w: number): EvidenceSeries {
  const x = Array.from({ length: 60 }, (_, i) => 0.06 + 0.008 * i);
  return {
    label: `${sampler.toUpperCase()}, spectral formula`,
    source: 'closed form',
    group: sampler,
    x,
    y: x.map((r) => guidedDirection(r, 1, w, samplers[sampler]).variance / r),
  };
}

/** Where the bases are turned against one another the formula with the diagonal of U in the basis of C is wrong. */
function controlOf(evidence: Evidence): { check: Check; finding: string } {
  const w = 1;
  const pair = pairTurnedBy(misalignment);
  const result = simulate(evidence, pair, 'ode', w, coefficients.length);
  // Without noise: which direction is farthest off, to which side, and by how much.
  const scheme = gaussianPairSchemeMoments(problemOf(pair, 'ode', w), { steps });
  const basis = basisTurnedBy(0);
  const deviations = spectrum.map(([c], k) => {
    const vector = basis.map((row) => row[k]!);
    const along = (matrix: readonly (readonly number[])[]) =>
      vector.reduce(
        (sum, entry, i) => sum + entry * vector.reduce((s, other, j) => s + other * matrix[i]![j]!, 0),
        0,
      );
    const naive = guidedDirection(c, along(pair.unconditionalCovariance), w, samplers.ode).variance;
    const { mean, standardError } = projectGaussianPair(result, pair, vector).variance;
    return { exact: along(scheme.covariance) / naive, ratio: mean / naive, error: standardError! / naive };
  });
  const worst = deviations.reduce((p, q) => (Math.abs(q.exact - 1) > Math.abs(p.exact - 1) ? q : p));
  return {
    check: {
      label: `control, bases turned by ${misalignment} rad, ODE, w = ${w}: largest variance over the formula with the diagonal of U`,
      test: worst.exact > 1 ? 'above' : 'below',
      expected: 1,
      measured: worst.ratio,
      standardError: worst.error,
      degreesOfFreedom: sizes[evidence.effort].realizations - 1,
      margin: Math.abs(worst.exact - 1),
    },
    finding:
      `With the unconditional basis turned by ${misalignment} rad the eigen-directions mix: the variances are ` +
      `${deviations.map(({ ratio }) => ratio.toFixed(3)).join(', ')} times those of the formula with the diagonal of U. It needs the covariances to commute.`,
  };
}
